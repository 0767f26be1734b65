//! Finding the plan: all sets of each day, or as many as can be looked at, the best of them for all days, then who goes.

use std::collections::HashMap;
use std::time::Instant;

use super::balance::Balance;
use super::choice::Choices;
use super::crews::{Crews, even_start, sets, squares};
use super::day::{Crew, Day, Set, people};
use super::instance::{Instance, WEEK};
use super::local::Local;
use super::master::{Item, Master};
use super::plan::{Served, Serving, score};
use super::priced::{Priced, share};
use super::prices::Goal;
use super::reach::reach;
use super::search::{Picks, Search};
use super::steps::{Step, Steps};

/// Most sets of a day that are looked at.
const MOST_SETS: usize = 150_000;

/// How many of them are kept where there are more.
const CUT_SETS: usize = 3_000;

/// How many small changes in a row have to find nothing better, before the search by small changes ends.
const IDLE: usize = 30_000;

/// What is found, and what is proven about it.
pub struct Found {
    /// How each request is served.
    pub served: Serving,
    /// No plan reaches more than this.
    pub bound: (usize, usize),
    /// Whether no plan serves more, serves better or shares more evenly.
    pub is_optimal: bool,
    /// Whether no plan that is as good drives less.
    pub is_shortest: bool,
}

/// The best plan that is found until a time, never worse than one that is known.
pub fn find(instance: &Instance, full: &Choices, mut known: Serving, until: Instant) -> Found {
    let mut all = full.bounded(&known);
    let (mut days, mut lists, mut is_whole) = listed(instance, &all, until);
    is_whole &= !all.is_cut;
    if !is_whole {
        let left = until.saturating_duration_since(Instant::now());
        known = Local::of(instance, full, &known).run(IDLE, until - left / 2);
        if all.is_cut {
            all = full.bounded(&known);
            (days, lists, _) = listed(instance, &all, until);
        }
    }
    for (list, set) in lists.iter_mut().zip(known_sets(&all, &known)) {
        if list.len() >= MOST_SETS {
            list.truncate(CUT_SETS);
        }
        if !list.contains(&set) {
            list.push(set);
        }
    }
    let reached = (!is_whole).then(|| reach(instance, full, until));
    let found = searched(instance, &all, (days, lists), &known, until);
    let bound = reached.unwrap_or(found.bound);
    let is_optimal = is_whole && found.is_optimal;
    let is_shortest = is_optimal && found.is_shortest;
    // Where the time was too short to look at all sets, what is known may be better.
    let is_known_better = score(instance, &known).is_better(score(instance, &found.served));
    Found { served: if is_known_better { known } else { found.served }, bound, is_optimal, is_shortest }
}

/// The days with their sets, and whether these are all.
fn listed(instance: &Instance, all: &Choices, until: Instant) -> (Vec<Day>, Vec<Vec<Set>>, bool) {
    let days: Vec<Day> = (0..all.days.len()).map(|day| Day::of(instance, all, day)).collect();
    let (lists, are_all): (Vec<_>, Vec<_>) = days.iter().map(|day| day.sets(MOST_SETS, until)).unzip();
    (days, lists, are_all.into_iter().all(|is_all| is_all))
}

fn searched(
    instance: &Instance,
    all: &Choices,
    (days, lists): (Vec<Day>, Vec<Vec<Set>>),
    known: &Serving,
    until: Instant,
) -> Found {
    let master = Master::of(instance, all, &days, lists, until);
    let mut crews = Crews::of(instance, all, days);
    let known_sets = known_sets(all, known);
    for (day, set) in known_sets.iter().enumerate() {
        crews.give(day, *set, crew(all, day, known));
    }
    let picks = picks(&master, &known_sets);
    let mut search = Search::new(&master, all, &mut crews, picks, until);
    let (bound, whole, top) = search.run();
    let (picks, worth) = (search.best.clone(), search.worth);
    let left = until.saturating_duration_since(Instant::now());
    let mut steps = Steps::of(instance, (&master, &mut crews), &picks, (&whole, top), until - left / 2);
    let even = even_start(&mut crews, &sets(&master, &picks), until - left / 4);
    let given = crews.given(&sets(&master, &picks));
    let starts = [Some(even), given].into_iter().flatten();
    let start = starts.min_by_key(|start| squares(&steps.way(start, &[]).sum)).unwrap_or_default();
    let mut balance = Balance::of(&steps, start, until - left / 10);
    let is_even = balance.run();
    let best = balance.best;
    let mut even = Priced::of(&mut steps, best, Goal::Squares, until - left / 10);
    let is_even = (is_even || even.run()) && !crews.is_cut;
    let (best, goal) = (even.best, Goal::Driving(even.need as usize));
    let share = Instant::now() + share(left, instance.requests.len()).max(left / 10 * u32::from(!is_even));
    let mut short = Priced::of(&mut steps, best, goal, until.min(share));
    let is_short = short.run();
    let best = short.best;
    let (picks, gone) = gone(&steps, &best, &mut crews);
    let served = serving(instance, all, &sets(&master, &picks), &gone);
    let bound = master.served(bound);
    // Only where a set has more crews than are looked at, what is found may be too much for somebody's week.
    let is_kept = keeps_weeks(instance, &served);
    let is_optimal = is_kept && is_even && master.served(worth) == bound;
    Found {
        served: if is_kept { served } else { known.clone() },
        bound: (bound.0, bound.1 as usize),
        is_optimal,
        is_shortest: is_optimal && is_short,
    }
}

/// The picks of steps and who goes on each day.
fn gone(steps: &Steps, best: &[usize], crews: &mut Crews) -> (Picks, Vec<Crew>) {
    let each = || best.iter().enumerate().map(|(day, at)| (day, &steps.days[day][*at]));
    let crew = |(day, step): (usize, &Step)| {
        let set = steps.master.days[day][step.item as usize].set;
        crews.shifts(day, set)[step.at].crew.clone()
    };
    (each().map(|(_, step)| step.item).collect(), each().map(crew).collect())
}

/// Whether nobody has too much in any week.
fn keeps_weeks(instance: &Instance, served: &Serving) -> bool {
    let mut count: HashMap<(usize, usize), usize> = HashMap::new();
    for (request, served) in instance.requests.iter().zip(served).filter_map(|(one, served)| Some((one, (*served)?))) {
        let week = request.wishes[served.wish].0 / WEEK;
        people(served.people).for_each(|person| *count.entry((week, person)).or_default() += 1);
    }
    count.iter().all(|((week, person), count)| *count <= instance.left_in_week(*person, *week))
}

/// The sets of a plan that is known.
fn known_sets(all: &Choices, known: &Serving) -> Vec<Set> {
    let mut sets = vec![0; all.days.len()];
    for (at, one) in all.all.iter().enumerate() {
        if known[one.request].is_some_and(|served| served.wish == one.wish) {
            sets[one.day] |= 1 << all.place[at];
        }
    }
    sets
}

/// Who goes on a day in a plan that is known.
fn crew(all: &Choices, day: usize, known: &Serving) -> Crew {
    let gone = |(place, at): (usize, &usize)| {
        let one = &all.all[*at];
        let served = known[one.request].filter(|served| served.wish == one.wish)?;
        Some((place, served.people))
    };
    all.days[day].iter().enumerate().filter_map(gone).collect()
}

/// The places of some sets in the lists of the days; those of the empty ones where they are not among them.
fn picks(master: &Master, sets: &[Set]) -> Picks {
    let place = |(items, set): (&Vec<Item>, &Set)| items.iter().position(|item| item.set == *set);
    master.days.iter().zip(sets).map(|pair| place(pair).unwrap_or(0) as u32).collect()
}

fn serving(instance: &Instance, all: &Choices, sets: &[Set], gone: &[Crew]) -> Serving {
    let mut served = vec![None; instance.requests.len()];
    for ((day, crew), set) in gone.iter().enumerate().zip(sets) {
        for (place, people) in crew.iter().filter(|(place, _)| set >> place & 1 == 1) {
            let one = &all.all[all.days[day][*place]];
            served[one.request] = Some(Served { wish: one.wish, people: *people });
        }
    }
    served
}
