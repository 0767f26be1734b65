//! Sending a feed: only what changed travels, and a change shows at the next request.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use uuid::Uuid;

use super::cache::Prepared;
use super::document::{self, Asked};
use super::format::Format;
use super::{Selection, opendata};
use crate::app::App;
use crate::calendar::union;
use crate::error::{self, Error};
use crate::web::{Query, guard, see};

/// `GET /calendar.ics`: everything.
pub async fn calendar(State(app): State<App>, headers: HeaderMap) -> Response {
    let found = prepared(&app, Asked { selection: Selection::All, format: Format::Ics, bare: false }).await;
    finish(&app, super::CALENDAR, found.map(|prepared| answer(&headers, &prepared, Format::Ics.kind())))
}

/// `GET /feeds/{name}.{ics|atom|json|csv}`: a part of the calendar, or one entry (`event/{id}.ics`) to take in once.
pub async fn feed(State(app): State<App>, Path(name): Path<String>, query: Query, headers: HeaderMap) -> Response {
    let found = part(&app, &name, query, &headers).await;
    finish(&app, &name, found)
}

/// Any method that would act.
pub async fn refused(State(app): State<App>, uri: Uri) -> Response {
    let mut response = finish(&app, uri.path(), Err(Error::MethodNotAllowed));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

async fn part(app: &App, name: &str, mut query: Query, headers: &HeaderMap) -> Result<Response, Error> {
    let (name, ending) = name.rsplit_once('.').ok_or(Error::NotFound)?;
    if let Some(id) = name.strip_prefix("event/").filter(|_| ending == "ics") {
        let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
        let Some(single) = document::single(app, id).await? else {
            let lead = union::instead_of(&app.db, id).await?.ok_or(Error::NotFound)?;
            return Ok(see(&format!("/feeds/event/{lead}.ics")));
        };
        let mut response = answer(headers, &single, Format::Ics.kind());
        to_save(&mut response, "event.ics");
        return Ok(response);
    }
    let format = Format::from_ending(ending, opendata::layout(&mut query)?).ok_or(Error::NotFound)?;
    let selection = Selection::parse(name).ok_or(Error::NotFound)?;
    let bare = matches!(format, Format::Csv(_)) && opendata::is_bare(&mut query);
    let mut response = answer(headers, &*prepared(app, Asked { selection, format, bare }).await?, format.kind());
    if matches!(format, Format::Csv(_)) && response.status() != StatusCode::NOT_MODIFIED {
        to_save(&mut response, &format!("{}_{}.csv", app.city().profile.code, name.replace('/', "_")));
    }
    Ok(response)
}

/// Says under which name a browser should save the file.
pub(super) fn to_save(response: &mut Response, name: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
}

/// The answer with its protecting headers, or the page for its failure.
pub(super) fn finish(app: &App, path: &str, found: Result<Response, Error>) -> Response {
    let mut response = found.unwrap_or_else(|failure| error::page(app, path, &failure));
    if response.status() != StatusCode::NOT_MODIFIED {
        guard::protect(response.headers_mut());
    }
    response
}

async fn prepared(app: &App, asked: Asked) -> Result<Arc<Prepared>, Error> {
    let as_of = app.as_of().await?;
    if let Some(prepared) = app.feeds.get(&asked, as_of) {
        return Ok(prepared);
    }
    // In a task of its own, so that a panic is an answer and a client that hangs up does not waste the work.
    let app = app.clone();
    let task = tokio::spawn(async move {
        let _turn = app.feeds.turn(&asked).await;
        if let Some(prepared) = app.feeds.get(&asked, as_of) {
            return Ok(prepared);
        }
        let Some(prepared) = document::prepare(&app, &asked, as_of).await? else { return Err(Error::NotFound) };
        let prepared = Arc::new(prepared);
        app.feeds.put(asked, as_of, Arc::clone(&prepared));
        Ok(prepared)
    });
    task.await.unwrap_or(Err(Error::Panic))
}

/// Sends a prepared file, or says that the client has it.
pub(super) fn answer(asked: &HeaderMap, prepared: &Prepared, kind: HeaderValue) -> Response {
    let gzip = takes_gzip(asked);
    let is_known = is_known(asked, prepared);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(if gzip { prepared.gzip.clone() } else { prepared.plain.clone() }).into_response()
    };
    let headers = response.headers_mut();
    // A 304 carries what decides about the kept copy, and nothing that the copy has already (RFC 9110 §15.4.5).
    headers.insert(header::ETAG, if gzip { &prepared.gzip_tag } else { &prepared.tag }.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !is_known {
        headers.insert(header::LAST_MODIFIED, prepared.last_modified.clone());
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    response
}

/// Whether the client has these bytes: its tag decides alone, its date only without a tag (RFC 9110 §13.2.2).
fn is_known(asked: &HeaderMap, prepared: &Prepared) -> bool {
    if asked.contains_key(header::IF_NONE_MATCH) {
        let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return tags.flat_map(|list| list.split(',')).map(str::trim).any(|tag| {
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag == "*" || prepared.tag == tag || prepared.gzip_tag == tag
        });
    }
    let since = asked.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since
        .and_then(|text| DateTime::parse_from_rfc2822(text).ok())
        .is_some_and(|since| prepared.changed_at.timestamp() <= since.timestamp())
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let offers = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|list| list.split(',')).any(|offer| {
        let (coding, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = matches!(weight.trim().trim_start_matches("q=").parse::<f32>(), Ok(weight) if weight == 0.0);
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}
