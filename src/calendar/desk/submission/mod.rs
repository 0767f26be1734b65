//! Submissions (掲載の申込み): an event that somebody without an account asks the office to publish. Nothing reaches the
//! office before the address is shown to be theirs, and nobody sees the event before the office has looked at it.

mod asking_pages;
pub(in crate::calendar) mod letters;
mod link;
mod own_pages;
mod paper_pages;
mod record;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub(super) use record::of_entry;
pub use record::{Submission, forget, newest};

/// Where anybody asks for an event to be published.
pub const SUBMIT: &str = "/events/submit";
/// Where staff type in what came by telephone or on paper.
pub const ENTER: &str = "/staff/events/submit";
/// Days after which what nobody confirmed is forgotten.
pub const UNCONFIRMED_DAYS: i64 = 7;
/// Days after an event, or after it came in, for which the name and address of whoever asked are kept.
pub const KEPT_DAYS: i64 = 400;

/// Address of the page of whoever asked.
fn own_path(token: &str) -> String {
    format!("/events/submissions/{token}")
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(SUBMIT, get(asking_pages::new).post(asking_pages::send))
        .route("/events/submit/paper", get(paper_pages::paper))
        .route(ENTER, get(asking_pages::new_by_staff).post(asking_pages::enter))
        .route("/events/submissions/{token}", get(own_pages::state))
        .route("/events/submissions/{token}/again", get(own_pages::again))
        .route("/events/submissions/{token}/verification", post(own_pages::verify).get(own_pages::back))
        .route("/events/submissions/{token}/letter", post(own_pages::send_again).get(own_pages::back))
        .route("/events/submissions/{token}/withdrawal", post(own_pages::withdraw).get(own_pages::back))
}
