//! A seat: one group that takes part in a meeting. Whoever comes for it, it is one seat.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;

/// Seats written with one statement.
const AT_ONCE: usize = 100;

/// The seat of a group in a meeting.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Seat {
    /// Identifier.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its reading, to sort by.
    pub kana: String,
    /// Whether it stands in the public register.
    pub listed: bool,
    /// Key of the town it is based in; empty where none is known.
    pub town_key: String,
    /// Whether the meeting cannot take place without it.
    pub required: bool,
    /// When it was taken out again.
    pub removed_at: Option<DateTime<Utc>>,
    /// Why.
    pub removed_reason: String,
}

impl Seat {
    /// Whether the group takes part.
    pub fn is_taken(&self) -> bool {
        self.removed_at.is_none()
    }
}

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Seat>, DbErr> {
    let sql = format!(
        "SELECT s.id, s.meeting_id, s.group_id, g.name, g.kana, g.listed, COALESCE(g.town_key, '') AS town_key, s.required,
        s.removed_at, s.removed_reason FROM meeting_seats s JOIN groups g ON g.id = s.group_id {rest}"
    );
    Seat::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The seats of a meeting that are taken, in 五十音 order.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Seat>, DbErr> {
    let rest = "WHERE s.meeting_id = ? AND s.removed_at IS NULL ORDER BY g.kana_key, g.id";
    select(db, rest, vec![meeting_id.into()]).await
}

/// All seats of a meeting, also those taken out again, in 五十音 order.
pub async fn ever_of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Seat>, DbErr> {
    select(db, "WHERE s.meeting_id = ? ORDER BY g.kana_key, g.id", vec![meeting_id.into()]).await
}

/// The seat under this identifier in a meeting.
pub async fn find(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<Option<Seat>, DbErr> {
    Ok(select(db, "WHERE s.meeting_id = ? AND s.id = ?", vec![meeting_id.into(), id.into()]).await?.pop())
}

/// The seat of a group in a meeting.
pub async fn of_group(db: &impl ConnectionTrait, meeting_id: Uuid, group_id: Uuid) -> Result<Option<Seat>, DbErr> {
    let rest = "WHERE s.meeting_id = ? AND s.group_id = ?";
    Ok(select(db, rest, vec![meeting_id.into(), group_id.into()]).await?.pop())
}

/// Gives these groups their seats, each with whether the meeting cannot take place without it; seats of other groups stay.
pub async fn give(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    groups: &[(Uuid, bool)],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for groups in groups.chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO meeting_seats (id, meeting_id, group_id, required, added_at, removed_by, removed_reason)
            VALUES {} ON CONFLICT (meeting_id, group_id) DO UPDATE SET required = excluded.required, removed_at = NULL,
            removed_by = '', removed_reason = ''",
            vec!["(?, ?, ?, ?, ?, '', '')"; groups.len()].join(", ")
        );
        let values = groups.iter().flat_map(|(group, required)| {
            [new_id().into(), meeting_id.into(), (*group).into(), (*required).into(), now.into()]
        });
        db.execute_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    }
    Ok(())
}

/// Takes a group out of a meeting again; says whether it was in it.
pub async fn take_out(
    db: &impl ConnectionTrait,
    (meeting_id, seat_id): (Uuid, Uuid),
    (by, reason): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_seats SET removed_at = ?, removed_by = ?, removed_reason = ?
        WHERE meeting_id = ? AND id = ? AND removed_at IS NULL";
    let values = vec![now.into(), by.into(), reason.into(), meeting_id.into(), seat_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
