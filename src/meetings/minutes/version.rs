//! A published version of the minutes, kept as it was published, also when it was withdrawn to be corrected.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::document::Document;
use super::minute::change;
use crate::clock::new_id;
use crate::db::statement;

/// A published version.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Version {
    /// Which one, from 1.
    pub number: i32,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// By whom.
    pub published_by: String,
    /// When it was withdrawn to be corrected.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

/// All versions of a meeting's minutes, the first first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Version>, DbErr> {
    let sql = "SELECT number, published_at, published_by, withdrawn_at, reason FROM minutes_versions
        WHERE meeting_id = ? ORDER BY number";
    Version::find_by_statement(statement(db.get_database_backend(), sql, vec![meeting_id.into()])).all(db).await
}

/// Keeps what is published now.
pub async fn keep(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    document: &Document,
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let number = of_meeting(db, meeting_id).await?.last().map_or(1, |version| version.number + 1);
    let sql = "INSERT INTO minutes_versions (id, meeting_id, number, content, published_at, published_by, withdrawn_by,
        reason) VALUES (?, ?, ?, ?, ?, ?, '', '')";
    let content = serde_json::to_value(document).unwrap_or_default();
    let values = vec![new_id().into(), meeting_id.into(), number.into(), content.into(), now.into(), by.into()];
    change(db, sql, values).await?;
    Ok(())
}

/// Writes down that the version that stands is withdrawn.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    reason: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let sql = "UPDATE minutes_versions SET withdrawn_at = ?, withdrawn_by = ?, reason = ?
        WHERE meeting_id = ? AND withdrawn_at IS NULL";
    change(db, sql, vec![now.into(), by.into(), reason.into(), meeting_id.into()]).await?;
    Ok(())
}
