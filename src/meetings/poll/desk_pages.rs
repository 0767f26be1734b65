//! The poll as those who convene see it: opening it, the answers, what is recommended.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::answer_pages::{Line, Room};
use super::date;
use super::opening::{self, comments, moment};
use super::ranking::{self, Ranked};
use super::vote::{self, Answer, Vote};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups;
use crate::mail::{self, Topic};
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::notice::{self, Kind};
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::meetings::state::State as Progress;
use crate::meetings::work_pages;
use crate::text::{day, times};
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
pub(super) const DONE: [(&str, &str); 7] = [
    ("added", "候補日を加えました。"),
    ("withdrawn", "候補日を取り下げました。"),
    ("opened", "日程のお尋ねの手紙を作りました。送り出すまで、どの団体にも届きません。"),
    ("reminded", "まだ答えていない団体への手紙を作りました。送り出すまで届きません。"),
    ("closed", "日程調整を締め切りました。"),
    ("keyed", "答えを入力しました。"),
    ("late", "締め切りのあとなので、答えは入力できません。"),
];

/// One row of the answers: the group, what it said to each candidate, and how that came.
struct Row {
    seat: Seat,
    answers: Vec<Option<Answer>>,
    came: String,
}

#[derive(Template)]
#[template(path = "meetings/poll/poll.html")]
struct PollPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    lines: Vec<Line>,
    ranked: Vec<(Ranked, String, String)>,
    rows: Vec<Row>,
    open: usize,
    comments: Vec<(String, String)>,
    until: String,
    reminders: i32,
    batch: Option<String>,
    seats: usize,
    is_open: bool,
    is_staff: bool,
    /// The groups that have not answered and have no address: they are asked by telephone or FAX.
    unreached: Vec<String>,
}

async fn poll_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<PollPage<'a>, Error> {
    let meeting = &work.meeting;
    let room = Room::open(app, meeting.id).await?;
    let host = app.config.host();
    let desk = Desk::open(app, &room.city, &host);
    let seats = seat::of_meeting(&app.db, meeting.id).await?;
    let votes = vote::of_meeting(&app.db, meeting.id).await?;
    let ids: Vec<Uuid> = room.dates.iter().map(|one| one.id).collect();
    let lines = room.lines(&desk);
    let words = |id: Uuid| lines.iter().find(|line| line.id == id).map_or(("", ""), |line| (&line.label, &line.place));
    let ranked = ranking::rank(&ids, &seats, &votes, meeting.least_groups).into_iter();
    let ranked = ranked
        .map(|one| {
            let (label, place) = words(one.candidate);
            (one, label.to_owned(), place.to_owned())
        })
        .collect();
    let groups: Vec<Uuid> = seats.iter().map(|seat| seat.group_id).collect();
    let reached = groups::addressees(&app.db, &groups, Topic::Meetings).await?;
    let unreached = seats.iter().filter(|seat| !reached.contains_key(&seat.group_id) && !votes.contains_key(&seat.id));
    let unreached = unreached.map(|seat| seat.name.clone()).collect();
    let told = comments(&seats, &votes).into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let notices = notice::of_meeting(&app.db, meeting.id).await?;
    let last = notices.iter().rev().find(|one| matches!(one.kind(), Kind::Poll | Kind::PollReminder));
    Ok(PollPage {
        page: Frame::own(app, &format!("{}/poll", meeting.path()), &work.member),
        form,
        ranked,
        open: seats.iter().filter(|seat| !votes.contains_key(&seat.id)).count(),
        seats: seats.len(),
        rows: rows(seats, &votes, &ids),
        comments: told,
        until: meeting.poll_until.map(|until| moment(until, &desk)).unwrap_or_default(),
        reminders: notice::turns(&app.db, meeting.id, Kind::PollReminder).await?,
        batch: last.and_then(|one| one.batch_id).map(mail::batch_path),
        is_open: meeting.state() == Progress::Polling && meeting.poll_until.is_some_and(|until| until > desk.now),
        is_staff: work.member.is_staff(),
        unreached,
        lines,
        meeting,
    })
}

fn rows(seats: Vec<Seat>, votes: &HashMap<Uuid, Vote>, dates: &[Uuid]) -> Vec<Row> {
    let row = |seat: Seat| {
        let vote = votes.get(&seat.id);
        let answers = dates.iter().map(|id| vote.and_then(|vote| vote.answer(*id))).collect();
        let came = match vote {
            None => "未回答".to_owned(),
            Some(vote) if vote.channel() == Channel::Screen => day::short(vote.answered_at.date_naive()),
            Some(vote) => format!(
                "{} {}で受付({})",
                day::short(vote.answered_at.date_naive()),
                vote.channel().label(),
                vote.written_by
            ),
        };
        Row { seat, answers, came }
    };
    seats.into_iter().map(row).collect()
}

/// `GET /meetings/{id}/poll`: opening it, or how it stands.
pub async fn show(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let mut form = Form::new();
    let until = (app.today() + chrono::Days::new(10)).to_string();
    form.set("until", until);
    form.set("until_time", "17:00");
    let shown = poll_page(&app, &work, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&PollPage { page, ..shown })
}

/// `POST /meetings/{id}/poll`: opens it.
pub async fn open_poll(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let dates = date::of_meeting(&app.db, work.meeting.id).await?;
    if dates.len() < 2 {
        form.fault("until", "候補日を2つ以上加えてから、お尋ねください。");
    }
    let on = form.day("until", "回答の期限");
    let clock = times::parse_time(form.get("until_time")).ok();
    let until = on.zip(clock).map(|(on, clock)| work_pages::moment(on, clock, app.city().profile.zone));
    match until {
        None => form.fault("until", "回答の期限を、日にちと時刻で書いてください。"),
        Some(until) if until <= app.clock.now() => form.fault("until", "回答の期限は、これからの日時にしてください。"),
        Some(until) if dates.first().is_some_and(|one| one.starts_at <= until) => {
            form.fault("until", "回答の期限は、いちばん早い候補日より前にしてください。");
        }
        Some(_) => {}
    }
    let words = form.block("words", "手紙に加えるひとこと", 1_000);
    let (Some(until), true) = (until, form.is_fine()) else {
        return unfit(&poll_page(&app, &work, &form).await?);
    };
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let opened = opening::open(&transaction, &desk, &work.meeting, (until, &words), &work.member.actor()).await?;
    transaction.commit().await?;
    let done = if opened.is_some() { "?done=opened" } else { "" };
    Ok(see(&format!("{}/poll{done}", work.meeting.path())))
}

/// `POST /meetings/{id}/poll/reminders`.
pub async fn send_reminders(State(app): State<App>, work: Work, form: Form) -> Result<Response, Error> {
    let seen = form.get("reminders").parse().unwrap_or_default();
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    opening::remind(&transaction, &desk, &work.meeting, (seen, ""), &work.member.actor()).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/poll?done=reminded", work.meeting.path())))
}

/// `POST /meetings/{id}/poll/closure`.
pub async fn close(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if opening::close(&transaction, work.meeting.id, now).await? {
        let about = (work.meeting.id, work.meeting.title.as_str(), work.meeting.convener_group);
        record(&transaction, &work.member.actor(), about, "日程調整の締切", (json!(null), json!(null)), now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}/poll?done=closed", work.meeting.path())))
}
