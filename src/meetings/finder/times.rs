//! Moments as whole minutes, so that nights and several days need no special case, and how people read them.

use chrono::{Datelike, NaiveDate};

use crate::text::wareki;

/// Minutes of the city's clocks since the day before 0001-01-01 began.
pub type Minute = i64;

/// Minutes of a day.
pub const DAY: Minute = 24 * 60;

/// A minute of a day, which may be 24:00 or later.
pub fn at(day: NaiveDate, minute: u32) -> Minute {
    Minute::from(day.num_days_from_ce()) * DAY + Minute::from(minute)
}

/// The day in which a moment lies.
pub fn day_of(moment: Minute) -> NaiveDate {
    let days = i32::try_from(moment.div_euclid(DAY)).ok();
    days.and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(NaiveDate::MAX)
}

/// A day such as 10月12日(月).
pub fn day_words(day: NaiveDate) -> String {
    format!("{}月{}日({})", day.month(), day.day(), wareki::weekday(day))
}

/// The time of a moment, such as 10時 or 10時5分.
pub fn clock(moment: Minute) -> String {
    let minute = moment.rem_euclid(DAY);
    match (minute / 60, minute % 60) {
        (hour, 0) => format!("{hour}時"),
        (hour, minute) => format!("{hour}時{minute}分"),
    }
}

/// A moment as somebody reads it whose mind is on a day: the day is named only where it is another one.
pub fn moment_words(moment: Minute, on: NaiveDate) -> String {
    match moment - at(on, 0) {
        0..DAY => clock(moment),
        DAY => "24時".to_owned(),
        _ => format!("{}{}", day_words(day_of(moment)), clock(moment)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_names_its_day_only_where_it_is_another_one() {
        let day: NaiveDate = "2026-10-12".parse().unwrap();
        assert_eq!(moment_words(at(day, 605), day), "10時5分");
        assert_eq!(moment_words(at(day, 1440), day), "24時");
        assert_eq!(moment_words(at(day, 1740), day), "10月13日(火)5時");
        assert_eq!(moment_words(at(day, 0) - 120, day), "10月11日(日)22時");
        assert_eq!(day_of(at(day, 1439)), day);
    }
}
