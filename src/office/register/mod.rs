//! The register for staff: the list by state, the page of one group, and what staff may change on it with a reason.

mod detail;
mod list;
mod notes;
mod pages;
mod standing;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::audit::Channel;
use crate::error::Error;
use crate::groups::ContactKind;

/// Address of the list.
pub(super) const LIST: &str = "/staff/groups";

/// Address of a group's page for staff.
pub(super) fn path(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(LIST, get(pages::list))
        .route("/staff/groups/export", post(pages::export))
        .route("/staff/groups/{id}", get(detail::group))
        .route("/staff/groups/{id}/state", get(standing::pages::state).post(standing::pages::change_state))
        .route("/staff/groups/{id}/trust", get(standing::pages::trust).post(standing::pages::change_trust))
        .route("/staff/groups/{id}/notes", get(notes::pages::notes).post(notes::pages::note))
}

/// The word for a contact.
pub(super) fn contact_label(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Representative => "代表者",
        ContactKind::Person => "担当者",
        ContactKind::Phone => "電話",
        ContactKind::Fax => "FAX",
        ContactKind::Mail => "メール",
        ContactKind::Postal => "郵便番号",
        ContactKind::Address => "所在地",
    }
}

/// The identifier in an address; anything else is no page.
fn id(typed: &str) -> Result<Uuid, Error> {
    typed.parse().map_err(|_| Error::NotFound)
}

/// The ways on which something reaches the office, as a form offers them.
fn channels() -> Vec<(&'static str, &'static str)> {
    Channel::ON_BEHALF.into_iter().map(|channel| (channel.key(), channel.label())).collect()
}
