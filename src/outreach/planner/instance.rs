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
    /// What the person has to do elsewhere.
    pub duties: Vec<Duty>,
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

/// A session that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How it is called in the answer.
    pub id: i64,
    /// Where it takes place.
    pub place: usize,
    /// How long it lasts.
    pub minutes: Minute,
    /// How many people are needed.
    pub need: usize,
    /// Who may speak about its topic: places in the list of people.
    pub speakers: Vec<usize>,
    /// Day and start, the best first.
    pub wishes: Vec<(usize, Minute)>,
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
}
