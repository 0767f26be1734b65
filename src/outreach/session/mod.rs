//! Sessions (出前説明会): held for a request, decided, moved, called off; who goes to them.

pub mod calendar_entry;
pub mod crew;
pub mod driving;
mod session;
pub(super) mod store;

pub use crew::Going;
pub use session::{Place, Session, State, confirmed_of, find, length, of_request, standing, unreported};
