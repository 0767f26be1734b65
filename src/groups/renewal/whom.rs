//! Whom a round asks, and on which way each of them can be reached.

use std::collections::{HashMap, HashSet};

use chrono::{Months, NaiveDate};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::accounts::checked_address;
use crate::db::statement;
use crate::mail::Topic;

/// Values bound to one statement.
const AT_ONCE: usize = 500;

/// Which groups a round asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Every group of the directory.
    All,
    /// Those that have not confirmed for a year.
    Stale,
    /// Those that are 更新待ち.
    Renewal,
}

impl Whom {
    /// All choices in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Stale, Self::Renewal];

    /// Key in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stale => "stale",
            Self::Renewal => "renewal",
        }
    }

    /// The choice under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whom| whom.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "名簿のすべての団体（公開・更新待ち）",
            Self::Stale => "この1年、確認していない団体",
            Self::Renewal => "更新待ちの団体だけ",
        }
    }
}

/// The groups that a round would ask, in 五十音 order.
pub async fn groups(db: &impl ConnectionTrait, whom: Whom, today: NaiveDate) -> Result<Vec<Uuid>, DbErr> {
    let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let (rest, values) = match whom {
        Whom::All => ("", vec![]),
        Whom::Stale => (" AND (confirmed_on IS NULL OR confirmed_on <= ?)", vec![year_ago.into()]),
        Whom::Renewal => (" AND state = 'renewal'", vec![]),
    };
    let sql = format!("SELECT id FROM groups WHERE listed = TRUE{rest} ORDER BY kana_key, id");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Somebody who answers for a group by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Address.
    pub mail: String,
    /// Name; empty where nobody gave one.
    pub name: String,
    /// The account, unless it is only the address on file.
    pub account_id: Option<Uuid>,
}

/// The people of each group.
pub type People = HashMap<Uuid, Vec<Person>>;

#[derive(FromQueryResult)]
struct Row {
    group_id: Uuid,
    mail: String,
    name: String,
    account_id: Option<Uuid>,
}

/// The people of each group, the representative first: its members, or else the address on file, published or not.
///
/// Addresses that cannot be written to, and those whose owners declined such letters, are left out: they get paper.
pub async fn people(db: &impl ConnectionTrait, groups: &[Uuid]) -> Result<People, DbErr> {
    let declined = declined(db).await?;
    let mut people: People = HashMap::new();
    for groups in groups.chunks(AT_ONCE) {
        let marks = vec!["?"; groups.len()].join(", ");
        let members = format!(
            "SELECT m.group_id, a.mail, a.name, a.id AS account_id FROM memberships m JOIN accounts a
            ON a.id = m.account_id AND a.active = TRUE WHERE m.group_id IN ({marks})
            ORDER BY m.duty DESC, m.since, m.id"
        );
        let on_file = format!(
            "SELECT c.group_id, c.value AS mail, '' AS name, m.account_id FROM group_contacts c LEFT JOIN memberships m
            ON m.group_id = c.group_id WHERE c.group_id IN ({marks}) AND c.kind = 'mail' AND m.account_id IS NULL"
        );
        for sql in [members, on_file] {
            let values: Vec<Value> = groups.iter().map(|id| (*id).into()).collect();
            for row in Row::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await? {
                let Some(mail) = checked_address(&row.mail).filter(|mail| !declined.contains(mail)) else { continue };
                let person = Person { mail, name: row.name, account_id: row.account_id };
                people.entry(row.group_id).or_default().push(person);
            }
        }
    }
    Ok(people)
}

/// The addresses whose owners want no letters of rounds.
async fn declined(db: &impl ConnectionTrait) -> Result<HashSet<String>, DbErr> {
    let sql = "SELECT mail FROM declined_topics WHERE topic = ?";
    let values = vec![Topic::Renewal.key().into()];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "mail")).collect()
}
