//! Dates as people type them, in 和暦 or Western years, to the day, the month or the year.

mod fault;
mod typed;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::wareki;

pub use fault::DateFault;
pub use typed::{parse, parse_fiscal_year};

/// A date known to the day, to the month or to the year, as founding dates of groups are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Known to the day.
    Day(NaiveDate),
    /// Known to the month.
    Month {
        /// The Western year.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// Known to the year, the Western one.
    Year(i32),
}

impl PartialDate {
    /// The date in words, such as 平成3年4月1日, 平成3年4月 or 平成3年.
    pub fn wareki(&self) -> String {
        match *self {
            Self::Day(day) => wareki::date(day),
            Self::Month { year, month } => wareki::month(year, month),
            Self::Year(year) => wareki::whole_year(year),
        }
    }

    /// Year, month and day, 0 for what is not known.
    fn parts(&self) -> (i32, u32, u32) {
        match *self {
            Self::Day(day) => (day.year(), day.month(), day.day()),
            Self::Month { year, month } => (year, month, 0),
            Self::Year(year) => (year, 0, 0),
        }
    }
}

impl serde::Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("not a date in ISO form"))
    }
}

/// The ISO form in which it is stored: `1991-04-01`, `1991-04` or `1991`.
impl fmt::Display for PartialDate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (year, 0, _) => write!(out, "{year:04}"),
            (year, month, 0) => write!(out, "{year:04}-{month:02}"),
            (year, month, day) => write!(out, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// Reads the ISO form and nothing else; [`parse`] reads what people type.
impl FromStr for PartialDate {
    type Err = DateFault;

    fn from_str(iso: &str) -> Result<Self, DateFault> {
        let read = parse(iso)?;
        if read.to_string() == iso { Ok(read) } else { Err(DateFault::Unreadable) }
    }
}

/// By time; a whole year stands before its months, a month before its days.
impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A stored ISO date in words; a text that is none stays as it is.
pub fn wareki_of_iso(iso: &str) -> String {
    iso.parse::<PartialDate>().map_or_else(|_| iso.to_owned(), |date| date.wareki())
}

/// The date and time behind a number in a spreadsheet cell, to the second (ECMA-376 Part 1 §18.17.4.1, the 1900 date base).
///
/// Nothing for a number below 1 (a time alone), for 60 (the 29 February 1900 that never was) and past the year 9999.
pub fn excel_serial(serial: f64) -> Option<NaiveDateTime> {
    const DAY_AFTER_THE_LAST: u32 = 2_958_466;
    if !(1.0..f64::from(DAY_AFTER_THE_LAST)).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as u64;
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    // The missing day of 1900 shifts every later number by one.
    let day_zero = match days {
        60 => return None,
        days if days >= u64::from(DAY_AFTER_THE_LAST) => return None,
        ..60 => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        _ => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, 0)?;
    Some(day_zero.checked_add_days(Days::new(days))?.and_time(time))
}

#[cfg(test)]
mod tests;
