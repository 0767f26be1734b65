//! What is already known of a source, read once before anything is written.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use uuid::Uuid;

use super::super::draft::Draft;
use super::super::entry::{self, Entry};
use super::super::union;
use crate::db::{placeholders, statement};

/// Up to this many drafts are looked up by name; beyond it the whole source is read.
const FEW: usize = 100;

/// What an entry points to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    pub categories: BTreeSet<String>,
    pub items: BTreeSet<Uuid>,
}

impl Links {
    pub(super) fn of(draft: &Draft) -> Self {
        Self { categories: draft.categories.iter().cloned().collect(), items: draft.items.iter().copied().collect() }
    }
}

/// The entries of a source by their name there and the occurrence they replace.
pub(super) struct Known {
    pub entries: HashMap<(String, String), Entry>,
    pub links: HashMap<Uuid, Links>,
    /// Entries that were there before.
    pub had: HashSet<Uuid>,
    /// Changed occurrences that went back to their series.
    pub removed: Vec<Uuid>,
    /// What they are in unions of entries that are shown as one.
    pub unions: union::Places,
    uids: HashMap<String, String>,
    changes: HashMap<String, Vec<String>>,
}

impl Known {
    pub(super) async fn load(db: &impl ConnectionTrait, source: &str, drafts: &[Draft]) -> Result<Self, DbErr> {
        let mut values: Vec<Value> = vec![source.into()];
        let mut condition = "source = ?".to_owned();
        if drafts.len() <= FEW {
            condition = format!("source = ? AND source_uid IN ({})", placeholders(drafts.len()));
            values.extend(drafts.iter().map(|draft| Value::from(draft.source_uid.as_str())));
        }
        // What was read is written back whole, so nobody else may change it in between; SQLite has one writer anyway.
        let lock = if db.get_database_backend() == DbBackend::Postgres { " ORDER BY id FOR UPDATE" } else { "" };
        let entries = entry::select(db, &format!("WHERE {condition}{lock}"), values.clone()).await?;
        let mut known = Self {
            unions: union::places(db, &condition, values.clone()).await?,
            links: links(db, &condition, values).await?,
            had: entries.iter().map(|entry| entry.id).collect(),
            entries: HashMap::with_capacity(entries.len()),
            removed: Vec::new(),
            uids: HashMap::new(),
            changes: HashMap::new(),
        };
        for entry in entries {
            known.uids.insert(entry.source_uid.clone(), entry.uid.clone());
            if !entry.recurrence_id.is_empty() {
                known.changes.entry(entry.source_uid.clone()).or_default().push(entry.recurrence_id.clone());
            }
            known.entries.insert((entry.source_uid.clone(), entry.recurrence_id.clone()), entry);
        }
        Ok(known)
    }

    /// The UID that a series already has.
    pub(super) fn uid(&self, source_uid: &str) -> Option<String> {
        self.uids.get(source_uid).cloned()
    }

    /// The row of a series itself.
    pub(super) fn master(&self, source_uid: &str) -> Option<Uuid> {
        self.entries.get(&(source_uid.to_owned(), String::new())).map(|entry| entry.id)
    }

    /// The series that was there before this draft of a changed occurrence.
    pub(super) fn series(&self, draft: &Draft) -> Option<&Entry> {
        let series = self.entries.get(&(draft.source_uid.clone(), String::new()));
        series.filter(|entry| !draft.recurrence_id.is_empty() && self.had.contains(&entry.id))
    }

    /// Forgets the changed occurrences of a series that the drafts no longer mention, and returns how many.
    pub(super) fn drop_absent(&mut self, master: &Draft, drafts: &[Draft]) -> usize {
        if !master.recurrence_id.is_empty() {
            return 0;
        }
        let Some(changes) = self.changes.remove(&master.source_uid) else { return 0 };
        let mentioned: HashSet<&str> = drafts
            .iter()
            .filter(|draft| draft.source_uid == master.source_uid)
            .map(|draft| draft.recurrence_id.as_str())
            .collect();
        let before = self.removed.len();
        for change in changes.into_iter().filter(|change| !mentioned.contains(change.as_str())) {
            let gone = self.entries.remove(&(master.source_uid.clone(), change));
            self.removed.extend(gone.map(|entry| entry.id));
        }
        self.removed.len() - before
    }
}

async fn links(db: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<HashMap<Uuid, Links>, DbErr> {
    let ids = format!("SELECT id FROM calendar_entries WHERE {condition}");
    let backend = db.get_database_backend();
    let mut links: HashMap<Uuid, Links> = HashMap::new();
    let sql = format!("SELECT entry_id, category_key FROM entry_categories WHERE entry_id IN ({ids})");
    for row in db.query_all_raw(statement(backend, &sql, values.clone())).await? {
        links.entry(row.try_get("", "entry_id")?).or_default().categories.insert(row.try_get("", "category_key")?);
    }
    let sql = format!("SELECT entry_id, item_id FROM entry_items WHERE entry_id IN ({ids})");
    for row in db.query_all_raw(statement(backend, &sql, values)).await? {
        links.entry(row.try_get("", "entry_id")?).or_default().items.insert(row.try_get("", "item_id")?);
    }
    Ok(links)
}
