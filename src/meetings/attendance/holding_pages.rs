//! Saying that a meeting took place, and taking that back while its minutes are not out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::roll::{self, Roll};
use crate::app::App;
use crate::db::{self, statement};
use crate::error::Error;
use crate::meetings::agenda;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::work_pages::when;
use crate::meetings::{calendar_entry, work_path};
use crate::web::{Form, Frame, html, see};

#[derive(Template)]
#[template(path = "meetings/attendance/holding.html")]
struct HoldingPage {
    page: Frame,
    meeting: Meeting,
    when: String,
    roll: Roll,
    /// Whether it has begun by now.
    has_begun: bool,
}

/// `GET /meetings/{id}/holding`: what follows from saying that the meeting took place.
pub async fn ask(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let meeting = work.meeting;
    html(&HoldingPage {
        page: Frame::own(&app, &format!("{}/holding", meeting.path()), &work.member),
        when: when(&meeting, app.city().profile.zone),
        roll: roll::call(&app.db, &meeting).await?,
        has_begun: meeting.starts_at.is_some_and(|at| at <= app.clock.now()),
        meeting,
    })
}

/// `POST /meetings/{id}/holding`.
pub async fn hold(State(app): State<App>, work: Work, form: Form) -> Result<Response, Error> {
    let (city, host, meeting) = (app.city(), app.config.host(), &work.meeting);
    let desk = Desk::open(&app, &city, &host);
    let is_undone = form.get("do") == "undo";
    let by = (work.member.account.shown_name(), desk.now);
    let transaction = db::begin(&app.db).await?;
    if !is_undone {
        // What is carried over stands on this agenda for good, so that the minutes can say what became of it.
        agenda::keep_carried(&transaction, meeting, desk.now).await?;
    }
    let done = if is_undone {
        unhold(&transaction, meeting.id, desk.now).await?
    } else {
        hold_meeting(&transaction, meeting.id, by).await?
    };
    if done {
        let roll = roll::call(&transaction, meeting).await?;
        let told = json!({ "出席した団体": roll.groups(), "人数": roll.people() });
        let action = if is_undone { "会議の開催済みの取り消し" } else { "会議の開催" };
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        record(&transaction, &work.member.actor(), about, action, (json!(null), told), desk.now).await?;
        calendar_entry::keep(&transaction, &desk, meeting.id).await?;
        transaction.commit().await?;
    }
    if is_undone {
        return Ok(see(&format!("{}/attendance?done=undone", meeting.path())));
    }
    Ok(see(&format!("{}?done=held", work_path(meeting.id))))
}

/// Says that a meeting took place; says whether it did: not before it began, and not for a cancelled one.
pub async fn hold_meeting(
    db: &impl ConnectionTrait,
    id: Uuid,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET held_at = ?, held_by = ?, version = version + 1, updated_at = ? WHERE id = ?
        AND held_at IS NULL AND cancelled_at IS NULL AND starts_at <= ?";
    let values = vec![now.into(), by.into(), now.into(), id.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

async fn unhold(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET held_at = NULL, held_by = '', version = version + 1, updated_at = ? WHERE id = ?
        AND held_at IS NOT NULL AND published_at IS NULL";
    let values = vec![now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
