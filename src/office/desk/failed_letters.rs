//! Letters that could not be delivered and wait for somebody to decide.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::waiting::Waiting;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    group_id: Option<Uuid>,
    to_mail: String,
    subject: String,
    created_at: DateTime<Utc>,
}

/// How many letters failed, and the oldest of them.
pub(super) async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT COUNT(*) AS count FROM letters WHERE state = 'failed'";
    let row = db.query_one_raw(statement(backend, sql, vec![])).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    let sql = "SELECT id, group_id, to_mail, subject, created_at FROM letters WHERE state = 'failed'
        ORDER BY created_at, id LIMIT ?";
    let rows = Row::find_by_statement(statement(backend, sql, vec![(most as i64).into()])).all(db).await?;
    let waiting = rows.into_iter().map(|row| Waiting {
        kind: "メール",
        title: format!("{}（{}あて）", row.subject, row.to_mail),
        path: format!("/staff/mail/{}", row.id),
        since: row.created_at,
        group_id: row.group_id,
    });
    Ok((count, waiting.collect()))
}
