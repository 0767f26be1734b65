//! Minutes (要点筆記): written in parts beside the agenda, seen by the chair and one attendee, published, corrected.

mod decision_form;
mod decision_pages;
mod document;
pub mod letters;
mod minute;
mod nagging;
mod part;
mod point;
mod publication_pages;
mod publishing;
mod reading_pages;
mod review;
mod review_pages;
mod version;
mod writing_pages;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use document::{Document, of_meeting as document};
pub use minute::version_of;
pub use nagging::nag;
pub use part::write;
pub use publishing::publish;
pub(super) use review::reading_path;
pub use review::{Checker, see, submit};
pub use version::{Version, of_meeting as versions};

/// The pages of the minutes; all of them are somebody's own. What is published stands at the meeting's own page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/meetings/{id}/minutes", get(writing_pages::show))
        .route("/meetings/{id}/minutes/parts/{part}", post(writing_pages::save))
        .route("/meetings/{id}/minutes/decisions", get(decision_pages::new).post(decision_pages::add))
        .route("/meetings/{id}/decisions/{decision}", get(decision_pages::edit).post(decision_pages::change))
        .route("/meetings/{id}/decisions/{decision}/removal", post(decision_pages::remove))
        .route("/meetings/{id}/minutes/review", get(review_pages::show).post(review_pages::submit))
        .route("/meetings/{id}/minutes/review/seen", post(review_pages::key_in))
        .route("/meetings/{id}/publication", get(publication_pages::ask).post(publication_pages::publish))
        .route("/meetings/{id}/publication/correction", post(publication_pages::withdraw))
        .route("/minutes/{token}", get(reading_pages::show).post(reading_pages::answer))
        .route("/me/groups/{group}/meetings/{id}/minutes", get(reading_pages::show).post(reading_pages::answer))
}
