//! The days on which a city hall is open (開庁日): not on Saturdays, Sundays, holidays, nor from 29 December to 3 January
//! (地方自治法第4条の2第2項).

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::holidays::holiday;

/// Whether the city hall is open.
pub fn is_open(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let new_year = matches!((day.month(), day.day()), (12, 29..) | (1, ..=3));
    !weekend && !new_year && holiday(day).is_none()
}

/// The day that is so many open days after this one, which itself does not count (翌日から起算).
pub fn after(day: NaiveDate, count: u32) -> NaiveDate {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
        day = next;
        left -= u32::from(is_open(day));
    }
    day
}

/// How many open days lie behind `from` up to `until`; negative where `until` lies before.
pub fn between(from: NaiveDate, until: NaiveDate) -> i64 {
    let (first, last, sign) = if from <= until { (from, until, 1) } else { (until, from, -1) };
    let days = first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| is_open(*day)).count();
    sign * i64::try_from(days).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ten_open_days_pass_over_weekends_holidays_and_new_year() {
        assert_eq!(after(day("2026-11-20"), 1), day("2026-11-24"));
        assert_eq!(after(day("2026-12-25"), 2), day("2027-01-04"));
        assert_eq!(after(day("2026-11-24"), 10), day("2026-12-08"));
        assert_eq!(between(day("2026-11-24"), day("2026-12-08")), 10);
        assert_eq!(between(day("2026-12-08"), day("2026-11-24")), -10);
        assert_eq!(between(day("2026-11-24"), day("2026-11-24")), 0);
    }
}
