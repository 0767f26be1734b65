//! Hours of work: from when until when, weekday by weekday.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use crate::text::holidays::holiday;

/// From when until when somebody is at work.
pub type Span = (NaiveTime, NaiveTime);

/// The weekdays in one kanji each, from Monday.
pub const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
/// The place of Sunday, whose hours are those of holidays as well.
const SUNDAY: usize = 6;

/// The hours of a week, from Monday; nothing on days without work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours(pub [Option<Span>; 7]);

impl Hours {
    /// Monday to Friday from 8:30 to 17:15, as city halls usually keep.
    pub fn usual() -> Self {
        let mut week = Self::default();
        let span = NaiveTime::from_hms_opt(8, 30, 0).zip(NaiveTime::from_hms_opt(17, 15, 0));
        week.0[..5].fill(span);
        week
    }

    /// The hours of a day; a holiday has those of Sunday.
    pub fn on(&self, day: NaiveDate) -> Option<Span> {
        let weekday = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        self.0[if holiday(day).is_some() { SUNDAY } else { weekday }]
    }

    /// The days before which the night is shorter than this, each with the length of that night; from Monday.
    pub fn short_nights(&self, least: TimeDelta) -> Vec<(usize, TimeDelta)> {
        let night = |day: usize| {
            let (before, after) = (self.0[(day + 6) % 7]?, self.0[day]?);
            Some(TimeDelta::days(1) - (before.1 - after.0))
        };
        (0..7).filter_map(|day| Some((day, night(day)?))).filter(|(_, night)| *night < least).collect()
    }

    /// The hours in short, equal days together: 月から金 8:30から17:15、土 9:00から12:00.
    pub fn words(&self) -> String {
        let mut parts: Vec<(usize, usize, Span)> = Vec::new();
        for (day, span) in self.0.iter().enumerate().filter_map(|(day, span)| Some((day, (*span)?))) {
            match parts.last_mut() {
                Some((_, last, same)) if *last + 1 == day && *same == span => *last = day,
                _ => parts.push((day, day, span)),
            }
        }
        let part = |(first, last, (opens, closes)): &(usize, usize, Span)| {
            let days = match last - first {
                0 => WEEKDAYS[*first].to_owned(),
                1 => format!("{}・{}", WEEKDAYS[*first], WEEKDAYS[*last]),
                _ => format!("{}から{}", WEEKDAYS[*first], WEEKDAYS[*last]),
            };
            format!("{days} {}から{}", clock(*opens), clock(*closes))
        };
        parts.iter().map(part).collect::<Vec<_>>().join("、")
    }
}

/// A time of day as people read it.
pub fn clock(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}

/// A length of time as people read it, such as 8時間30分.
pub fn length(length: TimeDelta) -> String {
    match (length.num_hours(), length.num_minutes() % 60) {
        (hours, 0) => format!("{hours}時間"),
        (0, minutes) => format!("{minutes}分"),
        (hours, minutes) => format!("{hours}時間{minutes}分"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(opens: &str, closes: &str) -> Option<Span> {
        let read = |text| NaiveTime::parse_from_str(text, "%H:%M").ok();
        read(opens).zip(read(closes))
    }

    #[test]
    fn a_holiday_has_the_hours_of_sunday() {
        let mut hours = Hours::usual();
        let on = |hours: &Hours, day: &str| hours.on(day.parse().unwrap());
        assert_eq!(on(&hours, "2026-11-24"), span("08:30", "17:15"));
        assert_eq!(on(&hours, "2026-11-23"), None, "勤労感謝の日, a Monday");
        assert_eq!(on(&hours, "2026-11-28"), None, "a Saturday");
        hours.0[6] = span("10:00", "15:00");
        assert_eq!(on(&hours, "2026-11-23"), span("10:00", "15:00"));
        assert_eq!(on(&hours, "2026-11-29"), span("10:00", "15:00"));
    }

    #[test]
    fn equal_days_are_told_together() {
        let mut hours = Hours::usual();
        assert_eq!(hours.words(), "月から金 8:30から17:15");
        hours.0[2] = None;
        hours.0[5] = span("09:00", "12:00");
        assert_eq!(hours.words(), "月・火 8:30から17:15、木・金 8:30から17:15、土 9:00から12:00");
        assert_eq!(Hours::default().words(), "");
    }

    #[test]
    fn a_night_that_is_too_short_is_found_over_the_end_of_the_week_as_well() {
        let mut hours = Hours::usual();
        assert!(hours.short_nights(TimeDelta::hours(15)).is_empty());
        hours.0[0] = span("08:30", "23:30");
        hours.0[6] = span("12:00", "23:45");
        let nights = hours.short_nights(TimeDelta::hours(9));
        assert_eq!(nights, [(0, TimeDelta::minutes(8 * 60 + 45))]);
        hours.0[1] = span("08:00", "17:15");
        let nights = hours.short_nights(TimeDelta::hours(9));
        assert_eq!(nights, [(0, TimeDelta::minutes(525)), (1, TimeDelta::minutes(510))]);
        assert_eq!(length(nights[1].1), "8時間30分");
    }
}
