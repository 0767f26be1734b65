//! The planner of the sessions: who goes where when, so that as many requests as possible are served, each as well as possible, and
//! nobody has more to do than the others, with as little driving as that allows.
//!
//! A wish of a request needs some people at a place at a time ([`choice`]), each of whom can come there from what else the day brings
//! ([`hindrance`]). For each day every set of wishes that can be served together is made ([`day`]); one set is chosen for each day, so
//! that no request is served twice and nobody has too much in a week ([`master`], [`search`]); then the work is shared out evenly
//! without giving up anything of that ([`balance`]), and the ways are made as short as that leaves room for ([`driving`]), both proven
//! by prices and by going through all plans day by day ([`priced`], [`layers`]). Each step knows a bound on what can be reached at
//! all, so the plan says whether it is the best one. A day with too many sets is planned by small changes ([`local`]) under a simpler
//! bound ([`reach`]). Whatever is not served is explained ([`because`]).
//!
//! What people do by hand is looked at as well: what a session breaks where somebody put it ([`check`]), and where one session could
//! be put at all ([`slots`]). All of it is put into words in one place ([`told`]).
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
mod prices;
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
