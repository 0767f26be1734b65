//! An item of an agenda (議題): what is talked about, for how long, and who speaks.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::stage::Stage;
use crate::db::statement;

/// An item as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Item {
    /// Identifier.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// Title.
    pub title: String,
    /// What it is about, in plain text.
    pub words: String,
    /// How long it takes; nothing while that is open.
    pub minutes: i32,
    /// Who speaks.
    pub speaker: String,
    state: String,
    /// The seat of the group that proposed it.
    pub seat_id: Option<Uuid>,
    /// The name of that group; empty for none.
    pub group_name: String,
    /// Who proposed it, in words.
    pub proposed_by: String,
    /// What those who convene told the group.
    pub note: String,
    /// The open decision of an earlier meeting that it takes up.
    pub decision_id: Option<Uuid>,
    /// What was said about it, once the minutes are written.
    pub summary: String,
    /// Counts the changes.
    pub version: i32,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
}

impl Item {
    /// How far it is.
    pub fn stage(&self) -> Stage {
        Stage::from_key(&self.state)
    }
}

/// What an item says, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// What it is about.
    pub words: String,
    /// How long it takes.
    pub minutes: i32,
    /// Who speaks.
    pub speaker: String,
}

/// From whom an item comes: those who convene, a group, or an earlier meeting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// The seat of the group that proposes it.
    pub seat_id: Option<Uuid>,
    /// Who proposes it, in words.
    pub by: &'a str,
    /// The open decision that it takes up.
    pub decision_id: Option<Uuid>,
}

const COLUMNS: &str = "id, meeting_id, title, words, minutes, speaker, state, seat_id, proposed_by, note, decision_id,
    summary, version, created_at, COALESCE((SELECT g.name FROM meeting_seats s JOIN groups g ON g.id = s.group_id
    WHERE s.id = agenda_items.seat_id), '') AS group_name";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Item>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM agenda_items WHERE {rest}");
    Item::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Everything that was ever written down for a meeting's agenda, in its order.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Item>, DbErr> {
    select(db, "meeting_id = ? ORDER BY position, created_at, id", vec![meeting_id.into()]).await
}

/// What stands on a meeting's agenda, in its order.
pub async fn listed(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Item>, DbErr> {
    let mut items = of_meeting(db, meeting_id).await?;
    items.retain(|item| item.stage() == Stage::Listed);
    Ok(items)
}

/// What a group proposed, in the order in which it did.
pub async fn of_seat(db: &impl ConnectionTrait, seat_id: Uuid) -> Result<Vec<Item>, DbErr> {
    select(db, "seat_id = ? ORDER BY created_at, id", vec![seat_id.into()]).await
}

/// The item under this identifier in a meeting.
pub async fn find(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<Option<Item>, DbErr> {
    Ok(select(db, "meeting_id = ? AND id = ?", vec![meeting_id.into(), id.into()]).await?.pop())
}

async fn done(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Holds a meeting whose agenda may still be written until the transaction ends, so that nobody else orders it meanwhile; says
/// whether it may.
pub async fn hold(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<bool, DbErr> {
    let sql =
        "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND cancelled_at IS NULL AND published_at IS NULL";
    done(db, sql, vec![meeting_id.into()]).await
}

/// Writes an item down at the end of the agenda; not when it is there already, as the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, meeting_id): (Uuid, Uuid),
    (draft, stage): (&Draft, Stage),
    origin: Origin<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO agenda_items (id, meeting_id, position, title, words, minutes, speaker, state, seat_id,
        proposed_by, note, decision_id, summary, summary_version, summary_by, created_at, updated_at)
        VALUES (?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM agenda_items WHERE meeting_id = ?), ?, ?, ?, ?, ?, ?, ?,
        '', ?, '', 0, '', ?, ?) ON CONFLICT DO NOTHING";
    let values = vec![
        id.into(),
        meeting_id.into(),
        meeting_id.into(),
        draft.title.clone().into(),
        draft.words.clone().into(),
        draft.minutes.into(),
        draft.speaker.clone().into(),
        stage.key().into(),
        origin.seat_id.into(),
        origin.by.into(),
        origin.decision_id.into(),
        now.into(),
        now.into(),
    ];
    done(db, sql, values).await
}

/// Changes what an item says; not when it changed since this version or is no longer at this stage.
pub async fn change(
    db: &impl ConnectionTrait,
    (id, version, stage): (Uuid, i32, Stage),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql =
        "UPDATE agenda_items SET title = ?, words = ?, minutes = ?, speaker = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND state = ?";
    let values = vec![
        draft.title.clone().into(),
        draft.words.clone().into(),
        draft.minutes.into(),
        draft.speaker.clone().into(),
        now.into(),
        id.into(),
        version.into(),
        stage.key().into(),
    ];
    done(db, sql, values).await
}

/// Brings an item from one stage to another; not when it changed since this version, or when minutes were written about it.
pub async fn pass(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (from, to): (Stage, Stage),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE agenda_items SET state = ?, version = version + 1, updated_at = ?
        WHERE id = ? AND version = ? AND state = ? AND summary = ''";
    let values = vec![to.key().into(), now.into(), id.into(), version.into(), from.key().into()];
    done(db, sql, values).await
}

/// Decides about a proposal, with a word to the group and what the item says from now on; not when the group changed it since this
/// version or somebody decided before. What is taken stands last on the agenda.
pub async fn decide(
    db: &impl ConnectionTrait,
    (item, version): (&Item, i32),
    (stage, draft, note): (Stage, &Draft, &str),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    if !change(db, (item.id, version, Stage::Proposed), draft, now).await? {
        return Ok(false);
    }
    let sql = "UPDATE agenda_items SET state = ?, note = ?, decided_by = ?, decided_at = ?, position =
        (SELECT COALESCE(MAX(position), 0) + 1 FROM agenda_items WHERE meeting_id = ?) WHERE id = ?";
    let values = vec![stage.key().into(), note.into(), by.into(), now.into(), item.meeting_id.into(), item.id.into()];
    done(db, sql, values).await
}

/// Puts the items of a held meeting into this order.
pub async fn order(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<(), DbErr> {
    for (id, position) in items.iter().zip(1_i32..) {
        let sql = "UPDATE agenda_items SET position = ? WHERE id = ?";
        done(db, sql, vec![position.into(), (*id).into()]).await?;
    }
    Ok(())
}

/// Marks an item as changed without changing its words; not when it changed since this version.
pub async fn touch(db: &impl ConnectionTrait, (id, version): (Uuid, i32), now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql =
        "UPDATE agenda_items SET version = version + 1, updated_at = ? WHERE id = ? AND version = ? AND state NOT IN
        ('proposed', 'declined', 'withdrawn', 'removed')";
    done(db, sql, vec![now.into(), id.into(), version.into()]).await
}
