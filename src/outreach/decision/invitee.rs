//! What each address was told about a session by an invitation for its calendar.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;

/// The side of whoever asked for the session.
pub const APPLICANT: &str = "applicant";
/// The side of those who go.
pub const SPEAKER: &str = "speaker";

/// An address that has a session in its calendar.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Invitee {
    /// Mail address.
    pub mail: String,
    /// `applicant` or `speaker`.
    pub side: String,
    /// Name.
    pub name: String,
}

/// The addresses that have a session in their calendars now.
pub async fn of_session(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Invitee>, DbErr> {
    let sql =
        "SELECT mail, side, name FROM outreach_invitees WHERE session_id = ? AND is_cancelled = FALSE ORDER BY mail";
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
        is_cancelled = excluded.is_cancelled, name = excluded.name";
    let values = vec![
        session_id.into(),
        one.mail.as_str().into(),
        one.side.as_str().into(),
        one.name.as_str().into(),
        sequence.into(),
        is_cancelled.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
