//! きまり: the numbers that the city may set, each with its default and where that comes from.

pub(super) mod pages;
