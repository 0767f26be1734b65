//! Requests (申込): a body asks for a session, with three ranked wishes and a place that it provides itself.

pub mod asking_pages;
mod body;
mod draft;
pub mod form;
mod form_page;
pub mod keeping;
pub mod letters;
pub mod link;
pub mod own_pages;
mod request;
pub mod summary;
pub mod trail;
pub mod wish;

/// The form as other pages of this part show it.
pub(in crate::outreach) mod asking {
    pub(in crate::outreach) use super::asking_pages::{checked, slots};
    pub(in crate::outreach) use super::form_page::{Room, Whose, page};
}

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use body::BodyKind;
pub use draft::Draft;
pub use request::{Request, Stage, closed, find, find_all, find_received, hold, open};
pub use wish::Wish;

/// The form, and the applicant's own page.
pub fn routes() -> Router<App> {
    Router::new()
        .route(crate::outreach::REQUEST, get(asking_pages::new).post(asking_pages::send))
        .route(asking_pages::NEW, get(asking_pages::new_by_staff).post(asking_pages::enter))
        .route("/outreach/requests/{token}", get(own_pages::state))
        .route("/outreach/requests/{token}/verification", get(own_pages::back).post(own_pages::verify))
        .route("/outreach/requests/{token}/letter", get(own_pages::back).post(own_pages::send_again))
        .route("/outreach/requests/{token}/edit", get(own_pages::edit).post(own_pages::change))
        .route("/outreach/requests/{token}/withdrawal", get(own_pages::back).post(own_pages::withdraw))
        .route("/outreach/requests/{token}/acceptance", get(own_pages::back).post(own_pages::accept))
        .route("/outreach/requests/{token}/declining", get(own_pages::back).post(own_pages::decline))
}
