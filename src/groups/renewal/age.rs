//! How old a confirmation is, in months of the calendar.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::groups::State;

/// The last day of a period of months that began on a day, counted as 民法143条 does: the day itself does not count, and a
/// period that begins with a month ends with a month.
pub fn last_day(since: NaiveDate, months: u32) -> NaiveDate {
    let ends_a_month = |day: NaiveDate| day.checked_add_days(Days::new(1)).is_some_and(|next| next.day() == 1);
    let day = since.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    if !ends_a_month(since) {
        return day;
    }
    let first = day.with_day(1).unwrap_or(day);
    first.checked_add_months(Months::new(1)).and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(day)
}

/// The state that the age of a confirmation asks for: 公開, then 更新待ち, then 休止.
pub fn state_at(since: NaiveDate, (renewal, dormant): (u32, u32), today: NaiveDate) -> State {
    if today > last_day(since, dormant) {
        State::Dormant
    } else if today > last_day(since, renewal) {
        State::Renewal
    } else {
        State::Listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_where_the_calendar_ends_them() {
        for (since, months, last) in [
            ("2025-05-15", 3, "2025-08-15"),
            ("2025-01-31", 1, "2025-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2025-08-30", 6, "2026-02-28"),
            ("2025-02-28", 1, "2025-03-31"),
            ("2024-02-28", 12, "2025-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2025-04-30", 15, "2026-07-31"),
            ("2024-11-30", 24, "2026-11-30"),
            ("2025-12-31", 2, "2026-02-28"),
        ] {
            assert_eq!(last_day(day(since), months), day(last), "{since} + {months}");
        }
    }

    #[test]
    fn a_state_changes_on_the_day_after_its_months_are_over() {
        let state = |today: &str| state_at(day("2025-08-31"), (15, 24), day(today));
        assert_eq!(state("2026-11-30"), State::Listed);
        assert_eq!(state("2026-12-01"), State::Renewal);
        assert_eq!(state("2027-08-31"), State::Renewal);
        assert_eq!(state("2027-09-01"), State::Dormant);
        assert_eq!(state("2025-01-01"), State::Listed);
    }
}
