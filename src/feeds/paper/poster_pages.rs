//! The poster of a feed: what it is, three steps, and a code that leads to the page with the buttons.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::{Selection, subscribe_path};
use crate::app::App;
use crate::error::Error;
use crate::text::postal;
use crate::web::{Frame, Query, html, qr};

#[derive(Template)]
#[template(path = "feeds/poster.html")]
struct PosterPage {
    page: Frame,
    title: String,
    qr: String,
    address: String,
    back: String,
    section: String,
    postal: String,
}

/// `GET /subscribe/poster?feed=town/izuhara`: one page of A4.
///
/// The code leads to the page and not to the file: a telephone that opens the file itself takes it in once and never again.
pub(in super::super) async fn poster(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let named = query.choice("feed", "配信", |typed| Some(Selection::parse(typed)));
    let selection = named.unwrap_or(Some(Selection::All)).ok_or(Error::NotFound)?;
    let title = selection.title(&app).await?.ok_or(Error::NotFound)?;
    let back = subscribe_path(&selection.name());
    let url = format!("{}{back}", app.config.base_url);
    let office = &app.city().profile.office;
    html(&PosterPage {
        page: Frame::new(&app, super::POSTER).ignoring(query.into_ignored()),
        title,
        qr: qr(&url, "qr", "予定を受け取るページのQRコード"),
        address: super::typed_address(&url),
        back,
        section: office.section.clone(),
        postal: format!("{} {}", postal::display(&office.postal), office.address),
    })
}
