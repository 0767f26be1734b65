//! What each address was told about a session by an invitation for its calendar.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::accounts::account::address_key;
use crate::db::statement;

/// The side of whoever asked for the session.
pub const APPLICANT: &str = "applicant";
/// The side of those who go.
pub const SPEAKER: &str = "speaker";

/// The answer of whoever comes.
pub const ACCEPTED: &str = "accepted";
/// The answer of whoever does not.
pub const DECLINED: &str = "declined";
/// The answer of whoever does not know yet.
pub const TENTATIVE: &str = "tentative";

/// An answer in words; empty for none.
pub fn answer_label(answer: &str) -> &'static str {
    match answer {
        ACCEPTED => "参加",
        DECLINED => "都合がわるい",
        TENTATIVE => "仮の予定",
        _ => "",
    }
}

/// An address that has a session in its calendar.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Invitee {
    /// Mail address.
    pub mail: String,
    /// `applicant` or `speaker`.
    pub side: String,
    /// Name.
    pub name: String,
    /// What its calendar answered; empty for nothing.
    pub answer: String,
}

/// The addresses that have a session in their calendars now.
pub async fn of_session(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Invitee>, DbErr> {
    let sql = "SELECT mail, side, name, answer FROM outreach_invitees WHERE session_id = ? AND is_cancelled = FALSE ORDER BY mail";
    let values = vec![session_id.into()];
    Invitee::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Notes what an address was told.
pub async fn note(
    db: &impl ConnectionTrait,
    session_id: Uuid,
    one: &Invitee,
    (sequence, is_cancelled): (i32, bool),
) -> Result<(), DbErr> {
    let sql = "INSERT INTO outreach_invitees (session_id, mail, side, name, sequence, is_cancelled)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, mail) DO UPDATE SET sequence = excluded.sequence,
        is_cancelled = excluded.is_cancelled, name = excluded.name, answer = '', answered_at = NULL";
    let values = vec![
        session_id.into(),
        address_key(&one.mail).into(),
        one.side.as_str().into(),
        one.name.as_str().into(),
        sequence.into(),
        is_cancelled.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Keeps what the calendar of an address answered; says whether it did: not for an address that was told nothing.
pub async fn answer(
    db: &impl ConnectionTrait,
    (session_id, mail): (Uuid, &str),
    answer: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_invitees SET answer = ?, answered_at = ?
        WHERE session_id = ? AND mail = ? AND is_cancelled = FALSE";
    let values = vec![answer.into(), now.into(), session_id.into(), address_key(mail).into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
