//! The plan: who goes where when, what it is worth, and what is proven about it.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use super::choice::{Choices, People};
use super::crews::squares;
use super::day::people;
use super::driving::driving;
use super::finding::{Found, find};
use super::first_come::first_come;
use super::instance::{Instance, Request};

/// How a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Which of its wishes: 0 for the first.
    pub wish: usize,
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

/// How each request is served, if it is.
pub type Serving = Vec<Option<Served>>;

/// No search takes longer, whatever is asked for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The best plan that is found within a time, and what is proven about it.
pub fn plan(instance: &Instance, limit: Duration) -> Plan {
    let began = Instant::now();
    let all = Choices::of(instance);
    let known = [true, false].map(|spread| first_come(instance, &all, spread));
    let known = known.into_iter().max_by_key(|served| score(instance, served).key()).unwrap_or_default();
    let found = find(instance, &all, known, began + limit.min(LONGEST));
    let Found { served, bound, is_optimal, is_shortest } = found;
    Plan { score: score(instance, &served), served, bound, is_optimal, is_shortest, took: began.elapsed() }
}

/// What a plan is worth.
pub fn score(instance: &Instance, served: &[Option<Served>]) -> Score {
    let mut load: Vec<usize> = instance.people.iter().map(|one| one.held.len()).collect();
    for one in served.iter().flatten() {
        people(one.people).for_each(|person| load[person] += 1);
    }
    let rank = |(request, served): (&Request, &Option<Served>)| served.map(|one| request.rank(one.wish));
    let ranks = instance.requests.iter().zip(served).filter_map(rank).sum();
    Score {
        served: served.iter().flatten().count(),
        ranks,
        squares: squares(&load),
        driving: driving(instance, served),
    }
}
