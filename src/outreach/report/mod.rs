//! Reports (報告): what became of a session, written by those who went, and what is still to be done about it.

mod form;
mod report;
mod report_pages;
mod rights;
pub mod task;
mod task_pages;
mod visit;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
pub use report::{Draft, Question, Report, Saved, find, save};
pub use rights::AtVisit;
pub use task::Task;
pub use visit::{Visit, moment, record, span};

/// What is still to be done after sessions, for staff.
pub const TASKS: &str = "/staff/outreach/tasks";

/// Address of the report of a session, for staff.
pub fn path(session_id: Uuid) -> String {
    format!("/staff/outreach/sessions/{session_id}/report")
}

/// The pages of staff.
pub(super) fn own_routes() -> Router<App> {
    Router::new()
        .route("/staff/outreach/sessions/{id}/report", get(report_pages::show).post(report_pages::keep))
        .route(TASKS, get(task_pages::list))
        .route("/staff/outreach/tasks/{task}", post(task_pages::tick))
}
