//! Gathering (情報の集約): calendars that groups and institutions keep elsewhere are read, cleaned, merged and published again.
//!
//! A [`Source`] is one such calendar. When its turn comes it is fetched, read into drafts of the calendar and taken in, in one transaction;
//! what looks like a mistake of whoever keeps it (everything gone at once) is held until somebody has looked at it.

mod act_pages;
mod claim;
mod contents;
mod desk;
mod desk_page;
mod draft;
pub mod duplicates;
mod form;
mod form_pages;
mod group_pages;
mod health;
mod kinds;
pub mod letters;
mod reading;
mod refresh;
mod renaming;
mod report;
mod rights;
mod settings_pages;
mod settling;
mod source;
mod source_page;
mod states;
mod taking;
mod trail;
mod trying;
mod waiting;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::app::App;
use crate::calendar::{ImportFault, StoreFault};
use crate::error::Error;
use crate::mail::Unfilled;
pub use desk::{Desk, Room};
pub use draft::{Asked, Draft};
pub use health::Health;
pub use kinds::{Shows, State, Trust, Vanished, Way};
pub use refresh::{Done, Turn, refresh_due, refresh_one};
pub use source::{Source, all, at, find};
pub use states::{approve, ask, forget_trials};
pub use trying::{keep as try_out, send_file};
pub use waiting::waiting;

/// The desk of all sources.
pub const STAFF: &str = "/staff/sources";
/// Where staff add a source.
pub const NEW: &str = "/staff/sources/new";
/// Days after which a source that was only tried is forgotten.
pub const TRIAL_DAYS: i64 = 7;
/// Bytes of a form with a file: the file may have ten megabytes.
const FORM_BYTES: usize = 11 << 20;

/// One source, for its group and for staff.
pub fn source_path(id: Uuid) -> String {
    format!("/sources/{id}")
}

/// The sources of a group, for its members.
pub fn group_path(group_id: Uuid) -> String {
    format!("/me/groups/{group_id}/sources")
}

/// The pages of members and staff.
pub fn own_routes() -> Router<App> {
    Router::new()
        .route(STAFF, get(desk_page::index))
        .route(NEW, get(form_pages::new_for_staff).post(form_pages::try_for_staff))
        .route("/me/groups/{id}/sources", get(group_pages::index))
        .route("/me/groups/{id}/sources/new", get(form_pages::new_for_group).post(form_pages::try_for_group))
        .route("/sources/{id}", get(source_page::show))
        .route("/sources/{id}/settings", get(settings_pages::settings).post(settings_pages::change))
        .route("/sources/{id}/request", post(act_pages::ask))
        .route("/sources/{id}/approval", post(act_pages::approve))
        .route("/sources/{id}/refusal", post(act_pages::refuse))
        .route("/sources/{id}/reading", post(act_pages::read_now))
        .route("/sources/{id}/pause", post(act_pages::pause))
        .route("/sources/{id}/resumption", post(act_pages::resume))
        .route("/sources/{id}/end", post(act_pages::end))
        .route("/sources/{id}/held", post(act_pages::decide_held))
        .route("/sources/{id}/file", post(form_pages::send_file))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

/// Why something about a source cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// What came cannot be taken in; Japanese sentences say why.
    #[error("{0}")]
    Refused(String),
    /// The office's own wording names a place that has no value.
    #[error(transparent)]
    Wording(#[from] Unfilled),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<ImportFault> for Fault {
    fn from(fault: ImportFault) -> Self {
        match fault {
            ImportFault::Database(fault) => Self::Database(fault),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<StoreFault> for Fault {
    fn from(fault: StoreFault) -> Self {
        match fault {
            StoreFault::Refused(sentences) => Self::Refused(sentences.join(" ")),
            StoreFault::Database(fault) => Self::Database(fault),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wording(fault) => fault.into(),
            Fault::Database(fault) => fault.into(),
            Fault::Refused(sentences) => Self::Database(sentences),
        }
    }
}
