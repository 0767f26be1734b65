//! A plan of one fiscal year, as a row and as the file it came from.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::item;
use super::script::{ItemScript, PolicyScript, Preface, Script, ThemeScript};
use crate::db::statement;

/// A plan.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Plan {
    /// Identifier.
    pub id: Uuid,
    /// Key in addresses.
    pub key: String,
    /// Fiscal year, by the year it begins in.
    pub fiscal_year: i32,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Month of publication.
    pub published: String,
    /// Who published it.
    pub publisher: String,
    /// Number of groups the plan says are listed.
    pub recorded_groups: Option<i32>,
    preface: serde_json::Value,
}

impl Plan {
    /// What stands before the items.
    pub fn preface(&self) -> Preface {
        serde_json::from_value(self.preface.clone()).unwrap_or_default()
    }
}

/// A policy's number and title.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Policy {
    /// Number within the plan.
    pub number: i32,
    /// Title.
    pub title: String,
}

const COLUMNS: &str = "id, key, fiscal_year, title, subtitle, published, publisher, recorded_groups, preface";

/// All plans, the newest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Plan>, DbErr> {
    find(db, "ORDER BY fiscal_year DESC, key", vec![]).await
}

/// The plan under this key.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Plan>, DbErr> {
    Ok(find(db, "WHERE key = ?", vec![key.into()]).await?.pop())
}

/// The plan of the latest fiscal year.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<Plan>, DbErr> {
    Ok(find(db, "ORDER BY fiscal_year DESC, key LIMIT 1", vec![]).await?.pop())
}

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Plan>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM plans {rest}");
    Plan::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The policies of a plan in order.
pub async fn policies(db: &impl ConnectionTrait, plan_id: Uuid) -> Result<Vec<Policy>, DbErr> {
    let sql = "SELECT number, title FROM policies WHERE plan_id = ? ORDER BY number";
    Policy::find_by_statement(statement(db.get_database_backend(), sql, vec![plan_id.into()])).all(db).await
}

/// The whole plan in the shape of its file.
pub async fn export(db: &impl ConnectionTrait, plan: &Plan) -> Result<Script, DbErr> {
    let items = item::of_plan(db, plan.id).await?;
    let mut policies: Vec<PolicyScript> = Vec::new();
    for policy in self::policies(db, plan.id).await? {
        let mut themes: Vec<ThemeScript> = Vec::new();
        let mut last = None;
        for row in items.iter().filter(|row| row.policy_number == policy.number) {
            if last != Some(row.theme_position) {
                last = Some(row.theme_position);
                themes.push(ThemeScript {
                    heading: row.theme.clone(),
                    flags: Some(row.theme_flag.clone()).filter(|flag| !flag.is_empty()).into_iter().collect(),
                    flag_as_written: Some(row.theme_flag_as_written.clone()).filter(|flag| !flag.is_empty()),
                    items: Vec::new(),
                });
            }
            if let Some(theme) = themes.last_mut() {
                theme.items.push(item_script(row, &items));
            }
        }
        policies.push(PolicyScript { number: policy.number, title: policy.title, themes });
    }
    Ok(Script {
        key: Some(plan.key.clone()),
        fiscal_year: plan.fiscal_year,
        title: plan.title.clone(),
        subtitle: plan.subtitle.clone(),
        published: plan.published.clone(),
        publisher: plan.publisher.clone(),
        recorded_groups: plan.recorded_groups,
        preface: plan.preface(),
        policies,
    })
}

fn item_script(row: &item::Item, items: &[item::Item]) -> ItemScript {
    let twin = items.iter().find(|other| other.activity_id == row.activity_id && other.id != row.id);
    ItemScript {
        code: row.code.clone(),
        mark: row.mark(),
        title: row.title.clone(),
        content: row.content.clone(),
        notes: row.notes(),
        cadence: Some(row.cadence.clone()).filter(|cadence| !cadence.is_empty()),
        flags: if row.continued { vec!["継続".to_owned()] } else { Vec::new() },
        departments: row.departments(),
        same_activity_as: twin.map(|twin| twin.code.clone()),
    }
}
