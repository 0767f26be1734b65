//! The calendar for staff: what waits, and everything that is coming.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::filter::Filter;
use super::STAFF;
use super::group_pages::DONE;
use super::lists::{self, Chosen, Line};
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::groups;
use crate::web::query::link;
use crate::web::{Frame, Query, Staff, html};

/// Lines of one page of the list.
const ON_A_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "calendar/desk/staff.html")]
struct StaffPage<'a> {
    page: Frame,
    city: &'a City,
    filter: Filter,
    origin: &'static str,
    group_name: String,
    waiting: Vec<Line>,
    coming: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

/// `GET /staff/events`: waiting first, then everything that is coming.
pub async fn index(State(app): State<App>, mut query: Query, staff: Staff) -> Result<Response, Error> {
    let city = app.city();
    let filter = Filter::read(&mut query, &city);
    let origin = query.choice("source", "もと", |key| ["own", "import"].into_iter().find(|known| *known == key));
    let number = i64::try_from(query.page()).unwrap_or(1);
    let chosen = Chosen { filter, own: origin.map(|origin| origin == "own") };
    let (today, skipped) = (app.today(), (number - 1) * ON_A_PAGE);
    let mut coming = lists::coming(&app.db, &city, &chosen, today, (ON_A_PAGE, skipped)).await?;
    let more = coming.len() > ON_A_PAGE as usize;
    coming.truncate(ON_A_PAGE as usize);
    let mut pairs = chosen.filter.pairs();
    pairs.push(("source", origin.unwrap_or_default().to_owned()));
    let turn = |number: i64| {
        let page = number.to_string();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        link(STAFF, &[pairs.as_slice(), &[("page", page.as_str())]].concat())
    };
    let group = match chosen.filter.group {
        Some(group) => groups::find_listed(&app.db, group).await?,
        None => None,
    };
    let page = Frame::own(&app, STAFF, &staff.0).saying(&mut query, &DONE);
    html(&StaffPage {
        page: page.ignoring(query.into_ignored()),
        city: &city,
        group_name: group.map(|group| group.name).unwrap_or_default(),
        waiting: lists::waiting(&app.db, today, 100).await?,
        coming,
        previous: (number > 1).then(|| turn(number - 1)),
        next: more.then(|| turn(number + 1)),
        origin: origin.unwrap_or_default(),
        filter: chosen.filter,
    })
}
