//! A day as a person reads it: with its weekday, its holiday and, where there is room, its 和暦 year.

use chrono::{Datelike, NaiveDate, Weekday};

use super::holidays::holiday;
use super::wareki;

/// A day of the year in view, such as 11月23日(月・勤労感謝の日).
pub fn short(day: NaiveDate) -> String {
    format!("{}月{}日({})", day.month(), day.day(), weekday_and_holiday(day))
}

/// A day with its year, such as 令和8年11月23日(月・勤労感謝の日).
pub fn long(day: NaiveDate) -> String {
    format!("{}({})", wareki::date(day), weekday_and_holiday(day))
}

/// The weekday and, on a holiday, its name, such as 月・勤労感謝の日.
pub fn weekday_and_holiday(day: NaiveDate) -> String {
    match holiday(day) {
        Some(name) => format!("{}・{name}", wareki::weekday(day)),
        None => wareki::weekday(day).to_owned(),
    }
}

/// How a day is marked beside its words: `holiday`, `sunday`, `saturday` or nothing.
pub fn mark(day: NaiveDate) -> &'static str {
    match day.weekday() {
        _ if holiday(day).is_some() => "holiday",
        Weekday::Sun => "sunday",
        Weekday::Sat => "saturday",
        _ => "",
    }
}

/// A span of days, naming the year once.
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    match (first == last, first.year() == last.year()) {
        (true, _) => long(first),
        (false, true) => format!("{}から{}まで", long(first), short(last)),
        (false, false) => format!("{}から{}まで", long(first), long(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_holiday_is_named_beside_its_weekday() {
        assert_eq!(long(day("2026-11-23")), "令和8年11月23日(月・勤労感謝の日)");
        assert_eq!(mark(day("2026-11-23")), "holiday");
    }

    #[test]
    fn a_span_over_new_year_names_both_years() {
        assert_eq!(span(day("2026-12-28"), day("2027-01-04")), "令和8年12月28日(月)から令和9年1月4日(月)まで");
        assert_eq!(span(day("2026-11-24"), day("2026-11-25")), "令和8年11月24日(火)から11月25日(水)まで");
        assert_eq!(span(day("2026-11-24"), day("2026-11-24")), "令和8年11月24日(火)");
    }
}
