//! The page on which a group answers: by personal link without an account, or signed in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
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
use crate::groups::member;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::rights;
use crate::meetings::seat::{self, Seat};
use crate::meetings::state::State as Progress;
use crate::meetings::work_pages::when;
use crate::meetings::{group_path, poll_path};
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("answered", "お答えを受け取りました。ありがとうございました。")];

/// Whoever answers for a seat.
pub(super) struct Answering {
    pub(super) meeting: Meeting,
    pub(super) seat: Seat,
    /// Who it is, in words.
    pub(super) name: String,
    /// Where the form is sent to.
    pub(super) action: String,
}

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
    answering: &'a Answering,
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

    /// Where the agenda is read and proposed to.
    fn agenda(&self) -> String {
        match self.answering.action.strip_prefix("/poll/") {
            Some(token) => crate::meetings::agenda::path(token),
            None => crate::meetings::agenda::own_path(self.answering.seat.group_id, self.answering.meeting.id),
        }
    }

    fn when(&self, vote: &Vote) -> String {
        crate::text::day::short(vote.answered_at.date_naive())
    }
}

/// `GET /poll/{token}`.
pub async fn show(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let answering = by_link(&app, &token).await?;
    let page = Frame::new(&app, &answering.action).saying(&mut query, &DONE).ignoring(query.into_ignored());
    shown(&app, &answering, page).await
}

/// `POST /poll/{token}`.
pub async fn answer(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    let answering = by_link(&app, &token).await?;
    let page = Frame::new(&app, &answering.action);
    taken(&app, &answering, page, form).await
}

async fn by_link(app: &App, token: &str) -> Result<Answering, Error> {
    let opened = rights::holder(app, token).await?;
    let name = opened.actor().name;
    Ok(Answering { meeting: opened.meeting, seat: opened.seat, name, action: poll_path(token) })
}

/// `GET /me/groups/{group}/meetings/{id}/poll`.
pub async fn own(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let answering = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    shown(&app, &answering, page).await
}

/// `POST /me/groups/{group}/meetings/{id}/poll`.
pub async fn own_answer(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let answering = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member);
    taken(&app, &answering, page, form).await
}

async fn signed_in(app: &App, group: Uuid, id: Uuid, member: &Member) -> Result<Answering, Error> {
    member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    let meeting =
        meeting::find(&app.db, id).await?.filter(|one| one.poll_opened_at.is_some()).ok_or(Error::NotFound)?;
    let seat = seat::of_group(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    let action = format!("{}/{id}/poll", group_path(group));
    Ok(Answering { meeting, seat, name: member.account.shown_name().to_owned(), action })
}

async fn shown(app: &App, answering: &Answering, page: Frame) -> Result<Response, Error> {
    let history = vote::of_seat(&app.db, answering.seat.id).await?;
    let room = Room::open(app, answering.meeting.id).await?;
    let form = filled(history.first(), &room);
    html(&answer_page(app, answering, (page, &form), &room, history))
}

fn answer_page<'a>(
    app: &App,
    answering: &'a Answering,
    (page, form): (Frame, &'a Form),
    room: &Room,
    history: Vec<Vote>,
) -> AnswerPage<'a> {
    let host = app.config.host();
    let desk = Desk::open(app, &room.city, &host);
    let meeting = &answering.meeting;
    let is_open = meeting.state() == Progress::Polling && meeting.poll_until.is_some_and(|until| until > desk.now);
    AnswerPage {
        page,
        form,
        lines: room.lines(&desk),
        until: meeting.poll_until.map(|until| moment(until, &desk)).unwrap_or_default(),
        is_open: is_open && answering.seat.is_taken(),
        fixed: when(meeting, room.city.profile.zone),
        history,
        answering,
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

async fn taken(app: &App, answering: &Answering, page: Frame, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(app, answering.meeting.id).await?;
    let Some((answers, comment)) = read(&mut form, &room) else {
        return unfit(&answer_page(app, answering, (page, &form), &room, Vec::new()));
    };
    let ids = (answering.meeting.id, answering.seat.id);
    let said = Said {
        answers: &answers,
        comment: &comment,
        channel: Channel::Screen,
        said_by: &answering.name,
        written_by: &answering.name,
    };
    let transaction = db::begin(&app.db).await?;
    if answering.seat.is_taken() && vote::keep(&transaction, ids, &said, app.clock.now()).await? {
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=answered", answering.action)));
    }
    // Closed meanwhile: the page says so and what to do; the last answer stands.
    Ok(see(&answering.action))
}
