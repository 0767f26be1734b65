//! 日程さがし, the date finder: which dates suit a meeting of groups, and why the others do not.
//!
//! [`find`] reads what it needs and judges every start of the wish; [`look`] is its pure part. [`Findings`] tells the best
//! proposals ([`Findings::best`]), and of every start and every day what stands against it ([`Start::verdict`],
//! [`Findings::against_day`]) and where least would have to change ([`Findings::nearest`]). Every [`Reason`] and every
//! [`Point`] is one Japanese sentence by its `Display`. What comes first is decided in `order.rs` alone.
//!
//! A group cannot come if it has something on at the time, or so shortly before or after that the way between the two
//! places takes longer. Where a town or a way is not known nothing is counted for it, and the proposal says so. What goes on for
//! more than [`MOST_WHOLE_DAYS`] days without hours, and the days that another meeting only asks about, keep nobody away: the
//! proposal tells of them.

mod advantage;
mod closed;
mod findings;
mod judging;
mod known;
mod order;
mod reading;
mod reason;
mod refused;
mod seated;
mod times;
mod verdict;
mod wish;

#[cfg(test)]
mod tests;

pub use advantage::{Journey, Point};
pub use closed::{Closed, Days, of_city as closed_days};
pub use findings::{Findings, Start, look};
pub use known::{Engagement, Group, Known, MOST_WHOLE_DAYS, UNKNOWN_MINUTES, Venue};
pub use order::Quality;
pub use reading::{Sight, find, read};
pub use reason::{Busy, Held, Hindrance, Reason};
pub use refused::Refused;
pub use times::{DAY, Minute, at, clock, day_of, day_words, moment_words};
pub use verdict::{Possible, Verdict};
pub use wish::{Invited, MOST_DAYS, Place, Wish};
