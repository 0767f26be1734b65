//! Comparing (くらべる): whether two entries of the calendar look like one event, with what speaks for it and against it. Pure.
//!
//! An entry becomes a [`Listed`], a [`Folder`] makes it ready, [`alike`] finds the pairs. Only entries that share a day are compared.

mod folded;
mod grams;
mod listed;
mod lists;
mod numbers;
mod pairing;
mod place;
mod reason;
mod scoring;
#[cfg(test)]
mod tests;
mod time;
mod title;
mod words;

pub use folded::{Folded, Folder};
pub use listed::{Day, Listed};
pub use pairing::{Pair, alike, compared, ordered};
pub use scoring::{BARRED, Likeness};
pub use words::Vocabulary;
