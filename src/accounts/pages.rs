//! Signing in and out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::kept_form::pages::COOKIE as KEPT_COOKIE;
use super::limit::{self, CODES_FROM_NETWORK, LETTERS_FROM_NETWORK, LETTERS_TO_ADDRESS};
use super::sign_in::{self, SignIn, Typed, local_path};
use super::{Account, CODE, KEPT, ME, SECOND_FACTOR, SIGN_IN, account, checked_address, letters, link_path, session};
use crate::app::App;
use crate::error::Error;
use crate::text::fold::fold;
use crate::web::query::link as address;
use crate::web::{Form, Frame, Network, Query, Visitor, html, see, unfit, who};
use crate::{chance, db, mail};

/// Name of the cookie by which a browser is known that has asked for a code.
const BROWSER_COOKIE: &str = "browser";
/// The longest life of a session's cookie, in seconds; the session itself ends earlier when nobody comes.
const COOKIE_SECONDS: i64 = 400 * 24 * 60 * 60;

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    page: Frame,
    form: Form,
    is_kept: bool,
}

#[derive(Template)]
#[template(path = "accounts/code.html")]
struct CodePage {
    page: Frame,
    form: Form,
    mail: String,
}

/// `GET /sign-in`: where one types one's address.
pub async fn ask(
    State(app): State<App>,
    Visitor(who): Visitor,
    headers: HeaderMap,
    mut query: Query,
) -> Result<Response, Error> {
    let next = query.choice("next", "行き先", |next| Some(local_path(next).to_owned())).unwrap_or_default();
    let is_kept = who::cookie(&app, &headers, KEPT_COOKIE).is_some();
    if let Some(member) = who {
        return Ok(see(&onward(&member.account, &next, is_kept)));
    }
    html(&SignInPage { page: Frame::new(&app, SIGN_IN), form: Form::filled([("next", next)]), is_kept })
}

/// `POST /sign-in`: sends a link and a code. Known and unknown addresses are answered alike and cost the same work:
/// the same rows and a letter, which tells the owner of an unknown address that there is no account and what to do.
pub async fn send(
    State(app): State<App>,
    Network(network): Network,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let Some(mail) = checked_address(form.get("mail")) else {
        form.fault("mail", "メールアドレスを「namae@example.jp」のように、半角で書いてください。");
        let is_kept = who::cookie(&app, &headers, KEPT_COOKIE).is_some();
        return unfit(&SignInPage { page: Frame::new(&app, SIGN_IN), form, is_kept });
    };
    let browser = who::cookie(&app, &headers, BROWSER_COOKIE).unwrap_or_else(chance::token);
    let (now, city) = (app.clock.now(), app.city());
    let transaction = db::begin(&app.db).await?;
    let is_within = limit::count(&transaction, LETTERS_TO_ADDRESS, &mail, now).await?
        && limit::count(&transaction, LETTERS_FROM_NETWORK, &network, now).await?;
    if !is_within {
        return Err(Error::TooMany);
    }
    let account = account::find_by_mail(&transaction, &mail).await?.filter(|account| account.active);
    let secrets = sign_in::open(&transaction, &mail, local_path(form.get("next")), Some(&browser), now).await?;
    let letter = letters::way_in((&city, &app.config.base_url), &mail, account.as_ref(), &secrets, now)?;
    mail::post(&transaction, &letter, &app.config.host(), now).await?;
    transaction.commit().await?;
    let mut response = see(CODE);
    with_cookie(&mut response, &who::set_cookie(&app, BROWSER_COOKIE, &browser, sign_in::MINUTES * 60))?;
    Ok(response)
}

/// `GET /sign-in/code`: where the six digits go, in the browser that asked for them.
pub async fn code(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let browser = who::cookie(&app, &headers, BROWSER_COOKIE).unwrap_or_default();
    let ways = sign_in::of_browser(&app.db, &browser, app.clock.now()).await?;
    let Some(latest) = ways.into_iter().next() else { return Ok(see(SIGN_IN)) };
    html(&CodePage { page: Frame::new(&app, CODE), form: Form::new(), mail: latest.mail })
}

/// `POST /sign-in/code`: signs this browser in, if the digits are those of its letter.
pub async fn enter_code(
    State(app): State<App>,
    Network(network): Network,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let (now, browser) = (app.clock.now(), who::cookie(&app, &headers, BROWSER_COOKIE).unwrap_or_default());
    let ways = sign_in::of_browser(&app.db, &browser, now).await?;
    let Some(latest) = ways.into_iter().next() else { return Err(Error::LinkGone) };
    if !limit::count(&app.db, CODES_FROM_NETWORK, &network, now).await? {
        return Err(Error::TooMany);
    }
    let digits: String = fold(form.get("code")).chars().filter(char::is_ascii_digit).collect();
    match sign_in::try_code(&app.db, &browser, &digits, now).await? {
        Typed::Right(way) => {
            limit::uncount(&app.db, CODES_FROM_NETWORK, &network, now).await?;
            come_in(&app, &way, &network, &headers).await
        }
        Typed::Gone => Err(Error::LinkGone),
        Typed::Wrong => {
            form.fault("code", "数字が違います。届いたメールの6桁の数字を、もう一度確かめてください。");
            unfit(&CodePage { page: Frame::new(&app, CODE), form, mail: latest.mail })
        }
    }
}

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
    html(&LinkPage { page: Frame::new(&app, SIGN_IN), mail: way.mail, action: link_path(&token) })
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
    let is_kept = who::cookie(app, headers, KEPT_COOKIE).is_some();
    let mut response = see(&onward(&account, &way.next, is_kept));
    with_cookie(&mut response, &who::set_cookie(app, "", &token, COOKIE_SECONDS))?;
    with_cookie(&mut response, &who::set_cookie(app, BROWSER_COOKIE, "", 0))?;
    Ok(response)
}

/// Where somebody goes who has just signed in: to what they had typed, if it was kept.
fn onward(account: &Account, next: &str, is_kept: bool) -> String {
    let next = if is_kept { KEPT } else { next };
    match account.role().is_staff() {
        true => address(SECOND_FACTOR, &[("next", next)]),
        false if next.is_empty() => ME.to_owned(),
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
