//! What waits after sessions: reports that nobody wrote yet, and follow-ups that are late.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::waiting::Waiting;

/// The kind in the office's words.
const KIND: &str = "出前説明会の報告";

#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
    words: String,
    body_name: String,
    since: DateTime<Utc>,
}

const UNREPORTED: &str = "FROM outreach_sessions s JOIN outreach_requests q ON q.id = s.request_id
    WHERE s.state = 'confirmed' AND s.ends_at <= ?
    AND NOT EXISTS (SELECT 1 FROM outreach_reports r WHERE r.session_id = s.id)";
const LATE: &str = "FROM outreach_tasks t JOIN outreach_sessions s ON s.id = t.session_id
    JOIN outreach_requests q ON q.id = s.request_id
    WHERE t.done_at IS NULL AND t.removed_at IS NULL AND t.due_on < ?";

/// Sessions that are over and not reported, and follow-ups past their day: how many, and the oldest of them.
pub async fn waiting(
    db: &impl ConnectionTrait,
    (now, today): (DateTime<Utc>, NaiveDate),
    most: u64,
) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT s.id, q.own_title AS words, q.body_name, s.ends_at AS since {UNREPORTED} ORDER BY s.ends_at, s.id LIMIT ?"
    );
    let reports = Line::find_by_statement(statement(backend, &sql, vec![now.into(), limit.into()])).all(db).await?;
    let sql =
        format!("SELECT s.id, t.words, q.body_name, t.created_at AS since {LATE} ORDER BY t.due_on, t.id LIMIT ?");
    let tasks = Line::find_by_statement(statement(backend, &sql, vec![today.into(), limit.into()])).all(db).await?;
    let mut count = 0;
    for (from, value) in [(UNREPORTED, now.into()), (LATE, today.into())] {
        let sql = format!("SELECT COUNT(*) AS count {from}");
        let row = db.query_one_raw(statement(backend, &sql, vec![value])).await?;
        count += row.map_or(Ok(0), |row| row.try_get::<i64>("", "count"))?;
    }
    let of = |line: Line, words: &str, path: String| Waiting {
        kind: KIND,
        title: format!("{words}: {}({})", line.words, line.body_name),
        path,
        since: line.since,
        group_id: None,
    };
    let reports = reports.into_iter().map(|line| {
        let path = super::path(line.id);
        of(line, "報告を書く", path)
    });
    let tasks = tasks.into_iter().map(|line| of(line, "期限を過ぎた宿題を確かめる", super::TASKS.to_owned()));
    let mut all: Vec<Waiting> = reports.chain(tasks).collect();
    all.sort_by_key(|one| one.since);
    all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((count, all))
}
