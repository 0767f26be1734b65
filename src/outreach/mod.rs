//! Explanation sessions (出前説明会, items 1-01 and 1-02): who goes where when, on an island whose ends are over two hours apart.
//!
//! A body asks with a [`Request`]; staff hold people's time for it with a [`Session`] and decide; the speakers report. What the
//! city explains stands in the menu ([`Topic`]), what may be asked for in the rules.

pub mod availability;
pub mod planner;
pub mod request;
pub mod session;
pub mod topic;

use axum::Router;
use uuid::Uuid;

use crate::app::App;
pub use request::{Request, Stage, Wish};
pub use session::Session;
pub use topic::Topic;

/// The menu and the rules, for everybody.
pub const INDEX: &str = "/outreach";
/// Where a session is asked for.
pub const REQUEST: &str = "/outreach/request";
/// The requests and sessions, for staff.
pub const DESK: &str = "/staff/outreach";

/// Address of the applicant's own page.
pub fn request_path(token: &str) -> String {
    format!("/outreach/requests/{token}")
}

/// Address of a request's page for staff.
pub fn desk_path(id: Uuid) -> String {
    format!("{DESK}/requests/{id}")
}

/// The pages of staff.
pub fn own_routes() -> Router<App> {
    Router::new().merge(availability::own_routes())
}
