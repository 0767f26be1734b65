//! The calendar by mail (お知らせメール): a feed daily or weekly for whoever has no calendar program, and a word at once to
//! those who have starred something that is cancelled or moved.
//!
//! Nothing is sent when nothing is new. What somebody was told of is kept as a memory; those who were told the same of the
//! same feed are one cohort, for which the feed is read, compared and written once. A subscription is claimed together with its letter.

mod cadence;
mod change;
mod choices;
mod claiming;
mod edition;
mod ending_pages;
mod letters;
mod noticing;
mod order;
mod own_pages;
mod posting;
mod reader;
mod reading;
mod sending;
mod sign_up_pages;
mod staff;
mod star;
mod subscription;
mod sweeping;
mod taker;
mod text;
mod told;
mod way;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use cadence::Cadence;
pub use letters::WORDINGS;
pub use noticing::tell_starred;
pub use reader::{ensure as ensure_reader, find_by_mail as find_reader};
pub use sending::{Fault, Turn, send_due};
pub use star::put as put_star;
pub use subscription::put as subscribe;
pub use sweeping::sweep;
pub use taker::leaver;

/// Where the calendar by mail is ordered.
pub const INDEX: &str = "/subscribe/mail";
/// The calendar by mail for the office.
pub const STAFF: &str = "/staff/digests";

/// Where a reader changes and ends what was ordered, by the secret of any letter.
fn own_path(token: &str) -> String {
    format!("{INDEX}/{token}")
}

/// Where a reader stops what a letter was about; also takes the one-click post of a mail program.
fn end_path(token: &str) -> String {
    format!("{INDEX}/{token}/end")
}

/// The pages of readers and of the office; none of them is kept.
pub fn own_routes() -> Router<App> {
    Router::new()
        .route(INDEX, get(sign_up_pages::form).post(sign_up_pages::send))
        .route("/subscribe/mail/link", get(sign_up_pages::back).post(sign_up_pages::link))
        .route("/subscribe/mail/{token}", get(own_pages::show))
        .route("/subscribe/mail/{token}/confirmation", get(own_pages::back).post(own_pages::confirm))
        .route("/subscribe/mail/{token}/digests/{id}", get(own_pages::back_from).post(own_pages::change))
        .route("/subscribe/mail/{token}/stars/{id}", get(own_pages::back_from).post(own_pages::end_star))
        .route("/subscribe/mail/{token}/forgetting", get(own_pages::back).post(own_pages::forget))
        .route("/subscribe/mail/{token}/end", get(ending_pages::ending).post(ending_pages::end))
        .route(STAFF, get(staff::index).post(staff::find))
        .route("/staff/digests/{id}/ending", post(staff::end))
}
