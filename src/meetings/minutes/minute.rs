//! The minutes of a meeting as they are kept: what was said in general, who was there for the office, and who has seen them.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;

/// The minutes as they are kept.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct Minutes {
    /// What was said in general.
    pub overview: String,
    /// Counts its changes.
    pub overview_version: i32,
    /// How many listened without taking part.
    pub observers: i32,
    /// Who was there for the office, in words.
    pub office_staff: String,
    /// Counts the changes of these two.
    pub facts_version: i32,
    /// When they were handed to those who check them.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the chair found them right.
    pub chair_seen_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub chair_seen_by: String,
    /// When an attendee found them right.
    pub attendee_seen_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub attendee_seen_by: String,
    /// The attendee that checks them; nothing where nobody but the chair was there.
    pub attendee_seat: Option<Uuid>,
    /// What those who check them want changed.
    pub remarks: String,
    /// Counts every change.
    pub version: i32,
}

impl Minutes {
    /// Whether the chair and the attendee found them right.
    pub fn is_checked(&self) -> bool {
        self.submitted_at.is_some()
            && self.chair_seen_at.is_some()
            && (self.attendee_seat.is_none() || self.attendee_seen_at.is_some())
    }
}

const COLUMNS: &str = "overview, overview_version, observers, office_staff, facts_version, submitted_at, chair_seen_at,
    chair_seen_by, attendee_seen_at, attendee_seen_by, attendee_seat, remarks, version";

/// The minutes of a meeting; empty ones while nothing was written.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Minutes, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_minutes WHERE meeting_id = ?");
    let query = statement(db.get_database_backend(), &sql, vec![meeting_id.into()]);
    Ok(Minutes::find_by_statement(query).one(db).await?.unwrap_or_default())
}

/// How often the minutes of a meeting were changed.
pub async fn version_of(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<i32, DbErr> {
    Ok(of_meeting(db, meeting_id).await?.version)
}

/// Takes the meeting's row for a change of its minutes within the caller's transaction; not while they are published, and not
/// for a meeting without a day.
pub async fn open(db: &impl ConnectionTrait, meeting_id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND fixed_at IS NOT NULL
        AND cancelled_at IS NULL AND published_at IS NULL";
    if db.execute_raw(statement(backend, sql, vec![meeting_id.into()])).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO meeting_minutes (meeting_id, overview, overview_version, observers, office_staff,
        submitted_by, chair_seen_by, attendee_seen_by, remarks, reminders, version, updated_at)
        VALUES (?, '', 0, 0, '', '', '', '', '', 0, 0, ?) ON CONFLICT (meeting_id) DO NOTHING";
    db.execute_raw(statement(backend, sql, vec![meeting_id.into(), now.into()])).await?;
    Ok(true)
}

/// Counts a change of any part: whoever had found the minutes right has not seen this.
pub async fn touch(db: &impl ConnectionTrait, meeting_id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE meeting_minutes SET version = version + 1, chair_seen_at = NULL, chair_seen_by = '',
        attendee_seen_at = NULL, attendee_seen_by = '', updated_at = ? WHERE meeting_id = ?";
    change(db, sql, vec![now.into(), meeting_id.into()]).await?;
    Ok(())
}

/// Writes the overview; says whether it did: not when somebody changed it since this version.
pub async fn write_overview(
    db: &impl ConnectionTrait,
    (meeting_id, seen): (Uuid, i32),
    overview: &str,
) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_minutes SET overview = ?, overview_version = overview_version + 1
        WHERE meeting_id = ? AND overview_version = ?";
    change(db, sql, vec![overview.into(), meeting_id.into(), seen.into()]).await
}

/// Writes who was there for the office and how many listened; says whether it did.
pub async fn write_facts(
    db: &impl ConnectionTrait,
    (meeting_id, seen): (Uuid, i32),
    (observers, office_staff): (i32, &str),
) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_minutes SET observers = ?, office_staff = ?, facts_version = facts_version + 1
        WHERE meeting_id = ? AND facts_version = ?";
    change(db, sql, vec![observers.into(), office_staff.into(), meeting_id.into(), seen.into()]).await
}

/// Runs a change of one row; says whether it found it.
pub(super) async fn change(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
