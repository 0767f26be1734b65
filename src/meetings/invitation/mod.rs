//! Inviting the groups to a meeting whose day is fixed, telling them of changes, and their replies: on a page, by telephone and
//! FAX, or by their calendar's own answer.

mod calendar_part;
mod desk_pages;
mod invitee;
mod inviting;
pub mod letters;
mod paper;
mod replies_pages;
pub mod reply;
mod reply_form;
mod reply_pages;
mod taker;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use invitee::{Invitee, of_meeting as invitees};
pub use inviting::{Due, Words, due, make};
pub use reply::{Answer, Reply};
pub use taker::taker;

/// The pages of invitations and replies; all of them are somebody's own.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/rsvp/{token}", get(reply_pages::show).post(reply_pages::answer))
        .route("/me/groups/{group}/meetings/{id}/reply", get(reply_pages::show).post(reply_pages::answer))
        .route("/meetings/{id}/notice", get(desk_pages::notice).post(desk_pages::make))
        .route("/meetings/{id}/notice/sheets", post(paper::sheets))
        .route("/meetings/{id}/replies", get(replies_pages::replies))
        .route("/meetings/{id}/replies/reminders", post(replies_pages::remind))
        .route("/meetings/{id}/replies/seats/{seat}", get(replies_pages::key_in).post(replies_pages::keyed_in))
        .route("/meetings/{id}/seats/{seat}/removal", get(desk_pages::ask_removal).post(desk_pages::remove))
}
