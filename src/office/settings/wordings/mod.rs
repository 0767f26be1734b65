//! 手紙の文面: every letter's wording, changed with a preview, and brought back to what ships.

mod check;
mod difference;
pub(super) mod pages;
pub(super) mod signature;
