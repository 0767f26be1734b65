//! The photo on a group's page: sent by its members or the office, made small and anonymous, kept in the storage.

mod keeping;
mod pages;
mod photo;
mod picture;
mod staff;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::web::patient;
pub use keeping::{NotSwept, put, read, sweep};
pub use photo::{KEPT_DAYS, New, Photo, find, hash, of_group, remove, removed_of, show};
pub use picture::{Picture, Unusable};

/// Path pattern of the photo as everybody sees it.
pub const PHOTO: &str = "/groups/{id}/photo/{file}";
/// Path pattern of the page for members.
pub const OWN: &str = "/me/groups/{id}/photo";
/// Path pattern under which members take their photo down.
pub const OWN_REMOVAL: &str = "/me/groups/{id}/photo/removal";
/// Path pattern of the page for the office.
pub const STAFF: &str = "/staff/groups/{id}/photo";
/// Path pattern under which the office takes a photo down.
pub const STAFF_REMOVAL: &str = "/staff/groups/{id}/photo/removal";
/// Path pattern under which the office puts an earlier photo back.
pub const STAFF_RETURN: &str = "/staff/groups/{id}/photo/return";
/// Path pattern of a photo's file for the office and the members, whether or not the group is listed.
const OWN_FILE: &str = "/me/groups/{id}/photo/{file}";
/// The same for the office.
const STAFF_FILE: &str = "/staff/groups/{id}/photo/{file}";

/// Largest form with a photo; what is a little larger than a photo may be still gets a sentence beside its field.
const LARGEST_FORM: usize = 11 * 1024 * 1024;

/// Address of the page for members.
pub fn path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/photo")
}

/// Address of the page for the office.
pub fn staff_path(group_id: Uuid) -> String {
    format!("/staff/groups/{group_id}/photo")
}

/// The photo as everybody sees it.
pub fn public_routes() -> Router<App> {
    Router::new().route(PHOTO, get(pages::public))
}

/// The pages of the photo for members and the office.
pub fn routes() -> Router<App> {
    let limit = DefaultBodyLimit::max(LARGEST_FORM);
    Router::new()
        .route(OWN, get(pages::photo).post(pages::send).layer(limit).layer(from_fn_with_state(LARGEST_FORM, patient)))
        .route(OWN_REMOVAL, post(pages::remove))
        .route(OWN_FILE, get(pages::own_file))
        .route(STAFF, get(staff::photo).post(staff::send).layer(limit).layer(from_fn_with_state(LARGEST_FORM, patient)))
        .route(STAFF_REMOVAL, post(staff::remove))
        .route(STAFF_RETURN, post(staff::put_back))
        .route(STAFF_FILE, get(staff::file))
}
