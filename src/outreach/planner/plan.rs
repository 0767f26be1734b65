//! The plan: who goes where when, what it is worth, and what is proven about it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::balance::Balance;
use super::choice::{Choices, People, lateness, shared};
use super::crews::{Crews, even_start, sets, squares};
use super::day::{Crew, Day, people};
use super::driving::driving;
use super::instance::{Instance, WEEK};
use super::master::Master;
use super::search::{Picks, Search};
use super::shortest::{Shortest, share};
use super::steps::{Step, Steps};

/// How a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Which of its wishes: 0 for the first.
    pub rank: usize,
    /// Who goes.
    pub people: People,
}

/// What a plan is worth, the first counting most: requests served, the sum of the ranks of their wishes, the sum of the squares of
/// what each person has, those sessions that stand among it, and minutes of driving; of all but the first less is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Requests served.
    pub served: usize,
    /// Sum of the ranks.
    pub ranks: usize,
    /// Sum of the squares.
    pub squares: usize,
    /// Minutes that all people drive in all.
    pub driving: usize,
}

impl Score {
    fn key(self) -> (usize, Reverse<(usize, usize, usize)>) {
        (self.served, Reverse((self.ranks, self.squares, self.driving)))
    }

    /// Whether it is better than another.
    pub fn is_better(self, other: Self) -> bool {
        self.key() > other.key()
    }
}

/// A plan and what is proven about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How each request is served, if it is.
    pub served: Vec<Option<Served>>,
    /// What that is worth.
    pub score: Score,
    /// No plan serves more requests than this, or as many with less than these ranks.
    pub bound: (usize, usize),
    /// Whether no plan serves more, serves better or shares more evenly.
    pub is_optimal: bool,
    /// Whether, besides, no plan that is as good drives less.
    pub is_shortest: bool,
    /// How long it took.
    pub took: Duration,
}

/// No search takes longer, whatever is asked for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Most sets of a day that are looked at.
const MOST_SETS: usize = 150_000;

/// The best plan that is found within a time, and what is proven about it.
pub fn plan(instance: &Instance, limit: Duration) -> Plan {
    let began = Instant::now();
    let until = began + limit.min(LONGEST);
    let all = Choices::of(instance);
    let known = [true, false].map(|spread| first_come(instance, &all, spread));
    let known = known.into_iter().max_by_key(|served| score(instance, served).key()).unwrap_or_default();
    let found = searched(instance, &all, &known, until);
    // Where the time was too short to look at all sets, what is known may be better.
    let is_known_better = score(instance, &known).is_better(score(instance, &found.served));
    let served = if is_known_better { known } else { found.served };
    let Found { bound, is_optimal, is_shortest, .. } = found;
    Plan { score: score(instance, &served), served, bound, is_optimal, is_shortest, took: began.elapsed() }
}

type Serving = Vec<Option<Served>>;

struct Found {
    served: Serving,
    bound: (usize, usize),
    is_optimal: bool,
    is_shortest: bool,
}

fn searched(instance: &Instance, all: &Choices, known: &Serving, until: Instant) -> Found {
    let days: Vec<Day> = (0..all.days.len()).map(|day| Day::of(instance, all, day)).collect();
    let mut is_whole = !all.is_cut;
    let mut lists = Vec::with_capacity(days.len());
    for day in &days {
        let (list, is_all) = day.sets(MOST_SETS, until);
        is_whole &= is_all;
        lists.push(list);
    }
    let master = Master::of(instance, all, &days, lists, until);
    let mut crews = Crews::of(instance, all, days);
    let picks = picks(&master, all, known);
    let mut search = Search::new(&master, all, &mut crews, picks, until);
    let (bound, whole, top) = search.run();
    let (picks, worth) = (search.best.clone(), search.worth);
    let left = until.saturating_duration_since(Instant::now());
    let mut steps = Steps::of(instance, (&master, &mut crews), &picks, (&whole, top), until - left / 2);
    let start = even_start(&mut crews, &sets(&master, &picks), until - left / 4);
    let mut balance = Balance::of(&steps, start, until - left / 10);
    let is_even = balance.run() && !crews.is_cut;
    let (best, squares) = (balance.best, balance.squares);
    let share = Instant::now() + share(left).max(left / 10 * u32::from(!is_even));
    let mut shortest = Shortest::of(&mut steps, best, squares, until.min(share));
    let is_short = shortest.run();
    let best = shortest.best;
    let (picks, gone) = gone(&steps, &best, &mut crews);
    let served = serving(instance, all, &sets(&master, &picks), &gone);
    let bound = if is_whole { master.served(bound) } else { reach(all, instance.requests.len()) };
    let bound = (bound.0, bound.1 as usize);
    let is_kept = keeps_weeks(instance, &served);
    let is_optimal = is_kept && is_whole && is_even && master.served(worth) == (bound.0, bound.1 as i64);
    // Only where a set has more crews than are looked at, what is found may be too much for somebody's week.
    Found {
        served: if is_kept { served } else { known.clone() },
        bound,
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
        let week = request.wishes[served.rank].0 / WEEK;
        people(served.people).for_each(|person| *count.entry((week, person)).or_default() += 1);
    }
    count.iter().all(|((week, person), count)| *count <= instance.left_in_week(*person, *week))
}

/// What could be reached if no request were in the way of another.
fn reach(all: &Choices, requests: usize) -> (usize, i64) {
    let mut best = vec![None; requests];
    for one in &all.all {
        let rank = best[one.request].get_or_insert(one.rank);
        *rank = one.rank.min(*rank);
    }
    (best.iter().flatten().count(), best.iter().flatten().sum::<usize>() as i64)
}

/// The sets of a plan that is known; the empty ones where it is not among the sets.
fn picks(master: &Master, all: &Choices, known: &Serving) -> Vec<u32> {
    let mut sets = vec![0; master.days.len()];
    for (at, one) in all.all.iter().enumerate() {
        if known[one.request].is_some_and(|served| served.rank == one.rank) {
            sets[one.day] |= 1 << all.place[at];
        }
    }
    let place = |(items, set): (&Vec<super::master::Item>, &u128)| items.iter().position(|item| item.set == *set);
    master.days.iter().zip(&sets).map(|pair| place(pair).unwrap_or(0) as u32).collect()
}

fn serving(instance: &Instance, all: &Choices, sets: &[u128], gone: &[Crew]) -> Serving {
    let mut served = vec![None; instance.requests.len()];
    for ((day, crew), set) in gone.iter().enumerate().zip(sets) {
        for (place, people) in crew.iter().filter(|(place, _)| set >> place & 1 == 1) {
            let one = &all.all[all.days[day][*place]];
            served[one.request] = Some(Served { rank: one.rank, people: *people });
        }
    }
    served
}

/// What a plan is worth.
pub fn score(instance: &Instance, served: &[Option<Served>]) -> Score {
    let mut load: Vec<usize> = instance.people.iter().map(|one| one.held.len()).collect();
    for one in served.iter().flatten() {
        people(one.people).for_each(|person| load[person] += 1);
    }
    let ranks = served.iter().flatten().map(|one| one.rank).sum();
    Score {
        served: served.iter().flatten().count(),
        ranks,
        squares: squares(&load),
        driving: driving(instance, served),
    }
}

/// First come, first served: each request in its turn gets the first wish for which enough people are free; with `spread` those go
/// who have least, otherwise the first in the list.
pub fn first_come(instance: &Instance, all: &Choices, spread: bool) -> Serving {
    let mut served = vec![None; instance.requests.len()];
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); instance.people.len()];
    let mut gone: Vec<usize> = Vec::new();
    for (request, served) in served.iter_mut().enumerate() {
        let mut wishes: Vec<usize> = (0..all.all.len()).filter(|at| all.all[*at].request == request).collect();
        wishes.sort_by_key(|at| all.all[*at].rank);
        for at in wishes {
            let one = &all.all[at];
            if gone.iter().any(|other| shared(instance, &all.all[*other], one)) {
                continue;
            }
            let mut free: Vec<usize> =
                people(one.able).filter(|person| is_free(instance, all, (*person, &taken[*person]), at)).collect();
            if free.len() < one.need {
                continue;
            }
            free.sort_by_key(
                |person| if spread { taken[*person].len() + instance.people[*person].held.len() } else { 0 },
            );
            free[..one.need].iter().for_each(|person| taken[*person].push(at));
            let people = free[..one.need].iter().fold(0, |set, person| set | 1 << person);
            *served = Some(Served { rank: one.rank, people });
            gone.push(at);
            break;
        }
    }
    served
}

/// Whether somebody who has these sessions can take one more.
fn is_free(instance: &Instance, all: &Choices, (person, taken): (usize, &[usize]), at: usize) -> bool {
    let one = &all.all[at];
    let of = |test: &dyn Fn(usize) -> bool| taken.iter().filter(|other| test(all.all[**other].day)).count();
    of(&|day| day == one.day) < instance.left_on_day(person, one.day)
        && of(&|day| day / WEEK == one.day / WEEK) < instance.left_in_week(person, one.day / WEEK)
        && taken.iter().all(|other| all.all[*other].day != one.day || lateness(instance, &all.all[*other], one) == 0)
}
