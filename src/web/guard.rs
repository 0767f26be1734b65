//! What every answer carries: the headers that keep a page from being misused, and a page for every failure.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::error::{self, Error};

/// Nothing from elsewhere, no inline script or style, no framing.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the protecting headers and turns failures into pages that say what to do next.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
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

/// The headers that keep an answer from being misused.
pub fn protect(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
}
