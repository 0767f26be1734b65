//! `/outreach/reach`: which towns and districts were reached in a fiscal year, for everybody.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{REACH, Reach, find};
use crate::app::App;
use crate::error::Error;
use crate::outreach::results::years;
use crate::text::wareki;
use crate::web::{Frame, Query, html};

#[derive(Template)]
#[template(path = "outreach/reach/page.html")]
struct ReachPage {
    page: Frame,
    reach: Reach,
    years: Vec<(i32, String)>,
}

impl ReachPage {
    fn is_chosen(&self, year: &i32) -> bool {
        self.reach.fiscal_year == *year
    }
}

/// `GET /outreach/reach?year=`.
pub(super) async fn show(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let years = years(&app.db, (city.profile.zone, now)).await?;
    let asked = query.choice("year", "年度", |typed| years.iter().copied().find(|year| year.to_string() == typed));
    let fiscal_year = asked.unwrap_or_else(|| wareki::fiscal_year(app.today()));
    html(&ReachPage {
        page: Frame::new(&app, REACH).ignoring(query.into_ignored()),
        reach: find(&app.db, &city, fiscal_year, now).await?,
        years: years.into_iter().map(|year| (year, wareki::fiscal_year_label(year))).collect(),
    })
}
