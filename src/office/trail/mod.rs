//! 操作の記録: the trail as staff read it, narrowed by who, what, when and on which way, and as a file.

mod fields;
mod pages;
mod query;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Address of the trail.
pub(super) const TRAIL: &str = "/staff/audit";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(TRAIL, get(pages::trail))
        .route("/staff/audit/export", post(pages::export))
        .route("/staff/audit/{id}", get(pages::line))
}
