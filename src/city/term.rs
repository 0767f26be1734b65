//! A word of one of the city's vocabularies: towns, fields of activity, kinds of events and of groups.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::db::statement;
use crate::text::fold::fold;

/// Which list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// Former towns.
    Town,
    /// Fields of activity (NPO法別表).
    Field,
    /// Kinds of events (GIF 452-1).
    Category,
    /// Kinds of groups.
    GroupKind,
}

impl Vocabulary {
    /// Key in the database and in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Field => "field",
            Self::Category => "category",
            Self::GroupKind => "group_kind",
        }
    }
}

/// One word, kept under a key that never changes even when its name or number does.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Term {
    /// Stable key, used in URLs and links.
    pub key: String,
    /// The name people see.
    pub name: String,
    /// Reading, where it has one.
    pub kana: String,
    /// Short label for tight places.
    pub short: String,
    /// Other words that mean it, separated by `;`.
    pub aliases: String,
    /// Place in the list, from 1.
    pub position: i32,
}

impl Term {
    /// Whether a typed word means this term: its key, its name, its short label or another word for it.
    pub fn is_meant_by(&self, typed: &str) -> bool {
        let typed = fold(typed);
        let words = [&self.key, &self.name, &self.short].into_iter().map(String::as_str);
        words.chain(self.aliases.split(';')).any(|word| !word.is_empty() && fold(word) == typed)
    }
}

/// The words of one vocabulary in their order.
pub async fn all(db: &impl ConnectionTrait, vocabulary: Vocabulary) -> Result<Vec<Term>, DbErr> {
    let sql = "SELECT key, name, kana, short, aliases, position FROM terms WHERE vocabulary = ? ORDER BY position";
    let statement = statement(db.get_database_backend(), sql, vec![vocabulary.key().into()]);
    Term::find_by_statement(statement).all(db).await
}

/// Stores a word, replacing what stood under its key.
pub async fn put(db: &impl ConnectionTrait, vocabulary: Vocabulary, term: &Term) -> Result<(), DbErr> {
    let sql = "INSERT INTO terms (vocabulary, key, name, kana, short, aliases, position)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (vocabulary, key) DO UPDATE SET name = excluded.name, kana = excluded.kana,
        short = excluded.short, aliases = excluded.aliases, position = excluded.position";
    let values = vec![
        vocabulary.key().into(),
        term.key.clone().into(),
        term.name.clone().into(),
        term.kana.clone().into(),
        term.short.clone().into(),
        term.aliases.clone().into(),
        term.position.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes a word out of its list; the caller knows that nothing uses it.
pub async fn remove(db: &impl ConnectionTrait, vocabulary: Vocabulary, key: &str) -> Result<(), DbErr> {
    let sql = "DELETE FROM terms WHERE vocabulary = ? AND key = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![vocabulary.key().into(), key.into()])).await?;
    Ok(())
}
