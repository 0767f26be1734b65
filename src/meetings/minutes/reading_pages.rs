//! The minutes as the invited read them, by personal link or signed in; the chair and one attendee check them here.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::document::{self, Document};
use super::minute::{self, Minutes};
use super::publishing;
use super::review::{self, Checker, reading_path};
use crate::app::App;
use crate::audit::Actor;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::seat::{self, Seat};
use crate::meetings::{group_path, rights};
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("seen", "確認を受け取りました。ありがとうございました。"),
    ("told", "直してほしいところを受け取りました。招集した方に伝えます。"),
    ("stale", "議事録がそのあいだに変わりました。もう一度お読みください。"),
];

/// Said where a group was taken out of the meeting.
const LEFT: &str =
    "この団体は、会議のご案内から外れたため、このページは読めません。公開した議事録は、会議のページで読めます。";

/// Whoever reads for a seat.
struct Reading {
    meeting: Meeting,
    seat: Seat,
    actor: Actor,
    action: String,
}

#[derive(Template)]
#[template(path = "meetings/minutes/reading.html")]
struct ReadingPage<'a> {
    page: Frame,
    form: &'a Form,
    reading: &'a Reading,
    minutes: Minutes,
    /// The minutes; nothing while this group may not read them.
    document: Option<Document>,
    checker: Option<Checker>,
}

impl ReadingPage<'_> {
    /// Whether this group has found them right.
    fn has_seen(&self) -> bool {
        match self.checker {
            Some(Checker::Chair) => self.minutes.chair_seen_at.is_some(),
            Some(Checker::Attendee) => self.minutes.attendee_seen_at.is_some(),
            None => false,
        }
    }
}

/// `GET /minutes/{token}`.
pub async fn show(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let reading = by_link(&app, &token).await?;
    let page = Frame::new(&app, &reading.action).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&reading_page(&app, &reading, (page, &Form::new())).await?)
}

/// `POST /minutes/{token}`.
pub async fn answer(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    let reading = by_link(&app, &token).await?;
    let page = Frame::new(&app, &reading.action);
    taken(&app, &reading, page, form).await
}

async fn by_link(app: &App, token: &str) -> Result<Reading, Error> {
    let opened = rights::holder(app, token).await?;
    if !opened.seat.is_taken() {
        return Err(Error::LinkOver(LEFT));
    }
    let actor = opened.actor();
    Ok(Reading { meeting: opened.meeting, seat: opened.seat, actor, action: reading_path(token) })
}

/// `GET /me/groups/{group}/meetings/{id}/minutes`.
pub async fn own(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let reading = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&reading_page(&app, &reading, (page, &Form::new())).await?)
}

/// `POST /me/groups/{group}/meetings/{id}/minutes`.
pub async fn own_answer(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let reading = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member);
    taken(&app, &reading, page, form).await
}

async fn signed_in(app: &App, group: Uuid, id: Uuid, member: &Member) -> Result<Reading, Error> {
    member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    let meeting = meeting::find(&app.db, id).await?.filter(|one| one.fixed_at.is_some()).ok_or(Error::NotFound)?;
    let seat = seat::of_group(&app.db, id, group).await?.filter(Seat::is_taken).ok_or(Error::NotFound)?;
    let action = format!("{}/{id}/minutes", group_path(group));
    Ok(Reading { meeting, seat, actor: member.actor(), action })
}

async fn reading_page<'a>(
    app: &App,
    reading: &'a Reading,
    (page, form): (Frame, &'a Form),
) -> Result<ReadingPage<'a>, Error> {
    let meeting = &reading.meeting;
    let minutes = minute::of_meeting(&app.db, meeting.id).await?;
    let checker = review::checker(meeting, &minutes, &reading.seat);
    let may_read = checker.is_some() || meeting.published_at.is_some();
    let document = match may_read {
        true => Some(document::of_meeting(&app.db, &app.city(), meeting).await?),
        false => None,
    };
    Ok(ReadingPage { page, form, reading, minutes, document, checker })
}

async fn taken(app: &App, reading: &Reading, page: Frame, mut form: Form) -> Result<Response, Error> {
    let meeting = &reading.meeting;
    let minutes = minute::of_meeting(&app.db, meeting.id).await?;
    let Some(checker) = review::checker(meeting, &minutes, &reading.seat) else {
        return Ok(see(&reading.action));
    };
    let is_right = form.get("do") == "right";
    let words = form.block("words", "直してほしいところ", 4_000);
    if !is_right && words.is_empty() {
        form.fault("words", "直してほしいところを書いてください。");
    }
    if !form.is_fine() {
        return unfit(&reading_page(app, reading, (page, &form)).await?);
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(app, &city, &host);
    let by = (format!("{} {}", reading.seat.name, reading.actor.name), desk.now);
    let by = (by.0.as_str(), by.1);
    let seen = form.get("version").parse().unwrap_or_default();
    let transaction = db::begin(&app.db).await?;
    let is_done = match is_right {
        true => review::see(&transaction, (meeting.id, seen), checker, by).await?,
        false => review::remark(&transaction, meeting.id, checker, &words, by).await?,
    };
    if !is_done {
        return Ok(see(&format!("{}?done=stale", reading.action)));
    }
    if !is_right {
        publishing::tell_convener(&transaction, &desk, meeting, &words).await?;
    }
    let about = (meeting.id, meeting.title.as_str(), Some(reading.seat.group_id));
    let action = if is_right { "議事録の確認" } else { "議事録への申し出" };
    let told = json!({ "団体": reading.seat.name, "立場": checker.label(), "直してほしいところ": words });
    record(&transaction, &reading.actor, about, action, (json!(null), told), desk.now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", reading.action, if is_right { "seen" } else { "told" })))
}
