//! From events to occurrences inside a window.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::findings::{Finding, Findings, Level};
use super::limits::Limits;
use super::marks::{Excluded, Mark, in_form_of, mark};
use super::model::{Event, Expansion, Occurrence};
use super::rule::Rule;
use super::rule_dates::Dates;
use super::series::{Cut, Replacements, Room, has_start, series};
use super::when::When;

/// The steps that looking for the first time of a rule may take.
const FIRST_STEPS: u64 = 100_000;

/// Lists all occurrences of a calendar that touch a window, by start.
///
/// Takes the events of a whole calendar, as the changes of a series belong to it by UID. A cancelled event or
/// occurrence stays in the list; its event says so. DTSTART is always the first occurrence (RFC 5545 §3.8.5.3).
/// Floating times and dates are those of `default_zone`. What lasts no time at all is in the window if it
/// starts there.
pub fn expand(events: &[Event], window: Range<DateTime<Utc>>, default_zone: Tz, limits: &Limits) -> Expansion {
    let room = Room {
        from: window.start,
        to: window.end,
        zone: default_zone,
        steps: limits.steps,
        each: limits.occurrences_each,
    };
    let mut work = Work { events, room, limits, found: Vec::new(), findings: Findings::at_most(limits.findings) };
    for group in groups(events) {
        work.group(&group);
        if work.is_full() {
            break;
        }
    }
    work.found.sort_by_key(|occurrence| (occurrence.start_utc, occurrence.event));
    Expansion { occurrences: work.found, findings: work.findings.in_order() }
}

/// The first time at or after a start that a rule gives, whether or not the start itself is one of them.
///
/// A series always contains its DTSTART; whoever takes a rule from elsewhere begins the series here.
pub fn first_by_rule(start: &When, rule: &str) -> Option<When> {
    let rule = Rule::read(rule).ok()?;
    let last = rule.last(start).unwrap_or(NaiveDateTime::MAX);
    let first = Dates::new(&rule, start.wall(), last, FIRST_STEPS).next();
    first.map(|wall| start.with_wall(wall))
}

/// The events of one UID.
#[derive(Default)]
struct Group {
    masters: Vec<usize>,
    changes: Vec<usize>,
}

fn groups(events: &[Event]) -> Vec<Group> {
    let mut by_uid: HashMap<&str, usize> = HashMap::with_capacity(events.len());
    let mut groups: Vec<Group> = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        let group = match &event.uid {
            Some(uid) => *by_uid.entry(uid).or_insert(groups.len()),
            None => groups.len(),
        };
        if group == groups.len() {
            groups.push(Group::default());
        }
        let list = if event.recurrence_id.is_some() { &mut groups[group].changes } else { &mut groups[group].masters };
        list.push(index);
    }
    groups
}

struct Work<'a> {
    events: &'a [Event],
    room: Room,
    limits: &'a Limits,
    found: Vec<Occurrence>,
    findings: Findings,
}

impl Work<'_> {
    fn group(&mut self, group: &Group) {
        let masters = self.current(&group.masters);
        if let [master] = masters[..]
            && group.changes.is_empty()
            && !self.events[master].is_recurring()
        {
            self.single(master);
            return;
        }
        let replaced = self.replacements(masters.first().copied(), &group.changes);
        for master in &masters {
            let cut = series(self.events, *master, &replaced, &mut self.room, &mut self.found);
            self.tell(*master, cut);
        }
    }

    fn single(&mut self, index: usize) {
        let event = &self.events[index];
        self.found.extend(self.room.occurrence(index, None, event.start.clone(), &event.length));
    }

    /// The masters that count: the newest revision, and of two copies the last.
    ///
    /// Some programs give one UID to different events; these all count.
    fn current(&mut self, masters: &[usize]) -> Vec<usize> {
        let newest = masters.iter().map(|index| self.events[*index].sequence).max();
        let mut current: Vec<usize> = Vec::with_capacity(masters.len());
        let mut latest: HashMap<Mark, usize> = HashMap::with_capacity(masters.len());
        for index in masters.iter().copied().filter(|index| Some(self.events[*index].sequence) == newest) {
            let event = &self.events[index];
            let place = latest.entry(mark(&event.start, self.room.zone)).or_insert(current.len());
            match current.get_mut(*place) {
                Some(other) if is_copy(&self.events[*other], event) => *other = index,
                _ => {
                    *place = current.len();
                    current.push(index);
                }
            }
        }
        if let [_, second, ..] = current[..] {
            let line = self.events[second].line;
            self.findings.noted(line, "同じ識別子（UID）の予定が複数あります。別の予定として読みました。");
        }
        current
    }

    /// Puts the changed occurrences into the list and says what they replace.
    ///
    /// One whose original is taken out by EXDATE is gone with it, and so is what was once a series of its own,
    /// of an older revision, where the series now has nothing.
    fn replacements(&mut self, master: Option<usize>, changes: &[usize]) -> Replacements {
        let zone = self.room.zone;
        let events = self.events;
        let excluded = master.map_or_else(Excluded::default, |master| Excluded::of(&events[master], zone));
        let mut replaced = Replacements::default();
        for (own, (id, index)) in self.newest(master.map(|master| &events[master]), changes) {
            let event = &events[index];
            let room = &mut self.room;
            let mut outdated = |master: usize| {
                let older = event.sequence < events[master].sequence;
                older && event.is_recurring() && !has_start(events, master, &id, room)
            };
            if master.is_some_and(&mut outdated) {
                continue;
            }
            replaced.add(own, &id, index, event, zone);
            if !excluded.names(own) {
                self.found.extend(self.room.occurrence(index, Some(id), event.start.clone(), &event.length));
            }
        }
        replaced.onwards.sort();
        replaced
    }

    /// Of several changes of one occurrence the newest revision, and of equal ones the last.
    fn newest(&self, master: Option<&Event>, changes: &[usize]) -> HashMap<Mark, (When, usize)> {
        let zone = self.room.zone;
        let mut newest: HashMap<Mark, (When, usize)> = HashMap::with_capacity(changes.len());
        for index in changes.iter().copied() {
            let Some(id) = &self.events[index].recurrence_id else { continue };
            let id = in_form_of(master.map_or(id, |master| &master.start), id, zone);
            let kept = newest.entry(mark(&id, zone)).or_insert_with(|| (id, index));
            if self.events[index].sequence >= self.events[kept.1].sequence {
                kept.1 = index;
            }
        }
        newest
    }

    fn tell(&mut self, master: usize, cut: Option<Cut>) {
        let line = self.events[master].line;
        match cut {
            None => {}
            Some(Cut::Steps) => {
                self.findings.refused(line, "くり返しの規則が複雑すぎるため、途中までしか並べられませんでした。")
            }
            Some(Cut::Occurrences) => {
                let most = self.limits.occurrences_each;
                self.findings.refused(line, format!("くり返しが多すぎるため、{most}回までを並べました。"));
            }
        }
    }

    fn is_full(&mut self) -> bool {
        let full = self.found.len() >= self.limits.occurrences;
        if full {
            self.found.truncate(self.limits.occurrences);
            self.findings.add(Finding::of_file(Level::Refused, "予定の回数が多すぎるため、途中までを並べました。"));
        }
        full
    }
}

/// Whether two events of one UID, revision and start are the same: alike, or one changed after the other.
fn is_copy(one: &Event, other: &Event) -> bool {
    one.summary == other.summary || one.last_modified != other.last_modified
}
