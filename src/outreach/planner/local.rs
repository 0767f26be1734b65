//! Looking for a plan by small changes, where a day has too many sets to look at all of them.
//!
//! A few sessions are given up, then whoever is not served is served again in some order, with one other person sent in somebody's
//! place where that makes room. Whether the result is kept is decided by comparing it with what was known some changes ago, so that
//! the search does not stop at the first plan that no single change improves.

use std::time::Instant;

use super::choice::{Choices, People, shared};
use super::crews::squares;
use super::day::people;
use super::first_come::is_free;
use super::instance::Instance;
use super::plan::{Served, Serving};
use super::search::Dice;

/// With how many changes ago a plan is compared.
const MEMORY: usize = 60;

/// A plan that is being changed.
#[derive(Clone, Debug)]
struct State {
    /// The choice of each request.
    at: Vec<Option<usize>>,
    /// Who goes to each choice.
    gone: Vec<People>,
    /// The choices of each person.
    own: Vec<Vec<usize>>,
}

/// The search by small changes.
pub struct Local<'a> {
    instance: &'a Instance,
    all: &'a Choices,
    /// The choices of each request, the best first.
    wishes: Vec<Vec<usize>>,
    dice: Dice,
    now: State,
}

impl<'a> Local<'a> {
    /// A search that begins with a plan.
    pub fn of(instance: &'a Instance, all: &'a Choices, known: &Serving) -> Self {
        let mut wishes = vec![Vec::new(); instance.requests.len()];
        (0..all.all.len()).for_each(|at| wishes[all.all[at].request].push(at));
        wishes.iter_mut().for_each(|list| list.sort_by_key(|at| all.all[*at].rank));
        let (requests, staff) = (instance.requests.len(), instance.people.len());
        let now = State { at: vec![None; requests], gone: vec![0; all.all.len()], own: vec![Vec::new(); staff] };
        let mut local = Self { instance, all, wishes, dice: Dice(17), now };
        for (request, served) in known.iter().enumerate() {
            let Some(served) = served else { continue };
            let place = local.wishes[request].iter().find(|at| all.all[**at].wish == served.wish);
            if let Some(choice) = place.copied() {
                local.take(choice, served.people);
            }
        }
        local
    }

    /// Changes the plan until the time is over or so many changes in a row found nothing better; tells the best plan.
    pub fn run(&mut self, idle_most: usize, until: Instant) -> Serving {
        let mut best = (self.worth(), self.now.clone());
        let mut memory = [best.0; MEMORY];
        let mut idle = 0;
        for round in 0_usize.. {
            if idle >= idle_most || round.is_multiple_of(64) && Instant::now() >= until {
                break;
            }
            let (before, was) = (self.worth(), self.now.clone());
            self.change();
            let worth = self.worth();
            if worth > best.0 {
                best = (worth, self.now.clone());
                idle = 0;
            } else {
                idle += 1;
            }
            if worth < before && worth < memory[round % MEMORY] {
                self.now = was;
            }
            memory[round % MEMORY] = worth.max(before.min(memory[round % MEMORY]));
        }
        self.now = best.1;
        self.serving()
    }

    /// What the plan is worth, as one number: requests, then ranks, then squares.
    fn worth(&self) -> (usize, i64, i64) {
        let ranks: usize = self.now.at.iter().flatten().map(|at| self.all.all[*at].rank).sum();
        let load = self.now.own.iter().zip(&self.instance.people).map(|(own, person)| own.len() + person.held.len());
        let squares = squares(&load.collect::<Vec<_>>());
        (self.now.at.iter().flatten().count(), -(ranks as i64), -(squares as i64))
    }

    fn serving(&self) -> Serving {
        let served =
            |at: &Option<usize>| at.map(|at| Served { wish: self.all.all[at].wish, people: self.now.gone[at] });
        self.now.at.iter().map(served).collect()
    }

    /// Gives up a few sessions and serves again whoever can be served.
    fn change(&mut self) {
        let unserved: Vec<usize> =
            (0..self.now.at.len()).filter(|at| self.now.at[*at].is_none() && !self.wishes[*at].is_empty()).collect();
        let wanted = match unserved.len() {
            0 => self.dice.below(self.now.at.len()),
            many if self.dice.below(4) > 0 => unserved[self.dice.below(many)],
            _ => self.dice.below(self.now.at.len()),
        };
        if self.wishes[wanted].is_empty() {
            return;
        }
        let choice = self.wishes[wanted][self.dice.below(self.wishes[wanted].len())];
        let mut open = vec![wanted];
        open.extend(self.clear(choice));
        self.now.at[wanted].into_iter().for_each(|at| self.give(at));
        if !self.serve_at(choice) {
            self.serve(wanted);
        }
        let others = if unserved.is_empty() { 0 } else { 6 };
        open.extend((0..others).map(|_| unserved[self.dice.below(unserved.len())]));
        for at in (1..open.len()).rev() {
            open.swap(at, self.dice.below(at + 1));
        }
        open.into_iter().for_each(|request| self.serve(request));
    }

    /// Gives up a few sessions near a choice: some of its day at about its time.
    fn clear(&mut self, choice: usize) -> Vec<usize> {
        let one = &self.all.all[choice];
        let mut near: Vec<usize> =
            self.all.days[one.day].iter().copied().filter(|at| self.now.gone[*at] != 0).collect();
        near.sort_by_key(|at| self.all.all[*at].start.abs_diff(one.start));
        near.truncate(8);
        let many = 1 + self.dice.below(3);
        let mut given = Vec::new();
        for _ in 0..many.min(near.len()) {
            let at = near.swap_remove(self.dice.below(near.len()));
            self.give(at);
            given.push(self.all.all[at].request);
        }
        given
    }

    /// Serves a request that is not served, at the best of its wishes that is possible.
    fn serve(&mut self, request: usize) {
        if self.now.at[request].is_none() {
            let wishes = self.wishes[request].clone();
            wishes.into_iter().any(|choice| self.serve_at(choice));
        }
    }

    /// Serves a request at one of its wishes, if that is possible.
    fn serve_at(&mut self, choice: usize) -> bool {
        let one = &self.all.all[choice];
        let today = self.all.days[one.day].iter().filter(|other| self.now.gone[**other] != 0);
        if self.now.at[one.request].is_some()
            || today.clone().any(|other| shared(self.instance, &self.all.all[*other], one))
        {
            return false;
        }
        let mut free: Vec<usize> = people(one.able).filter(|person| self.is_free(*person, choice)).collect();
        let mut changes = Vec::new();
        for person in people(one.able) {
            if free.len() >= one.need {
                break;
            }
            if !free.contains(&person)
                && let Some((other, instead)) = self.room(person, choice, &free)
            {
                changes.push((other, person, instead));
                self.replace(other, person, instead);
                free.push(person);
            }
        }
        if free.len() < one.need {
            changes.into_iter().rev().for_each(|(other, person, instead)| self.replace(other, instead, person));
            return false;
        }
        let turn = self.dice.below(64);
        free.sort_by_key(|person| {
            (self.now.own[*person].len() + self.instance.people[*person].held.len(), person ^ turn)
        });
        // Whoever was freed for this goes first.
        free.sort_by_key(|person| !changes.iter().any(|change| change.1 == *person));
        self.take(choice, free[..one.need].iter().fold(0, |set, person| set | 1 << person));
        true
    }

    /// A session of somebody that another person could take over so that the first is free for a choice.
    fn room(&mut self, person: usize, choice: usize, wanted: &[usize]) -> Option<(usize, usize)> {
        let day = self.all.all[choice].day;
        let own: Vec<usize> = self.now.own[person].iter().copied().filter(|at| self.all.all[*at].day == day).collect();
        for other in own {
            let rest: Vec<usize> = self.now.own[person].iter().copied().filter(|at| *at != other).collect();
            if !is_free(self.instance, self.all, (person, &rest), choice) {
                continue;
            }
            let could = self.all.all[other].able & !self.now.gone[other];
            let instead = people(could).find(|one| !wanted.contains(one) && self.is_free(*one, other));
            if let Some(instead) = instead {
                return Some((other, instead));
            }
        }
        None
    }

    fn is_free(&self, person: usize, choice: usize) -> bool {
        is_free(self.instance, self.all, (person, &self.now.own[person]), choice)
    }

    fn take(&mut self, choice: usize, gone: People) {
        self.now.at[self.all.all[choice].request] = Some(choice);
        self.now.gone[choice] = gone;
        people(gone).for_each(|person| self.now.own[person].push(choice));
    }

    fn give(&mut self, choice: usize) {
        self.now.at[self.all.all[choice].request] = None;
        people(self.now.gone[choice]).for_each(|person| self.now.own[person].retain(|at| *at != choice));
        self.now.gone[choice] = 0;
    }

    fn replace(&mut self, choice: usize, person: usize, instead: usize) {
        self.now.gone[choice] = self.now.gone[choice] & !(1 << person) | 1 << instead;
        self.now.own[person].retain(|at| *at != choice);
        self.now.own[instead].push(choice);
    }
}
