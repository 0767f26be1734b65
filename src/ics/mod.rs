//! Calendar files (iCalendar, RFC 5545): reading what others wrote, expanding it, checking it, and writing our own.
//!
//! Nothing here touches disk, network, database or clock. Every byte that comes in is untrusted:
//! `bytes → lines (unfold, cap, decode) → components (mend) → calcard → Calendar → expand`.

mod check;
mod components;
mod decode;
mod expand;
mod feed;
mod filling;
mod findings;
mod invitation;
mod limits;
mod lines;
mod marks;
mod model;
mod parameters;
mod property;
mod read;
mod read_event;
mod reply;
mod rule;
mod rule_dates;
mod rule_days;
mod second_reader;
mod series;
mod times;
mod when;
mod write;
mod zone;
mod zone_block;
mod zone_rules;
mod zone_writer;

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod expand_tests;
#[cfg(test)]
mod feed_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod invitation_tests;
#[cfg(test)]
mod odd_tests;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod reply_tests;

pub use check::{CheckReport, CheckedEvent, Verdict, check};
pub use decode::decoded;
pub use expand::{expand, first_by_rule};
pub use feed::{Entry, Feed, feed, single};
pub use filling::{each_line, escaped, unfolded};
pub use findings::{Broken, Finding, Findings, Level};
pub use invitation::{Invitation, Method, Party, invitation};
pub use limits::Limits;
pub use model::{Calendar, Class, Event, Expansion, ExtraDate, Length, Occurrence, Status, Unread};
pub use property::clean;
pub use read::read;
pub use reply::{Answer, Reply, Unanswered, reply};
pub use when::When;
pub use zone::Zone;
