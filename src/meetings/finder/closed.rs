//! Days on which no meeting is held (候補にしない日): by weekday, every year, or once; each with its name.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::city::Settings;
use crate::city::settings::{NEW_YEAR_LAST, OBON_FIRST, OBON_LAST, YEAR_END_FIRST};

/// Which days they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Every such weekday.
    Every(Weekday),
    /// Month and day of the first and of the last one, every year; it may lead over the end of the year.
    Yearly((u32, u32), (u32, u32)),
    /// From the first to the last one.
    Once(NaiveDate, NaiveDate),
}

/// Closed days and what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Such as お盆 or 休館日.
    pub name: String,
    /// The days.
    pub days: Days,
}

impl Closed {
    /// Closed days with a name.
    pub fn new(name: &str, days: Days) -> Self {
        Self { name: name.to_owned(), days }
    }

    /// Whether this day is one of them.
    pub fn holds(&self, day: NaiveDate) -> bool {
        let date = (day.month(), day.day());
        match self.days {
            Days::Every(weekday) => day.weekday() == weekday,
            Days::Yearly(first, last) if first <= last => (first..=last).contains(&date),
            Days::Yearly(first, last) => date >= first || date <= last,
            Days::Once(first, last) => (first..=last).contains(&day),
        }
    }
}

/// お盆 and 年末年始 as the city has set them.
pub fn of_city(settings: &Settings) -> Vec<Closed> {
    let number = |rule| settings.number(rule).unsigned_abs();
    let (first, last) = (number(OBON_FIRST), number(OBON_LAST));
    let new_year = Days::Yearly((12, number(YEAR_END_FIRST)), (1, number(NEW_YEAR_LAST)));
    let mut closed = vec![Closed::new("年末年始", new_year)];
    if (1..=last).contains(&first) {
        closed.push(Closed::new("お盆", Days::Yearly((8, first), (8, last))));
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_that_ship_are_obon_and_the_turn_of_the_year() {
        let closed = of_city(&Settings::default());
        let name = |day: &str| closed.iter().find(|one| one.holds(day.parse().unwrap())).map(|one| one.name.as_str());
        for (day, expected) in [
            ("2026-08-12", None),
            ("2026-08-13", Some("お盆")),
            ("2026-08-16", Some("お盆")),
            ("2026-08-17", None),
            ("2026-12-28", None),
            ("2026-12-29", Some("年末年始")),
            ("2027-01-03", Some("年末年始")),
            ("2027-01-04", None),
        ] {
            assert_eq!(name(day), expected, "{day}");
        }
    }
}
