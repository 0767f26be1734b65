//! `/staff/groups`: the register by state, and the list as a file.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;

use super::list::{self, Filter, Line, PAGE, Sort};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::city::City;
use crate::error::Error;
use crate::groups::{self, Audience, State};
use crate::office::download;
use crate::text::wareki;
use crate::web::{Form, Frame, Pager, Query, Staff, html, query::link};

/// A state with its count and address.
struct Tab {
    label: &'static str,
    count: i64,
    url: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "office/groups.html")]
struct ListPage<'a> {
    page: Frame,
    city: &'a City,
    filter: Filter,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    list: Pager,
}

impl ListPage<'_> {
    fn sorts(&self) -> [(&'static str, &'static str, Sort); 3] {
        Sort::ALL
    }

    fn day(&self, line: &Line) -> String {
        wareki::date_with_weekday(line.updated_at.with_timezone(&self.city.profile.zone).date_naive())
    }
}

/// `GET /staff/groups`: groups in every state, narrowed and in the wanted order.
pub(super) async fn list(Shared(app): Shared<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let city = app.city();
    let filter = Filter::read(&mut query, &city);
    let page = query.page();
    let counts = list::counts(&app.db, &filter).await?;
    let of = |state: Option<State>| match state {
        Some(state) => counts.get(state.key()).copied().unwrap_or_default(),
        None => counts.values().sum(),
    };
    let total = usize::try_from(of(filter.state)).unwrap_or_default();
    let start = (page.min(total.div_ceil(PAGE).max(1)) - 1) * PAGE;
    let ids = list::ids(&app.db, &filter, (start, PAGE)).await?;
    let tab = |state: Option<State>| Tab {
        label: state.map_or("すべて", State::label),
        count: of(state),
        url: address(&Filter { state, ..filter.clone() }, 1),
        current: filter.state == state,
    };
    html(&ListPage {
        page: Frame::own(&app, super::LIST, &staff.0).ignoring(query.into_ignored()),
        city: &city,
        tabs: State::ALL.into_iter().map(Some).chain([None]).map(tab).collect(),
        lines: list::lines(&app.db, &ids).await?,
        list: Pager::new(total, page, PAGE, |page| address(&filter, page)),
        filter,
    })
}

fn address(filter: &Filter, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    let mut pairs = filter.pairs();
    pairs.push(("page", &page));
    link(super::LIST, &pairs)
}

/// `POST /staff/groups/export`: the list as a file with every column of the office; the trail keeps who took it.
pub(super) async fn export(Shared(app): Shared<App>, staff: Staff, form: Form) -> Result<Response, Error> {
    let city = app.city();
    let pairs: Vec<(&str, &str)> = form.values().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = link("", &pairs);
    let filter = Filter::read(&mut Query::parse(asked.trim_start_matches('?')), &city);
    let format = download::format(form.get("format")).ok_or(Error::NotFound)?;
    let ids = list::ids(&app.db, &filter, (0, i32::MAX as usize)).await?;
    let (headings, rows) = groups::export_chosen(&app.db, &city, Audience::Office, &ids).await?;
    let event = Event {
        actor: &staff.actor(),
        channel: Channel::Screen,
        action: "名簿の書き出し",
        noun: "group",
        noun_id: String::new(),
        group_id: None,
        title: &format!("{}団体の名簿(事務局用)", ids.len()),
        before: serde_json::Value::Null,
        after: serde_json::json!({ "groups": ids.len(), "format": format.extension() }),
        reason: "",
    };
    audit::record(&app.db, event, app.clock.now()).await?;
    download::file(format, ("kyodo-groups", "団体名簿"), &headings, rows)
}
