//! The rule of a series as people say it (第2水曜, 最終金曜, 毎月15日), kept as an RRULE (RFC 5545 §3.3.10).

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};

use crate::ics::{self, Event, Limits, When};
use crate::text::wareki;

/// The letters of the weekdays in a rule, Monday first.
const LETTERS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/// Stands for the last one of a month.
pub const LAST: i32 = -1;

/// Which day of a month it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// A weekday and which ones of the month: 1 to 5, or [`LAST`].
    Weekday(Vec<i32>, Weekday),
    /// The same day of the month, or [`LAST`].
    Day(i32),
}

/// In which months of a fiscal year, and on which days of them, the meetings of a series take place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    which: Which,
    months: Vec<u32>,
}

/// The months of a fiscal year in their order.
pub fn months_of_year() -> impl Iterator<Item = u32> {
    (4..=12).chain(1..=3)
}

/// The first and the last day of a fiscal year.
pub fn days_of_year(fiscal_year: i32) -> Option<(NaiveDate, NaiveDate)> {
    Some((NaiveDate::from_ymd_opt(fiscal_year, 4, 1)?, NaiveDate::from_ymd_opt(fiscal_year + 1, 3, 31)?))
}

impl Rule {
    /// A rule for these months; nothing if it can never give a day.
    pub fn new(which: Which, months: &[u32]) -> Option<Self> {
        let months: Vec<u32> = months_of_year().filter(|month| months.contains(month)).collect();
        let which = match which {
            Which::Weekday(nths, weekday) => {
                let nths: Vec<i32> = [1, 2, 3, 4, 5, LAST].into_iter().filter(|nth| nths.contains(nth)).collect();
                if nths.is_empty() {
                    return None;
                }
                Which::Weekday(nths, weekday)
            }
            Which::Day(day) if day == LAST || (1..=31).contains(&day) => Which::Day(day),
            Which::Day(_) => return None,
        };
        (!months.is_empty()).then_some(Self { which, months })
    }

    /// The months in which it gives days, in the order of a fiscal year.
    pub fn months(&self) -> &[u32] {
        &self.months
    }

    /// Which day of the month it is.
    pub fn which(&self) -> &Which {
        &self.which
    }

    /// The rule as a calendar file writes it.
    pub fn rrule(&self) -> String {
        let mut text = "FREQ=MONTHLY".to_owned();
        if self.months.len() < 12 {
            let mut months = self.months.clone();
            months.sort_unstable();
            text.push_str(&format!(";BYMONTH={}", joined(months.iter())));
        }
        match &self.which {
            Which::Weekday(nths, weekday) => {
                let letters = LETTERS[weekday.num_days_from_monday() as usize];
                text.push_str(&format!(";BYDAY={}", joined(nths.iter().map(|nth| format!("{nth}{letters}")))));
            }
            Which::Day(day) => text.push_str(&format!(";BYMONTHDAY={day}")),
        }
        text
    }

    /// The rule behind the text that [`Rule::rrule`] writes.
    pub fn read(text: &str) -> Option<Self> {
        let part = |name: &str| text.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let months: Vec<u32> = match part("BYMONTH") {
            Some(list) => list.split(',').filter_map(|month| month.parse().ok()).collect(),
            None => months_of_year().collect(),
        };
        if let Some(day) = part("BYMONTHDAY") {
            return Self::new(Which::Day(day.parse().ok()?), &months);
        }
        let days: Vec<(i32, Weekday)> = part("BYDAY")?.split(',').map(nth_weekday).collect::<Option<_>>()?;
        let (_, weekday) = *days.first()?;
        Self::new(Which::Weekday(days.into_iter().map(|(nth, _)| nth).collect(), weekday), &months)
    }

    /// The days that it gives in a fiscal year, each once, in order.
    pub fn days(&self, fiscal_year: i32) -> Vec<NaiveDate> {
        let (Some((first, last)), Some(before)) =
            (days_of_year(fiscal_year), NaiveDate::from_ymd_opt(fiscal_year, 3, 1))
        else {
            return Vec::new();
        };
        // A series always keeps its start, whatever its rule says, so it starts before the year and is cut off there.
        let event = Event { rrules: vec![self.rrule()], ..Event::starting(When::Date(before)) };
        let midnight = |day: NaiveDate| -> DateTime<Utc> { day.and_time(NaiveTime::MIN).and_utc() };
        let window = midnight(first)..midnight(last) + chrono::Duration::days(1);
        let found = ics::expand(&[event], window, chrono_tz::UTC, &Limits::default());
        let mut days: Vec<NaiveDate> = found.occurrences.iter().map(|one| one.start_utc.date_naive()).collect();
        days.dedup();
        days
    }

    /// The months of which no day fits, as the 30th of February.
    pub fn months_without(&self, days: &[NaiveDate]) -> Vec<u32> {
        self.months.iter().copied().filter(|month| days.iter().all(|day| day.month() != *month)).collect()
    }

    fn often(&self) -> String {
        let step = |from: u32, to: u32| (to + 12 - from) % 12;
        let even = |by: u32| {
            self.months.len() == 12 / by as usize && self.months.windows(2).all(|two| step(two[0], two[1]) == by)
        };
        let named = joined_with(self.months.iter(), "・");
        match self.months.len() {
            12 => "毎月".to_owned(),
            6 if even(2) => format!("隔月({named}月)の"),
            4 if even(3) => format!("3か月ごと({named}月)の"),
            1 => format!("年1回({named}月)の"),
            count => format!("年{count}回({named}月)の"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let often = self.often();
        match &self.which {
            Which::Weekday(nths, weekday) => {
                let name = weekday_name(*weekday);
                let nths: Vec<String> = nths.iter().map(|nth| nth_words(*nth)).collect();
                write!(out, "{often}{}{name}曜", nths.join("・"))
            }
            Which::Day(LAST) => write!(out, "{often}末日"),
            Which::Day(day) => write!(out, "{often}{day}日"),
        }
    }
}

/// Which one of the month in words.
pub fn nth_words(nth: i32) -> String {
    if nth == LAST { "最終".to_owned() } else { format!("第{nth}") }
}

/// A weekday in one kanji.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    // 1 January 2024 was a Monday.
    let day = NaiveDate::from_ymd_opt(2024, 1, 1 + weekday.num_days_from_monday()).unwrap_or_default();
    wareki::weekday(day)
}

fn nth_weekday(text: &str) -> Option<(i32, Weekday)> {
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (nth, letters) = text.split_at(at);
    let place = LETTERS.iter().position(|known| *known == letters)?;
    Some((nth.parse().ok()?, Weekday::try_from(u8::try_from(place).ok()?).ok()?))
}

fn joined(parts: impl Iterator<Item = impl ToString>) -> String {
    joined_with(parts, ",")
}

fn joined_with(parts: impl Iterator<Item = impl ToString>, between: &str) -> String {
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rule: &Rule) -> (String, String) {
        (rule.rrule(), rule.to_string())
    }

    #[test]
    fn what_people_say_is_kept_as_a_rule_and_said_again_in_their_words() {
        let all: Vec<u32> = months_of_year().collect();
        let every_second = [4, 6, 8, 10, 12, 2];
        for (which, months, rrule, words) in [
            (Which::Weekday(vec![2], Weekday::Wed), &all[..], "FREQ=MONTHLY;BYDAY=2WE", "毎月第2水曜"),
            (Which::Weekday(vec![LAST], Weekday::Fri), &all, "FREQ=MONTHLY;BYDAY=-1FR", "毎月最終金曜"),
            (Which::Weekday(vec![4, 2], Weekday::Wed), &all, "FREQ=MONTHLY;BYDAY=2WE,4WE", "毎月第2・第4水曜"),
            (Which::Day(15), &all, "FREQ=MONTHLY;BYMONTHDAY=15", "毎月15日"),
            (Which::Day(LAST), &all, "FREQ=MONTHLY;BYMONTHDAY=-1", "毎月末日"),
            (
                Which::Weekday(vec![2], Weekday::Wed),
                &every_second,
                "FREQ=MONTHLY;BYMONTH=2,4,6,8,10,12;BYDAY=2WE",
                "隔月(4・6・8・10・12・2月)の第2水曜",
            ),
            (
                Which::Day(15),
                &[5, 8, 11, 2],
                "FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=15",
                "3か月ごと(5・8・11・2月)の15日",
            ),
            (
                Which::Weekday(vec![1], Weekday::Sat),
                &[6, 11],
                "FREQ=MONTHLY;BYMONTH=6,11;BYDAY=1SA",
                "年2回(6・11月)の第1土曜",
            ),
        ] {
            let rule = Rule::new(which, months).unwrap();
            assert_eq!(told(&rule), (rrule.to_owned(), words.to_owned()));
            assert_eq!(Rule::read(rrule), Some(rule), "{rrule}");
        }
    }

    #[test]
    fn a_rule_without_a_day_is_none() {
        assert_eq!(Rule::new(Which::Weekday(vec![], Weekday::Wed), &[4]), None);
        assert_eq!(Rule::new(Which::Day(15), &[]), None);
        assert_eq!(Rule::new(Which::Day(32), &[4]), None);
        for text in ["", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=WE", "FREQ=MONTHLY;BYDAY=2XX", "FREQ=MONTHLY;BYMONTHDAY=x"]
        {
            assert_eq!(Rule::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_days_of_a_year_run_from_april_to_march_and_a_month_without_the_day_is_known() {
        let rule = Rule::new(Which::Day(30), &[2, 4]).unwrap();
        let days = rule.days(2026);
        assert_eq!(days, ["2026-04-30".parse::<NaiveDate>().unwrap()]);
        assert_eq!(rule.months_without(&days), [2]);
        let wednesdays = Rule::new(Which::Weekday(vec![2], Weekday::Wed), &[4, 3]).unwrap();
        let expected: Vec<NaiveDate> = ["2026-04-08", "2027-03-10"].iter().map(|day| day.parse().unwrap()).collect();
        assert_eq!(wednesdays.days(2026), expected);
    }
}
