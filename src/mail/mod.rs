//! Mail (手紙): every letter is written into the outbox together with the change that causes it, and sent afterwards.

mod claim;
mod compose;
mod courier;
mod deciding;
mod dkim;
mod forgetting;
mod leaving;
mod letter;
mod letters;
mod line;
mod listing;
mod outbox;
mod pages;
mod returned;
mod schedule;
mod staff;
mod state;
mod topic;
mod transport;
mod wording;

use axum::Router;
use axum::routing::{get, post as posted};
use uuid::Uuid;

use crate::app::App;
pub use claim::{KEPT_DAYS, UNCERTAIN, forget_old_secrets};
pub use courier::{Courier, Running};
pub use deciding::{Decision, StoredBatch, decide, decide_all, find_batch};
pub use dkim::Key;
pub use forgetting::{forget_before, forget_of, refusing};
pub use leaving::{TopicChoice, choices, leave_by_mail};
pub use letter::{StoredLetter, find};
pub use letters::WORDINGS;
pub use listing::waiting;
pub use outbox::{Batch, Letter, Recipient, open_batch, post, post_all};
pub use pages::hinted;
pub use returned::came_back;
pub use schedule::PAUSES;
pub use state::State;
pub use topic::Topic;
pub use transport::{Post, Server, Tls, Unusable, answers_to, sender};
pub use wording::{Place, Unfilled, Wording};

/// The outbox as staff see it.
pub const OUTBOX: &str = "/staff/mail";
/// Where somebody who is signed in chooses topics.
pub const TOPICS: &str = "/me/topics";

/// Where staff look at a letter.
pub fn letter_path(id: Uuid) -> String {
    format!("{OUTBOX}/{id}")
}

/// Where staff look at a batch.
pub fn batch_path(id: Uuid) -> String {
    format!("{OUTBOX}/batches/{id}")
}

/// Where the owner of a link leaves a topic.
pub fn unsubscribe_path(token: &str) -> String {
    format!("/unsubscribe/{token}")
}

/// The pages of mail: the outbox for staff, and leaving a topic.
pub fn routes() -> Router<App> {
    Router::new()
        .route(OUTBOX, get(staff::outbox))
        .route("/staff/mail/test", posted(staff::test))
        .route("/staff/mail/{id}", get(staff::letter))
        .route("/staff/mail/{id}/{decision}", posted(staff::decide))
        .route("/staff/mail/batches/{id}", get(staff::batch))
        .route("/staff/mail/batches/{id}/{decision}", posted(staff::decide_all))
        .route("/unsubscribe/{token}", get(pages::leave).post(pages::left))
        .route(TOPICS, posted(pages::topics))
}

/// A text with marks in place of its secrets.
pub fn masked(text: &str) -> String {
    compose::filled(text, &|_| Some(compose::MASK.to_owned())).unwrap_or_default()
}

/// Tries to reach the mail server and to sign in, and tells what happened.
pub async fn try_server(server: &Server) -> Result<&'static str, String> {
    match line::Line::open(server).await {
        Ok(line) => {
            let told = if line.is_encrypted() {
                "つながりました(暗号化)"
            } else {
                "つながりました(暗号化なし)"
            };
            line.close().await;
            Ok(told)
        }
        Err(line::Refusal::NoServer(fault) | line::Refusal::Now(fault) | line::Refusal::Ever(fault)) => {
            Err(fault.replace('\n', " "))
        }
    }
}
