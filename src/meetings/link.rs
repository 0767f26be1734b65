//! Personal links of a meeting: from a letter to the poll and to the reply of one group, without an account.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::meeting::{self, Meeting};
use super::seat::{self, Seat};
use crate::audit::Actor;
use crate::chance;
use crate::db::statement;
use crate::groups::Person;

/// Links written with one statement.
const AT_ONCE: usize = 100;

/// Where a good link leads.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The meeting.
    pub meeting: Meeting,
    /// The seat it answers for.
    pub seat: Seat,
    /// The address that the link was sent to.
    pub mail: String,
    /// The name of its owner; may be empty.
    pub name: String,
    /// Whether it was taken back, as when its owner handed the group over.
    pub is_revoked: bool,
}

impl Opened {
    /// As whom an answer is written down.
    pub fn actor(&self) -> Actor {
        Actor::named(if self.name.is_empty() { &self.mail } else { &self.name })
    }
}

/// Makes a link for each person of a letter and returns the secrets in the same order.
pub async fn make(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    people: &[(Uuid, &Person)],
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let tokens: Vec<String> = people.iter().map(|_| chance::token()).collect();
    let lines: Vec<(&String, &(Uuid, &Person))> = tokens.iter().zip(people).collect();
    for lines in lines.chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO meeting_links (token_hash, meeting_id, seat_id, mail, account_id, name, created_at) VALUES {}",
            vec!["(?, ?, ?, ?, ?, ?, ?)"; lines.len()].join(", ")
        );
        let values = lines.iter().flat_map(|(token, (seat, person))| {
            [
                digest(token).into(),
                meeting_id.into(),
                (*seat).into(),
                person.mail.clone().into(),
                person.account_id.into(),
                person.name.clone().into(),
                now.into(),
            ]
        });
        db.execute_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    }
    Ok(tokens)
}

#[derive(FromQueryResult)]
struct Row {
    meeting_id: Uuid,
    seat_id: Uuid,
    mail: String,
    name: String,
    is_revoked: bool,
}

/// Where the secret of a link leads; nothing for anything else. A link of an account that no longer looks after the group counts
/// as taken back.
pub async fn open(db: &impl ConnectionTrait, token: &str) -> Result<Option<Opened>, DbErr> {
    let sql = "SELECT l.meeting_id, l.seat_id, l.mail, l.name, CASE WHEN l.revoked_at IS NOT NULL THEN TRUE
        WHEN l.account_id IS NULL THEN FALSE WHEN EXISTS (SELECT 1 FROM memberships m JOIN meeting_seats s
        ON s.group_id = m.group_id WHERE s.id = l.seat_id AND m.account_id = l.account_id) THEN FALSE
        ELSE TRUE END AS is_revoked FROM meeting_links l WHERE l.token_hash = ?";
    let values = vec![digest(token).into()];
    let row = Row::find_by_statement(statement(db.get_database_backend(), sql, values)).one(db).await?;
    let Some(row) = row else { return Ok(None) };
    let meeting = meeting::find(db, row.meeting_id).await?;
    let seat = seat::find(db, row.meeting_id, row.seat_id).await?;
    let (Some(meeting), Some(seat)) = (meeting, seat) else { return Ok(None) };
    Ok(Some(Opened { meeting, seat, mail: row.mail, name: row.name, is_revoked: row.is_revoked }))
}

fn digest(token: &str) -> String {
    chance::digest("meeting-link", token)
}
