//! Changes that wait for the office: what a group asks for, the comparison the office sees, and its decision.

mod deciding;
mod proposal;
mod staff;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use deciding::{Decided, Verdict, decide};
pub use proposal::{
    Asked, Asking, Decision, Proposal, Standing, as_json, find, latest_decided, open_of, put, waiting, withdraw,
};

/// Path pattern of a proposal for the office.
pub const STAFF: &str = "/staff/proposals/{id}";

/// Address of a proposal for the office.
pub fn path(id: Uuid) -> String {
    format!("/staff/proposals/{id}")
}

/// The pages of proposals.
pub fn routes() -> Router<App> {
    Router::new().route(STAFF, get(staff::show).post(staff::decide))
}
