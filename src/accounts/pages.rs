//! Signing in and out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::sign_in::{self, SignIn};
use super::{Account, SECOND_FACTOR, account, link_path, session};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::web::query::link as address;
use crate::web::{Frame, Network, html, see, who};

/// The longest life of a session's cookie, in seconds; the session itself ends earlier when nobody comes.
const COOKIE_SECONDS: i64 = 400 * 24 * 60 * 60;

#[derive(Template)]
#[template(path = "accounts/link.html")]
struct LinkPage {
    page: Frame,
    mail: String,
    action: String,
}

/// `GET /sign-in/{token}`: a page with a button, because mail scanners follow links.
pub async fn link(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let way = sign_in::behind_link(&app.db, &token, app.clock.now()).await?.ok_or(Error::LinkGone)?;
    html(&LinkPage { page: Frame::new(&app, super::SIGN_IN), mail: way.mail, action: link_path(&token) })
}

/// `POST /sign-in/{token}`: signs this browser in.
pub async fn enter(
    State(app): State<App>,
    Path(token): Path<String>,
    Network(network): Network,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let way = sign_in::behind_link(&app.db, &token, app.clock.now()).await?.ok_or(Error::LinkGone)?;
    come_in(&app, &way, &network, &headers).await
}

/// Uses a way in up, opens a session for its owner and leads on.
pub(super) async fn come_in(app: &App, way: &SignIn, network: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if !sign_in::take(&transaction, way.id, now).await? {
        return Err(Error::LinkGone);
    }
    let account = account::find_by_mail(&transaction, &way.mail).await?.filter(|account| account.active);
    let account = account.ok_or(Error::LinkGone)?;
    let device = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = session::open(&transaction, account.id, (device, network), now).await?;
    transaction.commit().await?;
    let mut response = see(&onward(&account, &way.next));
    with_cookie(&mut response, &who::set_cookie(app, "", &token, COOKIE_SECONDS))?;
    Ok(response)
}

/// Where somebody goes who has just signed in.
fn onward(account: &Account, next: &str) -> String {
    match account.role().is_staff() {
        true => address(SECOND_FACTOR, &[("next", next)]),
        false if next.is_empty() => super::ME.to_owned(),
        false => next.to_owned(),
    }
}

/// Adds a cookie to an answer.
pub(super) fn with_cookie(response: &mut Response, line: &str) -> Result<(), Error> {
    let line = HeaderValue::from_str(line).map_err(|fault| Error::Template(fault.to_string()))?;
    response.headers_mut().append(header::SET_COOKIE, line);
    Ok(())
}

/// `POST /sign-out`: ends the session of this browser.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    if let Some((session, account)) = who::session_of(&app, &headers).await? {
        session::end(&app.db, account.id, session.id, app.clock.now()).await?;
    }
    let mut response = see("/");
    with_cookie(&mut response, &who::set_cookie(&app, "", "", 0))?;
    Ok(response)
}
