//! A month to print: a list on A4, and one in larger letters to pass round the neighbourhood (回覧板).

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::narrowed::{Narrowed, month};
use super::super::{SUBSCRIBE, paper};
use super::PRINT;
use crate::app::App;
use crate::calendar::{self, DayList, Month, Occurrence};
use crate::error::Error;
use crate::text::day;
use crate::web::{Frame, Query, html, qr};

/// Boxes for the seals of those who have read it.
const SEALS: usize = 12;

#[derive(Template)]
#[template(path = "feeds/print.html")]
struct PrintPage {
    page: Frame,
    /// Whether it is passed round.
    is_round: bool,
    label: String,
    title: String,
    issued: String,
    days: Vec<DayList>,
    count: usize,
    qr: String,
    /// Where the month can be looked at as it is then.
    address: String,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    /// The other form: address and words.
    other: (String, &'static str),
    events_url: String,
    texts: [(String, &'static str); 2],
}

impl PrintPage {
    /// The town of an entry, unless its place names it already: 厳原 in 厳原地区公民館.
    fn town<'a>(&self, entry: &'a Occurrence) -> &'a str {
        let stem = entry.town.trim_end_matches(['町', '村', '区', '市']);
        if stem.is_empty() || entry.place.contains(stem) { "" } else { &entry.town }
    }

    fn seals(&self) -> std::ops::Range<usize> {
        0..SEALS
    }
}

/// `GET /events/print?month=&for=kairan&…`: everything of one month, nothing cut.
pub(in super::super) async fn print(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let form = query.choice("for", "用途", |key| ["a4", "kairan"].into_iter().find(|known| *known == key));
    let is_round = form == Some("kairan");
    let narrowed = Narrowed::read(&app, &mut query).await?;
    let (month, today) = (month(&app, &mut query), app.today());
    let span = (month.first, month.last());
    let listed = calendar::in_days(&app.db, &app.city(), &narrowed.filter, span).await?;
    let key = month.key();
    let address = |form: &str, month: &str| narrowed.link(PRINT, &[("month", month), ("for", form)]);
    let turn = |other: Month| (address(form.unwrap_or("a4"), &other.key()), other.label());
    let other = if is_round { ("a4", "A4の一覧にする") } else { ("kairan", "回覧板の形にする") };
    let subscribe = format!("{}{}", app.config.base_url, narrowed.link(SUBSCRIBE, &[]));
    let text = |setter: &str| narrowed.link(paper::TEXT, &[("month", &key), ("for", setter)]);
    html(&PrintPage {
        page: Frame::new(&app, calendar::INDEX).ignoring(query.into_ignored()),
        is_round,
        label: month.label(),
        title: narrowed.title.clone(),
        issued: day::long(today),
        count: listed.len(),
        days: calendar::by_day(listed),
        qr: qr(&subscribe, "qr", "予定を受け取るページのQRコード"),
        address: super::typed_address(&format!("{}{}", app.config.base_url, narrowed.events_link(&[]))),
        previous: month.previous(today).map(turn),
        next: month.next(today).map(turn),
        other: (address(other.0, &key), other.1),
        events_url: narrowed.events_link(&[("month", &key)]),
        texts: [(text("koho"), "広報に載せる文"), (text("catv"), "有線テレビの文字放送")],
    })
}
