//! The address of somebody's own calendar, which is a secret, and how reading it went.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::busy;
use super::reading::{Counts, Reading};
use crate::chance;
use crate::db::statement;
use crate::fetching::Ask;

/// Hours after which a calendar is read in full although it did not change, so that the window moves on.
const FULL_HOURS: i64 = 20;
/// Longest pause after failures, in hours.
const LONGEST_HOURS: i64 = 24;
/// Seconds by which pauses differ, so that not all calendars are read at once.
const SPREAD: u64 = 1_200;
/// Minutes for which a reader has a calendar to itself.
const CLAIM_MINUTES: i64 = 10;
/// Most calendars of one turn.
const AT_ONCE: i64 = 20;

/// The address of somebody's calendar and its state. Its address never leaves the pages of its owner.
#[derive(Clone, FromQueryResult)]
pub struct Calendar {
    /// Whose.
    pub account_id: Uuid,
    /// The address.
    pub(super) url: String,
    /// Until when a reader has it to itself.
    claimed_until: Option<DateTime<Utc>>,
    /// When it was last asked for.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it was last read in full.
    pub good_at: Option<DateTime<Utc>>,
    /// Why it could not be read the last time; empty while it can.
    pub fault: String,
    /// How often in a row it could not be read.
    pub failures: i32,
    etag: String,
    last_modified: String,
    counts: serde_json::Value,
}

impl Calendar {
    /// What counted and what did not when it was last read.
    pub fn counts(&self) -> Counts {
        serde_json::from_value(self.counts.clone()).unwrap_or_default()
    }

    /// The address with everything secret left out: the server alone.
    pub fn masked(&self) -> String {
        let host = url::Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        format!("{}/……", host.unwrap_or_default())
    }

    /// What is asked for: what changed since, or all of it once a day.
    pub(super) fn ask(&self, now: DateTime<Utc>) -> Ask {
        let is_fresh = self.good_at.is_some_and(|at| now - at < TimeDelta::hours(FULL_HOURS));
        let since = |tag: &str| if is_fresh { tag.to_owned() } else { String::new() };
        Ask { url: self.url.clone(), etag: since(&self.etag), last_modified: since(&self.last_modified) }
    }
}

/// A calendar as it came: what was read, with its tags.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub reading: Reading,
    pub etag: String,
    pub last_modified: String,
}

const COLUMNS: &str = "c.account_id, c.url, c.claimed_until, c.checked_at, c.good_at, c.fault, c.failures, c.etag,
    c.last_modified, c.counts";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Calendar>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_calendars c {rest}");
    Calendar::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The calendar of somebody.
pub async fn find(db: &impl ConnectionTrait, account_id: Uuid) -> Result<Option<Calendar>, DbErr> {
    Ok(select(db, "WHERE c.account_id = ?", vec![account_id.into()]).await?.pop())
}

/// The calendars of everybody.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Calendar>, DbErr> {
    select(db, "ORDER BY c.account_id", vec![]).await
}

/// The calendars whose turn it is, of those who still work in the office.
pub(super) async fn due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Calendar>, DbErr> {
    let rest = "JOIN accounts a ON a.id = c.account_id WHERE c.next_check_at <= ? AND a.active = TRUE
        AND a.role IN ('staff', 'admin') AND (c.claimed_until IS NULL OR c.claimed_until < ?)
        ORDER BY c.next_check_at, c.account_id LIMIT ?";
    select(db, rest, vec![now.into(), now.into(), AT_ONCE.into()]).await
}

/// Takes a calendar to read it, unless somebody else did meanwhile.
pub(super) async fn claim(
    db: &impl ConnectionTrait,
    calendar: &mut Calendar,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let until = now + TimeDelta::minutes(CLAIM_MINUTES);
    let sql = "UPDATE outreach_calendars SET claimed_until = ? WHERE account_id = ? AND url = ? AND next_check_at <= ?
        AND (claimed_until IS NULL OR claimed_until < ?)";
    let values = vec![until.into(), calendar.account_id.into(), calendar.url.clone().into(), now.into(), now.into()];
    calendar.claimed_until = Some(until);
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Keeps the address of somebody's calendar, which was read just now, in place of the one before.
pub(super) async fn put(
    db: &impl ConnectionTrait,
    (account_id, url): (Uuid, &str),
    came: &Came,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO outreach_calendars (account_id, url, added_at, next_check_at, checked_at, good_at, fault,
        failures, etag, last_modified, counts) VALUES (?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?) ON CONFLICT (account_id)
        DO UPDATE SET url = excluded.url, added_at = excluded.added_at, next_check_at = excluded.next_check_at,
        claimed_until = NULL, checked_at = excluded.checked_at, good_at = excluded.good_at, fault = '', failures = 0,
        etag = excluded.etag, last_modified = excluded.last_modified, counts = excluded.counts";
    let values = vec![
        account_id.into(),
        url.into(),
        now.into(),
        next(0, now).into(),
        now.into(),
        now.into(),
        came.etag.clone().into(),
        came.last_modified.clone().into(),
        written(&came.reading.counts).into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    busy::replace(db, account_id, &came.reading.busy).await
}

/// Keeps what a reader found in a calendar that it took; says whether it was still its to keep.
pub(super) async fn settle(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    came: Option<&Came>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut set = "next_check_at = ?, checked_at = ?, fault = '', failures = 0".to_owned();
    let mut values: Vec<Value> = vec![next(0, now).into(), now.into()];
    if let Some(came) = came {
        set.push_str(", good_at = ?, etag = ?, last_modified = ?, counts = ?");
        values.extend([now.into(), came.etag.clone().into(), came.last_modified.clone().into()]);
        values.push(written(&came.reading.counts).into());
    }
    let done = finish(db, calendar, &set, values).await?;
    if let (true, Some(came)) = (done, came) {
        busy::replace(db, calendar.account_id, &came.reading.busy).await?;
    }
    Ok(done)
}

/// Keeps why a calendar that a reader took could not be read; the busy times stay. Says whether it was still its to keep.
pub(super) async fn fail(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    fault: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let failures = calendar.failures.saturating_add(1);
    let values = vec![next(failures, now).into(), now.into(), fault.into(), failures.into()];
    finish(db, calendar, "next_check_at = ?, checked_at = ?, fault = ?, failures = ?", values).await
}

async fn finish(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    set: &str,
    mut values: Vec<Value>,
) -> Result<bool, DbErr> {
    let sql = format!(
        "UPDATE outreach_calendars SET claimed_until = NULL, {set} WHERE account_id = ? AND url = ? AND claimed_until = ?"
    );
    values.extend([calendar.account_id.into(), calendar.url.clone().into(), calendar.claimed_until.into()]);
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0)
}

/// Forgets the address of somebody's calendar and the busy times out of it; says whether there was one.
pub(super) async fn remove(db: &impl ConnectionTrait, account_id: Uuid) -> Result<bool, DbErr> {
    let sql = "DELETE FROM outreach_calendars WHERE account_id = ?";
    let done = db.execute_raw(statement(db.get_database_backend(), sql, vec![account_id.into()])).await?;
    busy::replace(db, account_id, &[]).await?;
    Ok(done.rows_affected() > 0)
}

fn written(counts: &Counts) -> serde_json::Value {
    serde_json::to_value(counts).unwrap_or_default()
}

/// When a calendar is read again: after an hour, and ever more rarely while it cannot be read.
fn next(failures: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let spread = i64::try_from(chance::below(SPREAD)).unwrap_or_default();
    now + pause(failures) + TimeDelta::seconds(spread - SPREAD.cast_signed() / 2)
}

fn pause(failures: i32) -> TimeDelta {
    TimeDelta::hours((1 << failures.clamp(0, 5)).min(LONGEST_HOURS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_day() {
        let hours: Vec<i64> = [0, 1, 2, 3, 4, 5, 6, i32::MAX].map(|failures| pause(failures).num_hours()).to_vec();
        assert_eq!(hours, [1, 2, 4, 8, 16, 24, 24, 24]);
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        for _ in 0..100 {
            let minutes = (next(0, now) - now).num_minutes();
            assert!((50..=70).contains(&minutes), "{minutes}");
        }
    }
}
