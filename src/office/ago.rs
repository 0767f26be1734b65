//! How long something waits, in the words of somebody who looks at it now.

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Tz;

/// Waiting longer than this is marked, in days.
const LONG_DAYS: i64 = 14;

/// 「3日前から」: since when something waits.
pub(super) fn words(since: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let minutes = (now - since).num_minutes();
    let (first, today) = (day(since, zone), day(now, zone));
    match (today - first).num_days() {
        _ if minutes < 1 => "たったいま".to_owned(),
        _ if minutes < 60 => format!("{minutes}分前から"),
        days if days <= 0 => format!("{}時間前から", minutes / 60),
        1 => "きのうから".to_owned(),
        2 => "おとといから".to_owned(),
        days if days < 31 => format!("{days}日前から"),
        _ => match months(first, today) {
            0 => "30日前から".to_owned(),
            months @ 1..12 => format!("{months}か月前から"),
            months => format!("{}年前から", months / 12),
        },
    }
}

/// Whether it waits longer than anybody should have to.
pub(super) fn is_long(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - since).num_days() >= LONG_DAYS
}

fn day(moment: DateTime<Utc>, zone: Tz) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

fn months(first: NaiveDate, today: NaiveDate) -> u32 {
    (1..=1_200)
        .take_while(|months| first.checked_add_months(Months::new(*months)).is_some_and(|day| day <= today))
        .count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_as_a_person_would_tell_it() {
        let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let told = |since: &str| words(since.parse().unwrap(), now, chrono_tz::Asia::Tokyo);
        assert_eq!(told("2026-11-22T23:59:40Z"), "たったいま");
        assert_eq!(told("2026-11-22T23:15:00Z"), "45分前から");
        assert_eq!(told("2026-11-22T16:00:00Z"), "8時間前から");
        assert_eq!(told("2026-11-22T14:00:00Z"), "きのうから");
        assert_eq!(told("2026-11-20T23:00:00Z"), "おとといから");
        assert_eq!(told("2026-11-19T23:00:00Z"), "3日前から");
        assert_eq!(told("2026-10-22T23:00:00Z"), "1か月前から");
        assert_eq!(told("2024-11-01T00:00:00Z"), "2年前から");
        assert_eq!(told("2026-11-24T00:00:00Z"), "たったいま");
    }

    #[test]
    fn two_weeks_are_long() {
        let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        assert!(is_long("2026-11-09T00:00:00Z".parse().unwrap(), now));
        assert!(!is_long("2026-11-09T01:00:00Z".parse().unwrap(), now));
    }
}
