//! What the city may change while the site runs: rules, names, texts. Each setting has a key, a default and a source.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::profile::Profile;
pub use super::rules::*;
use crate::db::statement;
use crate::revision::{self, Scope};
use crate::text::postal;

/// A name of the city, its office or its site that the city may change.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// Key, such as `office.phone`.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// Where it is shown.
    pub hint: &'static str,
    /// Whether it must not be empty.
    pub needed: bool,
}

const fn name(key: &'static str, label: &'static str, hint: &'static str) -> Name {
    Name { key, label, hint, needed: true }
}

/// Every name, in the order of the settings page.
pub const NAMES: [Name; 10] = [
    name("city.name", "市の名前", "すべてのページの上と、手紙に出ます。"),
    name("city.kana", "市の名前のよみ", "ひらがなで書いてください。検索に使います。"),
    Name {
        needed: false,
        ..name("city.short", "「市」を付けない名前", "空のときは、市の名前から「市」をとったものです。検索に使います。")
    },
    name("site.title", "このサイトの名前", "すべてのページの上に出ます。"),
    name("office.name", "役所の名前", "資料の出どころとして出ます。"),
    name("office.section", "担当課", "すべてのページの下と、手紙の終わりに出ます。"),
    name("office.postal", "郵便番号", "例: 817-0022"),
    name("office.address", "住所", "すべてのページの下と、手紙の終わりに出ます。"),
    name("office.phone", "電話", "例: 0920-53-6111"),
    name("office.fax", "FAX", "例: 0920-53-6112"),
];

/// Key of the lines that end every letter.
pub const SIGNATURE: &str = "letter.signature";

/// The city's own values over the defaults.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    own: HashMap<String, String>,
    signature: String,
}

impl Settings {
    /// Reads what the city has set.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let rows = db.query_all_raw(statement(db.get_database_backend(), "SELECT key, value FROM settings", vec![]));
        let mut own = HashMap::new();
        for row in rows.await? {
            own.insert(row.try_get("", "key")?, row.try_get("", "value")?);
        }
        Ok(Self { own, signature: String::new() })
    }

    /// The same, with the office of this profile at the end of every letter.
    pub fn signed_by(self, profile: &Profile) -> Self {
        let office = &profile.office;
        let signature = format!(
            "――――――――――――\n{} {}\n{} {}\n電話 {}　FAX {}",
            profile.name,
            office.section,
            postal::display(&office.postal),
            office.address,
            office.phone,
            office.fax
        );
        Self { signature, ..self }
    }

    /// The city's own text under a key.
    pub fn own(&self, key: &str) -> Option<&str> {
        self.own.get(key).map(String::as_str)
    }

    /// The number that a rule has now.
    pub fn number(&self, rule: Rule) -> i32 {
        let own = self.own(rule.key).and_then(|value| value.parse().ok());
        own.filter(|number| (rule.least..=rule.most).contains(number)).unwrap_or(rule.default)
    }

    /// The text that a phrase has now.
    pub fn phrase(&self, phrase: Phrase) -> &str {
        self.own(phrase.key).filter(|text| !text.is_empty()).unwrap_or(phrase.default)
    }

    /// The lines that end every letter: the office and how to reach it.
    pub fn signature(&self) -> String {
        self.own(SIGNATURE).map_or_else(|| self.signature.clone(), str::to_owned)
    }
}

impl Settings {
    /// The lines that end every letter unless the city has written its own.
    pub fn shipped_signature(&self) -> &str {
        &self.signature
    }
}

/// Keeps the city's own value; nothing brings the default back.
pub async fn put(
    db: &impl ConnectionTrait,
    key: &str,
    value: Option<&str>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    match value {
        Some(value) => {
            let sql = "INSERT INTO settings (key, value, changed_at, changed_by) VALUES (?, ?, ?, ?) ON CONFLICT (key)
                DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by";
            db.execute_raw(statement(backend, sql, vec![key.into(), value.into(), now.into(), by.into()])).await?;
        }
        None => {
            db.execute_raw(statement(backend, "DELETE FROM settings WHERE key = ?", vec![key.into()])).await?;
        }
    }
    revision::bump(db, Scope::City, now).await
}
