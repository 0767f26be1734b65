//! Judging every start (判定): which groups something keeps away, and what that makes of the start.
//!
//! What a group has on blocks a run of starts, so each engagement is looked at once for each place, never once for each start.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::known::{Engagement, Known, Venue};
use super::order::{self, Quality};
use super::reason::Reason;
use super::times::{Minute, at};
use super::wish::Wish;
use crate::text::holidays::holiday;

/// A group that is kept away and what keeps it away, as places in the lists of [`Known`].
pub(super) type Kept = (usize, usize);

/// What one start is worth at the place that suits it best.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub start: Minute,
    /// The place, as a place in the list of venues.
    pub venue: usize,
    /// The place that comes next, if the meeting could be there as well.
    pub runner_up: Option<(usize, Quality)>,
    pub quality: Quality,
    /// How many reasons there are against it; none if it is possible.
    pub obstacles: usize,
    /// The groups that cannot come, in their order.
    pub kept: Vec<Kept>,
    /// What is in the building at that time.
    pub taken: Option<usize>,
}

/// Every start of the wish on a day, whatever the day is.
fn starts_of(wish: &Wish, day: NaiveDate) -> impl Iterator<Item = Minute> {
    let last = wish.closes.saturating_sub(wish.minutes);
    (wish.opens..=last).step_by(wish.step as usize).map(move |minute| at(day, minute))
}

/// The days of the wish.
pub(super) fn days(wish: &Wish) -> impl Iterator<Item = NaiveDate> {
    let last = wish.last;
    wish.first.iter_days().take_while(move |day| *day <= last)
}

/// Why there is no meeting on a day, whatever the hour.
pub(super) fn against_day(wish: &Wish, known: &Known, day: NaiveDate) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if day < known.today {
        reasons.push(Reason::Past(day));
    }
    if !wish.weekdays.contains(&day.weekday()) {
        reasons.push(Reason::Weekday(day));
    }
    reasons.extend(holiday(day).filter(|_| !wish.on_holidays).map(|name| Reason::Holiday(day, name)));
    let closed = known.closed.iter().chain(&wish.closed).filter(|closed| closed.holds(day));
    reasons.extend(closed.map(|closed| Reason::Closed(day, closed.name.clone())));
    reasons
}

/// What each group has on, in the order of time.
pub(super) fn by_group(known: &Known) -> Vec<Vec<usize>> {
    let places: HashMap<Uuid, usize> = known.groups.iter().enumerate().map(|(at, group)| (group.id, at)).collect();
    let mut found = vec![Vec::new(); known.groups.len()];
    for (at, engagement) in known.engagements.iter().enumerate() {
        for group in engagement.groups.iter().filter_map(|id| places.get(id)) {
            found[*group].push(at);
        }
    }
    for list in &mut found {
        list.sort_by_key(|at| (known.engagements[*at].from(), known.engagements[*at].to(), *at));
        list.dedup();
    }
    found
}

/// The starts of a sorted list whose meeting an engagement gets in the way of, with so many minutes of way before and after.
fn hindered(starts: &[Minute], minutes: u32, engagement: &Engagement, there: u32, back: u32) -> std::ops::Range<usize> {
    let first = starts.partition_point(|start| start + Minute::from(minutes + back) <= engagement.from());
    let end = starts.partition_point(|start| *start < engagement.to() + Minute::from(there));
    first..end.max(first)
}

/// Whether an engagement leaves too little time for a meeting from this moment on, with the ways counted as far as they are known.
pub(super) fn is_near(known: &Known, engagement: &Engagement, (start, minutes): (Minute, u32), town: &str) -> bool {
    let there = known.travel.minutes(&engagement.town, town).unwrap_or(0);
    let back = known.travel.minutes(town, &engagement.town).unwrap_or(0);
    !hindered(&[start], minutes, engagement, there, back).is_empty()
}

/// What one place is like: who is kept away from each start, and what is in the building.
struct Site {
    kept: Vec<Vec<Kept>>,
    taken: Vec<Option<usize>>,
    /// Minutes from each group and back to it.
    journeys: Vec<Option<(u32, u32)>>,
}

impl Site {
    fn look(wish: &Wish, known: &Known, by_group: &[Vec<usize>], starts: &[Minute], venue: &Venue) -> Self {
        let mut kept = vec![Vec::new(); starts.len()];
        for (group, engagements) in by_group.iter().enumerate() {
            for at in engagements {
                let engagement = &known.engagements[*at];
                if !engagement.is_obstacle() {
                    continue;
                }
                let there = known.travel.minutes(&engagement.town, &venue.town).unwrap_or(0);
                let back = known.travel.minutes(&venue.town, &engagement.town).unwrap_or(0);
                for start in hindered(starts, wish.minutes, engagement, there, back) {
                    if kept[start].last().is_none_or(|(last, _)| *last != group) {
                        kept[start].push((group, *at));
                    }
                }
            }
        }
        let journeys = known.groups.iter().map(|group| journey(known, &group.town, venue)).collect();
        Self { kept, taken: taken(wish, known, starts, venue), journeys }
    }

    /// The answers to the questions of [`order`] for one start, and how many reasons there are against it.
    fn weigh(&self, wish: &Wish, known: &Known, day: &DaySeen, start: Minute, at: usize) -> (usize, Quality) {
        let kept = &self.kept[at];
        let mut away = kept.iter().map(|(group, _)| *group).peekable();
        let mut quality = Quality { missing: kept.len() as u32, big: day.is_big, ..Quality::default() };
        let mut farthest_back = 0;
        for (group, journey) in self.journeys.iter().enumerate() {
            match journey {
                _ if away.next_if_eq(&group).is_some() => {}
                None => quality.unknown += 1,
                Some((there, back)) => {
                    quality.farthest = quality.farthest.max(*there);
                    quality.total += there;
                    farthest_back = farthest_back.max(*back);
                }
            }
        }
        let end = start + Minute::from(wish.minutes);
        quality.inconvenient = start - Minute::from(quality.farthest) < super::times::at(day.day, known.leave_from)
            || end + Minute::from(farthest_back) > super::times::at(day.day, known.home_by);
        let required = kept.iter().filter(|(group, _)| known.groups[*group].required).count();
        let too_few = known.groups.len() - kept.len() < wish.least.max(1);
        (day.reasons + required + usize::from(too_few) + usize::from(self.taken[at].is_some()), quality)
    }
}

/// Minutes from a town to a place and back; nothing where either is not known.
pub(super) fn journey(known: &Known, town: &str, venue: &Venue) -> Option<(u32, u32)> {
    Some((known.travel.minutes(town, &venue.town)?, known.travel.minutes(&venue.town, town)?))
}

/// What is in the building at each start; the earliest where there are several.
fn taken(wish: &Wish, known: &Known, starts: &[Minute], venue: &Venue) -> Vec<Option<usize>> {
    let mut taken: Vec<Option<usize>> = vec![None; starts.len()];
    let here = |engagement: &Engagement| engagement.is_obstacle() && engagement.is_in(venue);
    for (at, engagement) in known.engagements.iter().enumerate().filter(|(_, engagement)| here(engagement)) {
        for slot in &mut taken[hindered(starts, wish.minutes, engagement, 0, 0)] {
            let is_earlier = |other: &usize| engagement.from() < known.engagements[*other].from();
            if slot.as_ref().is_none_or(is_earlier) {
                *slot = Some(at);
            }
        }
    }
    taken
}

struct DaySeen {
    day: NaiveDate,
    reasons: usize,
    is_big: bool,
}

/// Judges every start of the wish, in the order of time.
pub(super) fn judge(wish: &Wish, known: &Known, by_group: &[Vec<usize>]) -> Vec<Judged> {
    let big: Vec<&Engagement> = known.engagements.iter().filter(|engagement| engagement.big).collect();
    let seen: Vec<DaySeen> = days(wish)
        .map(|day| DaySeen {
            day,
            reasons: against_day(wish, known, day).len(),
            is_big: big.iter().any(|engagement| engagement.touches(day)),
        })
        .collect();
    let (starts, day_at): (Vec<Minute>, Vec<usize>) =
        seen.iter().enumerate().flat_map(|(at, day)| starts_of(wish, day.day).map(move |start| (start, at))).unzip();
    let look = |venue| Site::look(wish, known, by_group, &starts, venue);
    let mut sites: Vec<Site> = known.venues.iter().map(look).collect();
    let mut judged = Vec::with_capacity(starts.len());
    for (at, start) in starts.iter().enumerate() {
        let weighed: Vec<(usize, Quality)> =
            sites.iter().map(|site| site.weigh(wish, known, &seen[day_at[at]], *start, at)).collect();
        let (venue, second) = order::places(&weighed);
        let (obstacles, quality) = weighed[venue];
        let runner_up = second.map(|second| (second, weighed[second].1));
        let kept = std::mem::take(&mut sites[venue].kept[at]);
        judged.push(Judged {
            start: *start,
            venue,
            runner_up,
            quality,
            obstacles,
            kept,
            taken: sites[venue].taken[at],
        });
    }
    judged
}
