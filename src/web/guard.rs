//! What every answer carries: the headers that keep a page from being misused, and a page for every failure.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::{self, Error};

/// Nothing from elsewhere, no inline script or style, no framing.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the protecting headers and turns failures into pages that say what to do next.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let head = request.method() == Method::HEAD;
    let refused = from_elsewhere(&app, &request);
    // Asking for the counters also brings a changed city up to date.
    let mut response = match app.revisions().await {
        Err(fault) => Error::from(fault).into_response(),
        Ok(_) if refused => Error::OtherSite.into_response(),
        Ok(_) => next.run(request).await,
    };
    let failure = response.extensions_mut().remove::<Error>();
    let failure = failure.or_else(|| match response.status() {
        // Answers of the router itself have no page yet.
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::MethodNotAllowed),
        _ => None,
    });
    if let Some(failure) = failure {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = error::page(&app, &path, &failure);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        if head {
            *response.body_mut() = axum::body::Body::empty();
        }
    }
    protect(response.headers_mut());
    response
}

/// Whether a request would change something and comes from another site.
///
/// Browsers say where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones); what says neither is no browser and
/// brings no cookie of one.
fn from_elsewhere(app: &App, request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let said = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (said("sec-fetch-site"), said("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = said("host").unwrap_or_default();
            origin != app.config.base_url && origin.split_once("://").is_none_or(|(_, from)| from != host)
        }
        (None, None) => false,
    }
}

/// What is somebody's own is kept by no browser, no proxy and no search engine.
pub async fn own(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

/// The headers that keep an answer from being misused.
pub fn protect(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Personal links must not travel on in a Referer; forms of our own pages still say where they come from.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // A file that somebody sent in brings a stricter policy of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
}
