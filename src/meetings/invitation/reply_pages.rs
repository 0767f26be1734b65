//! The page on which a group replies: by personal link without an account, or signed in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::reply::{self, Answer, Reply, Said};
use super::reply_form;
use crate::app::App;
use crate::audit::Channel;
use crate::city::facility;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::agenda;
use crate::meetings::calendar_entry::place;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::rights;
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::when;
use crate::meetings::{group_path, reply_path};
use crate::text::day;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("replied", "お返事を受け取りました。ありがとうございました。")];

/// Whoever replies for a seat.
struct Replying {
    meeting: Meeting,
    seat: Seat,
    name: String,
    action: String,
    /// Where the agenda and the materials are read.
    agenda: String,
}

#[derive(Template)]
#[template(path = "meetings/invitation/reply.html")]
struct ReplyPage<'a> {
    page: Frame,
    form: &'a Form,
    replying: &'a Replying,
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
pub async fn show(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let replying = by_link(&app, &token).await?;
    let page = Frame::new(&app, &replying.action).saying(&mut query, &DONE).ignoring(query.into_ignored());
    shown(&app, &replying, page).await
}

/// `POST /rsvp/{token}`.
pub async fn answer(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    let replying = by_link(&app, &token).await?;
    let page = Frame::new(&app, &replying.action);
    taken(&app, &replying, page, form).await
}

async fn by_link(app: &App, token: &str) -> Result<Replying, Error> {
    let opened = rights::holder(app, token).await?;
    let name = opened.actor().name;
    Ok(Replying {
        meeting: opened.meeting,
        seat: opened.seat,
        name,
        action: reply_path(token),
        agenda: agenda::path(token),
    })
}

/// `GET /me/groups/{group}/meetings/{id}/reply`.
pub async fn own(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let replying = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    shown(&app, &replying, page).await
}

/// `POST /me/groups/{group}/meetings/{id}/reply`.
pub async fn own_answer(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let replying = signed_in(&app, group, id, &member).await?;
    let page = Frame::own(&app, &group_path(group), &member);
    taken(&app, &replying, page, form).await
}

async fn signed_in(app: &App, group: Uuid, id: Uuid, member: &Member) -> Result<Replying, Error> {
    member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    let meeting = meeting::find(&app.db, id).await?.filter(|one| one.fixed_at.is_some()).ok_or(Error::NotFound)?;
    let seat = seat::of_group(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    let action = format!("{}/{id}/reply", group_path(group));
    let name = member.account.shown_name().to_owned();
    Ok(Replying { meeting, seat, name, action, agenda: agenda::own_path(group, id) })
}

async fn shown(app: &App, replying: &Replying, page: Frame) -> Result<Response, Error> {
    let history = reply::of_seat(&app.db, replying.seat.id).await?;
    let form = reply_form::filled(history.first());
    html(&reply_page(app, replying, (page, &form), history).await?)
}

async fn reply_page<'a>(
    app: &App,
    replying: &'a Replying,
    (page, form): (Frame, &'a Form),
    history: Vec<Reply>,
) -> Result<ReplyPage<'a>, Error> {
    let (meeting, now, zone) = (&replying.meeting, app.clock.now(), app.city().profile.zone);
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
        is_open: is_ahead && replying.seat.is_taken(),
        history,
        replying,
    })
}

async fn taken(app: &App, replying: &Replying, page: Frame, mut form: Form) -> Result<Response, Error> {
    let Some(read) = reply_form::read(&mut form) else {
        return unfit(&reply_page(app, replying, (page, &form), Vec::new()).await?);
    };
    let said = Said {
        answer: read.answer,
        people: read.people,
        delegates: &read.delegates,
        proxy: &read.proxy,
        opinion: &read.opinion,
        names_public: read.names_public,
        channel: Channel::Screen,
        said_by: &replying.name,
        written_by: &replying.name,
    };
    let transaction = db::begin(&app.db).await?;
    if reply::keep(&transaction, (replying.meeting.id, replying.seat.id), &said, app.clock.now()).await? {
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=replied", replying.action)));
    }
    // Cancelled, begun or taken out meanwhile: the page says so; the last reply stands.
    Ok(see(&replying.action))
}
