//! The row of a submission: who asked, what was typed, and what became of it.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::super::fields::FIELDS;
use super::super::staff_path;
use super::{KEPT_DAYS, UNCONFIRMED_DAYS};
use crate::audit::Channel;
use crate::db::statement;
use crate::text::clean;
use crate::web::Form;

/// What somebody has to do with the event they tell of.
pub const RELATIONS: [(&str, &str); 3] =
    [("host", "主催している"), ("asked", "主催する方から頼まれた"), ("saw", "見聞きしたので知らせる")];

/// Whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mail address; empty only for what staff typed in.
    pub mail: String,
    /// Telephone, or nothing.
    pub phone: String,
    /// What they have to do with it; a key of [`RELATIONS`].
    pub relation: String,
}

/// One submission.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Submission {
    /// Identifier.
    pub id: Uuid,
    /// The entry made of it, once it was confirmed.
    pub entry_id: Option<Uuid>,
    /// Title of the event.
    pub title: String,
    /// Who asked.
    pub name: String,
    /// Where they get mail; empty for what came by telephone or on paper.
    pub mail: String,
    /// Telephone, or nothing.
    pub phone: String,
    relation: String,
    channel: String,
    /// Which member of staff typed it in.
    pub entered_by: String,
    fields: serde_json::Value,
}

impl Submission {
    /// What they have to do with the event, in words.
    pub fn relation(&self) -> &'static str {
        RELATIONS.iter().find(|(key, _)| *key == self.relation).map_or("", |(_, words)| words)
    }

    /// On which way it came, in words.
    pub fn channel(&self) -> &'static str {
        Channel::from_key(&self.channel).unwrap_or_default().label()
    }

    /// Whether the owner of the address has confirmed it, or staff have typed it in.
    pub fn is_confirmed(&self) -> bool {
        self.entry_id.is_some()
    }

    /// Its page for staff, who see what was confirmed alone.
    pub fn staff_path(&self) -> String {
        self.entry_id.map(staff_path).unwrap_or_default()
    }

    /// The form of the event as it was typed.
    pub fn form(&self) -> Form {
        let fields: Vec<(String, String)> = serde_json::from_value(self.fields.clone()).unwrap_or_default();
        Form::filled(fields.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    /// Who asked, as the form has it.
    pub fn person(&self) -> Person {
        let relation = self.relation.clone();
        Person { name: self.name.clone(), mail: self.mail.clone(), phone: self.phone.clone(), relation }
    }
}

/// What a form says about the event, and nothing else that may have been sent with it.
///
/// The kind of the entry and the items of the plan are for staff to say.
pub fn of_event(form: &Form) -> Form {
    let names = FIELDS.iter().map(|(name, _)| *name).filter(|name| *name != "kind").chain(["organiser"]);
    let sent = names.filter(|name| form.sent(name));
    // How long a text may be is asked where it is read.
    Form::filled(sent.map(|name| (name, clean::block(form.get(name), usize::MAX).unwrap_or_default())))
}

/// Writes a submission down; says whether it did: not when the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, title, form): (Uuid, &str, &Form),
    person: &Person,
    (channel, entered_by): (Channel, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO entry_submissions (id, title, name, mail, phone, relation, channel, entered_by, fields, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        title.into(),
        person.name.as_str().into(),
        person.mail.as_str().into(),
        person.phone.as_str().into(),
        person.relation.as_str().into(),
        channel.key().into(),
        entered_by.into(),
        serde_json::json!(of_event(form).values()).into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Takes a submission for its entry; says whether it did: not when it was confirmed before.
pub async fn confirm(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE entry_submissions SET confirmed_at = ? WHERE id = ? AND confirmed_at IS NULL";
    let values = vec![now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Says which entry was made of it.
pub async fn made(db: &impl ConnectionTrait, id: Uuid, entry_id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE entry_submissions SET entry_id = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![entry_id.into(), id.into()])).await?;
    Ok(())
}

/// A submission by its identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Submission>, DbErr> {
    some(db, "id = ?", vec![id.into()]).await.map(|mut found| found.pop())
}

/// The submission of which an entry was made.
pub async fn of_entry(db: &impl ConnectionTrait, entry_id: Uuid) -> Result<Option<Submission>, DbErr> {
    some(db, "entry_id = ?", vec![entry_id.into()]).await.map(|mut found| found.pop())
}

/// What has come before the office, the newest first.
pub async fn newest(db: &impl ConnectionTrait, most: i64) -> Result<Vec<Submission>, DbErr> {
    some(db, "entry_id IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT ?", vec![most.into()]).await
}

async fn some(db: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<Vec<Submission>, DbErr> {
    let sql = format!(
        "SELECT id, entry_id, title, name, mail, phone, relation, channel, entered_by, fields FROM entry_submissions
        WHERE {condition}"
    );
    Submission::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Forgets what nobody confirmed, and who asked for what is long over.
pub async fn forget(db: &impl ConnectionTrait, (now, today): (DateTime<Utc>, NaiveDate)) -> Result<u64, DbErr> {
    let backend = db.get_database_backend();
    let sql = "DELETE FROM entry_submissions WHERE confirmed_at IS NULL AND created_at < ?";
    let before = now - Duration::days(UNCONFIRMED_DAYS);
    let unconfirmed = db.execute_raw(statement(backend, sql, vec![before.into()])).await?.rows_affected();
    let over = "created_at < ? AND entry_id IN (SELECT e.id FROM calendar_entries e
        WHERE NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.entry_id = e.id AND o.last_day >= ?))";
    let values: Vec<Value> = vec![(now - Duration::days(KEPT_DAYS)).into(), (today - Duration::days(KEPT_DAYS)).into()];
    let sql = format!(
        "UPDATE entry_reviews SET asked_by = '' WHERE entry_id IN (SELECT entry_id FROM entry_submissions WHERE {over})"
    );
    db.execute_raw(statement(backend, &sql, values.clone())).await?;
    let sql = format!("DELETE FROM entry_submissions WHERE {over}");
    Ok(unconfirmed + db.execute_raw(statement(backend, &sql, values)).await?.rows_affected())
}
