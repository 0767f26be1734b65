//! Private feeds (自分の会議のカレンダー): the meetings of one person's groups, public or not, under an address that nobody can guess
//! and that its owner can take back.

mod document;
mod download;
mod outing;
mod pages;
mod record;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use record::{Feed, MOST, Owner, make, of_owner, open, revoke};

/// Where somebody who is signed in makes and revokes feeds.
pub const OWN: &str = "/me/feeds";

/// Address of a feed.
pub fn path(token: &str) -> String {
    format!("/feeds/private/{token}.ics")
}

/// The pages on which feeds are made and revoked.
pub fn routes() -> Router<App> {
    Router::new()
        .route(OWN, get(pages::own).post(pages::make_own))
        .route("/me/feeds/revocation", post(pages::revoke_own))
        .route("/rsvp/{token}/feeds", get(pages::of_link).post(pages::make_by_link))
        .route("/rsvp/{token}/feeds/revocation", post(pages::revoke_by_link))
}

/// The feeds themselves.
pub fn downloads() -> Router<App> {
    Router::new().route("/feeds/private/{name}", get(download::feed).fallback(download::refused))
}
