//! The people who sign in (アカウント): members of groups, staff and administrators, without passwords.

pub mod account;
mod device;
pub mod kept_form;
pub mod letters;
pub mod limit;
pub mod office;
mod pages;
pub mod second_factor;
pub mod session;
pub mod shown;
pub mod sign_in;
mod staff;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use account::{Account, Role, checked_address};
pub use kept_form::pages::keeping;
pub use session::Session;

/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Where one types the six digits of a letter.
const CODE: &str = "/sign-in/code";
/// Path pattern of a one-time link.
const LINK: &str = "/sign-in/{token}";
/// Where staff give their one-time password.
pub const SECOND_FACTOR: &str = "/sign-in/totp";
/// Where one says that the recovery codes are written down.
const CODES_NOTED: &str = "/sign-in/totp/noted";
/// Where one signs out.
const SIGN_OUT: &str = "/sign-out";
/// One's own page.
pub const ME: &str = "/me";
/// What was typed when a session ended.
const KEPT: &str = "/me/kept";
/// Where staff make new recovery codes.
const RECOVERY_CODES: &str = "/me/recovery-codes";
/// The accounts of the office.
const ACCOUNTS: &str = "/staff/accounts";
/// The first page of the office.
const STAFF: &str = "/staff";

/// Path of a one-time link.
pub fn link_path(token: &str) -> String {
    format!("{SIGN_IN}/{token}")
}

/// Path of an account in the office.
pub fn account_path(id: uuid::Uuid) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// The pages of signing in and of one's own account.
pub fn routes() -> Router<App> {
    Router::new()
        .route(SIGN_IN, get(pages::ask).post(pages::send))
        .route(CODE, get(pages::code).post(pages::enter_code))
        .route(KEPT, get(kept_form::pages::show).post(kept_form::pages::discard))
        .route(LINK, get(pages::link).post(pages::enter))
        .route(SECOND_FACTOR, get(second_factor::pages::show).post(second_factor::pages::give))
        .route(CODES_NOTED, post(second_factor::pages::noted))
        .route(RECOVERY_CODES, get(second_factor::pages::renewal).post(second_factor::pages::renew))
        .route(ACCOUNTS, get(staff::index).post(staff::add))
        .route("/staff/accounts/{id}", get(staff::show).post(staff::change))
        .route("/staff/accounts/{id}/totp", post(staff::reset))
        .route("/staff/accounts/{id}/sessions", post(staff::end))
        .route(SIGN_OUT, post(pages::sign_out))
}

/// Forgets what is over: counts, ways in, kept forms and ended sessions.
pub async fn sweep(app: &App) -> Result<(), sea_orm::DbErr> {
    let (db, now) = (&app.db, app.clock.now());
    limit::sweep(db, now).await?;
    sign_in::sweep(db, now).await?;
    kept_form::sweep(db, now).await?;
    session::sweep(db, now).await
}
