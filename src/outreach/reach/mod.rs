//! Which towns and administrative districts (行政区) the sessions of a fiscal year reached, and which they did not.

mod island;
mod pages;
mod reached;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use island::{Band, Island};
pub use reached::{DistrictReach, Reach, TownReach, find, reached};

/// The reach of a fiscal year, for everybody.
pub const REACH: &str = "/outreach/reach";

/// What everybody may read.
pub(super) fn routes() -> Router<App> {
    Router::new().route(REACH, get(pages::show))
}
