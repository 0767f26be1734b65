//! What the people who run the site ask: is the process there, and can it work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::app::App;

/// The two questions of a monitor.
pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

/// Ready is a site whose database answers.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.revisions().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database does not answer\n")
        }
    }
}
