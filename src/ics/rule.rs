//! A recurrence rule as it stands in a file (RECUR, RFC 5545 §3.3.10).

use chrono::{NaiveDateTime, Weekday};

use super::times::{Written, date_or_time};
use super::when::When;

/// The period in which a rule repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Every {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A rule with every part in its range.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub every: Every,
    pub interval: u32,
    pub count: Option<u32>,
    pub until: Option<Written>,
    pub seconds: Vec<u32>,
    pub minutes: Vec<u32>,
    pub hours: Vec<u32>,
    /// A weekday and which one of the month or year, 0 for every one.
    pub days: Vec<(i32, Weekday)>,
    pub month_days: Vec<i32>,
    pub year_days: Vec<i32>,
    pub weeks: Vec<i32>,
    pub months: Vec<u32>,
    pub positions: Vec<i32>,
    pub week_start: Weekday,
}

impl Rule {
    /// Reads a rule; the error is the part that cannot be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let text = text.get(..6).filter(|head| head.eq_ignore_ascii_case("RRULE:")).map_or(text, |_| &text[6..]);
        let mut rule = Self::blank();
        let mut frequency = None;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let refused = || part.chars().take(80).collect::<String>();
            // A part without a value says nothing that a rule could mean.
            let Some((name, value)) = part.split_once('=') else { continue };
            let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            if name == "FREQ" {
                frequency = Some(every(&value).ok_or_else(refused)?);
            } else {
                rule.take(&name, &value).ok_or_else(refused)?;
            }
        }
        rule.every = frequency.ok_or("FREQ")?;
        Ok(rule)
    }

    fn blank() -> Self {
        Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            seconds: Vec::new(),
            minutes: Vec::new(),
            hours: Vec::new(),
            days: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            weeks: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Mon,
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "INTERVAL" => self.interval = value.parse::<u32>().ok()?.max(1),
            // Programs write -1 for "without end".
            "COUNT" => self.count = u32::try_from(value.parse::<i64>().ok()?).ok(),
            "UNTIL" => self.until = Some(date_or_time(value)?.0),
            "BYSECOND" => self.seconds = from_zero(value, 60)?,
            "BYMINUTE" => self.minutes = from_zero(value, 59)?,
            "BYHOUR" => self.hours = from_zero(value, 23)?,
            "BYDAY" => self.days = each(value, day)?,
            "BYMONTHDAY" => self.month_days = either_way(value, 31)?,
            "BYYEARDAY" => self.year_days = either_way(value, 366)?,
            "BYWEEKNO" => self.weeks = either_way(value, 53)?,
            "BYMONTH" => self.months = from_zero(value, 12).filter(|months| !months.contains(&0))?,
            "BYSETPOS" => self.positions = either_way(value, 366)?,
            "WKST" => self.week_start = weekday(value)?,
            // RFC 7529: another calendar would need other months.
            "RSCALE" if value != "GREGORIAN" => return None,
            "SKIP" if value != "OMIT" => return None,
            _ => {}
        }
        Some(())
    }

    /// The last clock time UNTIL allows for a series that starts then.
    ///
    /// UNTIL ought to have the form of DTSTART (RFC 5545 §3.3.10). Where it has not, it is read as the other
    /// engines read it: a date is its midnight, and beside a floating start UTC counts as clock time.
    pub fn last(&self, start: &When) -> Option<NaiveDateTime> {
        Some(match (self.until?, start) {
            (Written::Date(date), _) => date.into(),
            (Written::Local(local), When::Date(_)) => local.date().into(),
            (Written::Utc(instant), When::Date(_)) => instant.date_naive().into(),
            (Written::Local(local), _) => local,
            (Written::Utc(instant), When::Zoned { zone, .. }) => zone.wall(instant),
            (Written::Utc(instant), When::Utc(_) | When::Floating(_)) => instant.naive_utc(),
        })
    }
}

/// The parts of a rule that are understood here.
const PARTS: [&str; 14] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYSECOND",
    "BYMINUTE",
    "BYHOUR",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
];

/// A rule as it is understood, in the form every reader takes: without parts that mean nothing, and with UNTIL in the
/// form of DTSTART (RFC 5545 §3.3.10); `None` if it cannot be read.
pub(super) fn rewritten(text: &str, start: &When) -> Option<String> {
    let rule = Rule::read(text).ok()?;
    let text = text.to_ascii_uppercase();
    let parts = text.trim().trim_start_matches("RRULE:").split(';').filter_map(|part| {
        let (name, value) = part.split_once('=').map(|(name, value)| (name.trim(), value))?;
        let name = PARTS.iter().find(|known| **known == name)?;
        // Each part counts once, the last of them; -1 stands for no COUNT at all.
        Some((*name, value.chars().filter(|letter| !letter.is_whitespace()).collect::<String>()))
    });
    let mut written: Vec<(&str, String)> = Vec::new();
    for (name, value) in parts.filter(|(name, _)| *name != "COUNT" || rule.count.is_some()) {
        let value = match name {
            "UNTIL" => until(&rule, start)?,
            "INTERVAL" => rule.interval.to_string(),
            _ => value.split(',').filter(|one| !one.is_empty()).collect::<Vec<_>>().join(","),
        };
        match written.iter_mut().find(|(other, _)| *other == name) {
            Some(before) => before.1 = value,
            None => written.push((name, value)),
        }
    }
    Some(written.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";"))
}

fn until(rule: &Rule, start: &When) -> Option<String> {
    let last = rule.last(start)?;
    Some(match start {
        When::Date(_) => last.format("%Y%m%d").to_string(),
        When::Floating(_) => last.format("%Y%m%dT%H%M%S").to_string(),
        When::Zoned { zone, .. } => zone.to_utc(last).format("%Y%m%dT%H%M%SZ").to_string(),
        When::Utc(_) => last.format("%Y%m%dT%H%M%SZ").to_string(),
    })
}

fn every(text: &str) -> Option<Every> {
    Some(match text {
        "SECONDLY" => Every::Second,
        "MINUTELY" => Every::Minute,
        "HOURLY" => Every::Hour,
        "DAILY" => Every::Day,
        "WEEKLY" => Every::Week,
        "MONTHLY" => Every::Month,
        "YEARLY" => Every::Year,
        _ => return None,
    })
}

/// The parts of a list; a hostile one is refused rather than cut.
fn each<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read: Option<Vec<T>> = parts.take(1_000).map(read).collect();
    read.filter(|parts| !parts.is_empty() && parts.len() < 1_000)
}

fn from_zero(text: &str, most: u32) -> Option<Vec<u32>> {
    each(text, |part| part.parse().ok().filter(|number| *number <= most))
}

fn either_way(text: &str, most: i32) -> Option<Vec<i32>> {
    each(text, |part| part.parse().ok().filter(|number: &i32| *number != 0 && number.abs() <= most))
}

fn day(text: &str) -> Option<(i32, Weekday)> {
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (which, name) = text.split_at(split);
    let which = if which.is_empty() { 0 } else { which.trim().parse::<i32>().ok()? };
    (which.abs() <= 53).then_some((which, weekday(name)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}
