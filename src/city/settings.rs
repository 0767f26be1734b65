//! What the city may change while the site runs: rules, names, texts. Each setting has a key, a default and a source.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::profile::Profile;
use crate::db::statement;
use crate::revision::{self, Scope};
use crate::text::postal;

/// A setting with a number for its value.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Key, such as `groups.min_members`.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it means, and where the default comes from.
    pub hint: &'static str,
    /// Unit, such as 人 or か月.
    pub unit: &'static str,
    /// Used until the city sets its own.
    pub default: i32,
    /// Smallest value.
    pub least: i32,
    /// Largest value.
    pub most: i32,
}

/// Fewest members of a group that registers (下妻市・高山市 5人, 宗像市・山陽小野田市・犬山市 3人).
pub const MIN_MEMBERS: Rule = Rule {
    key: "groups.min_members",
    label: "登録に必要な会員数",
    hint: "他市の例: 5人以上(下妻市・高山市)、3人以上(宗像市・山陽小野田市・犬山市)。",
    unit: "人",
    default: 5,
    least: 1,
    most: 1000,
};

/// Months after which an unconfirmed profile is 更新待ち.
pub const RENEWAL_MONTHS: Rule = Rule {
    key: "groups.renewal_months",
    label: "更新待ちになるまでの月数",
    hint: "最終確認日からこの月数がすぎると、団体のページに「更新待ち」と出ます。",
    unit: "か月",
    default: 15,
    least: 1,
    most: 120,
};

/// Months after which an unconfirmed profile rests.
pub const DORMANT_MONTHS: Rule = Rule {
    key: "groups.dormant_months",
    label: "休止になるまでの月数",
    hint: "最終確認日からこの月数がすぎると「休止」になり、名簿の一覧から外れます。記録は消えません。",
    unit: "か月",
    default: 24,
    least: 2,
    most: 240,
};

/// Months of the calendar in which the yearly round starts by itself; 0 for never.
pub const ROUND_MONTH: Rule = Rule {
    key: "rounds.month",
    label: "更新確認を始める月",
    hint: "毎年この月の1日に、更新確認が自動で始まります。手紙は職員が確かめて送り出すまで保留されます。0で自動では始まりません。",
    unit: "月",
    default: 5,
    least: 0,
    most: 12,
};

/// Days until answers of a round are due.
pub const ROUND_DAYS: Rule = Rule {
    key: "rounds.days",
    label: "更新確認の回答期限までの日数",
    hint: "始めた日からの日数です。",
    unit: "日",
    default: 30,
    least: 7,
    most: 180,
};

/// Days for which an unfinished application and its personal link are kept after the last touch.
pub const APPLICATION_DAYS: Rule = Rule {
    key: "groups.application_days",
    label: "途中の登録申請をとっておく日数",
    hint: "最後に開いて保存した日からこの日数がすぎると、出されていない申請と個人のリンクは消えます。",
    unit: "日",
    default: 90,
    least: 14,
    most: 365,
};

/// Days within which the office answers an application, as it tells applicants.
pub const ANSWER_DAYS: Rule = Rule {
    key: "groups.answer_days",
    label: "登録申請への返事の目安",
    hint: "申請した団体に「およそ何日でお返事します」と伝える日数です。",
    unit: "日",
    default: 14,
    least: 1,
    most: 90,
};

/// Every rule, in the order of the settings page.
pub const RULES: [Rule; 7] =
    [MIN_MEMBERS, RENEWAL_MONTHS, DORMANT_MONTHS, ROUND_MONTH, ROUND_DAYS, APPLICATION_DAYS, ANSWER_DAYS];

/// A setting with a line of text for its value.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// Key, such as `groups.number`.
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it means.
    pub hint: &'static str,
    /// Used until the city sets its own.
    pub default: &'static str,
    /// Longest text, in characters.
    pub most: usize,
}

/// How the 登録番号 of a newly approved group is written.
pub const NUMBER_PATTERN: Phrase = Phrase {
    key: "groups.number",
    label: "登録番号の付け方",
    hint: "{年度}は西暦の年度、{和暦}はR8のような年度、{番号}は001から始まる通し番号です。例: {年度}-{番号} は 2026-001。",
    default: "{年度}-{番号}",
    most: 30,
};

/// Every phrase, in the order of the settings page.
pub const PHRASES: [Phrase; 1] = [NUMBER_PATTERN];

/// The city's own values over the defaults.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    own: HashMap<String, String>,
    signature: String,
}

impl Settings {
    /// Reads what the city has set.
    pub async fn load(db: &impl ConnectionTrait, profile: &Profile) -> Result<Self, DbErr> {
        let rows = db.query_all_raw(statement(db.get_database_backend(), "SELECT key, value FROM settings", vec![]));
        let mut own = HashMap::new();
        for row in rows.await? {
            own.insert(row.try_get("", "key")?, row.try_get("", "value")?);
        }
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
        Ok(Self { own, signature })
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
        self.own("letter.signature").map_or_else(|| self.signature.clone(), str::to_owned)
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
