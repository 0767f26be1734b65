//! Keeping what was typed when a session has ended, and giving it back after signing in.

use askama::Template;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::limit::{self, FORMS_FROM_NETWORK};
use crate::accounts::pages::with_cookie;
use crate::accounts::{KEPT, ME, SIGN_IN, kept_form, session, sign_in};
use crate::app::App;
use crate::error::{Error, TurnedAway};
use crate::web::form::LARGEST;
use crate::web::{Frame, Member, Network, html, see, who};

/// Name of the cookie that finds the kept form.
pub const COOKIE: &str = "kept";
/// Largest form with files whose texts are kept, in bytes.
const LARGEST_WITH_FILES: usize = 12 * 1024 * 1024;

#[derive(Template)]
#[template(path = "accounts/kept.html")]
struct KeptPage {
    page: Frame,
    form: kept_form::KeptForm,
}

/// `GET /me/kept`: what was typed, to be sent again or thrown away.
pub async fn show(State(app): State<App>, member: Member, headers: HeaderMap) -> Result<Response, Error> {
    let Some(token) = who::cookie(&app, &headers, COOKIE) else { return Ok(see(ME)) };
    let found = kept_form::find(&app.db, &token, member.account.id, app.clock.now()).await?;
    let Some(form) = found else { return Ok(see(ME)) };
    html(&KeptPage { page: Frame::own(&app, KEPT, &member), form })
}

/// `POST /me/kept`: throws it away.
pub async fn discard(State(app): State<App>, member: Member, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(token) = who::cookie(&app, &headers, COOKIE)
        && kept_form::find(&app.db, &token, member.account.id, app.clock.now()).await?.is_some()
    {
        kept_form::discard(&app.db, &token).await?;
    }
    let mut response = see(ME);
    with_cookie(&mut response, &who::set_cookie(&app, COOKIE, "", 0))?;
    Ok(response)
}

/// Keeps the form of somebody who turns out not to be signed in; forgets a kept form once it was sent.
pub async fn keeping(
    State(app): State<App>,
    network: Network,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    if *request.method() != Method::POST || request.uri().path().starts_with("/sign-") {
        return Ok(next.run(request).await);
    }
    let headers = request.headers().clone();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if is_complete(&app, &headers).await? {
        let response = next.run(request).await;
        return forget_sent(&app, &headers, &path, response).await;
    }
    let Some(most) = keepable(&request) else {
        return Ok(led_to_sign_in(next.run(request).await));
    };
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, most).await.map_err(|_| Error::TooLarge)?;
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    if response.extensions().get::<TurnedAway>().is_none() || sign_in::local_path(&path).is_empty() {
        return Ok(response);
    }
    keep(&app, &network, &headers, (&path, bytes), response).await
}

async fn is_complete(app: &App, headers: &HeaderMap) -> Result<bool, Error> {
    let found = who::session_of(app, headers).await?;
    Ok(found.is_some_and(|(session, account)| !account.role().is_staff() || session.second_factor_at.is_some()))
}

/// How many bytes of a request may be kept back while it is answered; nothing for what is no form of a sensible size.
fn keepable(request: &Request) -> Option<usize> {
    let most = if is_multipart(request.headers()) { LARGEST_WITH_FILES } else { LARGEST };
    let length = request.body().size_hint().upper()?;
    (length <= most as u64).then_some(most)
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Somebody whose form cannot be kept is at least not led back to an address that only takes forms.
fn led_to_sign_in(mut response: Response) -> Response {
    if response.extensions().get::<TurnedAway>().is_some() {
        response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(SIGN_IN));
    }
    response
}

async fn keep(
    app: &App,
    Network(network): &Network,
    headers: &HeaderMap,
    (path, bytes): (&str, Bytes),
    mut response: Response,
) -> Result<Response, Error> {
    let now = app.clock.now();
    let texts = if is_multipart(headers) { texts(headers, bytes).await } else { read(&bytes) };
    let Some((body, has_files)) = texts.filter(|(body, _)| !body.is_empty() && body.len() <= LARGEST) else {
        return Ok(led_to_sign_in(response));
    };
    if !limit::count(&app.db, FORMS_FROM_NETWORK, network, now).await? {
        return Ok(led_to_sign_in(response));
    }
    let owner = match who::cookie(app, headers, "") {
        Some(token) => session::owner(&app.db, &token).await?,
        None => None,
    };
    let token = kept_form::keep(&app.db, (path, &body, has_files), owner, now).await?;
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let location = location.split('?').next().unwrap_or(SIGN_IN).to_owned() + "?kept=1";
    let location = HeaderValue::try_from(location).map_err(|fault| Error::Template(fault.to_string()))?;
    response.headers_mut().insert(header::LOCATION, location);
    with_cookie(&mut response, &who::set_cookie(app, COOKIE, &token, kept_form::HOURS * 3600))?;
    Ok(response)
}

fn read(bytes: &[u8]) -> Option<(String, bool)> {
    let pairs = url::form_urlencoded::parse(bytes);
    Some((written(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()), false))
}

fn written(pairs: Vec<(String, String)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The texts of a form with files, written like one without.
async fn texts(headers: &HeaderMap, bytes: Bytes) -> Option<(String, bool)> {
    let mut request = Request::new(Body::from(bytes));
    *request.headers_mut() = headers.clone();
    let limit = axum::extract::DefaultBodyLimit::max(LARGEST_WITH_FILES);
    limit.apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut has_files = false;
    while let Some(part) = parts.next_field().await.ok()? {
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await.ok()?;
        match file {
            Some(_) => has_files |= !bytes.is_empty(),
            None => pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Some((written(pairs), has_files))
}

/// After a kept form was sent and taken, nothing of it stays.
async fn forget_sent(app: &App, headers: &HeaderMap, path: &str, mut response: Response) -> Result<Response, Error> {
    if response.status() != StatusCode::SEE_OTHER || path == KEPT {
        return Ok(response);
    }
    if let Some(token) = who::cookie(app, headers, COOKIE)
        && let Some((_, account)) = who::session_of(app, headers).await?
        && let Some(form) = kept_form::find(&app.db, &token, account.id, app.clock.now()).await?
        && form.path == path
    {
        kept_form::discard(&app.db, &token).await?;
        with_cookie(&mut response, &who::set_cookie(app, COOKIE, "", 0))?;
    }
    Ok(response)
}
