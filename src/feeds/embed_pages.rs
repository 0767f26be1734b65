//! The month and the list as other sites show them in a frame (`/embed/…`): without a script, without a cookie, with a policy of their own.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};

use super::narrowed::{Narrowed, month};
use crate::app::App;
use crate::calendar::{self, Cell, DayList, Month};
use crate::error::Error;
use crate::web::{Frame, Query, html};

/// Address of the embedded month.
pub(super) const MONTH: &str = "/embed/month";
/// Address of the embedded list.
pub(super) const LIST: &str = "/embed/list";

/// Entries shown of one day in the table of a month.
const IN_A_CELL: u64 = 4;
/// Entries of the list; the rest is behind a link that says so.
const LISTED: usize = 20;

/// Any site may show these pages in a frame, and nothing in them acts.
const POLICY: &str =
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

#[derive(Template)]
#[template(path = "feeds/embed_month.html")]
struct EmbeddedMonth {
    page: Frame,
    title: String,
    label: String,
    month: u32,
    weeks: Vec<Vec<Option<Cell>>>,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    narrowed: Narrowed,
    base_url: String,
    all_url: String,
}

/// What `calendar/weeks.html` asks of the page that it stands in: its links leave the frame for the site itself.
impl EmbeddedMonth {
    fn root(&self) -> &str {
        &self.base_url
    }

    fn target(&self) -> &'static str {
        " target=\"_blank\" rel=\"noopener\""
    }

    /// The list of one day on the site itself.
    fn day_url(&self, day: &NaiveDate) -> String {
        let day = day.to_string();
        self.narrowed.events_link(&[("view", "list"), ("from", &day), ("to", &day)])
    }

    fn is_empty(&self) -> bool {
        self.weeks.iter().flatten().flatten().all(|cell| cell.entries.is_empty())
    }
}

/// `GET /embed/month?month=&feed=…`: one month as a table.
pub(super) async fn in_a_month(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let narrowed = Narrowed::read(&app, &mut query).await?;
    let (month, today) = (month(&app, &mut query), app.today());
    let span = (month.first, month.last());
    let (counts, entries) = calendar::month_days(&app.db, &app.city(), &narrowed.filter, span, IN_A_CELL).await?;
    let other = |month: Month| (narrowed.link(MONTH, &[("month", &month.key())]), month.label());
    html(&EmbeddedMonth {
        page: Frame::new(&app, MONTH),
        title: narrowed.title.clone(),
        label: month.label(),
        month: month.first.month(),
        previous: month.previous(today).map(other),
        next: month.next(today).map(other),
        weeks: month.weeks(&counts, entries, today),
        all_url: narrowed.events_link(&[("month", &month.key())]),
        base_url: app.config.base_url.clone(),
        narrowed,
    })
}

#[derive(Template)]
#[template(path = "feeds/embed_list.html")]
struct EmbeddedList {
    page: Frame,
    title: String,
    days: Vec<DayList>,
    has_more: bool,
    base_url: String,
    all_url: String,
}

/// `GET /embed/list?feed=…`: what is coming.
pub(super) async fn in_a_list(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let narrowed = Narrowed::read(&app, &mut query).await?;
    let most = LISTED as u64 + 1;
    let mut coming = calendar::upcoming(&app.db, &app.city(), &narrowed.filter, app.today(), most).await?;
    let has_more = coming.len() > LISTED;
    coming.truncate(LISTED);
    html(&EmbeddedList {
        page: Frame::new(&app, LIST),
        days: calendar::by_day(coming),
        has_more,
        all_url: narrowed.events_link(&[("view", "list")]),
        base_url: app.config.base_url.clone(),
        title: narrowed.title,
    })
}

/// Puts the policy on every answer, kept or made, also on the one that says that nothing is there.
pub async fn framed(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
