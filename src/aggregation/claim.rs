//! Whose turn it is: each source is read by one replica at a time, and each server is asked by one alone.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::source::{self, Source};
use crate::db::{placeholders, statement};

/// Minutes for which a reader has its sources to itself: enough for all that it takes at once, two by two, however slow their servers.
const CLAIM_MINUTES: i64 = 3;
/// Most sources of one server that are taken at once.
const OF_A_HOST: i64 = 6;
/// Most sources that are taken at once.
const AT_ONCE: i64 = 48;

/// Takes sources whose turn it is, of servers that nobody else is asking just now.
pub async fn claim(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Source>, DbErr> {
    let until = now + TimeDelta::minutes(CLAIM_MINUTES);
    let sql = "UPDATE sources SET claimed_until = ? WHERE id IN (SELECT q.id FROM (
            SELECT s.id, s.next_check_at, ROW_NUMBER() OVER (PARTITION BY s.host ORDER BY s.next_check_at, s.id) AS place
            FROM sources s WHERE s.state = 'active' AND s.way = 'address' AND s.next_check_at <= ?
            AND (s.claimed_until IS NULL OR s.claimed_until <= ?)
            AND NOT EXISTS (SELECT 1 FROM sources b WHERE b.host = s.host AND b.claimed_until > ?)) q
        WHERE q.place <= ? ORDER BY q.next_check_at, q.id LIMIT ?)
        AND (claimed_until IS NULL OR claimed_until <= ?) RETURNING id";
    let values = vec![until.into(), now.into(), now.into(), now.into(), OF_A_HOST.into(), AT_ONCE.into(), now.into()];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    let ids: Vec<Value> =
        rows.iter().map(|row| row.try_get::<Uuid>("", "id").map(Value::from)).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    source::select(db, &format!("WHERE s.id IN ({marks}) ORDER BY s.host, s.next_check_at, s.id"), ids).await
}

/// Takes one source by hand, whenever its turn would be, unless somebody is reading it.
pub async fn claim_one(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<Option<Source>, DbErr> {
    let until = now + TimeDelta::minutes(CLAIM_MINUTES);
    let sql = "UPDATE sources SET claimed_until = ? WHERE id = ? AND state IN ('active', 'paused') AND way = 'address'
        AND (claimed_until IS NULL OR claimed_until <= ?)";
    let values = vec![until.into(), id.into(), now.into()];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    if done.rows_affected() == 0 { Ok(None) } else { source::find(db, id).await }
}
