//! Who goes: for the sets that were chosen for the days, one crew a day, so that nobody has too much in a week and all have about the
//! same.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use super::choice::{Choices, People};
use super::day::{Crew, Day, Load, Set, Shift};
use super::driving::Roads;
use super::instance::{Instance, WEEK};
use super::master::{self, Master};
use super::search::Picks;

/// Most loads of a set that are compared.
const MOST_SHIFTS: usize = 4_000;

/// The loads of a set, each with the crew that drives least.
pub type Shifts = Rc<Vec<Shift>>;

/// The crews of all days, looked up once.
#[derive(Debug)]
pub struct Crews {
    days: Vec<Day>,
    roads: Vec<Roads>,
    most_per_week: usize,
    standing: Standing,
    /// For each week whoever could have too much in it.
    crowded: Vec<People>,
    known: HashMap<(usize, Set), Shifts>,
    /// The crew of each day in a plan that is known.
    given: HashMap<(usize, Set), Crew>,
    lean: HashMap<(usize, Set), Rc<Vec<Load>>>,
    /// Whether some loads of some set were left out.
    pub is_cut: bool,
}

impl Crews {
    /// The crews of these days.
    pub fn of(instance: &Instance, all: &Choices, days: Vec<Day>) -> Self {
        let mut crowded = vec![0; days.len().div_ceil(WEEK)];
        for (week, person) in master::crowded(instance, all) {
            crowded[week] |= 1 << person;
        }
        let (known, given, lean) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (most_per_week, standing) = (instance.most_per_week, Standing::of(instance, days.len()));
        let roads = (0..days.len()).map(|day| Roads::of(instance, all, day)).collect();
        Self { days, roads, most_per_week, standing, crowded, known, given, lean, is_cut: false }
    }

    /// The loads of a set on a day.
    pub fn shifts(&mut self, day: usize, set: Set) -> Shifts {
        if let Some(shifts) = self.known.get(&(day, set)) {
            return shifts.clone();
        }
        let (mut shifts, is_all) = self.days[day].shifts(set, &self.roads[day], MOST_SHIFTS);
        self.is_cut |= !is_all;
        if let Some(crew) = self.given.get(&(day, set)).filter(|_| !is_all) {
            shifts.push(self.days[day].shift(crew, &self.roads[day]));
        }
        self.known.entry((day, set)).or_insert(Rc::new(shifts)).clone()
    }

    /// Gives a crew to look at first of all, where there are too many for looking at all.
    pub fn give(&mut self, day: usize, set: Set, crew: Crew) {
        self.given.insert((day, set), crew);
    }

    /// The shifts of the crews that were given, by their places, where all of these sets have one.
    pub fn given(&mut self, sets: &[Set]) -> Option<Vec<usize>> {
        let at = |(day, set): (usize, &Set)| {
            let crew = self.given.get(&(day, *set)).cloned();
            let crew = if *set == 0 { Some(Vec::new()) } else { crew };
            let load = self.days[day].load(&crew?);
            self.shifts(day, *set).iter().rposition(|shift| shift.load == load)
        };
        sets.iter().enumerate().map(at).collect()
    }

    /// Whether nobody needs to have too much in any week.
    pub fn fit(&mut self, master: &Master, picks: &Picks) -> bool {
        let sets = sets(master, picks);
        (0..self.crowded.len()).all(|week| self.week_fits(week, &sets))
    }

    fn week_fits(&mut self, week: usize, sets: &[Set]) -> bool {
        let some = self.crowded[week];
        if some == 0 {
            return true;
        }
        let days = week * WEEK..sets.len().min((week + 1) * WEEK);
        let mut lists: Vec<Rc<Vec<Load>>> = Vec::new();
        for day in days.filter(|day| sets[*day] != 0) {
            let own = &self.days[day];
            let lean = self.lean.entry((day, sets[day])).or_insert_with(|| Rc::new(own.lean(sets[day], some)));
            lists.push(lean.clone());
        }
        fill(&lists, &mut self.standing.weeks[week].clone(), self.most_per_week)
    }
}

/// What people have before anything is planned.
#[derive(Clone, Debug)]
pub struct Standing {
    /// For each week how many sessions of each person stand, no more than are allowed.
    pub weeks: Vec<Vec<usize>>,
    /// How many sessions of each person stand in all.
    pub sum: Vec<usize>,
}

impl Standing {
    /// What stands in a problem of so many days.
    pub fn of(instance: &Instance, days: usize) -> Self {
        let people = || 0..instance.people.len();
        let week = |week: usize| people().map(|at| instance.most_per_week - instance.left_in_week(at, week)).collect();
        Self {
            weeks: (0..days.div_ceil(WEEK)).map(week).collect(),
            sum: people().map(|at| instance.people[at].held.len()).collect(),
        }
    }
}

/// The sets of picks.
pub fn sets(master: &Master, picks: &Picks) -> Vec<Set> {
    master.days.iter().zip(picks).map(|(items, at)| items[*at as usize].set).collect()
}

fn fill(loads: &[Rc<Vec<Load>>], sum: &mut Vec<usize>, most: usize) -> bool {
    let Some((here, rest)) = loads.split_first() else { return true };
    here.iter().any(|load| {
        if load.iter().zip(sum.iter()).any(|(more, known)| known + usize::from(*more) > most) {
            return false;
        }
        add(sum, load, true);
        let fits = fill(rest, sum, most);
        add(sum, load, false);
        fits
    })
}

fn add(sum: &mut [usize], load: &Load, more: bool) {
    for (known, one) in sum.iter_mut().zip(load) {
        *known = if more { *known + usize::from(*one) } else { *known - usize::from(*one) };
    }
}

/// Sum of the squares: least where all have the same.
pub fn squares(load: &[usize]) -> usize {
    load.iter().map(|one| one * one).sum()
}

/// A load for each set of the days, by its place, as even as small steps get.
pub fn even_start(crews: &mut Crews, sets: &[Set], until: Instant) -> Vec<usize> {
    let loads: Vec<Shifts> = (0..sets.len()).map(|day| crews.shifts(day, sets[day])).collect();
    let mut even = Even::new(&loads, crews.standing.clone(), crews.most_per_week);
    even.settle(until);
    even.picks
}

/// One load for each day, moved towards the most even.
struct Even<'a> {
    loads: &'a [Shifts],
    most_per_week: usize,
    /// The load of each day, by its place.
    picks: Vec<usize>,
    weeks: Vec<Vec<usize>>,
    /// What each person has in all.
    sum: Vec<usize>,
}

impl<'a> Even<'a> {
    /// A first choice that keeps to the week.
    fn new(loads: &'a [Shifts], Standing { weeks, sum }: Standing, most_per_week: usize) -> Self {
        let mut even = Self { loads, most_per_week, picks: vec![usize::MAX; loads.len()], weeks, sum };
        for week in 0..even.weeks.len() {
            even.begin(week);
        }
        even
    }

    /// The loads of a week one after the other, the most even first; a dead end is left again.
    fn begin(&mut self, week: usize) {
        let days: Vec<usize> = (week * WEEK..self.loads.len().min((week + 1) * WEEK)).collect();
        if !self.descend(&days) {
            // Only where no crews keep to the week, which the search excludes.
            days.iter().for_each(|day| self.take(*day, 0));
        }
    }

    fn descend(&mut self, days: &[usize]) -> bool {
        let Some((day, rest)) = days.split_first() else { return true };
        let mut order: Vec<usize> = (0..self.loads[*day].len()).filter(|at| self.keeps(*day, *at)).collect();
        order.sort_by_key(|at| self.squares_with(*day, *at));
        order.into_iter().any(|at| {
            self.take(*day, at);
            let is_done = self.descend(rest);
            if !is_done {
                self.give(*day);
            }
            is_done
        })
    }

    fn keeps(&self, day: usize, at: usize) -> bool {
        let week = &self.weeks[day / WEEK];
        self.loads[day][at].load.iter().zip(week).all(|(more, known)| known + usize::from(*more) <= self.most_per_week)
    }

    fn squares_with(&self, day: usize, at: usize) -> usize {
        self.loads[day][at].load.iter().zip(&self.sum).map(|(more, known)| (known + usize::from(*more)).pow(2)).sum()
    }

    fn take(&mut self, day: usize, at: usize) {
        self.picks[day] = at;
        add(&mut self.sum, &self.loads[day][at].load, true);
        add(&mut self.weeks[day / WEEK], &self.loads[day][at].load, true);
    }

    fn give(&mut self, day: usize) {
        let at = self.picks[day];
        add(&mut self.sum, &self.loads[day][at].load, false);
        add(&mut self.weeks[day / WEEK], &self.loads[day][at].load, false);
    }

    /// Takes another load on one day, or on two days together, as long as that is more even.
    fn settle(&mut self, until: Instant) {
        while self.one_better() || Instant::now() < until && self.two_better(until) {}
    }

    fn one_better(&mut self) -> bool {
        let before = squares(&self.sum);
        for day in 0..self.loads.len() {
            let was = self.picks[day];
            self.give(day);
            let best = (0..self.loads[day].len())
                .filter(|at| self.keeps(day, *at))
                .min_by_key(|at| self.squares_with(day, *at));
            self.take(day, best.unwrap_or(was));
        }
        squares(&self.sum) < before
    }

    fn two_better(&mut self, until: Instant) -> bool {
        let before = squares(&self.sum);
        for one in 0..self.loads.len() {
            for other in one + 1..self.loads.len() {
                if self.loads[one].len() * self.loads[other].len() > 40_000 || Instant::now() >= until {
                    continue;
                }
                let was = (self.picks[one], self.picks[other]);
                self.give(one);
                self.give(other);
                for at in 0..self.loads[one].len() {
                    if !self.keeps(one, at) {
                        continue;
                    }
                    self.take(one, at);
                    let best = (0..self.loads[other].len())
                        .filter(|at| self.keeps(other, *at))
                        .min_by_key(|at| self.squares_with(other, *at));
                    if let Some(best) = best
                        && self.squares_with(other, best) < before
                    {
                        self.take(other, best);
                        return true;
                    }
                    self.give(one);
                }
                self.take(one, was.0);
                self.take(other, was.1);
            }
        }
        false
    }
}
