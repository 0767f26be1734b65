//! Duplicates (重なり): the same event from several sources, found, shown to the office, and made one that can be parted again.

pub mod comparing;
