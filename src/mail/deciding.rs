//! What staff decide about letters: hold, release, retry, cancel; one letter or all of a batch, each with its line in the trail.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::letter::StoredLetter;
use super::state::State;
use crate::audit::{Actor, Channel, Event, record};
use crate::db::{placeholders, statement};

/// A decision about a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 保留: it waits.
    Hold,
    /// 送信: it leaves at once.
    Release,
    /// 再送信: a letter that failed is tried anew.
    Retry,
    /// 取りやめ: it never leaves.
    Cancel,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 4] = [Self::Release, Self::Retry, Self::Hold, Self::Cancel];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Retry => "retry",
            Self::Cancel => "cancel",
        }
    }

    /// The decision under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.key() == key)
    }

    /// What stands on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hold => "保留にする",
            Self::Release => "送信する",
            Self::Retry => "もう一度送信する",
            Self::Cancel => "送信を取りやめる",
        }
    }

    /// How the trail calls it.
    fn action(self) -> &'static str {
        match self {
            Self::Hold => "メールの保留",
            Self::Release => "メールの送信",
            Self::Retry => "メールの再送信",
            Self::Cancel => "メールの取りやめ",
        }
    }

    /// In which states a letter can be decided about so.
    pub fn applies_to(self) -> &'static [State] {
        match self {
            Self::Hold => &[State::Queued],
            Self::Release => &[State::Held],
            Self::Retry => &[State::Failed],
            Self::Cancel => &[State::Held, State::Queued, State::Failed],
        }
    }

    /// The state that a letter has then.
    pub fn leads_to(self) -> State {
        match self {
            Self::Hold => State::Held,
            Self::Release | Self::Retry => State::Queued,
            Self::Cancel => State::Cancelled,
        }
    }
}

/// A batch of letters.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredBatch {
    /// Identifier.
    pub id: Uuid,
    /// What the letters are about.
    pub title: String,
    /// Who caused them.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl StoredBatch {
    /// Where staff look at it.
    pub fn path(&self) -> String {
        super::batch_path(self.id)
    }
}

/// The batch under this identifier.
pub async fn find_batch(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<StoredBatch>, DbErr> {
    let sql = "SELECT id, title, created_by, created_at FROM letter_batches WHERE id = ?";
    StoredBatch::find_by_statement(statement(db.get_database_backend(), sql, vec![id.into()])).one(db).await
}

/// Decides about one letter; says whether it was still in a state to be decided about.
pub async fn decide(
    db: &impl ConnectionTrait,
    letter: &StoredLetter,
    decision: Decision,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if change(db, decision, ("id = ?", letter.id), actor, now).await? == 0 {
        return Ok(false);
    }
    let event = Event {
        actor,
        channel: Channel::Screen,
        action: decision.action(),
        noun: "letter",
        noun_id: letter.id.to_string(),
        group_id: letter.group_id,
        title: &letter.subject,
        before: serde_json::json!({ "状態": letter.state().label() }),
        after: serde_json::json!({ "状態": decision.leads_to().label() }),
        reason: "",
    };
    record(db, event, now).await?;
    Ok(true)
}

/// Decides about all letters of a batch that it applies to, and tells how many there were.
pub async fn decide_all(
    db: &impl ConnectionTrait,
    batch: &StoredBatch,
    decision: Decision,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let count = change(db, decision, ("batch_id = ?", batch.id), actor, now).await?;
    if count == 0 {
        return Ok(0);
    }
    let event = Event {
        actor,
        channel: Channel::Screen,
        action: decision.action(),
        noun: "letter_batch",
        noun_id: batch.id.to_string(),
        group_id: None,
        title: &batch.title,
        before: serde_json::Value::Null,
        after: serde_json::json!({ "状態": decision.leads_to().label(), "通数": count }),
        reason: "",
    };
    record(db, event, now).await?;
    Ok(count)
}

/// One conditional `UPDATE`: of two people at once, or of two clicks, only the first finds anything to change.
async fn change(
    db: &impl ConnectionTrait,
    decision: Decision,
    (which, id): (&str, Uuid),
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let more = match decision {
        Decision::Hold => "",
        Decision::Release => ", next_at = ?",
        Decision::Retry => ", next_at = ?, tries = 0, first_try_at = NULL, fault = ''",
        Decision::Cancel => ", secrets = '{}'",
    };
    let from = decision.applies_to();
    let marks = placeholders(from.len());
    let sql = format!(
        "UPDATE letters SET state = ?, decided_at = ?, decided_by = ?{more} WHERE {which} AND state IN ({marks})"
    );
    let mut values: Vec<Value> = vec![decision.leads_to().key().into(), now.into(), actor.name.clone().into()];
    if more.contains('?') {
        values.push(now.into());
    }
    values.push(id.into());
    values.extend(from.iter().map(|state| Value::from(state.key())));
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected())
}
