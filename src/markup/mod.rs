//! Web pages and the HTML in other people's calendars: events marked up with schema.org (JSON-LD), and plain text out of HTML.
//!
//! Pure like [`ics`](crate::ics), whose model it fills: no disk, network, database or clock. Every byte is untrusted:
//! `bytes → text (encoding) → script blocks → JSON (own, tolerant, capped) → objects → ics::Event`. A page with microdata
//! or h-event is told apart, not read.

mod address;
mod blocks;
mod elements;
mod event;
mod graph;
mod json;
mod mend;
mod page;
mod plain_text;
mod recognise;
mod schedule;
mod value;

#[cfg(test)]
mod json_tests;
#[cfg(test)]
mod mend_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod plain_text_tests;
#[cfg(test)]
mod schedule_tests;

pub use mend::mend;
pub use page::page;
pub use plain_text::plain_text;
pub use recognise::looks_like_html;
