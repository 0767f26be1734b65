//! The ways to spend each day once it is known what a plan is worth, and plans made of them day by day.

use std::time::Instant;

use super::crews::{Crews, Standing, squares};
use super::day::{Load, Shift};
use super::instance::{Instance, WEEK};
use super::master::{HAIR, Master, Part};
use super::search::Picks;

/// One way to spend a day: one of its sets with one of the loads that serve it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which of the sets.
    pub item: u32,
    /// Which of the shifts of the set.
    pub at: usize,
    /// How many sessions each person has.
    pub load: Load,
    /// Minutes of driving that it adds.
    pub driving: i64,
    /// What the set is worth.
    pub value: i64,
    /// How much it falls short of the best of its day.
    pub short: f64,
}

/// The steps of all days that a plan of a certain worth can have.
pub struct Steps<'a> {
    /// The sets.
    pub master: &'a Master,
    /// The steps of each day, those of the set that is known first.
    pub days: Vec<Vec<Step>>,
    /// Whether some of the steps were left out.
    pub is_cut: bool,
    /// What people have before anything is planned.
    pub standing: Standing,
    /// What a plan has to be worth.
    pub wanted: i64,
    /// How many sessions people have in all; nothing where that depends on which requests are served.
    pub total: Option<usize>,
    /// How much all days may fall short together.
    pub room: f64,
    /// How many sessions each person may have in a week.
    pub most_per_week: usize,
}

/// A plan on the way.
pub struct Way {
    /// The step of each day.
    pub steps: Vec<usize>,
    /// How many sessions each person has.
    pub sum: Vec<usize>,
    /// What is reached so far.
    pub value: i64,
    used: Vec<bool>,
    weeks: Vec<Vec<usize>>,
    short: f64,
}

/// The days that are still open, in the order in which they are decided, with what those from each place on can add.
pub struct Ahead {
    /// The days.
    pub days: Vec<usize>,
    /// The most that can still be reached.
    pub value: Vec<i64>,
    /// The most sessions that each person can still get.
    pub most: Vec<Vec<usize>>,
}

/// Most steps of a day.
const MANY: usize = 30_000;

impl<'a> Steps<'a> {
    /// The steps of plans that are worth as much as these picks; the bound and the prices of the whole say which sets those can have.
    pub fn of(
        instance: &Instance,
        (master, crews): (&'a Master, &mut Crews),
        picks: &Picks,
        (whole, bound): (&Part, f64),
        until: Instant,
    ) -> Self {
        let wanted = master.worth(picks);
        let mut part = whole.clone();
        master.narrow(&mut part, bound, wanted);
        let mut steps = Self {
            master,
            days: Vec::new(),
            is_cut: false,
            standing: Standing::of(instance, master.days.len()),
            wanted,
            total: total(instance, master.served(wanted).0),
            room: bound - wanted as f64 + HAIR,
            most_per_week: instance.most_per_week,
        };
        for (day, list) in part.lists.iter().enumerate() {
            let own = steps.of_day(crews, day, (picks[day], list), &whole.prices, until);
            steps.days.push(own);
        }
        steps
    }

    /// The steps of a day: the set that is chosen first, and each set once, as good as it can be.
    fn of_day(
        &mut self,
        crews: &mut Crews,
        day: usize,
        (pick, list): (u32, &[u32]),
        prices: &[f64],
        until: Instant,
    ) -> Vec<Step> {
        let items = &self.master.days[day];
        let own = items[pick as usize].set;
        let gain = |at: &u32| self.master.gain_of(&items[*at as usize], prices);
        let mut list: Vec<u32> = list.iter().copied().chain([pick]).collect();
        list.sort_by(|one, other| {
            let key = |at: &u32| (items[*at as usize].set != own, items[*at as usize].set);
            key(one).cmp(&key(other)).then(gain(other).total_cmp(&gain(one)))
        });
        list.dedup_by_key(|at| items[*at as usize].set);
        let gains: Vec<f64> = list.iter().map(gain).collect();
        let most = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut steps: Vec<Step> = Vec::new();
        for (item, gain) in list.into_iter().zip(gains) {
            if steps.len() > MANY || !steps.is_empty() && Instant::now() >= until {
                self.is_cut = true;
                break;
            }
            let chosen = &items[item as usize];
            let step = |(at, shift): (usize, &Shift)| {
                let (load, driving) = (shift.load.clone(), shift.driving);
                Step { item, at, load, driving, value: chosen.value, short: most - gain }
            };
            steps.extend(crews.shifts(day, chosen.set).iter().enumerate().map(step));
        }
        steps
    }

    /// A plan of these steps without what it does on some days.
    pub fn way(&self, best: &[usize], without: &[usize]) -> Way {
        let mut way = Way {
            steps: best.to_vec(),
            used: vec![false; self.master.requests],
            sum: self.standing.sum.clone(),
            weeks: self.standing.weeks.clone(),
            value: 0,
            short: 0.0,
        };
        for day in (0..self.days.len()).filter(|day| !without.contains(day)) {
            self.take(&mut way, day, best[day], true);
        }
        way
    }

    /// Adds a step to a plan, or takes it away.
    pub fn take(&self, way: &mut Way, day: usize, at: usize, more: bool) {
        let step = &self.days[day][at];
        let sign = if more { 1 } else { -1 };
        for request in self.requests(day, step) {
            way.used[request] = more;
        }
        for (person, count) in step.load.iter().enumerate() {
            let count = usize::from(*count);
            let add = |known: &mut usize| *known = if more { *known + count } else { *known - count };
            add(&mut way.sum[person]);
            add(&mut way.weeks[day / WEEK][person]);
        }
        way.value += sign * step.value;
        way.short += sign as f64 * step.short;
        way.steps[day] = at;
    }

    /// The requests that a step serves.
    pub fn requests(&self, day: usize, step: &Step) -> impl Iterator<Item = usize> {
        self.master.days[day][step.item as usize].choices.iter().map(|choice| self.master.request[*choice as usize])
    }

    /// Some days as they are open.
    pub fn ahead(&self, mut days: Vec<usize>) -> Ahead {
        days.sort_by_key(|day| (self.days[*day].len(), *day));
        self.ahead_in_order(days)
    }

    /// Some days as they are open, in this order.
    pub fn ahead_in_order(&self, days: Vec<usize>) -> Ahead {
        let people = self.standing.sum.len();
        let (mut value, mut most) = (vec![0], vec![vec![0; people]]);
        for day in days.iter().rev() {
            let steps = &self.days[*day];
            value.push(value[value.len() - 1] + steps.iter().map(|step| step.value).max().unwrap_or(0));
            let before = &most[most.len() - 1];
            let own = |person: usize| steps.iter().map(|step| usize::from(step.load[person])).max().unwrap_or(0);
            most.push((0..people).map(|person| before[person] + own(person)).collect());
        }
        value.reverse();
        most.reverse();
        Ahead { days, value, most }
    }

    /// Whether a plan on the way can take a step.
    pub fn fits(&self, way: &Way, day: usize, step: &Step) -> bool {
        way.short + step.short <= self.room
            && self.requests(day, step).all(|request| !way.used[request])
            && step
                .load
                .iter()
                .zip(&way.weeks[day / WEEK])
                .all(|(more, known)| known + usize::from(*more) <= self.most_per_week)
    }

    /// Whether somebody could have too much in a week.
    pub fn is_crowded(&self, week: usize) -> bool {
        let most = |person: usize| {
            let own = self.days.iter().skip(week * WEEK).take(WEEK);
            let most = own.map(|steps| steps.iter().map(|step| usize::from(step.load[person])).max().unwrap_or(0));
            most.sum::<usize>() + self.standing.weeks[week][person]
        };
        (0..self.standing.sum.len()).any(|person| most(person) > self.most_per_week)
    }

    /// The least sum of squares that a plan can still have: the rest given to those who have least, as far as they can have more.
    pub fn least(&self, sum: &[usize], room: &[usize]) -> usize {
        let (mut sum, mut room) = (sum.to_vec(), room.to_vec());
        let mut rest = self.total.map_or(0, |total| total.saturating_sub(sum.iter().sum()));
        while rest > 0 {
            let Some(next) = (0..sum.len()).filter(|person| room[*person] > 0).min_by_key(|person| sum[*person]) else {
                return usize::MAX;
            };
            sum[next] += 1;
            room[next] -= 1;
            rest -= 1;
        }
        squares(&sum)
    }
}

/// How many sessions people have in all where every request needs as many, those that stand among them.
fn total(instance: &Instance, served: usize) -> Option<usize> {
    let first = instance.requests.first()?.need;
    let held: usize = instance.people.iter().map(|one| one.held.len()).sum();
    instance.requests.iter().all(|one| one.need == first).then_some(first * served + held)
}
