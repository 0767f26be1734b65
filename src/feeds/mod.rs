//! Feeds (配信): the calendar as files that phones fetch again and again, prepared once per change.

mod cache;
mod document;
mod download;
mod opendata;
mod pages;
mod selection;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use cache::{Cache, Prepared};
pub use document::{prepare, whole};
pub use opendata::Dataset;
pub use selection::Selection;

/// The feed of everything under its shortest name.
pub const CALENDAR: &str = "/calendar.ics";
/// Path pattern of every feed.
pub const FEED: &str = "/feeds/{*name}";
/// Path of the page of open data.
pub const OPENDATA: &str = "/opendata";
/// Path pattern of its tables.
pub const TABLE: &str = "/opendata/{name}";
/// Path of the page that helps to subscribe.
pub const SUBSCRIBE: &str = "/subscribe";

/// Address of the page that offers a feed, by the feed's name.
pub fn subscribe_path(name: &str) -> String {
    crate::web::query::link(SUBSCRIBE, &[("feed", name)])
}

/// The page that offers the feeds.
pub fn routes() -> Router<App> {
    Router::new().route(SUBSCRIBE, get(pages::subscribe)).route(OPENDATA, get(opendata::index))
}

/// The feeds themselves.
pub fn downloads() -> Router<App> {
    Router::new()
        .route(CALENDAR, get(download::calendar).fallback(download::refused))
        .route(FEED, get(download::feed).fallback(download::refused))
        .route(TABLE, get(opendata::download).fallback(download::refused))
}
