//! Finished public pages, kept for as long as nothing they show has changed: under load the same page is made once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::Error;
use crate::revision::AsOf;

/// Most bytes of pages kept at once; beyond it the store starts anew.
const MOST: usize = 4 * 1024 * 1024;
/// Longest address whose page is kept.
const LONGEST: usize = 400;
/// Largest page that can be made at all.
const LARGEST: usize = 64 * 1024 * 1024;

/// Queues in which requests for the same page wait while it is made.
const QUEUES: usize = 256;

/// The kept pages of this process, by address.
#[derive(Debug)]
pub struct Pages {
    store: Mutex<Store>,
    queues: Vec<tokio::sync::Mutex<()>>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { store: Mutex::default(), queues: (0..QUEUES).map(|_| tokio::sync::Mutex::default()).collect() }
    }
}

#[derive(Debug, Default)]
struct Store {
    pages: HashMap<String, (AsOf, Bytes)>,
    bytes: usize,
}

impl Pages {
    fn get(&self, address: &str, as_of: AsOf) -> Option<Bytes> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.pages.get(address).filter(|(made, _)| *made == as_of).map(|(_, page)| page.clone())
    }

    /// The turn to make a page: of many who ask for the same one, the first makes it and the others find it.
    async fn turn(&self, address: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        self.queues[(hasher.finish() % QUEUES as u64) as usize].lock().await
    }

    fn put(&self, address: String, as_of: AsOf, page: Bytes) {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if store.bytes + page.len() > MOST {
            *store = Store::default();
        }
        store.bytes += page.len();
        if let Some((_, old)) = store.pages.insert(address, (as_of, page)) {
            store.bytes -= old.len();
        }
    }
}

/// Answers with a kept page, or keeps the one that is made.
///
/// The counters are read before the page is made, so what it shows is never older than what it is kept for. A request with a
/// cookie may be somebody's own and is left alone.
pub async fn kept(State(app): State<App>, request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if request.method() != Method::GET || address.len() > LONGEST || request.headers().contains_key(header::COOKIE) {
        return next.run(request).await;
    }
    let (address, as_of) = match app.as_of().await {
        Ok(as_of) => (address.to_owned(), as_of),
        Err(fault) => return Error::from(fault).into_response(),
    };
    if let Some(page) = app.pages.get(&address, as_of) {
        return page_of(page);
    }
    let _turn = app.pages.turn(&address).await;
    if let Some(page) = app.pages.get(&address, as_of) {
        return page_of(page);
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !is_html(&response) {
        return response;
    }
    match to_bytes(response.into_body(), LARGEST).await {
        Ok(page) => {
            app.pages.put(address, as_of, page.clone());
            page_of(page)
        }
        Err(fault) => Error::Template(fault.to_string()).into_response(),
    }
}

fn is_html(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn page_of(page: Bytes) -> Response {
    let mut response = Body::from(page).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_good_only_for_what_it_was_made_from() {
        let pages = Pages::default();
        let now = AsOf { revisions: Default::default(), today: "2026-11-23".parse().unwrap() };
        let tomorrow = AsOf { today: "2026-11-24".parse().unwrap(), ..now };
        pages.put("/".to_owned(), now, Bytes::from_static(b"page"));
        assert_eq!(pages.get("/", now).as_deref(), Some(&b"page"[..]));
        assert_eq!(pages.get("/", tomorrow), None);
        assert_eq!(pages.get("/?q=", now), None);
    }

    #[test]
    fn the_store_never_grows_beyond_its_bytes() {
        let pages = Pages::default();
        let now = AsOf { revisions: Default::default(), today: "2026-11-23".parse().unwrap() };
        for number in 0..100 {
            pages.put(number.to_string(), now, Bytes::from(vec![0; MOST / 10]));
            pages.put("same".to_owned(), now, Bytes::from_static(b"small"));
            let store = pages.store.lock().unwrap();
            assert!(store.bytes <= MOST);
            assert_eq!(store.bytes, store.pages.values().map(|(_, page)| page.len()).sum::<usize>());
        }
    }
}
