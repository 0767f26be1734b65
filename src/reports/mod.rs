//! Reports of errors (まちがいの知らせ): anybody may say what is wrong on a page; staff get it together with the page.

mod letters;
mod pages;
mod report;
mod staff;
mod subject;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use letters::WORDINGS;
pub use report::{Draft, Report, insert, waiting};
pub use subject::Subject;

/// Where an error is reported; the page it is on follows as `?page=`.
pub const REPORT: &str = "/report";
/// The reports for staff.
pub const STAFF: &str = "/staff/reports";

/// A report as staff see it.
pub fn staff_path(id: Uuid) -> String {
    format!("{STAFF}/{id}")
}

/// The form for everybody and the pages of staff; none of them is kept.
pub fn routes() -> Router<App> {
    Router::new()
        .route(REPORT, get(pages::form).post(pages::send))
        .route(STAFF, get(staff::index))
        .route("/staff/reports/{id}", get(staff::look).post(staff::settle))
}
