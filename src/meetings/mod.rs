//! Liaison meetings (連絡調整会議): from the first idea to what follows from the decisions.

pub mod finder;
