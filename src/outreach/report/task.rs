//! A follow-up (宿題): what somebody promised at a session, until when, and whether it is done.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::text::day;

/// A follow-up as it is kept, with the session it is from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Task {
    /// Identifier.
    pub id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// What is to be done.
    pub words: String,
    /// Who does it; may be empty.
    pub owner: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub done_by: String,
    /// What the session was about.
    pub topic: String,
    /// For whom it was.
    pub body_name: String,
    /// When it was.
    pub starts_at: DateTime<Utc>,
}

impl Task {
    /// Until when, in words; empty where there is no day.
    pub fn due(&self) -> String {
        self.due_on.map(day::long).unwrap_or_default()
    }

    /// Whether it should have been done by now.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.done_at.is_none() && self.due_on.is_some_and(|due| due < today)
    }
}

/// A follow-up about to be written; its identifier comes with the form, so that a form sent twice makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Identifier.
    pub id: Uuid,
    /// What is to be done.
    pub words: String,
    /// Who does it.
    pub owner: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
}

impl Draft {
    pub(super) fn told(&self) -> String {
        let due = self.due_on.map(|due| format!("{}まで", day::long(due))).unwrap_or_default();
        let parts = [self.words.as_str(), self.owner.as_str(), due.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("、")
    }
}

const SELECT: &str = "SELECT t.id, t.session_id, t.words, t.owner, t.due_on, t.done_at, t.done_by,
    q.own_title AS topic, q.body_name, s.starts_at FROM outreach_tasks t
    JOIN outreach_sessions s ON s.id = t.session_id JOIN outreach_requests q ON q.id = s.request_id";

/// The follow-ups of a session in their order.
pub async fn of_session(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Task>, DbErr> {
    let sql = format!("{SELECT} WHERE t.session_id = ? AND t.removed_at IS NULL ORDER BY t.position, t.id");
    Task::find_by_statement(statement(db.get_database_backend(), &sql, vec![session_id.into()])).all(db).await
}

/// What is still to be done after all sessions, the soonest due first.
pub async fn open(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Task>, DbErr> {
    let sql = format!(
        "{SELECT} WHERE t.removed_at IS NULL AND t.done_at IS NULL
        ORDER BY t.due_on IS NULL, t.due_on, s.starts_at, t.position, t.id LIMIT ?"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Task::find_by_statement(statement(db.get_database_backend(), &sql, vec![most.into()])).all(db).await
}

/// What was done last, the newest first.
pub async fn done(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Task>, DbErr> {
    let sql =
        format!("{SELECT} WHERE t.removed_at IS NULL AND t.done_at IS NOT NULL ORDER BY t.done_at DESC, t.id LIMIT ?");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Task::find_by_statement(statement(db.get_database_backend(), &sql, vec![most.into()])).all(db).await
}

/// The follow-up under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Task>, DbErr> {
    let sql = format!("{SELECT} WHERE t.id = ? AND t.removed_at IS NULL");
    Task::find_by_statement(statement(db.get_database_backend(), &sql, vec![id.into()])).one(db).await
}

/// The drafts that would change nothing.
pub fn drafts(tasks: &[Task]) -> Vec<Draft> {
    let draft =
        |task: &Task| Draft { id: task.id, words: task.words.clone(), owner: task.owner.clone(), due_on: task.due_on };
    tasks.iter().map(draft).collect()
}

/// Makes these the follow-ups of a session; what is no longer among them is taken out, what is done stays done.
pub(super) async fn put(
    db: &impl ConnectionTrait,
    session_id: Uuid,
    drafts: &[Draft],
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE outreach_tasks SET removed_at = ? WHERE session_id = ? AND removed_at IS NULL";
    db.execute_raw(statement(backend, sql, vec![now.into(), session_id.into()])).await?;
    for (position, draft) in (0_i32..).zip(drafts) {
        // The identifier comes from a form: it must not reach what another session gave to do.
        let sql = "INSERT INTO outreach_tasks (id, session_id, words, owner, due_on, done_by, created_by, created_at,
            position) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?) ON CONFLICT (id) DO UPDATE SET words = excluded.words,
            owner = excluded.owner, due_on = excluded.due_on, position = excluded.position, removed_at = NULL
            WHERE outreach_tasks.session_id = excluded.session_id";
        let values = vec![
            draft.id.into(),
            session_id.into(),
            draft.words.clone().into(),
            draft.owner.clone().into(),
            draft.due_on.into(),
            by.into(),
            now.into(),
            position.into(),
        ];
        db.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}

/// Says that a follow-up is done, or that it is not after all; says whether that changed anything.
pub async fn tick(
    db: &impl ConnectionTrait,
    (id, is_done): (Uuid, bool),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_tasks SET done_at = ?, done_by = ? WHERE id = ? AND removed_at IS NULL
        AND (done_at IS NULL) = ?";
    let (at, by) = (is_done.then_some(now), if is_done { by } else { "" });
    let values = vec![at.into(), by.into(), id.into(), is_done.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
