//! The photo as everybody sees it, and its page for members.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::photo::{self, New, Photo};
use super::picture::{LARGEST_BYTES, Unusable};
use super::{keeping, path};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::groups::profile::pages::membership;
use crate::groups::{group, history};
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// Longest description, in characters.
const ALT: usize = 150;
/// What the page says after a redirect.
const SENTENCES: [(&str, &str); 3] = [
    ("sent", "写真を公開しました。"),
    ("described", "写真の説明を書き直しました。"),
    ("removed", "写真の掲載をやめました。"),
];

/// `GET /groups/{id}/photo/{file}`: the photo of a group of the directory, under an address that is never used again.
pub(super) async fn public(
    State(app): State<App>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    group::find_listed(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut response = picture(&app, id, &file).await?;
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, forever);
    Ok(response)
}

/// The file of a photo of this group, shown or taken down.
pub(super) async fn picture(app: &App, id: Uuid, file: &str) -> Result<Response, Error> {
    let shown = photo::of_group(&app.db, id).await?.ok_or(Error::NotFound)?;
    let names = shown.files();
    let name = match file.strip_prefix(shown.hash.as_str()) {
        Some(".jpg") => &names[0],
        Some("-small.jpg") => &names[1],
        _ => return Err(Error::NotFound),
    };
    Ok(jpeg(app.storage.get(name).await?))
}

/// A JPEG as an answer.
pub(super) fn jpeg(bytes: bytes::Bytes) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    response
}

#[derive(Template)]
#[template(path = "groups/photo/photo.html")]
struct PhotoPage {
    page: Frame,
    id: Uuid,
    name: String,
    photo: Option<Photo>,
    form: Form,
}

impl PhotoPage {
    async fn new(app: &App, who: &Member, (id, name): (Uuid, String), form: Form) -> Result<Self, Error> {
        let photo = photo::of_group(&app.db, id).await?;
        Ok(Self { page: Frame::own(app, &path(id), who), id, name, photo, form })
    }
}

/// `GET /me/groups/{id}/photo`: the photo and the form for another one.
pub(super) async fn photo(
    State(app): State<App>,
    who: Member,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let group = membership(&app.db, &who, &id).await?;
    let mut page = PhotoPage::new(&app, &who, (group.group_id, group.group_name), Form::new()).await?;
    page.form.set("alt", page.photo.as_ref().map(|photo| photo.alt.clone()).unwrap_or_default());
    page.page = page.page.saying(&mut query, &SENTENCES);
    html(&page)
}

/// `GET /me/groups/{id}/photo/{file}`: the photo as its members see it, whatever the state of the group.
pub(super) async fn own_file(
    State(app): State<App>,
    who: Member,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    picture(&app, id, &file).await
}

/// `POST /me/groups/{id}/photo`: shows a new photo, or describes the present one anew.
pub(super) async fn send(
    State(app): State<App>,
    who: Member,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let group = membership(&app.db, &who, &id).await?;
    let cause = Cause { actor: &who.actor(), channel: Channel::Screen, reason: "" };
    match take(&app, (group.group_id, &group.group_name), &mut form, cause).await? {
        Some(done) => Ok(see(&format!("{}?done={done}", path(group.group_id)))),
        None => {
            let status = status(&form);
            let page = PhotoPage::new(&app, &who, (group.group_id, group.group_name), form).await?;
            Ok((status, unfit(&page)?).into_response())
        }
    }
}

/// 413 for a file that is too large, 422 for anything else.
pub(super) fn status(form: &Form) -> StatusCode {
    let large = form.fault_of("photo") == Some(Unusable::Bytes.to_string().as_str());
    if large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Who sends or removes a photo, on which way and why.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub actor: &'a Actor,
    pub channel: Channel,
    pub reason: &'a str,
}

/// Takes what a form brings: a photo with its description, or another description. Nothing if the form has faults.
pub(super) async fn take(
    app: &App,
    (id, name): (Uuid, &str),
    form: &mut Form,
    cause: Cause<'_>,
) -> Result<Option<&'static str>, Error> {
    let alt = form.needed_line("alt", "写真の説明", ALT);
    let shown = photo::of_group(&app.db, id).await?;
    let file = form.file("photo").map(|file| file.bytes.clone());
    if file.is_none() && shown.is_none() {
        form.fault("photo", "写真のファイルを選んでください。");
    }
    if file.as_ref().is_some_and(|bytes| bytes.len() > LARGEST_BYTES) {
        form.fault("photo", Unusable::Bytes.to_string());
    }
    if !form.is_fine() {
        return Ok(None);
    }
    let Some(bytes) = file else {
        return describe(app, (id, name), (shown, &alt), cause).await.map(Some);
    };
    let picture = match keeping::read(bytes).await {
        Ok(picture) => picture,
        Err(fault) => {
            form.fault("photo", fault.to_string());
            return Ok(None);
        }
    };
    // The files first: a row never names a file that is not there. Files without a row are swept later.
    let file = keeping::put(&app.storage, &picture).await?;
    let (hash, now) = (photo::hash(&picture), app.clock.now());
    let new = New { name: &file, hash: &hash, alt: &alt, size: (picture.width, picture.height) };
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, id).await?;
    photo::show(&transaction, id, new, cause.actor, now).await?;
    let before = shown.map(|shown| shown.alt);
    record(&transaction, (id, name), "写真の掲載", (before.as_deref(), Some(&alt)), cause, now).await?;
    transaction.commit().await?;
    Ok(Some("sent"))
}

async fn describe(
    app: &App,
    (id, name): (Uuid, &str),
    (shown, alt): (Option<Photo>, &str),
    cause: Cause<'_>,
) -> Result<&'static str, Error> {
    let shown = shown.ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    photo::describe(&transaction, shown.id, alt, now).await?;
    record(&transaction, (id, name), "写真の説明の変更", (Some(&shown.alt), Some(alt)), cause, now).await?;
    transaction.commit().await?;
    Ok("described")
}

/// Writes down what happened to a photo, by its description.
pub(super) async fn record(
    db: &impl sea_orm::ConnectionTrait,
    (id, name): (Uuid, &str),
    action: &str,
    (before, after): (Option<&str>, Option<&str>),
    cause: Cause<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let told = |alt: Option<&str>| alt.map_or(serde_json::Value::Null, |alt| serde_json::json!({ "写真": alt }));
    let event = Event {
        actor: cause.actor,
        channel: cause.channel,
        action,
        noun: "photo",
        noun_id: id.to_string(),
        group_id: Some(id),
        title: name,
        before: told(before),
        after: told(after),
        reason: cause.reason,
    };
    Ok(audit::record(db, event, now).await?)
}

/// `POST /me/groups/{id}/photo/removal`: takes the photo down.
pub(super) async fn remove(State(app): State<App>, who: Member, Path(id): Path<String>) -> Result<Response, Error> {
    let group = membership(&app.db, &who, &id).await?;
    let cause = Cause { actor: &who.actor(), channel: Channel::Screen, reason: "" };
    let transaction = db::begin(&app.db).await?;
    take_down(&transaction, (group.group_id, &group.group_name), cause, app.clock.now()).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=removed", path(group.group_id))))
}

/// Takes the photo of a group down, if it has one.
pub(super) async fn take_down(
    db: &impl sea_orm::ConnectionTrait,
    (id, name): (Uuid, &str),
    cause: Cause<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, Error> {
    let shown = photo::of_group(db, id).await?;
    let removed = photo::remove(db, id, (&cause.actor.name, cause.reason), now).await?;
    if let Some(shown) = shown.filter(|_| removed) {
        record(db, (id, name), "写真の掲載をやめる", (Some(&shown.alt), None), cause, now).await?;
    }
    Ok(removed)
}
