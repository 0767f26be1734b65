//! Busy times out of somebody's own calendar: nothing but from when until when.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;

/// Rows written with one statement.
const AT_ONCE: usize = 200;

/// A time at which somebody is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<(Uuid, Busy)>, DbErr> {
    let sql = format!("SELECT account_id, starts_at, ends_at FROM outreach_busy {rest} ORDER BY starts_at, ends_at");
    let rows = Row::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    let busy = |row: Row| (row.account_id, Busy { starts_at: row.starts_at, ends_at: row.ends_at });
    Ok(rows.into_iter().map(busy).collect())
}

/// When anybody is busy within a span of time.
pub async fn within(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(Uuid, Busy)>, DbErr> {
    select(db, "WHERE starts_at < ? AND ends_at > ?", vec![until.into(), from.into()]).await
}

/// When somebody is busy within a span of time.
pub async fn of(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Busy>, DbErr> {
    let rest = "WHERE account_id = ? AND starts_at < ? AND ends_at > ?";
    let rows = select(db, rest, vec![account_id.into(), until.into(), from.into()]).await?;
    Ok(rows.into_iter().map(|(_, busy)| busy).collect())
}

/// Puts these times in place of those that somebody had.
pub(super) async fn replace(db: &impl ConnectionTrait, account_id: Uuid, busy: &[Busy]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "DELETE FROM outreach_busy WHERE account_id = ?";
    db.execute_raw(statement(backend, sql, vec![account_id.into()])).await?;
    for some in busy.chunks(AT_ONCE) {
        let marks = vec!["(?, ?, ?)"; some.len()].join(", ");
        let sql = format!("INSERT INTO outreach_busy (account_id, starts_at, ends_at) VALUES {marks}");
        let row = |busy: &Busy| -> [Value; 3] { [account_id.into(), busy.starts_at.into(), busy.ends_at.into()] };
        db.execute_raw(statement(backend, &sql, some.iter().flat_map(row).collect())).await?;
    }
    Ok(())
}
