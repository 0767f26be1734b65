//! The days on which one occurrence takes place: one row per day, so that a month is one indexed question.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::entry::Entry;
use super::rows;
use crate::db::placeholders;
use crate::ics;
use crate::text::day;

/// Most days one occurrence is written on; a longer one keeps its end, but not a row for each day.
pub(super) const MOST_DAYS: u64 = 366;

/// First and last day of an occurrence and its times as the city's clocks show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// `HH:MM`; empty for whole days.
    pub begins: String,
    /// `HH:MM` up to `24:00`; empty when nothing is known of the end.
    pub ends: String,
}

impl Stretch {
    fn days(first_day: NaiveDate, last_day: NaiveDate) -> Self {
        Self { first_day, last_day: last_day.max(first_day), begins: String::new(), ends: String::new() }
    }

    pub(super) fn times(starts: DateTime<Utc>, ends: Option<DateTime<Utc>>, zone: Tz) -> Self {
        Self::clocks(local(starts, zone), ends.map(|ends| local(ends, zone)))
    }

    fn clocks(starts: NaiveDateTime, ends: Option<NaiveDateTime>) -> Self {
        let begins = clock(starts);
        let first_day = starts.date();
        let Some(ends) = ends.filter(|ends| *ends > starts) else {
            return Self { first_day, last_day: first_day, begins, ends: String::new() };
        };
        // What ends at midnight does not reach into the new day.
        match (ends.time() == NaiveTime::MIN, ends.date().pred_opt()) {
            (true, Some(last_day)) => Self { first_day, last_day, begins, ends: "24:00".to_owned() },
            _ => Self { first_day, last_day: ends.date(), begins, ends: clock(ends) },
        }
    }

    /// The only occurrence of an entry that does not recur.
    pub fn of_entry(entry: &Entry, zone: Tz) -> Self {
        match entry.starts_at {
            Some(starts) => Self::times(starts, entry.ends_at, zone),
            None => Self::days(entry.starts_on, entry.ends_on),
        }
    }

    /// Its day or days and its times in words: 令和8年12月1日(火) 13:30〜15:30.
    pub fn words(&self) -> String {
        let clock = |text: &str| text.strip_prefix('0').unwrap_or(text).to_owned();
        match (self.begins.as_str(), self.ends.as_str()) {
            ("", _) => day::span(self.first_day, self.last_day),
            (begins, "") => format!("{} {}", day::span(self.first_day, self.last_day), clock(begins)),
            (begins, ends) if self.first_day == self.last_day => {
                format!("{} {}〜{}", day::long(self.first_day), clock(begins), clock(ends))
            }
            (begins, ends) => format!(
                "{} {}から{} {}まで",
                day::long(self.first_day),
                clock(begins),
                day::long(self.last_day),
                clock(ends)
            ),
        }
    }

    /// An occurrence of a series.
    pub(super) fn of_occurrence(occurrence: &ics::Occurrence, zone: Tz) -> Self {
        if occurrence.is_all_day() {
            let end = occurrence.end.local(zone).date();
            return Self::days(occurrence.start.local(zone).date(), end.pred_opt().unwrap_or(end));
        }
        Self::times(occurrence.start_utc, Some(occurrence.end_utc), zone)
    }

    /// One row of the table of occurrences for each day, at most [`MOST_DAYS`].
    pub(super) fn rows(&self, entry: &Entry, instance: &str, rows: &mut Vec<Vec<Value>>) {
        let days = (0..MOST_DAYS).map_while(|count| self.first_day.checked_add_days(Days::new(count)));
        for day in days.take_while(|day| *day <= self.last_day) {
            rows.push(vec![
                entry.id.into(),
                instance.into(),
                day.into(),
                self.first_day.into(),
                self.last_day.into(),
                self.begins.as_str().into(),
                self.ends.as_str().into(),
                entry.public.into(),
            ]);
        }
    }
}

/// Such as 09:30.
fn clock(local: NaiveDateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

pub(super) fn local(moment: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    moment.with_timezone(&zone).naive_local()
}

/// Writes rows made by [`Stretch::rows`]; those already there stay.
pub(super) async fn put(db: &impl ConnectionTrait, rows: Vec<Vec<Value>>) -> Result<(), DbErr> {
    let head = "INSERT INTO occurrences (entry_id, instance, day, first_day, last_day, begins, ends, public) VALUES";
    rows::insert(db, head, &placeholders(8), "ON CONFLICT DO NOTHING", rows).await?;
    Ok(())
}

/// Takes back every occurrence of these entries.
pub(super) async fn clear(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<(), DbErr> {
    rows::each_of(db, "DELETE FROM occurrences WHERE entry_id IN", entries.iter().map(|id| (*id).into())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(starts: &str, ends: &str) -> (String, String, String, String) {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let ends = (!ends.is_empty()).then(|| moment(ends));
        let found = Stretch::times(moment(starts), ends, Tz::Asia__Tokyo);
        (found.first_day.to_string(), found.last_day.to_string(), found.begins, found.ends)
    }

    fn told(parts: [&str; 4]) -> (String, String, String, String) {
        let [first, last, begins, ends] = parts.map(str::to_owned);
        (first, last, begins, ends)
    }

    #[test]
    fn an_evening_that_ends_at_midnight_stays_on_its_day() {
        let found = stretch("2026-11-23T10:00:00Z", "2026-11-23T15:00:00Z");
        assert_eq!(found, told(["2026-11-23", "2026-11-23", "19:00", "24:00"]));
    }

    #[test]
    fn a_night_reaches_into_the_next_day() {
        let found = stretch("2026-11-23T13:00:00Z", "2026-11-23T20:00:00Z");
        assert_eq!(found, told(["2026-11-23", "2026-11-24", "22:00", "05:00"]));
    }

    #[test]
    fn days_and_times_are_said_as_people_say_them() {
        let words = |starts: &str, ends: &str| {
            let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            Stretch::times(moment(starts), (!ends.is_empty()).then(|| moment(ends)), Tz::Asia__Tokyo).words()
        };
        assert_eq!(words("2026-12-01T00:30:00Z", "2026-12-01T02:00:00Z"), "令和8年12月1日(火) 9:30〜11:00");
        assert_eq!(words("2026-12-01T00:30:00Z", ""), "令和8年12月1日(火) 9:30");
        assert_eq!(
            words("2026-12-01T13:00:00Z", "2026-12-01T20:00:00Z"),
            "令和8年12月1日(火) 22:00から令和8年12月2日(水) 5:00まで"
        );
        let days = Stretch::days("2026-12-01".parse().unwrap(), "2026-12-02".parse().unwrap());
        assert_eq!(days.words(), "令和8年12月1日(火)から12月2日(水)まで");
    }

    #[test]
    fn the_day_is_that_of_the_city_and_an_unknown_end_is_none() {
        let found = stretch("2026-11-22T15:30:00Z", "");
        assert_eq!(found, told(["2026-11-23", "2026-11-23", "00:30", ""]));
    }
}
