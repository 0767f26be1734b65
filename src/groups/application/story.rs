//! The story of an application as the trail has it: who did what when.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::application::{Application, Stage};
use super::keeping;
use super::typed::Typed;
use crate::audit::{self, Actor, Channel, Event};
use crate::db::statement;

/// One thing that was done.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Done {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// Question, answer or reason that went with it.
    pub reason: String,
    channel: String,
}

impl Done {
    /// On which way it came.
    pub fn channel(&self) -> &'static str {
        Channel::from_key(&self.channel).unwrap_or_default().label()
    }
}

/// Everything that was done with an application, oldest first.
pub async fn of(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Done>, DbErr> {
    let sql = "SELECT at, actor, action, reason, channel FROM audit WHERE noun = 'application' AND noun_id = ?
        ORDER BY at, id";
    Done::find_by_statement(statement(db.get_database_backend(), sql, vec![id.to_string().into()])).all(db).await
}

/// Writes down that an application was handed in by its group; `seen` is how it stood before.
pub async fn tell_handed_in(
    db: &impl ConnectionTrait,
    seen: &Application,
    answer: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let whole = seen.typed().whole();
    let again = seen.submitted_at.is_some();
    let form = |typed: &Typed, stage: Stage| json!({ "state": stage.label(), "form": keeping::told(typed) });
    let before = if again { form(&seen.typed_when_sent(), seen.stage()) } else { Json::Null };
    let action = if again { "登録の再申請" } else { "登録の申請" };
    let actor = applicant(seen, whole.get("applicant"));
    let change = (before, form(&seen.typed(), Stage::Submitted));
    tell(db, seen, (&actor, Channel::Screen, action, answer), change, now).await
}

/// As whom the applicant stands in the trail.
pub fn applicant(application: &Application, name: &str) -> Actor {
    let name = name.trim();
    let name = if name.is_empty() { application.mail.as_str() } else { name };
    Actor::named(&format!("{}(申請者)", name.chars().take(100).collect::<String>()))
}

/// Writes down what was done with an application.
pub async fn tell(
    db: &impl ConnectionTrait,
    application: &Application,
    (actor, channel, action, reason): (&Actor, Channel, &str, &str),
    (before, after): (Json, Json),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel,
        action,
        noun: "application",
        noun_id: application.id.to_string(),
        group_id: application.group_id,
        title: application.title(),
        before,
        after,
        reason,
    };
    audit::record(db, event, now).await
}
