//! An occurrence: an entry on one of its days, as lists and the month show it.

mod by_day;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::entry::{Kind, Status};
use super::filter::Filter;
use crate::city::City;
use crate::db::{placeholders, statement};
pub use by_day::by_day as month_days;
pub(super) use by_day::by_day;

/// An entry on one of its days.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Occurrence {
    /// The entry.
    pub id: Uuid,
    /// The day.
    pub day: NaiveDate,
    /// First day of the occurrence.
    pub first_day: NaiveDate,
    /// Last day of the occurrence.
    pub last_day: NaiveDate,
    /// When it begins on its first day, `HH:MM`; empty for whole days.
    pub begins: String,
    /// When it ends on its last day, `HH:MM` up to `24:00`; empty when that is not known.
    pub ends: String,
    /// Title.
    pub title: String,
    status: String,
    kind: String,
    /// Place.
    pub place: String,
    town_key: String,
    /// What else is said about the time.
    pub time_note: String,
    /// Name of the town; empty where none is known.
    #[sea_orm(skip)]
    pub town: String,
    /// Names of its categories.
    #[sea_orm(skip)]
    pub categories: Vec<String>,
}

impl Occurrence {
    /// Whether it takes place.
    pub fn status(&self) -> Status {
        Status::from_key(&self.status)
    }

    /// Whether it does not take place.
    pub fn is_cancelled(&self) -> bool {
        self.status() == Status::Cancelled
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind).unwrap_or(Kind::Event)
    }

    /// Whether it has begun on an earlier day.
    pub fn is_continued(&self) -> bool {
        self.day > self.first_day
    }

    /// Whether it takes more than this day.
    pub fn is_long(&self) -> bool {
        self.first_day < self.last_day
    }

    /// When it begins, as people say it: 9:30.
    pub fn clock(&self) -> &str {
        self.begins.strip_prefix('0').unwrap_or(&self.begins)
    }

    /// When it ends, as people say it.
    pub fn end_clock(&self) -> &str {
        self.ends.strip_prefix('0').unwrap_or(&self.ends)
    }

    /// The last day and, where it is known, when it ends: 11月24日(火) 5:00.
    pub fn until(&self) -> String {
        format!("{} {}", crate::text::day::short(self.last_day), self.end_clock()).trim_end().to_owned()
    }

    /// Address of the entry's page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }
}

const SELECT: &str =
    "SELECT e.id, o.day, o.first_day, o.last_day, o.begins, o.ends, e.title, e.status, e.kind, e.place,
    e.town_key, e.time_note";

const ORDER: &str = "o.day, o.begins, o.entry_id, o.instance";

async fn find(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Occurrence>, DbErr> {
    Occurrence::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Adds the names of towns and categories.
async fn named(db: &impl ConnectionTrait, city: &City, mut found: Vec<Occurrence>) -> Result<Vec<Occurrence>, DbErr> {
    let categories = categories(db, found.iter().map(|occurrence| occurrence.id)).await?;
    for occurrence in &mut found {
        city.town_name(&occurrence.town_key).clone_into(&mut occurrence.town);
        let keys = categories.get(&occurrence.id).into_iter().flatten();
        occurrence.categories = keys.filter_map(|key| city.category(key)).map(|term| term.name.clone()).collect();
    }
    Ok(found)
}

/// A span of days in which everything is listed once, on its first day or on the first day of the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The latest first.
    pub backwards: bool,
}

/// The next occurrences that are not over, soonest first.
pub async fn upcoming(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    today: NaiveDate,
    most: u64,
) -> Result<Vec<Occurrence>, DbErr> {
    let listed = Listed { from: today, to: last_day(), backwards: false };
    list(db, city, filter, listed, most, 0).await
}

/// Everything that takes place from one day to another, each once, in order; nothing is cut.
pub async fn in_days(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Occurrence>, DbErr> {
    list(db, city, filter, Listed { from, to, backwards: false }, u64::MAX, 0).await
}

/// A day before every other day of a calendar, and one that both engines can write.
pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// A day after every other day of a calendar.
pub(super) fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

pub(super) async fn list(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    listed: Listed,
    most: u64,
    skipped: u64,
) -> Result<Vec<Occurrence>, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let order = if listed.backwards { "o.day DESC, o.begins, o.entry_id, o.instance" } else { ORDER };
    let sql = format!(
        "{SELECT} FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
        WHERE o.public = TRUE AND o.day BETWEEN ? AND ? AND (o.day = o.first_day OR o.day = ?){}
        ORDER BY {order} LIMIT ? OFFSET ?",
        condition.sql
    );
    let mut values: Vec<Value> = vec![listed.from.into(), listed.to.into(), listed.from.into()];
    values.extend(condition.values);
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    values.extend([whole(most).into(), whole(skipped).into()]);
    named(db, city, find(db, &sql, values).await?).await
}

pub(super) async fn count(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    listed: Listed,
) -> Result<usize, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let join = if condition.sql.is_empty() { "" } else { "JOIN calendar_entries e ON e.id = o.entry_id" };
    let sql = format!(
        "SELECT COUNT(*) AS total FROM occurrences o {join} WHERE o.public = TRUE AND o.day BETWEEN ? AND ?
        AND (o.day = o.first_day OR o.day = ?){}",
        condition.sql
    );
    let mut values: Vec<Value> = vec![listed.from.into(), listed.to.into(), listed.from.into()];
    values.extend(condition.values);
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, values)).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(usize::try_from(total).unwrap_or(0))
}

/// The occurrences of a series, its changed ones included, from a day on; only their first days.
pub(super) async fn of_series(
    db: &impl ConnectionTrait,
    master: Uuid,
    from: NaiveDate,
    most: u64,
) -> Result<Vec<Occurrence>, DbErr> {
    // By the entries, not by the days: with o.public in the condition SQLite would walk through everybody's days.
    let sql = format!(
        "{SELECT} FROM calendar_entries e JOIN occurrences o ON o.entry_id = e.id
        WHERE e.id IN (SELECT m.id FROM calendar_entries m WHERE m.id = ? UNION ALL
            SELECT c.id FROM calendar_entries c WHERE c.master_id = ?)
        AND e.public = TRUE AND o.day = o.first_day AND o.last_day >= ?
        ORDER BY {ORDER} LIMIT ?"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    find(db, &sql, vec![master.into(), master.into(), from.into(), most.into()]).await
}

/// The categories of these entries, by entry.
pub(super) async fn categories(
    db: &impl ConnectionTrait,
    entries: impl IntoIterator<Item = Uuid>,
) -> Result<std::collections::HashMap<Uuid, Vec<String>>, DbErr> {
    let ids: Vec<Value> = entries.into_iter().map(Value::from).collect();
    let mut categories: std::collections::HashMap<Uuid, Vec<String>> = std::collections::HashMap::new();
    for some in ids.chunks(10_000) {
        let sql = format!(
            "SELECT entry_id, category_key FROM entry_categories WHERE entry_id IN ({}) ORDER BY category_key",
            placeholders(some.len())
        );
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, some.to_vec())).await? {
            categories.entry(row.try_get("", "entry_id")?).or_default().push(row.try_get("", "category_key")?);
        }
    }
    Ok(categories)
}
