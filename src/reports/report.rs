//! A report: what somebody says is wrong on a page, and what the office did about it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::subject::Subject;
use crate::clock::new_id;
use crate::db::statement;
use crate::waiting::{Waiting, counted};

/// Most characters of a report.
pub const BODY: usize = 2000;
/// Most characters of a note and of an answer.
pub const ANSWER: usize = 4000;

/// A checked report.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The page.
    pub subject: Subject,
    /// What is wrong.
    pub body: String,
    /// Address for an answer; empty where none was given.
    pub mail: String,
    /// The network it came from.
    pub network: String,
}

/// A report as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Report {
    /// Identifier.
    pub id: Uuid,
    /// The page, on this site.
    pub page: String,
    /// What the page was called.
    pub title: String,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// What is wrong.
    pub body: String,
    /// Address for an answer; empty where none was given.
    pub mail: String,
    state: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who settled it; empty while it waits.
    pub done_by: String,
    /// When it was settled.
    pub done_at: Option<DateTime<Utc>>,
    /// What was done.
    pub note: String,
    /// What was answered by mail.
    pub answer: String,
}

impl Report {
    /// Whether nobody has settled it yet.
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    /// Address of its page for staff.
    pub fn path(&self) -> String {
        super::staff_path(self.id)
    }
}

const COLUMNS: &str = "id, page, title, group_id, body, mail, state, created_at, done_by, done_at, note, answer";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Report>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM reports {rest}");
    Report::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Takes a report in and returns its identifier.
pub async fn insert(db: &impl ConnectionTrait, draft: &Draft, now: DateTime<Utc>) -> Result<Uuid, DbErr> {
    let id = new_id();
    let sql = "INSERT INTO reports (id, page, title, group_id, body, mail, network, state, created_at, done_by, note,
        answer) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, '', '', '')";
    let values = vec![
        id.into(),
        draft.subject.path.as_str().into(),
        draft.subject.title.as_str().into(),
        draft.subject.group_id.into(),
        draft.body.as_str().into(),
        draft.mail.as_str().into(),
        draft.network.as_str().into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(id)
}

/// The report under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Report>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// Reports of one kind: those that wait, oldest first, or those that are settled, newest first.
pub async fn list(db: &impl ConnectionTrait, waiting: bool, most: i64) -> Result<Vec<Report>, DbErr> {
    let rest = match waiting {
        true => "WHERE state = 'waiting' ORDER BY created_at, id LIMIT ?",
        false => "WHERE state = 'done' ORDER BY created_at DESC, id DESC LIMIT ?",
    };
    select(db, rest, vec![most.into()]).await
}

/// Settles a report that waits; says whether it still did.
pub async fn settle(
    db: &impl ConnectionTrait,
    id: Uuid,
    by: &str,
    (note, answer): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE reports SET state = 'done', done_by = ?, done_at = ?, note = ?, answer = ?
        WHERE id = ? AND state = 'waiting'";
    let values = vec![by.into(), now.into(), note.into(), answer.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// What waits for the office, oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let found = list(db, true, i64::try_from(most).unwrap_or(i64::MAX)).await?;
    let sql = "SELECT COUNT(*) AS count FROM reports WHERE state = 'waiting'";
    let total = counted(db, (found.len(), most), sql).await?;
    let told = |report: Report| Waiting {
        kind: "報告",
        path: report.path(),
        title: report.title,
        since: report.created_at,
        group_id: report.group_id,
    };
    Ok((total, found.into_iter().map(told).collect()))
}
