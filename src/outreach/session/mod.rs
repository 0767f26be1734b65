//! Sessions (出前説明会): held for a request, decided, moved, called off; who goes to them.

pub mod crew;
mod session;

pub use crew::Going;
pub use session::{Place, Session, State, confirmed_of, find, length, of_request, standing};
