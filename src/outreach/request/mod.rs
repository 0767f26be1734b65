//! Requests (申込): a body asks for a session, with three ranked wishes and a place that it provides itself.

mod body;
mod request;
pub mod wish;

pub use body::BodyKind;
pub use request::{Request, Stage, closed, find, find_all, find_received, hold, open};
pub use wish::Wish;
