//! What the city may change while the site runs: rules, names, towns and the ways between them, kinds, the texts of letters. For administrators.

mod journeys;
mod kept;
mod names;
mod pages;
mod rules;
mod terms;
mod wordings;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Address of the settings.
pub(super) const SETTINGS: &str = "/staff/settings";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(SETTINGS, get(pages::settings))
        .route("/staff/settings/rules", get(rules::pages::rules).post(rules::pages::change))
        .route("/staff/settings/names", get(names::pages::names).post(names::pages::change))
        .route("/staff/settings/travel", get(journeys::pages::show).post(journeys::pages::change))
        .route("/staff/settings/terms/{list}", get(terms::pages::terms))
        .route("/staff/settings/terms/{list}/new", get(terms::pages::new).post(terms::pages::add))
        .route("/staff/settings/terms/{list}/{key}", get(terms::pages::term).post(terms::pages::change))
        .route("/staff/settings/terms/{list}/{key}/delete", post(terms::pages::delete))
        .route("/staff/settings/letters", get(wordings::pages::wordings))
        .route("/staff/settings/letters/{key}", get(wordings::pages::wording).post(wordings::pages::change))
        .route(
            "/staff/settings/signature",
            get(wordings::signature::pages::show).post(wordings::signature::pages::change),
        )
}
