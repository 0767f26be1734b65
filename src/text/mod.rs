//! Japanese text has one home: search keys, 五十音 order, 和暦 in and out, holidays, telephone and postal forms, CP932.
//!
//! Everything here is pure: no database, no clock, no file. Text is stored as people typed it; what this module makes of it
//! is only for comparing, ordering and showing.

pub mod clean;
pub mod cp932;
pub mod dates;
pub mod day;
pub mod diff;
pub mod fold;
pub mod gazetteer;
pub mod holidays;
pub mod kana;
pub mod office_days;
pub mod phone;
pub mod postal;
pub mod times;
pub mod wareki;
