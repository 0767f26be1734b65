//! The photo of a group for the office: sent in for it, taken down with a reason, put back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::pages::{Cause, jpeg, record, status, take, take_down};
use super::photo::{self, Photo};
use super::staff_path;
use crate::accounts::{Account, account};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::groups::profile::edit::Present;
use crate::groups::profile::staff::{REASON, channels, read_cause};
use crate::groups::profile::{letters, words};
use crate::mail;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// What the page says after a redirect.
const SENTENCES: [(&str, &str); 4] = [
    ("sent", "写真を公開しました。"),
    ("described", "写真の説明を書き直しました。"),
    ("removed", "写真の掲載をやめ、団体の担当者にメールを用意しました。"),
    ("returned", "以前の写真に戻しました。"),
];

/// A photo that was taken down, as the office reads of it.
struct Removed {
    photo: Photo,
    when: String,
}

#[derive(Template)]
#[template(path = "groups/photo/staff.html")]
struct PhotoPage {
    page: Frame,
    id: Uuid,
    name: String,
    photo: Option<Photo>,
    removed: Vec<Removed>,
    channels: Vec<(&'static str, &'static str)>,
    form: Form,
    kept_days: i64,
}

impl PhotoPage {
    async fn new(app: &App, who: &Staff, present: &Present, form: Form) -> Result<Self, Error> {
        let (id, zone) = (present.group_id, app.city().profile.zone);
        let told = |photo: Photo| {
            let when = photo.removed_at.map(|at| words::moment(at, zone)).unwrap_or_default();
            Removed { photo, when }
        };
        Ok(Self {
            page: Frame::own(app, &staff_path(id), &who.0),
            id,
            name: present.draft.name.clone(),
            photo: photo::of_group(&app.db, id).await?,
            removed: photo::removed_of(&app.db, id).await?.into_iter().map(told).collect(),
            channels: channels(),
            form,
            kept_days: photo::KEPT_DAYS,
        })
    }
}

async fn present(app: &App, id: &str) -> Result<Present, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    Present::load(&app.db, id).await?.ok_or(Error::NotFound)
}

/// `GET /staff/groups/{id}/photo`: the photo, and those taken down of late.
pub(super) async fn photo(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let present = present(&app, &id).await?;
    let mut page = PhotoPage::new(&app, &who, &present, Form::new()).await?;
    page.form.set("alt", page.photo.as_ref().map(|photo| photo.alt.clone()).unwrap_or_default());
    page.page = page.page.saying(&mut query, &SENTENCES);
    html(&page)
}

/// `GET /staff/groups/{id}/photo/{file}`: any photo of the group, also one that was taken down.
pub(super) async fn file(
    State(app): State<App>,
    _: Staff,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let named: Uuid =
        file.trim_end_matches("-small.jpg").trim_end_matches(".jpg").parse().map_err(|_| Error::NotFound)?;
    let photo = photo::find(&app.db, id, named).await?.ok_or(Error::NotFound)?;
    Ok(jpeg(app.storage.get(&photo.files()[usize::from(file.ends_with("-small.jpg"))]).await?))
}

/// `POST /staff/groups/{id}/photo`: shows a photo that came in on paper, by mail or at the counter.
pub(super) async fn send(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let present = present(&app, &id).await?;
    let (channel, reason) = read_cause(&mut form);
    let actor = who.actor();
    let cause = Cause { actor: &actor, channel: channel.unwrap_or(Channel::Screen), reason: &reason };
    match take(&app, (present.group_id, &present.draft.name), &mut form, cause).await? {
        Some(done) => Ok(see(&format!("{}?done={done}", staff_path(present.group_id)))),
        None => again(&app, &who, &present, form).await,
    }
}

async fn again(app: &App, who: &Staff, present: &Present, form: Form) -> Result<Response, Error> {
    let status = status(&form);
    let page = PhotoPage::new(app, who, present, form).await?;
    Ok((status, unfit(&page)?).into_response())
}

/// `POST /staff/groups/{id}/photo/removal`: takes the photo down, says why, and tells the group's members.
pub(super) async fn remove(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let present = present(&app, &id).await?;
    let reason = form.needed_line("removal", "掲載をやめる理由", REASON);
    if !form.is_fine() {
        return again(&app, &who, &present, form).await;
    }
    let (now, city) = (app.clock.now(), app.city());
    let transaction = db::begin(&app.db).await?;
    let cause = Cause { actor: &who.actor(), channel: Channel::Screen, reason: &reason };
    if take_down(&transaction, (present.group_id, &present.draft.name), cause, now).await? {
        let people = people(&transaction, present.group_id).await?;
        for letter in letters::photo_removed(&app, &city, &present, &people, &reason)? {
            mail::post(&transaction, &letter, &app.config.host(), now).await?;
        }
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=removed", staff_path(present.group_id))))
}

async fn people(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Account>, Error> {
    let mut people = Vec::new();
    for member in member::of_group(db, group_id).await? {
        people.extend(account::find(db, member.account_id).await?.filter(|account| account.active));
    }
    Ok(people)
}

/// `POST /staff/groups/{id}/photo/return`: shows an earlier photo again.
pub(super) async fn put_back(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Error> {
    let present = present(&app, &id).await?;
    let named: Uuid = form.get("photo").parse().map_err(|_| Error::NotFound)?;
    let now = app.clock.now();
    let cause = Cause { actor: &who.actor(), channel: Channel::Screen, reason: "以前の写真に戻す" };
    let transaction = db::begin(&app.db).await?;
    crate::groups::history::hold(&transaction, present.group_id).await?;
    let photo = photo::find(&transaction, present.group_id, named).await?.ok_or(Error::NotFound)?;
    if photo::put_back(&transaction, &photo, &who.actor().name, now).await? {
        record(
            &transaction,
            (present.group_id, &present.draft.name),
            "写真の掲載",
            (None, Some(&photo.alt)),
            cause,
            now,
        )
        .await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=returned", staff_path(present.group_id))))
}
