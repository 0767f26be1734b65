//! Search over everything the office has: groups in every state, people, the calendar and its sources, requests, letters, and what waits.

mod applications;
mod entries;
mod groups;
mod letters;
mod pages;
mod people;
mod requests;
mod sources;
mod submissions;
mod words;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Address of the search.
pub(super) const SEARCH: &str = "/staff/search";

pub(super) fn routes() -> Router<App> {
    Router::new().route(SEARCH, get(pages::search))
}
