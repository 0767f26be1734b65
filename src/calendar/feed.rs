//! What a feed carries: series with their changed occurrences, categories and item codes.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate, NaiveTime};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::entry::{self, Entry, Status};
use super::filter::Filter;
use super::occurrence;
use crate::city::City;
use crate::city::settings::{FEED_CANCELLED_DAYS, FEED_FUTURE_DAYS, FEED_PAST_DAYS};
use crate::db::{placeholders, statement};

/// Most entries asked for by identifier in one question.
const SOME: usize = 10_000;

/// The part of time that a feed carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// What ended before this day is left out.
    pub from: NaiveDate,
    /// What starts after this day is left out; a series that has begun carries its whole rule.
    pub to: NaiveDate,
    /// What was cancelled before this day is left out.
    pub cancelled_from: NaiveDate,
}

impl Window {
    /// The window around a day, as the city has set it.
    pub fn around(today: NaiveDate, city: &City) -> Self {
        let days = |rule| Days::new(city.settings.number(rule).unsigned_abs().into());
        Self {
            from: today.checked_sub_days(days(FEED_PAST_DAYS)).unwrap_or(today),
            to: today.checked_add_days(days(FEED_FUTURE_DAYS)).unwrap_or(today),
            cancelled_from: today.checked_sub_days(days(FEED_CANCELLED_DAYS)).unwrap_or(today),
        }
    }

    /// The same window without a beginning, cancelled entries included however old.
    pub fn with_all_past(self) -> Self {
        let from = occurrence::first_day();
        Self { from, cancelled_from: from, ..self }
    }

    /// The same window without an end.
    pub fn with_all_future(self) -> Self {
        Self { to: occurrence::last_day(), ..self }
    }

    fn leaves_out(&self, entry: &Entry) -> bool {
        let kept_from = self.cancelled_from.and_time(NaiveTime::MIN).and_utc();
        entry.status() == Status::Cancelled && entry.cancelled_at.is_some_and(|at| at < kept_from)
    }
}

/// An entry with everything a feed says about it.
#[derive(Clone, Debug)]
pub struct Series {
    /// The entry: single, the row of a series, or a changed occurrence whose series is not in the feed.
    pub entry: Entry,
    /// Its changed occurrences, by the start they had.
    pub changes: Vec<Entry>,
    /// Starts left out, in the form of [`Entry::exdates`]: those of the entry and of occurrences cancelled long ago.
    pub exdates: Vec<String>,
    /// Keys of its categories.
    pub categories: Vec<String>,
    /// Codes of the items it fulfils.
    pub items: Vec<String>,
}

/// Everything public that matches the filter and takes place in the window, in the order of its identifiers.
pub async fn feed_entries(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    window: Window,
) -> Result<Vec<Series>, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let chosen = format!(
        "FROM calendar_entries e WHERE e.public = TRUE{} AND e.id IN
        (SELECT o.entry_id FROM occurrences o WHERE o.public = TRUE AND o.day BETWEEN ? AND ?)",
        condition.sql
    );
    let mut values = condition.values;
    values.extend([window.from.into(), window.to.into()]);
    let sql = format!("SELECT e.id, e.master_id {chosen}");
    let found = db.query_all_raw(statement(db.get_database_backend(), &sql, values.clone())).await?;
    let mut roots: HashSet<Uuid> = HashSet::with_capacity(found.len());
    let mut changed: Vec<(Uuid, Uuid)> = Vec::new();
    for row in &found {
        let (id, master): (Uuid, Option<Uuid>) = (row.try_get("", "id")?, row.try_get("", "master_id")?);
        match master {
            Some(master) => changed.push((id, master)),
            None => drop(roots.insert(id)),
        }
    }
    roots.extend(masters_among(db, city, filter, changed.iter().map(|(_, master)| *master)).await?);
    let alone = changed.into_iter().filter(|(_, master)| !roots.contains(master)).map(|(id, _)| id);
    let alone: Vec<Uuid> = alone.collect();
    let ids: Vec<Uuid> = roots.into_iter().chain(alone).collect();
    gather(db, &ids, window).await
}

/// Those of these series that match the filter themselves, although only a changed occurrence of theirs is in time.
async fn masters_among(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    masters: impl Iterator<Item = Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let masters: HashSet<Uuid> = masters.collect();
    let masters: Vec<Value> = masters.into_iter().map(Value::from).collect();
    let mut found = Vec::new();
    for some in masters.chunks(SOME) {
        let condition = filter.condition(db.get_database_backend(), city);
        let marks = placeholders(some.len());
        let sql =
            format!("SELECT e.id FROM calendar_entries e WHERE e.public = TRUE AND e.id IN ({marks}){}", condition.sql);
        let values = some.iter().cloned().chain(condition.values).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            found.push(row.try_get("", "id")?);
        }
    }
    Ok(found)
}

async fn gather(db: &impl ConnectionTrait, ids: &[Uuid], window: Window) -> Result<Vec<Series>, DbErr> {
    let mut categories = occurrence::categories(db, ids.iter().copied()).await?;
    let mut items = item_codes(db, ids).await?;
    let mut entries: Vec<Entry> = Vec::with_capacity(ids.len());
    let mut changes: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for some in ids.chunks(SOME) {
        let values: Vec<Value> = some.iter().map(|id| Value::from(*id)).collect();
        let marks = placeholders(some.len());
        entries.extend(entry::select(db, &format!("WHERE id IN ({marks})"), values.clone()).await?);
        let condition = format!("WHERE public = TRUE AND master_id IN ({marks}) ORDER BY recurrence_id");
        for change in entry::select(db, &condition, values).await? {
            changes.entry(change.master_id.unwrap_or_default()).or_default().push(change);
        }
    }
    entries.sort_by_key(|entry| entry.id);
    entries.retain(|entry| !window.leaves_out(entry));
    let series = entries.into_iter().map(|entry| {
        let (old, current): (Vec<Entry>, Vec<Entry>) = changes
            .remove(&entry.id)
            .unwrap_or_default()
            .into_iter()
            .partition(|change| window.leaves_out(change) && !change.and_future);
        // Without its row a cancelled occurrence would be back in the series.
        let exdates = entry.exdates().into_iter().chain(old.into_iter().map(|change| change.recurrence_id));
        Series {
            exdates: exdates.collect(),
            changes: current,
            categories: categories.remove(&entry.id).unwrap_or_default(),
            items: items.remove(&entry.id).unwrap_or_default(),
            entry,
        }
    });
    Ok(series.collect())
}

/// The codes of the items that entries fulfil.
pub async fn item_codes(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
    for some in ids.chunks(SOME) {
        let sql = format!(
            "SELECT l.entry_id, i.code FROM entry_items l JOIN items i ON i.id = l.item_id
            WHERE l.entry_id IN ({}) ORDER BY i.code",
            placeholders(some.len())
        );
        let values = some.iter().map(|id| Value::from(*id)).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            codes.entry(row.try_get("", "entry_id")?).or_default().push(row.try_get("", "code")?);
        }
    }
    Ok(codes)
}
