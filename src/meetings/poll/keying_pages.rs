//! Keying in the answer of a group that came by telephone, FAX, post or at the counter.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::answer_pages::{self, Line, Room};
use super::vote::{self, Answer, Said, Vote};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::text::day;
use crate::web::{Form, Frame, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/poll/key_in.html")]
struct KeyInPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    seat: &'a Seat,
    form: &'a Form,
    lines: Vec<Line>,
    channels: Vec<(String, &'static str)>,
    history: Vec<Vote>,
}

impl KeyInPage<'_> {
    fn answers(&self) -> [Answer; 3] {
        Answer::ALL
    }

    fn when(&self, vote: &Vote) -> String {
        day::short(vote.answered_at.date_naive())
    }
}

async fn key_in_page<'a>(
    app: &App,
    work: &'a Work,
    seat: &'a Seat,
    form: &'a Form,
    room: &Room,
) -> Result<KeyInPage<'a>, Error> {
    let host = app.config.host();
    let lines = room.lines(&Desk::open(app, &room.city, &host));
    Ok(KeyInPage {
        page: Frame::own(app, &format!("{}/poll", work.meeting.path()), &work.member),
        meeting: &work.meeting,
        seat,
        form,
        lines,
        channels: Channel::ON_BEHALF.iter().map(|one| (one.key().to_owned(), one.label())).collect(),
        history: vote::of_seat(&app.db, seat.id).await?,
    })
}

/// `GET /meetings/{id}/poll/seats/{seat}`: keys in the answer of a group.
pub async fn key_in(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let seat = seat::find(&app.db, work.meeting.id, seat).await?.filter(Seat::is_taken).ok_or(Error::NotFound)?;
    let room = Room::open(&app, work.meeting.id).await?;
    let votes = vote::of_seat(&app.db, seat.id).await?;
    let mut form = answer_pages::filled(votes.first(), &room);
    form.set("channel", Channel::Phone.key());
    html(&key_in_page(&app, &work, &seat, &form, &room).await?)
}

/// `POST /meetings/{id}/poll/seats/{seat}`.
pub async fn keyed_in(
    State(app): State<App>,
    Path((_, seat)): Path<(String, Uuid)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let seat = seat::find(&app.db, work.meeting.id, seat).await?.filter(Seat::is_taken).ok_or(Error::NotFound)?;
    let room = Room::open(&app, work.meeting.id).await?;
    let find = |key: &str| Channel::ON_BEHALF.into_iter().find(|one| one.key() == key);
    let channel = form.choice("channel", "届いた方法", find);
    let said_by = form.line("said_by", "答えた方", 100);
    let read = answer_pages::read(&mut form, &room);
    let (Some((answers, comment)), Some(channel)) = (read, channel) else {
        return unfit(&key_in_page(&app, &work, &seat, &form, &room).await?);
    };
    let written_by = work.member.account.shown_name();
    let said = Said { answers: &answers, comment: &comment, channel, said_by: &said_by, written_by };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_kept = vote::keep(&transaction, (work.meeting.id, seat.id), &said, now).await?;
    if is_kept {
        let about = (work.meeting.id, work.meeting.title.as_str(), Some(seat.group_id));
        let told = json!({ "団体": seat.name, "届いた方法": channel.label(), "答えた方": said_by });
        record(&transaction, &work.member.actor(), about, "日程の答えの入力", (json!(null), told), now).await?;
        transaction.commit().await?;
    }
    let done = if is_kept { "keyed" } else { "late" };
    Ok(see(&format!("{}/poll?done={done}", work.meeting.path())))
}
