//! 連絡記録: what was said by telephone, at the counter or on paper, group by group.

mod contact_note;
pub(super) mod pages;

pub(super) use contact_note::{Note, count, of_group};
