//! One of several entries as the office compares them: what it says, and where it came from.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::super::entry::{self, Entry, Status};
use super::super::family::OWN;
use super::super::origin::source_id;
use super::super::spread::Stretch;
use super::super::{desk, repeat};
use crate::city::City;
use crate::db::{placeholders, statement};
use crate::text::day;

/// An entry beside another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The entry.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// When it takes place, in words.
    pub when: String,
    /// Place and town.
    pub place: String,
    /// Who holds it.
    pub organiser: String,
    /// Its own page elsewhere.
    pub url: String,
    /// Name of the calendar it came from.
    pub origin: String,
    /// Whether everybody sees it.
    pub public: bool,
    /// Whether it waits for the office.
    pub waits: bool,
    /// Whether it does not take place.
    pub is_cancelled: bool,
    /// Its next day, or its first where none is left.
    pub next: NaiveDate,
}

impl Side {
    /// Its page for staff.
    pub fn staff_path(&self) -> String {
        desk::staff_path(self.id)
    }

    /// Whether everybody sees it, in words.
    pub fn state(&self) -> &'static str {
        match (self.public, self.waits) {
            (true, _) => "公開",
            (false, true) => "確認待ち(まだ公開していません)",
            (false, false) => "公開していません",
        }
    }
}

/// What is known of entries beside their rows.
#[derive(FromQueryResult)]
struct Beside {
    id: Uuid,
    next: Option<NaiveDate>,
    waits: i64,
}

/// These entries as the office compares them, by identifier.
pub async fn sides(
    db: &impl ConnectionTrait,
    city: &City,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Side>, DbErr> {
    let entries = entry::find_all(db, ids).await?;
    let sources = names(db, &entries).await?;
    let mut beside = besides(db, ids, today).await?;
    let sides = entries.into_iter().map(|entry| {
        let beside = beside.remove(&entry.id);
        let next = beside.as_ref().and_then(|beside| beside.next).unwrap_or(entry.starts_on);
        let waits = beside.is_some_and(|beside| beside.waits > 0);
        (entry.id, side(&entry, city, &sources, (next, waits)))
    });
    Ok(sides.collect())
}

fn side(entry: &Entry, city: &City, sources: &HashMap<Uuid, String>, (next, waits): (NaiveDate, bool)) -> Side {
    let town = city.town_name(&entry.town_key);
    let place = if town.is_empty() || entry.place.contains(town) {
        entry.place.clone()
    } else {
        format!("{} {town}", entry.place)
    };
    let origin = match (entry.source.as_str(), source_id(&entry.source)) {
        (OWN, _) => "このサイトに載せた予定".to_owned(),
        (_, Some(id)) => sources.get(&id).cloned().unwrap_or_else(|| "もうない取り込み元".to_owned()),
        (source, None) => format!("ファイルからの取り込み「{}」", source.strip_prefix("import:").unwrap_or(source)),
    };
    Side {
        id: entry.id,
        title: entry.title.clone(),
        when: when(entry, city, next),
        place: place.trim().to_owned(),
        organiser: entry.organiser.clone(),
        url: entry.url.clone(),
        origin,
        public: entry.public,
        waits,
        is_cancelled: entry.status() == Status::Cancelled,
        next,
    }
}

/// When it takes place; of a series also how often.
fn when(entry: &Entry, city: &City, next: NaiveDate) -> String {
    let zone = city.profile.zone;
    let stretch = Stretch::of_entry(entry, zone);
    let clock = |text: &str| text.strip_prefix('0').unwrap_or(text).to_owned();
    let times = match (stretch.begins.as_str(), stretch.ends.as_str()) {
        ("", _) => String::new(),
        (begins, "") => format!(" {}から", clock(begins)),
        (begins, ends) => format!(" {}〜{}", clock(begins), clock(ends)),
    };
    let note = if entry.time_note.is_empty() { String::new() } else { format!("（{}）", entry.time_note) };
    if !entry.is_recurring() {
        return format!("{}{times}{note}", day::span(stretch.first_day, stretch.last_day));
    }
    let often = if entry.rrule.is_empty() {
        "くり返し".to_owned()
    } else {
        repeat::words(&entry.rrule, stretch.first_day, zone)
    };
    format!("{often}{times}（次は{}）{note}", day::long(next))
}

async fn names(db: &impl ConnectionTrait, entries: &[Entry]) -> Result<HashMap<Uuid, String>, DbErr> {
    let ids: Vec<Value> = entries.iter().filter_map(|entry| source_id(&entry.source)).map(Value::from).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, name FROM sources WHERE id IN ({})", placeholders(ids.len()));
    let found = db.query_all_raw(statement(db.get_database_backend(), &sql, ids)).await?;
    found.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "name")?))).collect()
}

async fn besides(db: &impl ConnectionTrait, ids: &[Uuid], today: NaiveDate) -> Result<HashMap<Uuid, Beside>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT e.id, (SELECT MIN(o.day) FROM occurrences o WHERE o.entry_id = e.id AND o.day >= ?) AS next,
        (SELECT COUNT(*) FROM entry_reviews r WHERE r.entry_id = e.id AND r.state = 'waiting') AS waits
        FROM calendar_entries e WHERE e.id IN ({})",
        placeholders(ids.len())
    );
    let values = std::iter::once(Value::from(today)).chain(ids.iter().map(|id| (*id).into())).collect();
    let found = Beside::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    Ok(found.into_iter().map(|beside| (beside.id, beside)).collect())
}
