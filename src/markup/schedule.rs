//! `eventSchedule` (schema.org/Schedule): when something comes again, as a rule of RFC 5545.

use chrono::{NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::json::{Object, Value};
use super::value::{Known, as_object, each, said, term, words};
use crate::ics::{Length, When, Zone, first_by_rule};

/// When one schedule of an event takes place.
#[derive(Debug)]
pub(super) struct Timetable {
    /// The first time.
    pub start: When,
    /// How long each time lasts.
    pub length: Length,
    /// RRULE, unless it comes only once.
    pub rule: Option<String>,
    /// EXDATE.
    pub except: Vec<When>,
}

/// The timetable of a schedule; `event` is when its event starts and how long it lasts, as far as it says so.
///
/// # Errors
///
/// The words that cannot be read.
pub(super) fn timetable(
    schedule: &Object,
    event: Option<(&When, &Length)>,
    zone: Tz,
    known: &Known<'_>,
) -> Result<Timetable, String> {
    let zone = said(schedule, "scheduleTimezone").and_then(Zone::named).unwrap_or(Zone::Iana(zone));
    let begin = begin(schedule, event, &zone)?;
    let length = length(schedule, event, &begin, &zone);
    let Some(rule) = rule(schedule, &begin, known)? else {
        return Ok(Timetable { start: begin, length, rule: None, except: Vec::new() });
    };
    let except = except(schedule, &begin, &zone);
    let start = first_by_rule(&begin, &rule).ok_or_else(|| shown(&rule))?;
    Ok(Timetable { start, length, rule: Some(rule), except })
}

fn begin(schedule: &Object, event: Option<(&When, &Length)>, zone: &Zone) -> Result<When, String> {
    let time = match said(schedule, "startTime") {
        Some(text) => Some(clock(text).ok_or_else(|| shown(text))?),
        None => None,
    };
    let own = match said(schedule, "startDate") {
        Some(text) => Some(When::written(text, zone).ok_or_else(|| shown(text))?),
        None => None,
    };
    let of_event = event.map(|(start, _)| start);
    let day = own.as_ref().or(of_event).ok_or_else(|| "startDate".to_owned())?;
    Ok(match (time, day) {
        (Some(time), day) => zone.clone().at(day.wall().date().and_time(time)),
        // The schedule says the day, the event the hour.
        (None, When::Date(date)) if own.is_some() => match of_event {
            Some(start) if !start.is_date() => zone.clone().at(date.and_time(start.wall().time())),
            _ => When::Date(*date),
        },
        _ => day.clone(),
    })
}

/// How long each time lasts: by its own words, else as long as the event on its first day.
fn length(schedule: &Object, event: Option<(&When, &Length)>, begin: &When, zone: &Zone) -> Length {
    let lasting = said(schedule, "duration").and_then(Length::written);
    if let (Some(end), false) = (said(schedule, "endTime").and_then(clock), begin.is_date()) {
        let wall = begin.wall();
        let same_day = wall.date().and_time(end);
        let end = if same_day >= wall { Some(same_day) } else { next_day(wall, end) };
        return end.map_or(Length::Unsaid, |end| Length::Until(zone.clone().at(end)));
    }
    if let Some(lasting) = lasting {
        return lasting;
    }
    match event {
        Some((_, Length::Lasting { days, time })) => Length::Lasting { days: *days, time: *time },
        Some((start, Length::Until(end))) if !begin.is_date() && start.wall().date() == end.wall().date() => {
            Length::Lasting { days: 0, time: end.wall() - start.wall() }
        }
        _ => Length::Unsaid,
    }
}

fn next_day(wall: NaiveDateTime, end: NaiveTime) -> Option<NaiveDateTime> {
    Some(wall.date().succ_opt()?.and_time(end))
}

/// `10:00`, `10:00:00`, `10:00:00+09:00`; the offset of a clock time adds nothing to that of its schedule.
fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim().trim_start_matches('T');
    let text = text.split(['+', 'Z', '-', '.']).next().unwrap_or_default().trim();
    ["%H:%M:%S", "%H:%M", "%H%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

fn rule(schedule: &Object, begin: &When, known: &Known<'_>) -> Result<Option<String>, String> {
    let Some(frequency) = said(schedule, "repeatFrequency") else { return Ok(None) };
    let mut parts = vec![every(frequency).ok_or_else(|| shown(frequency))?];
    let weeks = numbers(schedule, "byMonthWeek", 1, 5);
    let days = days(schedule, &weeks, known)?;
    let mut list = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            parts.push(format!("{name}={}", values.join(",")));
        }
    };
    list("BYDAY", days);
    let plain = |numbers: Vec<i32>| numbers.iter().map(ToString::to_string).collect();
    list("BYMONTH", plain(numbers(schedule, "byMonth", 1, 12)));
    list("BYMONTHDAY", plain(numbers(schedule, "byMonthDay", -31, 31)));
    if let Some(count) =
        said(schedule, "repeatCount").and_then(|count| count.parse::<u32>().ok()).filter(|count| *count > 0)
    {
        parts.push(format!("COUNT={count}"));
    } else if let Some(text) = said(schedule, "endDate") {
        let zone = match begin {
            When::Zoned { zone, .. } => zone.clone(),
            _ => Zone::Iana(Tz::UTC),
        };
        let end = When::written(text, &zone).ok_or_else(|| shown(text))?;
        parts.push(format!("UNTIL={}", until(&end, begin, &zone)));
    }
    Ok(Some(parts.join(";")))
}

/// The end of a rule in the form of its start; a day counts to its end.
fn until(end: &When, begin: &When, zone: &Zone) -> String {
    let last = match end {
        When::Date(date) if !begin.is_date() => date.and_hms_opt(23, 59, 59).unwrap_or_default(),
        _ => end.wall(),
    };
    if begin.is_date() {
        return last.format("%Y%m%d").to_string();
    }
    zone.to_utc(last).format("%Y%m%dT%H%M%SZ").to_string()
}

/// `P1W`, `Weekly`, `https://schema.org/Daily`.
fn every(text: &str) -> Option<String> {
    let name = term(text).to_ascii_uppercase();
    let (number, unit) = match name.strip_prefix('P') {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_digit()) => rest.split_at(rest.len() - 1),
        _ => ("1", name.as_str()),
    };
    let number: u32 = number.parse().ok().filter(|number| (1..=1_000).contains(number))?;
    let frequency = match unit {
        "D" | "DAILY" | "DAY" => "DAILY",
        "W" | "WEEKLY" | "WEEK" => "WEEKLY",
        "M" | "MONTHLY" | "MONTH" => "MONTHLY",
        "Y" | "YEARLY" | "YEAR" | "ANNUALLY" => "YEARLY",
        _ => return None,
    };
    // `FREQ=WEEKLY` as it stands in some pages.
    Some(if number == 1 { format!("FREQ={frequency}") } else { format!("FREQ={frequency};INTERVAL={number}") })
}

/// `https://schema.org/Monday`, `Monday`, `MO`, `2MO`, and with `byMonthWeek` the weeks they are meant in.
fn days(schedule: &Object, weeks: &[i32], known: &Known<'_>) -> Result<Vec<String>, String> {
    let values = schedule.get("byDay").map(each).unwrap_or_default();
    let mut days = Vec::new();
    for value in values {
        let name = as_object(value, known).and_then(|object| said(object, "name").or_else(|| said(object, "@id")));
        let Some(text) = name.or_else(|| words(value)) else { continue };
        for part in text.split([',', ' ']).map(term).filter(|part| !part.is_empty()) {
            let (which, day) = day(part).ok_or_else(|| shown(part))?;
            if weeks.is_empty() || !which.is_empty() {
                days.push(format!("{which}{day}"));
            } else {
                days.extend(weeks.iter().map(|week| format!("{week}{day}")));
            }
        }
    }
    Ok(days)
}

fn day(text: &str) -> Option<(String, &'static str)> {
    let upper = text.to_uppercase();
    let split = upper.find(|letter: char| letter.is_alphabetic())?;
    let (which, name) = upper.split_at(split);
    let which = which.trim_start_matches('+');
    if !which.is_empty() && !which.parse::<i32>().is_ok_and(|which| which != 0 && which.abs() <= 53) {
        return None;
    }
    let known = [
        ("MO", "MONDAY", "月"),
        ("TU", "TUESDAY", "火"),
        ("WE", "WEDNESDAY", "水"),
        ("TH", "THURSDAY", "木"),
        ("FR", "FRIDAY", "金"),
        ("SA", "SATURDAY", "土"),
        ("SU", "SUNDAY", "日"),
    ];
    let is_named = |(short, long, japanese): &&(&str, &str, &str)| {
        name == *short || name == *long || name == &long[..3] || name.trim_end_matches("曜日") == *japanese
    };
    known.iter().find(is_named).map(|(short, ..)| (which.to_owned(), *short))
}

fn numbers(schedule: &Object, name: &str, least: i32, most: i32) -> Vec<i32> {
    let values = schedule.get(name).map(each).unwrap_or_default();
    let read =
        values.iter().filter_map(words).flat_map(|text| text.split(',')).filter_map(|text| text.trim().parse().ok());
    read.filter(|number| *number != 0 && (least..=most).contains(number)).collect()
}

fn except(schedule: &Object, begin: &When, zone: &Zone) -> Vec<When> {
    let values = match schedule.get("exceptDate") {
        Some(Value::List(list)) => list.as_slice(),
        Some(other) => std::slice::from_ref(other),
        None => &[],
    };
    let texts = values.iter().take(1_000).filter_map(words).flat_map(|text| text.split(','));
    let dates = texts.filter_map(|text| When::written(text, zone));
    let in_form = |when: When| if begin.is_date() { When::Date(when.wall().date()) } else { when };
    dates.map(in_form).collect()
}

/// The begin of a text, fit for a message.
fn shown(text: &str) -> String {
    crate::ics::clean(text).chars().take(40).collect()
}
