//! The history of a group's record: every kept state is a numbered version, with who kept it, on which way and why.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::draft::Draft;
use super::record;
use super::store::{self, Refused};
use crate::audit::{self, Actor, Channel, Event};
use crate::city::City;
use crate::clock::new_id;
use crate::db::statement;

/// A change of a group's record, on its way into the register.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The group; nothing for a new one.
    pub group_id: Option<Uuid>,
    /// The whole record as it is to be.
    pub draft: &'a Draft,
    /// Who.
    pub actor: &'a Actor,
    /// On which way it came.
    pub channel: Channel,
    /// What is done, for the trail: 登録の承認, 変更の承認, 以前の版に戻す.
    pub action: &'a str,
    /// Why, where a reason was given.
    pub reason: &'a str,
}

/// A kept state of a group's record.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Version {
    /// Counts from 1.
    pub number: i32,
    record: Json,
    /// When it was kept.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: String,
    channel: String,
    /// Why.
    pub reason: String,
}

impl Version {
    /// The record as it was; nothing if it cannot be read any more.
    pub fn draft(&self) -> Option<Draft> {
        serde_json::from_value(self.record.clone()).ok()
    }

    /// On which way it came.
    pub fn channel(&self) -> Channel {
        Channel::from_key(&self.channel).unwrap_or_default()
    }
}

const COLUMNS: &str = "number, record, at, actor, channel, reason";

/// Keeps a record as the approved one: the row itself, a numbered version and a line in the trail, or none of them.
///
/// The first change of a group that was imported keeps the imported state as version 1, so that it can be restored.
pub async fn keep(
    db: &impl ConnectionTrait,
    city: &City,
    change: Change<'_>,
    now: DateTime<Utc>,
) -> Result<Uuid, Refused> {
    let before = match change.group_id {
        Some(id) => load(db, id).await?,
        None => None,
    };
    let id = store::store(db, city, change.group_id, change.draft, now).await?;
    let mut number = newest_number(db, id).await?;
    if let Some(before) = before.as_ref().filter(|_| number == 0) {
        number = 1;
        put(db, id, number, before, (&Actor::named("取り込み"), Channel::Command, ""), now).await?;
    }
    put(db, id, number + 1, change.draft, (change.actor, change.channel, change.reason), now).await?;
    let sql = "UPDATE groups SET version = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![(number + 1).into(), id.into()])).await?;
    let (old, new) = differences(before.as_ref(), change.draft);
    let event = Event {
        actor: change.actor,
        channel: change.channel,
        action: change.action,
        noun: "group",
        noun_id: id.to_string(),
        group_id: Some(id),
        title: &change.draft.name,
        before: old,
        after: new,
        reason: change.reason,
    };
    audit::record(db, event, now).await?;
    Ok(id)
}

/// The whole record of a group as it is kept now.
pub async fn load(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Draft>, DbErr> {
    Ok(record::load(db, &[id]).await?.remove(&id))
}

/// Holds a group's record until the transaction ends, so that what is read of it now is what a change is made from; says
/// whether there is such a group. SQLite holds everything from the start, PostgreSQL the row from here on.
pub async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let sql = "UPDATE groups SET version = version WHERE id = ?";
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?.rows_affected() > 0)
}

/// The number of the version that is kept now; 0 for a record that came from a file and was never changed.
pub async fn version(db: &impl ConnectionTrait, id: Uuid) -> Result<i32, DbErr> {
    let sql = "SELECT version FROM groups WHERE id = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "version"))
}

/// The version under a number.
pub async fn find(db: &impl ConnectionTrait, group_id: Uuid, number: i32) -> Result<Option<Version>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM group_versions WHERE group_id = ? AND number = ?");
    let values = vec![group_id.into(), number.into()];
    Version::find_by_statement(statement(db.get_database_backend(), &sql, values)).one(db).await
}

/// So many versions of a group up to a number, the newest first.
pub async fn versions_up_to(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    number: i32,
    most: u64,
) -> Result<Vec<Version>, DbErr> {
    let sql =
        format!("SELECT {COLUMNS} FROM group_versions WHERE group_id = ? AND number <= ? ORDER BY number DESC LIMIT ?");
    let values = vec![group_id.into(), number.into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    Version::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The versions of a group, the newest first.
pub async fn versions(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Version>, DbErr> {
    versions_up_to(db, group_id, i32::MAX, u64::MAX).await
}

async fn newest_number(db: &impl ConnectionTrait, group_id: Uuid) -> Result<i32, DbErr> {
    let sql = "SELECT MAX(number) AS number FROM group_versions WHERE group_id = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get::<Option<i32>>("", "number"))?.unwrap_or_default())
}

async fn put(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    number: i32,
    draft: &Draft,
    (actor, channel, reason): (&Actor, Channel, &str),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO group_versions (id, group_id, number, record, at, actor, channel, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let values = vec![
        new_id().into(),
        group_id.into(),
        number.into(),
        json(draft).into(),
        now.into(),
        actor.name.clone().into(),
        channel.key().into(),
        reason.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

fn json(draft: &Draft) -> Json {
    serde_json::to_value(draft).unwrap_or_default()
}

/// The fields in which two records differ, before and after.
fn differences(before: Option<&Draft>, after: &Draft) -> (Json, Json) {
    let (Json::Object(after), before) = (json(after), before.map(json)) else { return (Json::Null, Json::Null) };
    let before = before.and_then(|before| before.as_object().cloned()).unwrap_or_default();
    let changed = |key: &String| before.get(key) != after.get(key);
    let old: Map<String, Json> = before.iter().filter(|(key, _)| changed(key)).map(pair).collect();
    let new: Map<String, Json> = after.iter().filter(|(key, _)| changed(key)).map(pair).collect();
    (Json::Object(old), Json::Object(new))
}

fn pair((key, value): (&String, &Json)) -> (String, Json) {
    (key.clone(), value.clone())
}
