//! Where an entry came from. A small read against the stream: the calendar shows the name of a source without knowing how it is read.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::entry::Entry;
use crate::db::statement;

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

/// Where an entry came from, if it follows a calendar elsewhere.
pub async fn of_entry(db: &impl ConnectionTrait, entry: &Entry) -> Result<Option<Origin>, DbErr> {
    let Some(id) = source_id(&entry.source) else { return Ok(None) };
    let sql = "SELECT id, name, home_url FROM sources WHERE id = ?";
    Origin::find_by_statement(statement(db.get_database_backend(), sql, vec![id.into()])).one(db).await
}
