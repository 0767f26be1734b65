//! Mail (手紙): every letter is written into the outbox together with the change that causes it, and sent afterwards.

mod outbox;
mod topic;
mod wording;

use axum::Router;

use crate::app::App;
pub use outbox::{Batch, Letter, Recipient, open_batch, post, post_all};
pub use topic::Topic;
pub use wording::{Place, Unfilled, Wording};

/// The pages of mail: the outbox for staff, and leaving a topic.
pub fn routes() -> Router<App> {
    Router::new()
}
