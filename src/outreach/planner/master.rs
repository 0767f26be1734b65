//! Choosing one set of wishes for each day, so that no request is served twice: the problem that joins the days.
//!
//! With a price on each request the days can be looked at one by one, and what they promise together is a bound on what can be
//! reached at all (Lagrangian relaxation). Prices are moved until the bound is as low as it gets (subgradient steps). What a set
//! falls short of the best of its day can be added up: sets that fall short of more than is left to gain are never needed.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use super::choice::{Choices, People};
use super::day::{Day, Load, Set, choices, people};
use super::instance::{Instance, WEEK};

/// A set of wishes of one day that can be served together.
#[derive(Clone, Debug)]
pub struct Item {
    /// As a set of the day.
    pub set: Set,
    /// The wishes, by their place in the list of all.
    pub choices: Vec<u32>,
    /// What it is worth.
    pub value: i64,
    /// What it takes of the weeks of people who could have too much: the row and how many sessions.
    weeks: Vec<(u32, f64)>,
}

/// All sets of all days.
#[derive(Clone, Debug)]
pub struct Master {
    /// The request of each wish.
    pub request: Vec<usize>,
    /// What each wish is worth: one more request is worth more than all ranks together.
    pub value: Vec<i64>,
    /// The sets of each day, the empty one first.
    pub days: Vec<Vec<Item>>,
    /// What a request is worth before its rank.
    pub unit: i64,
    /// How much there is of each row: one of every request, then the weeks of people who could have too much.
    /// How many requests there are.
    pub requests: usize,
    room: Vec<f64>,
    until: Instant,
}

/// A part of the problem: the sets of each day that are still open, and the prices that were found for it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The open sets of each day.
    pub lists: Vec<Rc<Vec<u32>>>,
    /// The price of each row.
    pub prices: Vec<f64>,
}

/// What the prices say about a part.
#[derive(Clone, Debug)]
pub struct Relaxed {
    /// No more than this can be reached.
    pub bound: f64,
    /// The best set of each day at the best prices.
    pub picks: Vec<u32>,
    /// How much of each wish the last steps took, between 0 and 1.
    pub shares: Vec<f64>,
}

/// Room for numbers that were rounded.
pub const HAIR: f64 = 1e-6;

impl Master {
    /// The problem of these days.
    pub fn of(instance: &Instance, all: &Choices, days: &[Day], sets: Vec<Vec<Set>>, until: Instant) -> Self {
        let requests = instance.requests.len();
        let unit = 1 + all.all.iter().map(|one| one.rank as i64).max().unwrap_or(0) * requests as i64;
        let value: Vec<i64> = all.all.iter().map(|one| unit - one.rank as i64).collect();
        let mut room = vec![1.0; requests];
        let mut rows: HashMap<(usize, usize), u32> = HashMap::new();
        for (week, person) in crowded(instance, all) {
            rows.insert((week, person), room.len() as u32);
            room.push(instance.left_in_week(person, week) as f64);
        }
        let now = Instant::now();
        let half = now + until.saturating_duration_since(now) / 2;
        let items = |(number, (day, sets)): (usize, (&Day, Vec<Set>))| -> Vec<Item> {
            let week = number / WEEK;
            let some = (0..instance.people.len()).filter(|person| rows.contains_key(&(week, *person)));
            let some: People = some.fold(0, |set, person| set | 1 << person);
            let item = |set: Set| {
                let here: Vec<u32> = choices(set).map(|at| day.choices[at] as u32).collect();
                let value = here.iter().map(|at| value[*at as usize]).sum();
                // Without the time to look, a set takes nothing: what can be reached is then only told too high.
                let is_late = some == 0 || Instant::now() >= half;
                let lean = if is_late { vec![Vec::new()] } else { day.lean(set, some) };
                lean.into_iter().map(move |load| (load, here.clone(), set, value)).collect::<Vec<_>>()
            };
            let taken = |load: &Load| {
                let taken = load.iter().enumerate().filter(|(_, count)| **count > 0);
                taken.map(|(person, count)| (rows[&(week, person)], f64::from(*count))).collect()
            };
            let whole = sets.into_iter().flat_map(item);
            whole.map(|(load, choices, set, value)| Item { set, choices, value, weeks: taken(&load) }).collect()
        };
        let days = days.iter().zip(sets).enumerate().map(items).collect();
        Self { request: all.all.iter().map(|one| one.request).collect(), value, days, unit, requests, room, until }
    }

    /// The whole problem.
    pub fn whole(&self) -> Part {
        let lists = self.days.iter().map(|items| Rc::new((0..items.len() as u32).collect())).collect();
        Part { lists, prices: vec![0.0; self.room.len()] }
    }

    /// What picks are worth, counting each request once at its best.
    pub fn worth(&self, picks: &[u32]) -> i64 {
        self.days.iter().zip(picks).map(|(items, at)| items[*at as usize].value).sum()
    }

    /// How many requests are served and the sum of their ranks, from a worth.
    pub fn served(&self, worth: i64) -> (usize, i64) {
        let served = (worth + self.unit - 1).div_euclid(self.unit);
        (served as usize, served * self.unit - worth)
    }

    /// Moves the prices of a part until nothing more can be reached than `known`, or no step helps.
    pub fn relax(&self, part: &mut Part, known: i64, steps: usize) -> Relaxed {
        let mut best = Relaxed { bound: f64::INFINITY, picks: Vec::new(), shares: vec![0.0; self.value.len()] };
        let mut prices = part.prices.clone();
        let mut gains = vec![0.0; self.value.len()];
        let mut taken = vec![0.0_f64; self.room.len()];
        let mut picks = vec![0_u32; self.days.len()];
        let (mut pace, mut idle) = (1.0_f64, 0);
        for step in 0..steps {
            for (at, gain) in gains.iter_mut().enumerate() {
                *gain = self.value[at] as f64 - prices[self.request[at]];
            }
            let bound = self.look(&part.lists, (&gains, &prices), &mut picks)
                + prices.iter().zip(&self.room).map(|(price, room)| price * room).sum::<f64>();
            if bound < best.bound - HAIR {
                best.bound = bound;
                best.picks.clone_from(&picks);
                part.prices.clone_from(&prices);
                idle = 0;
            } else {
                idle += 1;
                if idle >= 12 {
                    (pace, idle) = (pace / 1.6, 0);
                    prices.clone_from(&part.prices);
                }
            }
            if best.bound < (known + 1) as f64 - HAIR || pace < 0.002 || Instant::now() >= self.until {
                break;
            }
            taken.fill(0.0);
            let fading = if step < 20 { 0.7 } else { 0.93 };
            best.shares.iter_mut().for_each(|share| *share *= fading);
            for (items, at) in self.days.iter().zip(&picks) {
                for (row, count) in &items[*at as usize].weeks {
                    taken[*row as usize] += count;
                }
                for choice in &items[*at as usize].choices {
                    taken[self.request[*choice as usize]] += 1.0;
                    best.shares[*choice as usize] += 1.0 - fading;
                }
            }
            let slope = |row: usize, prices: &[f64]| {
                let slope = self.room[row] - taken[row];
                if slope > 0.0 && prices[row] <= 0.0 { 0.0 } else { slope }
            };
            let length: f64 = (0..self.room.len()).map(|at| slope(at, &prices).powi(2)).sum();
            if length < 0.5 {
                break;
            }
            let stride = pace * (bound - known as f64).max(0.5) / length;
            for row in 0..self.room.len() {
                prices[row] = (prices[row] - stride * slope(row, &prices)).max(0.0);
            }
        }
        best
    }

    fn look(&self, lists: &[Rc<Vec<u32>>], (gains, prices): (&[f64], &[f64]), picks: &mut [u32]) -> f64 {
        let mut sum = 0.0;
        for (day, list) in lists.iter().enumerate() {
            let items = &self.days[day];
            let mut most = f64::NEG_INFINITY;
            for at in list.iter() {
                let gain = gain(&items[*at as usize], gains, prices);
                if gain > most {
                    (most, picks[day]) = (gain, *at);
                }
            }
            sum += most;
        }
        sum
    }

    /// Leaves out of a part what falls short of so much that `wanted` could not be reached any more.
    pub fn narrow(&self, part: &mut Part, bound: f64, wanted: i64) {
        let left = bound - wanted as f64 + HAIR;
        let gains: Vec<f64> =
            (0..self.value.len()).map(|at| self.value[at] as f64 - part.prices[self.request[at]]).collect();
        for (items, list) in self.days.iter().zip(&mut part.lists) {
            let gain = |at: u32| gain(&items[at as usize], &gains, &part.prices);
            let most = list.iter().map(|at| gain(*at)).fold(f64::NEG_INFINITY, f64::max);
            if list.iter().any(|at| most - gain(*at) > left) {
                *list = Rc::new(list.iter().copied().filter(|at| most - gain(*at) <= left).collect());
            }
        }
    }

    /// What a set is worth at these prices.
    pub fn gain_of(&self, item: &Item, prices: &[f64]) -> f64 {
        let gain = |choice: &u32| self.value[*choice as usize] as f64 - prices[self.request[*choice as usize]];
        let weeks: f64 = item.weeks.iter().map(|(row, count)| prices[*row as usize] * count).sum();
        item.choices.iter().map(gain).sum::<f64>() - weeks
    }

    /// The same part with one wish taken for certain, or never; nothing where no day could be like that.
    pub fn with(&self, part: &Part, choice: u32, day: usize, is_taken: bool) -> Option<Part> {
        let mut part = part.clone();
        let request = self.request[choice as usize];
        for (at, (items, list)) in self.days.iter().zip(&mut part.lists).enumerate() {
            let is_open = |item: &Item| {
                if !is_taken {
                    return at != day || !item.choices.contains(&choice);
                }
                if at == day {
                    item.choices.contains(&choice)
                } else {
                    item.choices.iter().all(|one| self.request[*one as usize] != request)
                }
            };
            if list.iter().any(|item| !is_open(&items[*item as usize])) {
                *list = Rc::new(list.iter().copied().filter(|item| is_open(&items[*item as usize])).collect());
                if list.is_empty() {
                    return None;
                }
            }
        }
        Some(part)
    }
}

fn gain(item: &Item, gains: &[f64], prices: &[f64]) -> f64 {
    let weeks: f64 = item.weeks.iter().map(|(row, count)| prices[*row as usize] * count).sum();
    item.choices.iter().map(|choice| gains[*choice as usize]).sum::<f64>() - weeks
}

/// The weeks and people in which somebody could have more than is allowed.
pub fn crowded(instance: &Instance, all: &Choices) -> Vec<(usize, usize)> {
    let mut days: HashMap<(usize, usize), usize> = HashMap::new();
    for (day, here) in all.days.iter().enumerate() {
        for person in people(here.iter().fold(0, |set, at| set | all.all[*at].able)) {
            *days.entry((day / WEEK, person)).or_default() += instance.left_on_day(person, day);
        }
    }
    let is_crowded = |((week, person), count): &((usize, usize), usize)| *count > instance.left_in_week(*person, *week);
    let mut found: Vec<(usize, usize)> = days.into_iter().filter(is_crowded).map(|(at, _)| at).collect();
    found.sort_unstable();
    found
}
