//! Why a request is not served: wish by wish, who could not go and by how many minutes, and who is needed elsewhere.

use std::cmp::Reverse;

use super::choice::{Choice, lateness};
use super::day::people;
use super::hindrance::{Hindrance, hindrance};
use super::instance::{Instance, Minute, WEEK};
use super::plan::{Plan, Served};

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// Nothing was wished for.
    NoWish,
    /// A wish at a time at which its site is taken.
    Site {
        /// The place of the wish, 0 for the first.
        rank: usize,
        /// Day and start.
        at: (usize, Minute),
        /// The request whose session is there, by its place in the list; nothing where it is something else.
        by: Option<usize>,
    },
    /// A wish and those who are free for it, fewer than it needs unless the time for planning was too short.
    Wish {
        /// The place of the wish, 0 for the first.
        rank: usize,
        /// Day and start.
        at: (usize, Minute),
        /// How many people are needed.
        need: usize,
        /// How many are free.
        free: usize,
        /// Why each of the others is not, by their place in the list.
        others: Vec<(usize, Kept)>,
    },
    /// There is proof that whoever served it would leave another request unserved, or serve the others worse.
    Proven {
        /// How many can be served at most.
        served: usize,
    },
}

/// Why somebody is not free for a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Not even were it the only one.
    Alone(Hindrance),
    /// Another session, driving and preparation counted.
    Session {
        /// The request it is for, by its place in the list.
        request: usize,
        /// Minutes that are missing between the two.
        short: Minute,
    },
    /// So many sessions on that day already.
    Day(usize),
    /// So many sessions in that week already.
    Week(usize),
}

/// Why a plan does not serve a request, by its place in the list; empty where it does.
pub fn because(instance: &Instance, plan: &Plan, request: usize) -> Vec<Because> {
    if plan.served[request].is_some() {
        return Vec::new();
    }
    let asked = &instance.requests[request];
    if asked.wishes.is_empty() {
        return vec![Because::NoWish];
    }
    let each = (0..asked.wishes.len())
        .map(|at| (asked.rank(at), of_site(instance, plan, request, at), of_wish(instance, plan, request, at)));
    let mut each: Vec<(usize, Option<Because>, Because)> = each.collect();
    let is_possible =
        each.iter().any(|(_, site, wish)| !matches!(site, Some(Because::Site { by: None, .. })) && could(wish));
    // Of several starts that fulfil the same wish the one that lacks least is told.
    each.sort_by_key(|(rank, site, wish)| (*rank, site.is_some(), Reverse(free(wish))));
    each.dedup_by_key(|(rank, ..)| *rank);
    let mut reasons = Vec::new();
    for (_, site, wish) in each {
        let is_told = site.is_none() || !matches!(&wish, Because::Wish { need, free, .. } if free >= need);
        reasons.extend(site.into_iter().chain(is_told.then_some(wish)));
    }
    if plan.is_optimal && is_possible {
        reasons.push(Because::Proven { served: plan.score.served });
    }
    reasons
}

/// How many people are free for a wish.
fn free(wish: &Because) -> usize {
    if let Because::Wish { free, .. } = wish { *free } else { 0 }
}

/// Whether enough people could go if nothing else were planned.
fn could(wish: &Because) -> bool {
    let Because::Wish { need, free, others, .. } = wish else { return false };
    free + others.iter().filter(|(_, kept)| !matches!(kept, Kept::Alone(_))).count() >= *need
}

fn of_site(instance: &Instance, plan: &Plan, request: usize, wish: usize) -> Option<Because> {
    let asked = &instance.requests[request];
    let at = asked.wishes[wish];
    let by = |(other, served): (usize, &Option<Served>)| {
        let one = &instance.requests[other];
        let (day, start) = one.wishes[served.as_ref()?.wish];
        instance.share((asked, at.0, at.1), (one, day, start)).then_some(Some(other))
    };
    let booked = instance.taken(asked, at).map(|_| None);
    let by = booked.or_else(|| plan.served.iter().enumerate().find_map(by))?;
    Some(Because::Site { rank: asked.rank(wish), at, by })
}

fn of_wish(instance: &Instance, plan: &Plan, request: usize, at: usize) -> Because {
    let asked = &instance.requests[request];
    let (day, start) = asked.wishes[at];
    let wish = Choice { request, rank: asked.rank(at), wish: at, day, start, need: asked.need, able: 0 };
    let kept = |person: usize| {
        let alone = hindrance(instance, asked, (day, start), person).map(Kept::Alone);
        alone.or_else(|| kept_by_plan(instance, plan, &wish, person))
    };
    let all: Vec<(usize, Option<Kept>)> = (0..instance.people.len()).map(|person| (person, kept(person))).collect();
    let free = all.iter().filter(|(_, kept)| kept.is_none()).count();
    let others = all.into_iter().filter_map(|(person, kept)| Some((person, kept?))).collect();
    Because::Wish { rank: asked.rank(at), at: (day, start), need: asked.need, free, others }
}

fn kept_by_plan(instance: &Instance, plan: &Plan, wish: &Choice, person: usize) -> Option<Kept> {
    let own: Vec<Choice> = plan
        .served
        .iter()
        .enumerate()
        .filter_map(|(request, served)| {
            let served = served.filter(|served| people(served.people).any(|one| one == person))?;
            let (day, start) = instance.requests[request].wishes[served.wish];
            Some(Choice { request, rank: 0, wish: served.wish, day, start, need: 0, able: 0 })
        })
        .collect();
    let on_day = || own.iter().filter(|one| one.day == wish.day);
    let late = on_day().map(|one| (one.request, lateness(instance, one, wish))).max_by_key(|(_, short)| *short);
    if let Some((request, short)) = late.filter(|(_, short)| *short > 0) {
        return Some(Kept::Session { request, short });
    }
    let held = &instance.people[person];
    let today = on_day().count() + held.held_on(wish.day);
    if today >= instance.most_per_day {
        return Some(Kept::Day(today));
    }
    let week = wish.day / WEEK;
    let in_week = own.iter().filter(|one| one.day / WEEK == week).count() + held.held_in(week);
    (in_week >= instance.most_per_week).then_some(Kept::Week(in_week))
}
