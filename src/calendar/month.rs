//! A month as weeks of days, Sunday first, as calendars hang on Japanese walls.

use std::collections::HashMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::occurrence::Occurrence;
use crate::text::{day, holidays, wareki};

/// Years before and after today that can be leafed through.
const YEARS: i32 = 20;

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
}

/// A day in the table of a month.
pub struct Cell {
    /// The day.
    pub day: NaiveDate,
    /// Whether it is today.
    pub is_today: bool,
    /// The first few entries.
    pub entries: Vec<Occurrence>,
    /// How many more there are.
    pub more: i64,
}

impl Cell {
    /// How the day is marked beside its words.
    pub fn mark(&self) -> &'static str {
        day::mark(self.day)
    }

    /// The weekday in one kanji.
    pub fn weekday(&self) -> &'static str {
        wareki::weekday(self.day)
    }

    /// Name of the holiday.
    pub fn holiday(&self) -> Option<&'static str> {
        holidays::holiday(self.day)
    }
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// Reads `2026-11`, within what can be leafed through today.
    pub fn parse(typed: &str, today: NaiveDate) -> Option<Self> {
        let (year, month) = typed.split_once('-')?;
        let is_number =
            |text: &str, digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(year, 4) || !is_number(month, 2) {
            return None;
        }
        let month = Self { first: NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)? };
        month.is_in_reach(today).then_some(month)
    }

    fn is_in_reach(self, today: NaiveDate) -> bool {
        (self.first.year() - today.year()).abs() <= YEARS
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.first + Months::new(1) - Days::new(1)
    }

    /// The month before, if it can be shown.
    pub fn previous(self, today: NaiveDate) -> Option<Self> {
        self.first.checked_sub_months(Months::new(1)).map(Self::of).filter(|month| month.is_in_reach(today))
    }

    /// The month after, if it can be shown.
    pub fn next(self, today: NaiveDate) -> Option<Self> {
        self.first.checked_add_months(Months::new(1)).map(Self::of).filter(|month| month.is_in_reach(today))
    }

    /// As in addresses.
    pub fn key(self) -> String {
        self.first.format("%Y-%m").to_string()
    }

    /// Such as 令和8年11月.
    pub fn label(self) -> String {
        wareki::month(self.first.year(), self.first.month())
    }

    /// Weeks of seven places, empty outside the month.
    pub fn weeks(
        self,
        counts: &[(NaiveDate, i64)],
        entries: Vec<Occurrence>,
        today: NaiveDate,
    ) -> Vec<Vec<Option<Cell>>> {
        let counts: HashMap<NaiveDate, i64> = counts.iter().copied().collect();
        let mut by_day: HashMap<NaiveDate, Vec<Occurrence>> = HashMap::new();
        for entry in entries {
            by_day.entry(entry.day).or_default().push(entry);
        }
        let before = self.first.weekday().num_days_from_sunday() as usize;
        let mut places: Vec<Option<Cell>> = std::iter::repeat_with(|| None).take(before).collect();
        for day in self.first.iter_days().take_while(|day| *day <= self.last()) {
            let entries = by_day.remove(&day).unwrap_or_default();
            let shown = i64::try_from(entries.len()).unwrap_or(i64::MAX);
            let more = counts.get(&day).copied().unwrap_or(0).saturating_sub(shown);
            places.push(Some(Cell { day, is_today: day == today, entries, more }));
        }
        let mut weeks = Vec::new();
        let mut places = places.into_iter().peekable();
        while places.peek().is_some() {
            let mut week: Vec<Option<Cell>> = places.by_ref().take(7).collect();
            week.resize_with(7, || None);
            weeks.push(week);
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn only_months_within_reach_can_be_asked_for() {
        let today = day("2026-11-23");
        let key = |typed: &str| Month::parse(typed, today).map(Month::key);
        assert_eq!(key("2026-02"), Some("2026-02".to_owned()));
        assert_eq!(key("2046-12"), Some("2046-12".to_owned()));
        for typed in ["2047-01", "2005-12", "2026-13", "2026-00", "2026-2", "+026-02", "2026-1１", "", "2026-11-01"] {
            assert_eq!(key(typed), None, "{typed}");
        }
        assert_eq!(Month::parse("2046-12", today).unwrap().next(today), None);
    }

    #[test]
    fn weeks_begin_on_sunday_and_hold_every_day_once() {
        let month = Month::of(day("2026-11-23"));
        let weeks = month.weeks(&[(day("2026-11-23"), 7)], Vec::new(), day("2026-11-23"));
        let days: Vec<u32> = weeks.iter().flatten().flatten().map(|cell| cell.day.day()).collect();
        assert_eq!(days, (1..=30).collect::<Vec<u32>>());
        assert_eq!((weeks.len(), weeks[0].iter().flatten().count(), weeks[4].iter().flatten().count()), (5, 7, 2));
        let monday = weeks[3][1].as_ref().unwrap();
        assert_eq!((monday.holiday(), monday.is_today, monday.more), (Some("勤労感謝の日"), true, 7));
    }
}
