//! The form of a submission on paper: one sheet, with a code that leads to the same on a screen.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::SUBMIT;
use super::record::RELATIONS;
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::web::{Frame, html, qr};

#[derive(Template)]
#[template(path = "calendar/submission/paper.html")]
struct PaperPage {
    page: Frame,
    city: Arc<City>,
    relations: [(&'static str, &'static str); 3],
    code: String,
}

/// `GET /events/submit/paper`.
pub async fn paper(State(app): State<App>) -> Result<Response, Error> {
    html(&PaperPage {
        page: Frame::new(&app, SUBMIT),
        code: qr(&format!("{}{SUBMIT}", app.config.base_url), "qr", "画面から申し込むためのQRコード"),
        relations: RELATIONS,
        city: app.city(),
    })
}
