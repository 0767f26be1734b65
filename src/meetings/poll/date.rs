//! A candidate (候補日): a day and time, with its place, that the groups are asked about.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;
use crate::meetings::subject::Venue;
use crate::text::day;

/// Most candidates of one poll; a longer list is no longer answered with care.
pub const MOST: usize = 20;

/// A candidate as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    /// Identifier.
    pub id: Uuid,
    /// When it would start.
    pub starts_at: DateTime<Utc>,
    /// When it would end.
    pub ends_at: DateTime<Utc>,
    /// Key of the town.
    pub town_key: String,
    /// The facility.
    pub facility_id: Option<Uuid>,
    /// The place, or the room in the facility.
    pub place: String,
    reasons: serde_json::Value,
}

impl Candidate {
    /// Such as 令和8年12月3日(木) 10:00〜11:30.
    pub fn label(&self, zone: Tz) -> String {
        let (starts, ends) = (self.starts_at.with_timezone(&zone), self.ends_at.with_timezone(&zone));
        format!("{} {}〜{}", day::long(starts.date_naive()), starts.format("%-H:%M"), ends.format("%-H:%M"))
    }

    /// Why it was proposed, in sentences; empty where somebody chose it by hand.
    pub fn reasons(&self) -> Vec<String> {
        serde_json::from_value(self.reasons.clone()).unwrap_or_default()
    }

    /// Where it would take place.
    pub fn venue(&self) -> Venue {
        Venue { facility_id: self.facility_id, town_key: self.town_key.clone(), place: self.place.clone() }
    }
}

/// The candidates of a meeting that stand, the earliest first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Candidate>, DbErr> {
    let sql = "SELECT id, starts_at, ends_at, town_key, facility_id, place, reasons FROM meeting_dates
        WHERE meeting_id = ? AND withdrawn_at IS NULL ORDER BY starts_at, id";
    Candidate::find_by_statement(statement(db.get_database_backend(), sql, vec![meeting_id.into()])).all(db).await
}

/// Adds a candidate; one that was withdrawn stands again.
pub async fn add(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    (venue, reasons): (&Venue, &[String]),
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let sql = "INSERT INTO meeting_dates (id, meeting_id, starts_at, ends_at, town_key, facility_id, place, reasons,
        added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (meeting_id, starts_at, town_key, place) DO UPDATE SET ends_at = excluded.ends_at,
        facility_id = excluded.facility_id, reasons = excluded.reasons, withdrawn_at = NULL";
    let values = vec![
        new_id().into(),
        meeting_id.into(),
        starts.into(),
        ends.into(),
        venue.town_key.clone().into(),
        venue.facility_id.into(),
        venue.place.clone().into(),
        serde_json::json!(reasons).into(),
        by.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes a candidate back; says whether it stood.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    meeting_id: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_dates SET withdrawn_at = ? WHERE meeting_id = ? AND id = ? AND withdrawn_at IS NULL";
    let values = vec![now.into(), meeting_id.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
