//! Occurrences put under the headings of their days.

use chrono::NaiveDate;

use super::occurrence::Occurrence;
use crate::text::day;

/// A day and what is on.
#[derive(Clone, Debug)]
pub struct DayList {
    /// The day.
    pub day: NaiveDate,
    /// What is on, in the order given.
    pub entries: Vec<Occurrence>,
}

impl DayList {
    /// The day without its weekday, such as 11月23日; with the year where the neighbours need not be of the same one.
    pub fn date(&self) -> String {
        crate::text::wareki::date(self.day)
    }

    /// The weekday and the holiday, such as 月・勤労感謝の日.
    pub fn weekday(&self) -> String {
        day::weekday_and_holiday(self.day)
    }

    /// How the day is marked beside its words.
    pub fn mark(&self) -> &'static str {
        day::mark(self.day)
    }
}

/// Puts occurrences that are in the order of their days under one heading a day.
pub fn by_day(occurrences: Vec<Occurrence>) -> Vec<DayList> {
    let mut days: Vec<DayList> = Vec::new();
    for occurrence in occurrences {
        match days.last_mut().filter(|last| last.day == occurrence.day) {
            Some(last) => last.entries.push(occurrence),
            None => days.push(DayList { day: occurrence.day, entries: vec![occurrence] }),
        }
    }
    days
}
