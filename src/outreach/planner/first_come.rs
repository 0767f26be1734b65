//! First come, first served: what anybody would plan by hand, and what no plan may be worse than.

use super::choice::{Choices, lateness, shared};
use super::day::people;
use super::instance::{Instance, WEEK};
use super::plan::{Served, Serving};

/// Each request in its turn gets the first wish for which enough people are free; with `spread` those go
/// who have least, otherwise the first in the list.
pub fn first_come(instance: &Instance, all: &Choices, spread: bool) -> Serving {
    let mut served = vec![None; instance.requests.len()];
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); instance.people.len()];
    let mut gone: Vec<usize> = Vec::new();
    for (request, served) in served.iter_mut().enumerate() {
        let mut wishes: Vec<usize> = (0..all.all.len()).filter(|at| all.all[*at].request == request).collect();
        wishes.sort_by_key(|at| all.all[*at].rank);
        for at in wishes {
            let one = &all.all[at];
            if gone.iter().any(|other| shared(instance, &all.all[*other], one)) {
                continue;
            }
            let mut free: Vec<usize> =
                people(one.able).filter(|person| is_free(instance, all, (*person, &taken[*person]), at)).collect();
            if free.len() < one.need {
                continue;
            }
            free.sort_by_key(
                |person| if spread { taken[*person].len() + instance.people[*person].held.len() } else { 0 },
            );
            free[..one.need].iter().for_each(|person| taken[*person].push(at));
            let people = free[..one.need].iter().fold(0, |set, person| set | 1 << person);
            *served = Some(Served { wish: one.wish, people });
            gone.push(at);
            break;
        }
    }
    served
}

/// Whether somebody who has these sessions can take one more.
pub fn is_free(instance: &Instance, all: &Choices, (person, taken): (usize, &[usize]), at: usize) -> bool {
    let one = &all.all[at];
    let of = |test: &dyn Fn(usize) -> bool| taken.iter().filter(|other| test(all.all[**other].day)).count();
    of(&|day| day == one.day) < instance.left_on_day(person, one.day)
        && of(&|day| day / WEEK == one.day / WEEK) < instance.left_in_week(person, one.day / WEEK)
        && taken.iter().all(|other| all.all[*other].day != one.day || lateness(instance, &all.all[*other], one) == 0)
}
