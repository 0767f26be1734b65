//! `/staff/settings`: the way to each part of the settings, and what was changed last.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::audit::trail::{self, Filter, Line};
use crate::city::City;
use crate::error::Error;
use crate::letters;
use crate::text::day;
use crate::web::{Admin, Frame, Query, html};

#[derive(Template)]
#[template(path = "office/settings.html")]
struct SettingsPage<'a> {
    page: Frame,
    city: &'a City,
    wordings: usize,
    own_wordings: usize,
    changes: Vec<Line>,
}

impl SettingsPage<'_> {
    fn on(&self, line: &Line) -> String {
        day::long(line.at.with_timezone(&self.city.profile.zone).date_naive())
    }
}

/// `GET /staff/settings`.
pub(super) async fn settings(State(app): State<App>, admin: Admin, mut query: Query) -> Result<Response, Error> {
    let (city, wordings) = (app.city(), letters::all());
    let page = Frame::own(&app, super::SETTINGS, &admin.0);
    let page =
        page.saying(&mut query, &[("saved", "設定を保存しました。"), ("same", "変わったところは、ありませんでした。")]);
    let filter = Filter { noun: Some("setting".to_owned()), ..Filter::default() };
    html(&SettingsPage {
        page: page.ignoring(query.into_ignored()),
        own_wordings: wordings.iter().filter(|wording| city.settings.own(&wording.setting()).is_some()).count(),
        wordings: wordings.len(),
        changes: trail::find(&app.db, &filter, None, 5).await?,
        city: &city,
    })
}

/// Where a change of settings leads: it is said whether anything changed.
pub(super) fn done(path: &str, is_changed: bool) -> Response {
    crate::web::see(&format!("{path}?done={}", if is_changed { "saved" } else { "same" }))
}
