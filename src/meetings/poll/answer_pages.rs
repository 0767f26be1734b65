//! The page on which a group answers.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::date::{self, Candidate};
use super::opening::{moment, place};
use super::vote::{self, Answer, Said, Vote};
use crate::app::App;
use crate::audit::Channel;
use crate::city::{City, Facility, facility};
use crate::db;
use crate::error::Error;
use crate::meetings::desk::Desk;
use crate::meetings::state::State as Progress;
use crate::meetings::voice::Voice;
use crate::meetings::work_pages::when;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("answered", "お答えを受け取りました。ありがとうございました。")];

/// What all pages of the poll show about its candidates, read once.
pub(super) struct Room {
    pub(super) city: Arc<City>,
    pub(super) halls: Vec<Facility>,
    pub(super) dates: Vec<Candidate>,
}

impl Room {
    pub(super) async fn open(app: &App, meeting_id: Uuid) -> Result<Self, Error> {
        let dates = date::of_meeting(&app.db, meeting_id).await?;
        Ok(Self { city: app.city(), halls: facility::all(&app.db).await?, dates })
    }

    /// The candidates, each with its day and its place in words.
    pub(super) fn lines(&self, desk: &Desk<'_>) -> Vec<Line> {
        let zone = self.city.profile.zone;
        let told = |one: &Candidate| Line {
            id: one.id,
            label: one.label(zone),
            place: place(&one.venue(), desk, &self.halls),
            reasons: one.reasons(),
        };
        self.dates.iter().map(told).collect()
    }
}

/// A candidate in words.
pub(super) struct Line {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) place: String,
    pub(super) reasons: Vec<String>,
}

impl Line {
    /// The name of its field in the form.
    pub(super) fn field(&self) -> String {
        format!("date-{}", self.id)
    }
}

#[derive(Template)]
#[template(path = "meetings/poll/answer.html")]
struct AnswerPage<'a> {
    page: Frame,
    form: &'a Form,
    voice: &'a Voice,
    lines: Vec<Line>,
    until: String,
    history: Vec<Vote>,
    /// Whether answers are still taken.
    is_open: bool,
    /// The day, where it is fixed by now.
    fixed: String,
}

impl AnswerPage<'_> {
    fn answers(&self) -> [Answer; 3] {
        Answer::ALL
    }

    fn when(&self, vote: &Vote) -> String {
        crate::text::day::short(vote.answered_at.date_naive())
    }
}

/// `GET /poll/{token}`.
pub async fn show(State(app): State<App>, voice: Voice, query: Query) -> Result<Response, Error> {
    let history = vote::of_seat(&app.db, voice.seat.id).await?;
    let room = Room::open(&app, voice.meeting.id).await?;
    let form = filled(history.first(), &room);
    html(&answer_page(&app, &voice, (voice.frame_saying(query, &DONE), &form), &room, history))
}

fn answer_page<'a>(
    app: &App,
    voice: &'a Voice,
    (page, form): (Frame, &'a Form),
    room: &Room,
    history: Vec<Vote>,
) -> AnswerPage<'a> {
    let host = app.config.host();
    let desk = Desk::open(app, &room.city, &host);
    let meeting = &voice.meeting;
    let is_open = meeting.state() == Progress::Polling && meeting.poll_until.is_some_and(|until| until > desk.now);
    AnswerPage {
        page,
        form,
        lines: room.lines(&desk),
        until: meeting.poll_until.map(|until| moment(until, &desk)).unwrap_or_default(),
        is_open: is_open && voice.seat.is_taken(),
        fixed: when(meeting, room.city.profile.zone),
        history,
        voice,
    }
}

/// A form that holds an answer.
pub(super) fn filled(vote: Option<&Vote>, room: &Room) -> Form {
    let mut form = Form::new();
    let Some(vote) = vote else { return form };
    for one in &room.dates {
        if let Some(answer) = vote.answer(one.id) {
            form.set(&format!("date-{}", one.id), answer.key());
        }
    }
    form.set("comment", vote.comment.clone());
    form
}

/// Reads an answer to every candidate; nothing while something is wrong.
pub(super) fn read(form: &mut Form, room: &Room) -> Option<(Vec<(Uuid, Answer)>, String)> {
    let mut answers = Vec::new();
    for one in &room.dates {
        let field = format!("date-{}", one.id);
        match Answer::from_key(form.get(&field)) {
            Some(answer) => answers.push((one.id, answer)),
            None => {
                let label = one.label(room.city.profile.zone);
                form.fault(&field, format!("{label}に、○・△・×のどれかを選んでください。"));
            }
        }
    }
    let comment = form.block("comment", "伝えたいこと", 1_000);
    form.is_fine().then_some((answers, comment))
}

/// `POST /poll/{token}`.
pub async fn answer(State(app): State<App>, voice: Voice, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app, voice.meeting.id).await?;
    let Some((answers, comment)) = read(&mut form, &room) else {
        return unfit(&answer_page(&app, &voice, (voice.frame(), &form), &room, Vec::new()));
    };
    let ids = (voice.meeting.id, voice.seat.id);
    let said = Said {
        answers: &answers,
        comment: &comment,
        channel: Channel::Screen,
        said_by: &voice.actor.name,
        written_by: &voice.actor.name,
    };
    let transaction = db::begin(&app.db).await?;
    if voice.seat.is_taken() && vote::keep(&transaction, ids, &said, app.clock.now()).await? {
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=answered", voice.poll())));
    }
    // Closed meanwhile: the page says so and what to do; the last answer stands.
    Ok(see(&voice.poll()))
}
