//! Sending a feed: only what changed travels, and a change shows at the next request.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cache::{self, Prepared};
use super::{Selection, document};
use crate::app::App;
use crate::error::Error;

/// `GET /calendar.ics`: everything.
pub async fn calendar(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let prepared = prepared(&app, Selection::All).await?.ok_or(Error::NotFound)?;
    Ok(answer(&headers, &prepared))
}

/// `GET /feeds/{name}.ics`: a part of the calendar, or one entry (`event/{id}`) to take in once.
pub async fn feed(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let name = name.strip_suffix(".ics").ok_or(Error::NotFound)?;
    if let Some(id) = name.strip_prefix("event/") {
        let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
        let single = document::single(&app, id).await?.ok_or(Error::NotFound)?;
        let mut response = answer(&headers, &single);
        let name = HeaderValue::from_static("attachment; filename=\"event.ics\"");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        return Ok(response);
    }
    let selection = Selection::parse(name).ok_or(Error::NotFound)?;
    let prepared = prepared(&app, selection).await?.ok_or(Error::NotFound)?;
    Ok(answer(&headers, &prepared))
}

async fn prepared(app: &App, selection: Selection) -> Result<Option<Arc<Prepared>>, Error> {
    let revisions = app.revisions().await?;
    let state = cache::State { revisions, today: app.today() };
    if let Some(prepared) = app.feeds.get(&selection, state) {
        return Ok(Some(prepared));
    }
    let Some(prepared) = document::prepare(app, &selection, state).await? else { return Ok(None) };
    let prepared = Arc::new(prepared);
    app.feeds.put(selection, state, Arc::clone(&prepared));
    Ok(Some(prepared))
}

fn answer(asked: &HeaderMap, prepared: &Prepared) -> Response {
    let gzip = takes_gzip(asked);
    let tag = if gzip { &prepared.gzip_tag } else { &prepared.tag };
    let mut response = if is_known(asked, prepared) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(if gzip { prepared.gzip.clone() } else { prepared.plain.clone() }).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if gzip && response.status() == StatusCode::OK {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    for (name, value) in [(header::ETAG, tag.clone()), (header::LAST_MODIFIED, http_date(prepared.changed_at))] {
        // Tags are hexadecimal and dates are ASCII, so neither can fail.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
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
            tag == "*" || tag == prepared.tag || tag == prepared.gzip_tag
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

fn http_date(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
