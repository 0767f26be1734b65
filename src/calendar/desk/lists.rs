//! Lists of entries at the desk: those of one group, those that wait, and everything that is coming.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::super::entry::Status;
use super::super::family::OWN;
use super::super::filter::Filter;
use super::super::origin::FEED;
use super::super::review::ReviewState;
use crate::city::City;
use crate::db::statement;
use crate::text::day;

/// Entries of a group on its own page, the latest first.
const OF_GROUP: i64 = 500;

/// An entry as the desk lists it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// The entry.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    source: String,
    status: String,
    /// Whether everyone sees it.
    pub public: bool,
    /// Its rule; empty for a single entry.
    pub rrule: String,
    /// Who holds it.
    pub organiser: String,
    /// Its place.
    pub place: String,
    starts_on: NaiveDate,
    next: Option<NaiveDate>,
    begins: String,
    review: Option<String>,
    /// Why it was refused.
    pub note: Option<String>,
    /// Since when it waits.
    pub asked_at: Option<DateTime<Utc>>,
    /// What is seen in its place, where it is one of several that are shown as one.
    pub lead_id: Option<Uuid>,
}

impl Line {
    /// Whether it was written here.
    pub fn is_own(&self) -> bool {
        self.source == OWN
    }

    /// Whether it can be changed here.
    pub fn is_changeable(&self) -> bool {
        self.is_own() || self.source.starts_with(FEED)
    }

    /// Where it came from, in words.
    pub fn origin(&self) -> &str {
        match self.source.strip_prefix("import:") {
            Some(name) => name,
            None if self.is_own() => "このサイト",
            None if self.source.starts_with(FEED) => "ほかのカレンダー",
            None => &self.source,
        }
    }

    /// Whether it does not take place.
    pub fn is_cancelled(&self) -> bool {
        Status::from_key(&self.status) == Status::Cancelled
    }

    /// Its public page.
    pub fn path(&self) -> String {
        super::super::path(self.id)
    }

    /// The public page of what is seen in its place.
    pub fn lead_path(&self) -> Option<String> {
        self.lead_id.map(super::super::path)
    }

    /// Where it is changed.
    pub fn edit_path(&self) -> String {
        super::edit_path(self.id)
    }

    /// Where it is cancelled.
    pub fn cancel_path(&self) -> String {
        super::cancel_path(self.id)
    }

    /// Its page for staff.
    pub fn staff_path(&self) -> String {
        super::staff_path(self.id)
    }

    /// Where it stands with the office; nothing where everybody sees it.
    pub fn review(&self) -> Option<ReviewState> {
        self.review.as_deref().filter(|_| !self.public).map(ReviewState::from_key)
    }

    /// Whether it has still to take place on some day.
    pub fn is_coming(&self) -> bool {
        self.next.is_some()
    }

    /// The next day, or the first where none is left, in words.
    pub fn when(&self) -> String {
        let clock = self.begins.strip_prefix('0').unwrap_or(&self.begins);
        format!("{} {clock}", day::long(self.next.unwrap_or(self.starts_on))).trim_end().to_owned()
    }

    /// The day for machines.
    pub fn day(&self) -> NaiveDate {
        self.next.unwrap_or(self.starts_on)
    }

    /// Since when it waits, in words.
    pub fn waits_since(&self, zone: chrono_tz::Tz) -> String {
        self.asked_at.map_or_else(String::new, |at| day::long(at.with_timezone(&zone).date_naive()))
    }
}

const SELECT: &str = "SELECT e.id, e.title, e.source, e.status, e.public, e.rrule, e.organiser, e.place, e.starts_on,
    (SELECT u.lead_id FROM entry_unions u JOIN entry_union_members m ON m.union_id = u.id
        WHERE m.entry_id = e.id AND u.lead_id <> e.id) AS lead_id";

async fn find(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Line>, DbErr> {
    Line::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// The entries of a group, whoever wrote them, soonest first and those without a coming day at the end.
pub(super) async fn of_group(db: &impl ConnectionTrait, group_id: Uuid, today: NaiveDate) -> Result<Vec<Line>, DbErr> {
    let sql = format!(
        "{SELECT}, (SELECT MIN(o.first_day) FROM occurrences o WHERE o.entry_id = e.id AND o.last_day >= ?) AS next,
        COALESCE((SELECT MIN(o.begins) FROM occurrences o WHERE o.entry_id = e.id), '') AS begins,
        r.state AS review, r.note, r.asked_at FROM calendar_entries e LEFT JOIN entry_reviews r ON r.entry_id = e.id
        WHERE e.group_id = ? AND e.master_id IS NULL ORDER BY e.starts_on DESC, e.id LIMIT ?"
    );
    let mut lines = find(db, &sql, vec![today.into(), group_id.into(), OF_GROUP.into()]).await?;
    // Soonest first where there is a next day; the rest keep their order, the latest first.
    lines.sort_by_key(|line| (line.next.is_none(), line.next));
    Ok(lines)
}

/// What waits for the office, oldest first.
pub(super) async fn waiting(db: &impl ConnectionTrait, today: NaiveDate, most: i64) -> Result<Vec<Line>, DbErr> {
    let sql = format!(
        "{SELECT}, (SELECT MIN(o.first_day) FROM occurrences o WHERE o.entry_id = e.id AND o.last_day >= ?) AS next,
        COALESCE((SELECT MIN(o.begins) FROM occurrences o WHERE o.entry_id = e.id), '') AS begins,
        r.state AS review, r.note, r.asked_at FROM entry_reviews r JOIN calendar_entries e ON e.id = r.entry_id
        WHERE r.state = 'waiting' ORDER BY r.asked_at, e.id LIMIT ?"
    );
    find(db, &sql, vec![today.into(), most.into()]).await
}

/// What the list of staff is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    pub filter: Filter,
    /// Only what was written here, or only what was imported.
    pub own: Option<bool>,
}

/// Everything public from a day on, one line for each occurrence; one more than asked for when there are more.
pub(super) async fn coming(
    db: &impl ConnectionTrait,
    city: &City,
    chosen: &Chosen,
    today: NaiveDate,
    (most, skipped): (i64, i64),
) -> Result<Vec<Line>, DbErr> {
    let condition = chosen.filter.condition(db.get_database_backend(), city);
    let origin = match chosen.own {
        Some(true) => " AND e.source = 'own'",
        Some(false) => " AND e.source <> 'own'",
        None => "",
    };
    let sql = format!(
        "{SELECT}, o.first_day AS next, o.begins, CAST(NULL AS TEXT) AS review, CAST(NULL AS TEXT) AS note,
        e.cancelled_at AS asked_at FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
        WHERE o.public = TRUE AND o.day >= ? AND (o.day = o.first_day OR o.day = ?){origin}{}
        ORDER BY o.day, o.begins, o.entry_id, o.instance LIMIT ? OFFSET ?",
        condition.sql
    );
    let mut values: Vec<Value> = vec![today.into(), today.into()];
    values.extend(condition.values);
    values.extend([(most + 1).into(), skipped.into()]);
    find(db, &sql, values).await
}
