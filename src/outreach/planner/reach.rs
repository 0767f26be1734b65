//! What can be reached at most where not all sets are looked at: each day has only so many people.

use std::collections::VecDeque;
use std::time::Instant;

use super::choice::{Choices, lateness};
use super::day::people;
use super::instance::{Instance, WEEK};

/// No more sessions than this can take place on each day: what its people can do one by one, shared among those who are needed.
fn rooms(instance: &Instance, all: &Choices) -> Vec<usize> {
    let room = |here: &Vec<usize>| {
        let need = here.iter().map(|at| all.all[*at].need).min().unwrap_or(1).max(1);
        let able = here.iter().fold(0, |set, at| set | all.all[*at].able);
        people(able).map(|person| longest(instance, all, here, person)).sum::<usize>() / need
    };
    all.days.iter().map(room).collect()
}

/// The most sessions of a day that one person can do one after the other.
fn longest(instance: &Instance, all: &Choices, here: &[usize], person: usize) -> usize {
    let own: Vec<usize> = here.iter().copied().filter(|at| all.all[*at].able >> person & 1 == 1).collect();
    let Some(day) = own.first().map(|at| all.all[*at].day) else { return 0 };
    let mut most = vec![1; own.len()];
    for then in 0..own.len() {
        for first in 0..then {
            if most[first] >= most[then] && lateness(instance, &all.all[own[first]], &all.all[own[then]]) == 0 {
                most[then] = most[first] + 1;
            }
        }
    }
    let left = instance.left_on_day(person, day).min(instance.left_in_week(person, day / WEEK));
    most.into_iter().max().unwrap_or(0).min(left)
}

/// No plan serves more requests than this, or as many with a smaller sum of ranks.
pub fn reach(instance: &Instance, all: &Choices, until: Instant) -> (usize, usize) {
    let mut rooms = Rooms { all, room: rooms(instance, all), at: vec![None; instance.requests.len()] };
    let wishes = wishes(all, instance.requests.len());
    while rooms.serve_one(&wishes) {
        if Instant::now() >= until {
            return alone(all, &wishes);
        }
    }
    let served = rooms.at.iter().flatten();
    (served.clone().count(), served.map(|at| all.all[*at].rank).sum())
}

/// The choices of each request: of each day the best.
fn wishes(all: &Choices, requests: usize) -> Vec<Vec<usize>> {
    let mut wishes = vec![Vec::new(); requests];
    (0..all.all.len()).for_each(|at| wishes[all.all[at].request].push(at));
    for list in &mut wishes {
        list.sort_by_key(|at| (all.all[*at].day, all.all[*at].rank));
        list.dedup_by_key(|at| all.all[*at].day);
    }
    wishes
}

/// What could be reached if no request were in the way of another.
fn alone(all: &Choices, wishes: &[Vec<usize>]) -> (usize, usize) {
    let best = wishes.iter().filter_map(|list| list.iter().map(|at| all.all[*at].rank).min());
    (best.clone().count(), best.sum())
}

/// Requests in the rooms of days, one more with each step and always with the least sum of ranks.
struct Rooms<'a> {
    all: &'a Choices,
    /// How many more each day can take.
    room: Vec<usize>,
    at: Vec<Option<usize>>,
}

impl Rooms<'_> {
    /// Serves one more request, moving others to other days where that is cheapest; says whether that was possible.
    fn serve_one(&mut self, wishes: &[Vec<usize>]) -> bool {
        // The least ranks with which one more request can come to a day, and the choice it comes by.
        let mut cost: Vec<Option<(i64, usize)>> = vec![None; self.room.len()];
        let mut queue: VecDeque<usize> = VecDeque::new();
        let offer = |cost: &mut Vec<Option<(i64, usize)>>, queue: &mut VecDeque<usize>, ranks: i64, choice: usize| {
            let day = self.all.all[choice].day;
            if cost[day].is_none_or(|(known, _)| ranks < known) {
                cost[day] = Some((ranks, choice));
                queue.push_back(day);
            }
        };
        for choice in wishes.iter().zip(&self.at).filter(|(_, at)| at.is_none()).flat_map(|(list, _)| list) {
            offer(&mut cost, &mut queue, self.all.all[*choice].rank as i64, *choice);
        }
        while let Some(day) = queue.pop_front() {
            let Some((ranks, _)) = cost[day] else { continue };
            for at in self.all.days[day].iter().copied() {
                let request = self.all.all[at].request;
                if self.at[request] != Some(at) {
                    continue;
                }
                for choice in wishes[request].iter().filter(|choice| **choice != at) {
                    let (from, to) = (self.all.all[at].rank as i64, self.all.all[*choice].rank as i64);
                    offer(&mut cost, &mut queue, ranks + to - from, *choice);
                }
            }
        }
        let open = (0..cost.len()).filter(|day| self.room[*day] > 0);
        let Some(mut day) = open.filter(|day| cost[*day].is_some()).min_by_key(|day| cost[*day]) else { return false };
        self.room[day] -= 1;
        while let Some((_, choice)) = cost[day] {
            let request = self.all.all[choice].request;
            let Some(was) = self.at[request].replace(choice) else { break };
            day = self.all.all[was].day;
        }
        true
    }
}
