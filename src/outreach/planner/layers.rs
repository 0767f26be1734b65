//! All plans at once, day by day: plans that leave the same possibilities for the days to come are one, and the one that needs least
//! stands for them.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use super::crews::squares;
use super::instance::WEEK;
use super::priced::Goal;
use super::steps::Steps;

/// Most plans that are made for a day, and most that are kept of them: those that cost least.
const MOST_MADE: usize = 400_000;
const MOST_KEPT: usize = 150_000;

/// What the steps cost at some prices.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'a> {
    /// Each step of each day.
    pub steps: &'a [Vec<f64>],
    /// What the prices promise beside the days.
    pub rest: f64,
    /// Plans that cost more are not wanted.
    pub most: f64,
}

/// A plan as far as some day.
#[derive(Clone, Debug)]
struct Begun {
    /// What matters for the days to come.
    mark: Rc<Mark>,
    /// What is needed so far, what it costs at the prices, and how much it falls short of the best of each day.
    need: i64,
    cost: f64,
    short: f64,
    /// The place of the plan one day earlier, and the step of this day.
    from: (u32, u32),
}

/// What matters for the days to come; plans with the same mark are one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Mark {
    value: i64,
    /// How many sessions each person has in all, then in this week where somebody could have too much in it.
    counts: Box<[u16]>,
    /// The requests that are served and stand on a later day as well.
    used: Box<[u32]>,
}

/// Goes through the days.
pub struct Layers<'a> {
    steps: &'a Steps<'a>,
    goal: Goal,
    costs: Costs<'a>,
    /// The last day of each request.
    last: Vec<usize>,
    /// Whether somebody could have too much in the week of each day.
    is_crowded: Vec<bool>,
    /// What the days from each on cost at least, are worth at most and give each person at most.
    least: Vec<f64>,
    value: Vec<i64>,
    most: Vec<Vec<usize>>,
}

impl<'a> Layers<'a> {
    /// The plans of these steps.
    pub fn of(steps: &'a Steps<'a>, goal: Goal, costs: Costs<'a>) -> Self {
        let mut last = vec![0; steps.master.requests];
        for (day, own) in steps.days.iter().enumerate() {
            own.iter().flat_map(|step| steps.requests(day, step)).for_each(|request| last[request] = day);
        }
        let days = steps.days.len();
        let ahead = steps.ahead_in_order((0..days).collect());
        let mut least = vec![0.0; days + 1];
        for day in (0..days).rev() {
            least[day] = least[day + 1] + costs.steps[day].iter().copied().fold(f64::INFINITY, f64::min);
        }
        let is_crowded = (0..days).map(|day| steps.is_crowded(day / WEEK)).collect();
        Self { steps, goal, costs, last, is_crowded, least, value: ahead.value, most: ahead.most }
    }

    /// The steps of a plan that is wanted and needs least, if one is found, and whether all plans were looked at.
    pub fn run(&self, until: Instant) -> (Option<Vec<usize>>, bool) {
        let counts = self.steps.standing.sum.iter().map(|one| *one as u16).collect();
        let mark = Rc::new(Mark { counts, ..Mark::default() });
        let first = Begun { mark, need: 0, cost: self.costs.rest, short: 0.0, from: (0, 0) };
        let (mut layer, mut trail, mut is_whole) = (vec![first], Vec::new(), true);
        for day in 0..self.steps.days.len() {
            let Some((next, is_all)) = self.next(day, &layer, until) else { return (None, false) };
            is_whole &= is_all;
            layer = next;
            trail.push(layer.iter().map(|begun| begun.from).collect::<Vec<_>>());
        }
        let need = |begun: &Begun| match self.goal {
            Goal::Squares => squares(&self.sum(&begun.mark)) as i64,
            Goal::Driving(_) => begun.need,
        };
        let best = layer.iter().enumerate().min_by_key(|(_, begun)| need(begun)).map(|(at, _)| at);
        (best.map(|at| path(&trail, at)), is_whole)
    }

    /// The plans after a day, and whether these are all; nothing when the time is over.
    fn next(&self, day: usize, layer: &[Begun], until: Instant) -> Option<(Vec<Begun>, bool)> {
        let mut known: HashMap<Rc<Mark>, usize> = HashMap::new();
        let mut next: Vec<Begun> = Vec::new();
        let mut is_all = true;
        for (at, begun) in layer.iter().enumerate() {
            if at.is_multiple_of(64) && Instant::now() >= until {
                return None;
            }
            if next.len() > MOST_MADE {
                is_all = false;
                break;
            }
            for step in 0..self.steps.days[day].len() {
                let Some(plan) = self.with(begun, day, (at as u32, step as u32)) else { continue };
                let place = *known.entry(plan.mark.clone()).or_insert(next.len());
                if place == next.len() {
                    next.push(plan);
                } else if plan.need < next[place].need {
                    next[place] = plan;
                }
            }
        }
        next.sort_by(|one, other| one.cost.total_cmp(&other.cost));
        is_all &= next.len() <= MOST_KEPT;
        next.truncate(MOST_KEPT);
        Some((next, is_all))
    }

    /// A plan with one day more; nothing where that is impossible or leads to nothing that is wanted.
    fn with(&self, begun: &Begun, day: usize, from: (u32, u32)) -> Option<Begun> {
        let step = &self.steps.days[day][from.1 as usize];
        let cost = begun.cost + self.costs.steps[day][from.1 as usize];
        let (value, short) = (begun.mark.value + step.value, begun.short + step.short);
        let is_short = short > self.steps.room || value + self.value[day + 1] < self.steps.wanted;
        let is_served = |request: usize| begun.mark.used.contains(&(request as u32));
        if is_short || cost + self.least[day + 1] > self.costs.most || self.steps.requests(day, step).any(is_served) {
            return None;
        }
        let mut sum = self.sum(&begun.mark);
        sum.iter_mut().zip(&step.load).for_each(|(known, more)| *known += usize::from(*more));
        let least = self.steps.least(&sum, &self.most[day + 1]);
        let is_too_much = match self.goal {
            Goal::Squares => least as f64 > self.costs.most,
            Goal::Driving(most) => least > most,
        };
        if is_too_much {
            return None;
        }
        let counts = sum.iter().map(|one| *one as u16).chain(self.week(begun, day, &step.load)?).collect();
        let used = begun.mark.used.iter().map(|request| *request as usize).chain(self.steps.requests(day, step));
        let mut used: Vec<u32> = used.filter(|one| self.last[*one] > day).map(|one| one as u32).collect();
        used.sort_unstable();
        let mark = Rc::new(Mark { value, counts, used: used.into() });
        Some(Begun { mark, need: begun.need + step.driving, cost, short, from })
    }

    /// How many sessions each person has in all.
    fn sum(&self, mark: &Mark) -> Vec<usize> {
        mark.counts.iter().take(self.steps.standing.sum.len()).map(|one| usize::from(*one)).collect()
    }

    /// What each person has in a week that could be too much; nothing where it is.
    fn week(&self, begun: &Begun, day: usize, load: &[u8]) -> Option<Vec<u16>> {
        if !self.is_crowded[day] {
            return Some(Vec::new());
        }
        let before = &begun.mark.counts[load.len()..];
        let standing: Vec<u16> = self.steps.standing.weeks[day / WEEK].iter().map(|one| *one as u16).collect();
        let before = if before.is_empty() { &standing } else { before };
        let week: Vec<u16> = before.iter().zip(load).map(|(known, more)| known + u16::from(*more)).collect();
        let fits = week.iter().all(|count| usize::from(*count) <= self.steps.most_per_week);
        let is_over = day % WEEK == WEEK - 1;
        fits.then(|| if is_over { Vec::new() } else { week })
    }
}

/// The steps that lead to a plan.
fn path(trail: &[Vec<(u32, u32)>], mut at: usize) -> Vec<usize> {
    let mut steps = Vec::with_capacity(trail.len());
    for layer in trail.iter().rev() {
        let (before, step) = layer[at];
        steps.push(step as usize);
        at = before as usize;
    }
    steps.reverse();
    steps
}
