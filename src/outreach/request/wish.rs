//! A wish (希望日時): a day with one start, or with a range in which the session may lie.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::text::day;

/// Most wishes of a request.
pub const MOST: usize = 3;

/// One wish; its rank is its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wish {
    /// The day.
    pub day: NaiveDate,
    /// When the session starts, or from when it may lie.
    pub starts: NaiveTime,
    /// Until when it may lie; nothing for exactly that start.
    pub until: Option<NaiveTime>,
}

impl Wish {
    /// As people read it.
    pub fn words(&self) -> String {
        match self.until {
            Some(until) => {
                format!("{} {}から{}のあいだ", day::long(self.day), clock(self.starts), clock(until))
            }
            None => format!("{} {}から", day::long(self.day), clock(self.starts)),
        }
    }

    /// The starts that fulfil it for a session of this length, every half hour and, for a range, at its very end.
    pub fn starts(&self, length_minutes: i32) -> Vec<NaiveTime> {
        let Some(until) = self.until else { return vec![self.starts] };
        let last = (until - self.starts).num_minutes() - i64::from(length_minutes);
        (0..=last.max(0) / 30).map(|half| self.starts + chrono::Duration::minutes(half * 30)).collect()
    }
}

/// A time of day as people read it.
pub fn clock(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}

/// The moment of a time of a day where the city is; the earlier one where a clock is put back.
pub fn moment(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(time);
    zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}

#[derive(FromQueryResult)]
struct Row {
    request_id: Uuid,
    day: NaiveDate,
    starts: String,
    until: String,
}

impl Row {
    fn wish(&self) -> Option<Wish> {
        Some(Wish { day: self.day, starts: read(&self.starts)?, until: read(&self.until) })
    }
}

fn read(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// The wishes of a request, the first one first.
pub async fn of_request(db: &impl ConnectionTrait, request_id: Uuid) -> Result<Vec<Wish>, DbErr> {
    let sql = "SELECT request_id, day, starts, until FROM outreach_wishes WHERE request_id = ? ORDER BY rank";
    let rows =
        Row::find_by_statement(statement(db.get_database_backend(), sql, vec![request_id.into()])).all(db).await?;
    Ok(rows.iter().filter_map(Row::wish).collect())
}

/// The wishes of all requests that wait for a decision, request by request.
pub async fn of_open(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, Wish)>, DbErr> {
    let sql = "SELECT w.request_id, w.day, w.starts, w.until FROM outreach_wishes w JOIN outreach_requests r
        ON r.id = w.request_id WHERE r.received_at IS NOT NULL AND r.decided_at IS NULL AND r.withdrawn_at IS NULL
        ORDER BY w.request_id, w.rank";
    let rows = Row::find_by_statement(statement(db.get_database_backend(), sql, vec![])).all(db).await?;
    Ok(rows.iter().filter_map(|row| Some((row.request_id, row.wish()?))).collect())
}

/// Puts these wishes in place of those that a request had.
pub(super) async fn set(db: &impl ConnectionTrait, request_id: Uuid, wishes: &[Wish]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "DELETE FROM outreach_wishes WHERE request_id = ?";
    db.execute_raw(statement(backend, sql, vec![request_id.into()])).await?;
    for (rank, wish) in (0..).zip(wishes) {
        let sql = "INSERT INTO outreach_wishes (request_id, rank, day, starts, until) VALUES (?, ?, ?, ?, ?)";
        let rank: i32 = rank;
        let written = |time: NaiveTime| time.format("%H:%M").to_string();
        let values = vec![
            request_id.into(),
            rank.into(),
            wish.day.into(),
            written(wish.starts).into(),
            wish.until.map(written).unwrap_or_default().into(),
        ];
        db.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveTime {
        read(text).unwrap()
    }

    #[test]
    fn a_range_is_fulfilled_by_every_start_after_which_the_session_still_fits() {
        let day = "2026-12-16".parse().unwrap();
        let range = Wish { day, starts: at("13:00"), until: Some(at("15:30")) };
        assert_eq!(range.starts(90), [at("13:00"), at("13:30"), at("14:00")]);
        assert_eq!(Wish { until: None, ..range }.starts(90), [at("13:00")]);
        assert_eq!(range.words(), "令和8年12月16日(水) 13:00から15:30のあいだ");
    }
}
