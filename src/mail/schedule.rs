//! When a letter that could not be sent is tried again, and when it is given up.

use chrono::{DateTime, Duration, Utc};

/// The pauses between attempts in minutes, with their spoken times; all of them together are 48 hours.
pub const PAUSES: [(i64, &str); 11] = [
    (1, "1分後"),
    (5, "5分後"),
    (15, "15分後"),
    (30, "30分後"),
    (60, "1時間後"),
    (2 * 60, "2時間後"),
    (4 * 60, "4時間後"),
    (8 * 60, "8時間後"),
    (12 * 60, "12時間後"),
    (12 * 60, "12時間後"),
    (8 * 60 + 9, "約8時間後"),
];

/// For how long a letter is tried, in hours.
pub const HOURS: i64 = 48;

/// When to try again after `tries` attempts, the first of them at `first_try_at`; nothing when the time is over.
pub fn next(tries: i32, first_try_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let end = first_try_at + Duration::hours(HOURS);
    let (minutes, _) = PAUSES.get(usize::try_from(tries - 1).ok()?)?;
    // A pause that began late still ends with a last attempt when the time is over.
    (now < end).then(|| (now + Duration::minutes(*minutes)).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_fill_48_hours() {
        assert_eq!(PAUSES.iter().map(|(minutes, _)| minutes).sum::<i64>(), HOURS * 60);
    }

    #[test]
    fn attempts_become_rarer_and_end_after_48_hours() {
        let first: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let (mut now, mut tries) = (first, 1);
        let mut after = Vec::new();
        while let Some(at) = next(tries, first, now) {
            (now, tries) = (at, tries + 1);
            after.push((now - first).num_minutes());
        }
        assert_eq!(after, [1, 6, 21, 51, 111, 231, 471, 951, 1671, 2391, 2880]);
    }

    #[test]
    fn a_late_attempt_shortens_the_last_pause() {
        let first: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let late = first + Duration::hours(47);
        assert_eq!(next(3, first, late), Some(late + Duration::minutes(15)));
        assert_eq!(next(9, first, late), Some(first + Duration::hours(48)));
        assert_eq!(next(3, first, first + Duration::hours(49)), None);
    }
}
