//! The questionnaire (アンケート) for those who listened: by a QR code in the hall, or on paper that staff key in.

mod answer;
mod answer_pages;
mod desk_pages;
mod form;
mod keying_pages;
mod question;
mod record;
mod sheet_page;
mod sums;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
pub use answer::{Answer, Draft, Marks, insert, marks_between, of_session};
pub use question::{AGES, Scale};
pub use record::{Questionnaire, ensure, find as of};
pub use sums::Sum;

/// Address of the questionnaire that the QR code opens.
pub fn public_path(code: &str) -> String {
    format!("/outreach/q/{code}")
}

/// Address of a session's questionnaire, for staff.
pub fn path(session_id: Uuid) -> String {
    format!("/staff/outreach/sessions/{session_id}/questionnaire")
}

/// The page behind the QR code, and the pages of staff.
pub(super) fn own_routes() -> Router<App> {
    Router::new()
        .route("/outreach/q/{code}", get(answer_pages::show).post(answer_pages::take))
        .route("/staff/outreach/sessions/{id}/questionnaire", get(desk_pages::show))
        .route("/staff/outreach/sessions/{id}/questionnaire/code", post(desk_pages::make_code))
        .route("/staff/outreach/sessions/{id}/questionnaire/sheet", get(sheet_page::show))
        .route("/staff/outreach/sessions/{id}/questionnaire/keying", get(keying_pages::show).post(keying_pages::keep))
        .route("/staff/outreach/sessions/{id}/questionnaire/answers/{answer}", post(desk_pages::change))
}
