//! `kyodo ics check|expand`: what the reader makes of a calendar file, without a database.

use std::io::Write;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde_json::json;

use super::import::read;
use crate::calendar;
use crate::city::Profile;
use crate::ics::{self, Broken, Verdict, When};
use crate::markup;

pub(super) fn check(file: &Path) -> anyhow::Result<bool> {
    let bytes = read(file)?;
    let (limits, zone) = (ics::Limits::default(), Profile::from_seed().zone);
    let mut report = ics::check(&bytes, &limits, zone, markup::mend).map_err(told)?;
    let calendar = ics::read(&bytes, &limits, zone).map_err(told)?;
    for (line, is_refused, sentence) in calendar::objections(&calendar, zone) {
        report.object(line, is_refused, sentence);
    }
    // Whoever reads only the beginning, as `head` does, has seen enough.
    let _ = write!(std::io::stdout(), "{report}");
    Ok(report.count(Verdict::Refused) == 0)
}

pub(super) fn expand(file: &Path, from: NaiveDate, to: NaiveDate) -> anyhow::Result<()> {
    anyhow::ensure!(from < to, "--from は --to より前の日にしてください。");
    let zone = Profile::from_seed().zone;
    let bytes = read(file)?;
    let limits = ics::Limits::default();
    let calendar = ics::read(&bytes, &limits, zone).map_err(told)?;
    let midnight = |day: NaiveDate| {
        let local = zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
        local.earliest().map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |moment| moment.to_utc())
    };
    let expansion = ics::expand(&calendar.events, midnight(from)..midnight(to), zone, &limits);
    for occurrence in &expansion.occurrences {
        let event = &calendar.events[occurrence.event];
        let line = json!({
            "uid": event.uid,
            "recurrence_id": occurrence.recurrence_id.as_ref().map(|when| stamp(when, zone)),
            "start": stamp(&occurrence.start, zone),
            "end": stamp(&occurrence.end, zone),
            "all_day": occurrence.is_all_day(),
            "status": event.status.map(|status| format!("{status:?}").to_uppercase()),
            "summary": event.summary,
        });
        println!("{line}");
    }
    for finding in calendar.findings.iter().chain(&expansion.findings) {
        let place = finding.line.map_or_else(String::new, |line| format!("{line}行目: "));
        eprintln!("{place}{}", finding.message);
    }
    Ok(())
}

/// A broken file with the place where it breaks.
fn told(broken: Broken) -> anyhow::Error {
    let place = match (broken.line, broken.column) {
        (Some(line), Some(column)) => format!("{line}行 {column}文字目: "),
        (Some(line), None) => format!("{line}行目: "),
        _ => String::new(),
    };
    anyhow::anyhow!("{place}{}", broken.message)
}

/// A whole day as its date, anything else in UTC.
fn stamp(when: &When, zone: Tz) -> String {
    match when {
        When::Date(day) => day.to_string(),
        _ => when.to_utc(zone).format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}
