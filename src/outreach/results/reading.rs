//! Which decided sessions of a fiscal year have begun, and what was reported of them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::outreach::report::span;
use crate::outreach::request::BodyKind;
use crate::text::wareki;

/// A decided session that has begun, with what was reported of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Held {
    /// The session.
    pub id: Uuid,
    /// When it began.
    pub starts_at: DateTime<Utc>,
    /// Key of the town of its place.
    pub town_key: String,
    /// The topic of the menu; nothing for a wish of its own.
    pub topic_id: Option<Uuid>,
    /// What was talked about, as it was asked for.
    pub own_title: String,
    body_kind: String,
    /// Key of the town that the body belongs to.
    pub body_town: String,
    /// The administrative district.
    pub district: String,
    /// Name of the body, for staff.
    pub body_name: String,
    /// Whether it took place; nothing before the report.
    pub took_place: Option<bool>,
    /// How many people listened.
    pub people: i64,
}

impl Held {
    /// Whether it was reported as having taken place.
    pub fn is_evidence(&self) -> bool {
        self.took_place == Some(true)
    }

    /// What kind of body it was for.
    pub fn body(&self) -> BodyKind {
        BodyKind::from_key(&self.body_kind).unwrap_or(BodyKind::Circle)
    }

    /// How far it is, in the office's words.
    pub fn state(&self) -> &'static str {
        match self.took_place {
            Some(true) => "実施",
            Some(false) => "実施せず",
            None => "報告待ち",
        }
    }
}

/// The decided sessions of a fiscal year that have begun by now, the earliest first.
pub async fn held_in(
    db: &impl ConnectionTrait,
    fiscal_year: i32,
    (zone, now): (Tz, DateTime<Utc>),
) -> Result<Vec<Held>, DbErr> {
    let (from, until) = span(fiscal_year, zone);
    let sql = "SELECT s.id, s.starts_at, s.town_key, q.topic_id, q.own_title, q.body_kind, q.body_town, q.district,
        q.body_name, r.took_place, CAST(COALESCE(r.people, 0) AS BIGINT) AS people FROM outreach_sessions s
        JOIN outreach_requests q ON q.id = s.request_id LEFT JOIN outreach_reports r ON r.session_id = s.id
        WHERE s.state = 'confirmed' AND s.starts_at >= ? AND s.starts_at < ? AND s.starts_at <= ?
        ORDER BY s.starts_at, s.id";
    let values = vec![from.into(), until.into(), now.into()];
    Held::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// How many sessions took place in a fiscal year, and for how many people in all; everybody may know that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearCount {
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Sessions that were reported as having taken place.
    pub sessions: i64,
    /// People who listened, each time counted.
    pub people: i64,
}

impl YearCount {
    /// The fiscal year in words.
    pub fn year(&self) -> String {
        wareki::fiscal_year_label(self.fiscal_year)
    }
}

/// The count of the fiscal year that it is now, for the public page.
pub async fn this_year(db: &impl ConnectionTrait, (zone, now): (Tz, DateTime<Utc>)) -> Result<YearCount, DbErr> {
    let fiscal_year = wareki::fiscal_year(now.with_timezone(&zone).date_naive());
    let held = held_in(db, fiscal_year, (zone, now)).await?;
    let held = held.iter().filter(|one| one.is_evidence());
    let add = |count: YearCount, one: &Held| YearCount {
        sessions: count.sessions + 1,
        people: count.people + one.people,
        ..count
    };
    Ok(held.fold(YearCount { fiscal_year, ..YearCount::default() }, add))
}

/// The fiscal years that have decided sessions, and the present one, the newest first.
pub async fn years(db: &impl ConnectionTrait, (zone, now): (Tz, DateTime<Utc>)) -> Result<Vec<i32>, DbErr> {
    let sql = "SELECT MIN(starts_at) AS first FROM outreach_sessions WHERE state = 'confirmed'
        AND starts_at <= ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![now.into()])).await?;
    let first: Option<DateTime<Utc>> = row.map_or(Ok(None), |row| row.try_get("", "first"))?;
    let year = |at: DateTime<Utc>| wareki::fiscal_year(at.with_timezone(&zone).date_naive());
    let present = year(now);
    Ok((first.map_or(present, year)..=present).rev().collect())
}
