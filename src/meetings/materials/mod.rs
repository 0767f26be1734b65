//! Materials of a meeting (配布資料): files that everybody may read, or only those who are invited. What a file is, its bytes say.

mod compound;
mod file_pages;
mod image_file;
mod keeping;
mod kind;
mod material;
mod office_file;
mod pages;
mod pdf_file;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::web::patient;
pub use keeping::sweep;
pub use kind::{Kind, Unusable, read};
pub use material::{Material, of_meeting};

/// Largest file that is taken.
pub const LARGEST_BYTES: usize = 20 * 1024 * 1024;
/// Largest form with a file; what is a little larger than a file may be still gets a sentence beside its field.
const LARGEST_FORM: usize = 21 * 1024 * 1024;

/// Address of the page on which those who convene look after the materials.
pub fn work_path(meeting_id: Uuid) -> String {
    format!("{}/materials", crate::meetings::path(meeting_id))
}

/// The files for everybody; those of the invited only for somebody who is signed in and invited.
pub fn public_routes() -> Router<App> {
    Router::new().route("/meetings/{id}/materials/{material}", get(file_pages::file))
}

/// The pages of materials; all of them are somebody's own.
pub fn routes() -> Router<App> {
    let limit = DefaultBodyLimit::max(LARGEST_FORM);
    Router::new()
        .route(
            "/meetings/{id}/materials",
            get(pages::show).post(pages::add).layer(limit).layer(from_fn_with_state(LARGEST_FORM, patient)),
        )
        .route("/meetings/{id}/materials/{material}/edit", get(pages::edit).post(pages::change))
        .route("/meetings/{id}/materials/{material}/removal", post(pages::remove))
        .route("/agenda/{token}/materials/{material}", get(file_pages::by_link))
}
