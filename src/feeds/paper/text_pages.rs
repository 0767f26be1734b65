//! A month as text to copy or to save.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::super::narrowed::{Narrowed, month};
use super::month_text::{self, Setter};
use super::{TEXT, TEXT_FILE};
use crate::app::App;
use crate::calendar::{self, Month};
use crate::error::Error;
use crate::text::cp932;
use crate::web::{Frame, Query, html};

#[derive(Template)]
#[template(path = "feeds/text.html")]
struct TextPage {
    page: Frame,
    setter: Setter,
    label: String,
    title: String,
    columns: usize,
    lines: usize,
    pages: usize,
    text: String,
    rows: usize,
    count: usize,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    /// The other text: address and words.
    other: (String, &'static str),
    file_url: String,
    sjis_url: String,
    events_url: String,
}

struct Asked {
    setter: Setter,
    month: Month,
    narrowed: Narrowed,
    pages: Vec<Vec<String>>,
    count: usize,
}

async fn asked(app: &App, query: &mut Query) -> Result<Asked, Error> {
    let setter = query.choice("for", "用途", Setter::from_key).unwrap_or(Setter::Magazine);
    let narrowed = Narrowed::read(app, query).await?;
    let month = month(app, query);
    let listed = calendar::in_days(&app.db, &app.city(), &narrowed.filter, (month.first, month.last())).await?;
    let title = Some(narrowed.title.as_str()).filter(|_| !narrowed.filter.is_open());
    let pages = month_text::pages(app, setter, month, title, &listed).await?;
    Ok(Asked { setter, month, narrowed, pages, count: listed.len() })
}

/// Pages one after the other, each with its number where there are several.
fn joined(pages: &[Vec<String>], end: &str) -> String {
    let count = pages.len();
    let page = |(at, lines): (usize, &Vec<String>)| {
        let head = if count > 1 { format!("----- {}/{count} -----{end}", at + 1) } else { String::new() };
        format!("{head}{}{end}", lines.join(end))
    };
    pages.iter().enumerate().map(page).collect()
}

/// `GET /events/text?month=&for=koho|catv&…`: the text in a field to copy from.
pub(in super::super) async fn text(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let Asked { setter, month, narrowed, pages, count } = asked(&app, &mut query).await?;
    let (columns, lines) = setter.size(&app.city().settings);
    let key = month.key();
    let address =
        |path: &str, setter: Setter, month: &str| narrowed.link(path, &[("month", month), ("for", setter.key())]);
    let turn = |other: Month| (address(TEXT, setter, &other.key()), other.label());
    let other = if setter == Setter::Magazine { Setter::Television } else { Setter::Magazine };
    let text = joined(&pages, "\n");
    html(&TextPage {
        page: Frame::new(&app, calendar::INDEX).ignoring(query.into_ignored()),
        label: month.label(),
        title: narrowed.title.clone(),
        columns,
        lines,
        pages: pages.len(),
        rows: text.lines().count().clamp(6, 40),
        text,
        count,
        previous: month.previous(app.today()).map(turn),
        next: month.next(app.today()).map(turn),
        other: (address(TEXT, other, &key), other.label()),
        file_url: address(TEXT_FILE, setter, &key),
        sjis_url: narrowed.link(TEXT_FILE, &[("month", &key), ("for", setter.key()), ("encoding", "sjis")]),
        events_url: narrowed.events_link(&[("month", &key)]),
        setter,
    })
}

/// `GET /events/text.txt?…&encoding=sjis`: the same text as a file, in UTF-8 or as older machines want it.
pub(in super::super) async fn file(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let is_sjis = query.choice("encoding", "文字コード", |key| (key == "sjis").then_some(true)).unwrap_or(false);
    let Asked { setter, month, pages, .. } = asked(&app, &mut query).await?;
    let text = joined(&pages, "\r\n");
    let (bytes, kind) = match is_sjis {
        true => (cp932::encode(&text).bytes, "text/plain; charset=Shift_JIS"),
        false => ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "text/plain; charset=utf-8"),
    };
    let name = format!("attachment; filename=\"{}_{}.txt\"", setter.key(), month.key());
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
