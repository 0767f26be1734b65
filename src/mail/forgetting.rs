//! Letters that somebody ordered for themselves: whether their address takes them, and forgetting them.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::line::NO_SUCH_ADDRESS;
use super::returned::CAME_BACK;
use crate::db::{placeholders, statement};

/// Addresses that took none of the last letters of these kinds: at least so many in a row were refused for good or came back.
pub async fn refusing(db: &impl ConnectionTrait, kinds: &[&str], in_a_row: i64) -> Result<Vec<String>, DbErr> {
    let marks = placeholders(kinds.len());
    let sql = format!(
        "SELECT l.to_mail FROM letters l WHERE l.kind IN ({marks}) AND l.state = 'failed'
        AND (l.fault LIKE (? || '%') OR l.fault LIKE (? || '%'))
        AND NOT EXISTS (SELECT 1 FROM letters s WHERE s.to_mail = l.to_mail AND s.kind IN ({marks})
            AND s.state = 'sent' AND s.created_at > l.created_at)
        GROUP BY l.to_mail HAVING COUNT(*) >= ? ORDER BY l.to_mail"
    );
    let kinds = || kinds.iter().map(|kind| Value::from(*kind));
    let values = kinds().chain([NO_SUCH_ADDRESS.into(), CAME_BACK.into()]).chain(kinds()).chain([in_a_row.into()]);
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    rows.iter().map(|row| row.try_get("", "to_mail")).collect()
}

/// Forgets the letters of these kinds to an address, except one that is on its way at this moment.
pub async fn forget_of(db: &impl ConnectionTrait, kinds: &[&str], mail: &str) -> Result<(), DbErr> {
    let marks = placeholders(kinds.len());
    let sql = format!("DELETE FROM letters WHERE to_mail = ? AND kind IN ({marks}) AND state <> 'sending'");
    let values = [mail].iter().chain(kinds).map(|text| Value::from(*text)).collect();
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(())
}

/// Forgets the letters of these kinds that were written before a moment and are no longer on their way.
pub async fn forget_before(db: &impl ConnectionTrait, kinds: &[&str], before: DateTime<Utc>) -> Result<(), DbErr> {
    let marks = placeholders(kinds.len());
    let sql = format!(
        "DELETE FROM letters WHERE kind IN ({marks}) AND created_at < ? AND state IN ('sent', 'failed', 'cancelled')"
    );
    let values = kinds.iter().map(|kind| Value::from(*kind)).chain([before.into()]).collect();
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(())
}
