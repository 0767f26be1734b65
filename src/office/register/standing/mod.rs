//! What staff decide about a group: where it stands in the register, and whether its events appear at once.

pub(super) mod pages;
mod row;

pub(super) use row::{Row, find};
