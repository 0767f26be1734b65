//! An action item (項目): one line of the plan, with its mark, its departments and the activity it stands for.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::statement;

/// Who leads an item (主体).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Mark {
    /// ★ citizens lead.
    #[serde(rename = "★")]
    Citizen,
    /// ◎ citizens and city together.
    #[serde(rename = "◎")]
    Joint,
    /// ● the city leads.
    #[serde(rename = "●")]
    City,
}

impl Mark {
    /// All marks in the order of the legend.
    pub const ALL: [Self; 3] = [Self::Citizen, Self::Joint, Self::City];

    /// Key in addresses and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Joint => "joint",
            Self::City => "city",
        }
    }

    /// The mark under a key or a symbol.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.key() == key || mark.symbol() == key)
    }

    /// The symbol as printed; ◎ is also typed as ○ nowhere, so only one form is known.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Citizen => "★",
            Self::Joint => "◎",
            Self::City => "●",
        }
    }

    /// The words of the legend.
    pub fn words(self) -> &'static str {
        match self {
            Self::Citizen => "市民が主体",
            Self::Joint => "市民と市が主体",
            Self::City => "市が主体",
        }
    }
}

/// An item with the theme and the policy above it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Item {
    /// Identifier.
    pub id: Uuid,
    /// The plan's key.
    pub plan_key: String,
    /// Policy and sequence, such as 3-05.
    pub code: String,
    mark: String,
    /// Title.
    pub title: String,
    /// Text as published.
    pub content: String,
    notes: serde_json::Value,
    /// How often, as written; empty where nothing is.
    pub cadence: String,
    /// Whether the plan says 継続.
    pub continued: bool,
    departments: serde_json::Value,
    /// The section actually assigned; empty until staff assign one.
    pub section: String,
    /// Equal for items that are the same activity.
    pub activity_id: Uuid,
    /// Number of the policy.
    pub policy_number: i32,
    /// Title of the policy.
    pub policy: String,
    /// Place of the theme within the policy.
    pub theme_position: i32,
    /// Heading of the theme.
    pub theme: String,
    /// 新規, 再掲 or empty.
    pub theme_flag: String,
    /// The flag as printed.
    pub theme_flag_as_written: String,
}

impl Item {
    /// Who leads.
    pub fn mark(&self) -> Mark {
        Mark::from_key(&self.mark).unwrap_or(Mark::Joint)
    }

    /// Remarks within the text.
    pub fn notes(&self) -> Vec<String> {
        texts(&self.notes)
    }

    /// Departments as written.
    pub fn departments(&self) -> Vec<String> {
        texts(&self.departments)
    }

    /// Every flag that applies: of the theme, and 継続.
    pub fn flags(&self) -> Vec<&str> {
        let continued = self.continued.then_some("継続");
        Some(self.theme_flag.as_str()).filter(|flag| !flag.is_empty()).into_iter().chain(continued).collect()
    }

    /// Address of the item's page.
    pub fn path(&self) -> String {
        super::item_path(&self.plan_key, &self.code)
    }
}

fn texts(list: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap_or_default()
}

const SELECT: &str = "SELECT i.id, p.key AS plan_key, i.code, i.mark, i.title, i.content, i.notes, i.cadence,
    i.continued, i.departments, i.section, i.activity_id, o.number AS policy_number, o.title AS policy,
    t.position AS theme_position, t.heading AS theme, t.flag AS theme_flag, t.flag_as_written AS theme_flag_as_written
    FROM items i JOIN plans p ON p.id = i.plan_id JOIN themes t ON t.id = i.theme_id
    JOIN policies o ON o.id = t.policy_id";

async fn find_all(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Item>, DbErr> {
    let sql = format!("{SELECT} {rest} ORDER BY p.fiscal_year DESC, p.key, i.code");
    Item::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// All items of a plan by code.
pub async fn of_plan(db: &impl ConnectionTrait, plan_id: Uuid) -> Result<Vec<Item>, DbErr> {
    find_all(db, "WHERE i.plan_id = ?", vec![plan_id.into()]).await
}

/// The item of a plan under a code.
pub async fn find(db: &impl ConnectionTrait, plan_key: &str, code: &str) -> Result<Option<Item>, DbErr> {
    Ok(find_all(db, "WHERE p.key = ? AND i.code = ?", vec![plan_key.into(), code.into()]).await?.pop())
}

/// The other items that are the same activity.
pub async fn twins(db: &impl ConnectionTrait, item: &Item) -> Result<Vec<Item>, DbErr> {
    find_all(db, "WHERE i.activity_id = ? AND i.id <> ?", vec![item.activity_id.into(), item.id.into()]).await
}

/// The items that a group works for.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Item>, DbErr> {
    find_all(db, "JOIN group_items l ON l.item_id = i.id WHERE l.group_id = ?", vec![group_id.into()]).await
}

/// The items that a calendar entry fulfils.
pub async fn of_entry(db: &impl ConnectionTrait, entry_id: Uuid) -> Result<Vec<Item>, DbErr> {
    find_all(db, "JOIN entry_items l ON l.item_id = i.id WHERE l.entry_id = ?", vec![entry_id.into()]).await
}

/// Every item's identifier by plan key and code, for imports.
pub async fn by_codes(db: &impl ConnectionTrait) -> Result<std::collections::HashMap<(String, String), Uuid>, DbErr> {
    Ok(find_all(db, "", vec![]).await?.into_iter().map(|item| ((item.plan_key, item.code), item.id)).collect())
}
