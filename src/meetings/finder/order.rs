//! Which proposal comes first (候補の順番). This is the one place that decides, by these questions in turn:
//!
//! 1. How many of the invited groups cannot come? Fewer first.
//! 2. Is there something big on the same day? A day without first.
//! 3. Must the group that is farthest leave home before, or come home after, the hours that the city has set? Not first.
//! 4. For how many of those who come is the journey not known? Fewer first.
//! 5. How long is the farthest journey? Shorter first.
//! 6. How many minutes do all journeys take together? Fewer first.
//! 7. Which is earlier?
//!
//! Among equals at 1–6 a proposal takes a day, then a week, then a part of the day (morning, afternoon, evening) of which
//! fewer proposals have been made already, so that a poll offers a real choice; only then the earlier one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, IsoWeek, NaiveDate};

use super::times::{DAY, Minute, day_of};

/// The answers to the questions 1 to 6; smaller is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality {
    /// Groups that cannot come.
    pub missing: u32,
    /// Something big is on that day.
    pub big: bool,
    /// Somebody leaves home too early or is home too late.
    pub inconvenient: bool,
    /// Groups that come from nobody knows how far.
    pub unknown: u32,
    /// Minutes of the farthest journey.
    pub farthest: u32,
    /// Minutes of all journeys one way.
    pub total: u32,
}

/// The `most` best starts in their order, as places in the list; at first each day once.
pub(super) fn best(starts: &[(Minute, Quality)], most: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..starts.len()).collect();
    left.sort_by_key(|at| (starts[*at].1, starts[*at].0));
    let (mut chosen, mut taken) = (Vec::new(), Taken::default());
    while chosen.len() < most && !left.is_empty() {
        let fresh = |at: &usize| !taken.days.contains(&day_of(starts[*at].0));
        let head = left.iter().position(fresh).unwrap_or(0);
        let any_day = !fresh(&left[head]);
        let equals = (head..left.len()).take_while(|at| starts[left[*at]].1 == starts[left[head]].1);
        let usable = equals.filter(|at| any_day || fresh(&left[*at]));
        // Equals stand in the order of time, so the first of the least used is the earliest.
        let Some(next) = usable.min_by_key(|at| taken.times(starts[left[*at]].0)) else { break };
        let next = left.remove(next);
        taken.add(starts[next].0);
        chosen.push(next);
    }
    chosen
}

/// How often days, weeks and parts of the day have been proposed.
#[derive(Default)]
struct Taken {
    days: BTreeSet<NaiveDate>,
    weeks: BTreeMap<IsoWeek, usize>,
    parts: BTreeMap<Part, usize>,
}

impl Taken {
    fn times(&self, start: Minute) -> (usize, usize) {
        let of = |count: Option<&usize>| count.copied().unwrap_or(0);
        (of(self.weeks.get(&day_of(start).iso_week())), of(self.parts.get(&Part::of(start))))
    }

    fn add(&mut self, start: Minute) {
        self.days.insert(day_of(start));
        *self.weeks.entry(day_of(start).iso_week()).or_default() += 1;
        *self.parts.entry(Part::of(start)).or_default() += 1;
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Morning,
    Afternoon,
    Evening,
}

impl Part {
    fn of(start: Minute) -> Self {
        match start.rem_euclid(DAY) / 60 {
            ..12 => Self::Morning,
            12..17 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// Which of several places of one start is taken, given the obstacles of each, and which possible one comes next.
pub(super) fn places(of_start: &[(usize, Quality)]) -> (usize, Option<usize>) {
    let mut order: Vec<usize> = (0..of_start.len()).collect();
    order.sort_by_key(|at| of_start[*at]);
    let second = order.get(1).copied().filter(|at| of_start[*at].0 == 0);
    (order.first().copied().unwrap_or(0), second)
}
