//! An invitee: one address that an invitation for calendars went to, so that its answer is known again.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;
use crate::groups::Person;

/// Invitees written with one statement.
const AT_ONCE: usize = 100;

/// An address that was invited.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Invitee {
    /// The seat it answers for.
    pub seat_id: Uuid,
    /// The address.
    pub mail: String,
    /// The name; may be empty.
    pub name: String,
    /// The account; one that no longer looks after the group answers for nobody.
    pub account_id: Option<Uuid>,
    /// SEQUENCE of the invitation that it got last.
    pub sequence: i32,
}

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Invitee>, DbErr> {
    let sql = format!("SELECT seat_id, mail, name, account_id, sequence FROM meeting_invitees WHERE {rest}");
    Invitee::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Everybody who was invited to a meeting.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Invitee>, DbErr> {
    select(db, "meeting_id = ? ORDER BY seat_id, mail", vec![meeting_id.into()]).await
}

/// The seats for which an address was invited to a meeting and still answers.
pub async fn of_mail(db: &impl ConnectionTrait, meeting_id: Uuid, mail: &str) -> Result<Vec<Invitee>, DbErr> {
    let rest = "meeting_id = ? AND mail = ? AND (account_id IS NULL OR EXISTS (SELECT 1 FROM memberships m
        JOIN meeting_seats s ON s.group_id = m.group_id WHERE s.id = meeting_invitees.seat_id
        AND m.account_id = meeting_invitees.account_id)) ORDER BY seat_id";
    select(db, rest, vec![meeting_id.into(), mail.into()]).await
}

/// Writes down who is invited, with the state of the invitation.
pub async fn note(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    people: &[(Uuid, Person)],
    sequence: i32,
) -> Result<(), DbErr> {
    for people in people.chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO meeting_invitees (meeting_id, seat_id, mail, name, account_id, sequence, partstat) VALUES {}
            ON CONFLICT (meeting_id, seat_id, mail) DO UPDATE SET name = excluded.name,
            account_id = excluded.account_id, sequence = excluded.sequence",
            vec!["(?, ?, ?, ?, ?, ?, '')"; people.len()].join(", ")
        );
        let values = people.iter().flat_map(|(seat, person)| {
            [
                meeting_id.into(),
                (*seat).into(),
                person.mail.clone().into(),
                person.name.clone().into(),
                person.account_id.into(),
                sequence.into(),
            ]
        });
        db.execute_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    }
    Ok(())
}
