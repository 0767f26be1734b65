//! What all sessions of a fiscal year came to: how many, for how many people, and what they said, by topic and by town.

mod file;
mod pages;
mod reading;
mod table;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use reading::{Held, YearCount, held_in, this_year, years};
pub use table::{Line, Results, results};

/// The sums of a fiscal year, for staff.
pub const RESULTS: &str = "/staff/outreach/results";

/// The pages of staff.
pub(super) fn own_routes() -> Router<App> {
    Router::new().route(RESULTS, get(pages::show)).route("/staff/outreach/results/export", post(pages::export))
}
