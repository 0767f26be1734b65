//! The people who sign in (アカウント): members of groups, staff and administrators, without passwords.

pub mod account;
pub mod session;

use axum::Router;

use crate::app::App;
pub use account::{Account, Role, checked_address};
pub use session::Session;

/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Where staff give their one-time password.
pub const SECOND_FACTOR: &str = "/sign-in/totp";
/// One's own page.
pub const ME: &str = "/me";

/// The pages of signing in and of one's own account.
pub fn routes() -> Router<App> {
    Router::new()
}
