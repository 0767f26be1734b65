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

/// Writes a new session down, held.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    (id, request_id): (Uuid, Uuid),
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    place: &Place,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO outreach_sessions (id, request_id, state, starts_at, ends_at, town_key, facility_id, place,
        place_address, confirmed_by, cancelled_by, cancel_reason, version, created_by, created_at, updated_at)
        VALUES (?, ?, 'tentative', ?, ?, ?, ?, ?, ?, '', '', '', 1, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        request_id.into(),
        starts.into(),
        ends.into(),
        place.town_key.clone().into(),
        place.facility_id.into(),
        place.place.clone().into(),
        place.address.clone().into(),
        by.into(),
        now.into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Moves a session to another time or place; says whether it did: not when it changed since this version, or was cancelled.
pub(super) async fn shift(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (starts, ends): (DateTime<Utc>, DateTime<Utc>),
    place: &Place,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET starts_at = ?, ends_at = ?, town_key = ?, facility_id = ?, place = ?,
        place_address = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ? AND state <> 'cancelled'";
    let values = vec![
        starts.into(),
        ends.into(),
        place.town_key.clone().into(),
        place.facility_id.into(),
        place.place.clone().into(),
        place.address.clone().into(),
        now.into(),
        id.into(),
        version.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Decides for a session that is held; says whether it did.
pub(super) async fn confirm(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql =
        "UPDATE outreach_sessions SET state = 'confirmed', confirmed_at = ?, confirmed_by = ?, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ? AND state = 'tentative'";
    let values = vec![now.into(), by.into(), now.into(), id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Calls a session off; says whether it did: not when it was before.
pub(super) async fn cancel(
    db: &impl ConnectionTrait,
    id: Uuid,
    reason: &str,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET state = 'cancelled', cancelled_at = ?, cancelled_by = ?, cancel_reason = ?,
        version = version + 1, updated_at = ? WHERE id = ? AND state <> 'cancelled'";
    let values = vec![now.into(), by.into(), reason.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Offers a held session to the applicant until a moment; says whether it did.
pub(super) async fn offer(
    db: &impl ConnectionTrait,
    (id, version): (Uuid, i32),
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_sessions SET offered_at = ?, offer_until = ?, declined_at = NULL, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ? AND state = 'tentative'";
    let values = vec![now.into(), until.into(), now.into(), id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Ties a session to its entry in the calendar.
pub(super) async fn tie(db: &impl ConnectionTrait, id: Uuid, entry_id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE outreach_sessions SET entry_id = ? WHERE id = ? AND entry_id IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![entry_id.into(), id.into()])).await?;
    Ok(())
}

/// How long a session lasts, in minutes.
pub fn length(starts: DateTime<Utc>, ends: DateTime<Utc>) -> i64 {
    (ends - starts).max(Duration::zero()).num_minutes()
}
