//! A list of words that the city may change: their names, readings, other words and order.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::city::City;
use crate::city::term::{self, Term, Vocabulary};
use crate::db::statement;
use crate::revision::{self, Scope};
use crate::text::fold::fold;

/// Which list is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Towns,
    GroupKinds,
}

impl List {
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Towns, Self::GroupKinds].into_iter().find(|list| list.vocabulary().key() == key)
    }

    pub fn vocabulary(self) -> Vocabulary {
        match self {
            Self::Towns => Vocabulary::Town,
            Self::GroupKinds => Vocabulary::GroupKind,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Towns => "町",
            Self::GroupKinds => "団体の種類",
        }
    }

    /// Address of the list.
    pub fn path(self) -> String {
        format!("/staff/settings/terms/{}", self.vocabulary().key())
    }

    /// The words in their order.
    pub fn terms(self, city: &City) -> &[Term] {
        match self {
            Self::Towns => &city.towns,
            Self::GroupKinds => &city.group_kinds,
        }
    }

    /// What keeps a word in the list: each kind of thing that uses it, with how many.
    pub async fn uses(self, db: &impl ConnectionTrait, key: &str) -> Result<Vec<(&'static str, i64)>, DbErr> {
        let tables: &[(&str, &str)] = match self {
            Self::Towns => &[
                ("団体の所在地", "groups WHERE town_key = ?"),
                ("団体の活動する町", "group_towns WHERE town_key = ?"),
                ("予定", "calendar_entries WHERE town_key = ?"),
                ("施設", "facilities WHERE town_key = ?"),
                ("地名", "places WHERE town_key = ?"),
            ],
            Self::GroupKinds => &[("団体", "groups WHERE kind = ?")],
        };
        let mut uses = Vec::new();
        for (label, table) in tables {
            let sql = format!("SELECT COUNT(*) AS count FROM {table}");
            let row = db.query_one_raw(statement(db.get_database_backend(), &sql, vec![Value::from(key)])).await?;
            let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
            uses.extend((count > 0).then_some((*label, count)));
        }
        Ok(uses)
    }

    /// Whether a name stands in the list under another key.
    pub fn has_name(self, city: &City, key: &str, name: &str) -> bool {
        self.terms(city).iter().any(|term| term.key != key && fold(&term.name) == fold(name))
    }

    /// Stores a word at its place and counts the others anew.
    pub async fn put(self, db: &impl ConnectionTrait, term: Term, now: DateTime<Utc>) -> Result<(), DbErr> {
        let mut terms = term::all(db, self.vocabulary()).await?;
        terms.retain(|other| other.key != term.key);
        let at = usize::try_from(term.position - 1).unwrap_or_default().min(terms.len());
        terms.insert(at, term);
        self.count(db, terms).await?;
        revision::bump(db, Scope::City, now).await
    }

    /// Takes a word out of the list.
    pub async fn remove(self, db: &impl ConnectionTrait, key: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
        term::remove(db, self.vocabulary(), key).await?;
        let terms = term::all(db, self.vocabulary()).await?;
        self.count(db, terms).await?;
        revision::bump(db, Scope::City, now).await
    }

    async fn count(self, db: &impl ConnectionTrait, terms: Vec<Term>) -> Result<(), DbErr> {
        for (position, term) in (1..).zip(terms) {
            term::put(db, self.vocabulary(), &Term { position, ..term }).await?;
        }
        Ok(())
    }
}
