//! Open data (オープンデータ): what everybody may have as tables, and where the figures come from.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::cache::Prepared;
use super::download;
use crate::app::App;
use crate::city::{self, facility};
use crate::error::Error;
use crate::groups::Audience;
use crate::table::{self, Cell, Format};
use crate::web::{Frame, html};
use crate::{calendar, groups};

/// A table that everybody may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dataset {
    /// イベント一覧, 32 columns of the 推奨データセット and two of our own.
    Events,
    /// 団体名簿, published fields only.
    Groups,
    /// 公共施設一覧.
    Facilities,
}

impl Dataset {
    const ALL: [Self; 3] = [Self::Events, Self::Groups, Self::Facilities];

    fn key(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Groups => "groups",
            Self::Facilities => "facilities",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Events => "イベント一覧",
            Self::Groups => "市民活動団体一覧",
            Self::Facilities => "公共施設一覧",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Events => {
                "公開している予定です。くり返しの予定は、開催ごとに1行です。列は、推奨データセットのイベント一覧(32列)と、カテゴリー、アクションプラン項目です。"
            }
            Self::Groups => "名簿に載っている団体です。連絡先は、団体が公開に同意したものだけを載せています。",
            Self::Facilities => "予定の会場になる公共施設です。同じ建物の別名には、同じ「建物」の番号を付けています。",
        }
    }
}

#[derive(Template)]
#[template(path = "feeds/opendata.html")]
struct OpenDataPage {
    page: Frame,
    datasets: [Dataset; 3],
}

/// `GET /opendata`: the tables, and the sources of what the city did not make itself.
pub async fn index(State(app): State<App>) -> Result<Response, Error> {
    html(&OpenDataPage { page: Frame::new(&app, super::OPENDATA), datasets: Dataset::ALL })
}

/// `GET /opendata/{name}.csv`: one table in UTF-8 with a byte order mark.
pub async fn download(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let dataset = Dataset::ALL.into_iter().find(|dataset| name.strip_suffix(".csv") == Some(dataset.key()));
    let found = match dataset {
        Some(dataset) => prepared(&app, dataset).await.map(|prepared| {
            let kind = HeaderValue::from_static("text/csv; charset=utf-8");
            let mut response = download::answer(&headers, &prepared, kind);
            let file = format!("attachment; filename=\"{}_{}.csv\"", app.city().profile.code, dataset.key());
            if let Ok(file) = HeaderValue::from_str(&file) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, file);
            }
            response
        }),
        None => Err(Error::NotFound),
    };
    download::finish(&app, super::OPENDATA, found)
}

async fn prepared(app: &App, dataset: Dataset) -> Result<Arc<Prepared>, Error> {
    let as_of = app.as_of().await?;
    // One at a time: a large table is made once, however many wait for it.
    let _turn = app.table_turn.lock().await;
    if let Some(prepared) = app.tables.get(&dataset, as_of) {
        return Ok(prepared);
    }
    let (headings, lines): (Vec<&'static str>, Vec<Vec<Cell>>) = match dataset {
        Dataset::Events => calendar::export_table(&app.db, &app.city(), Audience::OpenData).await?,
        Dataset::Groups => groups::export_table(&app.db, &app.city(), Audience::OpenData).await?,
        Dataset::Facilities => city::export_facilities(&app.city(), &facility::all(&app.db).await?),
    };
    let written = table::write(Format::CsvUtf8Bom, dataset.name(), &headings, lines.into_iter());
    let written = written.map_err(|fault| Error::Template(fault.to_string()))?;
    let prepared = Arc::new(Prepared::new(written.bytes, as_of.revisions.changed_at)?);
    app.tables.put(dataset, as_of, Arc::clone(&prepared));
    Ok(prepared)
}
