//! An entry with everything that belongs to it: the series, its changed occurrences, and what each points to.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::draft::{Draft, Span};
use super::entry::{self, Entry, Status};
use super::origin::FEED;
use super::{occurrence, union};
use crate::db::{placeholders, statement};
use crate::text::day;

/// Name of the source of everything written on this site.
pub const OWN: &str = "own";

/// A series and its changed occurrences, or a single entry.
#[derive(Clone, Debug)]
pub struct Family {
    /// The series itself, or the single entry.
    pub master: Entry,
    /// Its changed occurrences, by the start they had.
    pub changes: Vec<Entry>,
    categories: HashMap<Uuid, Vec<String>>,
    items: HashMap<Uuid, Vec<Uuid>>,
    /// Whether it would be public by itself, where another entry is seen in its place.
    wish: Option<bool>,
}

impl Family {
    /// The entry, public or not, with its series and all changed occurrences; nothing where there is none.
    pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Self>, DbErr> {
        let found = entry::select(db, "WHERE id = ?", vec![id.into()]).await?.pop();
        let Some(entry) = found else { return Ok(None) };
        let values = vec![entry.source.as_str().into(), entry.source_uid.as_str().into()];
        let condition = "WHERE source = ? AND source_uid = ? ORDER BY recurrence_id";
        let (mut masters, changes): (Vec<Entry>, Vec<Entry>) =
            entry::select(db, condition, values).await?.into_iter().partition(|entry| entry.recurrence_id.is_empty());
        let master = masters.pop().unwrap_or(entry);
        let ids: Vec<Uuid> = std::iter::once(&master).chain(&changes).map(|entry| entry.id).collect();
        let categories = occurrence::categories(db, ids.iter().copied()).await?;
        let wish = union::places(db, "id = ?", vec![master.id.into()]).await?.wish(master.id);
        Ok(Some(Self { items: items(db, &ids).await?, categories, wish, master, changes }))
    }

    /// Holds the entry, and the series it belongs to, until the transaction ends, so that nobody else changes what is read from now on.
    pub async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
        let sql = "UPDATE calendar_entries SET updated_at = updated_at
            WHERE id = COALESCE((SELECT c.master_id FROM calendar_entries c WHERE c.id = ?), ?)";
        db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into(), id.into()])).await?;
        Ok(())
    }

    /// Whether it was written here rather than imported.
    pub fn is_own(&self) -> bool {
        self.master.source == OWN
    }

    /// Whether another entry is seen in its place, see [`union`].
    pub fn is_hidden(&self) -> bool {
        self.wish.is_some()
    }

    /// Whether it follows a calendar elsewhere that is read again and again.
    pub fn is_followed(&self) -> bool {
        self.master.source.starts_with(FEED)
    }

    /// The changed occurrence that replaces a start.
    pub fn change(&self, instance: &str) -> Option<&Entry> {
        self.changes.iter().find(|change| change.recurrence_id == instance)
    }

    /// A row as the draft that would write it again.
    pub fn draft(&self, entry: &Entry) -> Draft {
        Draft {
            recurrence_id: entry.recurrence_id.clone(),
            and_future: entry.and_future,
            status: entry.status(),
            kind: entry.kind(),
            public: self.wish.unwrap_or(entry.public),
            kana: entry.kana.clone(),
            description: entry.description.clone(),
            time_note: entry.time_note.clone(),
            rrule: entry.rrule.clone(),
            rdates: entry.rdates(),
            exdates: entry.exdates(),
            facility_id: entry.facility_id,
            place: entry.place.clone(),
            address: entry.address.clone(),
            town_key: entry.town_key.clone(),
            lat: entry.lat,
            lon: entry.lon,
            group_id: entry.group_id,
            organiser: entry.organiser.clone(),
            audience: entry.audience.clone(),
            fee: entry.fee.clone(),
            capacity: entry.capacity.clone(),
            apply: entry.apply.clone(),
            contact: entry.contact.clone(),
            url: entry.url.clone(),
            notice: entry.notice.clone(),
            extra: serde_json::from_value(entry.extra.clone()).unwrap_or_default(),
            categories: self.categories.get(&entry.id).cloned().unwrap_or_default(),
            items: self.items.get(&entry.id).cloned().unwrap_or_default(),
            ..Draft::new(
                &entry.source,
                &entry.source_uid,
                &entry.title,
                span(entry),
                entry.zone.parse().unwrap_or(chrono_tz::Tz::Asia__Tokyo),
            )
        }
    }

    /// Every row as the draft that would write it again, the series first.
    pub fn drafts(&self) -> Vec<Draft> {
        std::iter::once(&self.master).chain(&self.changes).map(|entry| self.draft(entry)).collect()
    }

    /// Its occurrences from a day on, each once, soonest first.
    pub async fn instances(
        &self,
        db: &impl ConnectionTrait,
        from: NaiveDate,
        most: u64,
    ) -> Result<Vec<Instance>, DbErr> {
        let mut ids: Vec<Value> =
            std::iter::once(&self.master).chain(&self.changes).map(|entry| entry.id.into()).collect();
        let sql = format!(
            "SELECT o.instance, o.first_day, o.begins, e.status FROM calendar_entries e
            JOIN occurrences o ON o.entry_id = e.id WHERE e.id IN ({}) AND o.day = o.first_day AND o.last_day >= ?
            ORDER BY o.day, o.begins, o.instance LIMIT ?",
            placeholders(ids.len())
        );
        ids.extend([from.into(), i64::try_from(most).unwrap_or(i64::MAX).into()]);
        Instance::find_by_statement(statement(db.get_database_backend(), &sql, ids)).all(db).await
    }
}

/// One occurrence of a series, to choose from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Instance {
    /// The start it has or had, in the form of [`Entry::recurrence_id`].
    pub instance: String,
    /// Its first day.
    pub first_day: NaiveDate,
    begins: String,
    status: String,
}

impl Instance {
    /// Such as 令和8年12月3日(木) 10:00.
    pub fn label(&self) -> String {
        let stopped = if self.is_cancelled() { "【中止】" } else { "" };
        let clock = self.begins.strip_prefix('0').unwrap_or(&self.begins);
        format!("{stopped}{} {clock}", day::long(self.first_day)).trim_end().to_owned()
    }

    /// Whether this one does not take place.
    pub fn is_cancelled(&self) -> bool {
        Status::from_key(&self.status) == Status::Cancelled
    }
}

/// When a row takes place.
pub(super) fn span(entry: &Entry) -> Span {
    match entry.starts_at {
        Some(starts) => Span::Times { starts, ends: entry.ends_at },
        None => Span::Days { first: entry.starts_on, last: entry.ends_on },
    }
}

async fn items(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    let mut items: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for some in entries.chunks(10_000) {
        let marks = placeholders(some.len());
        let sql = format!("SELECT entry_id, item_id FROM entry_items WHERE entry_id IN ({marks}) ORDER BY item_id");
        let values = some.iter().map(|id| Value::from(*id)).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            items.entry(row.try_get("", "entry_id")?).or_default().push(row.try_get("", "item_id")?);
        }
    }
    Ok(items)
}
