//! The day itself (当日): who is there, ticked on a phone or on paper, by several people at once, and the end of the meeting.

mod form;
mod holding_pages;
mod mark;
mod print_page;
mod roll;
mod tick_pages;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use holding_pages::hold_meeting as hold;
pub use mark::{Mark, Marking, Presence, put};
pub use roll::{Roll, call};

/// The pages of the day.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/meetings/{id}/attendance", get(tick_pages::show))
        .route("/meetings/{id}/attendance/print", get(print_page::show))
        .route("/meetings/{id}/attendance/seats/{seat}", get(tick_pages::one).post(tick_pages::tick))
        .route("/meetings/{id}/attendance/guests", post(tick_pages::welcome))
        .route("/meetings/{id}/attendance/guests/{guest}", post(tick_pages::send_off))
        .route("/meetings/{id}/attendance/names/{mark}", post(tick_pages::withhold))
        .route("/meetings/{id}/holding", get(holding_pages::ask).post(holding_pages::hold))
}
