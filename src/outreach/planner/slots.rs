//! Where one session could take place: every start at which enough people could go, and why a day offers none.

use std::ops::Range;

use super::choice::People;
use super::hindrance::{Hindrance, hindrance};
use super::instance::{Instance, Minute, Request};

/// A time on a day in which the session may lie, preparation and tidying up left aside.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The day.
    pub day: usize,
    /// From when until when.
    pub time: Range<Minute>,
}

/// A start at which enough people could go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The day.
    pub day: usize,
    /// When the session would start.
    pub start: Minute,
    /// Who could go.
    pub able: People,
}

impl Slot {
    /// How many people could go.
    pub fn count(&self) -> usize {
        self.able.count_ones() as usize
    }
}

/// A day that offers no start, with what excludes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The day.
    pub day: usize,
    /// What excludes it.
    pub why: Excluded,
}

/// What excludes a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excluded {
    /// The session is longer than the time in which it may lie.
    Short {
        /// How long it lasts.
        minutes: Minute,
    },
    /// Whenever enough people could go, something else takes place at the site.
    Site {
        /// From when until when, for the first of these starts.
        time: (Minute, Minute),
    },
    /// Too few people could go at any start; told of the one at which the least is missing.
    People {
        /// That start.
        start: Minute,
        /// How many are needed.
        need: usize,
        /// How many could go.
        able: usize,
        /// Why each of the others could not, whoever misses the fewest minutes first.
        others: Vec<(usize, Hindrance)>,
    },
}

impl Closed {
    /// How many people each kind of hindrance keeps, told of the one who misses the fewest minutes.
    pub fn tally(&self) -> Vec<(Hindrance, usize)> {
        let Excluded::People { others, .. } = &self.why else { return Vec::new() };
        let mut tally: Vec<(Hindrance, usize)> = Vec::new();
        for (_, hindrance) in others {
            match tally.iter_mut().find(|(known, _)| known.is_like(*hindrance)) {
                Some((_, count)) => *count += 1,
                None => tally.push((*hindrance, 1)),
            }
        }
        tally
    }
}

/// Where a session could take place: the starts that are offered and the days that offer none, both in the order of the days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The starts.
    pub open: Vec<Slot>,
    /// The days.
    pub closed: Vec<Closed>,
}

/// Every start of a request, at whole steps of the clock within the openings; its wishes play no part.
pub fn slots(instance: &Instance, request: &Request, openings: &[Opening], step: Minute) -> Slots {
    let mut openings: Vec<&Opening> = openings.iter().collect();
    openings.sort_by_key(|one| (one.day, one.time.start));
    let mut found = Slots::default();
    for own in openings.chunk_by(|one, other| one.day == other.day) {
        let day = own[0].day;
        let mut starts: Vec<Minute> = own.iter().flat_map(|one| starts(request, &one.time, step)).collect();
        starts.dedup();
        let before = found.open.len();
        found.open.extend(starts.iter().filter_map(|start| slot(instance, request, (day, *start))));
        if found.open.len() == before {
            found.closed.push(Closed { day, why: excluded(instance, request, day, &starts) });
        }
    }
    found
}

fn starts(request: &Request, time: &Range<Minute>, step: Minute) -> impl Iterator<Item = Minute> {
    let first = time.start.next_multiple_of(step.max(1));
    let last = time.end.checked_sub(request.minutes);
    (first..last.map_or(first, |last| last + 1)).step_by(step.max(1) as usize)
}

fn slot(instance: &Instance, request: &Request, at: (usize, Minute)) -> Option<Slot> {
    if instance.taken(request, at).is_some() {
        return None;
    }
    let could = |person: &&usize| hindrance(instance, request, at, **person).is_none();
    let able: People = request.speakers.iter().filter(could).fold(0, |set, person| set | 1 << person);
    let slot = Slot { day: at.0, start: at.1, able };
    (slot.count() >= request.need.max(1)).then_some(slot)
}

fn excluded(instance: &Instance, request: &Request, day: usize, starts: &[Minute]) -> Excluded {
    let each = starts.iter().map(|start| (*start, kept(instance, request, (day, *start))));
    let nearest =
        each.min_by_key(|(start, kept)| (missing(request, kept), instance.taken(request, (day, *start)).is_some()));
    let Some((start, kept)) = nearest else { return Excluded::Short { minutes: request.minutes } };
    let able = kept.iter().filter(|(_, hindrance)| hindrance.is_none()).count();
    if able >= request.need
        && let Some(taken) = instance.taken(request, (day, start))
    {
        return Excluded::Site { time: (taken.time.start, taken.time.end) };
    }
    let mut others: Vec<(usize, Hindrance)> = kept.into_iter().filter_map(|(at, kept)| Some((at, kept?))).collect();
    others.sort_by_key(|(_, hindrance)| hindrance.weight());
    Excluded::People { start, need: request.need.max(1), able, others }
}

/// What keeps each person from a start.
fn kept(instance: &Instance, request: &Request, at: (usize, Minute)) -> Vec<(usize, Option<Hindrance>)> {
    (0..instance.people.len()).map(|person| (person, hindrance(instance, request, at, person))).collect()
}

/// How much is missing for a start: people whom no minutes would help, then the minutes of those who miss the fewest.
fn missing(request: &Request, kept: &[(usize, Option<Hindrance>)]) -> (u32, Minute) {
    let mut weights: Vec<(u32, Minute)> = kept.iter().map(|(_, kept)| kept.map_or((0, 0), Hindrance::weight)).collect();
    weights.sort_unstable();
    let needed = weights.iter().take(request.need);
    needed.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

#[cfg(test)]
mod tests {
    use super::super::day::people;
    use super::super::tests::{can, made};
    use super::super::{Duty, Names, Person, Taken, Window};
    use super::*;

    struct Real;

    impl Names for Real {
        fn person(&self, at: usize) -> String {
            ["見本太郎", "見本花子", "見本次郎", "見本桜"][at].to_owned()
        }
        fn request(&self, _: usize) -> String {
            String::new()
        }
        fn place(&self, _: usize) -> String {
            String::new()
        }
        fn day(&self, day: usize) -> String {
            day.to_string()
        }
    }

    /// Two who speak, one who is away, one who speaks about something else; the place is 105 minutes away.
    fn small() -> (Instance, Request) {
        let window = |day| Window { day, time: 510..1050 };
        let person =
            |days: &[usize]| Person { windows: days.iter().copied().map(window).collect(), ..Person::default() };
        let instance = Instance {
            travel: vec![vec![0, 105], vec![105, 0]],
            setup: 15,
            teardown: 15,
            most_per_day: 2,
            most_per_week: 7,
            people: vec![person(&[0, 1, 2]), person(&[0, 1, 2]), person(&[2]), person(&[0, 1, 2])],
            ..Instance::default()
        };
        let request = Request { place: 1, minutes: 90, need: 2, speakers: vec![0, 1, 2], ..Request::default() };
        (instance, request)
    }

    #[test]
    fn every_start_at_which_enough_people_could_go_is_offered() {
        let (instance, request) = small();
        // The first can be there at 10:15 and ready at 10:30; the last has to leave at 15:45.
        let found = slots(&instance, &request, &[Opening { day: 0, time: 555..1260 }], 30);
        let starts: Vec<Minute> = found.open.iter().map(|slot| slot.start).collect();
        assert_eq!(starts, [630, 660, 690, 720, 750, 780, 810, 840]);
        assert!(found.open.iter().all(|slot| (slot.able, slot.count()) == (0b11, 2)));
        assert_eq!(found.closed, []);
    }

    #[test]
    fn a_day_that_offers_nothing_says_what_is_missing_by_how_many_minutes() {
        let (mut instance, mut request) = small();
        instance.people[0].duties.push(Duty { day: 0, time: 600..675, place: 0 });
        let opening = |day, from, until| Opening { day, time: from..until };
        let told = |instance: &Instance, request: &Request, opening: Opening| {
            let found = slots(instance, request, &[opening], 30);
            assert_eq!(found.open, []);
            found.closed[0].told(&Real)
        };
        assert_eq!(
            told(&instance, &request, opening(0, 600, 870)),
            "行ける職員が足りません(2人必要、最も近い13:00開始で1人)。\
             見本太郎は、その前の用務から移動に105分かかり、15分足りません。\
             勤務のない職員が1人います。この内容の担当ではない職員が1人います。"
        );
        request.site = Some(2);
        instance.taken.push(Taken { site: 2, day: 1, time: 540..1080 });
        assert_eq!(
            told(&instance, &request, opening(1, 600, 1020)),
            "会場がほかの予定で使われています(9:00から18:00まで)。"
        );
        assert_eq!(told(&instance, &request, opening(2, 600, 660)), "90分の説明会が入る時間がありません。");
        assert_eq!(slots(&instance, &request, &[opening(2, 600, 900)], 30).open[0].count(), 3);
    }

    #[test]
    fn what_is_offered_is_what_the_rules_allow_start_by_start() {
        let (mut offered, mut refused) = (0, 0);
        for seed in 0..200 {
            let mut instance = made(seed, 1, 4, 8);
            let openings: Vec<Opening> = (0..8).map(|day| Opening { day, time: 540..1020 }).collect();
            let mut request = instance.requests[0].clone();
            request.wishes = openings.iter().flat_map(|one| (0..17).map(|at| (one.day, 540 + 30 * at))).collect();
            instance.requests[0] = request.clone();
            let found = slots(&instance, &request, &openings, 30);
            for (rank, (day, start)) in request.wishes.iter().enumerate() {
                let fits = start + request.minutes <= 1020 && instance.taken(&request, (*day, *start)).is_none();
                let able = (0..4).filter(|person| can(&instance, *person, &[(0, rank)])).collect::<Vec<_>>();
                let slot = found.open.iter().find(|slot| (slot.day, slot.start) == (*day, *start));
                let told = slot.map(|slot| people(slot.able).collect::<Vec<_>>());
                assert_eq!(told, (fits && able.len() >= request.need).then_some(able), "seed {seed}, {day} {start}");
                *(if slot.is_some() { &mut offered } else { &mut refused }) += 1;
            }
            let closed: Vec<usize> = found.closed.iter().map(|closed| closed.day).collect();
            assert!((0..8).all(|day| closed.contains(&day) != found.open.iter().any(|slot| slot.day == day)));
        }
        assert!(offered > 1_000 && refused > 1_000, "{offered} and {refused}");
    }
}
