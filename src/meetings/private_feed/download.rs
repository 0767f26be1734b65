//! Sending a private feed to a calendar; whatever is wrong with its address, the answer is the same.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::document::{self, Document};
use super::record;
use crate::accounts::limit::{self, FETCHES_OF_FEED};
use crate::app::App;
use crate::error::{self, Error};
use crate::web::guard;

/// What an error page says of the address: never the secret.
const PLACE: &str = "/feeds/private";
/// Most bytes of a secret that are looked at.
const LONGEST: usize = 100;

/// `GET /feeds/private/{token}.ics`.
pub async fn feed(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    finish(&app, answer(&app, &name, &headers).await)
}

/// Any method that would act.
pub async fn refused(State(app): State<App>) -> Response {
    let mut response = finish(&app, Err(Error::MethodNotAllowed));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

fn finish(app: &App, found: Result<Response, Error>) -> Response {
    let mut response = found.unwrap_or_else(|failure| error::page(app, PLACE, &failure));
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow, noarchive"));
    guard::protect(headers);
    response
}

async fn answer(app: &App, name: &str, asked: &HeaderMap) -> Result<Response, Error> {
    // Asking for the counters also brings a changed city up to date.
    app.revisions().await?;
    let token = name.strip_suffix(".ics").filter(|token| token.len() <= LONGEST).ok_or(Error::NotFound)?;
    let feed = record::open(&app.db, token).await?.ok_or(Error::NotFound)?;
    let owner = feed.owner().ok_or(Error::NotFound)?;
    let now = app.clock.now();
    if !limit::count(&app.db, FETCHES_OF_FEED, &feed.token_hash, now).await? {
        return Err(Error::TooMany);
    }
    let document = document::prepare(app, &feed, &owner).await?;
    record::note(&app.db, &feed, app.today()).await?;
    sent(document, asked)
}

fn sent(document: Document, asked: &HeaderMap) -> Result<Response, Error> {
    let told = |fault: header::InvalidHeaderValue| Error::Template(fault.to_string());
    let digest = Sha256::digest(&document.bytes);
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = is_known(asked, &tag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(document.bytes).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::try_from(tag).map_err(told)?);
    let modified = document.changed_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.insert(header::LAST_MODIFIED, HeaderValue::try_from(modified).map_err(told)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    }
    Ok(response)
}

/// Whether the calendar has these bytes. Only its tag decides: a membership that ends changes the file, but no date in it.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut each = tags.flat_map(|list| list.split(',')).map(str::trim);
    each.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
