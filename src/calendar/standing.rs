//! Occurrences as those need them who are told of the calendar by mail: each once, with what tells it from all others.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::entry::Status;
use super::filter::Filter;
use super::occurrence;
use crate::city::City;
use crate::db::{placeholders, statement};

/// Most UIDs in one question.
const SOME: usize = 500;

/// One occurrence as it stands now. `uid` and `instance` stay the same however it is changed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Standing {
    /// The entry, or the changed occurrence.
    pub id: Uuid,
    /// UID of the entry or of its series.
    pub uid: String,
    /// The start it has or had in its series; empty for a single entry.
    pub instance: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// When it begins on its first day, `HH:MM`; empty for whole days.
    pub begins: String,
    /// When it ends on its last day, `HH:MM` up to `24:00`; empty when that is not known.
    pub ends: String,
    /// Title.
    pub title: String,
    /// Place.
    pub place: String,
    /// What those who hold it say about a cancellation or a change.
    pub notice: String,
    status: String,
}

impl Standing {
    /// Whether it takes place.
    pub fn status(&self) -> Status {
        Status::from_key(&self.status)
    }
}

const SELECT: &str = "SELECT e.id, e.uid, o.instance, o.first_day, o.last_day, o.begins, o.ends, e.title, e.place,
    e.notice, e.status FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id";
const ORDER: &str = "ORDER BY o.day, o.begins, o.entry_id, o.instance";

async fn find(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Standing>, DbErr> {
    Standing::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Everything public that matches and touches a span of days, each occurrence once, in the order of its days.
pub async fn standing(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Standing>, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let sql = format!(
        "{SELECT} WHERE o.public = TRUE AND o.day BETWEEN ? AND ? AND (o.day = o.first_day OR o.day = ?){} {ORDER}",
        condition.sql
    );
    let mut values: Vec<Value> = vec![from.into(), to.into(), from.into()];
    values.extend(condition.values);
    find(db, &sql, values).await
}

/// The public occurrences under these UIDs that are not over on a day, in the order of their days.
pub async fn standing_of(db: &impl ConnectionTrait, uids: &[String], from: NaiveDate) -> Result<Vec<Standing>, DbErr> {
    let mut found = Vec::new();
    for some in uids.chunks(SOME) {
        let sql = format!(
            "{SELECT} WHERE e.uid IN ({}) AND e.public = TRUE AND o.day = o.first_day AND o.last_day >= ? {ORDER}",
            placeholders(some.len())
        );
        let values = some.iter().map(|uid| Value::from(uid.as_str())).chain([from.into()]).collect();
        found.extend(find(db, &sql, values).await?);
    }
    found.sort_by(|one, other| (one.first_day, &one.begins).cmp(&(other.first_day, &other.begins)));
    Ok(found)
}

/// The UID of everything public that matches and is on from a day on, each with the first day on which it is, by UID.
pub async fn coming_uids(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    from: NaiveDate,
) -> Result<Vec<(String, NaiveDate)>, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let sql = format!(
        "SELECT e.uid, MIN(o.day) AS first FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
        WHERE o.public = TRUE AND o.day BETWEEN ? AND ?{} GROUP BY e.uid ORDER BY e.uid",
        condition.sql
    );
    let mut values: Vec<Value> = vec![from.into(), occurrence::last_day().into()];
    values.extend(condition.values);
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "uid")?, row.try_get("", "first")?))).collect()
}

/// For each of these UIDs a text that is different after every change that a subscriber can see.
pub async fn stamps(db: &impl ConnectionTrait, uids: &[String]) -> Result<HashMap<String, String>, DbErr> {
    let mut found = HashMap::new();
    for some in uids.chunks(SOME) {
        let sql = format!(
            "SELECT e.uid, COUNT(*) AS entries, CAST(SUM(e.sequence) AS BIGINT) AS changes,
            CAST(SUM(CASE WHEN e.public THEN 1 ELSE 0 END) AS BIGINT) AS shown
            FROM calendar_entries e WHERE e.uid IN ({}) GROUP BY e.uid",
            placeholders(some.len())
        );
        let values = some.iter().map(|uid| Value::from(uid.as_str())).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            let number = |name: &str| row.try_get::<i64>("", name);
            let stamp = format!("{}.{}.{}", number("entries")?, number("changes")?, number("shown")?);
            found.insert(row.try_get("", "uid")?, stamp);
        }
    }
    Ok(found)
}
