//! Who of the staff can be sent when: working hours, leave, other duties, and busy times from their own calendars.

mod available;
pub mod busy;
pub mod duty;
pub mod hours;
pub mod person;

pub use available::{Available, Engaged, of};
