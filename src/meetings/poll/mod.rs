//! 日程調整: the groups of a meeting say ○, △ or × to its candidate dates, by personal link, signed in, or by telephone and FAX.

mod answer_pages;
pub mod date;
mod dates_pages;
mod desk_pages;
mod finding_pages;
mod keying_pages;
pub mod letters;
mod opening;
pub mod ranking;
pub mod vote;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use date::Candidate;
pub use opening::{close_due, open, remind};
pub use ranking::{Ranked, Standing, rank};
pub use vote::{Answer, Vote};

/// The pages of the poll; all of them are somebody's own.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/poll/{token}", get(answer_pages::show).post(answer_pages::answer))
        .route("/me/groups/{group}/meetings/{id}/poll", get(answer_pages::show).post(answer_pages::answer))
        .route("/meetings/{id}/dates", get(dates_pages::dates).post(dates_pages::add_date))
        .route("/meetings/{id}/finding", get(finding_pages::show).post(finding_pages::take))
        .route("/meetings/{id}/dates/{date}/withdrawal", post(dates_pages::withdraw_date))
        .route("/meetings/{id}/poll", get(desk_pages::show).post(desk_pages::open_poll))
        .route("/meetings/{id}/poll/reminders", post(desk_pages::send_reminders))
        .route("/meetings/{id}/poll/closure", post(desk_pages::close))
        .route("/meetings/{id}/poll/seats/{seat}", get(keying_pages::key_in).post(keying_pages::keyed_in))
}
