//! `/staff/outreach/results`: the sums of a fiscal year, on screen, on paper, and as a file.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::table::{Line, Results, results};
use super::{RESULTS, file, held_in, years};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::error::Error;
use crate::outreach::questionnaire::{self, Scale, Sum};
use crate::outreach::report::span;
use crate::outreach::topic;
use crate::table::{self, Format};
use crate::text::wareki;
use crate::web::{Form, Frame, Query, Staff, html};

#[derive(Template)]
#[template(path = "outreach/results/results.html")]
struct ResultsPage {
    page: Frame,
    fiscal_year: i32,
    years: Vec<(i32, String)>,
    results: Results,
    sum: Sum,
}

impl ResultsPage {
    fn scales(&self) -> [Scale; 4] {
        Scale::ALL
    }

    fn year(&self) -> String {
        wareki::fiscal_year_label(self.fiscal_year)
    }

    fn clear(&self, line: &Line) -> String {
        line.sum.average(Scale::Clear)
    }

    fn useful(&self, line: &Line) -> String {
        line.sum.average(Scale::Useful)
    }

    fn joining(&self, line: &Line) -> String {
        line.sum.good(Scale::Joining)
    }

    fn is_chosen(&self, year: &i32) -> bool {
        self.fiscal_year == *year
    }
}

async fn read(app: &App, fiscal_year: i32) -> Result<Results, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let zone = city.profile.zone;
    let held = held_in(&app.db, fiscal_year, (zone, now)).await?;
    let marks = questionnaire::marks_between(&app.db, span(fiscal_year, zone)).await?;
    let topics = topic::of_year(&app.db, fiscal_year).await?;
    Ok(results(&held, &marks, (&topics, &city.towns, zone)))
}

/// The fiscal years to choose from, and the one that was asked for.
async fn chosen(app: &App, query: &mut Query) -> Result<(Vec<i32>, i32), Error> {
    let years = years(&app.db, (app.city().profile.zone, app.clock.now())).await?;
    let asked = query.choice("year", "年度", |typed| years.iter().copied().find(|year| year.to_string() == typed));
    let year = asked.or(years.first().copied()).unwrap_or_else(|| wareki::fiscal_year(app.today()));
    Ok((years, year))
}

/// `GET /staff/outreach/results?year=`.
pub(super) async fn show(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let (years, fiscal_year) = chosen(&app, &mut query).await?;
    let results = read(&app, fiscal_year).await?;
    html(&ResultsPage {
        page: Frame::own(&app, RESULTS, &member).ignoring(query.into_ignored()),
        fiscal_year,
        years: years.into_iter().map(|year| (year, wareki::fiscal_year_label(year))).collect(),
        sum: results.year.sum.clone(),
        results,
    })
}

/// `POST /staff/outreach/results/export`: the same as a file, and a line in the trail.
pub(super) async fn export(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Error> {
    let format = match form.get("format") {
        "csv" => Format::CsvUtf8Bom,
        "xlsx" => Format::Xlsx,
        _ => return Err(Error::NotFound),
    };
    let mut query = Query::parse(&format!("year={}", form.get("year").trim()));
    let (_, fiscal_year) = chosen(&app, &mut query).await?;
    if !query.into_ignored().is_empty() {
        return Err(Error::NotFound);
    }
    let rows = file::rows(&read(&app, fiscal_year).await?);
    let event = Event {
        actor: &staff.actor(),
        channel: Channel::Screen,
        action: "出前説明会の集計の書き出し",
        noun: "outreach",
        noun_id: String::new(),
        group_id: None,
        title: "出前説明会の集計",
        before: json!(null),
        after: json!({ "年度": fiscal_year, "lines": rows.len(), "format": format.extension() }),
        reason: "",
    };
    audit::record(&app.db, event, app.clock.now()).await?;
    download(format, fiscal_year, rows)
}

fn download(format: Format, fiscal_year: i32, rows: Vec<Vec<table::Cell>>) -> Result<Response, Error> {
    let headings = file::headings();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let written = table::write(format, "出前説明会の集計", &headings, rows.into_iter());
    let written = written.map_err(|fault| Error::Template(fault.to_string()))?;
    let mut response = written.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let line = format!("attachment; filename=\"kyodo-outreach-{fiscal_year}.{}\"", format.extension());
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.insert(header::CONTENT_DISPOSITION, line);
    }
    Ok(response)
}
