//! What can be chosen: each wish of each request with those who could go, and which of them one person cannot do both.

use std::collections::HashMap;

use super::day::MOST_CHOICES;
use super::hindrance::hindrance;
use super::instance::{Instance, Minute, Request};
use super::plan::Serving;

/// A set of people, one bit each.
pub type People = u64;

/// One wish of one request that enough people could serve if there were nothing else.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The request, by its place in the list.
    pub request: usize,
    /// The place of the wish: 0 for the first.
    pub rank: usize,
    /// Its place among the wishes of the request.
    pub wish: usize,
    /// The day.
    pub day: usize,
    /// When it starts.
    pub start: Minute,
    /// How many people are needed.
    pub need: usize,
    /// Who could go.
    pub able: People,
}

/// Everything that can be chosen, day by day in the order of the clock.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// All of them, sorted by day and start.
    pub all: Vec<Choice>,
    /// Which of them stand on each day.
    pub days: Vec<Vec<usize>>,
    /// The place of each of them on its day.
    pub place: Vec<usize>,
    /// Whether some had to be left out because a day has too many.
    pub is_cut: bool,
}

impl Choices {
    /// Looks at every wish of every request by itself.
    pub fn of(instance: &Instance) -> Self {
        let mut all = Vec::new();
        for (at, request) in instance.requests.iter().enumerate() {
            for (wish, (day, start)) in request.wishes.iter().enumerate() {
                let able = able(instance, request, (*day, *start));
                let is_taken = instance.taken(request, (*day, *start)).is_some();
                if !is_taken && able.count_ones() as usize >= request.need {
                    let rank = request.rank(wish);
                    let (day, start, need) = (*day, *start, request.need);
                    all.push(Choice { request: at, rank, wish, day, start, need, able });
                }
            }
        }
        all.sort_by_key(|one| (one.day, one.start, one.request, one.rank));
        // A wish that is named twice is the better one alone.
        all.dedup_by_key(|one| (one.day, one.start, one.request));
        Self::sorted(all, false)
    }

    /// No more wishes on each day than are looked at together: those of a plan that is known, then the best.
    pub fn bounded(&self, known: &Serving) -> Self {
        let is_known = |one: &Choice| known[one.request].is_some_and(|served| served.wish == one.wish);
        let mut all = self.all.clone();
        all.sort_by_key(|one| (one.day, !is_known(one), one.rank, one.start, one.request));
        let mut count = HashMap::new();
        all.retain(|one| {
            let count = count.entry(one.day).or_insert(0);
            *count += 1;
            *count <= MOST_CHOICES
        });
        let is_cut = all.len() < self.all.len();
        Self::sorted(all, is_cut)
    }

    fn sorted(mut all: Vec<Choice>, is_cut: bool) -> Self {
        all.sort_by_key(|one| (one.day, one.start, one.request));
        let mut days = vec![Vec::new(); all.iter().map(|one| one.day + 1).max().unwrap_or(0)];
        let mut place = Vec::with_capacity(all.len());
        for (at, one) in all.iter().enumerate() {
            place.push(days[one.day].len());
            days[one.day].push(at);
        }
        Self { is_cut, all, days, place }
    }
}

/// Who could take a wish, were it the only one.
pub fn able(instance: &Instance, request: &Request, wish: (usize, Minute)) -> People {
    let could = |at: &&usize| hindrance(instance, request, wish, **at).is_none();
    request.speakers.iter().filter(could).fold(0, |set, at| set | 1 << at)
}

/// By how many minutes one person would come too late from the earlier of two sessions to the later; 0 where both are possible.
pub fn lateness(instance: &Instance, one: &Choice, other: &Choice) -> Minute {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    let session = |one: &Choice| (&instance.requests[one.request], one.start);
    instance.between(session(first), session(second)).1
}

/// Whether two wishes need the same site at the same time.
pub fn shared(instance: &Instance, one: &Choice, other: &Choice) -> bool {
    let session = |one: &Choice| (&instance.requests[one.request], one.day, one.start);
    instance.share(session(one), session(other))
}
