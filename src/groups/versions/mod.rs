//! The versions of a group's record as members and the office read them, and bringing one back.

mod pages;
mod restoring;
mod shown;
mod staff;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;

/// Path pattern of the history for members.
pub const OWN: &str = "/me/groups/{id}/history";
/// Path pattern of one version for members.
pub const OWN_VERSION: &str = "/me/groups/{id}/history/{number}";
/// Path pattern of the history for the office.
pub const STAFF: &str = "/staff/groups/{id}/history";
/// Path pattern of one version for the office.
pub const STAFF_VERSION: &str = "/staff/groups/{id}/history/{number}";

/// Address of the history for members.
pub fn path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/history")
}

/// Address of the history for the office.
pub fn staff_path(group_id: Uuid) -> String {
    format!("/staff/groups/{group_id}/history")
}

/// The pages of the history; bringing a version back is a POST to it.
pub fn routes() -> Router<App> {
    Router::new()
        .route(OWN, get(pages::history))
        .route(OWN_VERSION, get(pages::version).post(pages::restore))
        .route(STAFF, get(staff::history))
        .route(STAFF_VERSION, get(staff::version).post(staff::restore))
}
