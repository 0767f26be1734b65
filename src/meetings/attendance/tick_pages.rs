//! Ticking who is there: one tap for each group, names and numbers on a page of their own, guests at the end.
//!
//! Works without a script; with one (`static/roll.js`), ticks wait on the phone while there is no connection.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::form::{self, Typed};
use super::mark::{self, Marked, Presence};
use super::roll::{self, Line, Roll};
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::work_pages::when;
use crate::revision::{self, Scope};
use crate::web::{Form, Frame, Query, assets, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 5] = [
    ("ticked", "出欠を付けました。"),
    ("welcomed", "当日参加の方を加えました。"),
    ("off", "当日参加の方を消しました。"),
    ("withheld", "お名前を、議事録に出さないことにしました。"),
    ("undone", "「開催済み」を取り消しました。"),
];

#[derive(Template)]
#[template(path = "meetings/attendance/roll.html")]
struct RollPage<'a> {
    page: Frame,
    script: String,
    meeting: &'a Meeting,
    when: String,
    roll: Roll,
    /// Whether marks are taken: from the day of the meeting until its minutes are out.
    is_open: bool,
    /// Whether the day has not come yet.
    is_early: bool,
    /// A group whose mark somebody else set meanwhile, and what is to be known about that.
    overtaken: Option<(Uuid, String)>,
    guest: Uuid,
    form: &'a Form,
}

impl RollPage<'_> {
    fn presences(&self) -> [Presence; 3] {
        Presence::ALL
    }

    fn warning(&self, seat: &Uuid) -> Option<&str> {
        self.overtaken.as_ref().filter(|(id, _)| id == seat).map(|(_, told)| told.as_str())
    }
}

async fn roll_page<'a>(app: &App, work: &'a Work, page: Frame, form: &'a Form) -> Result<RollPage<'a>, Error> {
    let meeting = &work.meeting;
    let (has_come, zone) = (has_come(app, meeting), app.city().profile.zone);
    Ok(RollPage {
        page,
        script: assets::url("roll.js"),
        when: when(meeting, zone),
        roll: roll::call(&app.db, meeting).await?,
        is_open: has_come && meeting.state().has_day() && meeting.published_at.is_none(),
        is_early: !has_come && meeting.state().has_day(),
        overtaken: None,
        guest: new_id(),
        form,
        meeting,
    })
}

/// Whether the day of a meeting has come where the city is.
pub(super) fn has_come(app: &App, meeting: &Meeting) -> bool {
    let zone = app.city().profile.zone;
    meeting.starts_at.is_some_and(|at| at.with_timezone(&zone).date_naive() <= app.today())
}

fn frame(app: &App, work: &Work) -> Frame {
    Frame::own(app, &path(&work.meeting), &work.member)
}

fn path(meeting: &Meeting) -> String {
    format!("{}/attendance", meeting.path())
}

/// `GET /meetings/{id}/attendance`.
pub async fn show(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let page = frame(&app, &work).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&roll_page(&app, &work, page, &Form::new()).await?)
}

/// A meeting in the right hands whose day has come, for marks.
pub(super) struct OnTheDay(Work);

impl FromRequestParts<App> for OnTheDay {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let work = Work::from_request_parts(parts, app).await?;
        if has_come(app, &work.meeting) { Ok(Self(work)) } else { Err(Error::NotFound) }
    }
}

async fn line(app: &App, work: &Work, seat: Uuid) -> Result<Line, Error> {
    let roll = roll::call(&app.db, &work.meeting).await?;
    roll.lines.into_iter().find(|line| line.seat.id == seat).ok_or(Error::NotFound)
}

#[derive(Template)]
#[template(path = "meetings/attendance/one.html")]
struct OnePage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    line: &'a Line,
    form: &'a Form,
    overtaken: String,
}

impl OnePage<'_> {
    fn presences(&self) -> Vec<(&'static str, &'static str)> {
        Presence::ALL.into_iter().map(|one| (one.key(), one.label())).collect()
    }
}

/// `GET /meetings/{id}/attendance/seats/{seat}`: numbers and names of one group.
pub async fn one(
    State(app): State<App>,
    OnTheDay(work): OnTheDay,
    Path((_, seat)): Path<(String, Uuid)>,
) -> Result<Response, Error> {
    let line = line(&app, &work, seat).await?;
    let form = form::filled(&line);
    let page = frame(&app, &work);
    html(&OnePage { page, meeting: &work.meeting, line: &line, form: &form, overtaken: String::new() })
}

/// `POST /meetings/{id}/attendance/seats/{seat}`: one tap, or everything about one group.
pub async fn tick(
    State(app): State<App>,
    OnTheDay(work): OnTheDay,
    Path((_, seat)): Path<(String, Uuid)>,
    mut form: Form,
) -> Result<Response, Error> {
    let line = line(&app, &work, seat).await?;
    let tap = form.get("tap").to_owned();
    let seen = form.get("version").parse().unwrap_or_default();
    let typed = match (Presence::from_key(&tap), tap.is_empty()) {
        (Some(presence), _) => Some(form::tapped(&line, presence)),
        (None, false) => None,
        (None, true) => match form::read(&mut form) {
            Some(typed) => Some(typed),
            None => {
                let page = frame(&app, &work);
                let overtaken = String::new();
                return unfit(&OnePage { page, meeting: &work.meeting, line: &line, form: &form, overtaken });
            }
        },
    };
    match write(&app, &work, seat, typed.as_ref(), seen).await? {
        Marked::Overtaken => overtaken(&app, &work, seat, form).await,
        Marked::Closed => Ok(see(&path(&work.meeting))),
        Marked::Done | Marked::Same => Ok(see(&format!("{}#seat-{seat}", path(&work.meeting)))),
    }
}

async fn write(app: &App, work: &Work, seat: Uuid, typed: Option<&Typed>, seen: i32) -> Result<Marked, Error> {
    let (ids, by) = ((work.meeting.id, seat), work.member.account.shown_name());
    let transaction = db::begin(&app.db).await?;
    let marked = match typed {
        Some(typed) => mark::put(&transaction, ids, &typed.draft(), seen, (by, app.clock.now())).await?,
        None => mark::clear(&transaction, ids, seen).await?,
    };
    if marked == Marked::Done {
        transaction.commit().await?;
    }
    Ok(marked)
}

/// Says what somebody else marked meanwhile; pressing once more marks over it.
async fn overtaken(app: &App, work: &Work, seat: Uuid, mut form: Form) -> Result<Response, Error> {
    let now = line(app, work, seat).await?;
    let by = now.mark.as_ref().map_or("", |mark| mark.marked_by.as_str());
    let told =
        format!("ほかの方({by})が、先に「{}」と付けました。それでも変えるときは、もう一度押してください。", now.word());
    if !form.get("tap").is_empty() {
        let none = Form::new();
        let page = roll_page(app, work, frame(app, work), &none).await?;
        return unfit(&RollPage { overtaken: Some((seat, told)), ..page });
    }
    form.set("version", now.version().to_string());
    unfit(&OnePage { page: frame(app, work), meeting: &work.meeting, line: &now, form: &form, overtaken: told })
}

/// `POST /meetings/{id}/attendance/guests`: somebody who came without an invitation.
pub async fn welcome(State(app): State<App>, OnTheDay(work): OnTheDay, mut form: Form) -> Result<Response, Error> {
    let guest = Uuid::parse_str(form.get("guest")).unwrap_or_else(|_| new_id());
    let Some((name, typed)) = form::read_guest(&mut form) else {
        let page = roll_page(&app, &work, frame(&app, &work), &form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    };
    let (ids, by) = ((work.meeting.id, guest), (work.member.account.shown_name(), app.clock.now()));
    let transaction = db::begin(&app.db).await?;
    if mark::welcome(&transaction, ids, (&name, &typed.draft()), by).await? == Marked::Done {
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=welcomed#guests", path(&work.meeting))))
}

/// `POST /meetings/{id}/attendance/guests/{guest}`: takes a guest off the list again.
pub async fn send_off(
    State(app): State<App>,
    OnTheDay(work): OnTheDay,
    Path((_, guest)): Path<(String, Uuid)>,
) -> Result<Response, Error> {
    let transaction = db::begin(&app.db).await?;
    if mark::send_off(&transaction, work.meeting.id, guest).await? == Marked::Done {
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=off#guests", path(&work.meeting))))
}

/// `POST /meetings/{id}/attendance/names/{mark}`: somebody does not want their name in the minutes any more, also in published ones.
pub async fn withhold(
    State(app): State<App>,
    Path((_, mark)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let (meeting, now) = (&work.meeting, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if mark::withhold(&transaction, meeting.id, mark).await? {
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        let told = (json!({ "議事録の氏名": "公開" }), json!({ "議事録の氏名": "公開しない" }));
        record(&transaction, &work.member.actor(), about, "氏名の公開の取りやめ", told, now).await?;
        revision::bump(&transaction, Scope::Calendar, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=withheld", path(meeting))))
}
