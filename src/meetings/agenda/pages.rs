//! The agenda as those who convene write it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::carried::{self, Carried};
use super::form;
use super::item::{self, Draft, Item, Origin};
use super::outline;
use super::shown::{self, Agenda, Eye};
use super::stage::Stage;
use super::work_path;
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::rights::Work;
use crate::meetings::work_pages::when;
use crate::revision::{self, Scope};
use crate::text::day;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 11] = [
    ("added", "議題を加えました。"),
    ("changed", "議題を直しました。"),
    ("moved", "順番を変えました。"),
    ("removed", "議題を外しました。下の「外した議題」から戻せます。"),
    ("returned", "議題を戻しました。いちばん後ろに入っています。"),
    ("taken", "持ち越しを、時間や説明を書ける議題にしました。"),
    ("left", "この会議では取り上げないことにしました。"),
    ("until", "提案の締切を保存しました。"),
    ("accepted", "提案を採用しました。団体に、お知らせの手紙を送ります。"),
    ("declined", "提案を見送りました。団体に、お知らせの手紙を送ります。"),
    ("paper", "決定を保存しました。メールの届く担当者がいないため、電話などで団体にお知らせください。"),
];

#[derive(Template)]
#[template(path = "meetings/agenda/agenda.html")]
pub(super) struct AgendaPage<'a> {
    pub(super) page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    when: String,
    agenda: Agenda,
    /// Carried over, each with whether all groups may read of it.
    carried: Vec<(Carried, bool)>,
    proposals: Vec<Item>,
    decided: Vec<Item>,
    removed: Vec<Item>,
    told: String,
    is_over: bool,
    until: String,
    /// Whether somebody else changed it meanwhile.
    pub(super) stale: bool,
}

impl AgendaPage<'_> {
    /// Whether the agenda may still be written.
    fn is_open(&self) -> bool {
        self.meeting.state().is_open()
    }
}

/// A moment in words, such as 令和8年12月10日(木) 17:00; empty for none.
pub(super) fn moment(at: Option<chrono::DateTime<chrono::Utc>>, zone: chrono_tz::Tz) -> String {
    let at = at.map(|at| at.with_timezone(&zone));
    at.map(|at| format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))).unwrap_or_default()
}

/// The page, with what was typed.
pub(super) async fn agenda_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<AgendaPage<'a>, Error> {
    let (meeting, zone) = (&work.meeting, app.city().profile.zone);
    let agenda = shown::read(&app.db, meeting, Eye::Convener, zone).await?;
    let shared = shown::read(&app.db, meeting, Eye::Groups, zone).await?.carried;
    let is_shared = |one: &Carried| shared.iter().any(|other| other.id == one.id);
    let all = item::of_meeting(&app.db, meeting.id).await?;
    let of = |wanted: fn(&Item) -> bool| all.iter().filter(|item| wanted(item)).cloned().collect::<Vec<_>>();
    let (total, length) = (agenda.total(), outline::length(meeting));
    let open = agenda.lines.iter().filter(|line| line.item.minutes == 0).count();
    Ok(AgendaPage {
        page: Frame::own(app, &work_path(meeting.id), &work.member),
        when: when(meeting, zone),
        carried: agenda.carried.iter().map(|one| (one.clone(), is_shared(one))).collect(),
        proposals: of(|item| item.stage() == Stage::Proposed),
        decided: of(|item| item.seat_id.is_some() && matches!(item.stage(), Stage::Declined | Stage::Withdrawn)),
        removed: of(|item| item.stage() == Stage::Removed),
        told: outline::told(total, length, open),
        is_over: total > length,
        until: moment(meeting.agenda_until, zone),
        stale: false,
        agenda,
        meeting,
        form,
    })
}

/// A form with the deadline and an item still to be written.
pub(super) fn fresh(meeting: &Meeting, zone: chrono_tz::Tz) -> Form {
    let mut form = Form::filled([("id", new_id().to_string()), ("was", was(meeting))]);
    if let Some(until) = meeting.agenda_until.map(|until| until.with_timezone(&zone)) {
        form.set("until", until.date_naive().to_string());
        form.set("until_time", until.format("%H:%M").to_string());
    }
    form
}

/// The deadline as a form knows it.
pub(super) fn was(meeting: &Meeting) -> String {
    meeting.agenda_until.map(|until| until.to_rfc3339()).unwrap_or_default()
}

/// `GET /meetings/{id}/agenda`.
pub async fn show(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let form = fresh(&work.meeting, app.city().profile.zone);
    let shown = agenda_page(&app, &work, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&AgendaPage { page, ..shown })
}

/// The page once more because somebody else was faster; nothing was written.
pub(super) async fn overtaken(app: &App, work: &Work) -> Result<Response, Error> {
    let meeting = meeting::find(&app.db, work.meeting.id).await?.ok_or(Error::NotFound)?;
    let form = fresh(&meeting, app.city().profile.zone);
    let work = Work { meeting, member: work.member.clone() };
    let page = AgendaPage { stale: true, ..agenda_page(app, &work, &form).await? };
    Ok((axum::http::StatusCode::CONFLICT, html(&page)?).into_response())
}

/// `POST /meetings/{id}/agenda`: adds an item; the same form sent twice adds one.
pub async fn add(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let meeting = &work.meeting;
    let Some(draft) = form::read(&mut form) else {
        return unfit(&agenda_page(&app, &work, &kept(form, &work, &app)).await?);
    };
    let (id, now) = (Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id()), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if !item::hold(&transaction, meeting.id).await? {
        form.fault("title", "会議が中止になったか、議事録を公開したため、議題を加えられません。");
        return unfit(&agenda_page(&app, &work, &kept(form, &work, &app)).await?);
    }
    if item::insert(&transaction, (id, meeting.id), (&draft, Stage::Listed), Origin::default(), now).await? {
        note(&transaction, &work, "議題の追加", (json!(null), told(&draft)), now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=added", work_path(meeting.id))))
}

/// What was typed, with the deadline's own fields beside it.
fn kept(mut form: Form, work: &Work, app: &App) -> Form {
    for (name, value) in fresh(&work.meeting, app.city().profile.zone).values() {
        if !form.sent(name) {
            form.set(name, value.clone());
        }
    }
    form
}

/// What an item says, for the trail.
pub(super) fn told(draft: &Draft) -> serde_json::Value {
    json!({ "議題": draft.title, "説明": draft.words, "時間(分)": draft.minutes, "説明する人": draft.speaker })
}

/// The same of an item as it is kept.
pub(super) fn told_of(item: &Item) -> serde_json::Value {
    json!({ "議題": item.title, "説明": item.words, "時間(分)": item.minutes, "説明する人": item.speaker })
}

/// Writes a change of the agenda down, and lets the public page of the meeting be made anew.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    work: &Work,
    action: &str,
    told: (serde_json::Value, serde_json::Value),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), sea_orm::DbErr> {
    let about = (work.meeting.id, work.meeting.title.as_str(), work.meeting.convener_group);
    record(db, &work.member.actor(), about, action, told, now).await?;
    if work.meeting.public && work.meeting.entry_id.is_some() {
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(())
}

/// Something carried over to this meeting.
pub(super) async fn find_carried(app: &App, work: &Work, id: Uuid) -> Result<Option<Carried>, Error> {
    Ok(carried::of_meeting(&app.db, &work.meeting).await?.into_iter().find(|one| one.id == id))
}
