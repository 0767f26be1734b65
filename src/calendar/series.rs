//! A series and its changed occurrences, between the rows of the calendar and the events of `ics`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use sea_orm::Value;

use super::entry::{Entry, Status};
use super::spread::{Stretch, local};
use crate::ics::{self, Event, ExtraDate, Length, When, Zone};

/// Years before today from which the occurrences of a series are written.
const YEARS_BACK: u64 = 20;
/// Days after today up to which the occurrences of a series are written.
const DAYS_AHEAD: u64 = 731;

/// The last day up to which the occurrences of a series are written.
pub(super) fn horizon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today)
}

/// The whole time in which the occurrences of a series are written.
pub(super) fn window(today: NaiveDate) -> Range<DateTime<Utc>> {
    let back = today.checked_sub_days(Days::new(YEARS_BACK * 366)).unwrap_or(today);
    midnight(back)..midnight(horizon(today) + Days::new(1))
}

pub(super) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// A date or a moment as the calendar writes it: `2026-11-23` or `2026-11-23T04:30:00Z`.
pub(super) fn written(when: &When, zone: Tz) -> String {
    match when {
        When::Date(day) => day.to_string(),
        timed => timed.to_utc(zone).to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

/// A date or a moment as entries keep it (see [`Entry::recurrence_id`]), on the clocks of a zone.
pub fn parsed(text: &str, zone: Tz) -> Option<When> {
    match text.parse::<DateTime<Utc>>() {
        Ok(moment) => Some(Zone::Iana(zone).at(local(moment, zone))),
        Err(_) => text.parse().ok().map(When::Date),
    }
}

fn extra_date(text: &str, zone: Tz) -> Option<ExtraDate> {
    let (start, end) = text.split_once('/').map_or((text, None), |(start, end)| (start, Some(end)));
    let length = end.and_then(|end| parsed(end, zone)).map_or(Length::Unsaid, Length::Until);
    Some(ExtraDate { start: parsed(start, zone)?, length })
}

/// The entry as an event that can be expanded; text that no expansion needs is left out.
fn event(entry: &Entry, zone: Tz) -> Event {
    let own: Tz = entry.zone.parse().unwrap_or(zone);
    let at = |moment: DateTime<Utc>| Zone::Iana(own).at(local(moment, own));
    let start = entry.starts_at.map_or(When::Date(entry.starts_on), at);
    let length = match (entry.all_day, entry.ends_at) {
        (true, _) => Length::Until(When::Date(entry.ends_on.succ_opt().unwrap_or(entry.ends_on))),
        (false, Some(ends)) => Length::Until(at(ends)),
        (false, None) => Length::Unsaid,
    };
    Event {
        uid: Some(entry.uid.clone()),
        recurrence_id: parsed(&entry.recurrence_id, own),
        this_and_future: entry.and_future,
        sequence: entry.sequence.into(),
        status: (entry.status() == Status::Cancelled).then_some(ics::Status::Cancelled),
        length,
        rrules: entry.rrule.lines().map(str::to_owned).collect(),
        rdates: entry.rdates().iter().filter_map(|text| extra_date(text, own)).collect(),
        exdates: entry.exdates().iter().filter_map(|text| parsed(text, own)).collect(),
        ..Event::starting(start)
    }
}

/// Events that are expanded together, about.
const PORTION: usize = 500;
/// Steps that every portion may take, whatever those before it took.
const PORTION_STEPS: u64 = 1_000_000;

/// One occurrence: the place of its entry in a list, the start it had in its series (empty for a single entry), its days.
pub(super) type Placed = (usize, String, Stretch);

/// The rows of occurrences that follow from these entries, and sentences about rules that were cut, each with the
/// place of its entry in the list.
pub(super) fn occurrences(
    entries: &[&Entry],
    window: Range<DateTime<Utc>>,
    zone: Tz,
) -> (Vec<Vec<Value>>, Vec<(usize, String)>) {
    let (placed, findings) = stretches(entries, window, zone);
    let mut rows = Vec::with_capacity(placed.len());
    for (at, instance, stretch) in placed {
        stretch.rows(entries[at], &instance, &mut rows);
    }
    (rows, findings)
}

/// The occurrences that follow from these entries, and sentences about rules that were cut.
///
/// An entry without a rule stands where it is, however far away; a series is written inside the window. A series is
/// only whole when all of its changed occurrences are in the list.
pub(super) fn stretches(
    entries: &[&Entry],
    window: Range<DateTime<Utc>>,
    zone: Tz,
) -> (Vec<Placed>, Vec<(usize, String)>) {
    let mut placed = Vec::with_capacity(entries.len());
    let uids = |changed: bool| -> HashSet<&str> {
        let some = entries.iter().filter(|entry| entry.recurrence_id.is_empty() != changed);
        some.map(|entry| entry.uid.as_str()).collect()
    };
    let (masters, changes) = (uids(false), uids(true));
    let (series, single): (Vec<usize>, Vec<usize>) = (0..entries.len()).partition(|at| {
        let uid = entries[*at].uid.as_str();
        entries[*at].is_recurring() || (masters.contains(uid) && changes.contains(uid))
    });
    placed.extend(single.into_iter().map(|at| (at, String::new(), Stretch::of_entry(entries[at], zone))));
    let events: Vec<Event> = series.iter().map(|at| Event { line: *at, ..event(entries[*at], zone) }).collect();
    let (mut findings, mut limits) = (Vec::new(), ics::Limits::default());
    for portion in portions(events) {
        let expansion = ics::expand(&portion, window.clone(), zone, &limits);
        for occurrence in &expansion.occurrences {
            let instance = occurrence.recurrence_id.as_ref().map(|start| written(start, zone)).unwrap_or_default();
            placed.push((portion[occurrence.event].line, instance, Stretch::of_occurrence(occurrence, zone)));
        }
        let first = portion.first().map(|event| event.line).unwrap_or_default();
        findings.extend(expansion.findings.into_iter().map(|finding| (finding.line.unwrap_or(first), finding.message)));
        limits.steps = limits.steps.saturating_sub(expansion.steps).max(PORTION_STEPS);
    }
    (placed, findings)
}

/// Events in portions of whole series, each with a room of its own: many series do not leave the last ones without occurrences.
fn portions(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut families: HashMap<String, usize> = HashMap::new();
    let mut portions: Vec<Vec<Event>> = vec![Vec::new()];
    for event in events {
        let last = portions.len() - 1;
        let at = *families.entry(event.uid.clone().unwrap_or_default()).or_insert(last);
        portions[at].push(event);
        if at == last && portions[last].len() >= PORTION {
            portions.push(Vec::new());
        }
    }
    portions
}
