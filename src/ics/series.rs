//! One series: a master, its rules and dates, and the single occurrences that replace its own.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::marks::{Excluded, Mark, in_form_of, mark};
use super::model::{Event, Length, Occurrence};
use super::rule::Rule;
use super::rule_dates::Dates;
use super::when::When;

/// What an expansion may still do.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub zone: Tz,
    pub steps: u64,
    /// The steps of one rule.
    pub steps_each: u64,
    pub each: usize,
}

impl Room {
    /// Whether something from `start` to `end` is at least partly in the window.
    pub fn holds(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        start < self.to && (end > self.from || (start >= self.from && end == start))
    }

    /// An occurrence of an event if it is in the window.
    pub fn occurrence(
        &self,
        event: usize,
        recurrence_id: Option<When>,
        start: When,
        length: &Length,
    ) -> Option<Occurrence> {
        let start_utc = start.to_utc(self.zone);
        if start_utc >= self.to {
            return None;
        }
        let (end, end_utc) = length.end_of(&start, start_utc, self.zone);
        let within = self.holds(start_utc, end_utc);
        within.then_some(Occurrence { event, recurrence_id, start, end, start_utc, end_utc })
    }
}

/// What replaces occurrences of a series.
#[derive(Default)]
pub(super) struct Replacements {
    /// Single occurrences, by the time they replace.
    pub marks: HashSet<Mark>,
    /// RANGE=THISANDFUTURE: from when on, and by which event; in order.
    pub onwards: Vec<(Mark, usize)>,
    /// How long the longest of these lasts.
    longest: TimeDelta,
    /// How far the farthest of these is moved.
    farthest: TimeDelta,
}

impl Replacements {
    /// Adds a change of one occurrence or of all from it on.
    pub fn add(&mut self, own: Mark, id: &When, index: usize, event: &Event, zone: Tz) {
        self.marks.insert(own);
        if event.this_and_future {
            self.onwards.push((own, index));
            self.longest = self.longest.max(duration(event, zone));
            self.farthest = self.farthest.max((event.start.to_utc(zone) - id.to_utc(zone)).abs());
        }
    }
}

fn duration(event: &Event, zone: Tz) -> TimeDelta {
    event.end(zone).to_utc(zone) - event.start.to_utc(zone)
}

/// Why a series is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Its rules took too many steps.
    Steps,
    /// It has too many occurrences.
    Occurrences,
}

/// Whether a series has an occurrence with that original start.
pub(super) fn has_start(events: &[Event], master: usize, id: &When, room: &mut Room) -> bool {
    if room.steps == 0 {
        return true;
    }
    let (day, zone) = (TimeDelta::days(1), room.zone);
    let at = id.to_utc(zone);
    let (from, to) = (at.checked_sub_signed(day).unwrap_or(at), at.checked_add_signed(day).unwrap_or(at));
    let listed = events[master].exdates.len() + events[master].rdates.len();
    let mut around = Room { from, to, steps: room.steps.saturating_sub(listed as u64), ..*room };
    let replaced = Replacements::default();
    let starts = Series::new(events, master, &replaced, zone).starts(&mut around).0;
    room.steps = around.steps;
    starts.iter().any(|start| mark(start, zone) == mark(id, zone))
}

/// Expands one master into the window.
pub(super) fn series(
    events: &[Event],
    master: usize,
    replaced: &Replacements,
    room: &mut Room,
    found: &mut Vec<Occurrence>,
) -> Option<Cut> {
    let series = Series::new(events, master, replaced, room.zone);
    let (starts, cut) = series.starts(room);
    let before = found.len();
    for start in starts {
        if found.len() - before >= room.each {
            return Some(Cut::Occurrences);
        }
        found.extend(series.occurrence(start, room));
    }
    cut
}

struct Series<'a> {
    events: &'a [Event],
    master: usize,
    event: &'a Event,
    replaced: &'a Replacements,
    length: Length,
    excluded: Excluded,
    /// RDATE with an end of its own.
    own_lengths: HashMap<Mark, Length>,
    zone: Tz,
}

impl<'a> Series<'a> {
    fn new(events: &'a [Event], master: usize, replaced: &'a Replacements, zone: Tz) -> Self {
        let event = &events[master];
        let mut series = Self {
            events,
            master,
            event,
            replaced,
            length: event.length.freed_from(&event.start, zone),
            excluded: Excluded::of(event, zone),
            own_lengths: HashMap::new(),
            zone,
        };
        for further in event.rdates.iter().filter(|further| further.length != Length::Unsaid) {
            let own = mark(&in_form_of(&event.start, &further.start, zone), zone);
            series.own_lengths.insert(own, further.length.freed_from(&further.start, zone));
        }
        series
    }

    /// All starts that may fall into the window, in order and once each.
    fn starts(&self, room: &mut Room) -> (Vec<When>, Option<Cut>) {
        let (first, last) = self.reach(room);
        let rules: Vec<Rule> = self.event.rrules.iter().filter_map(|rule| Rule::read(rule).ok()).collect();
        let mut starts = vec![self.event.start.clone()];
        if self.ended_before_it_began(&rules) {
            starts.clear();
        }
        let mut cut = None;
        for rule in rules {
            let walls = self.walls(&rule, first, last, room);
            cut = cut.or(walls.1);
            starts.extend(walls.0.into_iter().map(|wall| self.event.start.with_wall(wall)));
        }
        starts.extend(self.event.rdates.iter().map(|date| in_form_of(&self.event.start, &date.start, self.zone)));
        let mut gone = HashSet::new();
        for rule in self.event.exrules.iter().filter_map(|rule| Rule::read(rule).ok()) {
            let walls = self.walls(&rule, first, last, room);
            cut = cut.or(walls.1);
            gone.extend(walls.0);
        }
        starts.retain(|start| !gone.contains(&start.wall()));
        let mut marked: Vec<(Mark, When)> = starts.into_iter().map(|start| (mark(&start, self.zone), start)).collect();
        marked.sort_by_key(|(mark, _)| *mark);
        marked.dedup_by_key(|(mark, _)| *mark);
        let stays =
            |(mark, start): &(Mark, When)| !self.excluded.contains(*mark, start) && !self.replaced.marks.contains(mark);
        (marked.into_iter().filter(stays).map(|(_, start)| start).collect(), cut)
    }

    /// UNTIL before DTSTART: a program cut the series off before its first occurrence, and none is left.
    fn ended_before_it_began(&self, rules: &[Rule]) -> bool {
        let wall = self.event.start.wall();
        let over = |rule: &Rule| rule.last(&self.event.start).is_some_and(|last| last < wall);
        !rules.is_empty() && rules.iter().all(over)
    }

    /// The clock times of a rule between two.
    fn walls(
        &self,
        rule: &Rule,
        first: NaiveDateTime,
        last: NaiveDateTime,
        room: &mut Room,
    ) -> (Vec<NaiveDateTime>, Option<Cut>) {
        let start = &self.event.start;
        let end = rule.last(start).map_or(last, |until| until.min(last));
        let given = room.steps.min(room.steps_each);
        let mut dates = Dates::new(rule, start.wall(), end, given).skipping_to(first);
        let most = room.each + 1;
        let walls: Vec<_> = dates.by_ref().filter(|wall| *wall >= first).take(most).collect();
        let left = dates.steps_left();
        room.steps -= given - left;
        let cut = if left == 0 { Some(Cut::Steps) } else { (walls.len() == most).then_some(Cut::Occurrences) };
        (walls, cut)
    }

    /// Between which clock times a start may lead into the window.
    fn reach(&self, room: &Room) -> (NaiveDateTime, NaiveDateTime) {
        let longest = self.replaced.longest.max(duration(self.event, self.zone));
        // Two days more than any zone can be away from UTC.
        let around = self.replaced.farthest + TimeDelta::days(2);
        let first = room.from.naive_utc().checked_sub_signed(longest + around);
        let last = room.to.naive_utc().checked_add_signed(around);
        (first.unwrap_or(NaiveDateTime::MIN), last.unwrap_or(NaiveDateTime::MAX))
    }

    fn occurrence(&self, start: When, room: &Room) -> Option<Occurrence> {
        let own = mark(&start, self.zone);
        let id = self.event.is_recurring().then(|| start.clone());
        let later = self.replaced.onwards.partition_point(|(mark, _)| *mark < own);
        if let Some((_, index)) = later.checked_sub(1).and_then(|last| self.replaced.onwards.get(last)) {
            return self.moved(*index, start, id, room);
        }
        let length = self.own_lengths.get(&own).unwrap_or(&self.length);
        room.occurrence(self.master, id, start, length)
    }

    /// An occurrence changed like an earlier one: moved by as much and lasting as long (RFC 5545 §3.8.4.4).
    fn moved(&self, index: usize, start: When, id: Option<When>, room: &Room) -> Option<Occurrence> {
        let change = &self.events[index];
        let original = change.recurrence_id.as_ref()?;
        let own_form = |when: &When| match (&change.start, when) {
            (When::Date(_), _) | (_, When::Date(_)) => when.wall(),
            _ => change.start.at_instant(when.to_utc(self.zone), self.zone).wall(),
        };
        let by = change.start.wall() - own_form(&in_form_of(&self.event.start, original, self.zone));
        let start = change.start.with_wall(own_form(&start).checked_add_signed(by)?);
        room.occurrence(index, id, start, &change.length.freed_from(&change.start, self.zone))
    }
}
