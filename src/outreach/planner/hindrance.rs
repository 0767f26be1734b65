//! Why somebody cannot take a session, were it the only one that is planned: the work of the day, the way, and what stands already.
//!
//! A day of work is a way from the base and back to it. A session needs the way from the base only where nothing that the person
//! does anyway comes before it during that work, and the way back only where nothing comes after. As a detour is never shorter than
//! the direct way, it is enough to look at every two things of a day.

use super::instance::{Duty, Instance, Minute, Person, Request, WEEK, Window};

/// Why somebody cannot take a session, were it the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// Not a speaker on the topic.
    Topic,
    /// Not at work on that day.
    Away,
    /// The work begins too late to be there in time.
    Early {
        /// Minutes of driving there.
        drive: Minute,
        /// Minutes that are missing.
        short: Minute,
    },
    /// The work ends too early to be back in time.
    Late {
        /// Minutes of driving back.
        drive: Minute,
        /// Minutes that are missing.
        short: Minute,
    },
    /// Something else to do before: there is too little time from it to the session.
    After {
        /// Minutes of driving between.
        drive: Minute,
        /// Minutes that are missing.
        short: Minute,
    },
    /// Something else to do afterwards: there is too little time from the session to it.
    Before {
        /// Minutes of driving between.
        drive: Minute,
        /// Minutes that are missing.
        short: Minute,
    },
    /// As many sessions as are allowed on a day stand already.
    Day(usize),
    /// As many sessions as are allowed in a week stand already.
    Week(usize),
}

impl Hindrance {
    /// The minutes that are missing, where it is a matter of minutes.
    pub fn short(self) -> Option<Minute> {
        match self {
            Self::Early { short, .. } | Self::Late { short, .. } => Some(short),
            Self::After { short, .. } | Self::Before { short, .. } => Some(short),
            Self::Topic | Self::Away | Self::Day(_) | Self::Week(_) => None,
        }
    }

    /// How far somebody is from being able: 0 and the minutes that are missing, or more where no minutes help.
    pub fn weight(self) -> (u32, Minute) {
        match self {
            Self::Day(_) | Self::Week(_) => (1, 0),
            Self::Away => (2, 0),
            Self::Topic => (3, 0),
            _ => (0, self.short().unwrap_or(0)),
        }
    }

    /// Whether it is of the same kind as another, whatever the minutes.
    pub fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The first reason why somebody cannot take a session; nothing where it is possible.
pub fn hindrance(instance: &Instance, request: &Request, at: (usize, Minute), person: usize) -> Option<Hindrance> {
    if !request.speakers.contains(&person) {
        return Some(Hindrance::Topic);
    }
    let own = &instance.people[person];
    within(instance, request, own, at)
        .next()
        .or_else(|| beside_duties(instance, request, own, at).next())
        .or_else(|| full(instance, person, at.0))
}

/// Every reason why somebody cannot take a session.
pub fn hindrances(instance: &Instance, request: &Request, at: (usize, Minute), person: usize) -> Vec<Hindrance> {
    let own = &instance.people[person];
    let topic = (!request.speakers.contains(&person)).then_some(Hindrance::Topic);
    let ways = within(instance, request, own, at).chain(beside_duties(instance, request, own, at));
    topic.into_iter().chain(ways).chain(full(instance, person, at.0)).collect()
}

/// What the hours of work do not allow: too early, too late or both, told of those hours that come nearest.
fn within(
    instance: &Instance,
    request: &Request,
    person: &Person,
    (day, start): (usize, Minute),
) -> impl Iterator<Item = Hindrance> {
    let windows = || person.windows.iter().filter(|window| window.day == day);
    let told = |window: &Window| beyond(instance, request, person, window, start);
    let nearest = windows().map(told).min_by_key(|(early, late)| early.0.max(late.0));
    let away = nearest.is_none().then_some(Hindrance::Away);
    let (early, late) = nearest.unwrap_or_default();
    let early = (early.0 > 0).then_some((early.0, Hindrance::Early { drive: early.1, short: early.0 }));
    let late = (late.0 > 0).then_some((late.0, Hindrance::Late { drive: late.1, short: late.0 }));
    let mut both: Vec<(Minute, Hindrance)> = early.into_iter().chain(late).collect();
    both.sort_by_key(|(short, _)| std::cmp::Reverse(*short));
    away.into_iter().chain(both.into_iter().map(|(_, told)| told))
}

/// By how many minutes a session begins too early and ends too late for some hours of work, each with the minutes of driving.
fn beyond(
    instance: &Instance,
    request: &Request,
    person: &Person,
    window: &Window,
    start: Minute,
) -> ((Minute, Minute), (Minute, Minute)) {
    let stay = instance.stay(request, start);
    let duties = || person.duties.iter().filter(|duty| duty.day == window.day);
    let comes = duties().any(|duty| duty.time.end >= window.time.start && duty.time.end <= stay.start);
    let goes = duties().any(|duty| duty.time.start <= window.time.end && duty.time.start >= stay.end);
    let out = if comes { 0 } else { instance.drive(person.base, request.place) };
    let back = if goes { 0 } else { instance.drive(request.place, person.base) };
    let early = (window.time.start + instance.setup + out).saturating_sub(start);
    let late = (stay.end + back).saturating_sub(window.time.end);
    ((early, out), (late, back))
}

/// What other duties do not allow, each told of the smaller step that would make room.
fn beside_duties(
    instance: &Instance,
    request: &Request,
    person: &Person,
    (day, start): (usize, Minute),
) -> impl Iterator<Item = Hindrance> {
    let stay = instance.stay(request, start);
    let told = move |duty: &Duty| {
        let (there, back) = (instance.drive(duty.place, request.place), instance.drive(request.place, duty.place));
        let before = (stay.end + back).saturating_sub(duty.time.start);
        let after = (duty.time.end + there).saturating_sub(stay.start);
        let told = if before <= after {
            Hindrance::Before { drive: back, short: before }
        } else {
            Hindrance::After { drive: there, short: after }
        };
        (before.min(after) > 0).then_some(told)
    };
    person.duties.iter().filter(move |duty| duty.day == day).filter_map(told)
}

/// Whether the sessions that stand leave no room.
fn full(instance: &Instance, person: usize, day: usize) -> Option<Hindrance> {
    let own = &instance.people[person];
    if instance.left_on_day(person, day) == 0 {
        return Some(Hindrance::Day(own.held_on(day)));
    }
    (instance.left_in_week(person, day / WEEK) == 0).then(|| Hindrance::Week(own.held_in(day / WEEK)))
}
