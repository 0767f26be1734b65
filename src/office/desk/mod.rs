//! 待ちごと: everything that waits for the office on one page, the oldest first.

pub(super) mod collected;
mod numbers;
mod pages;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route(super::DESK, get(pages::desk)).route("/staff/next", get(pages::next))
}
