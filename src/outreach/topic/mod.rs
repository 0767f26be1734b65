//! The menu (メニュー): topics of a fiscal year, each looked after by a section, with those who may speak about it.

mod desk_pages;
mod topic;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use topic::{Draft, Topic, copy_year, draft_of, find, insert, of_year, offered, retire, speakers, update, years};

/// The pages on which staff keep the menu.
pub fn routes() -> Router<App> {
    Router::new()
        .route(desk_pages::TOPICS, get(desk_pages::list))
        .route("/staff/outreach/topics/new", get(desk_pages::new).post(desk_pages::add))
        .route("/staff/outreach/topics/copy", get(desk_pages::to_list).post(desk_pages::copy))
        .route("/staff/outreach/closures", get(desk_pages::to_list).post(desk_pages::close))
        .route("/staff/outreach/topics/{id}", get(desk_pages::edit).post(desk_pages::change))
        .route("/staff/outreach/topics/{id}/retirement", get(desk_pages::to_list).post(desk_pages::retire))
}
