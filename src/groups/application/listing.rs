//! The list of applications on the desk of the office.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::application::{self, Application, Stage};
use super::moment;
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::web::{Frame, Pager, Query, Staff, html, query};

/// Lines of one page of the list.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "groups/application/desk/list.html")]
struct ListPage<'a> {
    page: Frame,
    city: &'a City,
    stage: Stage,
    counts: Vec<(Stage, i64)>,
    applications: Vec<Application>,
    now: DateTime<Utc>,
    list: Pager,
}

impl ListPage<'_> {
    fn handed_in(&self, application: &Application) -> String {
        application.submitted_at.map_or_else(String::new, |at| moment(at, self.city.profile.zone))
    }

    fn waits(&self, application: &Application) -> String {
        let days = application.submitted_at.map_or(0, |at| (self.now - at).num_days());
        if days < 1 { "きょうから".to_owned() } else { format!("{days}日前から") }
    }
}

/// `GET /staff/applications`: the applications of a stage, those that wait oldest first.
pub(super) async fn list(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let seen = |key: &str| Stage::from_key(key).filter(|stage| Stage::SEEN.contains(stage));
    let stage = query.choice("state", "状態", seen).unwrap_or(Stage::Submitted);
    let number = query.page();
    let counts = application::counts(&app.db).await?;
    let total = counts.iter().find(|(of, _)| *of == stage).map_or(0, |(_, count)| *count);
    let address = |page: usize| query::link(super::DESK, &[("state", stage.key()), ("page", &page.to_string())]);
    let list = Pager::new(usize::try_from(total).unwrap_or_default(), number, PAGE, address);
    let skip = list.first.saturating_sub(1) as u64;
    let city = app.city();
    let page = Frame::own(&app, super::DESK, &staff.0).saying(&mut query, &[]);
    html(&ListPage {
        page: page.ignoring(query.into_ignored()),
        city: &city,
        stage,
        counts,
        applications: application::of_stage(&app.db, stage, (skip, PAGE as u64)).await?,
        now: app.clock.now(),
        list,
    })
}
