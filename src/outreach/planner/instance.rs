//! The dispatch problem: who could go where when, before anything is chosen.

use std::ops::Range;

/// Minutes from midnight.
pub type Minute = u32;

/// Days of a week.
pub const WEEK: usize = 7;

/// Most people that are planned for together.
pub const MOST_PEOPLE: usize = 64;

/// The whole problem. Days count from 0, a Monday; times are minutes from midnight; travel is minutes between places.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// Minutes of driving from one place to another.
    pub travel: Vec<Vec<Minute>>,
    /// Minutes needed at the place before a session.
    pub setup: Minute,
    /// Minutes needed at the place after a session.
    pub teardown: Minute,
    /// Most sessions of a person on one day.
    pub most_per_day: usize,
    /// Most sessions of a person in a week of seven days from day 0.
    pub most_per_week: usize,
    /// Who may be sent.
    pub people: Vec<Person>,
    /// What is asked for, the first come first.
    pub requests: Vec<Request>,
    /// When sites are not to be had, because something else takes place there.
    pub taken: Vec<Taken>,
}

/// Somebody who may be sent.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// How the person is called in the answer.
    pub id: i64,
    /// Where the person sets out from and returns to.
    pub base: usize,
    /// When the person is at work.
    pub windows: Vec<Window>,
    /// What the person has to do elsewhere, sessions that stand already among it.
    pub duties: Vec<Duty>,
    /// Sessions that stand already: they count like planned ones, and keep their time as duties.
    pub held: Vec<Held>,
}

/// A time on one day at which somebody is at work.
#[derive(Clone, Debug)]
pub struct Window {
    /// The day.
    pub day: usize,
    /// From when until when.
    pub time: Range<Minute>,
}

/// Something that keeps somebody at a place.
#[derive(Clone, Debug)]
pub struct Duty {
    /// The day.
    pub day: usize,
    /// From when until when.
    pub time: Range<Minute>,
    /// Where.
    pub place: usize,
}

/// A session of somebody that stands already and is not planned again.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The day.
    pub day: usize,
}

/// A time at which a site is not to be had.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The site.
    pub site: usize,
    /// The day.
    pub day: usize,
    /// From when until when.
    pub time: Range<Minute>,
}

/// A session that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How it is called in the answer.
    pub id: i64,
    /// Where it takes place.
    pub place: usize,
    /// The building or room, where it is one that others use as well.
    pub site: Option<usize>,
    /// How long it lasts.
    pub minutes: Minute,
    /// How many people are needed.
    pub need: usize,
    /// Who may speak about its topic: places in the list of people.
    pub speakers: Vec<usize>,
    /// Day and start, the best first.
    pub wishes: Vec<(usize, Minute)>,
    /// The rank of each wish, where it is not simply its place: several starts may fulfil the same one.
    pub ranks: Vec<usize>,
}

impl Request {
    /// The rank of a wish, by its place: 0 for the first.
    pub fn rank(&self, wish: usize) -> usize {
        self.ranks.get(wish).copied().unwrap_or(wish)
    }
}

impl Instance {
    /// Minutes of driving between two places.
    pub fn drive(&self, from: usize, to: usize) -> Minute {
        self.travel[from][to]
    }

    /// The time at which somebody has to be at the place for a wish, from the preparation to the tidying up.
    pub fn stay(&self, request: &Request, start: Minute) -> Range<Minute> {
        start.saturating_sub(self.setup)..start + request.minutes + self.teardown
    }

    /// Minutes of driving from one session to a later one of the same day, and the minutes that are missing for it.
    pub fn between(&self, first: (&Request, Minute), then: (&Request, Minute)) -> (Minute, Minute) {
        let drive = self.drive(first.0.place, then.0.place);
        let free = first.1 + first.0.minutes + self.teardown + drive + self.setup;
        (drive, free.saturating_sub(then.1))
    }

    /// What takes place at the site of a request while a session would be there, from the preparation to the tidying up.
    pub fn taken(&self, request: &Request, (day, start): (usize, Minute)) -> Option<&Taken> {
        let (site, stay) = (request.site?, self.stay(request, start));
        self.taken.iter().find(|one| one.site == site && one.day == day && overlap(&one.time, &stay))
    }

    /// Whether two sessions need the same site at the same time.
    pub fn share(&self, one: (&Request, usize, Minute), other: (&Request, usize, Minute)) -> bool {
        one.1 == other.1
            && one.0.site.is_some()
            && one.0.site == other.0.site
            && overlap(&self.stay(one.0, one.2), &self.stay(other.0, other.2))
    }

    /// How many more sessions somebody can take on a day, beside those that stand.
    pub fn left_on_day(&self, person: usize, day: usize) -> usize {
        self.most_per_day.saturating_sub(self.people[person].held_on(day))
    }

    /// How many more sessions somebody can take in a week, beside those that stand.
    pub fn left_in_week(&self, person: usize, week: usize) -> usize {
        self.most_per_week.saturating_sub(self.people[person].held_in(week))
    }
}

impl Person {
    /// Sessions of a day that stand already.
    pub fn held_on(&self, day: usize) -> usize {
        self.held.iter().filter(|one| one.day == day).count()
    }

    /// Sessions of a week that stand already.
    pub fn held_in(&self, week: usize) -> usize {
        self.held.iter().filter(|one| one.day / WEEK == week).count()
    }
}

/// Whether two times share a minute.
pub fn overlap(one: &Range<Minute>, other: &Range<Minute>) -> bool {
    one.start < other.end && other.start < one.end
}
