//! A note of a contact with a group: on which day, on which way, what.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::audit::Channel;
use crate::clock::new_id;
use crate::db::statement;

/// A note that was kept.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::office) struct Note {
    /// The day of the contact.
    pub noted_on: NaiveDate,
    channel: String,
    /// What was said.
    pub text: String,
    /// Who wrote it down.
    pub actor: String,
}

impl Note {
    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }
}

/// A note to be kept.
pub(super) struct Draft {
    pub group_id: Uuid,
    pub noted_on: NaiveDate,
    pub channel: Channel,
    pub text: String,
}

/// Keeps a note and tells its identifier.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    draft: &Draft,
    (account_id, actor): (Uuid, &str),
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let id = new_id();
    let sql = "INSERT INTO contact_notes (id, group_id, noted_on, channel, text, account_id, actor, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let values = vec![
        id.into(),
        draft.group_id.into(),
        draft.noted_on.into(),
        draft.channel.key().into(),
        draft.text.as_str().into(),
        account_id.into(),
        actor.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(id)
}

/// The latest notes of a group, the newest first.
pub(in crate::office) async fn of_group(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    most: i64,
) -> Result<Vec<Note>, DbErr> {
    let sql = "SELECT noted_on, channel, text, actor FROM contact_notes WHERE group_id = ?
        ORDER BY noted_on DESC, created_at DESC LIMIT ?";
    let values = vec![group_id.into(), most.into()];
    Note::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// How many notes a group has.
pub(in crate::office) async fn count(db: &impl ConnectionTrait, group_id: Uuid) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS count FROM contact_notes WHERE group_id = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "count"))
}
