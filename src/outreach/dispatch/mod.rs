//! From the office's data to the planner and back: who could go where when, and what is in the way.

mod free;
mod judging;
mod names;
mod proposing;
mod situation;

pub use free::{FreeDay, Offer, free_for, free_times, need_of, unreachable, who_could};
pub use judging::{Candidate, Judged, judge};
pub use names::Called;
pub use proposing::{Proposal, Proposed, propose};
pub use situation::{Need, Situation};
