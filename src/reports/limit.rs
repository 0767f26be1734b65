//! Counting what comes from one network, so that nobody floods the office.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::statement;

/// Reports from one network within an hour.
const MOST: i32 = 5;
/// Length of a slot in seconds.
const SLOT_SECONDS: i64 = 3600;

/// Counts one more report from a network; says whether it may still be taken.
pub(super) async fn count(db: &impl ConnectionTrait, network: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "INSERT INTO counts (key, slot, count) VALUES (?, ?, 1)
        ON CONFLICT (key, slot) DO UPDATE SET count = counts.count + 1 RETURNING count";
    let values = vec![format!("report:{network}").into(), (now.timestamp() / SLOT_SECONDS).into()];
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    let count: i32 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count <= MOST)
}
