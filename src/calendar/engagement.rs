//! What is on in a range of days (予定の入り): all of it, for whoever looks for a free time.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::clash;
use crate::city::City;
use crate::city::settings::BIG_CAPACITY;
use crate::db::statement;

/// One occurrence of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// The entry.
    pub entry_id: Uuid,
    /// Its title.
    pub title: String,
    /// Whether everyone may see it.
    pub public: bool,
    /// The group that holds it.
    pub group_id: Option<Uuid>,
    /// The building; empty where none is known.
    pub site: String,
    /// Key of the town of its facility, or of its own; empty where none is known.
    pub town_key: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// `HH:MM`; empty for whole days.
    pub begins: String,
    /// `HH:MM` of the last day up to `24:00`; empty where the end is not known.
    pub ends: String,
    /// Whether it draws people from everywhere.
    pub big: bool,
}

/// Everything that is on between two days, public or not, each occurrence once, in no order; one question, no limit.
///
/// Cancelled entries are left out, and those that the office refused or the group took back. The caller decides what the
/// reader may see of what is not public.
pub async fn engagements(
    db: &impl ConnectionTrait,
    city: &City,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Engagement>, DbErr> {
    // An occurrence has a row for each of its days: the one of its first day stands for it, or that of the first day here.
    let sql = "SELECT e.id, e.title, e.public, e.kind, e.capacity, e.source, e.town_key, e.group_id,
        CASE WHEN f.site = '' THEN f.key ELSE f.site END AS site, f.town_key AS facility_town,
        o.first_day, o.last_day, o.begins, o.ends
        FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
        LEFT JOIN facilities f ON f.id = e.facility_id
        WHERE o.public IN (TRUE, FALSE) AND o.day BETWEEN ? AND ? AND (o.day = o.first_day OR o.day = ?)
        AND e.status <> 'cancelled'
        AND NOT EXISTS (SELECT 1 FROM entry_reviews r WHERE r.entry_id = e.id AND r.state IN ('refused', 'withdrawn'))";
    let values = vec![first.into(), last.into(), first.into()];
    let least = city.settings.number(BIG_CAPACITY);
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| read(row, least)).collect()
}

fn read(row: &QueryResult, least: i32) -> Result<Engagement, DbErr> {
    let (kind, capacity, source): (String, String, String) =
        (row.try_get("", "kind")?, row.try_get("", "capacity")?, row.try_get("", "source")?);
    let group_id: Option<Uuid> = row.try_get("", "group_id")?;
    let own_town: String = row.try_get("", "town_key")?;
    let facility_town: Option<String> = row.try_get("", "facility_town")?;
    let big = clash::is_big_entry(&capacity, &kind, &source, &own_town, group_id, least);
    Ok(Engagement {
        entry_id: row.try_get("", "id")?,
        title: row.try_get("", "title")?,
        public: row.try_get("", "public")?,
        site: row.try_get::<Option<String>>("", "site")?.unwrap_or_default(),
        town_key: facility_town.filter(|town| !town.is_empty()).unwrap_or(own_town),
        first_day: row.try_get("", "first_day")?,
        last_day: row.try_get("", "last_day")?,
        begins: row.try_get("", "begins")?,
        ends: row.try_get("", "ends")?,
        group_id,
        big,
    })
}
