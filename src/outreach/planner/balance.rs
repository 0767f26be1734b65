//! Sharing the sessions out evenly, once it is known how many requests can be served and how well.
//!
//! Other wishes may serve as many people as well, so the sets of the days are open again as far as they reach the same; what is
//! looked for is the least sum of the squares of what each person has. A branch is left where even the most even rest is no better.

use std::time::Instant;

use super::crews::{Crews, Standing, even_start, squares};
use super::day::{Crew, Load};
use super::instance::{Instance, WEEK};
use super::master::{HAIR, Master, Part};
use super::search::{Dice, Picks};

/// One way to spend a day: one of its sets with one of the loads that serve it.
#[derive(Clone, Debug)]
struct Step {
    item: u32,
    /// Which of the loads of the set.
    at: usize,
    load: Load,
    value: i64,
    /// How much it falls short of the best of its day.
    short: f64,
}

/// The search for the most even plan among the best ones.
pub struct Balance<'a> {
    master: &'a Master,
    steps: Vec<Vec<Step>>,
    /// Whether some of the steps were left out.
    is_cut: bool,
    room: f64,
    /// How many sessions people have in all; nothing where that depends on which requests are served.
    total: Option<usize>,
    most_per_week: usize,
    standing: Standing,
    until: Instant,
    /// The step of each day.
    best: Vec<usize>,
    squares: usize,
}

/// A plan on the way.
struct Way {
    steps: Vec<usize>,
    used: Vec<bool>,
    sum: Vec<usize>,
    weeks: Vec<Vec<usize>>,
    value: i64,
    short: f64,
}

/// The days that are still open, in the order in which they are decided, with what those from each place on can add.
struct Ahead {
    days: Vec<usize>,
    value: Vec<i64>,
    most: Vec<Vec<usize>>,
    /// What the plan has to be worth in all.
    wanted: i64,
    /// How many branches may still be looked at.
    left: usize,
}

/// Most steps of a day.
const MANY: usize = 30_000;

impl<'a> Balance<'a> {
    /// The plans that are worth as much as these picks; the bound and the prices of the whole say which sets those can have.
    pub fn of(
        instance: &Instance,
        (master, crews): (&'a Master, &mut Crews),
        picks: &Picks,
        (whole, bound): (&Part, f64),
        until: Instant,
    ) -> Self {
        let worth = master.worth(picks);
        let mut part = whole.clone();
        master.narrow(&mut part, bound, worth);
        let start = even_start(crews, &super::crews::sets(master, picks), until);
        let mut balance = Self {
            master,
            steps: Vec::new(),
            is_cut: false,
            room: bound - worth as f64 + HAIR,
            total: total(instance, master.served(worth).0),
            most_per_week: instance.most_per_week,
            standing: Standing::of(instance, master.days.len()),
            until,
            best: Vec::new(),
            squares: 0,
        };
        for (day, items) in master.days.iter().enumerate() {
            let own = items[picks[day] as usize].set;
            let mut list: Vec<u32> = part.lists[day].to_vec();
            list.push(picks[day]);
            let gain = |at: &u32| master.gain_of(&items[*at as usize], &whole.prices);
            // The set that is chosen comes first, and each set once, as good as it can be.
            list.sort_by(|one, other| {
                let key = |at: &u32| (items[*at as usize].set != own, items[*at as usize].set);
                key(one).cmp(&key(other)).then(gain(other).total_cmp(&gain(one)))
            });
            list.dedup_by_key(|at| items[*at as usize].set);
            let gains: Vec<f64> = list.iter().map(gain).collect();
            let most = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut steps = Vec::new();
            for (item, gain) in list.iter().zip(gains) {
                if steps.len() > MANY || !steps.is_empty() && Instant::now() >= until {
                    balance.is_cut = true;
                    break;
                }
                let value = items[*item as usize].value;
                let step = |(at, (load, _)): (usize, &(Load, Crew))| Step {
                    item: *item,
                    at,
                    load: load.clone(),
                    value,
                    short: most - gain,
                };
                steps.extend(crews.loads(day, items[*item as usize].set).iter().enumerate().map(step));
            }
            balance.steps.push(steps);
            balance.best.push(start[day]);
        }
        balance.squares = squares(&balance.way(&[]).sum);
        balance
    }

    /// Looks until no plan can be more even, or the time is over; says whether the first is so.
    pub fn run(&mut self) -> bool {
        let all: Vec<usize> = (0..self.steps.len()).filter(|day| self.steps[*day].len() > 1).collect();
        let whole = |balance: &Self| balance.ahead(all.clone(), balance.worth(), usize::MAX);
        if self.is_least(&whole(self)) {
            return !self.is_cut;
        }
        let mut dice = Dice(5);
        let (mut idle, mut width) = (0, 2);
        while idle < 300 && all.len() > 2 && Instant::now() < self.until {
            let mut days: Vec<usize> = (0..width.min(all.len())).map(|_| all[dice.below(all.len())]).collect();
            days.sort_unstable();
            days.dedup();
            let before = self.squares;
            self.look(days, 3_000);
            idle = if self.squares < before { 0 } else { idle + 1 };
            width = 2 + idle / 75;
        }
        if self.is_least(&whole(self)) {
            return !self.is_cut;
        }
        self.look(all, usize::MAX) && !self.is_cut
    }

    /// The best plan: its picks, and who goes on each day.
    pub fn plan(&self, crews: &mut Crews) -> (Picks, Vec<Crew>) {
        let steps = || self.best.iter().enumerate().map(|(day, at)| (day, &self.steps[day][*at]));
        let crew = |(day, step): (usize, &Step)| {
            let set = self.master.days[day][step.item as usize].set;
            crews.loads(day, set)[step.at].1.clone()
        };
        (steps().map(|(_, step)| step.item).collect(), steps().map(crew).collect())
    }

    fn worth(&self) -> i64 {
        self.best.iter().enumerate().map(|(day, at)| self.steps[day][*at].value).sum()
    }

    /// Whether no plan can be more even than the best one is.
    fn is_least(&self, ahead: &Ahead) -> bool {
        self.least(&self.way(&ahead.days), ahead, 0) >= self.squares
    }

    /// The best plan without what it does on some days.
    fn way(&self, without: &[usize]) -> Way {
        let mut way = Way {
            steps: self.best.clone(),
            used: vec![false; self.master.requests],
            sum: self.standing.sum.clone(),
            weeks: self.standing.weeks.clone(),
            value: 0,
            short: 0.0,
        };
        for day in (0..self.steps.len()).filter(|day| !without.contains(day)) {
            self.take(&mut way, day, self.best[day], true);
        }
        way
    }

    fn take(&self, way: &mut Way, day: usize, at: usize, more: bool) {
        let step = &self.steps[day][at];
        let sign = if more { 1 } else { -1 };
        for choice in &self.master.days[day][step.item as usize].choices {
            way.used[self.master.request[*choice as usize]] = more;
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

    fn ahead(&self, mut days: Vec<usize>, wanted: i64, left: usize) -> Ahead {
        days.sort_by_key(|day| (self.steps[*day].len(), *day));
        let people = self.standing.sum.len();
        let (mut value, mut most) = (vec![0], vec![vec![0; people]]);
        for day in days.iter().rev() {
            let steps = &self.steps[*day];
            value.push(value[value.len() - 1] + steps.iter().map(|step| step.value).max().unwrap_or(0));
            let before = &most[most.len() - 1];
            let own = |person: usize| steps.iter().map(|step| usize::from(step.load[person])).max().unwrap_or(0);
            most.push((0..people).map(|person| before[person] + own(person)).collect());
        }
        value.reverse();
        most.reverse();
        Ahead { days, value, most, wanted, left }
    }

    /// Looks at all plans that differ on these days alone; says whether it came to the end.
    fn look(&mut self, days: Vec<usize>, most: usize) -> bool {
        let mut way = self.way(&days);
        let mut ahead = self.ahead(days, self.worth(), most);
        self.descend(&mut way, &mut ahead, 0)
    }

    fn descend(&mut self, way: &mut Way, ahead: &mut Ahead, depth: usize) -> bool {
        if ahead.left == 0 || ahead.left.is_multiple_of(256) && Instant::now() >= self.until {
            return false;
        }
        ahead.left -= 1;
        if way.value + ahead.value[depth] < ahead.wanted || self.least(way, ahead, depth) >= self.squares {
            return true;
        }
        let Some(day) = ahead.days.get(depth).copied() else {
            self.best.clone_from(&way.steps);
            self.squares = squares(&way.sum);
            return true;
        };
        let mut open: Vec<(usize, usize)> = (0..self.steps[day].len())
            .filter(|at| self.fits(way, day, &self.steps[day][*at]))
            .map(|at| (self.squares_with(way, &self.steps[day][at]), at))
            .collect();
        open.sort_by_key(|(squares, at)| (std::cmp::Reverse(self.steps[day][*at].value), *squares));
        for (_, at) in open {
            self.take(way, day, at, true);
            let goes_on = self.descend(way, ahead, depth + 1);
            self.take(way, day, at, false);
            if !goes_on {
                return false;
            }
        }
        true
    }

    fn fits(&self, way: &Way, day: usize, step: &Step) -> bool {
        let choices = &self.master.days[day][step.item as usize].choices;
        way.short + step.short <= self.room
            && choices.iter().all(|choice| !way.used[self.master.request[*choice as usize]])
            && step
                .load
                .iter()
                .zip(&way.weeks[day / WEEK])
                .all(|(more, known)| known + usize::from(*more) <= self.most_per_week)
    }

    fn squares_with(&self, way: &Way, step: &Step) -> usize {
        way.sum.iter().zip(&step.load).map(|(known, more)| (known + usize::from(*more)).pow(2)).sum()
    }

    /// The least sum of squares that a plan can still have: the rest given to those who have least, as far as they can have more.
    fn least(&self, way: &Way, ahead: &Ahead, depth: usize) -> usize {
        let mut sum = way.sum.clone();
        let mut room = ahead.most[depth].clone();
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

/// How many sessions people have in all, those that stand among them, where every request needs as many.
fn total(instance: &Instance, served: usize) -> Option<usize> {
    let first = instance.requests.first()?.need;
    let held: usize = instance.people.iter().map(|one| one.held.len()).sum();
    instance.requests.iter().all(|one| one.need == first).then_some(first * served + held)
}
