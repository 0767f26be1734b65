//! A material's file: for everybody, for those who are signed in and invited, and by personal link.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::material::{self, Material};
use crate::app::App;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::voice::Voice;
use crate::meetings::{rights, seat};
use crate::web::{Member, Visitor};

/// Nothing in a file acts or asks for anything, wherever it is opened.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// `GET /meetings/{id}/materials/{material}`.
pub(super) async fn file(
    State(app): State<App>,
    Path((id, material)): Path<(String, String)>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let material = Uuid::parse_str(&material).map_err(|_| Error::NotFound)?;
    let meeting = meeting::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let material = material::find(&app.db, id, material).await?.ok_or(Error::NotFound)?;
    let is_public = material.public && meeting.public && meeting.entry_id.is_some();
    if is_public {
        // Asked about each time: what is removed is gone at once.
        return sent(&app, &material, &headers, "no-cache").await;
    }
    let Some(who) = visitor else { return Err(Error::NotFound) };
    if !may_read(&app, who, &meeting).await? {
        return Err(Error::NotFound);
    }
    sent(&app, &material, &headers, "no-store").await
}

/// Whether somebody who is signed in works on the meeting, or looks after a group that is invited and was told so.
async fn may_read(app: &App, who: Member, meeting: &Meeting) -> Result<bool, Error> {
    if meeting.poll_opened_at.is_some() || meeting.fixed_at.is_some() {
        let seats = seat::of_meeting(&app.db, meeting.id).await?;
        let own = member::of_account(&app.db, who.account.id).await?;
        if own.iter().any(|one| seats.iter().any(|seat| seat.group_id == one.group_id)) {
            return Ok(true);
        }
    }
    match rights::work(app, who, meeting.id).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// `GET /agenda/{token}/materials/{material}`.
pub(super) async fn by_link(
    State(app): State<App>,
    voice: Voice,
    Path((_, material)): Path<(String, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !voice.seat.is_taken() {
        return Err(Error::NotFound);
    }
    let material = material::find(&app.db, voice.meeting.id, material).await?.ok_or(Error::NotFound)?;
    sent(&app, &material, &headers, "no-store").await
}

async fn sent(app: &App, material: &Material, asked: &HeaderMap, keep: &'static str) -> Result<Response, Error> {
    let tag = format!("\"{}\"", material.id);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = Body::from_stream(app.materials.open(&material.file_key).await?);
        let mut response = body.into_response();
        let kind = HeaderValue::from_static(material.kind().media_type());
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response.headers_mut().insert(header::CONTENT_LENGTH, material.bytes.into());
        response
    };
    let headers = response.headers_mut();
    let disposition = HeaderValue::from_str(&disposition(material)).map_err(|_| Error::NotFound)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(|_| Error::NotFound)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if keep == "no-store" {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
    Ok(response)
}

/// The name of the file as RFC 6266 §4 writes it, with a plain one for old readers (RFC 8187 for the other).
fn disposition(material: &Material) -> String {
    let way = if material.kind().is_picture() { "inline" } else { "attachment" };
    let mut name = String::new();
    for byte in material.file_name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => name.push(char::from(byte)),
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    format!("{way}; filename=\"document.{}\"; filename*=UTF-8''{name}", material.kind().ending())
}
