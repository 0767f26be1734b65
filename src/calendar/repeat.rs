//! Repetition in plain words: 毎週水曜日 and the like, to and from the rules that calendars exchange (RFC 5545 §3.3.10).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::entry::Entry;
use super::spread::local;
use crate::text::{day, wareki};

/// Letters of the weekdays in a rule, Monday first.
const LETTERS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// How often something takes place again; which weekday and which day follow from its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// 毎日.
    Day,
    /// 毎週.
    Week,
    /// 隔週.
    Fortnight,
    /// 毎月第n曜日.
    NthWeekday,
    /// 毎月最後の曜日.
    LastWeekday,
    /// 毎月n日.
    MonthDay,
    /// 毎年.
    Year,
}

impl Every {
    /// All of them in the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Week, Self::Fortnight, Self::NthWeekday, Self::LastWeekday, Self::MonthDay, Self::Year, Self::Day];

    /// Key in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Fortnight => "fortnight",
            Self::NthWeekday => "nth-weekday",
            Self::LastWeekday => "last-weekday",
            Self::MonthDay => "month-day",
            Self::Year => "year",
        }
    }

    /// The repetition under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.key() == key)
    }

    /// The words of the form, before a first day is known.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "毎日",
            Self::Week => "毎週（同じ曜日）",
            Self::Fortnight => "隔週（2週間に1回、同じ曜日）",
            Self::NthWeekday => "毎月 第何曜日（例: 第2水曜日）",
            Self::LastWeekday => "毎月 最後の曜日（例: 最後の金曜日）",
            Self::MonthDay => "毎月 同じ日（例: 14日）",
            Self::Year => "毎年 同じ月日",
        }
    }

    /// The words for a series that starts on a day.
    pub fn words(self, first: NaiveDate) -> String {
        let weekday = wareki::weekday(first);
        match self {
            Self::Day => "毎日".to_owned(),
            Self::Week => format!("毎週{weekday}曜日"),
            Self::Fortnight => format!("隔週{weekday}曜日（2週間に1回）"),
            Self::NthWeekday => format!("毎月第{}{weekday}曜日", nth(first)),
            Self::LastWeekday => format!("毎月最後の{weekday}曜日"),
            Self::MonthDay => format!("毎月{}日", first.day()),
            Self::Year => format!("毎年{}月{}日", first.month(), first.day()),
        }
    }

    fn parts(self, first: NaiveDate) -> String {
        let letters = LETTERS[first.weekday().num_days_from_monday() as usize];
        match self {
            Self::Day => "FREQ=DAILY".to_owned(),
            Self::Week => format!("FREQ=WEEKLY;BYDAY={letters}"),
            Self::Fortnight => format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={letters}"),
            Self::NthWeekday => format!("FREQ=MONTHLY;BYDAY={}{letters}", nth(first)),
            Self::LastWeekday => format!("FREQ=MONTHLY;BYDAY=-1{letters}"),
            Self::MonthDay => format!("FREQ=MONTHLY;BYMONTHDAY={}", first.day()),
            Self::Year => format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", first.month(), first.day()),
        }
    }
}

/// Which one of its weekday in the month a day is.
fn nth(day: NaiveDate) -> u32 {
    day.day0() / 7 + 1
}

/// Whether no later day of the month has the same weekday.
pub fn is_last_of_its_weekday(day: NaiveDate) -> bool {
    day.checked_add_days(Days::new(7)).is_none_or(|next| next.month() != day.month())
}

/// When a series ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With the last occurrence on or before a day.
    Until(NaiveDate),
    /// After so many occurrences.
    Count(u32),
    /// Not that anyone knows of.
    Never,
}

/// A repetition with its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// How often.
    pub every: Every,
    /// Until when.
    pub end: End,
}

impl Repeat {
    /// The rule of a series that starts on a day; UNTIL has the form of its start (RFC 5545 §3.3.10).
    pub fn rule(&self, first: NaiveDate, all_day: bool, zone: Tz) -> String {
        let parts = self.every.parts(first);
        match self.end {
            End::Until(day) => format!("{parts};UNTIL={}", until(day, all_day, zone)),
            End::Count(count) => format!("{parts};COUNT={count}"),
            End::Never => parts,
        }
    }

    /// The repetition behind a rule, if it is one of those that the form offers for this first day.
    pub fn read(rule: &str, first: NaiveDate, zone: Tz) -> Option<Self> {
        let (mut rest, mut end) = (Vec::new(), End::Never);
        for part in rule.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once('=')? {
                ("COUNT", count) => end = End::Count(count.parse().ok()?),
                ("UNTIL", text) => end = End::Until(until_day(text, zone)?),
                ("WKST", _) | ("INTERVAL", "1") => {}
                _ => rest.push(part),
            }
        }
        let rest = rest.join(";");
        let short = |every: &Every| match every {
            // What a rule leaves open follows from the first day as well.
            Every::Week => rest == "FREQ=WEEKLY",
            Every::Fortnight => rest == "FREQ=WEEKLY;INTERVAL=2",
            Every::MonthDay => rest == "FREQ=MONTHLY",
            Every::Year => rest == "FREQ=YEARLY",
            _ => false,
        };
        let every = Every::ALL.into_iter().find(|every| every.parts(first) == rest || short(every))?;
        Some(Self { every, end })
    }

    /// Such as 毎週水曜日、令和8年12月23日(水)まで.
    pub fn words(&self, first: NaiveDate) -> String {
        let every = self.every.words(first);
        match self.end {
            End::Until(last) => format!("{every}、{}まで", day::long(last)),
            End::Count(count) => format!("{every}、全{count}回"),
            End::Never => every,
        }
    }
}

/// A series in words, also one on several weekdays; any other rule is only said to be one.
pub fn words(rule: &str, first: NaiveDate, zone: Tz) -> String {
    let repeat = Repeat::read(rule, first, zone).map(|repeat| repeat.words(first));
    repeat.or_else(|| several(rule, zone)).unwrap_or_else(|| "くり返しの予定".to_owned())
}

/// How often an entry takes place, in words; nothing for one that takes place once.
pub fn words_of(entry: &Entry, zone: Tz) -> String {
    let first = entry.starts_at.map_or(entry.starts_on, |starts| local(starts, zone).date());
    if entry.rrule.is_empty() { String::new() } else { words(&entry.rrule, first, zone) }
}

/// Such as 毎週月曜日・木曜日 or 毎月第2木曜日・第4木曜日.
fn several(rule: &str, zone: Tz) -> Option<String> {
    let (mut every, mut days, mut end) = ("", Vec::new(), String::new());
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        match part.split_once('=')? {
            ("FREQ", "WEEKLY") => every = "毎週",
            ("FREQ", "MONTHLY") => every = "毎月",
            ("BYDAY", list) => days = list.split(',').map(weekday_words).collect::<Option<_>>()?,
            ("COUNT", count) => end = format!("、全{count}回"),
            ("UNTIL", text) => end = format!("、{}まで", day::long(until_day(text, zone)?)),
            ("WKST", _) | ("INTERVAL", "1") => {}
            _ => return None,
        }
    }
    let fits = days.iter().all(|day: &String| day.starts_with('第') == (every == "毎月"));
    (fits && !every.is_empty() && !days.is_empty()).then(|| format!("{every}{}{end}", days.join("・")))
}

fn weekday_words(text: &str) -> Option<String> {
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (nth, letters) = text.split_at(at);
    let place = LETTERS.iter().position(|known| *known == letters)?;
    let name = ["月", "火", "水", "木", "金", "土", "日"][place];
    match nth {
        "" => Some(format!("{name}曜日")),
        "1" | "2" | "3" | "4" | "5" => Some(format!("第{nth}{name}曜日")),
        _ => None,
    }
}

/// Why a series is refused that takes place many times a day.
pub const RESTLESS: &str = "1日に何度もくり返す予定は取り込めません。1日に1回までの予定に直してください。";

/// Whether a rule makes something take place many times a day, which no calendar of a city is for.
pub fn is_restless(rules: &str) -> bool {
    rules.lines().any(|rule| {
        let parts: Vec<(&str, &str)> = rule.split(';').filter_map(|part| part.split_once('=')).collect();
        let often = parts.iter().any(|part| matches!(*part, ("FREQ", "SECONDLY" | "MINUTELY" | "HOURLY")));
        let many = parts.iter().filter(|(name, _)| matches!(*name, "BYHOUR" | "BYMINUTE" | "BYSECOND"));
        often || many.map(|(_, list)| list.split(',').count()).product::<usize>() > 24
    })
}

/// The rules of a series, one a line, that is to have its last occurrence on or before a day.
pub(super) fn cut(rules: &str, last: NaiveDate, all_day: bool, zone: Tz) -> String {
    let until = until(last, all_day, zone);
    let cut = |rule: &str| {
        let kept = rule.split(';').filter(|part| !part.starts_with("COUNT=") && !part.starts_with("UNTIL="));
        format!("{};UNTIL={until}", kept.collect::<Vec<_>>().join(";"))
    };
    rules.lines().map(cut).collect::<Vec<_>>().join("\n")
}

/// The last moment of a day, or the day itself beside whole days.
fn until(day: NaiveDate, all_day: bool, zone: Tz) -> String {
    if all_day {
        return day.format("%Y%m%d").to_string();
    }
    let midnight = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN);
    let end = zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |end| end.to_utc());
    (end - chrono::Duration::seconds(1)).format("%Y%m%dT%H%M%SZ").to_string()
}

fn until_day(text: &str, zone: Tz) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text.get(..8)?, "%Y%m%d").ok()?;
    if text.len() == 8 {
        return Some(date);
    }
    let time = NaiveTime::parse_from_str(text.get(9..15)?, "%H%M%S").ok()?;
    let moment: DateTime<Utc> = date.and_time(time).and_utc();
    Some(if text.ends_with('Z') { local(moment, zone).date() } else { date })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Asia__Tokyo;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_repetition_of_the_form_is_written_read_back_and_said_in_words() {
        let first = day("2026-11-25");
        let told = [
            (Every::Week, "FREQ=WEEKLY;BYDAY=WE", "毎週水曜日"),
            (Every::Fortnight, "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "隔週水曜日（2週間に1回）"),
            (Every::NthWeekday, "FREQ=MONTHLY;BYDAY=4WE", "毎月第4水曜日"),
            (Every::LastWeekday, "FREQ=MONTHLY;BYDAY=-1WE", "毎月最後の水曜日"),
            (Every::MonthDay, "FREQ=MONTHLY;BYMONTHDAY=25", "毎月25日"),
            (Every::Year, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=25", "毎年11月25日"),
            (Every::Day, "FREQ=DAILY", "毎日"),
        ];
        for (every, rule, words) in told {
            for all_day in [true, false] {
                for (end, ending, said) in [
                    (End::Never, "", ""),
                    (End::Count(10), ";COUNT=10", "、全10回"),
                    (
                        End::Until(day("2027-03-31")),
                        if all_day { ";UNTIL=20270331" } else { ";UNTIL=20270331T145959Z" },
                        "、令和9年3月31日(水)まで",
                    ),
                ] {
                    let repeat = Repeat { every, end };
                    assert_eq!(repeat.rule(first, all_day, ZONE), format!("{rule}{ending}"));
                    assert_eq!(Repeat::read(&format!("{rule}{ending}"), first, ZONE), Some(repeat));
                    assert_eq!(repeat.words(first), format!("{words}{said}"));
                }
            }
        }
    }

    #[test]
    fn a_rule_that_the_form_does_not_offer_is_not_mistaken_for_one_that_it_does() {
        let first = day("2026-11-25");
        for rule in ["FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=3WE", "FREQ=HOURLY", "FREQ=WEEKLY;INTERVAL=3", ""] {
            assert_eq!(Repeat::read(rule, first, ZONE), None, "{rule}");
        }
        assert_eq!(words("FREQ=WEEKLY;BYDAY=MO,WE", first, ZONE), "毎週月曜日・水曜日");
        assert_eq!(words("FREQ=MONTHLY;BYDAY=2TH,4TH;COUNT=24", first, ZONE), "毎月第2木曜日・第4木曜日、全24回");
        for rule in ["FREQ=HOURLY", "FREQ=MONTHLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=月,XX", "FREQ=WEEKLY;INTERVAL=3", "x"]
        {
            assert_eq!(words(rule, first, ZONE), "くり返しの予定", "{rule}");
        }
    }

    #[test]
    fn a_series_that_is_cut_ends_on_the_day_before_whatever_ended_it_first() {
        assert_eq!(
            cut("FREQ=WEEKLY;BYDAY=WE;COUNT=10", day("2026-12-08"), false, ZONE),
            "FREQ=WEEKLY;BYDAY=WE;UNTIL=20261208T145959Z"
        );
        assert_eq!(cut("FREQ=DAILY;UNTIL=20270101", day("2026-12-08"), true, ZONE), "FREQ=DAILY;UNTIL=20261208");
    }
}
