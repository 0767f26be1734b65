//! When entries take place, for files that list them: the next time of each, and every time in a span of days.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::entry::Entry;
use super::spread::Stretch;
use crate::city::City;
use crate::db::{placeholders, statement};

/// Most entries asked for in one question.
const SOME: usize = 10_000;

#[derive(FromQueryResult)]
struct Row {
    entry_id: Uuid,
    first_day: NaiveDate,
    last_day: NaiveDate,
    begins: String,
    ends: String,
}

impl Row {
    fn placed(self) -> (Uuid, Stretch) {
        let Self { entry_id, first_day, last_day, begins, ends } = self;
        (entry_id, Stretch { first_day, last_day, begins, ends })
    }
}

/// The next time of each of these entries that is not over; of an entry that takes place once, its only time.
pub async fn next_times(
    db: &impl ConnectionTrait,
    city: &City,
    entries: &[&Entry],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Stretch>, DbErr> {
    let (series, single): (Vec<&&Entry>, Vec<&&Entry>) = entries.iter().partition(|entry| entry.is_recurring());
    let single = single.into_iter().map(|entry| (entry.id, Stretch::of_entry(entry, city.profile.zone)));
    let mut found: HashMap<Uuid, Stretch> = single.collect();
    for some in series.chunks(SOME) {
        let sql = format!(
            "SELECT entry_id, first_day, last_day, begins, ends FROM (SELECT o.*, ROW_NUMBER() OVER
                (PARTITION BY o.entry_id ORDER BY o.day, o.begins, o.instance) AS place FROM occurrences o
                WHERE o.entry_id IN ({}) AND o.last_day >= ? AND o.day = o.first_day) AS placed WHERE place = 1",
            placeholders(some.len())
        );
        let ids = some.iter().map(|entry| Value::from(entry.id));
        let values = ids.chain([today.into()]).collect();
        found.extend(find(db, &sql, values).await?.into_iter().map(Row::placed));
    }
    Ok(found)
}

/// Every time at which these entries take place in a span of days, by entry, in order.
pub async fn times_between(
    db: &impl ConnectionTrait,
    entries: &[Uuid],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<HashMap<Uuid, Vec<Stretch>>, DbErr> {
    let mut found: HashMap<Uuid, Vec<Stretch>> = HashMap::with_capacity(entries.len());
    for some in entries.chunks(SOME) {
        let sql = format!(
            "SELECT o.entry_id, o.first_day, o.last_day, o.begins, o.ends FROM occurrences o
            WHERE o.entry_id IN ({}) AND o.day BETWEEN ? AND ? AND (o.day = o.first_day OR o.day = ?)
            ORDER BY o.entry_id, o.instance, o.day",
            placeholders(some.len())
        );
        let ids = some.iter().map(|id| Value::from(*id));
        let values = ids.chain([from.into(), to.into(), from.into()]).collect();
        for (id, stretch) in find(db, &sql, values).await?.into_iter().map(Row::placed) {
            found.entry(id).or_default().push(stretch);
        }
    }
    Ok(found)
}

async fn find(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, DbErr> {
    Row::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}
