//! Open data (オープンデータ): what everybody may have as tables, and where the figures come from.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use chrono::NaiveDate;

use super::cache::Prepared;
use super::document::{self, Part};
use super::{Selection, download};
use crate::app::App;
use crate::calendar::{Filter, Layout, Window};
use crate::city::settings::FEED_FUTURE_DAYS;
use crate::city::{self, facility};
use crate::error::Error;
use crate::groups;
use crate::groups::Audience;
use crate::table::{self, Cell, Format};
use crate::web::query::link;
use crate::web::{Frame, Query, html};

/// A table that everybody may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dataset {
    /// イベント一覧, in the columns of one of three generations.
    Events(Layout),
    /// 団体名簿, published fields only.
    Groups,
    /// 公共施設一覧.
    Facilities,
}

impl Dataset {
    const ALL: [Self; 3] = [Self::Events(Layout::Recommended), Self::Groups, Self::Facilities];

    fn key(self) -> &'static str {
        match self {
            Self::Events(_) => "events",
            Self::Groups => "groups",
            Self::Facilities => "facilities",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Events(_) => "イベント一覧",
            Self::Groups => "市民活動団体一覧",
            Self::Facilities => "公共施設一覧",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Events(_) => {
                "公開している予定です。過ぎた予定も載せています。くり返しの予定は、開催ごとに1行です。中止の予定は、名前に【中止】と付けています。"
            }
            Self::Groups => "名簿に載っている団体です。連絡先は、団体が公開に同意したものだけを載せています。",
            Self::Facilities => "予定の会場になる公共施設です。同じ建物の別名には、同じ「建物」の番号を付けています。",
        }
    }

    /// Further ways in which the table can be had: address and words.
    fn layouts(self) -> Vec<(String, &'static str)> {
        let Self::Events(_) = self else { return Vec::new() };
        let address = |layout: Layout| link("/opendata/events.csv", &[("layout", layout.key())]);
        Layout::ALL.into_iter().map(|layout| (address(layout), layout.label())).collect()
    }
}

/// The columns that an address asks for; what is not known is not there.
pub(super) fn layout(query: &mut Query) -> Result<Layout, Error> {
    match query.choice("layout", "列", |typed| Some(Layout::from_key(typed))) {
        None => Ok(Layout::default()),
        Some(known) => known.ok_or(Error::NotFound),
    }
}

/// Whether a table is wanted without its byte order mark (`?bom=0`).
pub(super) fn is_bare(query: &mut Query) -> bool {
    let known = |typed: &str| ["0", "1"].contains(&typed).then_some(typed == "0");
    query.choice("bom", "BOM", known).unwrap_or(false)
}

#[derive(Template)]
#[template(path = "feeds/opendata.html")]
struct OpenDataPage {
    page: Frame,
    datasets: [Dataset; 3],
    /// Days ahead that the table of events reaches.
    future_days: i32,
}

/// `GET /opendata`: the tables, and the sources of what the city did not make itself.
pub async fn index(State(app): State<App>) -> Result<Response, Error> {
    let future_days = app.city().settings.number(FEED_FUTURE_DAYS);
    html(&OpenDataPage { page: Frame::new(&app, super::OPENDATA), datasets: Dataset::ALL, future_days })
}

/// `GET /opendata/{name}.csv`: one table in UTF-8 with a byte order mark, or without it (`?bom=0`).
pub async fn download(State(app): State<App>, Path(name): Path<String>, query: Query, headers: HeaderMap) -> Response {
    download::finish(&app, super::OPENDATA, table_file(&app, &name, query, &headers).await)
}

async fn table_file(app: &App, name: &str, mut query: Query, headers: &HeaderMap) -> Result<Response, Error> {
    let dataset = Dataset::ALL.into_iter().find(|dataset| name.strip_suffix(".csv") == Some(dataset.key()));
    let dataset = match dataset.ok_or(Error::NotFound)? {
        Dataset::Events(_) => Dataset::Events(layout(&mut query)?),
        other => other,
    };
    let prepared = prepared(app, (dataset, is_bare(&mut query))).await?;
    let mut response = download::answer(headers, &prepared, HeaderValue::from_static("text/csv; charset=utf-8"));
    download::to_save(&mut response, &format!("{}_{}.csv", app.city().profile.code, dataset.key()));
    Ok(response)
}

async fn prepared(app: &App, (dataset, bare): (Dataset, bool)) -> Result<Arc<Prepared>, Error> {
    let as_of = app.as_of().await?;
    if let Some(prepared) = app.tables.get(&(dataset, bare), as_of) {
        return Ok(prepared);
    }
    // One at a time: a large table is made once, however many wait for it.
    let _turn = app.table_turn.lock().await;
    if let Some(prepared) = app.tables.get(&(dataset, bare), as_of) {
        return Ok(prepared);
    }
    let bytes = match dataset {
        Dataset::Events(layout) => every_event(app, as_of.today, layout).await?,
        Dataset::Groups => {
            let (headings, lines) = groups::export_table(&app.db, &app.city(), Audience::OpenData).await?;
            written(dataset, &headings, lines)?
        }
        Dataset::Facilities => {
            let (headings, lines) = city::export_facilities(&app.city(), &facility::all(&app.db).await?);
            written(dataset, &headings, lines)?
        }
    };
    let bytes = if bare { document::without_mark(bytes) } else { bytes };
    let prepared = Arc::new(Prepared::new(bytes, document::changed_at(app, as_of))?);
    app.tables.put((dataset, bare), as_of, Arc::clone(&prepared));
    Ok(prepared)
}

/// Everything that took place, and what is coming as far as the feeds reach.
async fn every_event(app: &App, today: NaiveDate, layout: Layout) -> Result<Vec<u8>, Error> {
    let window = Window::around(today, &app.city()).with_all_past();
    let filter = Filter::default();
    document::table(app, &Part { selection: &Selection::All, title: "", filter: &filter, window }, layout).await
}

fn written(dataset: Dataset, headings: &[&str], lines: Vec<Vec<Cell>>) -> Result<Vec<u8>, Error> {
    let written = table::write(Format::CsvUtf8Bom, dataset.name(), headings, lines.into_iter());
    Ok(written.map_err(|fault| Error::Template(fault.to_string()))?.bytes)
}
