//! How often somebody is written to, and which day's letter is due.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;

/// Every day, or one day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cadence(i32);

/// The days of the week from Monday.
const DAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

impl Cadence {
    /// 毎日.
    pub const DAILY: Self = Self(0);
    /// What is offered first: on Thursday morning the weekend can still be planned.
    pub const FIRST: Self = Self(4);

    /// Every cadence in the order in which they are offered: weekly from Monday, then daily.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=7).chain([0]).map(Self)
    }

    /// The cadence under a number: 0 for daily, 1 for Mondays to 7 for Sundays.
    pub fn from_number(number: i32) -> Option<Self> {
        (0..=7).contains(&number).then_some(Self(number))
    }

    /// The cadence under a key of a form.
    pub fn from_key(key: &str) -> Option<Self> {
        key.parse().ok().and_then(Self::from_number)
    }

    /// Its number in the database.
    pub fn number(self) -> i32 {
        self.0
    }

    /// Its key in forms.
    pub fn key(self) -> String {
        self.0.to_string()
    }

    /// The words people read: 毎週木曜日.
    pub fn label(self) -> String {
        match usize::try_from(self.0 - 1).ok().and_then(|at| DAYS.get(at)) {
            Some(day) => format!("毎週{day}曜日"),
            None => "毎日".to_owned(),
        }
    }

    /// How many days a letter tells of, the day of sending included.
    pub fn days(self) -> u64 {
        if self == Self::DAILY { 2 } else { 8 }
    }

    /// The latest day up to now, on the clocks of the city, whose letter may have been sent.
    pub fn slot(self, local: NaiveDateTime, hour: u32) -> NaiveDate {
        let back = |day: NaiveDate, days: u64| day.checked_sub_days(Days::new(days)).unwrap_or(day);
        let latest = if local.hour() >= hour { local.date() } else { back(local.date(), 1) };
        match u64::try_from(self.0) {
            Ok(weekday @ 1..=7) => back(latest, (7 + u64::from(latest.weekday().number_from_monday()) - weekday) % 7),
            _ => latest,
        }
    }

    /// The day on which the next letter goes out.
    pub fn next(self, local: NaiveDateTime, hour: u32) -> NaiveDate {
        let step = if self == Self::DAILY { 1 } else { 7 };
        let slot = self.slot(local, hour);
        slot.checked_add_days(Days::new(step)).unwrap_or(slot)
    }
}

/// A moment on the clocks of the city.
pub(super) fn local(now: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    now.with_timezone(&zone).naive_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(cadence: i32, at: &str) -> String {
        Cadence(cadence).slot(at.parse().unwrap(), 6).to_string()
    }

    #[test]
    fn a_letter_is_due_from_its_hour_on_and_until_the_next_one() {
        // 2026-11-26 is a Thursday.
        assert_eq!(slot(4, "2026-11-26T05:59:00"), "2026-11-19");
        assert_eq!(slot(4, "2026-11-26T06:00:00"), "2026-11-26");
        assert_eq!(slot(4, "2026-12-03T05:59:59"), "2026-11-26");
        assert_eq!(slot(7, "2026-11-26T06:00:00"), "2026-11-22");
        assert_eq!(slot(0, "2026-11-26T05:00:00"), "2026-11-25");
        assert_eq!(slot(0, "2026-11-26T23:59:00"), "2026-11-26");
    }

    #[test]
    fn the_next_letter_is_told_by_its_day() {
        let next = |cadence: i32, at: &str| Cadence(cadence).next(at.parse().unwrap(), 6).to_string();
        assert_eq!(next(4, "2026-11-26T05:59:00"), "2026-11-26");
        assert_eq!(next(4, "2026-11-26T06:00:00"), "2026-12-03");
        assert_eq!(next(0, "2026-11-26T06:00:00"), "2026-11-27");
    }

    #[test]
    fn every_cadence_has_a_key_and_words_of_its_own() {
        let all: Vec<(String, String)> = Cadence::all().map(|one| (one.key(), one.label())).collect();
        assert_eq!(all[3], ("4".to_owned(), "毎週木曜日".to_owned()));
        assert_eq!(all[7], ("0".to_owned(), "毎日".to_owned()));
        assert!(all.iter().all(|(key, _)| Cadence::from_key(key).is_some_and(|one| one.key() == *key)));
        assert!(Cadence::from_key("8").is_none() && Cadence::from_key("").is_none());
    }
}
