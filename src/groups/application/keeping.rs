//! Keeping what is typed, and handing it in: every change counts up the version, and only one of two at once goes through.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::application::{self, Application};
use super::link;
use super::step::Step;
use super::typed::{Part, Typed};
use crate::db::statement;
use crate::groups::group::name_key;

/// Turns in which a change is tried again when somebody else was quicker.
const TURNS: usize = 4;
/// Longest name kept for lists, in characters.
const NAME: usize = 200;

/// What became of a step that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Done,
    /// Somebody else kept other texts meanwhile: these.
    Other(Part),
    /// Nothing can be changed any more.
    Closed,
}

/// Keeps the texts of a step; `seen` is the version of the step that the person had before their eyes.
pub async fn step(
    db: &impl ConnectionTrait,
    id: Uuid,
    (step, seen): (Step, i32),
    values: Vec<(String, String)>,
    now: DateTime<Utc>,
) -> Result<Kept, DbErr> {
    for _ in 0..TURNS {
        let Some(before) = application::find(db, id).await?.filter(Application::is_open) else {
            return Ok(Kept::Closed);
        };
        let mut typed = before.typed();
        if let Some(part) = typed.part(step).filter(|part| part.version != seen && part.values != values) {
            return Ok(Kept::Other(part.clone()));
        }
        typed.put(step, values.clone());
        if put(db, &before, &typed, step, now).await? {
            return Ok(Kept::Done);
        }
    }
    Err(DbErr::RecordNotUpdated)
}

async fn put(
    db: &impl ConnectionTrait,
    before: &Application,
    typed: &Typed,
    step: Step,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let name = name_of(typed);
    let set = "form = ?, name = ?, name_key = ?, step = ?, updated_at = ?";
    let values =
        vec![typed.to_json().into(), name.clone().into(), name_key(&name).into(), step.key().into(), now.into()];
    change(db, set, values, "state IN ('draft', 'returned')", before).await
}

/// The name of the group as it was typed, short enough for a list.
fn name_of(typed: &Typed) -> String {
    let form = typed.form(Step::Name);
    let short: String = form.get("name").chars().take(NAME).collect();
    crate::text::clean::line(&short, NAME).unwrap_or_default()
}

/// Changes an application as somebody saw it, where a condition holds; says whether it was still so.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    set: &str,
    mut values: Vec<Value>,
    only: &str,
    seen: &Application,
) -> Result<bool, DbErr> {
    let sql = format!("UPDATE applications SET {set}, version = version + 1 WHERE id = ? AND version = ? AND {only}");
    values.extend([seen.id.into(), seen.version.into()]);
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() == 1)
}

/// Hands an application in; `acknowledged` are the groups that it is said not to be.
pub async fn submit(
    db: &impl ConnectionTrait,
    seen: &Application,
    (acknowledged, answer): (&[Uuid], &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = "state = 'submitted', sent = ?, acknowledged = ?, answer = ?, submitted_at = ?, updated_at = ?,
        decided_at = NULL, decided_by = ''";
    let values = vec![
        seen.typed().to_json().into(),
        serde_json::json!(acknowledged).into(),
        answer.into(),
        now.into(),
        now.into(),
    ];
    // Nobody in the office sees it before the address is shown to be the applicant's; what the office typed in it has seen.
    let only = "state IN ('draft', 'returned') AND (verified_at IS NOT NULL OR channel <> 'screen')";
    change(db, set, values, only, seen).await
}

/// Takes an application back to correct it.
pub async fn take_back(db: &impl ConnectionTrait, seen: &Application, now: DateTime<Utc>) -> Result<bool, DbErr> {
    change(db, "state = 'draft', updated_at = ?", vec![now.into()], "state = 'submitted'", seen).await
}

/// Takes an application back for good.
pub async fn withdraw(db: &impl ConnectionTrait, seen: &Application, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let only = "state IN ('draft', 'returned', 'submitted')";
    change(db, "state = 'withdrawn', updated_at = ?", vec![now.into()], only, seen).await
}

/// Notes that the owner of the address opened the letter and said that it is theirs.
pub async fn verify(db: &impl ConnectionTrait, seen: &Application, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE applications SET verified_at = ?, updated_at = ?, version = version + 1
        WHERE id = ? AND mail = ? AND verified_at IS NULL";
    let values = vec![now.into(), now.into(), seen.id.into(), seen.mail.clone().into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() == 1)
}

/// Changes the address of an application; links that went to the old one end, and the new one is still to be shown.
pub async fn change_address(
    db: &impl ConnectionTrait,
    seen: &Application,
    mail: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = "mail = ?, verified_at = NULL, updated_at = ?";
    let done = change(db, set, vec![mail.into(), now.into()], "state IN ('draft', 'returned')", seen).await?;
    if done {
        link::end_letters(db, seen.id).await?;
    }
    Ok(done)
}

/// Corrects what waits for the office, as the office does; what was sent stays beside it.
pub async fn correct(
    db: &impl ConnectionTrait,
    seen: &Application,
    typed: &Typed,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let name = name_of(typed);
    let set = "form = ?, name = ?, name_key = ?, updated_at = ?";
    let values = vec![typed.to_json().into(), name.clone().into(), name_key(&name).into(), now.into()];
    change(db, set, values, "state IN ('submitted', 'returned')", seen).await
}

/// What was typed, for the trail.
pub fn told(typed: &Typed) -> Json {
    let texts = typed.whole();
    let pairs = texts.values().iter().filter(|(_, value)| !value.is_empty());
    let mut told = serde_json::Map::new();
    for (name, value) in pairs {
        match told.get_mut(name) {
            Some(Json::String(before)) => *before = format!("{before}; {value}"),
            _ => drop(told.insert(name.clone(), value.clone().into())),
        }
    }
    Json::Object(told)
}
