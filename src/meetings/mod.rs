//! Liaison meetings (市民活動コミュニティ連絡調整会議, items 2-04 and 3-01): from the first idea to the follow-up of what was decided.
//!
//! A [`Meeting`] is convened by the city or by a group. Each group that takes part has one [`Seat`]. Until a day is fixed it is only
//! here; from then on it stands in the calendar as an entry that follows it. Its pages of work are shared by staff and by the members
//! of the group that convenes (`rights.rs`); everybody else sees what is public at `/meetings`.

pub mod agenda;
pub mod attendance;
mod calendar_entry;
mod convening;
mod copying;
mod desk;
pub mod finder;
mod form;
mod group_pages;
pub mod invitation;
pub mod items;
pub mod link;
pub mod materials;
pub mod meeting;
pub mod minutes;
mod notice;
mod pages;
pub mod poll;
pub mod private_feed;
mod rights;
pub mod seat;
pub mod series;
mod staff;
mod state;
mod stewards;
mod subject;
pub mod tasks;
mod voice;
mod waiting;
mod work_pages;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use calendar_entry::{SOURCE, keep as keep_entry};
pub use desk::{Desk, Fault};
pub use meeting::Meeting;
pub use notice::latest_batch as notice_batch;
pub use rights::{Work, work};
pub use seat::Seat;
pub use state::State;
pub use subject::{Subject, Venue};
pub use waiting::waiting;

/// The meetings, for everybody.
pub const INDEX: &str = "/meetings";
/// Where a meeting is convened.
pub const NEW: &str = "/meetings/new";
/// The meetings, for staff.
pub const STAFF: &str = "/staff/meetings";

/// Address of a meeting's public page.
pub fn path(id: Uuid) -> String {
    format!("{INDEX}/{id}")
}

/// Address of the page on which those who convene a meeting work on it.
pub fn work_path(id: Uuid) -> String {
    format!("{INDEX}/{id}/work")
}

/// The meetings that a group convenes or is invited to, for its members.
pub fn group_path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/meetings")
}

/// Address of a personal link to the poll.
pub fn poll_path(token: &str) -> String {
    format!("/poll/{token}")
}

/// Address of a personal link to the reply.
pub fn reply_path(token: &str) -> String {
    format!("/rsvp/{token}")
}

/// What everybody may read.
pub fn routes() -> Router<App> {
    Router::new()
        .route(INDEX, get(pages::index))
        .route("/meetings/{id}", get(pages::meeting))
        .merge(materials::public_routes())
}

/// The pages of those who convene, of those who are invited, and of staff.
pub fn own_routes() -> Router<App> {
    Router::new()
        .route(NEW, get(convening::new).post(convening::convene))
        .route("/meetings/{id}/work", get(work_pages::show))
        .route("/meetings/{id}/edit", get(convening::edit).post(convening::change))
        .route("/meetings/{id}/day", get(work_pages::ask_day).post(work_pages::fix_day))
        .route("/meetings/{id}/cancellation", get(work_pages::ask_cancel).post(work_pages::cancel))
        .route("/me/groups/{id}/meetings", get(group_pages::of_group))
        .route(STAFF, get(staff::index))
        .merge(poll::routes())
        .merge(invitation::routes())
        .merge(attendance::routes())
        .merge(minutes::routes())
        .merge(tasks::routes())
        .merge(agenda::routes())
        .merge(materials::routes())
        .merge(series::routes())
        .merge(private_feed::routes())
}

/// The private feeds themselves, which carry their own headers and no layers.
pub fn downloads() -> Router<App> {
    private_feed::downloads()
}
