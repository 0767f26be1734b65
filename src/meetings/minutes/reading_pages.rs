//! The minutes as the invited read them; the chair and one attendee check them here.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::document::{self, Document};
use super::minute::{self, Minutes};
use super::publishing;
use super::review::{self, Checker};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::voice::Voice;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("seen", "確認を受け取りました。ありがとうございました。"),
    ("told", "直してほしいところを受け取りました。招集した方に伝えます。"),
    ("stale", "議事録がそのあいだに変わりました。もう一度お読みください。"),
];

/// Said where a group was taken out of the meeting.
const LEFT: &str =
    "この団体は、会議のご案内から外れたため、このページは読めません。公開した議事録は、会議のページで読めます。";

#[derive(Template)]
#[template(path = "meetings/minutes/reading.html")]
struct ReadingPage<'a> {
    page: Frame,
    form: &'a Form,
    voice: &'a Voice,
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
pub async fn show(State(app): State<App>, voice: Voice, query: Query) -> Result<Response, Error> {
    let voice = invited(voice)?;
    html(&reading_page(&app, &voice, (voice.frame_saying(query, &DONE), &Form::new())).await?)
}

fn invited(voice: Voice) -> Result<Voice, Error> {
    if voice.seat.is_taken() { Ok(voice) } else { Err(Error::LinkOver(LEFT)) }
}

async fn reading_page<'a>(
    app: &App,
    voice: &'a Voice,
    (page, form): (Frame, &'a Form),
) -> Result<ReadingPage<'a>, Error> {
    let meeting = &voice.meeting;
    let minutes = minute::of_meeting(&app.db, meeting.id).await?;
    let checker = review::checker(meeting, &minutes, &voice.seat);
    let may_read = checker.is_some() || meeting.published_at.is_some();
    let document = match may_read {
        true => Some(document::of_meeting(&app.db, &app.city(), meeting).await?),
        false => None,
    };
    Ok(ReadingPage { page, form, voice, minutes, document, checker })
}

/// `POST /minutes/{token}`: found right, or what to change.
pub async fn answer(State(app): State<App>, voice: Voice, mut form: Form) -> Result<Response, Error> {
    let voice = invited(voice)?;
    let meeting = &voice.meeting;
    let minutes = minute::of_meeting(&app.db, meeting.id).await?;
    let Some(checker) = review::checker(meeting, &minutes, &voice.seat) else {
        return Ok(see(&voice.minutes()));
    };
    let is_right = form.get("do") == "right";
    let words = form.block("words", "直してほしいところ", 4_000);
    if !is_right && words.is_empty() {
        form.fault("words", "直してほしいところを書いてください。");
    }
    if !form.is_fine() {
        return unfit(&reading_page(&app, &voice, (voice.frame(), &form)).await?);
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let by = (format!("{} {}", voice.seat.name, voice.actor.name), desk.now);
    let by = (by.0.as_str(), by.1);
    let seen = form.get("version").parse().unwrap_or_default();
    let transaction = db::begin(&app.db).await?;
    let is_done = match is_right {
        true => review::see(&transaction, (meeting.id, seen), checker, by).await?,
        false => review::remark(&transaction, meeting.id, checker, &words, by).await?,
    };
    if !is_done {
        return Ok(see(&format!("{}?done=stale", voice.minutes())));
    }
    if !is_right {
        publishing::tell_convener(&transaction, &desk, meeting, &words).await?;
    }
    let about = (meeting.id, meeting.title.as_str(), Some(voice.seat.group_id));
    let action = if is_right { "議事録の確認" } else { "議事録への申し出" };
    let told = json!({ "団体": voice.seat.name, "立場": checker.label(), "直してほしいところ": words });
    record(&transaction, &voice.actor, about, action, (json!(null), told), desk.now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", voice.minutes(), if is_right { "seen" } else { "told" })))
}
