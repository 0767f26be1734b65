//! Days, times and repetition as the form asks for them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use super::super::draft::{Draft, Span};
use super::super::family;
use super::super::repeat::{End, Every, Repeat, is_last_of_its_weekday};
use super::super::series;
use super::super::spread::{Stretch, local};
use super::super::store::{self, Desk};
use crate::text::dates::{self, PartialDate};
use crate::text::{day, times};
use crate::web::Form;

/// Most occurrences that a series may count.
const MOST: i32 = 400;
/// Most days that can be left out.
const EXCEPTIONS: usize = 100;

/// Reads days and times into the draft.
pub(super) fn read(form: &mut Form, draft: &mut Draft, zone: Tz) {
    let first = form.day("from", "はじめの日");
    if first.is_none() {
        form.fault("from", "はじめの日を書いてください。");
    }
    let last = form.day("to", "終わりの日").or(first);
    if form.has("all_day", "1") {
        if let (Some(first), Some(last)) = (first, last) {
            draft.span = Span::Days { first, last };
        }
        return;
    }
    let begins = clock(form, "begins");
    if begins.is_none() {
        form.fault("begins", "始まる時刻を書いてください。一日中のときは「終日」を選んでください。");
    }
    let ends = clock(form, "ends");
    if let (Some(first), Some(last), Some(begins)) = (first, last, begins) {
        if ends.is_none() && last != first {
            form.fault("ends", "終わりの日の、終わる時刻を書いてください。");
        }
        let starts = moment(first, begins, zone);
        draft.span = Span::Times { starts, ends: ends.map(|ends| moment(last, ends, zone)) };
    }
}

fn clock(form: &mut Form, name: &str) -> Option<NaiveTime> {
    let typed = form.get(name).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    times::parse_time(&typed).map_err(|fault| form.fault(name, fault.to_string())).ok()
}

fn moment(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let at = day.and_time(time);
    zone.from_local_datetime(&at).earliest().map_or_else(|| at.and_utc(), |moment| moment.to_utc())
}

/// Reads the repetition into a draft whose days and times are read; `kept` is a rule that the form cannot offer.
pub(super) fn read_repeat(form: &mut Form, draft: &mut Draft, kept: &str, desk: &Desk<'_>) {
    (draft.rrule, draft.exdates) = (String::new(), Vec::new());
    let zone = desk.city.profile.zone;
    let stretch = stretch(&draft.span, zone);
    let all_day = matches!(draft.span, Span::Days { .. });
    match form.get("repeat") {
        "" | "no" => return,
        "keep" if !kept.is_empty() => kept.clone_into(&mut draft.rrule),
        typed => {
            let Some(every) = Every::from_key(typed) else {
                return form.fault("repeat", "くり返し方を、一覧から選んでください。");
            };
            if every == Every::LastWeekday && !is_last_of_its_weekday(stretch.first_day) {
                let told = day::long(stretch.first_day);
                form.fault(
                    "repeat",
                    format!("{told}は、その月の最後の曜日ではありません。はじめの日を直してください。"),
                );
            }
            let Some(end) = end(form, stretch.first_day) else { return };
            draft.rrule = Repeat { every, end }.rule(stretch.first_day, all_day, zone);
        }
    }
    draft.rdates.clear();
    except(form, draft, &stretch, desk);
}

fn end(form: &mut Form, first: NaiveDate) -> Option<End> {
    let until = form.day("repeat_until", "くり返しの終わりの日");
    let count = form.number("repeat_count", "回数", 2, MOST);
    if !form.is_fine() && (form.fault_of("repeat_until").is_some() || form.fault_of("repeat_count").is_some()) {
        return None;
    }
    match (until, count) {
        (Some(until), None) if until < first => {
            form.fault("repeat_until", "くり返しの終わりの日が、はじめの日より前です。");
            None
        }
        (Some(until), None) => Some(End::Until(until)),
        (None, Some(count)) => Some(End::Count(count.unsigned_abs())),
        (None, None) => {
            form.fault("repeat_until", "いつまでくり返すかを、終わりの日か回数の、どちらかで書いてください。");
            None
        }
        (Some(_), Some(_)) => {
            form.fault("repeat_count", "終わりの日と回数は、どちらか片方だけを書いてください。");
            None
        }
    }
}

/// Reads the single days that are left out; each must be a day of the series.
fn except(form: &mut Form, draft: &mut Draft, stretch: &Stretch, desk: &Desk<'_>) {
    let typed = form.get("except").to_owned();
    let days = typed.split(['\n', '、', '，', ',', ';']).map(str::trim).filter(|text| !text.is_empty());
    let days: Vec<&str> = days.collect();
    if days.is_empty() || draft.rrule.is_empty() {
        return;
    }
    if days.len() > EXCEPTIONS {
        return form.fault("except", format!("行わない日は{EXCEPTIONS}日までです。"));
    }
    let planned = store::planned(draft, desk);
    let reached = series::horizon(desk.today);
    for text in days {
        let Some(on) = loose_day(text, stretch.first_day) else {
            let told: String = text.chars().take(40).collect();
            return form.fault(
                "except",
                format!("「{told}」は日付として読めません。12月24日、2026-12-24のように書いてください。"),
            );
        };
        if on == stretch.first_day {
            return form.fault("except", "はじめの日は除けません。はじめの日を、次の回の日に直してください。");
        }
        match planned.iter().find(|(_, planned)| planned.first_day == on) {
            Some((instance, _)) => draft.exdates.push(instance.clone()),
            None if on > reached => return form.fault("except", "行わない日は、2年先までの日を書いてください。"),
            None => {
                return form.fault("except", format!("{}は、くり返しの日ではありません。", day::long(on)));
            }
        }
    }
    draft.exdates.sort();
    draft.exdates.dedup();
}

/// A day, also without its year: the next one after the first day of the series.
fn loose_day(text: &str, first: NaiveDate) -> Option<NaiveDate> {
    if let Ok(PartialDate::Day(day)) = dates::parse(text) {
        return Some(day);
    }
    let plain: String =
        text.nfkc().map(|letter| if matches!(letter, '月' | '/' | '.') { '-' } else { letter }).collect();
    let (month, day) = plain.trim().trim_end_matches('日').split_once('-')?;
    let (month, day) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, day);
    in_year(first.year()).filter(|day| *day >= first).or_else(|| in_year(first.year() + 1))
}

/// The stretch of a span on the city's clocks.
pub(super) fn stretch(span: &Span, zone: Tz) -> Stretch {
    match *span {
        Span::Days { first, last } => {
            Stretch { first_day: first, last_day: last, begins: String::new(), ends: String::new() }
        }
        Span::Times { starts, ends } => Stretch::times(starts, ends, zone),
    }
}

/// Puts days, times and repetition of a draft into the form.
pub(super) fn fill(form: &mut Form, draft: &Draft, zone: Tz) {
    let (first, last) = match draft.span {
        Span::Days { first, last } => {
            form.set("all_day", "1");
            (first, last)
        }
        Span::Times { starts, ends } => {
            let clock = |moment| local(moment, zone).format("%H:%M").to_string();
            form.set("begins", clock(starts));
            form.set("ends", ends.map(clock).unwrap_or_default());
            let first = local(starts, zone).date();
            (first, ends.map_or(first, |ends| local(ends, zone).date()))
        }
    };
    form.set("from", first.to_string());
    form.set("to", if first == last { String::new() } else { last.to_string() });
    if draft.rrule.is_empty() {
        return;
    }
    match Repeat::read(&draft.rrule, first, zone) {
        Some(repeat) => {
            form.set("repeat", repeat.every.key());
            match repeat.end {
                End::Until(day) => form.set("repeat_until", day.to_string()),
                End::Count(count) => form.set("repeat_count", count.to_string()),
                End::Never => {}
            }
        }
        None => form.set("repeat", "keep"),
    }
    let days: Vec<String> = draft.exdates.iter().filter_map(|text| instance_day(text, zone)).collect();
    form.set("except", days.join("\n"));
}

fn instance_day(instance: &str, zone: Tz) -> Option<String> {
    series::parsed(instance, zone).map(|when| when.local(zone).date().to_string())
}

/// A draft moved to one of the starts of its series, with what is left of its repetition.
pub(super) fn moved(draft: &Draft, instance: &str, desk: &Desk<'_>) -> Option<Draft> {
    let mut moved = draft.clone();
    match draft.span {
        Span::Days { first, last } => {
            let start: NaiveDate = instance.parse().ok()?;
            moved.span = Span::Days { first: start, last: start + (last - first) };
        }
        Span::Times { starts, ends } => {
            let start: DateTime<Utc> = instance.parse().ok()?;
            moved.span = Span::Times { starts: start, ends: ends.map(|ends| start + (ends - starts)) };
        }
    }
    if draft.rrule.contains("COUNT=") {
        // Every start counts, also one that is left out (RFC 5545 §3.3.10).
        let whole = Draft { exdates: Vec::new(), ..draft.clone() };
        let left = store::planned(&whole, desk).iter().filter(|(start, _)| start.as_str() >= instance).count();
        let parts = draft.rrule.split(';').map(|part| match part.starts_with("COUNT=") {
            true => format!("COUNT={left}"),
            false => part.to_owned(),
        });
        moved.rrule = parts.collect::<Vec<_>>().join(";");
    }
    moved.exdates.retain(|start| start.as_str() >= instance);
    moved.rdates.retain(|start| start.as_str() >= instance);
    Some(moved)
}

/// The start of a span in the form of [`super::super::Entry::recurrence_id`].
pub(super) fn instance(span: &Span) -> String {
    match span {
        Span::Days { first, .. } => first.to_string(),
        Span::Times { starts, .. } => starts.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

/// The start that an entry has as the first of its series.
pub(super) fn first_instance(entry: &super::super::Entry) -> String {
    instance(&family::span(entry))
}
