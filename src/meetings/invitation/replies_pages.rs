//! The replies as those who convene see them, and keying in what came by telephone, FAX, post or at the counter.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::desk_pages::{DONE, taken_seat};
use super::inviting::{self, Due, Words};
use super::reply::{self, Answer, Reply, Said};
use super::reply_form;
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::notice::{self, Kind};
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::when;
use crate::text::day;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// One line of the replies.
struct Row {
    seat: Seat,
    reply: Option<Reply>,
    came: String,
}

#[derive(Template)]
#[template(path = "meetings/invitation/replies.html")]
struct RepliesPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    when: String,
    rows: Vec<Row>,
    comes: usize,
    people: i32,
    absent: usize,
    open: usize,
    reminders: i32,
    is_ahead: bool,
}

/// `GET /meetings/{id}/replies`.
pub async fn replies(
    State(app): State<App>,
    mut query: Query,
    Work { member, meeting }: Work,
) -> Result<Response, Error> {
    let mut replies = reply::of_meeting(&app.db, meeting.id).await?;
    let seats = seat::of_meeting(&app.db, meeting.id).await?;
    let rows: Vec<Row> = seats.into_iter().map(|seat| row(replies.remove(&seat.id), seat)).collect();
    let given =
        |answer: Answer| rows.iter().filter(|row| row.reply.as_ref().is_some_and(|one| one.answer() == answer)).count();
    let page = Frame::own(&app, &format!("{}/replies", meeting.path()), &member).saying(&mut query, &DONE);
    html(&RepliesPage {
        page: page.ignoring(query.into_ignored()),
        when: when(&meeting, app.city().profile.zone),
        comes: given(Answer::Attend) + given(Answer::Proxy),
        people: rows.iter().filter_map(|row| row.reply.as_ref()).map(|reply| reply.people).sum(),
        absent: given(Answer::Absent),
        open: rows.iter().filter(|row| row.reply.is_none()).count(),
        reminders: notice::turns(&app.db, meeting.id, Kind::ReplyReminder).await?,
        is_ahead: meeting.state().has_day()
            && meeting.held_at.is_none()
            && meeting.starts_at.is_some_and(|at| at > app.clock.now()),
        rows,
        meeting: &meeting,
    })
}

fn row(reply: Option<Reply>, seat: Seat) -> Row {
    let came = match &reply {
        None => "未回答".to_owned(),
        Some(reply) if reply.channel() == Channel::Screen => day::short(reply.answered_at.date_naive()),
        Some(reply) if reply.channel() == Channel::Mail && reply.written_by.is_empty() => {
            format!("{} カレンダーの返事", day::short(reply.answered_at.date_naive()))
        }
        Some(reply) => {
            let on = day::short(reply.answered_at.date_naive());
            format!("{on} {}で受付({})", reply.channel().label(), reply.written_by)
        }
    };
    Row { seat, reply, came }
}

/// `POST /meetings/{id}/replies/reminders`: writes to those who have not replied, and to nobody else.
pub async fn remind(State(app): State<App>, work: Work, form: Form) -> Result<Response, Error> {
    let seen = form.get("reminders").parse().unwrap_or_default();
    let (city, host, sender) = (app.city(), app.config.host(), crate::mail::answers_to(&app.config));
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let due = Due { kind: Kind::ReplyReminder, seats: inviting::silent(&transaction, work.meeting.id).await? };
    let words = Words { seen, sender: &sender, ..Words::default() };
    inviting::make(&transaction, &desk, (&work.meeting, &due), &words, &work.member.actor()).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/replies?done=reminded", work.meeting.path())))
}

#[derive(Template)]
#[template(path = "meetings/invitation/key_in.html")]
struct KeyInPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    seat: &'a Seat,
    form: &'a Form,
    channels: Vec<(String, &'static str)>,
}

impl KeyInPage<'_> {
    fn answers(&self) -> [Answer; 3] {
        Answer::ALL
    }
}

fn key_in_page<'a>(app: &App, work: &'a Work, seat: &'a Seat, form: &'a Form) -> KeyInPage<'a> {
    KeyInPage {
        page: Frame::own(app, &format!("{}/replies", work.meeting.path()), &work.member),
        meeting: &work.meeting,
        seat,
        form,
        channels: Channel::ON_BEHALF.iter().map(|one| (one.key().to_owned(), one.label())).collect(),
    }
}

/// `GET /meetings/{id}/replies/seats/{seat}`.
pub async fn key_in(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let seat = taken_seat(&app, &work, seat).await?;
    let mut form = reply_form::filled(reply::of_seat(&app.db, seat.id).await?.first());
    form.set("channel", Channel::Phone.key());
    html(&key_in_page(&app, &work, &seat, &form))
}

/// `POST /meetings/{id}/replies/seats/{seat}`: keys in what came by telephone, FAX or post.
pub async fn keyed_in(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let seat = taken_seat(&app, &work, seat).await?;
    let channel =
        form.choice("channel", "届いた方法", |key| Channel::ON_BEHALF.into_iter().find(|one| one.key() == key));
    let said_by = form.line("said_by", "返事をした方", 100);
    let (Some(read), Some(channel)) = (reply_form::read(&mut form), channel) else {
        return unfit(&key_in_page(&app, &work, &seat, &form));
    };
    let written_by = work.member.account.shown_name();
    let said = Said {
        answer: read.answer,
        people: read.people,
        delegates: &read.delegates,
        proxy: &read.proxy,
        opinion: &read.opinion,
        names_public: read.names_public,
        channel,
        said_by: &said_by,
        written_by,
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_kept = reply::keep(&transaction, (work.meeting.id, seat.id), &said, now).await?;
    if is_kept {
        let about = (work.meeting.id, work.meeting.title.as_str(), Some(seat.group_id));
        let told = json!({ "団体": seat.name, "返事": read.answer.label(), "届いた方法": channel.label() });
        record(&transaction, &work.member.actor(), about, "会議の返事の入力", (json!(null), told), now).await?;
        transaction.commit().await?;
    }
    let done = if is_kept { "keyed" } else { "late" };
    Ok(see(&format!("{}/replies?done={done}", work.meeting.path())))
}
