//! What the office decides: approve, send back with a question, refuse with a reason. Of two at once only the first counts.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::application::Application;
use super::{keeping, number};
use crate::accounts::account;
use crate::audit::{self, Actor, Channel, Event};
use crate::city::City;
use crate::groups::draft::Draft;
use crate::groups::history::{self, Change};
use crate::groups::member::{self, Duty};
use crate::groups::state::State;
use crate::groups::store::Refused;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum Undecided {
    /// Somebody decided, corrected or took it back meanwhile.
    #[error("the application has changed meanwhile")]
    Late,
    /// The record cannot be stored; the sentences say why.
    #[error("{}", .0.join(" "))]
    Unfit(Vec<String>),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<Refused> for Undecided {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid(sentences) => Self::Unfit(sentences),
            Refused::Database(fault) => Self::Database(fault),
        }
    }
}

/// Who decides, when, and for which city.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    /// The member of staff.
    pub actor: &'a Actor,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl Desk<'_> {
    fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.city.profile.zone).date_naive()
    }
}

/// Approves: the group enters the register under the next number, and the owner of a verified address looks after it.
pub async fn approve(
    db: &impl ConnectionTrait,
    desk: Desk<'_>,
    seen: &Application,
    (draft, applicant): (&Draft, &str),
) -> Result<(Uuid, String), Undecided> {
    decide(db, desk, seen, "state = 'approved'", vec![]).await?;
    if let Some(number) = &draft.corporate_number
        && bears(db, number).await?
    {
        return Err(Undecided::Unfit(vec![format!(
            "法人番号 {number} の団体が、すでに名簿にあります。その団体のページを確かめてください。"
        )]));
    }
    let number = number::next(db, desk.city, desk.today()).await?;
    let draft = Draft {
        number: Some(number.clone()),
        state: State::Listed,
        registered_on: Some(desk.today()),
        confirmed_on: Some(desk.today()),
        source: "登録の申請".to_owned(),
        ..draft.clone()
    };
    let change = Change {
        group_id: None,
        draft: &draft,
        actor: desk.actor,
        channel: seen.channel(),
        action: "登録の承認",
        reason: "",
    };
    let group_id = history::keep(db, desk.city, change, desk.now).await?;
    let group_of = "UPDATE applications SET group_id = ? WHERE id = ?";
    let values = vec![group_id.into(), seen.id.into()];
    db.execute_raw(crate::db::statement(db.get_database_backend(), group_of, values)).await?;
    if seen.is_verified() {
        join(db, (seen, group_id), applicant, &desk.actor.name, desk.now).await?;
    }
    trail(db, desk, seen, ("登録申請の承認", Some(group_id), "")).await?;
    Ok((group_id, number))
}

/// Makes the owner of the application's address the one who looks after the group that came of it.
pub async fn join(
    db: &impl ConnectionTrait,
    (application, group_id): (&Application, Uuid),
    applicant: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let account = account::ensure(db, &application.mail, applicant, now).await?;
    member::join(db, (group_id, account.id), Duty::Representative, by, now).await?;
    let sql = "UPDATE applications SET account_id = ? WHERE id = ?";
    let values = vec![account.id.into(), application.id.into()];
    db.execute_raw(crate::db::statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Sends an application back with a question.
pub async fn send_back(
    db: &impl ConnectionTrait,
    desk: Desk<'_>,
    seen: &Application,
    question: &str,
) -> Result<(), Undecided> {
    decide(db, desk, seen, "state = 'returned', answer = '', question = ?", vec![question.into()]).await?;
    Ok(trail(db, desk, seen, ("登録申請の差し戻し", None, question)).await?)
}

/// Refuses an application with a reason.
pub async fn refuse(
    db: &impl ConnectionTrait,
    desk: Desk<'_>,
    seen: &Application,
    reason: &str,
) -> Result<(), Undecided> {
    decide(db, desk, seen, "state = 'refused', reason = ?", vec![reason.into()]).await?;
    Ok(trail(db, desk, seen, ("登録申請の不承認", None, reason)).await?)
}

async fn decide(
    db: &impl ConnectionTrait,
    desk: Desk<'_>,
    seen: &Application,
    set: &str,
    mut values: Vec<sea_orm::Value>,
) -> Result<(), Undecided> {
    let set = format!("{set}, decided_at = ?, decided_by = ?, updated_at = ?");
    values.extend([desk.now.into(), desk.actor.name.clone().into(), desk.now.into()]);
    match keeping::change(db, &set, values, "state = 'submitted'", seen).await? {
        true => Ok(()),
        false => Err(Undecided::Late),
    }
}

async fn trail(
    db: &impl ConnectionTrait,
    desk: Desk<'_>,
    seen: &Application,
    (action, group_id, reason): (&str, Option<Uuid>, &str),
) -> Result<(), DbErr> {
    let event = Event {
        actor: desk.actor,
        channel: Channel::Screen,
        action,
        noun: "application",
        noun_id: seen.id.to_string(),
        group_id,
        title: seen.title(),
        before: json!({ "state": seen.stage().label() }),
        after: json!({ "state": action }),
        reason,
    };
    audit::record(db, event, desk.now).await
}

/// Whether a group of the register has this 法人番号.
async fn bears(db: &impl ConnectionTrait, corporate_number: &str) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM groups WHERE corporate_number = ?";
    let values = vec![corporate_number.into()];
    Ok(db.query_one_raw(crate::db::statement(db.get_database_backend(), sql, values)).await?.is_some())
}
