//! Which events of a calendar count: the newest version of each, in the years that the calendar knows.

use std::collections::{HashMap, HashSet};

use chrono::Datelike;

use super::super::repeat::is_restless;
use super::super::series::written;
use crate::ics::{Calendar, Class, Event};

/// Why an event is refused of which there is a newer version.
pub(super) const SUPERSEDED: &str = "同じUIDの新しい版がこのファイルにあるため、こちらは取り込みません。";
/// Why an event of another age is refused.
pub(super) const OTHER_AGE: &str = "日付が暦の範囲（1900年から2199年）の外です。";

/// What an importer has against events that can be read, by the line that they begin on; the flag says whether they are refused altogether or
/// only where the calendar is a source.
pub fn objections(calendar: &Calendar, zone: chrono_tz::Tz) -> Vec<(usize, bool, String)> {
    let superseded = superseded(calendar, &namesakes(calendar));
    let mut found = Vec::new();
    for (at, event) in calendar.events.iter().enumerate() {
        let mut object = |is_refused: bool, sentence: &str| found.push((event.line, is_refused, sentence.to_owned()));
        if superseded.contains(&at) {
            object(true, SUPERSEDED);
        }
        if !is_of_our_time(event, zone) {
            object(true, OTHER_AGE);
        }
        if event.rrules.iter().any(|rule| is_restless(rule)) {
            object(false, "1日に何度もくり返す予定です。情報源のカレンダーからは取り込みません。");
        }
        if event.class != Class::Public {
            object(false, "非公開（CLASS）の予定です。情報源のカレンダーからは取り込みません。");
        }
    }
    found
}

/// Whether an event lies in the years that the calendar knows.
pub(super) fn is_of_our_time(event: &Event, zone: chrono_tz::Tz) -> bool {
    let years = 1900..2200;
    years.contains(&event.start.wall().year()) && years.contains(&event.end(zone).wall().year())
}

/// Names for events that share the UID of another one before them and are plainly something else: another title at another time, and no
/// number that says which is newer.
pub(super) fn namesakes(calendar: &Calendar) -> HashMap<usize, String> {
    let mut first: HashMap<&str, &Event> = HashMap::new();
    let mut found = HashMap::new();
    for (at, event) in calendar.events.iter().enumerate().filter(|(_, event)| event.recurrence_id.is_none()) {
        let Some(uid) = event.uid.as_deref() else { continue };
        let Some(other) = first.get(uid) else {
            first.insert(uid, event);
            continue;
        };
        let same_age = event.sequence == other.sequence && event.last_modified == other.last_modified;
        if same_age && event.summary != other.summary && event.start.wall() != other.start.wall() {
            found.insert(at, format!("{uid}#{}", event.start.wall().format("%Y%m%dT%H%M")));
        }
    }
    found
}

/// Events of which the file has a later version: a higher SEQUENCE, or the same further down.
pub(super) fn superseded(calendar: &Calendar, namesakes: &HashMap<usize, String>) -> HashSet<usize> {
    let mut newest: HashMap<(&str, String), usize> = HashMap::new();
    let mut superseded = HashSet::new();
    for (at, event) in calendar.events.iter().enumerate() {
        let Some(uid) = namesakes.get(&at).map(String::as_str).or(event.uid.as_deref()) else { continue };
        let changed = event.recurrence_id.as_ref().map(|when| written(when, chrono_tz::Tz::UTC)).unwrap_or_default();
        match newest.insert((uid, changed.clone()), at) {
            Some(before) if calendar.events[before].sequence > event.sequence => {
                newest.insert((uid, changed), before);
                superseded.insert(at);
            }
            Some(before) => drop(superseded.insert(before)),
            None => {}
        }
    }
    superseded
}
