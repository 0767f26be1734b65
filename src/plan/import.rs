//! Taking in a plan from its file: items keep their identity, so that what was linked to them stays linked.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::item::{self, Item};
use super::script::{ItemScript, Script, ThemeScript};
use crate::clock::new_id;
use crate::db::statement;
use crate::revision::{self, Scope};
use crate::table::{Outcome, Report, RowReport};

/// Why a plan file cannot be taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum PlanFault {
    /// The file is no plan.
    #[error("計画のファイルとして読めません（{line}行 {column}文字目）: {cause}")]
    Form {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        cause: String,
    },
    /// The file contradicts itself.
    #[error("{0}")]
    Content(String),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Takes in a plan; the caller commits, or rolls back for a dry run.
pub async fn import(
    db: &impl ConnectionTrait,
    file: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<Report, PlanFault> {
    let script: Script = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|fault| PlanFault::Form { line: fault.line(), column: fault.column(), cause: fault.to_string() })?;
    check(&script)?;
    let key = script.key.clone().unwrap_or_else(|| script.fiscal_year.to_string());
    let plan_id = put_plan(db, &key, &script).await?;
    let before: HashMap<String, Item> =
        item::of_plan(db, plan_id).await?.into_iter().map(|item| (item.code.clone(), item)).collect();
    let activities = activities(&script, &before);
    let mut report = Report::new(file, "JSON", false);
    for policy in &script.policies {
        let policy_id = put_policy(db, plan_id, policy.number, &policy.title).await?;
        for (position, theme) in (1..).zip(&policy.themes) {
            let theme_id = put_theme(db, policy_id, position, theme).await?;
            for script in &theme.items {
                let placed = Placed { plan_id, theme_id, activity: activities[&script.code], script };
                report.rows.push(put_item(db, &placed, theme, before.get(&script.code)).await?);
            }
        }
    }
    let known: Vec<&str> = report.rows.iter().filter_map(|row| row.subject.split(' ').next()).collect();
    let gone = before.keys().filter(|code| !known.contains(&code.as_str()));
    let gone: Vec<String> =
        gone.map(|code| format!("項目 {code} はファイルにありませんが、残してあります。")).collect();
    report.notes.extend(gone);
    revision::bump(db, Scope::Plan, now).await?;
    // Feeds name the items that their entries fulfil.
    revision::bump(db, Scope::Calendar, now).await?;
    Ok(report)
}

fn check(script: &Script) -> Result<(), PlanFault> {
    let mut seen = BTreeMap::new();
    for policy in &script.policies {
        for item in policy.themes.iter().flat_map(|theme| &theme.items) {
            let formed = item.code.split_once('-').is_some_and(|(number, sequence)| {
                number == policy.number.to_string() && sequence.len() == 2 && sequence.parse::<u8>().is_ok()
            });
            if !formed {
                let (code, number) = (&item.code, policy.number);
                return Err(PlanFault::Content(format!("項目の番号「{code}」は「{number}-01」の形ではありません。")));
            }
            if seen.insert(item.code.as_str(), item).is_some() {
                return Err(PlanFault::Content(format!("項目の番号「{}」が2回出てきます。", item.code)));
            }
        }
    }
    if seen.is_empty() {
        return Err(PlanFault::Content("項目が1つもありません。".to_owned()));
    }
    match seen.values().filter_map(|item| item.same_activity_as.as_deref()).find(|code| !seen.contains_key(code)) {
        Some(code) => Err(PlanFault::Content(format!("同じ活動として書かれた項目「{code}」がありません。"))),
        None => Ok(()),
    }
}

/// The activity of every item: items that are the same activity share the identifier of the first.
fn activities(script: &Script, before: &HashMap<String, Item>) -> HashMap<String, (Uuid, Uuid)> {
    let items = || script.policies.iter().flat_map(|policy| &policy.themes).flat_map(|theme| &theme.items);
    let ids: HashMap<&str, Uuid> =
        items().map(|item| (item.code.as_str(), before.get(&item.code).map_or_else(new_id, |row| row.id))).collect();
    let first = |item: &ItemScript| {
        let twin = item.same_activity_as.as_deref().unwrap_or(&item.code);
        ids[twin.min(item.code.as_str())]
    };
    items().map(|item| (item.code.clone(), (ids[item.code.as_str()], first(item)))).collect()
}

async fn put_plan(db: &impl ConnectionTrait, key: &str, script: &Script) -> Result<Uuid, PlanFault> {
    let sql =
        "INSERT INTO plans (id, key, fiscal_year, title, subtitle, published, publisher, recorded_groups, preface)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET fiscal_year = excluded.fiscal_year,
        title = excluded.title, subtitle = excluded.subtitle, published = excluded.published,
        publisher = excluded.publisher, recorded_groups = excluded.recorded_groups, preface = excluded.preface
        RETURNING id";
    let preface = serde_json::to_value(&script.preface).map_err(|fault| PlanFault::Content(fault.to_string()))?;
    let values = vec![
        new_id().into(),
        key.into(),
        script.fiscal_year.into(),
        script.title.clone().into(),
        script.subtitle.clone().into(),
        script.published.clone().into(),
        script.publisher.clone().into(),
        script.recorded_groups.into(),
        preface.into(),
    ];
    returned_id(db, sql, values).await
}

async fn put_policy(db: &impl ConnectionTrait, plan: Uuid, number: i32, title: &str) -> Result<Uuid, PlanFault> {
    let sql = "INSERT INTO policies (id, plan_id, number, title) VALUES (?, ?, ?, ?)
        ON CONFLICT (plan_id, number) DO UPDATE SET title = excluded.title RETURNING id";
    returned_id(db, sql, vec![new_id().into(), plan.into(), number.into(), title.into()]).await
}

async fn put_theme(
    db: &impl ConnectionTrait,
    policy: Uuid,
    position: i32,
    theme: &ThemeScript,
) -> Result<Uuid, PlanFault> {
    let sql = "INSERT INTO themes (id, policy_id, position, heading, flag, flag_as_written) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (policy_id, position) DO UPDATE SET heading = excluded.heading, flag = excluded.flag,
        flag_as_written = excluded.flag_as_written RETURNING id";
    let flag = theme.flags.first().cloned().unwrap_or_default();
    let written = theme.flag_as_written.clone().unwrap_or_default();
    let values = vec![
        new_id().into(),
        policy.into(),
        position.into(),
        theme.heading.clone().into(),
        flag.into(),
        written.into(),
    ];
    returned_id(db, sql, values).await
}

struct Placed<'a> {
    plan_id: Uuid,
    theme_id: Uuid,
    /// The item's own identifier and that of its activity.
    activity: (Uuid, Uuid),
    script: &'a ItemScript,
}

async fn put_item(
    db: &impl ConnectionTrait,
    placed: &Placed<'_>,
    theme: &ThemeScript,
    before: Option<&Item>,
) -> Result<RowReport, PlanFault> {
    let sql = "INSERT INTO items (id, plan_id, theme_id, code, mark, title, content, notes, cadence, continued,
        departments, section, activity_id, lineage_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)
        ON CONFLICT (plan_id, code) DO UPDATE SET theme_id = excluded.theme_id, mark = excluded.mark,
        title = excluded.title, content = excluded.content, notes = excluded.notes, cadence = excluded.cadence,
        continued = excluded.continued, departments = excluded.departments, activity_id = excluded.activity_id";
    let script = placed.script;
    let continued = script.flags.iter().any(|flag| flag == "継続");
    let values: Vec<Value> = vec![
        placed.activity.0.into(),
        placed.plan_id.into(),
        placed.theme_id.into(),
        script.code.clone().into(),
        script.mark.key().into(),
        script.title.clone().into(),
        script.content.clone().into(),
        serde_json::json!(script.notes).into(),
        script.cadence.clone().unwrap_or_default().into(),
        continued.into(),
        serde_json::json!(script.departments).into(),
        placed.activity.1.into(),
        placed.activity.0.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    let outcome = match before {
        None => Outcome::Taken,
        Some(old) if same(old, script, continued, theme) => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    Ok(RowReport { line: 0, subject: format!("{} {}", script.code, script.title), outcome, notes: Vec::new() })
}

fn same(old: &Item, new: &ItemScript, continued: bool, theme: &ThemeScript) -> bool {
    old.mark() == new.mark
        && old.title == new.title
        && old.content == new.content
        && old.notes() == new.notes
        && old.cadence == new.cadence.clone().unwrap_or_default()
        && old.continued == continued
        && old.departments() == new.departments
        && old.theme == theme.heading
        && old.theme_flag == theme.flags.first().cloned().unwrap_or_default()
}

async fn returned_id(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Uuid, PlanFault> {
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("RETURNING gave nothing".to_owned()))?;
    Ok(row.try_get("", "id")?)
}
