//! The calendar (予定): every dated thing is one entry; the days it takes place on are its occurrences.

mod clash;
mod day_list;
mod desk;
mod detail;
mod draft;
pub mod edits;
mod engagement;
mod entry;
mod export;
mod family;
mod feed;
mod filter;
mod horizon;
mod import;
mod leaving;
mod letters;
mod linked_data;
mod linked_text;
mod month;
mod narrowing;
mod occurrence;
mod open_layout;
mod open_table;
mod origin;
mod outcome;
mod pages;
mod repeat;
mod review;
mod rows;
mod series;
mod spread;
mod standing;
mod store;
mod succession;
mod times;
pub mod union;
mod vevent;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use day_list::{DayList, by_day};
pub use desk::routes as own_routes;
pub use desk::submission::{Submission, forget as forget_submissions, newest as submissions};
pub use draft::{Draft, Span};
pub use engagement::{Engagement, engagements};
pub use entry::{Entry, Kind, Status, find_all, find_public};
pub use export::table as export_table;
pub use family::{Family, OWN};
pub use feed::{Series, Window, feed_entries, item_codes};
pub use filter::Filter;
pub use horizon::extend as extend_horizon;
pub use import::{Arrived, ImportFault, Incoming, Sent, import, look, objections};
pub use leaving::{Leaving, let_go};
pub use letters::WORDINGS;
pub use linked_data::previous_words;
pub use month::{Cell, Month};
pub use narrowing::words as filter_words;
pub use occurrence::{Occurrence, in_days, month_days, upcoming};
pub use open_layout::Layout;
pub use open_table::{OpenTable, open_table};
pub use origin::{FEED, Origin, source_id, source_name};
pub use repeat::{RESTLESS, is_restless, words_of as repeat_words};
pub use review::{ReviewState, ask as ask_review, waiting, withdraw as withdraw_review};
pub use series::parsed as when;
pub use spread::Stretch;
pub use standing::{Standing, coming_uids, stamps, standing, standing_of};
pub use store::{Desk, StoreFault, Stored, store, store_all};
pub use succession::{Succession, successions};
pub use times::{next_times, times_between};
pub use vevent::vevent;

/// Path of the calendar.
pub const INDEX: &str = "/events";
/// Path pattern of one entry.
pub const ENTRY: &str = "/events/{id}";

/// Address of an entry's page.
pub fn path(id: Uuid) -> String {
    format!("/events/{id}")
}

/// The pages of the calendar.
pub fn routes() -> Router<App> {
    Router::new().route(INDEX, get(pages::index)).route(ENTRY, get(detail::entry))
}
