//! The outbox: letters are rows, written by whoever causes them in the same transaction, and never lost.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::compose::UNSUBSCRIBE;
use super::topic::Topic;
use crate::accounts::account::address_key;
use crate::chance;
use crate::clock::new_id;
use crate::db::{placeholders, statement};

/// Letters written with one statement.
const AT_ONCE: usize = 50;

/// To whom a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Mail address.
    pub mail: String,
    /// Name, may be empty.
    pub name: String,
}

/// A letter that goes to many, together with others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Identifier of the batch.
    pub id: Uuid,
    /// What the letters are about; those who declined it get none. Nothing for letters that nobody can decline, such as decisions.
    pub topic: Option<Topic>,
}

/// A letter to be sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Key of its wording, such as `groups.approved`.
    pub kind: &'static str,
    /// To whom.
    pub to: Recipient,
    /// Subject in plain Japanese.
    pub subject: String,
    /// Text. What must not be read by staff or stay in the database stands as `{{secret:NAME}}`.
    pub body: String,
    /// The values of the secrets in the text; wiped once the letter is sent or given up.
    pub secrets: Vec<(&'static str, String)>,
    /// The group it concerns.
    pub group_id: Option<Uuid>,
    /// The account it goes to.
    pub account_id: Option<Uuid>,
    /// Set for letters to many: they wait until staff release them.
    pub batch: Option<Batch>,
    /// An invitation for calendars and its METHOD (RFC 5546), for letters that carry one; secrets may stand in it as in the text.
    pub calendar: Option<(String, &'static str)>,
    /// Path of the page on which the addressee stops getting such letters by themselves (RFC 8058); the secret `unsubscribe` stands in it.
    pub leave_path: String,
    /// Whether somebody ordered it for themselves, so that nobody of the office has to look when it cannot be sent.
    pub unattended: bool,
}

impl Letter {
    /// A letter to one person that leaves at once.
    pub fn new(kind: &'static str, to: Recipient, (subject, body): (String, String)) -> Self {
        Self {
            kind,
            to,
            subject,
            body,
            secrets: Vec::new(),
            group_id: None,
            account_id: None,
            batch: None,
            calendar: None,
            leave_path: String::new(),
            unattended: false,
        }
    }

    /// The same letter about a group.
    pub fn about(mut self, group_id: Uuid) -> Self {
        self.group_id = Some(group_id);
        self
    }

    /// The same letter, which somebody ordered for themselves: when it cannot be sent, that is no work for the office.
    pub fn unattended(self) -> Self {
        Self { unattended: true, ..self }
    }

    /// The same letter, which its addressee can stop at the path that `path` makes of this secret of theirs.
    pub fn that_can_be_left(self, token: &str, path: impl Fn(&str) -> String) -> Self {
        let leave_path = path(&format!("{{{{secret:{UNSUBSCRIBE}}}}}"));
        Self { leave_path, ..self.with_secret(UNSUBSCRIBE, token) }
    }

    /// The same letter with a secret in its text.
    pub fn with_secret(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.secrets.push((name, value.into()));
        self
    }
}

/// Opens a batch: the letters of it are held until staff have looked at them.
pub async fn open_batch(
    db: &impl ConnectionTrait,
    topic: impl Into<Option<Topic>>,
    title: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Batch, DbErr> {
    let id = new_id();
    let sql = "INSERT INTO letter_batches (id, title, created_by, created_at) VALUES (?, ?, ?, ?)";
    let values = vec![id.into(), title.into(), by.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(Batch { id, topic: topic.into() })
}

/// Puts a letter into the outbox, in the transaction of the change that causes it. `host` ends its Message-ID.
pub async fn post(db: &impl ConnectionTrait, letter: &Letter, host: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    post_all(db, std::slice::from_ref(letter), host, now).await?;
    Ok(())
}

/// Puts letters into the outbox and tells how many; those whose addressee declined the topic are left out.
pub async fn post_all(
    db: &impl ConnectionTrait,
    letters: &[Letter],
    host: &str,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let declined = declined(db, letters).await?;
    let is_wanted = |letter: &&Letter| {
        let topic = letter.batch.and_then(|batch| batch.topic);
        topic.is_none_or(|topic| !declined.contains(&(address_key(&letter.to.mail), topic.key().to_owned())))
    };
    let wanted: Vec<&Letter> = letters.iter().filter(is_wanted).collect();
    for letters in wanted.chunks(AT_ONCE) {
        let line = format!("({})", ["?"; 22].join(", "));
        let sql = format!(
            "INSERT INTO letters (id, message_id, kind, topic, batch_id, group_id, account_id, to_mail, to_name, subject,
            body, secrets, calendar, calendar_method, unsubscribe_hash, state, tries, next_at, fault, created_at,
            decided_by, leave_path, unattended) VALUES {}",
            vec![line.replace("(?", "(?, ?"); letters.len()].join(", ")
        );
        let values = letters.iter().flat_map(|letter| row(letter, host, now)).collect();
        db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    }
    Ok(wanted.len())
}

fn row(letter: &Letter, host: &str, now: DateTime<Utc>) -> Vec<Value> {
    let id = new_id();
    let mut secrets: HashMap<&str, String> = letter.secrets.iter().cloned().collect();
    let mut unsubscribe_hash = String::new();
    let topic = letter.batch.and_then(|batch| batch.topic);
    if topic.is_some() {
        let token = chance::token();
        unsubscribe_hash = chance::digest("unsubscribe", &token);
        secrets.insert(UNSUBSCRIBE, token);
    }
    let state = if letter.batch.is_some() { "held" } else { "queued" };
    let (calendar, method) = letter.calendar.clone().unwrap_or_default();
    vec![
        id.into(),
        format!("<{id}@{host}>").into(),
        letter.kind.into(),
        topic.map_or("", Topic::key).into(),
        letter.batch.map(|batch| batch.id).into(),
        letter.group_id.into(),
        letter.account_id.into(),
        letter.to.mail.clone().into(),
        letter.to.name.clone().into(),
        letter.subject.clone().into(),
        letter.body.clone().into(),
        serde_json::json!(secrets).into(),
        calendar.into(),
        method.into(),
        unsubscribe_hash.into(),
        state.into(),
        0.into(),
        now.into(),
        "".into(),
        now.into(),
        "".into(),
        letter.leave_path.clone().into(),
        letter.unattended.into(),
    ]
}

/// Which of the addressees want nothing of which topic.
async fn declined(db: &impl ConnectionTrait, letters: &[Letter]) -> Result<HashSet<(String, String)>, DbErr> {
    let bulk: Vec<&Letter> = letters.iter().filter(|letter| letter.batch.is_some()).collect();
    let mut found = HashSet::new();
    for letters in bulk.chunks(500) {
        let sql = format!("SELECT mail, topic FROM declined_topics WHERE mail IN ({})", placeholders(letters.len()));
        let values = letters.iter().map(|letter| address_key(&letter.to.mail).into()).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            found.insert((row.try_get("", "mail")?, row.try_get("", "topic")?));
        }
    }
    Ok(found)
}
