//! The people who sign in (アカウント): members of groups, staff and administrators, without passwords.

pub mod account;
mod pages;
pub mod session;
pub mod sign_in;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
pub use account::{Account, Role, checked_address};
pub use session::Session;

/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Path pattern of a one-time link.
const LINK: &str = "/sign-in/{token}";
/// Where staff give their one-time password.
pub const SECOND_FACTOR: &str = "/sign-in/totp";
/// Where one signs out.
const SIGN_OUT: &str = "/sign-out";
/// One's own page.
pub const ME: &str = "/me";

/// Path of a one-time link.
pub fn link_path(token: &str) -> String {
    format!("{SIGN_IN}/{token}")
}

/// The pages of signing in and of one's own account.
pub fn routes() -> Router<App> {
    Router::new().route(LINK, get(pages::link).post(pages::enter)).route(SIGN_OUT, post(pages::sign_out))
}
