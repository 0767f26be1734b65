//! The most even plan, and among the most even ones the shortest, by prices on what joins the days.
//!
//! With prices on each request, on what each person has in all, on the worth and on how even the plan is, every day can be looked at
//! by itself, and what the days need together is a bound on what any plan needs. Steps that need so much more than the best of their
//! day that no better plan could have them are left out; the rest is gone through branch by branch.

use std::time::{Duration, Instant};

use super::crews::squares;
use super::layers::{Costs, Layers};
use super::master::HAIR;
use super::search::Dice;
use super::steps::{Ahead, Step, Steps, Way};

/// What is to be as little as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The sum of the squares of what each person has.
    Squares,
    /// The minutes of driving, with no more than this sum of the squares.
    Driving(usize),
}

/// What is paid for what joins the days.
#[derive(Clone, Debug)]
struct Prices {
    /// A session of each person.
    people: Vec<f64>,
    /// Each request.
    requests: Vec<f64>,
    /// The worth, in units of one request.
    worth: f64,
    /// The sum of the squares.
    squares: f64,
}

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
        let (people, requests) = (steps.standing.sum.len(), steps.master.requests);
        let squares = if goal == Goal::Squares { 1.0 } else { 0.01 };
        let prices = Prices { people: vec![0.0; people], requests: vec![0.0; requests], worth: 0.0, squares };
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

    /// What a step needs by itself.
    fn own(&self, step: &Step) -> i64 {
        if self.goal == Goal::Squares { 0 } else { step.driving }
    }

    /// Less than this is not needed: no plan is better that needs more.
    fn wanted(&self) -> f64 {
        // Squares of numbers with the same sum are all even or all odd.
        let least = if self.goal == Goal::Squares && self.steps.total.is_some() { 2.0 } else { 1.0 };
        self.need as f64 - least + HAIR
    }

    fn cost(&self, prices: &Prices, day: usize, step: &Step) -> f64 {
        let unit = self.steps.master.unit as f64;
        let people: f64 = step.load.iter().zip(&prices.people).map(|(count, price)| f64::from(*count) * price).sum();
        let requests: f64 = self.steps.requests(day, step).map(|request| prices.requests[request]).sum();
        self.own(step) as f64 + people + requests - prices.worth * step.value as f64 / unit
    }

    /// How many sessions each person would have at these prices, and what the prices promise beside the days.
    fn beside(&self, prices: &Prices) -> (Vec<f64>, f64) {
        let held = &self.steps.standing.sum;
        let (allowed, most) = match self.goal {
            Goal::Squares => (0.0, (self.need as f64).sqrt().floor()),
            Goal::Driving(squares) => (squares as f64, (squares as f64).sqrt().floor()),
        };
        let mut rest = prices.worth * self.steps.wanted as f64 / self.steps.master.unit as f64;
        rest -= prices.requests.iter().sum::<f64>() + prices.squares * allowed;
        let mut sums = Vec::with_capacity(held.len());
        for (price, held) in prices.people.iter().zip(held) {
            let (held, worth) = (*held as f64, |sum: f64| price * (sum - *held as f64) - prices.squares * sum * sum);
            let near = (price / (2.0 * prices.squares.max(1e-9))).clamp(held, most.max(held)).floor();
            let sum = if near < most && worth(near + 1.0) > worth(near) { near + 1.0 } else { near };
            rest -= worth(sum);
            sums.push(sum);
        }
        (sums, rest)
    }

    /// Moves the prices to where they promise most.
    fn relax(&mut self, rounds: usize) {
        let mut prices = self.prices.clone();
        let (mut bound, mut pace, mut idle) = (f64::NEG_INFINITY, 1.0_f64, 0);
        let unit = self.steps.master.unit as f64;
        let allowed = if let Goal::Driving(squares) = self.goal { squares as f64 } else { 0.0 };
        let scale = 2.0 * (allowed / self.prices.people.len().max(1) as f64).sqrt().max(1.0);
        for _ in 0..rounds {
            let (sums, rest) = self.beside(&prices);
            let mut taken = Prices {
                people: sums.iter().zip(&self.steps.standing.sum).map(|(sum, held)| *held as f64 - sum).collect(),
                requests: vec![-1.0; prices.requests.len()],
                worth: self.steps.wanted as f64 / unit,
                squares: match self.goal {
                    Goal::Squares => 0.0,
                    Goal::Driving(_) => (sums.iter().map(|sum| sum * sum).sum::<f64>() - allowed) / scale,
                },
            };
            let mut promised = rest;
            for (day, own) in self.steps.days.iter().enumerate() {
                let costs = own.iter().map(|step| (self.cost(&prices, day, step), step));
                let Some((cost, step)) = costs.min_by(|one, other| one.0.total_cmp(&other.0)) else { continue };
                promised += cost;
                taken.people.iter_mut().zip(&step.load).for_each(|(sum, count)| *sum += f64::from(*count));
                self.steps.requests(day, step).for_each(|request| taken.requests[request] += 1.0);
                taken.worth -= step.value as f64 / unit;
            }
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
            let stride = pace * (self.need as f64 - promised).max(0.5) / taken.length(&prices).max(0.1);
            prices.move_by(&taken, stride, scale);
        }
        let costs =
            |(day, own): (usize, &Vec<Step>)| own.iter().map(|step| self.cost(&self.prices, day, step)).collect();
        self.costs = self.steps.days.iter().enumerate().map(costs).collect();
        self.rest = self.beside(&self.prices).1;
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

impl Prices {
    /// The square of the length of a step, without what would only lower a price below nothing.
    fn length(&self, now: &Self) -> f64 {
        let open = |slope: f64, price: f64| if slope < 0.0 && price <= 0.0 { 0.0 } else { slope * slope };
        let requests = self.requests.iter().zip(&now.requests).map(|(slope, price)| open(*slope, *price));
        self.people.iter().map(|slope| slope * slope).sum::<f64>()
            + requests.sum::<f64>()
            + open(self.worth, now.worth)
            + open(self.squares, now.squares)
    }

    fn move_by(&mut self, slopes: &Self, stride: f64, scale: f64) {
        self.people.iter_mut().zip(&slopes.people).for_each(|(price, slope)| *price += stride * slope);
        let requests = self.requests.iter_mut().zip(&slopes.requests);
        requests.for_each(|(price, slope)| *price = (*price + stride * slope).max(0.0));
        self.worth = (self.worth + stride * slopes.worth).max(0.0);
        self.squares = (self.squares + stride * slopes.squares / scale).max(0.0);
    }
}

/// How much of a time is spent on driving where the rest is proven: for a few requests hardly any.
pub fn share(limit: Duration, requests: usize) -> Duration {
    let few = Duration::from_micros(1_500) * u32::try_from(requests * requests).unwrap_or(u32::MAX);
    few.min(limit / 8)
}
