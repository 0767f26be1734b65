//! A session (出前説明会): one visit for one request, with its time and place; whoever goes stands in [`super::crew`].

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// 仮押さえ: the people's time is held; the applicant knows nothing of it unless it was offered.
    Tentative,
    /// 決定.
    Confirmed,
    /// 中止, or no longer needed.
    Cancelled,
}

impl State {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tentative => "tentative",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Self {
        match key {
            "confirmed" => Self::Confirmed,
            "cancelled" => Self::Cancelled,
            _ => Self::Tentative,
        }
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Tentative => "仮押さえ",
            Self::Confirmed => "決定",
            Self::Cancelled => "中止",
        }
    }
}

/// Where a session takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Key of the town.
    pub town_key: String,
    /// The facility of the city's list.
    pub facility_id: Option<Uuid>,
    /// The place, or the room in the facility.
    pub place: String,
    /// Its address.
    pub address: String,
}

/// A session as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Session {
    /// Identifier.
    pub id: Uuid,
    /// The request it is for.
    pub request_id: Uuid,
    /// Its entry in the calendar.
    pub entry_id: Option<Uuid>,
    state: String,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Key of the town.
    pub town_key: String,
    /// The facility.
    pub facility_id: Option<Uuid>,
    /// The place, or the room in the facility.
    pub place: String,
    /// Its address.
    pub place_address: String,
    /// When it was offered to the applicant in place of what was wished for.
    pub offered_at: Option<DateTime<Utc>>,
    /// Until when the offer stands.
    pub offer_until: Option<DateTime<Utc>>,
    /// When the applicant declined it.
    pub declined_at: Option<DateTime<Utc>>,
    /// When it was decided.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why, for the applicant and for everybody who finds it in the calendar.
    pub cancel_reason: String,
    /// Counts the changes.
    pub version: i32,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Session {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::from_key(&self.state)
    }

    /// Whether it is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at <= now
    }

    /// Whether the applicant can still accept it.
    pub fn is_on_offer(&self, now: DateTime<Utc>) -> bool {
        self.state() == State::Tentative && self.offer_until.is_some_and(|until| until > now)
    }

    /// Where it takes place.
    pub fn venue(&self) -> Place {
        Place {
            town_key: self.town_key.clone(),
            facility_id: self.facility_id,
            place: self.place.clone(),
            address: self.place_address.clone(),
        }
    }
}

const COLUMNS: &str =
    "id, request_id, entry_id, state, starts_at, ends_at, town_key, facility_id, place, place_address,
    offered_at, offer_until, declined_at, confirmed_at, cancelled_at, cancel_reason, version, updated_at";

pub(super) async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Session>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_sessions {rest}");
    Session::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The session under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Session>, DbErr> {
    Ok(select(db, "WHERE id = ?", vec![id.into()]).await?.pop())
}

/// The sessions of a request, the earliest first.
pub async fn of_request(db: &impl ConnectionTrait, request_id: Uuid) -> Result<Vec<Session>, DbErr> {
    select(db, "WHERE request_id = ? ORDER BY starts_at, id", vec![request_id.into()]).await
}

/// The sessions that stand (held or decided) and touch a span of time, the earliest first.
pub async fn standing(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Session>, DbErr> {
    let rest = "WHERE state <> 'cancelled' AND starts_at < ? AND ends_at > ? ORDER BY starts_at, id";
    select(db, rest, vec![until.into(), from.into()]).await
}

/// The decided session of a request.
pub async fn confirmed_of(db: &impl ConnectionTrait, request_id: Uuid) -> Result<Option<Session>, DbErr> {
    Ok(select(db, "WHERE request_id = ? AND state = 'confirmed'", vec![request_id.into()]).await?.pop())
}

/// The decided sessions without a report, the earliest first.
pub async fn unreported(db: &impl ConnectionTrait) -> Result<Vec<Session>, DbErr> {
    let rest = "WHERE state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM outreach_reports r
        WHERE r.session_id = outreach_sessions.id) ORDER BY starts_at, id LIMIT 500";
    select(db, rest, vec![]).await
}

/// How long a session lasts, in minutes.
pub fn length(starts: DateTime<Utc>, ends: DateTime<Utc>) -> i64 {
    (ends - starts).max(Duration::zero()).num_minutes()
}
