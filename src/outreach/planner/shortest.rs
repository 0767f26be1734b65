//! The least driving among the plans that are worth as much and share the work as evenly.
//!
//! Driving adds up day by day, so with prices on what joins the days (each request once, what each person has in all, how even that
//! is, and the worth) every day can be looked at by itself, and what the days need together is a bound on the driving of any plan.
//! Steps that need so much more than the best of their day that no shorter plan could have them are left out; the rest is gone
//! through branch by branch.

use std::time::{Duration, Instant};

use super::master::HAIR;
use super::search::Dice;
use super::steps::{Ahead, Step, Steps, Way};

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

/// The search for the shortest plan.
pub struct Shortest<'a, 'b> {
    steps: &'b mut Steps<'a>,
    /// The sum of the squares that is allowed.
    squares: usize,
    until: Instant,
    /// The step of each day.
    pub best: Vec<usize>,
    /// What these steps drive.
    driving: i64,
    prices: Prices,
    /// What each step costs at these prices.
    costs: Vec<Vec<f64>>,
    /// What the prices promise beside the days.
    rest: f64,
}

impl<'a, 'b> Shortest<'a, 'b> {
    /// A search that begins with a step for each day.
    pub fn of(steps: &'b mut Steps<'a>, best: Vec<usize>, squares: usize, until: Instant) -> Self {
        let (people, requests) = (steps.standing.sum.len(), steps.master.requests);
        let driving = best.iter().zip(&steps.days).map(|(at, own)| own[*at].driving).sum();
        let prices = Prices { people: vec![0.0; people], requests: vec![0.0; requests], worth: 0.0, squares: 0.01 };
        Self { steps, squares, until, best, driving, prices, costs: Vec::new(), rest: 0.0 }
    }

    /// Looks until no plan can be shorter, or the time is over; says whether the first is so.
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
            let before = self.driving;
            self.look(days, 2_000);
            idle = if self.driving < before { 0 } else { idle + 1 };
            width = 2 + idle / 60;
        }
        self.relax(600);
        if self.settle() {
            return !self.steps.is_cut;
        }
        let all = (0..self.steps.days.len()).filter(|day| self.steps.days[*day].len() > 1).collect();
        self.look(all, usize::MAX) && !self.steps.is_cut
    }

    fn cost(&self, prices: &Prices, day: usize, step: &Step) -> f64 {
        let unit = self.steps.master.unit as f64;
        let people: f64 = step.load.iter().zip(&prices.people).map(|(count, price)| f64::from(*count) * price).sum();
        let requests: f64 = self.steps.requests(day, step).map(|request| prices.requests[request]).sum();
        step.driving as f64 + people + requests - prices.worth * step.value as f64 / unit
    }

    /// How many sessions each person would have at these prices, and what the prices promise beside the days.
    fn beside(&self, prices: &Prices) -> (Vec<f64>, f64) {
        let held = &self.steps.standing.sum;
        let most = (self.squares as f64).sqrt().floor();
        let mut rest = prices.worth * self.steps.wanted as f64 / self.steps.master.unit as f64;
        rest -= prices.requests.iter().sum::<f64>() + prices.squares * self.squares as f64;
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
        let scale = 2.0 * (self.squares as f64 / self.prices.people.len().max(1) as f64).sqrt().max(1.0);
        for _ in 0..rounds {
            let (sums, rest) = self.beside(&prices);
            let mut taken = Prices {
                people: sums.iter().zip(&self.steps.standing.sum).map(|(sum, held)| *held as f64 - sum).collect(),
                requests: vec![-1.0; prices.requests.len()],
                worth: self.steps.wanted as f64 / unit,
                squares: (sums.iter().map(|sum| sum * sum).sum::<f64>() - self.squares as f64) / scale,
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
            if bound > self.driving as f64 - 1.0 + HAIR || pace < 0.002 || Instant::now() >= self.until {
                break;
            }
            let stride = pace * (self.driving as f64 - promised).max(0.5) / taken.length(&prices).max(0.1);
            prices.move_by(&taken, stride, scale);
        }
        let costs =
            |(day, own): (usize, &Vec<Step>)| own.iter().map(|step| self.cost(&self.prices, day, step)).collect();
        self.costs = self.steps.days.iter().enumerate().map(costs).collect();
        self.rest = self.beside(&self.prices).1;
    }

    /// Leaves out the steps that no shorter plan can have; says whether there is no shorter plan at all.
    fn settle(&mut self) -> bool {
        let least = |costs: &Vec<f64>| costs.iter().copied().fold(f64::INFINITY, f64::min);
        let mins: Vec<f64> = self.costs.iter().map(least).collect();
        let bound = self.rest + mins.iter().sum::<f64>();
        let left = self.driving as f64 - 1.0 + HAIR - bound;
        if left < 0.0 {
            return true;
        }
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
        false
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
        if way.value + ahead.value[depth] < self.steps.wanted || self.steps.least(way, ahead, depth) > self.squares {
            return true;
        }
        let Some(day) = ahead.days.get(depth).copied() else {
            let own = way.steps.iter().zip(&self.steps.days);
            let driving = own.map(|(at, own)| own[*at].driving).sum();
            if driving < self.driving {
                (self.best, self.driving) = (way.steps.clone(), driving);
            }
            return true;
        };
        let own = &self.steps.days[day];
        let is_short = |at: usize, driving: i64, costs: &[f64]| {
            spent + costs[at] + least[depth + 1] <= driving as f64 - 1.0 + HAIR
        };
        let mut open: Vec<usize> = (0..own.len())
            .filter(|at| is_short(*at, self.driving, &self.costs[day]) && self.steps.fits(way, day, &own[*at]))
            .collect();
        open.sort_by(|one, other| self.costs[day][*one].total_cmp(&self.costs[day][*other]));
        for at in open {
            if !is_short(at, self.driving, &self.costs[day]) {
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

/// How much of a time is spent on driving, where the rest is proven early.
pub fn share(limit: Duration) -> Duration {
    limit / 24
}
