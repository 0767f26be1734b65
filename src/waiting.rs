//! What waits for somebody in the office: each part of the house lists its own, `/staff` shows all of it together.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::statement;

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What it is, in the office's words: 申請, 変更, 引継ぎ, 受取り, 未確認, 予定, 情報源, 同じ予定, 会議, 議題の提案, 出前, 報告, メール, 届いたメール.
    pub kind: &'static str,
    /// What it is about, such as the name of the group.
    pub title: String,
    /// Where it is dealt with.
    pub path: String,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
}

/// How many wait: as many as were `found`, unless there may be more than the `most` that were asked for; only then does
/// `sql` count them, as `count`.
pub async fn counted(db: &impl ConnectionTrait, (found, most): (usize, u64), sql: &str) -> Result<i64, DbErr> {
    if u64::try_from(found).is_ok_and(|found| found < most) {
        return Ok(i64::try_from(found).unwrap_or(i64::MAX));
    }
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "count"))
}
