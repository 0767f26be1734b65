//! What waits for the office about requests and sessions: decisions, offers whose time is over, calls in place of reminders,
//! reports, follow-ups that are late, calendars that declined.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::desk::session_path;
use super::desk_path;
use crate::db::statement;
use crate::waiting::Waiting;

/// So long before a session somebody without mail is called.
const CALL: Duration = Duration::hours(48);

#[derive(FromQueryResult)]
struct Row {
    work: i32,
    id: Uuid,
    request_id: Uuid,
    title: String,
    group_id: Option<Uuid>,
    since: DateTime<Utc>,
}

impl Row {
    fn told(self) -> Waiting {
        let (words, path) = match self.work {
            0 => ("可否を決める", desk_path(self.request_id)),
            1 => ("答えのない提案を確かめる", desk_path(self.request_id)),
            2 => ("前の日のお知らせを電話でする", desk_path(self.request_id)),
            3 => ("報告を書く", format!("{}/report", session_path(self.id))),
            4 => ("期限を過ぎた宿題", super::report::TASKS.to_owned()),
            _ => ("都合がわるいという返事を確かめる", desk_path(self.request_id)),
        };
        Waiting {
            kind: "出前",
            title: format!("{words}: {}", self.title),
            path,
            since: self.since,
            group_id: self.group_id,
        }
    }
}

fn question(now: DateTime<Utc>) -> (&'static str, Vec<Value>) {
    let sql = "SELECT 0 AS work, r.id, r.id AS request_id, r.body_name AS title, r.group_id, r.received_at AS since
        FROM outreach_requests r WHERE r.received_at IS NOT NULL AND r.decided_at IS NULL AND r.withdrawn_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM outreach_sessions s WHERE s.request_id = r.id AND s.state = 'tentative'
        AND s.offer_until IS NOT NULL)
        UNION ALL SELECT 1, s.id, r.id, r.body_name, r.group_id, s.offer_until FROM outreach_sessions s
        JOIN outreach_requests r ON r.id = s.request_id WHERE s.state = 'tentative' AND s.offer_until <= ?
        AND r.decided_at IS NULL AND r.withdrawn_at IS NULL
        UNION ALL SELECT 2, s.id, r.id, r.body_name, r.group_id, s.updated_at FROM outreach_sessions s
        JOIN outreach_requests r ON r.id = s.request_id WHERE s.state = 'confirmed' AND r.mail = '' AND s.starts_at > ?
        AND s.starts_at <= ?
        UNION ALL SELECT 3, s.id, r.id, r.body_name, r.group_id, s.ends_at FROM outreach_sessions s
        JOIN outreach_requests r ON r.id = s.request_id WHERE s.state = 'confirmed' AND s.ends_at <= ?
        AND NOT EXISTS (SELECT 1 FROM outreach_reports p WHERE p.session_id = s.id)
        UNION ALL SELECT 4, s.id, r.id, t.words, r.group_id, t.created_at FROM outreach_tasks t
        JOIN outreach_sessions s ON s.id = t.session_id JOIN outreach_requests r ON r.id = s.request_id
        WHERE t.done_at IS NULL AND t.removed_at IS NULL AND t.due_on < ?
        UNION ALL SELECT 5, s.id, r.id, i.name, r.group_id, i.answered_at FROM outreach_invitees i
        JOIN outreach_sessions s ON s.id = i.session_id JOIN outreach_requests r ON r.id = s.request_id
        WHERE i.answer = 'declined' AND i.is_cancelled = FALSE AND s.state = 'confirmed' AND s.starts_at > ?";
    let today = now.date_naive();
    (sql, vec![now.into(), now.into(), (now + CALL).into(), now.into(), today.into(), now.into()])
}

/// What waits, the oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, now: DateTime<Utc>, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let (question, values) = question(now);
    let backend = db.get_database_backend();
    let sql = format!("SELECT * FROM ({question}) AS w ORDER BY since, id LIMIT {most}");
    let rows = Row::find_by_statement(statement(backend, &sql, values.clone())).all(db).await?;
    let found: Vec<Waiting> = rows.into_iter().map(Row::told).collect();
    if u64::try_from(found.len()).is_ok_and(|found| found < most) {
        return Ok((i64::try_from(found.len()).unwrap_or(i64::MAX), found));
    }
    let sql = format!("SELECT COUNT(*) AS count FROM ({question}) AS w");
    let row = db.query_one_raw(statement(backend, &sql, values)).await?;
    Ok((row.map_or(Ok(0), |row| row.try_get("", "count"))?, found))
}
