//! The clock times of an agenda, and whether it fits into the meeting.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::meetings::meeting::Meeting;

/// When each item begins and ends, such as 10:00〜10:20; empty from the first item on whose length is open, or while no day is fixed.
pub fn times(starts: Option<DateTime<Utc>>, minutes: &[i32], zone: Tz) -> Vec<String> {
    let mut at = starts.map(|starts| starts.with_timezone(&zone));
    minutes
        .iter()
        .map(|minutes| {
            let Some(begins) = at else { return String::new() };
            if *minutes <= 0 {
                at = None;
                return format!("{}〜", begins.format("%-H:%M"));
            }
            let ends = begins + Duration::minutes(i64::from(*minutes));
            at = Some(ends);
            format!("{}〜{}", begins.format("%-H:%M"), ends.format("%-H:%M"))
        })
        .collect()
}

/// How many minutes a meeting has.
pub fn length(meeting: &Meeting) -> i64 {
    match (meeting.starts_at, meeting.ends_at) {
        (Some(starts), Some(ends)) => (ends - starts).num_minutes(),
        _ => i64::from(meeting.length_minutes),
    }
}

/// What those who convene should know about the length: nothing planned, what is left, or how much is too much.
pub fn told(total: i64, length: i64, open: usize) -> String {
    let unset =
        if open > 0 { format!("時間を決めていない議題が{open}件あります。") } else { String::new() };
    match total - length {
        over if over > 0 => format!(
            "議題の時間の合計は{total}分で、会議の長さ({length}分)より{over}分長くなっています。議題を減らすか、時間を短くするか、会議の時間を延ばしてください。{unset}"
        ),
        0 => format!("議題の時間の合計は{total}分で、会議の長さとちょうど同じです。{unset}"),
        under => format!("議題の時間の合計は{total}分、会議の長さは{length}分です(残り{}分)。{unset}", -under),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_begins_when_the_one_before_ends_until_one_has_no_length() {
        let starts: DateTime<Utc> = "2026-12-16T01:00:00Z".parse().unwrap();
        let zone = chrono_tz::Asia::Tokyo;
        assert_eq!(times(Some(starts), &[20, 0, 30], zone), ["10:00〜10:20", "10:20〜", ""]);
        assert_eq!(times(Some(starts), &[90, 45], zone), ["10:00〜11:30", "11:30〜12:15"]);
        assert_eq!(times(None, &[20], zone), [""]);
    }

    #[test]
    fn an_agenda_that_is_too_long_is_told_by_how_much() {
        assert!(told(100, 90, 0).contains("10分長く"));
        assert!(told(90, 90, 0).contains("ちょうど"));
        assert!(told(60, 90, 2).contains("残り30分") && told(60, 90, 2).contains("2件"));
    }
}
