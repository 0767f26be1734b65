//! Writing VTIMEZONE blocks (RFC 5545 §3.6.5) for the zones a calendar uses.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName};

use super::feed::Entry;
use super::rule::Rule;
use super::when::When;
use super::write::{Out, is_utc};
use super::zone::Zone;
use super::zone_rules::Change;

/// For how many years a series without an end is described.
const YEARS_AHEAD: i32 = 20;

/// Writes one block for every zone of the entries, by name.
pub(super) fn zone_blocks(out: &mut Out, entries: &[Entry]) {
    let mut zones: BTreeMap<&str, (&Zone, i32, i32)> = BTreeMap::new();
    for entry in entries {
        let last = last_year(entry);
        for when in entry.times() {
            let When::Zoned { zone, local } = when else { continue };
            if is_utc(zone) {
                continue;
            }
            let year = local.year().clamp(1970, 2100);
            let used = zones.entry(zone.name()).or_insert((zone, year, year));
            *used = (used.0, used.1.min(year), used.2.max(year).max(last));
        }
    }
    for (zone, first, last) in zones.values() {
        block(out, zone, *first, *last);
    }
}

fn last_year(entry: &Entry) -> i32 {
    let ends = |rule: &String| {
        let rule = Rule::read(rule).ok()?;
        let until = rule.last(&entry.start).map(|until| until.year());
        Some(until.unwrap_or(entry.start.wall().year() + YEARS_AHEAD))
    };
    entry.rules.iter().filter_map(ends).max().unwrap_or(0).clamp(1970, 2100)
}

fn block(out: &mut Out, zone: &Zone, first: i32, last: i32) {
    let begin = new_year(first - 1);
    let initial = offset_at(zone, begin);
    out.line("BEGIN", "VTIMEZONE");
    out.text("TZID", zone.name());
    let from_the_first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default().into();
    observance(out, zone, begin, (initial, initial), &[from_the_first]);
    let mut kinds: BTreeMap<(i32, i32, String), Vec<Change>> = BTreeMap::new();
    for change in changes(zone, begin, new_year(last + 2)) {
        let kind = (change.from.local_minus_utc(), change.to.local_minus_utc(), short_name(zone, change.at));
        kinds.entry(kind).or_default().push(change);
    }
    for changes in kinds.values() {
        let Some(change) = changes.first() else { continue };
        let walls: Vec<_> = changes.iter().filter_map(|change| change.at.checked_add_offset(change.from)).collect();
        observance(out, zone, change.at, (change.from, change.to), &walls);
    }
    out.line("END", "VTIMEZONE");
}

fn observance(
    out: &mut Out,
    zone: &Zone,
    at: NaiveDateTime,
    (from, to): (FixedOffset, FixedOffset),
    walls: &[NaiveDateTime],
) {
    let kind = if is_summer(zone, at, from, to) { "DAYLIGHT" } else { "STANDARD" };
    out.line("BEGIN", kind);
    for (index, wall) in walls.iter().enumerate() {
        out.line(if index == 0 { "DTSTART" } else { "RDATE" }, &wall.format("%Y%m%dT%H%M%S").to_string());
    }
    out.line("TZOFFSETFROM", &offset_form(from));
    out.line("TZOFFSETTO", &offset_form(to));
    let name = short_name(zone, at);
    if !name.is_empty() {
        out.line("TZNAME", &name);
    }
    out.line("END", kind);
}

fn new_year(year: i32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().into()
}

/// The changes of a zone between two moments, each found to the second.
fn changes(zone: &Zone, begin: NaiveDateTime, end: NaiveDateTime) -> Vec<Change> {
    let mut found = Vec::new();
    let mut before = begin;
    while before < end {
        let after = before + TimeDelta::days(7);
        let (from, to) = (offset_at(zone, before), offset_at(zone, after));
        if from != to {
            found.push(Change { at: between(zone, before, after), from, to });
        }
        before = after;
    }
    found
}

fn between(zone: &Zone, mut before: NaiveDateTime, mut after: NaiveDateTime) -> NaiveDateTime {
    let from = offset_at(zone, before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset_at(zone, middle) == from {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

fn offset_at(zone: &Zone, utc: NaiveDateTime) -> FixedOffset {
    let wall = zone.wall(DateTime::<Utc>::from_naive_utc_and_offset(utc, Utc));
    let seconds = i32::try_from((wall - utc).num_seconds()).unwrap_or(0);
    FixedOffset::east_opt(seconds).unwrap_or(Utc.fix())
}

fn is_summer(zone: &Zone, at: NaiveDateTime, from: FixedOffset, to: FixedOffset) -> bool {
    match zone {
        Zone::Iana(zone) => !zone.offset_from_utc_datetime(&at).dst_offset().is_zero(),
        Zone::Own(_) => to.local_minus_utc() > from.local_minus_utc(),
    }
}

fn short_name(zone: &Zone, at: NaiveDateTime) -> String {
    match zone {
        Zone::Iana(zone) => zone.offset_from_utc_datetime(&at).abbreviation().unwrap_or_default().to_owned(),
        Zone::Own(_) => String::new(),
    }
}

fn offset_form(offset: FixedOffset) -> String {
    let seconds = offset.local_minus_utc();
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let whole = format!("{sign}{:02}{:02}", rest / 3_600, rest / 60 % 60);
    if rest % 60 == 0 { whole } else { format!("{whole}{:02}", rest % 60) }
}
