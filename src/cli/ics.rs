//! `kyodo ics check|expand`: what the reader makes of a calendar file, without a database.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime, TimeZone};
use serde_json::json;

use super::import::read;
use crate::city::Profile;
use crate::ics;

pub(super) fn check(file: &Path) -> anyhow::Result<bool> {
    let bytes = read(file)?;
    let report = ics::check(&bytes, &ics::Limits::default(), Profile::from_seed().zone);
    print!("{report}");
    Ok(report.is_clean())
}

pub(super) fn expand(file: &Path, from: NaiveDate, to: NaiveDate) -> anyhow::Result<()> {
    anyhow::ensure!(from < to, "--from は --to より前の日にしてください。");
    let zone = Profile::from_seed().zone;
    let bytes = read(file)?;
    let limits = ics::Limits::default();
    let calendar = ics::read(&bytes, &limits, zone)?;
    let midnight = |day: NaiveDate| {
        let local = zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
        local.earliest().map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |moment| moment.to_utc())
    };
    let expansion = ics::expand(&calendar.events, midnight(from)..midnight(to), zone, &limits);
    for occurrence in &expansion.occurrences {
        let line = json!({
            "uid": occurrence.uid,
            "recurrence_id": occurrence.recurrence_id.as_ref().map(ToString::to_string),
            "start": stamp(occurrence.all_day, occurrence.start.to_string(), occurrence.start_utc),
            "end": stamp(occurrence.all_day, occurrence.end.to_string(), occurrence.end_utc),
            "all_day": occurrence.all_day,
            "status": occurrence.status.key(),
            "summary": occurrence.summary,
        });
        println!("{line}");
    }
    for finding in &expansion.findings {
        eprintln!("{finding}");
    }
    Ok(())
}

fn stamp(all_day: bool, date: String, moment: chrono::DateTime<chrono::Utc>) -> String {
    if all_day { date } else { moment.format("%Y-%m-%dT%H:%M:%SZ").to_string() }
}
