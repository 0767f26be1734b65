//! The menu (メニュー): topics of a fiscal year, each looked after by a section, with those who may speak about it.

mod topic;

pub use topic::{Draft, Topic, copy_year, draft_of, find, insert, of_year, offered, retire, speakers, update, years};
