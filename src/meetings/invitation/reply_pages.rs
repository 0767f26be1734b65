//! The page on which a group replies.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::reply::{self, Answer, Reply, Said};
use super::reply_form;
use crate::app::App;
use crate::audit::Channel;
use crate::city::facility;
use crate::db;
use crate::error::Error;
use crate::meetings::calendar_entry::place;
use crate::meetings::voice::Voice;
use crate::meetings::work_pages::when;
use crate::text::day;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("replied", "お返事を受け取りました。ありがとうございました。")];

#[derive(Template)]
#[template(path = "meetings/invitation/reply.html")]
struct ReplyPage<'a> {
    page: Frame,
    form: &'a Form,
    voice: &'a Voice,
    when: String,
    place: String,
    until: String,
    history: Vec<Reply>,
    /// Whether replies are still taken.
    is_open: bool,
    /// Whether the day until which replies were asked for is over.
    is_late: bool,
}

impl ReplyPage<'_> {
    fn answers(&self) -> [Answer; 3] {
        Answer::ALL
    }

    fn on(&self, reply: &Reply) -> String {
        day::short(reply.answered_at.date_naive())
    }
}

/// `GET /rsvp/{token}`.
pub async fn show(State(app): State<App>, voice: Voice, query: Query) -> Result<Response, Error> {
    let history = reply::of_seat(&app.db, voice.seat.id).await?;
    let form = reply_form::filled(history.first());
    html(&reply_page(&app, &voice, (voice.frame_saying(query, &DONE), &form), history).await?)
}

async fn reply_page<'a>(
    app: &App,
    voice: &'a Voice,
    (page, form): (Frame, &'a Form),
    history: Vec<Reply>,
) -> Result<ReplyPage<'a>, Error> {
    let (meeting, now, zone) = (&voice.meeting, app.clock.now(), app.city().profile.zone);
    let hall = match meeting.facility_id {
        Some(id) => facility::all(&app.db).await?.into_iter().find(|hall| hall.id == id),
        None => None,
    };
    let is_ahead =
        meeting.state().has_day() && meeting.held_at.is_none() && meeting.starts_at.is_some_and(|at| at > now);
    let until = meeting.reply_until.map(|at| at.with_timezone(&zone));
    Ok(ReplyPage {
        page,
        form,
        when: when(meeting, zone),
        place: place(meeting, hall.as_ref()),
        until: until.map(|at| format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))).unwrap_or_default(),
        is_late: meeting.reply_until.is_some_and(|until| until < now),
        is_open: is_ahead && voice.seat.is_taken(),
        history,
        voice,
    })
}

/// `POST /rsvp/{token}`.
pub async fn answer(State(app): State<App>, voice: Voice, mut form: Form) -> Result<Response, Error> {
    let Some(read) = reply_form::read(&mut form) else {
        return unfit(&reply_page(&app, &voice, (voice.frame(), &form), Vec::new()).await?);
    };
    let said = Said {
        answer: read.answer,
        people: read.people,
        delegates: &read.delegates,
        proxy: &read.proxy,
        opinion: &read.opinion,
        names_public: read.names_public,
        channel: Channel::Screen,
        said_by: &voice.actor.name,
        written_by: &voice.actor.name,
    };
    let transaction = db::begin(&app.db).await?;
    if reply::keep(&transaction, (voice.meeting.id, voice.seat.id), &said, app.clock.now()).await? {
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=replied", voice.reply())));
    }
    // Cancelled, begun or taken out meanwhile: the page says so; the last reply stands.
    Ok(see(&voice.reply()))
}
