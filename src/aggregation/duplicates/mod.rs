//! Duplicates (同じ予定): the same event from several sources, found, shown to the office, and made one that can be parted again.
//!
//! `comparing` is pure and says how alike two entries are, `searching` keeps the alike ones as candidates, `deciding` is what people
//! do with them. What is shown as one is a union of the calendar (`calendar::union`).

pub mod candidate;
pub mod comparing;
mod deciding;
mod desk_pages;
mod pair_pages;
mod reading;
mod searching;
mod union_pages;
mod waiting;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::calendar::union::{DESK, MergeFault};
use crate::error::Error;
pub use searching::{Turn, search};
pub use waiting::waiting;

/// Where two entries stand beside one another.
pub fn pair_path(one: Uuid, other: Uuid) -> String {
    format!("{DESK}/pair?first={one}&second={other}")
}

/// The pages of the desk for duplicates.
pub fn routes() -> Router<App> {
    Router::new()
        .route(DESK, get(desk_pages::index))
        .route("/staff/duplicates/pair", get(pair_pages::look).post(pair_pages::decide))
        .route("/staff/duplicates/unions/{id}", get(union_pages::look))
        .route("/staff/duplicates/unions/{id}/lead", post(union_pages::lead))
        .route("/staff/duplicates/unions/{id}/parting", post(union_pages::part))
        .route("/staff/duplicates/unions/{id}/acceptance", post(union_pages::accept))
}

impl From<MergeFault> for Error {
    fn from(fault: MergeFault) -> Self {
        match fault {
            MergeFault::Database(fault) => fault.into(),
            // The page has said what is wrong with the choice; this is what is left.
            fault => Self::Database(fault.to_string()),
        }
    }
}
