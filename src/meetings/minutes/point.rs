//! A point of the agenda with what was said about it (要点).

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::minute::change;
use crate::db::statement;

/// A point of the agenda.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Point {
    /// Identifier.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// How long it was to take.
    pub minutes: i32,
    /// Who spoke; may be empty.
    pub speaker: String,
    /// What was said.
    pub summary: String,
    /// Counts its changes.
    pub summary_version: i32,
    /// Who wrote it last.
    pub summary_by: String,
}

/// The points of a meeting's agenda, in their order.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Point>, DbErr> {
    let sql = "SELECT id, title, minutes, speaker, summary, summary_version, summary_by FROM agenda_items
        WHERE meeting_id = ? AND state = 'listed' ORDER BY position, id";
    Point::find_by_statement(statement(db.get_database_backend(), sql, vec![meeting_id.into()])).all(db).await
}

/// Writes what was said; says whether it did: not when somebody changed it since this version.
pub async fn write(
    db: &impl ConnectionTrait,
    (meeting_id, id, seen): (Uuid, Uuid, i32),
    summary: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE agenda_items SET summary = ?, summary_version = summary_version + 1, summary_by = ?,
        summary_at = ?, updated_at = ? WHERE id = ? AND meeting_id = ? AND summary_version = ?";
    let values = vec![summary.into(), by.into(), now.into(), now.into(), id.into(), meeting_id.into(), seen.into()];
    change(db, sql, values).await
}
