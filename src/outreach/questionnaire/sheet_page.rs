//! The questionnaire on paper: one A4 sheet in large print, with the QR code for whoever prefers a phone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::desk_pages::url;
use super::path;
use super::question::{AGES, Scale};
use super::record;
use crate::app::App;
use crate::error::Error;
use crate::outreach::report::{AtVisit, Visit};
use crate::text::day;
use crate::web::{Frame, html, qr};

#[derive(Template)]
#[template(path = "outreach/questionnaire/sheet.html")]
struct SheetPage<'a> {
    page: Frame,
    visit: &'a Visit,
    day: String,
    back: String,
    section: String,
    qr: String,
}

impl SheetPage<'_> {
    fn scales(&self) -> [Scale; 4] {
        Scale::ALL
    }

    fn ages(&self) -> [(&'static str, &'static str); 8] {
        AGES
    }
}

/// `GET /staff/outreach/sessions/{id}/questionnaire/sheet`.
pub(super) async fn show(State(app): State<App>, at: AtVisit) -> Result<Response, Error> {
    let (visit, city) = (&at.visit, app.city());
    let found = record::find(&app.db, visit.session.id).await?;
    let drawn = found.map(|found| qr(&url(&app, &found), "qr", "アンケートを開くQRコード"));
    html(&SheetPage {
        page: Frame::own(&app, &format!("{}/sheet", path(visit.session.id)), &at.member),
        visit,
        day: day::long(visit.day(city.profile.zone)),
        back: path(visit.session.id),
        section: format!("{} {}", city.profile.name, city.profile.office.section),
        qr: drawn.unwrap_or_default(),
    })
}
