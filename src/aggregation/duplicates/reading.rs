//! Reading the calendar for comparing, a few days at a time.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::super::source;
use super::comparing::{Day, Listed};
use crate::db::{placeholders, statement};
use crate::text::fold::fold;

/// Most rows of occurrences in one window, as long as it has more than one day.
const MOST: i64 = 20_000;
/// Most days in one window.
const MOST_DAYS: i64 = 31;
/// Most identifiers in one question.
const SOME: usize = 10_000;

/// What may be compared: what is public or waits for the office, unless another entry is seen in its place.
const ELIGIBLE: &str = "(e.public = TRUE OR EXISTS (SELECT 1 FROM entry_reviews r WHERE r.entry_id = e.id
    AND r.state = 'waiting')) AND NOT EXISTS (SELECT 1 FROM entry_union_members m JOIN entry_unions u ON u.id = m.union_id
    WHERE m.entry_id = e.id AND u.lead_id <> e.id)";

/// An entry as it is compared, and what it was when it was.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub listed: Listed,
    /// Its name and start: as long as they stay, what was decided about it stays.
    pub print: String,
}

/// The entries and series of which something was written since a moment; without one, all of them.
pub(super) async fn written_since(
    db: &impl ConnectionTrait,
    since: Option<DateTime<Utc>>,
) -> Result<HashSet<Uuid>, DbErr> {
    let (condition, values) = match since {
        Some(since) => ("WHERE updated_at >= ?", vec![since.into()]),
        None => ("", vec![]),
    };
    let sql = format!("SELECT COALESCE(master_id, id) AS root FROM calendar_entries {condition}");
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "root")).collect()
}

/// Spans of days from a day on that hold everything written since a moment, each small enough to be held in memory.
pub(super) async fn windows(
    db: &impl ConnectionTrait,
    from: NaiveDate,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<(NaiveDate, NaiveDate)>, DbErr> {
    let all = "SELECT day, COUNT(*) AS total FROM occurrences WHERE public IN (TRUE, FALSE) AND day >= ? GROUP BY day";
    let totals = counts(db, all, vec![from.into()]).await?;
    let days: Vec<NaiveDate> = match since {
        None => totals.keys().copied().collect(),
        Some(since) => {
            let new = "SELECT o.day, COUNT(*) AS total FROM calendar_entries e JOIN occurrences o ON o.entry_id = e.id
                WHERE e.updated_at >= ? AND o.day >= ? GROUP BY o.day";
            counts(db, new, vec![since.into(), from.into()]).await?.into_keys().collect()
        }
    };
    let mut windows: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    let mut held = 0;
    for day in days {
        let total = totals.get(&day).copied().unwrap_or_default();
        match windows.last_mut() {
            Some((first, last)) if held + total <= MOST && (day - *first).num_days() < MOST_DAYS => {
                held += totals.range(*last..=day).map(|(_, total)| total).sum::<i64>();
                *last = day;
            }
            _ => {
                windows.push((day, day));
                held = total;
            }
        }
    }
    Ok(windows)
}

async fn counts(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<BTreeMap<NaiveDate, i64>, DbErr> {
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "day")?, row.try_get("", "total")?))).collect()
}

/// Everything that can be compared and takes place in a span of days, with its days in it.
pub(super) async fn read(db: &impl ConnectionTrait, (first, last): (NaiveDate, NaiveDate)) -> Result<Vec<Read>, DbErr> {
    let sql = "SELECT COALESCE(e.master_id, e.id) AS root, o.day, o.first_day, o.last_day, o.begins FROM occurrences o
        JOIN calendar_entries e ON e.id = o.entry_id WHERE o.public IN (TRUE, FALSE) AND o.day BETWEEN ? AND ?
        ORDER BY o.day, o.begins";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![first.into(), last.into()])).await?;
    let mut days: HashMap<Uuid, Vec<(NaiveDate, Day)>> = HashMap::new();
    for row in &rows {
        let begins: String = row.try_get("", "begins")?;
        let found =
            Day { first: row.try_get("", "first_day")?, last: row.try_get("", "last_day")?, begins: minutes(&begins) };
        let (root, day): (Uuid, NaiveDate) = (row.try_get("", "root")?, row.try_get("", "day")?);
        let days = days.entry(root).or_default();
        // Of two on one day the first is compared.
        if days.last().is_none_or(|(known, _)| *known != day) {
            days.push((day, found));
        }
    }
    let ids: Vec<Uuid> = days.keys().copied().collect();
    let mut read = by_id(db, &ids, ELIGIBLE).await?;
    for one in &mut read {
        one.listed.days = days.remove(&one.listed.id).unwrap_or_default();
    }
    Ok(read)
}

/// Two entries with all days that are left, whatever the office thinks of them.
pub(super) async fn read_two(db: &impl ConnectionTrait, ids: [Uuid; 2], from: NaiveDate) -> Result<Vec<Read>, DbErr> {
    let mut read = by_id(db, &ids, "e.master_id IS NULL").await?;
    for one in &mut read {
        let sql = "SELECT o.day, MIN(o.first_day) AS first_day, MIN(o.last_day) AS last_day, MIN(o.begins) AS begins
            FROM calendar_entries e JOIN occurrences o ON o.entry_id = e.id WHERE (e.id = ? OR e.master_id = ?)
            AND o.day >= ? GROUP BY o.day ORDER BY o.day";
        let values = vec![one.listed.id.into(), one.listed.id.into(), from.into()];
        for row in db.query_all_raw(statement(db.get_database_backend(), sql, values)).await? {
            let begins: String = row.try_get("", "begins")?;
            let day = Day {
                first: row.try_get("", "first_day")?,
                last: row.try_get("", "last_day")?,
                begins: minutes(&begins),
            };
            one.listed.days.push((row.try_get("", "day")?, day));
        }
    }
    Ok(read)
}

/// Minutes after midnight of `HH:MM`.
fn minutes(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    source: String,
    title: String,
    kana: String,
    place: String,
    address: String,
    town_key: String,
    site: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    organiser: String,
    group_id: Option<Uuid>,
    url: String,
    status: String,
    rrule: String,
    rdates: serde_json::Value,
    starts_on: NaiveDate,
    starts_at: Option<DateTime<Utc>>,
}

impl Row {
    /// The entry as it is compared. Where a source of an institution names no organiser, its entries bear the institution's own name, which
    /// says who tells of them and not who holds them.
    fn read(self, institutions: &HashMap<String, String>) -> Read {
        let is_filled_in = institutions.get(&self.source).is_some_and(|name| *name == self.organiser);
        let start = self.starts_at.map_or(self.starts_on.to_string(), |at| at.to_rfc3339());
        let is_series = !self.rrule.is_empty() || self.rdates.as_array().is_some_and(|dates| !dates.is_empty());
        Read {
            print: format!("{} {start}", fold(&self.title)),
            listed: Listed {
                id: self.id,
                source: self.source,
                title: self.title,
                kana: self.kana,
                place: self.place,
                address: self.address,
                town: self.town_key,
                site: self.site.filter(|site| !site.is_empty()),
                position: self.lat.zip(self.lon),
                organiser: if is_filled_in { String::new() } else { self.organiser },
                group: self.group_id,
                url: self.url,
                is_cancelled: self.status == "cancelled",
                is_series,
                days: Vec::new(),
            },
        }
    }
}

async fn by_id(db: &impl ConnectionTrait, ids: &[Uuid], condition: &str) -> Result<Vec<Read>, DbErr> {
    let mut read = Vec::with_capacity(ids.len());
    let institutions = source::institutions(db).await?;
    for some in ids.chunks(SOME) {
        let marks = placeholders(some.len());
        let sql = format!(
            "SELECT e.id, e.source, e.title, e.kana, e.place, e.address, e.town_key, f.site, e.lat, e.lon, e.organiser,
            e.group_id, e.url, e.status, e.rrule, e.rdates, e.starts_on, e.starts_at FROM calendar_entries e
            LEFT JOIN facilities f ON f.id = e.facility_id WHERE e.id IN ({marks}) AND {condition}"
        );
        let values = some.iter().map(|id| Value::from(*id)).collect();
        let rows = Row::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
        read.extend(rows.into_iter().map(|row| row.read(&institutions)));
    }
    // The order of a map is no order.
    read.sort_by_key(|one| one.listed.id);
    Ok(read)
}
