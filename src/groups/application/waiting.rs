//! What waits for the office: applications that were handed in.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::waiting::{Waiting, counted};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    submitted_at: DateTime<Utc>,
}

/// How many applications wait, and the oldest of them.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT id, name, submitted_at FROM applications WHERE state = 'submitted'
        ORDER BY submitted_at, id LIMIT ?";
    let rows = Row::find_by_statement(statement(backend, sql, vec![most.into()])).all(db).await?;
    let sql = "SELECT COUNT(*) AS count FROM applications WHERE state = 'submitted'";
    let count = counted(db, (rows.len(), most), sql).await?;
    let line = |row: Row| Waiting {
        kind: "申請",
        title: row.name,
        path: super::desk_path(row.id),
        since: row.submitted_at,
        group_id: None,
    };
    Ok((count, rows.into_iter().map(line).collect()))
}
