//! The most even plan, and among the most even ones the shortest, by prices on what joins the days.
//!
//! With prices on each request, on what each person has in all, on the worth and on how even the plan is, every day can be looked at
//! by itself, and what the days need together is a bound on what any plan needs. Steps that need so much more than the best of their
//! day that no better plan could have them are left out; the rest is gone through branch by branch.

use std::time::{Duration, Instant};

use super::crews::squares;
use super::layers::{Costs, Layers};
use super::master::HAIR;
use super::prices::{Goal, Prices};
use super::search::Dice;
use super::steps::{Ahead, Step, Steps, Way};

/// The search for the plan that needs least.
pub struct Priced<'a, 'b> {
    steps: &'b mut Steps<'a>,
    goal: Goal,
    until: Instant,
    /// The step of each day.
    pub best: Vec<usize>,
    /// What these steps need.
    pub need: i64,
    prices: Prices,
    /// What each step costs at these prices.
    costs: Vec<Vec<f64>>,
    /// What the prices promise beside the days.
    rest: f64,
}

impl<'a, 'b> Priced<'a, 'b> {
    /// A search that begins with a step for each day.
    pub fn of(steps: &'b mut Steps<'a>, best: Vec<usize>, goal: Goal, until: Instant) -> Self {
        let prices = Prices::of(steps, goal);
        let need = need(steps, goal, &steps.way(&best, &[]));
        Self { steps, goal, until, best, need, prices, costs: Vec::new(), rest: 0.0 }
    }

    /// Looks until no plan can need less, or the time is over; says whether the first is so.
    pub fn run(&mut self) -> bool {
        self.relax(300);
        if self.settle() {
            return !self.steps.is_cut;
        }
        let all: Vec<usize> = (0..self.steps.days.len()).filter(|day| self.steps.days[*day].len() > 1).collect();
        let mut dice = Dice(7);
        let (mut idle, mut width) = (0, 2);
        let half = Instant::now() + self.until.saturating_duration_since(Instant::now()) / 2;
        while idle < 300 && all.len() > 2 && Instant::now() < half {
            let mut days: Vec<usize> = (0..width.min(all.len())).map(|_| all[dice.below(all.len())]).collect();
            days.sort_unstable();
            days.dedup();
            let before = self.need;
            self.look(days, 2_000);
            idle = if self.need < before { 0 } else { idle + 1 };
            width = 2 + idle / 60;
        }
        self.relax(600);
        if self.settle() {
            return !self.steps.is_cut;
        }
        self.finish() && !self.steps.is_cut
    }

    /// Goes through all plans that could need less, in the way that gets to the end; says whether it did.
    fn finish(&mut self) -> bool {
        let all: Vec<usize> = (0..self.steps.days.len()).filter(|day| self.steps.days[*day].len() > 1).collect();
        let first = if self.goal == Goal::Squares { 2_000_000 } else { 200_000 };
        self.look(all.clone(), first) || self.layers() || self.look(all, usize::MAX)
    }

    /// Goes through all plans day by day; says whether it came to the end.
    fn layers(&mut self) -> bool {
        let costs = Costs { steps: &self.costs, rest: self.rest, most: self.wanted() };
        let (found, is_whole) = Layers::of(self.steps, self.goal, costs).run(self.until);
        let found = found.map(|best| (need(self.steps, self.goal, &self.steps.way(&best, &[])), best));
        if let Some((need, best)) = found.filter(|(need, _)| *need < self.need) {
            (self.best, self.need) = (best, need);
        }
        is_whole
    }

    /// Less than this is not needed: no plan is better that needs more.
    fn wanted(&self) -> f64 {
        // Squares of numbers with the same sum are all even or all odd.
        let least = if self.goal == Goal::Squares && self.steps.total.is_some() { 2.0 } else { 1.0 };
        self.need as f64 - least + HAIR
    }

    /// Moves the prices to where they promise most.
    fn relax(&mut self, rounds: usize) {
        let mut prices = self.prices.clone();
        let (mut bound, mut pace, mut idle) = (f64::NEG_INFINITY, 1.0_f64, 0);
        for _ in 0..rounds {
            let (promised, slopes) = prices.slopes(self.steps, self.need);
            if promised > bound + HAIR {
                (bound, idle) = (promised, 0);
                self.prices = prices.clone();
            } else {
                idle += 1;
                if idle >= 10 {
                    (pace, idle) = (pace / 1.6, 0);
                    prices = self.prices.clone();
                }
            }
            if bound > self.wanted() || pace < 0.002 || Instant::now() >= self.until {
                break;
            }
            let stride = pace * (self.need as f64 - promised).max(0.5) / slopes.length(&prices).max(0.1);
            prices.move_by(&slopes, stride);
        }
        let cost = |day: usize, step: &Step| self.prices.cost(self.steps, day, step);
        let costs = |(day, own): (usize, &Vec<Step>)| own.iter().map(|step| cost(day, step)).collect();
        self.costs = self.steps.days.iter().enumerate().map(costs).collect();
        self.rest = self.prices.beside(self.steps, self.need).1;
    }

    /// Leaves out the steps that no plan as good can have; says whether there is no better plan at all.
    fn settle(&mut self) -> bool {
        let least = |costs: &Vec<f64>| costs.iter().copied().fold(f64::INFINITY, f64::min);
        let mins: Vec<f64> = self.costs.iter().map(least).collect();
        let bound = self.rest + mins.iter().sum::<f64>();
        let left = self.need as f64 + HAIR - bound;
        for (day, min) in mins.iter().enumerate() {
            let best = self.best[day];
            let keeps: Vec<bool> =
                self.costs[day].iter().enumerate().map(|(at, cost)| at == best || cost - min <= left).collect();
            self.best[day] = keeps[..best].iter().filter(|keeps| **keeps).count();
            let mut all = keeps.iter();
            self.steps.days[day].retain(|_| *all.next().unwrap_or(&true));
            let mut all = keeps.iter();
            self.costs[day].retain(|_| *all.next().unwrap_or(&true));
        }
        bound > self.wanted()
    }

    /// Looks at all plans that differ on these days alone, at most so many branches; says whether it came to the end.
    fn look(&mut self, days: Vec<usize>, mut most: usize) -> bool {
        let mut way = self.steps.way(&self.best, &days);
        let ahead = self.steps.ahead(days);
        let fixed = (0..self.costs.len()).filter(|day| !ahead.days.contains(day));
        let spent = self.rest + fixed.map(|day| self.costs[day][self.best[day]]).sum::<f64>();
        let mut least = vec![0.0];
        for day in ahead.days.iter().rev() {
            least.push(least[least.len() - 1] + self.costs[*day].iter().copied().fold(f64::INFINITY, f64::min));
        }
        least.reverse();
        self.descend(&mut way, (&ahead, &least, &mut most), spent, 0)
    }

    fn descend(
        &mut self,
        way: &mut Way,
        (ahead, least, left): (&Ahead, &[f64], &mut usize),
        spent: f64,
        depth: usize,
    ) -> bool {
        if *left == 0 || left.is_multiple_of(256) && Instant::now() >= self.until {
            return false;
        }
        *left -= 1;
        let squares = self.steps.least(&way.sum, &ahead.most[depth]);
        let is_too_much = match self.goal {
            Goal::Squares => squares as i64 >= self.need,
            Goal::Driving(most) => squares > most,
        };
        if is_too_much || way.value + ahead.value[depth] < self.steps.wanted {
            return true;
        }
        let Some(day) = ahead.days.get(depth).copied() else {
            let need = need(self.steps, self.goal, way);
            if need < self.need {
                (self.best, self.need) = (way.steps.clone(), need);
            }
            return true;
        };
        let own = &self.steps.days[day];
        let could = |search: &Self, at: usize| spent + search.costs[day][at] + least[depth + 1] <= search.wanted();
        let mut open: Vec<usize> =
            (0..own.len()).filter(|at| could(self, *at) && self.steps.fits(way, day, &own[*at])).collect();
        open.sort_by(|one, other| self.costs[day][*one].total_cmp(&self.costs[day][*other]));
        for at in open {
            if !could(self, at) {
                break;
            }
            self.steps.take(way, day, at, true);
            let goes_on = self.descend(way, (ahead, least, left), spent + self.costs[day][at], depth + 1);
            self.steps.take(way, day, at, false);
            if !goes_on {
                return false;
            }
        }
        true
    }
}

/// What a whole plan needs.
fn need(steps: &Steps, goal: Goal, way: &Way) -> i64 {
    match goal {
        Goal::Squares => squares(&way.sum) as i64,
        Goal::Driving(_) => way.steps.iter().zip(&steps.days).map(|(at, own)| own[*at].driving).sum(),
    }
}

/// How much of a time is spent on driving where the rest is proven: for a few requests hardly any.
pub fn share(limit: Duration, requests: usize) -> Duration {
    let few = Duration::from_micros(1_500) * u32::try_from(requests * requests).unwrap_or(u32::MAX);
    few.min(limit / 8)
}
