//! A letter as it lies in the outbox.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::state::State;
use super::topic::Topic;
use crate::accounts::{Account, account};
use crate::db::statement;

/// A letter of the outbox.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredLetter {
    /// Identifier.
    pub id: Uuid,
    /// Its Message-ID, the same at every attempt.
    pub message_id: String,
    /// Key of its wording.
    pub kind: String,
    topic: String,
    /// The batch it belongs to.
    pub batch_id: Option<Uuid>,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// The account it goes to.
    pub account_id: Option<Uuid>,
    /// Address it goes to.
    pub to_mail: String,
    /// Name it goes to, may be empty.
    pub to_name: String,
    /// Subject; secrets stand as `{{secret:NAME}}`.
    pub subject: String,
    /// Text; secrets stand as `{{secret:NAME}}`.
    pub body: String,
    secrets: serde_json::Value,
    /// An invitation for calendars, may be empty.
    pub calendar: String,
    /// Its METHOD.
    pub calendar_method: String,
    state: String,
    /// How often it was tried.
    pub tries: i32,
    /// When it is due.
    pub next_at: DateTime<Utc>,
    /// When it was first tried.
    pub first_try_at: Option<DateTime<Utc>>,
    /// What went wrong the last time: a sentence, and behind a line break the server's own words.
    pub fault: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When staff last decided about it.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who did.
    pub decided_by: String,
    /// Where its addressee stops getting such letters; empty where there is no such page of its own.
    pub(super) leave_path: String,
}

/// The columns of a letter, for `SELECT` and `RETURNING`.
pub(super) const COLUMNS: &str = "id, message_id, kind, topic, batch_id, group_id, account_id, to_mail, to_name, subject,
    body, secrets, calendar, calendar_method, state, tries, next_at, first_try_at, fault, created_at, sent_at, decided_at,
    decided_by, leave_path";

impl StoredLetter {
    /// How far it is.
    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Failed)
    }

    /// Where staff look at it.
    pub fn path(&self) -> String {
        super::letter_path(self.id)
    }

    /// What a letter to many is about.
    pub fn topic(&self) -> Option<Topic> {
        Topic::from_key(&self.topic)
    }

    /// When it was put on its way: the last decision of staff, or else the moment it was written.
    pub fn posted_at(&self) -> DateTime<Utc> {
        self.decided_at.unwrap_or(self.created_at)
    }

    /// The secrets of its text; none once they are wiped.
    pub(super) fn secrets(&self) -> HashMap<String, String> {
        serde_json::from_value(self.secrets.clone()).unwrap_or_default()
    }

    /// Whether its text has secrets that are no longer kept, so that it cannot be sent again.
    pub fn is_spent(&self) -> bool {
        let secrets = self.secrets();
        let lacks = |text: &str| super::compose::secret_names(text).any(|name| !secrets.contains_key(name));
        lacks(&self.subject) || lacks(&self.body) || lacks(&crate::ics::unfolded(&self.calendar))
    }

    /// The account that it goes to, by identifier or by address.
    pub async fn addressee(&self, db: &impl ConnectionTrait) -> Result<Vec<Account>, DbErr> {
        let mut found: Vec<Account> = account::find_by_mail(db, &self.to_mail).await?.into_iter().collect();
        if let Some(id) = self.account_id {
            found.extend(account::find(db, id).await?);
        }
        Ok(found)
    }
}

/// The letter under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<StoredLetter>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM letters WHERE id = ?");
    StoredLetter::find_by_statement(statement(db.get_database_backend(), &sql, vec![id.into()])).one(db).await
}
