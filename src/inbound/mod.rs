//! Mail that comes in (届いたメール): answers of calendars take effect, everything else is listed for staff, nothing is lost.
//!
//! A mail comes by a mail server's pipe (`kyodo inbound`) or out of a mailbox (IMAP). It is read, judged and stored with its
//! effect in one transaction under the digest of its bytes, so that the same mail twice is one.

mod mailbox;
mod pages;
mod reading;
mod returned;
mod server;
mod stored;
mod taking;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use mailbox::{Turn, empty, try_mailbox};
pub use reading::MOST;
pub use server::{Mailbox, Unusable};
pub use stored::{Channel, InboundMail, Outcome, waiting};
pub use taking::{Leaver, Leaving, Ruling, Taken, Taker, Takers, Taking, take, take_cut};

/// The mails that came in, for staff.
pub const STAFF: &str = "/staff/inbound";

/// Where staff look at a mail.
pub fn staff_path(id: Uuid) -> String {
    format!("{STAFF}/{id}")
}

/// The pages of staff.
pub fn routes() -> Router<App> {
    Router::new().route(STAFF, get(pages::index)).route("/staff/inbound/{id}", get(pages::look).post(pages::settle))
}
