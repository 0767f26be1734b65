//! Looking for the best sets of wishes: repairing what the prices suggest, looking again at a few days at a time, and going through
//! the rest branch by branch, each with the bound that its prices give.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use super::choice::Choices;
use super::crews::Crews;
use super::day::Set;
use super::master::{HAIR, Master, Part};

/// One pick for each day: a set of wishes by its place in the list of the day.
pub type Picks = Vec<u32>;

/// Numbers that look like chance and are the same in every run.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// The search with the best that is known so far.
pub struct Search<'a> {
    master: &'a Master,
    all: &'a Choices,
    crews: &'a mut Crews,
    until: Instant,
    dice: Dice,
    places: Vec<HashMap<Set, u32>>,
    /// The choices of each request, the best first.
    wishes: Vec<Vec<u32>>,
    /// The best picks.
    pub best: Picks,
    /// What they are worth.
    pub worth: i64,
}

impl<'a> Search<'a> {
    /// A search that knows these picks.
    pub fn new(master: &'a Master, all: &'a Choices, crews: &'a mut Crews, known: Picks, until: Instant) -> Self {
        let place = |items: &Vec<super::master::Item>| items.iter().zip(0..).map(|(item, at)| (item.set, at)).collect();
        let mut wishes: Vec<Vec<u32>> = Vec::new();
        for (at, one) in all.all.iter().enumerate() {
            wishes.resize(wishes.len().max(one.request + 1), Vec::new());
            wishes[one.request].push(at as u32);
        }
        wishes.iter_mut().for_each(|list| list.sort_by_key(|at| all.all[*at as usize].rank));
        let worth = master.worth(&known);
        let places = master.days.iter().map(place).collect();
        Self { master, all, crews, until, dice: Dice(11), places, wishes, best: known, worth }
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Searches until nothing better can exist or the time is over; tells the bound and the whole problem with its last prices.
    pub fn run(&mut self) -> (i64, Part, f64) {
        let mut root = self.master.whole();
        let relaxed = self.master.relax(&mut root, self.worth, 2_000);
        let (bound, whole) = (relaxed.bound, root.clone());
        self.repair(&relaxed.picks);
        self.look_again(&root, bound, 400);
        let proven = self.explore(root, usize::MAX);
        (proven.max(self.worth).min(floor(bound)), whole, bound)
    }

    /// Looks again at a few days at a time, as long as it helps.
    fn look_again(&mut self, root: &Part, bound: f64, rounds: usize) {
        let busy: Vec<usize> = (0..self.master.days.len()).filter(|day| self.master.days[*day].len() > 1).collect();
        let (mut idle, mut width) = (0, 3);
        while idle < rounds && self.worth < floor(bound) && !self.is_over() && busy.len() > 1 {
            let mut open = vec![false; self.master.days.len()];
            for _ in 0..width.min(busy.len()) {
                open[busy[self.dice.below(busy.len())]] = true;
            }
            let part = self.around(root, &open);
            let before = self.worth;
            self.explore(part, 60);
            idle = if self.worth > before { 0 } else { idle + 1 };
            width = 3 + idle * 5 / rounds.max(1);
        }
    }

    /// The part in which only these days are open; all others stay as in the best picks.
    fn around(&self, root: &Part, open: &[bool]) -> Part {
        let mut kept = vec![false; root.prices.len()];
        for (day, at) in self.best.iter().enumerate().filter(|(day, _)| !open[*day]) {
            self.master.days[day][*at as usize]
                .choices
                .iter()
                .for_each(|choice| kept[self.master.request[*choice as usize]] = true);
        }
        let list = |day: usize| -> Vec<u32> {
            if !open[day] {
                return vec![self.best[day]];
            }
            let items = &self.master.days[day];
            let is_free = |at: &u32| {
                items[*at as usize].choices.iter().all(|choice| !kept[self.master.request[*choice as usize]])
            };
            root.lists[day].iter().copied().filter(is_free).collect()
        };
        Part { lists: (0..open.len()).map(|day| Rc::new(list(day))).collect(), prices: root.prices.clone() }
    }

    /// Goes through a part branch by branch, at most so many of them; tells what cannot be excluded.
    fn explore(&mut self, root: Part, most: usize) -> i64 {
        let mut open = vec![(root, f64::INFINITY)];
        let mut looked = 0;
        while let Some((mut part, above)) = open.pop() {
            if floor(above) <= self.worth {
                continue;
            }
            if looked >= most || self.is_over() {
                let rest = open.iter().map(|(_, bound)| floor(*bound)).max().unwrap_or(0);
                return rest.max(floor(above)).max(self.worth);
            }
            looked += 1;
            let relaxed = self.master.relax(&mut part, self.worth, if looked == 1 { 300 } else { 90 });
            let bound = relaxed.bound.min(above);
            if floor(bound) <= self.worth {
                continue;
            }
            self.repair(&relaxed.picks);
            if floor(bound) <= self.worth {
                continue;
            }
            // By the bound of these very prices, also where the part above knew a lower one.
            self.master.narrow(&mut part, relaxed.bound, self.worth + 1);
            if part.lists.iter().any(|list| list.is_empty()) {
                continue;
            }
            let Some(choice) = self.split(&part, &relaxed.picks, &relaxed.shares) else { continue };
            let day = self.all.all[choice as usize].day;
            let first = relaxed.shares[choice as usize] >= 0.4;
            for is_taken in [!first, first] {
                if let Some(part) = self.master.with(&part, choice, day, is_taken) {
                    open.push((part, bound));
                }
            }
        }
        self.worth
    }

    /// The wish to split a part at; nothing where its best picks are the answer to it or it has none.
    fn split(&mut self, part: &Part, picks: &[u32], shares: &[f64]) -> Option<u32> {
        let master = self.master;
        let mut undecided = vec![false; shares.len()];
        for (items, list) in master.days.iter().zip(&part.lists).filter(|(_, list)| list.len() > 1) {
            for at in list.iter() {
                for choice in &items[*at as usize].choices {
                    undecided[*choice as usize] = true;
                }
            }
            // A wish in every open set is decided.
            let first = &items[list[0] as usize].choices;
            for choice in first {
                if list.iter().all(|at| items[*at as usize].choices.contains(choice)) {
                    undecided[*choice as usize] = false;
                }
            }
        }
        let doubt = |choice: usize| shares[choice] * (1.0 - shares[choice]);
        let most = (0..shares.len())
            .filter(|choice| undecided[*choice])
            .max_by(|one, other| doubt(*one).total_cmp(&doubt(*other)))?;
        if doubt(most) > 0.02 {
            return Some(most as u32);
        }
        let taken = |choice: &usize| {
            let day = self.all.all[*choice].day;
            master.days[day][picks[day] as usize].choices.contains(&(*choice as u32))
        };
        (0..shares.len()).filter(|choice| undecided[*choice]).find(taken).or(Some(most)).map(|choice| choice as u32)
    }

    /// Makes plans of picks that may serve a request twice, and keeps one that is better: with whatever else can be served, or, where
    /// that would be too much for somebody's week, as they are.
    fn repair(&mut self, picks: &[u32]) {
        let (at, sets) = self.once(picks);
        let more = self.more(at, sets.clone());
        for sets in [more, sets] {
            let picks: Picks = sets.iter().zip(&self.places).map(|(set, places)| places[set]).collect();
            let worth = self.master.worth(&picks);
            if worth > self.worth && self.crews.fit(self.master, &picks) {
                (self.best, self.worth) = (picks, worth);
            }
        }
    }

    /// Each request once, at the best of its wishes that were picked.
    fn once(&self, picks: &[u32]) -> (Vec<Option<u32>>, Vec<Set>) {
        let mut at: Vec<Option<u32>> = vec![None; self.wishes.len()];
        for (items, pick) in self.master.days.iter().zip(picks) {
            for choice in &items[*pick as usize].choices {
                let slot = &mut at[self.master.request[*choice as usize]];
                if slot.is_none_or(|known| self.master.value[*choice as usize] > self.master.value[known as usize]) {
                    *slot = Some(*choice);
                }
            }
        }
        let mut sets: Vec<Set> = vec![0; self.master.days.len()];
        for choice in at.iter().flatten() {
            sets[self.all.all[*choice as usize].day] |= self.bit(*choice);
        }
        (at, sets)
    }

    /// Whatever else can be served, and better wishes where there is room for them.
    fn more(&mut self, mut at: Vec<Option<u32>>, mut sets: Vec<Set>) -> Vec<Set> {
        let mut order: Vec<usize> = (0..at.len()).filter(|request| at[*request].is_none()).collect();
        order.sort_by_key(|request| self.wishes[*request].len());
        if order.len() > 1 {
            let (one, other) = (self.dice.below(order.len()), self.dice.below(order.len()));
            order.swap(one, other);
        }
        for request in order {
            for choice in self.wishes[request].clone() {
                let day = self.all.all[choice as usize].day;
                let wider = sets[day] | self.bit(choice);
                if self.places[day].contains_key(&wider) {
                    sets[day] = wider;
                    at[request] = Some(choice);
                    break;
                }
            }
        }
        for (request, now) in at.iter().enumerate().filter_map(|(request, now)| Some((request, (*now)?))) {
            for choice in self.wishes[request].clone().into_iter().take_while(|choice| *choice != now) {
                let (from, to) = (self.all.all[now as usize].day, self.all.all[choice as usize].day);
                let left = sets[from] & !self.bit(now);
                let wider = if from == to { left | self.bit(choice) } else { sets[to] | self.bit(choice) };
                if self.places[to].contains_key(&wider) {
                    sets[from] = left;
                    sets[to] = wider;
                    break;
                }
            }
        }
        sets
    }

    fn bit(&self, choice: u32) -> Set {
        1 << self.all.place[choice as usize]
    }
}

fn floor(bound: f64) -> i64 {
    if bound.is_finite() { (bound + HAIR).floor() as i64 } else { i64::MAX }
}
