//! Calendar entries, public or not.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::words::{Index, Words};
use crate::db::statement;
use crate::text::day;

/// Hits that are looked at.
const MET: i64 = 500;
/// Entries shown.
const SHOWN: usize = 10;

const INDEX: Index =
    Index { sqlite: "entry_search", postgres: "calendar_entries", text: "search_text", has_numbers: false };

/// An entry that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Hit {
    id: Uuid,
    pub title: String,
    starts_on: NaiveDate,
    pub organiser: String,
    public: bool,
    status: String,
}

impl Hit {
    /// Where it is shown: to everybody, or to the office alone.
    pub fn path(&self) -> String {
        if self.public { format!("/events/{}", self.id) } else { format!("/staff/events/{}", self.id) }
    }

    pub fn day(&self) -> String {
        day::long(self.starts_on)
    }

    pub fn is_hidden(&self) -> bool {
        !self.public
    }

    pub fn is_cancelled(&self) -> bool {
        self.status.eq_ignore_ascii_case("cancelled")
    }
}

/// The entries found, the latest first, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Hit>, bool), DbErr> {
    let backend = db.get_database_backend();
    let (hits, mut values) = words.hits(backend, &INDEX, MET);
    let sql = format!(
        "SELECT e.id, e.title, e.starts_on, e.organiser, e.public, e.status FROM (SELECT seq FROM {hits} AS h) AS met
        JOIN calendar_entries e ON e.seq = met.seq WHERE e.recurrence_id = '' ORDER BY e.starts_on DESC, e.id LIMIT ?"
    );
    values.push((SHOWN as i64 + 1).into());
    let mut found = Hit::find_by_statement(statement(backend, &sql, values)).all(db).await?;
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}
