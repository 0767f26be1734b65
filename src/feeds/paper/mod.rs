//! Feeds and months on paper: the poster, the list of a month on A4 and for 回覧板, and text for 広報 and television captions.

mod month_pages;
mod month_text;
mod poster_pages;
mod text_pages;
mod typeset;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Address of the poster of a feed.
pub(super) const POSTER: &str = "/subscribe/poster";
/// Address of a month to print.
pub(super) const PRINT: &str = "/events/print";
/// Address of a month as text.
pub(super) const TEXT: &str = "/events/text";
/// Address of the same text as a file.
pub(super) const TEXT_FILE: &str = "/events/text.txt";

/// The pages to print and the texts to copy.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(POSTER, get(poster_pages::poster))
        .route(PRINT, get(month_pages::print))
        .route(TEXT, get(text_pages::text))
        .route(TEXT_FILE, get(text_pages::file))
}

/// An address as somebody types it from paper: without its scheme, with its slashes as they are.
pub(super) fn typed_address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.replace("%2F", "/").replace("%2C", ",")
}
