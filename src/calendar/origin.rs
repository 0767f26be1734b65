//! Where an entry came from. A small read against the stream: the calendar shows the name of a source without knowing how it is read.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::entry::Entry;
use crate::db::{placeholders, statement};

/// How the source of an entry begins that is read again and again; its identifier follows.
pub const FEED: &str = "feed:";

/// The calendar elsewhere that an entry follows.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Origin {
    /// The source.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Page of those who keep it; may be empty.
    pub home_url: String,
}

/// Name of a source in the calendar's rows.
pub fn source_name(id: Uuid) -> String {
    format!("{FEED}{id}")
}

/// The source that a row follows.
pub fn source_id(source: &str) -> Option<Uuid> {
    source.strip_prefix(FEED).and_then(|id| Uuid::parse_str(id).ok())
}

/// The source that an entry follows; nothing for what was written here.
pub async fn of_entry(db: &impl ConnectionTrait, entry: &Entry) -> Result<Option<Origin>, DbErr> {
    let Some(id) = source_id(&entry.source) else { return Ok(None) };
    Ok(named(db, &[id]).await?.pop())
}

/// Every source that has an entry, its own first, then those of the entries that are shown as one with it.
pub async fn all_of_entry(db: &impl ConnectionTrait, entry: &Entry) -> Result<Vec<Origin>, DbErr> {
    let sql = "SELECT e.source FROM entry_union_members m JOIN entry_union_members o ON o.union_id = m.union_id
        JOIN calendar_entries e ON e.id = o.entry_id WHERE m.entry_id = ? ORDER BY o.joined_at, e.id";
    let root = entry.master_id.unwrap_or(entry.id);
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![root.into()])).await?;
    let mut ids: Vec<Uuid> = source_id(&entry.source).into_iter().collect();
    for row in rows {
        let id = source_id(&row.try_get::<String>("", "source")?);
        ids.extend(id.filter(|id| !ids.contains(id)));
    }
    named(db, &ids).await
}

/// Sources in the order of their identifiers here.
async fn named(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Origin>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id, name, home_url FROM sources WHERE id IN ({})", placeholders(ids.len()));
    let values = ids.iter().map(|id| (*id).into()).collect();
    let mut found = Origin::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    found.sort_by_key(|origin| ids.iter().position(|id| *id == origin.id));
    Ok(found)
}
