//! Handing the minutes to those who check them, and keying in what they said by telephone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::document::{self, Document};
use super::minute::{self, Minutes};
use super::review::{self, Checker};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::meetings::attendance::{self, Roll};
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 4] = [
    ("submitted", "確認をお願いしました。メールの届く方には、手紙を送りました。"),
    ("seen", "確認を受けたことを書きとめました。"),
    ("stale", "議事録がそのあいだに変わりました。もう一度見てから、確認を書きとめてください。"),
    ("withdrawn", "公開を取り下げました。直してから、もう一度確認を受けてください。"),
];

#[derive(Template)]
#[template(path = "meetings/minutes/review.html")]
struct ReviewPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    minutes: Minutes,
    document: Document,
    roll: Roll,
    form: &'a Form,
}

impl ReviewPage<'_> {
    /// The groups that may check: those that were there, but not the one that chaired.
    fn attendees(&self) -> Vec<(String, &str)> {
        attendees(&self.roll, self.meeting).into_iter().map(|(id, name)| (id.to_string(), name)).collect()
    }

    fn channels(&self) -> Vec<(String, &'static str)> {
        Channel::ON_BEHALF.iter().map(|one| (one.key().to_owned(), one.label())).collect()
    }

    fn checkers(&self) -> Vec<(String, &'static str)> {
        [Checker::Chair, Checker::Attendee].into_iter().map(|one| (one.key().to_owned(), one.label())).collect()
    }

    fn attendee(&self) -> &str {
        let seat = self.roll.lines.iter().find(|line| Some(line.seat.id) == self.minutes.attendee_seat);
        seat.map_or("", |line| line.seat.name.as_str())
    }
}

fn attendees<'a>(roll: &'a Roll, meeting: &Meeting) -> Vec<(Uuid, &'a str)> {
    let there = roll.lines.iter().filter(|line| line.is_there() && meeting.chair_group != Some(line.seat.group_id));
    there.map(|line| (line.seat.id, line.seat.name.as_str())).collect()
}

/// Address of the page.
pub(super) fn path(meeting: &Meeting) -> String {
    format!("{}/minutes/review", meeting.path())
}

async fn review_page<'a>(app: &App, work: &'a Work, page: Frame, form: &'a Form) -> Result<ReviewPage<'a>, Error> {
    let meeting = &work.meeting;
    Ok(ReviewPage {
        page,
        minutes: minute::of_meeting(&app.db, meeting.id).await?,
        document: document::of_meeting(&app.db, &app.city(), meeting).await?,
        roll: attendance::call(&app.db, meeting).await?,
        form,
        meeting,
    })
}

/// `GET /meetings/{id}/minutes/review`.
pub async fn show(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let page = Frame::own(&app, &path(&work.meeting), &work.member).saying(&mut query, &DONE);
    let mut form = Form::filled([("channel", Channel::Phone.key().to_owned())]);
    form.set("said_by", work.meeting.chair.clone());
    html(&review_page(&app, &work, page.ignoring(query.into_ignored()), &form).await?)
}

/// `POST /meetings/{id}/minutes/review`: hands the minutes to the chair and to one group that was there.
pub async fn submit(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let meeting = &work.meeting;
    let roll = attendance::call(&app.db, meeting).await?;
    let choices = attendees(&roll, meeting);
    let attendee = choices.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.get("attendee"));
    if attendee.is_none() && !choices.is_empty() {
        form.fault("attendee", "議事録を確かめる団体を、出席した団体から選んでください。");
    }
    if meeting.held_at.is_none() {
        form.fault("attendee", "先に、当日の出欠のページで会議を「開催済み」にしてください。");
    }
    if !form.is_fine() {
        let page = Frame::own(&app, &path(meeting), &work.member);
        return unfit(&review_page(&app, &work, page, &form).await?);
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let by = (work.member.account.shown_name(), desk.now);
    let transaction = db::begin(&app.db).await?;
    if review::submit(&transaction, meeting.id, attendee, by).await? {
        let minutes = minute::of_meeting(&transaction, meeting.id).await?;
        let seats = review::asked(&transaction, meeting, &minutes).await?;
        let letters = review::ask(&transaction, &desk, (meeting, &seats), review::ASK).await?;
        let names: Vec<&str> = seats.iter().map(|seat| seat.name.as_str()).collect();
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        let told = json!({ "確かめる団体": names.join("、"), "手紙の数": letters });
        record(&transaction, &work.member.actor(), about, "議事録の確認の依頼", (json!(null), told), desk.now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=submitted", path(meeting))))
}

/// `POST /meetings/{id}/minutes/review/seen`: the chair or the attendee said by telephone, or here, that the minutes are right.
pub async fn key_in(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let meeting = &work.meeting;
    let checker = form.choice("who", "確かめた方", Checker::from_key);
    let said_by = form.needed_line("said_by", "確かめた方のお名前", 100);
    let find = |key: &str| Channel::ON_BEHALF.into_iter().find(|one| one.key() == key);
    let channel = form.choice("channel", "確認を受けた方法", find);
    let (Some(checker), Some(channel), true) = (checker, channel, form.is_fine()) else {
        let page = Frame::own(&app, &path(meeting), &work.member);
        return unfit(&review_page(&app, &work, page, &form).await?);
    };
    let now = app.clock.now();
    let seen = form.get("version").parse().unwrap_or_default();
    let by = format!("{said_by}({} {})", channel.label(), work.member.account.shown_name());
    let transaction = db::begin(&app.db).await?;
    let is_done = review::see(&transaction, (meeting.id, seen), checker, (&by, now)).await?;
    if is_done {
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        let told = json!({ "確かめた方": checker.label(), "お名前": said_by, "方法": channel.label() });
        record(&transaction, &work.member.actor(), about, "議事録の確認の入力", (json!(null), told), now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done={}", path(meeting), if is_done { "seen" } else { "stale" })))
}
