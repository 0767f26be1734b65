//! The desk of the calendar (予定の受付): where groups and staff add, change, cancel and repeat entries, and staff look at
//! first ones before everybody sees them.

mod edit_pages;
mod fields;
mod form;
mod form_page;
mod group_pages;
mod list_pages;
mod lists;
mod original_pages;
mod pages;
mod rights;
mod staff;
mod stop_pages;
pub(super) mod submission;
mod when;
mod write;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use super::store::StoreFault;
use crate::app::App;
use crate::error::Error;

/// Where an entry is added.
pub const NEW: &str = "/events/new";
/// The calendar for staff.
pub const STAFF: &str = "/staff/events";

/// Where an entry is changed.
pub fn edit_path(id: Uuid) -> String {
    format!("/events/{id}/edit")
}

/// Where an entry is cancelled.
pub fn cancel_path(id: Uuid) -> String {
    format!("/events/{id}/cancel")
}

/// Where a cancelled entry is brought back.
pub fn restore_path(id: Uuid) -> String {
    format!("/events/{id}/restore")
}

/// The entries of a group, for its members.
pub fn group_path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/events")
}

/// An entry as staff see it.
pub fn staff_path(id: Uuid) -> String {
    format!("{STAFF}/{id}")
}

/// The pages of members and staff.
pub fn routes() -> Router<App> {
    Router::new()
        .route(NEW, get(pages::new).post(pages::add))
        .route("/events/{id}/edit", get(edit_pages::edit).post(edit_pages::change))
        .route("/events/{id}/cancel", get(stop_pages::ask).post(stop_pages::cancel))
        .route("/events/{id}/restore", post(stop_pages::restore))
        .route("/me/groups/{id}/events", get(group_pages::list))
        .merge(submission::routes())
        .route(STAFF, get(list_pages::index))
        .route("/staff/events/{id}", get(staff::look))
        .route("/staff/events/{id}/approval", post(staff::approve))
        .route("/events/{id}/original", post(original_pages::take_back))
        .route("/staff/events/{id}/refusal", post(staff::refuse))
}

impl From<StoreFault> for Error {
    fn from(fault: StoreFault) -> Self {
        match fault {
            StoreFault::Database(fault) => fault.into(),
            // What was checked by the form cannot be refused any more.
            StoreFault::Refused(sentences) => Self::Database(sentences.join(" ")),
        }
    }
}
