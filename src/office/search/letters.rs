//! Letters by the address they went to, and the latest ones by their subject.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::words::{Words, like};
use crate::db::statement;
use crate::mail;

/// Letters whose subject is looked at, from the newest backwards.
const LATEST: i64 = 3_000;
/// Letters shown.
const SHOWN: usize = 10;
/// Sorts behind every letter of an address.
const LAST: char = '\u{10FFFF}';

/// A letter that was found.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Hit {
    pub id: Uuid,
    pub to_mail: String,
    subject: String,
    state: String,
    pub created_at: DateTime<Utc>,
}

impl Hit {
    /// Where it stands.
    pub fn stands(&self) -> &'static str {
        mail::State::from_key(&self.state).map_or("", mail::State::label)
    }

    /// The subject, its secrets covered.
    pub fn title(&self) -> String {
        mail::masked(&self.subject)
    }
}

/// The letters found, the newest first, and whether there are more.
pub(super) async fn find(db: &impl ConnectionTrait, words: &Words) -> Result<(Vec<Hit>, bool), DbErr> {
    let backend = db.get_database_backend();
    let columns = "id, to_mail, subject, state, created_at";
    let most = SHOWN as i64 + 1;
    let address = words.typed.to_lowercase();
    let sql = format!(
        "SELECT {columns} FROM letters WHERE to_mail >= ? AND to_mail < ? ORDER BY to_mail, created_at DESC LIMIT ?"
    );
    let values = vec![address.clone().into(), format!("{address}{LAST}").into(), most.into()];
    let mut found = Hit::find_by_statement(statement(backend, &sql, values)).all(db).await?;
    if found.len() < SHOWN {
        let sql = format!(
            "SELECT {columns} FROM (SELECT {columns} FROM letters ORDER BY id DESC LIMIT ?) AS latest
            WHERE LOWER(subject) LIKE (? || '') ESCAPE '!' OR to_mail LIKE (? || '') ESCAPE '!' ORDER BY id DESC LIMIT ?"
        );
        let values = vec![LATEST.into(), like(&words.typed).into(), like(&words.typed).into(), most.into()];
        let more = Hit::find_by_statement(statement(backend, &sql, values)).all(db).await?;
        found.extend(more);
    }
    found.sort_by_key(|letter| std::cmp::Reverse((letter.created_at, letter.id)));
    found.dedup_by_key(|letter| letter.id);
    let is_more = found.len() > SHOWN;
    found.truncate(SHOWN);
    Ok((found, is_more))
}
