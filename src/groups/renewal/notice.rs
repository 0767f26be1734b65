//! A warning that a group will rest, or rests, for want of a confirmation: on the office's list until somebody has seen it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;

/// A warning that staff have not seen yet.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Notice {
    /// The group.
    pub group_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its telephone, published or not; empty where there is none.
    pub phone: String,
    /// When it was warned.
    pub announced_at: DateTime<Utc>,
    /// The day on which it rests unless it confirms.
    pub rest_on: NaiveDate,
    /// When it came to rest.
    pub rested_at: Option<DateTime<Utc>>,
}

/// The warnings that staff have not seen yet, the oldest first.
pub async fn unseen(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Notice>, DbErr> {
    let sql = "SELECT n.group_id, g.name, COALESCE(c.value, '') AS phone, n.announced_at, n.rest_on, n.rested_at
        FROM rest_notices n JOIN groups g ON g.id = n.group_id
        LEFT JOIN group_contacts c ON c.group_id = n.group_id AND c.kind = 'phone'
        WHERE n.seen_at IS NULL ORDER BY n.announced_at, n.group_id LIMIT ?";
    Notice::find_by_statement(statement(db.get_database_backend(), sql, vec![most.into()])).all(db).await
}

/// Takes a warning off the office's list; says whether it was there.
pub async fn see(db: &impl ConnectionTrait, group_id: Uuid, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE rest_notices SET seen_at = ?, seen_by = ? WHERE group_id = ? AND seen_at IS NULL";
    let values = vec![now.into(), by.into(), group_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
