//! Minutes on the road: everybody's day as one way from the base over duties and sessions in their order and back.

use super::choice::{Choices, People};
use super::day::{Crew, Set, choices, people};
use super::instance::{Instance, MOST_PEOPLE, Minute};
use super::plan::Served;

/// Something at a place: when it begins, and where.
type Stop = (Minute, usize);

/// Minutes that all people drive in all: on days with sessions and on those with other duties.
pub fn driving(instance: &Instance, served: &[Option<Served>]) -> usize {
    let mut stops: Vec<Vec<(usize, Stop)>> = vec![Vec::new(); instance.people.len()];
    for (own, person) in stops.iter_mut().zip(&instance.people) {
        own.extend(person.duties.iter().map(|duty| (duty.day, (duty.time.start, duty.place))));
    }
    for (request, served) in instance.requests.iter().zip(served) {
        let Some(served) = served else { continue };
        let (day, start) = request.wishes[served.wish];
        let stay = instance.stay(request, start);
        people(served.people).for_each(|person| stops[person].push((day, (stay.start, request.place))));
    }
    let way = |(own, person): (&mut Vec<(usize, Stop)>, usize)| -> usize {
        own.sort_unstable();
        let days = own.chunk_by(|one, other| one.0 == other.0);
        let minutes = days.map(|day| {
            way(instance.people[person].base, day.iter().map(|(_, stop)| stop.1), |from, to| instance.drive(from, to))
        });
        minutes.map(|minutes| minutes as usize).sum()
    };
    stops.iter_mut().zip(0..).map(way).sum()
}

/// Minutes of a way from a base over some places and back.
fn way(base: usize, places: impl Iterator<Item = usize>, drive: impl Fn(usize, usize) -> Minute) -> Minute {
    let (mut last, mut minutes) = (None, 0);
    for place in places {
        minutes += drive(last.unwrap_or(base), place);
        last = Some(place);
    }
    minutes + last.map_or(0, |last| drive(last, base))
}

/// The ways of one day, for whoever could be sent.
#[derive(Clone, Debug, Default)]
pub struct Roads {
    /// Minutes between the places of this day.
    travel: Vec<Vec<Minute>>,
    /// Where each wish is.
    wishes: Vec<Stop>,
    /// The base of each person.
    bases: Vec<usize>,
    /// The duties of each person, in the order of the clock.
    duties: Vec<Vec<Stop>>,
    /// What each person drives anyway.
    anyway: Vec<Minute>,
}

impl Roads {
    /// The ways of a day with these wishes.
    pub fn of(instance: &Instance, all: &Choices, day: usize) -> Self {
        if all.days[day].is_empty() {
            return Self::default();
        }
        let mut places: Vec<usize> = Vec::new();
        let mut known = |place: usize| {
            places.iter().position(|one| *one == place).unwrap_or_else(|| {
                places.push(place);
                places.len() - 1
            })
        };
        let mut roads = Self::default();
        for one in all.days[day].iter().map(|at| &all.all[*at]) {
            let request = &instance.requests[one.request];
            roads.wishes.push((instance.stay(request, one.start).start, known(request.place)));
        }
        for person in &instance.people {
            let today = person.duties.iter().filter(|duty| duty.day == day);
            let mut duties: Vec<Stop> = today.map(|duty| (duty.time.start, known(duty.place))).collect();
            duties.sort_unstable();
            roads.bases.push(known(person.base));
            roads.duties.push(duties);
        }
        let row = |from: &usize| places.iter().map(|to| instance.drive(*from, *to)).collect();
        roads.travel = places.iter().map(row).collect();
        roads.anyway = (0..roads.bases.len()).map(|person| roads.way(person, 0)).collect();
        roads
    }

    /// Minutes that somebody drives with some of the wishes.
    fn way(&self, person: usize, set: Set) -> Minute {
        let duties = &self.duties[person];
        let drive = |from: usize, to: usize| self.travel[from][to];
        let mut wishes = choices(set).map(|choice| self.wishes[choice]).peekable();
        let mut duties = duties.iter().copied().peekable();
        let in_order = std::iter::from_fn(|| match (wishes.peek(), duties.peek()) {
            (Some(wish), Some(duty)) if duty < wish => duties.next(),
            (None, _) => duties.next(),
            _ => wishes.next(),
        });
        way(self.bases[person], in_order.map(|stop| stop.1), drive)
    }

    /// How many minutes more are driven on this day with a crew than without any session.
    pub fn more(&self, crew: &Crew) -> i64 {
        let mut sets = [0; MOST_PEOPLE];
        let mut sent: People = 0;
        for (choice, gone) in crew {
            sent |= gone;
            people(*gone).for_each(|person| sets[person] |= 1 << choice);
        }
        people(sent).map(|person| i64::from(self.way(person, sets[person])) - i64::from(self.anyway[person])).sum()
    }
}
