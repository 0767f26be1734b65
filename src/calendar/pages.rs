//! The public pages of the calendar: a month, and a list.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};

use super::day_list::{DayList, by_day};
use super::filter::Filter;
use super::month::{Cell, Month};
use super::narrowing::{FilterForm, address, form, with_names};
use super::occurrence::{self, Listed};
use super::{INDEX, series};
use crate::app::App;
use crate::error::Error;
use crate::text::{day, wareki};
use crate::web::{Frame, Pager, Query, html};

/// Entries shown of one day in the table of a month.
const IN_A_CELL: u64 = 4;
/// Entries on one page of a list.
const ON_A_PAGE: usize = 50;

/// Ways to the months around and to the other view.
struct MonthNav {
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    month_url: String,
    list_url: String,
    shows_list: bool,
}

#[derive(Template)]
#[template(path = "calendar/month.html")]
struct MonthPage {
    page: Frame,
    form: FilterForm,
    nav: MonthNav,
    label: String,
    year: i32,
    month: u32,
    weeks: Vec<Vec<Option<Cell>>>,
    total: i64,
    /// The last day up to which recurring entries are known, when the month reaches beyond it.
    horizon: Option<String>,
    /// What it is narrowed to, without its days.
    narrowing: Filter,
}

/// What `calendar/weeks.html` asks of the page that it stands in.
impl MonthPage {
    fn root(&self) -> &'static str {
        ""
    }

    fn target(&self) -> &'static str {
        ""
    }

    /// The list of one day, with the same narrowing.
    fn day_url(&self, day: &NaiveDate) -> String {
        let day = day.to_string();
        address(&self.narrowing, &[("view", "list"), ("from", &day), ("to", &day)])
    }
}

#[derive(Template)]
#[template(path = "calendar/list.html")]
struct ListPage {
    page: Frame,
    form: FilterForm,
    nav: Option<MonthNav>,
    heading: String,
    days: Vec<DayList>,
    pager: Pager,
    past_url: Option<String>,
    month_url: String,
}

/// `GET /events`: the calendar by month or as a list, narrowed as asked.
pub async fn index(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let today = app.today();
    let filter = Filter::read(&mut query, &app.city());
    let month = query.choice("month", "月", |typed| Month::parse(typed, today));
    let view =
        query.choice("view", "表示のしかた", |typed| ["month", "list"].into_iter().find(|view| *view == typed));
    let (filter, further) = with_names(&app, filter, &mut query).await?;
    let has_days = filter.from.is_some() || filter.to.is_some();
    if view == Some("list") || (view.is_none() && has_days) {
        return list(&app, filter, further, month, query).await;
    }
    let month = month.or_else(|| filter.from.and_then(|from| Month::parse(&Month::of(from).key(), today)));
    month_page(&app, filter, further, month.unwrap_or(Month::of(today)), query).await
}

async fn month_page(
    app: &App,
    filter: Filter,
    further: Vec<String>,
    month: Month,
    query: Query,
) -> Result<Response, Error> {
    let today = app.today();
    let span = (month.first, month.last());
    let (counts, entries) = occurrence::by_day(&app.db, &app.city(), &filter, span, IN_A_CELL).await?;
    let horizon = series::horizon(today);
    let hidden = vec![("month", month.key())];
    html(&MonthPage {
        page: Frame::new(app, INDEX).ignoring(query.into_ignored()),
        nav: nav(&filter, month, today, false),
        label: month.label(),
        year: month.first.year(),
        month: month.first.month(),
        weeks: month.weeks(&counts, entries, today),
        total: counts.iter().map(|(_, count)| count).sum(),
        horizon: (month.last() > horizon).then(|| wareki::month(horizon.year(), horizon.month())),
        narrowing: Filter { from: None, to: None, ..filter.clone() },
        form: form(app, filter, further, hidden).await?,
    })
}

async fn list(
    app: &App,
    filter: Filter,
    further: Vec<String>,
    month: Option<Month>,
    mut query: Query,
) -> Result<Response, Error> {
    let today = app.today();
    let number = query.page();
    let (listed, heading) = listed(&filter, month, today);
    let total = occurrence::count(&app.db, &app.city(), &filter, listed).await?;
    let mut hidden = vec![("view", "list".to_owned())];
    let chosen_days = days(&filter);
    if let Some(month) = month.filter(|_| chosen_days.is_empty()) {
        hidden.push(("month", month.key()));
    }
    let url = |number: usize| {
        let number = if number == 1 { String::new() } else { number.to_string() };
        let mut pairs: Vec<(&str, &str)> =
            hidden.iter().chain(&chosen_days).map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push(("page", &number));
        address(&filter, &pairs)
    };
    let pager = Pager::new(total, number, ON_A_PAGE, url);
    let skipped = pager.first.saturating_sub(1) as u64;
    let found = occurrence::list(&app.db, &app.city(), &filter, listed, ON_A_PAGE as u64, skipped).await?;
    let shows_month = month.filter(|_| filter.from.is_none() && filter.to.is_none());
    let yesterday = today.pred_opt().unwrap_or(today).to_string();
    let is_open_ended = shows_month.is_none() && filter.from.is_none() && filter.to.is_none();
    html(&ListPage {
        page: Frame::new(app, INDEX).ignoring(query.into_ignored()),
        nav: shows_month.map(|month| nav(&filter, month, today, true)),
        heading,
        days: by_day(found),
        pager,
        past_url: is_open_ended.then(|| address(&filter, &[("view", "list"), ("to", &yesterday)])),
        month_url: address(&filter, &[("month", &Month::of(listed.from.max(today)).key()), ("view", "month")]),
        form: form(app, filter, further, hidden).await?,
    })
}

/// The days a list covers, and the heading that says so.
fn listed(filter: &Filter, month: Option<Month>, today: NaiveDate) -> (Listed, String) {
    let (from, to) = (filter.from, filter.to);
    match (from, to, month) {
        (None, None, Some(month)) => {
            let listed = Listed { from: month.first, to: month.last(), backwards: false };
            (listed, format!("{}の予定", month.label()))
        }
        (None, None, None) => {
            let listed = Listed { from: today, to: occurrence::last_day(), backwards: false };
            (listed, "これからの予定".to_owned())
        }
        (None, Some(to), _) => {
            let from = occurrence::first_day();
            (Listed { from, to, backwards: true }, format!("{}までの予定", day::long(to)))
        }
        (Some(from), None, _) => {
            let listed = Listed { from, to: occurrence::last_day(), backwards: false };
            (listed, format!("{}からの予定", day::long(from)))
        }
        (Some(from), Some(to), _) => (Listed { from, to, backwards: false }, format!("{}の予定", day::span(from, to))),
    }
}

fn days(filter: &Filter) -> Vec<(&'static str, String)> {
    let days = [("from", filter.from), ("to", filter.to)];
    days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).collect()
}

fn nav(filter: &Filter, month: Month, today: NaiveDate, shows_list: bool) -> MonthNav {
    let view = if shows_list { "list" } else { "month" };
    let to = |other: Month| {
        let year =
            if other.first.year() == month.first.year() { String::new() } else { format!("{}年", other.first.year()) };
        let label = format!("{year}{}月", other.first.month());
        (address(filter, &[("month", &other.key()), ("view", view)]), label)
    };
    MonthNav {
        previous: month.previous(today).map(to),
        next: month.next(today).map(to),
        month_url: address(filter, &[("month", &month.key()), ("view", "month")]),
        list_url: address(filter, &[("month", &month.key()), ("view", "list")]),
        shows_list,
    }
}
