//! Feeds (配信): the calendar as files that phones fetch again and again, prepared once per change.

mod atom;
mod builder;
mod cache;
mod combination;
mod described;
mod document;
mod download;
mod embed_pages;
mod format;
mod items;
mod json_feed;
mod narrowed;
mod opendata;
mod pages;
mod paper;
mod selection;
mod shelves;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use cache::{Cache, Prepared};
pub use document::{Asked, prepare, whole};
pub use embed_pages::framed;
pub use format::Format;
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

/// The page that offers the feeds, open data, and what is printed.
pub fn routes() -> Router<App> {
    Router::new()
        .route(SUBSCRIBE, get(pages::subscribe).post(pages::combine))
        .route(OPENDATA, get(opendata::index))
        .merge(paper::routes())
}

/// The pages that other sites show in a frame; [`framed`] belongs around them.
pub fn frames() -> Router<App> {
    Router::new()
        .route(embed_pages::MONTH, get(embed_pages::in_a_month))
        .route(embed_pages::LIST, get(embed_pages::in_a_list))
}

/// The feeds themselves.
pub fn downloads() -> Router<App> {
    Router::new()
        .route(CALENDAR, get(download::calendar).fallback(download::refused))
        .route(FEED, get(download::feed).fallback(download::refused))
        .route(TABLE, get(opendata::download).fallback(download::refused))
}
