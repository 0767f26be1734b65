//! One day: which wishes can be served together, by whom, and how many sessions that gives each person.
//!
//! Whatever can be served together can also be served in part, so the sets grow one wish at a time.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::choice::{Choices, People, lateness, shared};
use super::driving::Roads;
use super::instance::Instance;

/// A set of wishes of one day, one bit for each place in [`Day::choices`].
pub type Set = u128;

/// Most wishes that are looked at together on one day.
pub const MOST_CHOICES: usize = 128;

/// Who goes to each wish of a set, in the order of the clock.
pub type Crew = Vec<(usize, People)>;

/// How many sessions each person has.
pub type Load = Vec<u8>;

/// One way to serve a set.
#[derive(Clone, Debug)]
pub struct Shift {
    /// How many sessions each person has.
    pub load: Load,
    /// Who goes where.
    pub crew: Crew,
    /// Minutes of driving that this adds to the day.
    pub driving: i64,
}

/// Most steps of looking for crews of one set; beyond, it is not known whether there are others.
const MOST_STEPS: usize = 300_000;

/// One day with its wishes, in the order of the clock.
#[derive(Clone, Debug)]
pub struct Day {
    /// The wishes, by their place in the list of all.
    pub choices: Vec<usize>,
    /// How many people each of them needs.
    need: Vec<usize>,
    /// Who could go.
    able: Vec<People>,
    /// Which others one person cannot take as well.
    clashes: Vec<Set>,
    /// Which others are of the same request, or need the same site at the same time.
    excludes: Vec<Set>,
    /// How many of them each person can take.
    most: Vec<usize>,
}

impl Day {
    /// A day of these wishes.
    pub fn of(instance: &Instance, choices: &Choices, day: usize) -> Self {
        let here = choices.days[day].clone();
        let all = || here.iter().map(|at| &choices.all[*at]);
        let bits = |test: &dyn Fn(usize, usize) -> bool, one: usize| {
            (0..here.len()).filter(|other| *other != one && test(one, *other)).fold(0, |set, other| set | 1 << other)
        };
        let clash =
            |one: usize, other: usize| lateness(instance, &choices.all[here[one]], &choices.all[here[other]]) > 0;
        let excludes = |one: usize, other: usize| {
            let (one, other) = (&choices.all[here[one]], &choices.all[here[other]]);
            one.request == other.request || shared(instance, one, other)
        };
        Self {
            need: all().map(|one| one.need).collect(),
            able: all().map(|one| one.able).collect(),
            clashes: (0..here.len()).map(|one| bits(&clash, one)).collect(),
            excludes: (0..here.len()).map(|one| bits(&excludes, one)).collect(),
            most: (0..instance.people.len()).map(|person| instance.left_on_day(person, day)).collect(),
            choices: here,
        }
    }

    /// Every set of wishes that can be served together, the empty one first, and whether these are all: no more than `most`, and
    /// none that the time does not allow.
    pub fn sets(&self, most: usize, until: Instant) -> (Vec<Set>, bool) {
        let mut found = vec![0];
        let mut layer: Vec<(Set, Crew)> = vec![(0, Vec::new())];
        let mut is_whole = true;
        while !layer.is_empty() {
            let known: HashSet<Set> = layer.iter().map(|(set, _)| *set).collect();
            let mut next = Vec::new();
            for (set, crew) in &layer {
                let first = (Set::BITS - set.leading_zeros()) as usize;
                for choice in first..self.choices.len() {
                    if self.excludes[choice] & set != 0 || !parts(*set, choice).all(|part| known.contains(&part)) {
                        continue;
                    }
                    let wider = set | 1 << choice;
                    let crew = self.joined(crew, choice).map_or_else(|| self.crew(wider), |crew| (Some(crew), true));
                    is_whole &= crew.1;
                    next.extend(crew.0.map(|crew| (wider, crew)));
                }
                if found.len() + next.len() > most || Instant::now() >= until {
                    found.extend(next.iter().map(|(set, _)| *set).take(most - found.len()));
                    return (found, false);
                }
            }
            found.extend(next.iter().map(|(set, _)| *set));
            layer = next;
        }
        (found, is_whole)
    }

    /// The same crew with those who are free for one more wish.
    fn joined(&self, crew: &Crew, choice: usize) -> Option<Crew> {
        let mut free = 0;
        let mut found = 0;
        for person in people(self.able[choice]) {
            if self.is_free(crew, person, choice) {
                free |= 1 << person;
                found += 1;
                if found == self.need[choice] {
                    let mut crew = crew.clone();
                    crew.push((choice, free));
                    return Some(crew);
                }
            }
        }
        None
    }

    fn is_free(&self, crew: &Crew, person: usize, choice: usize) -> bool {
        let mut count = 0;
        for (other, gone) in crew {
            if gone >> person & 1 == 1 {
                count += 1;
                if self.clashes[choice] >> other & 1 == 1 {
                    return false;
                }
            }
        }
        count < self.most[person]
    }

    /// Who could go to all wishes of a set, nothing where none was found, and whether that is certain.
    fn crew(&self, set: Set) -> (Option<Crew>, bool) {
        let (mut found, steps) = (None, Cell::new(0));
        self.crews(set, (0, &|_| too_many(&steps)), &mut |crew| {
            found = Some(sorted(crew));
            false
        });
        let is_certain = found.is_some() || steps.get() <= MOST_STEPS;
        (found, is_certain)
    }

    /// Every distinct load with which a set can be served, each with the crew that drives least, and whether these are all: at most
    /// `most`.
    pub fn shifts(&self, set: Set, roads: &Roads, most: usize) -> (Vec<Shift>, bool) {
        let (mut seen, mut found, steps) = (HashMap::<Load, usize>::new(), Vec::<Shift>::new(), Cell::new(0));
        self.crews(set, (0, &|_| too_many(&steps)), &mut |crew| {
            let (load, driving) = (self.load(crew), roads.more(crew));
            let at = *seen.entry(load).or_insert_with_key(|load| {
                found.push(Shift { load: load.clone(), crew: sorted(crew), driving });
                found.len() - 1
            });
            if driving < found[at].driving {
                (found[at].crew, found[at].driving) = (sorted(crew), driving);
            }
            found.len() < most
        });
        let is_all = found.len() < most && steps.get() <= MOST_STEPS;
        (found, is_all)
    }

    /// The shift of a crew.
    pub fn shift(&self, crew: &Crew, roads: &Roads) -> Shift {
        Shift { load: self.load(crew), crew: sorted(crew), driving: roads.more(crew) }
    }

    /// The least loads of some people with which a set can be served: none of them has less for one without more for another. Where
    /// there are too many crews to look at, nothing at all, which is never too much.
    pub fn lean(&self, set: Set, some: People) -> Vec<Load> {
        let (least, steps) = (RefCell::new(Vec::<Load>::new()), Cell::new(0));
        let load = |crew: &Crew| {
            let own: Crew = crew.iter().map(|(choice, gone)| (*choice, gone & some)).collect();
            self.load(&own)
        };
        // Whoever is sent besides, it does not get less: a beginning that is no better than what is known leads nowhere.
        let is_no_better = |crew: &Crew| {
            let load = load(crew);
            too_many(&steps) || least.borrow().iter().any(|known| covers(known, &load))
        };
        self.crews(set, (some, &is_no_better), &mut |crew| {
            let load = load(crew);
            let mut least = least.borrow_mut();
            least.retain(|known| !covers(&load, known));
            least.push(load);
            true
        });
        if steps.get() > MOST_STEPS { vec![vec![0; self.most.len()]] } else { least.into_inner() }
    }

    /// How many sessions a crew gives each person.
    pub fn load(&self, crew: &Crew) -> Load {
        let mut load = vec![0; self.most.len()];
        for (_, gone) in crew {
            people(*gone).for_each(|person| load[person] += 1);
        }
        load
    }

    /// Tells every crew of a set until `told` has enough: the wishes with the fewest people first, some people last, and nothing that
    /// begins as `leads_nowhere` says.
    fn crews(
        &self,
        set: Set,
        (last, leads_nowhere): (People, &dyn Fn(&Crew) -> bool),
        told: &mut dyn FnMut(&Crew) -> bool,
    ) {
        let mut order: Vec<usize> = choices(set).collect();
        order.sort_by_key(|choice| (self.able[*choice].count_ones() as usize - self.need[*choice], *choice));
        self.deepen(&order, &mut Vec::with_capacity(order.len()), (last, leads_nowhere), told);
    }

    fn deepen(
        &self,
        order: &[usize],
        crew: &mut Crew,
        (last, leads_nowhere): (People, &dyn Fn(&Crew) -> bool),
        told: &mut dyn FnMut(&Crew) -> bool,
    ) -> bool {
        if leads_nowhere(crew) {
            return true;
        }
        let Some((choice, rest)) = order.split_first() else { return told(crew) };
        let mut free: Vec<usize> =
            people(self.able[*choice]).filter(|person| self.is_free(crew, *person, *choice)).collect();
        free.sort_by_key(|person| last >> person & 1);
        self.send(&free, self.need[*choice], 0, &mut |gone| {
            crew.push((*choice, gone));
            let goes_on = self.deepen(rest, crew, (last, leads_nowhere), told);
            crew.pop();
            goes_on
        })
    }

    /// Every way to send so many of these people; says whether to go on.
    fn send(&self, free: &[usize], need: usize, gone: People, each: &mut dyn FnMut(People) -> bool) -> bool {
        if need == 0 {
            return each(gone);
        }
        for at in 0..(free.len() + 1).saturating_sub(need) {
            if !self.send(&free[at + 1..], need - 1, gone | 1 << free[at], each) {
                return false;
            }
        }
        true
    }
}

fn too_many(steps: &Cell<usize>) -> bool {
    steps.set(steps.get() + 1);
    steps.get() > MOST_STEPS
}

fn sorted(crew: &Crew) -> Crew {
    let mut crew = crew.clone();
    crew.sort_unstable();
    crew
}

fn covers(less: &Load, more: &Load) -> bool {
    less.iter().zip(more).all(|(less, more)| less <= more)
}

/// The wishes of a set.
pub fn choices(set: Set) -> impl Iterator<Item = usize> {
    bits(set)
}

/// The people of a set.
pub fn people(set: People) -> impl Iterator<Item = usize> {
    bits(u128::from(set))
}

fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < u128::BITS).then_some(lowest as usize)
    })
}

/// The set with one more wish, each time without one of its own.
fn parts(set: Set, choice: usize) -> impl Iterator<Item = Set> {
    choices(set).map(move |left| (set & !(1 << left)) | 1 << choice)
}
