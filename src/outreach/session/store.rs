//! Writing sessions: each change is conditional and says whether it did.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::session::Place;
use crate::db::statement;

/// Writes a new session down, held.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, request_id): (Uuid, Uuid),
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    place: &Place,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO outreach_sessions (id, request_id, state, starts_at, ends_at, town_key, facility_id, place,
        place_address, confirmed_by, cancelled_by, cancel_reason, version, created_by, created_at, updated_at)
        VALUES (?, ?, 'tentative', ?, ?, ?, ?, ?, ?, '', '', '', 1, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        request_id.into(),
        starts.into(),
        ends.into(),
        place.town_key.clone().into(),
        place.facility_id.into(),
        place.place.clone().into(),
        place.address.clone().into(),
        by.into(),
        now.into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Moves a session to another time or place; says whether it did: not when it changed since this version, or was cancelled.
pub async fn shift(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    place: &Place,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET starts_at = ?, ends_at = ?, town_key = ?, facility_id = ?, place = ?,
        place_address = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ? AND state <> 'cancelled'";
    let values = vec![
        starts.into(),
        ends.into(),
        place.town_key.clone().into(),
        place.facility_id.into(),
        place.place.clone().into(),
        place.address.clone().into(),
        now.into(),
        id.into(),
        version.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Decides for a session that is held; says whether it did.
pub async fn confirm(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql =
        "UPDATE outreach_sessions SET state = 'confirmed', confirmed_at = ?, confirmed_by = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ? AND state = 'tentative'";
    let values = vec![now.into(), by.into(), now.into(), id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Calls a session off; says whether it did: not when it was before.
pub async fn cancel(
    db: &impl ConnectionTrait,
    id: Uuid,
    reason: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET state = 'cancelled', cancelled_at = ?, cancelled_by = ?, cancel_reason = ?,
        version = version + 1, updated_at = ? WHERE id = ? AND state <> 'cancelled'";
    let values = vec![now.into(), by.into(), reason.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Offers a held session to the applicant until a moment; says whether it did.
pub async fn offer(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET offered_at = ?, offer_until = ?, declined_at = NULL, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ? AND state = 'tentative'";
    let values = vec![now.into(), until.into(), now.into(), id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Notes that the applicant declined what was offered.
pub async fn decline(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE outreach_sessions SET declined_at = ? WHERE id = ? AND offered_at IS NOT NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), id.into()])).await?;
    Ok(())
}

/// Ties a session to its entry in the calendar.
pub async fn tie(db: &impl ConnectionTrait, id: Uuid, entry_id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE outreach_sessions SET entry_id = ? WHERE id = ? AND entry_id IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![entry_id.into(), id.into()])).await?;
    Ok(())
}
