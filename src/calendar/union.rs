//! Union (まとめ): entries of several sources that are one event. One of them leads and is seen; the others stay, are kept up to date by
//! their sources, and are not public. Every one of them can be parted again.
//!
//! The union has a UID of its own that whoever leads carries in the feeds, so that a phone keeps its one entry when another source
//! takes over.

mod differing;
mod joining;
mod leading;
mod parting;
mod side;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::family::Family;
use super::rows;
use super::store::{self, Desk};
use crate::audit::{self, Actor, Channel, Event};
use crate::db::statement;
pub use differing::{Difference, accept, differences};
pub use joining::{MergeFault, candidates_for_lead, merge};
pub use leading::{Released, heal, lead, release};
pub use parting::{part, part_one};
pub use side::{Side, sides};

/// Where staff look at what may be one event, and at what is shown as one.
pub const DESK: &str = "/staff/duplicates";

/// The page of one union.
pub fn path(id: Uuid) -> String {
    format!("{DESK}/unions/{id}")
}

/// A union.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Union {
    /// Identifier.
    pub id: Uuid,
    /// The entry that is seen.
    pub lead_id: Uuid,
    /// The UID under which feeds carry it, whoever leads.
    pub uid: String,
    /// Whether nobody decided it but the city's rule.
    pub by_itself: bool,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// An entry in a union.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Member {
    /// The entry, or the series.
    pub entry_id: Uuid,
    /// The union.
    pub union_id: Uuid,
    /// The UID it has while it does not lead; empty as long as it has led from the start.
    pub own_uid: String,
    /// Whether it would be public by itself, as its source and the office say.
    pub shown: bool,
    /// What staff have seen and left as it is, see [`Difference`].
    pub accepted: String,
    /// Since when.
    pub joined_at: DateTime<Utc>,
}

const UNION: &str = "SELECT u.id, u.lead_id, u.uid, u.by_itself, u.made_by, u.made_at FROM entry_unions u";
const MEMBER: &str =
    "SELECT m.entry_id, m.union_id, m.own_uid, m.shown, m.accepted, m.joined_at FROM entry_union_members m";

async fn unions(db: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<Vec<Union>, DbErr> {
    let sql = format!("{UNION} {condition}");
    Union::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The union under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Union>, DbErr> {
    Ok(unions(db, "WHERE u.id = ?", vec![id.into()]).await?.pop())
}

/// The union that an entry, or a changed occurrence of it, belongs to.
pub async fn of_entry(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Union>, DbErr> {
    let condition = "JOIN entry_union_members m ON m.union_id = u.id
        WHERE m.entry_id = COALESCE((SELECT c.master_id FROM calendar_entries c WHERE c.id = ?), ?)";
    Ok(unions(db, condition, vec![id.into(), id.into()]).await?.pop())
}

/// The entry that is seen in place of this one; nothing where it is in no union or leads itself.
pub async fn instead_of(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT u.lead_id FROM entry_unions u JOIN entry_union_members m ON m.union_id = u.id
        JOIN calendar_entries l ON l.id = u.lead_id WHERE l.public = TRUE AND m.entry_id <> u.lead_id
        AND m.entry_id = COALESCE((SELECT c.master_id FROM calendar_entries c WHERE c.id = ?), ?)";
    let backend = db.get_database_backend();
    if let Some(row) = db.query_one_raw(statement(backend, sql, vec![id.into(), id.into()])).await? {
        return Ok(Some(row.try_get("", "lead_id")?));
    }
    // What led once and left: its address was printed and mailed.
    let sql = "SELECT h.heir_id FROM entry_heirs h JOIN calendar_entries e ON e.id = h.heir_id
        WHERE e.public = TRUE AND h.entry_id = COALESCE((SELECT c.master_id FROM calendar_entries c WHERE c.id = ?), ?)";
    let row = db.query_one_raw(statement(backend, sql, vec![id.into(), id.into()])).await?;
    row.map(|row| row.try_get("", "heir_id")).transpose()
}

/// The newest unions, and one more than asked for when there are more.
pub async fn newest(db: &impl ConnectionTrait, most: i64, skipped: i64) -> Result<Vec<Union>, DbErr> {
    let values = vec![(most + 1).into(), skipped.into()];
    unions(db, "ORDER BY u.made_at DESC, u.id DESC LIMIT ? OFFSET ?", values).await
}

/// The members of a union in the order in which they joined; the lead is one of them.
pub async fn members(db: &impl ConnectionTrait, union_id: Uuid) -> Result<Vec<Member>, DbErr> {
    let sql = format!("{MEMBER} WHERE m.union_id = ? ORDER BY m.joined_at, m.entry_id");
    Member::find_by_statement(statement(db.get_database_backend(), &sql, vec![union_id.into()])).all(db).await
}

/// What some entries are in unions: whether they are kept out of sight, and whether they would be public by themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(HashMap<Uuid, (bool, bool)>);

impl Places {
    /// Whether another entry is seen in place of this one.
    pub(super) fn hides(&self, id: Option<Uuid>) -> bool {
        id.and_then(|id| self.0.get(&id)).is_some_and(|(hidden, _)| *hidden)
    }

    /// Whether an entry that is kept out of sight would be public by itself; nothing for any other.
    pub(super) fn wish(&self, id: Uuid) -> Option<bool> {
        self.0.get(&id).filter(|(hidden, _)| *hidden).map(|(_, shown)| *shown)
    }

    /// Whether this is news about whether it would be public by itself.
    pub(super) fn is_news(&self, id: Uuid, shown: bool) -> bool {
        self.0.get(&id).is_some_and(|(_, known)| *known != shown)
    }
}

/// What the entries of a condition on `calendar_entries` are in unions.
pub(super) async fn places(db: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<Places, DbErr> {
    let sql = format!(
        "SELECT m.entry_id, m.shown, u.lead_id FROM entry_union_members m JOIN entry_unions u ON u.id = m.union_id
        WHERE m.entry_id IN (SELECT id FROM calendar_entries WHERE {condition})"
    );
    let mut places = HashMap::new();
    for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
        let (id, lead): (Uuid, Uuid) = (row.try_get("", "entry_id")?, row.try_get("", "lead_id")?);
        places.insert(id, (id != lead, row.try_get("", "shown")?));
    }
    Ok(Places(places))
}

/// Keeps in mind whether an entry would be public by itself.
pub(super) async fn wish(db: &impl ConnectionTrait, id: Uuid, shown: bool) -> Result<(), DbErr> {
    let sql = "UPDATE entry_union_members SET shown = ? WHERE entry_id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![shown.into(), id.into()])).await?;
    Ok(())
}

/// Writes all rows of a family again, public or not as said; what a union hides stays hidden.
async fn write(db: &impl ConnectionTrait, desk: &Desk<'_>, family: &Family, public: bool) -> Result<(), DbErr> {
    let mut drafts = family.drafts();
    drafts.iter_mut().for_each(|draft| draft.public = public);
    store::store_all(db, desk, &drafts, false).await?;
    Ok(())
}

/// Runs a statement and says how many rows it changed.
async fn run(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected())
}

/// Takes some members out of their union without touching the entries.
async fn leave(db: &impl ConnectionTrait, entry_id: Uuid) -> Result<(), DbErr> {
    run(db, "DELETE FROM entry_union_members WHERE entry_id = ?", vec![entry_id.into()]).await?;
    Ok(())
}

/// Ends a union; its entries stay as they are.
async fn end(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), DbErr> {
    let ids = || ids.iter().map(|id| Value::from(*id));
    rows::each_of(db, "DELETE FROM entry_union_members WHERE union_id IN", ids()).await?;
    rows::each_of(db, "DELETE FROM entry_unions WHERE id IN", ids()).await
}

/// A line of the trail about a union, kept with the entry it is about.
async fn told(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (actor, action): (&Actor, &str),
    family: &Family,
    (before, after): (Json, Json),
) -> Result<(), DbErr> {
    let by_person = actor.account_id.is_some();
    let event = Event {
        actor,
        channel: if by_person { Channel::Screen } else { Channel::System },
        action,
        noun: "entry",
        noun_id: family.master.id.to_string(),
        group_id: family.master.group_id,
        title: &family.master.title,
        before,
        after,
        reason: "",
    };
    audit::record(db, event, desk.now).await
}

/// What stands in the trail for an entry: its name and where it came from.
fn named(family: &Family) -> String {
    format!("{}（{}）", family.master.title, family.master.source)
}
