//! Explanation sessions (出前説明会, items 1-01 and 1-02): who goes where when, on an island whose ends are over two hours apart.
//!
//! A body asks with a [`Request`]; staff hold people's time for it with a [`Session`] and decide; the speakers report. What the
//! city explains stands in the menu ([`Topic`]), what may be asked for in the rules.

pub mod availability;
pub mod decision;
mod desk;
pub mod dispatch;
pub mod letters;
mod numbers;
mod pages;
pub mod planner;
pub mod questionnaire;
pub mod reach;
mod reminding;
pub mod report;
pub mod request;
pub mod results;
pub mod rules;
pub mod session;
mod telling;
pub mod topic;
mod waiting;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use reminding::remind;
pub use request::{Request, Stage, Wish};
pub use session::Session;
pub use topic::Topic;
pub use waiting::waiting;

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

/// What everybody may read.
pub fn routes() -> Router<App> {
    Router::new().route(INDEX, get(pages::index)).route("/outreach/paper", get(pages::paper)).merge(reach::routes())
}

/// The pages of applicants, by personal link, and of staff.
pub fn own_routes() -> Router<App> {
    Router::new()
        .merge(request::routes())
        .merge(desk::routes())
        .merge(topic::routes())
        .merge(report::own_routes())
        .merge(questionnaire::own_routes())
        .merge(results::own_routes())
        .merge(availability::own_routes())
}
