//! 名前と連絡先: what the city, its office and its site are called, and how they are reached.

pub(super) mod pages;
