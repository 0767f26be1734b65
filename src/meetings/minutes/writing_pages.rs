//! Writing the minutes: one part for each point of the agenda, each saved by itself, also while typing (`static/minutes.js`).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::minute::{self, Minutes};
use super::part::{self, Saved};
use super::point::{self, Point};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::attendance::{self, Roll};
use crate::meetings::convening::record;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::tasks::decision::{self, Told};
use crate::meetings::work_pages::when;
use crate::web::{Form, Frame, Query, assets, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 4] = [
    ("saved", "保存しました。"),
    ("decided", "決まったことを書き加えました。"),
    ("changed", "決まったことを直しました。"),
    ("removed", "決まったことを消しました。"),
];
/// Most characters of a part.
const MOST: usize = 20_000;

/// A part that somebody else changed while it was being written.
struct Clash {
    part: String,
    /// What stands there now.
    stands: String,
    /// What was typed.
    typed: String,
}

#[derive(Template)]
#[template(path = "meetings/minutes/writing.html")]
struct WritingPage<'a> {
    page: Frame,
    script: String,
    meeting: &'a Meeting,
    when: String,
    minutes: Minutes,
    points: Vec<Point>,
    decisions: Vec<Told>,
    roll: Roll,
    is_open: bool,
    clash: Option<Clash>,
}

impl WritingPage<'_> {
    fn of_point(&self, point: &Uuid) -> Vec<&Told> {
        self.decisions.iter().filter(|one| one.decision.agenda_item_id == Some(*point)).collect()
    }

    /// Those that belong to no point of the agenda.
    fn others(&self) -> Vec<&Told> {
        let known = |id: Uuid| self.points.iter().any(|point| point.id == id);
        self.decisions.iter().filter(|one| !one.decision.agenda_item_id.is_some_and(known)).collect()
    }

    fn clash_of(&self, part: &str) -> Option<&Clash> {
        self.clash.as_ref().filter(|clash| clash.part == part)
    }

    /// The text of a part: what was typed, where it clashed with somebody else's.
    fn text<'a>(&'a self, part: &str, stands: &'a str) -> &'a str {
        self.clash_of(part).map_or(stands, |clash| clash.typed.as_str())
    }
}

async fn writing_page<'a>(app: &App, work: &'a Work, page: Frame) -> Result<WritingPage<'a>, Error> {
    let meeting = &work.meeting;
    Ok(WritingPage {
        page,
        script: assets::url("minutes.js"),
        when: when(meeting, app.city().profile.zone),
        minutes: minute::of_meeting(&app.db, meeting.id).await?,
        points: point::of_meeting(&app.db, meeting.id).await?,
        decisions: decision::of_meeting(&app.db, meeting.id).await?,
        roll: attendance::call(&app.db, meeting).await?,
        is_open: meeting.state().has_day() && meeting.published_at.is_none(),
        clash: None,
        meeting,
    })
}

/// Address of the minutes of a meeting.
pub(super) fn path(meeting: &Meeting) -> String {
    format!("{}/minutes", meeting.path())
}

/// `GET /meetings/{id}/minutes`.
pub async fn show(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let page = Frame::own(&app, &path(&work.meeting), &work.member);
    let page = page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&writing_page(&app, &work, page).await?)
}

/// `POST /meetings/{id}/minutes/parts/{part}`: saves one part. With `auto` the answer is the new version alone, or 409.
pub async fn save(
    State(app): State<App>,
    Path((_, part)): Path<(String, String)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let is_auto = form.get("auto") == "1";
    let typed = form.block("text", "要点", MOST);
    let observers = form.number("observers", "傍聴者の数", 0, 10_000).unwrap_or(0);
    if !form.is_fine() {
        let page = writing_page(&app, &work, Frame::own(&app, &path(&work.meeting), &work.member)).await?;
        let clash = Some(Clash { part, stands: String::new(), typed: form.get("text").to_owned() });
        return if is_auto {
            Ok(told(StatusCode::UNPROCESSABLE_ENTITY, ""))
        } else {
            unfit(&WritingPage { clash, ..page })
        };
    }
    let seen = form.get("version").parse().unwrap_or_default();
    match write(&app, &work, &part, (&typed, observers), seen).await? {
        Saved::Done { version, .. } if is_auto => Ok(told(StatusCode::OK, &version.to_string())),
        Saved::Done { .. } => Ok(see(&format!("{}?done=saved#part-{part}", path(&work.meeting)))),
        Saved::Clash(_) if is_auto => Ok(told(StatusCode::CONFLICT, "")),
        Saved::Clash(stands) => {
            let page = writing_page(&app, &work, Frame::own(&app, &path(&work.meeting), &work.member)).await?;
            unfit(&WritingPage { clash: Some(Clash { part, stands, typed }), ..page })
        }
        Saved::Closed if is_auto => Ok(told(StatusCode::GONE, "")),
        Saved::Closed => Ok(see(&path(&work.meeting))),
    }
}

fn told(status: StatusCode, text: &str) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    (status, [kind], text.to_owned()).into_response()
}

async fn write(app: &App, work: &Work, part: &str, (typed, observers): (&str, i32), seen: i32) -> Result<Saved, Error> {
    let (meeting, now) = (&work.meeting, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let by = (work.member.account.shown_name(), now);
    let saved = part::save(&transaction, (meeting.id, part, seen), (typed, observers), by).await?;
    if let Saved::Done { change: Some((name, before)), .. } = &saved {
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        let change = (json!({ name: before }), json!({ name: typed }));
        record(&transaction, &work.member.actor(), about, "議事録の記入", change, now).await?;
        transaction.commit().await?;
    }
    Ok(saved)
}
