//! The questionnaire of one session: its code on paper and screen, and how long it is open.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::db::statement;

/// How long after the end of a session its questionnaire takes answers.
const OPEN_FOR: Duration = Duration::days(30);

/// The questionnaire of a decided session.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Questionnaire {
    /// The session.
    pub session_id: Uuid,
    /// The code in the address behind the QR code.
    pub code: String,
    /// What the session was about.
    pub topic: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Whether a questionnaire takes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The session has not begun.
    Early,
    /// It takes answers.
    Open,
    /// Its time is over.
    Over,
}

impl Questionnaire {
    /// Whether it takes answers now.
    pub fn opening(&self, now: DateTime<Utc>) -> Opening {
        match () {
            () if now < self.starts_at => Opening::Early,
            () if now < self.until() => Opening::Open,
            () => Opening::Over,
        }
    }

    /// Until when it takes answers.
    pub fn until(&self) -> DateTime<Utc> {
        self.ends_at + OPEN_FOR
    }
}

async fn select(db: &impl ConnectionTrait, rest: &str, value: Value) -> Result<Option<Questionnaire>, DbErr> {
    let sql = format!(
        "SELECT k.session_id, k.code, q.own_title AS topic, s.starts_at, s.ends_at FROM outreach_questionnaires k
        JOIN outreach_sessions s ON s.id = k.session_id JOIN outreach_requests q ON q.id = s.request_id
        WHERE s.state = 'confirmed' AND {rest}"
    );
    Questionnaire::find_by_statement(statement(db.get_database_backend(), &sql, vec![value])).one(db).await
}

/// The questionnaire of a session, once it has a code.
pub async fn find(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Option<Questionnaire>, DbErr> {
    select(db, "k.session_id = ?", session_id.into()).await
}

/// The questionnaire under a code, however it was typed.
pub(super) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Questionnaire>, DbErr> {
    select(db, "k.code = ?", chance::typed_paper_code(code).into()).await
}

/// Gives the questionnaire of a session its code, unless it has one.
pub async fn ensure(db: &impl ConnectionTrait, session_id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO outreach_questionnaires (session_id, code, created_at) VALUES (?, ?, ?)
        ON CONFLICT (session_id) DO NOTHING";
    let code = chance::typed_paper_code(&chance::paper_code());
    let values = vec![session_id.into(), code.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
