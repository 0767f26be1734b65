//! The planner of the sessions: who goes where when, so that as many requests as possible are served, each as well as possible, and
//! nobody has more to do than the others.
//!
//! A wish of a request needs some people at a place at a time ([`choice`]). For each day every set of wishes that can be served
//! together is made ([`day`]); one set is chosen for each day, so that no request is served twice and nobody has too much in a week
//! ([`master`], [`search`]); then the work is shared out evenly without giving up anything of that ([`balance`]). Each step knows a
//! bound on what can be reached at all, so the plan says whether it is the best one. Whatever is not served is explained
//! ([`because`]).
//!
//! Everything here is pure: no clock but the one that ends the search, no database, no pages.

mod balance;
mod because;
mod check;
mod choice;
mod crews;
mod day;
mod driving;
mod file;
mod finding;
mod first_come;
mod hindrance;
mod instance;
mod layers;
mod local;
mod master;
mod plan;
mod priced;
mod reach;
mod search;
mod slots;
mod steps;
#[cfg(test)]
mod tests;
mod told;

pub use because::{Because, Kept, because};
pub use check::{Breach, Placed, check, check_one};
pub use choice::People;
pub use file::{Broken, answer, read};
pub use hindrance::Hindrance;
pub use instance::{Duty, Held, Instance, MOST_PEOPLE, Minute, Person, Request, Taken, Window};
pub use plan::{Plan, Score, Served, plan};
pub use slots::{Closed, Excluded, Opening, Slot, Slots, slots};
pub use told::{Names, Numbers};
