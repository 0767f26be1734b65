//! A group's profile as its members and the office keep it: the hub of a group, the one form over all fields, and the rules of
//! what shows at once and what waits.

mod contacts;
pub mod edit;
pub mod field;
pub mod form;
pub mod letters;
pub mod merging;
pub(in crate::groups) mod pages;
mod rows;
pub(in crate::groups) mod staff;
pub mod words;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
pub use contacts::{Consent, joined as contact_text, parts as contact_parts};

/// Path pattern of the hub of a group for its members.
pub const HUB: &str = "/me/groups/{id}";
/// Path pattern of the form for members.
pub const PROFILE: &str = "/me/groups/{id}/profile";
/// Path pattern under which members take back what waits.
pub const WITHDRAWAL: &str = "/me/groups/{id}/withdrawal";
/// Path pattern of the form for the office.
pub const STAFF: &str = "/staff/groups/{id}/profile";

/// Address of the hub of a group.
pub fn hub_path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}")
}

/// Address of the form for members.
pub fn path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/profile")
}

/// Address of the form for the office.
pub fn staff_path(group_id: Uuid) -> String {
    format!("/staff/groups/{group_id}/profile")
}

/// The pages of a profile.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HUB, get(pages::hub))
        .route(PROFILE, get(pages::edit).post(pages::save))
        .route(WITHDRAWAL, post(pages::withdraw))
        .route(STAFF, get(staff::edit).post(staff::save))
}
