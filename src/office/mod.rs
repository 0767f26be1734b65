//! The back office (事務局): what waits for whom, search over everything, the register by state, the trail, the settings.
//!
//! It stands on top of all slices and nothing imports it. Everything here is for staff; settings are for administrators.

mod ago;
mod desk;
mod download;
mod register;
mod search;
mod settings;
mod trail;

use axum::Router;

use crate::app::App;

/// Address of the page of what waits.
pub const DESK: &str = "/staff";

/// The pages of the back office.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(desk::routes())
        .merge(search::routes())
        .merge(register::routes())
        .merge(trail::routes())
        .merge(settings::routes())
}
