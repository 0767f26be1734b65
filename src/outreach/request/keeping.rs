//! Keeping requests: typed, shown to be the applicant's, received, changed, withdrawn. Each step is one conditional change.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::draft::{self, Draft};
use super::wish;
use crate::audit::Channel;
use crate::db::{placeholders, statement};
use crate::outreach::numbers;
use crate::text::wareki;

/// Writes a request down that nobody sees yet; says whether it did: not when the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    draft: &Draft,
    (channel, by): (Channel, &str),
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let columns = draft::COLUMNS.join(", ");
    let marks = placeholders(draft::COLUMNS.len());
    let sql = format!(
        "INSERT INTO outreach_requests (id, fiscal_year, {columns}, insists, channel, entered_by, decision, withdrawn_by,
        withdraw_reason, version, created_at, updated_at)
        VALUES (?, ?, {marks}, ?, ?, ?, '', '', '', 1, ?, ?) ON CONFLICT (id) DO NOTHING"
    );
    let mut values = vec![id.into(), wareki::fiscal_year(today).into()];
    values.extend(draft::values(draft));
    values.extend([draft.insists.into(), channel.key().into(), by.into(), now.into(), now.into()]);
    let done = db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0;
    if done {
        wish::set(db, id, &draft.wishes).await?;
    }
    Ok(done)
}

/// Changes what is asked for while it is not decided; says whether it did: not when somebody changed it since this version.
pub async fn update(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let columns = draft::COLUMNS.map(|column| format!("{column} = ?")).join(", ");
    let sql = format!(
        "UPDATE outreach_requests SET {columns}, insists = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND decided_at IS NULL AND withdrawn_at IS NULL"
    );
    let mut values = draft::values(draft);
    values.extend([draft.insists.into(), now.into(), id.into(), version.into()]);
    let done = db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0;
    if done {
        wish::set(db, id, &draft.wishes).await?;
    }
    Ok(done)
}

/// The office receives a request: it gets its number, and the decision is due from now; says whether it did. `verified` says
/// that the owner of the address has shown that it is theirs.
pub async fn receive(
    db: &impl ConnectionTrait,
    id: Uuid,
    verified: bool,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let year = wareki::fiscal_year(today);
    let sql = "UPDATE outreach_requests SET received_at = ?, verified_at = ?, fiscal_year = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND received_at IS NULL AND withdrawn_at IS NULL";
    let values = vec![now.into(), verified.then_some(now).into(), year.into(), now.into(), id.into()];
    if db.execute_raw(statement(backend, sql, values)).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let number = numbers::next(db, numbers::RECEIPTS, year).await?;
    let sql = "UPDATE outreach_requests SET number = ? WHERE id = ?";
    db.execute_raw(statement(backend, sql, vec![number.into(), id.into()])).await?;
    Ok(true)
}

/// Withdraws a request, decided or not; says whether it did.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    id: Uuid,
    reason: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql =
        "UPDATE outreach_requests SET withdrawn_at = ?, withdrawn_by = ?, withdraw_reason = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND withdrawn_at IS NULL AND decision <> 'refused'";
    let values = vec![now.into(), by.into(), reason.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Decides about a request; says whether it did: not when it was decided or withdrawn before, or changed since this version.
pub(in crate::outreach) async fn decide(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    decision: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_requests SET decided_at = ?, decision = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND received_at IS NOT NULL AND decided_at IS NULL AND withdrawn_at IS NULL";
    let values = vec![now.into(), decision.into(), now.into(), id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Forgets what nobody confirmed by the letter within so many days; says how many.
pub async fn forget(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "DELETE FROM outreach_requests WHERE received_at IS NULL AND updated_at < ?";
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?.rows_affected())
}
