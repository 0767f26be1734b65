//! Reminding until the minutes are out: first whoever has to write them, then whoever has to check them.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};
use uuid::Uuid;

use super::minute::{self, change};
use super::{letters, review};
use crate::city::settings;
use crate::db::{self, statement};
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::stewards;
use crate::meetings::work_pages::when;

/// Writes about every meeting whose minutes are late, each at most once in the days that the city set; tells about how many.
pub async fn nag(connection: &DatabaseConnection, desk: &Desk<'_>) -> Result<usize, Fault> {
    let days = desk.city.settings.number(settings::MINUTES_DAYS);
    let before = desk.now - Duration::days(i64::from(days));
    let mut told = 0;
    for id in late(connection, before).await? {
        let transaction = db::begin(connection).await?;
        if claim(&transaction, id, (before, desk.now)).await?
            && let Some(meeting) = meeting::find(&transaction, id).await?
        {
            write(&transaction, desk, &meeting).await?;
            transaction.commit().await?;
            told += 1;
        }
    }
    Ok(told)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Meetings that ended before a moment, were not cancelled and have no published minutes.
async fn late(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT m.id FROM meetings m LEFT JOIN meeting_minutes n ON n.meeting_id = m.id
        WHERE m.held_at IS NOT NULL AND m.published_at IS NULL AND m.cancelled_at IS NULL AND m.ends_at <= ?
        AND (n.reminded_at IS NULL OR n.reminded_at <= ?) ORDER BY m.ends_at, m.id";
    let query = statement(db.get_database_backend(), sql, vec![before.into(), before.into()]);
    Ok(Row::find_by_statement(query).all(db).await?.into_iter().map(|row| row.id).collect())
}

/// Takes the turn to write about a meeting, so that no other replica does.
async fn claim(
    db: &impl ConnectionTrait,
    id: Uuid,
    (before, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool, DbErr> {
    if !minute::open(db, id, now).await? {
        return Ok(false);
    }
    let sql = "UPDATE meeting_minutes SET reminded_at = ?, reminders = reminders + 1
        WHERE meeting_id = ? AND (reminded_at IS NULL OR reminded_at <= ?)";
    change(db, sql, vec![now.into(), id.into(), before.into()]).await
}

async fn write(db: &impl ConnectionTrait, desk: &Desk<'_>, meeting: &Meeting) -> Result<(), Fault> {
    let minutes = minute::of_meeting(db, meeting.id).await?;
    if minutes.submitted_at.is_some() && !minutes.is_checked() {
        let seats = review::asked(db, meeting, &minutes).await?;
        review::ask(db, desk, (meeting, &seats), &letters::CHECK_AGAIN).await?;
    }
    let days = meeting.ends_at.map_or(0, |at| (desk.now - at).num_days()).to_string();
    let (day, address) = (when(meeting, desk.city.profile.zone), desk.url(&format!("{}/minutes", meeting.path())));
    let values = [("日時", day.as_str()), ("日数", days.as_str()), ("ページ", address.as_str())];
    stewards::tell(db, desk, meeting, (&letters::LATE, &values)).await?;
    Ok(())
}
