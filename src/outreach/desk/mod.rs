//! The desk of the office (`/staff/outreach`): what waits, who goes where, deciding, moving, calling off.

mod acting_pages;
mod board_page;
mod closing_pages;
mod notice_page;
mod plan_pages;
mod request_page;
mod session_pages;
mod week_page;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;

/// Address of a session's page for moving it.
pub fn session_path(id: Uuid) -> String {
    format!("/staff/outreach/sessions/{id}")
}

/// The pages of staff, and the notices on paper.
pub fn routes() -> Router<App> {
    Router::new()
        .route(super::DESK, get(board_page::show))
        .route("/staff/outreach/week", get(week_page::week))
        .route("/staff/outreach/month", get(week_page::month))
        .route("/staff/outreach/plan", get(plan_pages::show).post(plan_pages::take))
        .route("/staff/outreach/closing", get(closing_pages::ask).post(closing_pages::close))
        .route("/staff/outreach/requests/{id}", get(request_page::show))
        .route("/staff/outreach/requests/{id}/edit", get(acting_pages::edit).post(acting_pages::change))
        .route("/staff/outreach/requests/{id}/holding", get(acting_pages::back).post(acting_pages::hold))
        .route("/staff/outreach/requests/{id}/approval", get(acting_pages::back).post(acting_pages::approve))
        .route("/staff/outreach/requests/{id}/refusal", get(acting_pages::back).post(acting_pages::refuse))
        .route("/staff/outreach/requests/{id}/offer", get(acting_pages::back).post(acting_pages::offer))
        .route("/staff/outreach/requests/{id}/withdrawal", get(acting_pages::back).post(acting_pages::withdraw))
        .route("/staff/outreach/sessions/{id}", get(session_pages::show).post(session_pages::shift))
        .route("/staff/outreach/sessions/{id}/release", get(session_pages::back).post(session_pages::release))
        .route("/staff/outreach/sessions/{id}/cancellation", get(session_pages::back).post(session_pages::cancel))
        .route("/staff/outreach/notices/{id}", get(notice_page::for_staff))
        .route("/outreach/requests/{token}/notices/{id}", get(notice_page::for_applicant))
}
