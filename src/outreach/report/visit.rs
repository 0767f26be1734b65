//! A decided session together with the request it is for: what a report and a questionnaire are about.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::audit::{self, Actor, Channel, Event};
use crate::outreach::request::{self, Request};
use crate::outreach::session::{self, Session, State};
use crate::text::day;

/// A decided session and its request.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session.
    pub session: Session,
    /// The request it is for.
    pub request: Request,
}

impl Visit {
    /// What it is about and for whom, for staff.
    pub fn title(&self) -> String {
        self.request.title()
    }

    /// What was talked about, without saying for whom.
    pub fn topic(&self) -> &str {
        &self.request.own_title
    }

    /// Whether it has begun.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.session.starts_at <= now
    }

    /// Whether its applicant let it stand in the calendar.
    pub fn is_public(&self) -> bool {
        self.request.public
    }

    /// Its day and hours in words.
    pub fn when(&self, zone: Tz) -> String {
        when(self.session.starts_at, self.session.ends_at, zone)
    }

    /// The day it takes place on, where the city is.
    pub fn day(&self, zone: Tz) -> NaiveDate {
        self.session.starts_at.with_timezone(&zone).date_naive()
    }
}

/// A day and its hours in words.
fn when(starts: DateTime<Utc>, ends: DateTime<Utc>, zone: Tz) -> String {
    let (starts, ends) = (starts.with_timezone(&zone), ends.with_timezone(&zone));
    format!("{} {}〜{}", day::long(starts.date_naive()), starts.format("%-H:%M"), ends.format("%-H:%M"))
}

/// A moment in words.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    format!("{} {}", day::long(at.date_naive()), at.format("%-H:%M"))
}

/// The first moment of a fiscal year and that of the next, where the city is.
pub fn span(fiscal_year: i32, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = |year| zone.with_ymd_and_hms(year, 4, 1, 0, 0, 0).earliest().map(|moment| moment.to_utc());
    let of = |year| first(year).unwrap_or(DateTime::UNIX_EPOCH);
    (of(fiscal_year), of(fiscal_year + 1))
}

/// The decided session under this identifier.
pub(super) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Visit>, DbErr> {
    let Some(session) = session::find(db, id).await? else { return Ok(None) };
    if session.state() != State::Confirmed {
        return Ok(None);
    }
    let request = request::find(db, session.request_id).await?;
    Ok(request.map(|request| Visit { session, request }))
}

/// Writes a change about a session into the trail.
pub async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    (session_id, title): (Uuid, &str),
    action: &str,
    (before, after): (Json, Json),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "outreach",
        noun_id: session_id.to_string(),
        group_id: None,
        title,
        before,
        after,
        reason: "",
    };
    audit::record(db, event, now).await
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_fiscal_year_begins_at_midnight_of_the_first_of_april_where_the_city_is() {
        let (from, until) = span(2026, chrono_tz::Asia::Tokyo);
        assert_eq!(from.to_rfc3339(), "2026-03-31T15:00:00+00:00");
        assert_eq!(until.to_rfc3339(), "2027-03-31T15:00:00+00:00");
    }
}
