//! Decisions (決定・否決): time is held, the request is decided with a numbered notice, later changes and ends follow. All letters
//! wait until staff release them.

mod deciding;
mod decision;
mod holding;
mod invitee;
mod notice;
mod taker;

pub use deciding::{Hand, approve, cancel, decline, offer, refuse, shift, withdraw};
pub use decision::{Decision, Kind, find, of_request, told_of};
pub use holding::{Refused, Visit, hold, release};
pub use invitee::{Invitee, answer_label, of_session as invitees};
pub use notice::Saying;
pub use taker::taker;
