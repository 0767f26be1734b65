//! The register of community groups (団体名簿): profiles, contacts each with its own consent, search, and files in and out.
//!
//! [`Draft`] is the whole record and the only thing that can be stored; [`Group`] is what the public may see of it.

mod addressees;
pub mod application;
mod based;
mod coming;
mod contact;
mod counts;
mod draft;
mod duplicates;
mod export;
mod group;
pub mod history;
mod import;
mod index;
pub mod member;
mod pages;
pub mod people;
pub mod photo;
pub mod profile;
pub mod proposal;
mod record;
pub mod renewal;
mod search;
mod sheet;
mod state;
mod store;
mod traces;
mod trust;
mod versions;
mod vocabulary;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::app::App;
pub use addressees::{People, Person, people as addressees};
pub use based::{Based, based};
pub use contact::{Contact, ContactKind};
pub use counts::Counts;
pub use draft::Draft;
pub use export::{Audience, export_chosen, export_table};
pub use group::{Group, Named, count_listed, find_by_name, find_listed, listed_names};
pub use history::{Change, Version, keep};
pub use import::{RegisterFault, import};
pub use member::{Duty, Membership};
pub use search::{Filter, Found};
pub use state::State;
pub use store::{Refused, store};
pub use traces::{complete as complete_traces, search_key as trace_key};
pub use trust::{is_trusted, trust};

/// Path pattern of the directory.
pub const INDEX: &str = "/groups";
/// Path pattern of one group.
pub const GROUP: &str = "/groups/{id}";

/// Address of a group's page.
pub fn path(id: Uuid) -> String {
    format!("{INDEX}/{id}")
}

/// The pages of the register.
pub fn routes() -> Router<App> {
    Router::new()
        .route(INDEX, get(pages::index))
        .route(GROUP, get(pages::group))
        .route(application::NEW, get(application::new))
        .merge(photo::public_routes())
}

/// The pages that are somebody's own: members looking after their group, staff looking after the register.
pub fn own_routes() -> Router<App> {
    Router::new()
        .merge(application::routes())
        .merge(profile::routes())
        .merge(proposal::routes())
        .merge(versions::routes())
        .merge(photo::routes())
        .merge(people::routes())
        .merge(renewal::routes())
}
