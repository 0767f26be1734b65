//! What meetings decided and gave to do (決定事項・宿題): listed for groups, for items and for staff, chased by mail when due.

mod chasing;
pub mod decision;
mod kind;
pub mod letters;
mod list_pages;
pub mod lists;
mod settle_pages;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use chasing::chase;
pub use kind::{Kind, State};

/// All tasks, for staff.
pub const STAFF: &str = "/staff/meetings/tasks";

/// The tasks of a group, for its members.
pub fn group_path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/tasks")
}

/// The lists of tasks and saying what became of them.
pub fn routes() -> Router<App> {
    Router::new()
        .route(STAFF, get(list_pages::staff))
        .route("/me/groups/{group}/tasks", get(list_pages::of_group))
        .route("/meetings/{id}/decisions/{decision}/outcome", get(settle_pages::ask).post(settle_pages::settle))
        .route("/me/groups/{group}/tasks/{decision}", get(settle_pages::own).post(settle_pages::own_settle))
}
