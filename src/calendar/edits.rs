//! What was changed here of an entry that follows a calendar elsewhere (手直し): it stays when that calendar is read again.
//!
//! Each changed part is a row that knows both texts, ours and that of the source, so that everybody sees what differs and can take it back.

mod part;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::Value as Json;
use uuid::Uuid;

use super::draft::Draft;
use super::family::Family;
use crate::city::City;
use crate::db::{placeholders, statement};
use part::PARTS;

/// The row that keeps an occurrence changed here which the source knows only as a part of its series.
const OCCURRENCE: &str = "occurrence";

/// One part that differs from the source.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Edit {
    /// The entry.
    pub entry_id: Uuid,
    part: String,
    own: Json,
    theirs: Json,
    /// Who changed it.
    pub edited_by: String,
    /// When.
    pub edited_at: DateTime<Utc>,
}

impl Edit {
    /// Key of the part.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// The part in words.
    pub fn label(&self) -> &'static str {
        PARTS.iter().find(|part| part.key == self.part).map_or("この回の変更", |part| part.label)
    }

    /// What stands here.
    pub fn own(&self, city: &City) -> String {
        part::said(&self.part, &self.own, city)
    }

    /// What the source says.
    pub fn theirs(&self, city: &City) -> String {
        part::said(&self.part, &self.theirs, city)
    }
}

const COLUMNS: &str = "x.entry_id, x.part, x.own, x.theirs, x.edited_by, x.edited_at";

/// What differs from the source in these entries.
pub async fn of_entries(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Edit>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    let sql = format!("SELECT {COLUMNS} FROM entry_edits x WHERE x.entry_id IN ({marks}) ORDER BY x.edited_at, x.part");
    let values = ids.iter().map(|id| (*id).into()).collect();
    Edit::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Remembers which parts of a row were changed here, before and after the change.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    entry_id: Uuid,
    (before, after): (&Draft, &Draft),
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let known: HashMap<String, Edit> =
        of_entries(db, &[entry_id]).await?.into_iter().map(|edit| (edit.part.clone(), edit)).collect();
    for part in &PARTS {
        let (old, own) = ((part.get)(before), (part.get)(after));
        if old == own {
            continue;
        }
        let theirs = known.get(part.key).map_or(old, |edit| edit.theirs.clone());
        match own == theirs {
            true => forget(db, entry_id, part.key).await?,
            false => put(db, (entry_id, part.key), (own, theirs), (by, now)).await?,
        }
    }
    Ok(())
}

/// Remembers that an occurrence got a row of its own here.
pub(super) async fn note_occurrence(
    db: &impl ConnectionTrait,
    entry_id: Uuid,
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    put(db, (entry_id, OCCURRENCE), (Json::Bool(true), Json::Bool(false)), (by, now)).await
}

async fn put(
    db: &impl ConnectionTrait,
    (entry_id, part): (Uuid, &str),
    (own, theirs): (Json, Json),
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let sql = "INSERT INTO entry_edits (entry_id, part, own, theirs, edited_by, edited_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (entry_id, part) DO UPDATE SET own = excluded.own, theirs = excluded.theirs,
        edited_by = excluded.edited_by, edited_at = excluded.edited_at";
    let values = vec![entry_id.into(), part.into(), own.into(), theirs.into(), by.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

async fn forget(db: &impl ConnectionTrait, entry_id: Uuid, part: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM entry_edits WHERE entry_id = ? AND part = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![entry_id.into(), part.into()])).await?;
    Ok(())
}

/// Puts what was changed here over the drafts that a source just gave, and notes what the source says of these parts now.
///
/// Where the source has come to say the same, nothing differs any more. An occurrence changed here that the source does not mention is
/// added to the drafts of its series.
pub async fn overlay(db: &impl ConnectionTrait, source: &str, drafts: &mut Vec<Draft>) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Place {
        entry_id: Uuid,
        source_uid: String,
        recurrence_id: String,
    }
    let sql = "SELECT DISTINCT e.id AS entry_id, e.source_uid, e.recurrence_id FROM entry_edits x
        JOIN calendar_entries e ON e.id = x.entry_id WHERE e.source = ?";
    let places = statement(db.get_database_backend(), sql, vec![source.into()]);
    let places = Place::find_by_statement(places).all(db).await?;
    let ids: Vec<Uuid> = places.iter().map(|place| place.entry_id).collect();
    let mut edits: HashMap<Uuid, Vec<Edit>> = HashMap::new();
    for some in ids.chunks(1_000) {
        for edit in of_entries(db, some).await? {
            edits.entry(edit.entry_id).or_default().push(edit);
        }
    }
    let mut at: HashMap<(String, String), usize> = HashMap::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        at.insert((draft.source_uid.clone(), draft.recurrence_id.clone()), index);
    }
    for place in places {
        let of_it = edits.remove(&place.entry_id).unwrap_or_default();
        match at.get(&(place.source_uid.clone(), place.recurrence_id.clone())) {
            Some(index) => lay(db, &mut drafts[*index], &of_it).await?,
            None if of_it.iter().any(|edit| edit.part == OCCURRENCE)
                && at.contains_key(&(place.source_uid.clone(), String::new())) =>
            {
                if let Some(family) = Family::find(db, place.entry_id).await? {
                    drafts.extend(family.change(&place.recurrence_id).map(|change| family.draft(change)));
                }
            }
            None => {}
        }
    }
    Ok(())
}

async fn lay(db: &impl ConnectionTrait, draft: &mut Draft, edits: &[Edit]) -> Result<(), DbErr> {
    for edit in edits {
        let Some(part) = PARTS.iter().find(|part| part.key == edit.part) else { continue };
        let theirs = (part.get)(draft);
        if theirs == edit.own {
            forget(db, edit.entry_id, part.key).await?;
            continue;
        }
        if theirs != edit.theirs {
            let sql = "UPDATE entry_edits SET theirs = ? WHERE entry_id = ? AND part = ?";
            let values = vec![theirs.into(), edit.entry_id.into(), part.key.into()];
            db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
        }
        (part.put)(draft, &edit.own);
    }
    Ok(())
}

/// The entry with one part as its source has it, and the part forgotten; nothing where nothing differs.
pub(super) async fn taken_back(
    db: &impl ConnectionTrait,
    family: &Family,
    (entry_id, key): (Uuid, &str),
) -> Result<Option<Draft>, DbErr> {
    let edit = of_entries(db, &[entry_id]).await?.into_iter().find(|edit| edit.part == key);
    let entry = std::iter::once(&family.master).chain(&family.changes).find(|entry| entry.id == entry_id);
    let part = PARTS.iter().find(|part| part.key == key);
    let (Some(edit), Some(entry), Some(part)) = (edit, entry, part) else { return Ok(None) };
    let mut draft = family.draft(entry);
    (part.put)(&mut draft, &edit.theirs);
    forget(db, entry_id, key).await?;
    Ok(Some(draft))
}
