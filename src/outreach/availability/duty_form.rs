//! The form with one leave or another duty of somebody.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::duty::{Draft, Duty, Kind};
use super::hours::clock;
use crate::city::City;
use crate::outreach::request::wish::moment;
use crate::text::{day, times};
use crate::web::Form;

/// Longest leave or duty, in days.
const LONGEST: i64 = 400;
/// Days before and behind today within which one may begin.
const NEAR: i64 = 1_100;
/// Longest note.
const NOTE: usize = 200;

/// Reads the form; nothing while something is wrong.
pub(super) fn read(form: &mut Form, city: &City, today: NaiveDate) -> Option<Draft> {
    let kind = form.choice("kind", "種類", Kind::from_key);
    let span = span(form, city.profile.zone, today);
    let town = match form.get("town") {
        "" => Some(String::new()),
        _ => form.choice("town", "町", |key| city.town(key).map(|town| town.key.clone())),
    };
    let note = form.line("note", "メモ", NOTE);
    if !form.is_fine() {
        return None;
    }
    let (kind, (starts_at, ends_at)) = (kind?, span?);
    // Whoever is on leave is nowhere that a journey could begin.
    let town_key = if kind == Kind::Leave { String::new() } else { town? };
    Some(Draft { kind, starts_at, ends_at, town_key, note })
}

type Moments = (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>);

fn span(form: &mut Form, zone: Tz, today: NaiveDate) -> Option<Moments> {
    let first = form.day("from", "はじめの日");
    if first.is_none() {
        form.fault("from", "はじめの日を書いてください。");
    }
    let first = first?;
    if (first - today).num_days().abs() > NEAR {
        form.fault("from", "はじめの日が、今日から離れすぎています。年を確かめてください。");
    }
    let last = form.day("until", "終わりの日").unwrap_or(first);
    if last < first {
        form.fault("until", "終わりの日は、はじめの日と同じか、それより後にしてください。");
    }
    if last - first > TimeDelta::days(LONGEST) {
        form.fault("until", "1回で書けるのは400日までです。分けて書いてください。");
    }
    if form.has("whole", "1") {
        let behind = last.checked_add_days(Days::new(1))?;
        return Some((moment(first, NaiveTime::MIN, zone), moment(behind, NaiveTime::MIN, zone)));
    }
    let begins = time(form, "begins", "始まる時刻を書いてください。一日中のときは「一日中」を選んでください。");
    let ends = time(form, "ends", "終わる時刻を書いてください。一日中のときは「一日中」を選んでください。");
    let span = (moment(first, begins?, zone), moment(last, ends?, zone));
    if span.0 >= span.1 {
        form.fault("ends", "終わりは、始まりより後にしてください。");
    }
    Some(span)
}

fn time(form: &mut Form, name: &str, missing: &str) -> Option<NaiveTime> {
    let typed = form.get(name).trim().to_owned();
    if typed.is_empty() {
        form.fault(name, missing);
        return None;
    }
    times::parse_time(&typed).map_err(|fault| form.fault(name, fault.to_string())).ok()
}

/// When a leave or a duty is, as people read it.
pub(super) fn words(duty: &Duty, zone: Tz) -> String {
    let (starts, ends) = (duty.starts_at.with_timezone(&zone), duty.ends_at.with_timezone(&zone));
    let (first, last) = (starts.date_naive(), ends.date_naive());
    if starts.time() == NaiveTime::MIN && ends.time() == NaiveTime::MIN {
        return format!("{} 一日中", day::span(first, last.pred_opt().unwrap_or(last)));
    }
    let (begins, closes) = (clock(starts.time()), clock(ends.time()));
    match first == last {
        true => format!("{} {begins}から{closes}まで", day::long(first)),
        false => format!("{} {begins}から{} {closes}まで", day::long(first), day::short(last)),
    }
}
