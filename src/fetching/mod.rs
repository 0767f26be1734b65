//! Fetching what somebody gave the address of, as if every address were a trap: only the open internet is reached, every address
//! of every hop is checked before it is connected to, and bytes, time and hops are bounded.

mod address;
mod fetch;
mod guard;
mod names;
mod refused;

#[cfg(test)]
mod tests;

pub use address::is_public;
pub use fetch::{Ask, Fetched, fetch};
pub use guard::{Guard, checked_url};
pub use names::Names;
pub use refused::Refused;
