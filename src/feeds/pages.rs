//! The page that helps people to subscribe from a phone, without knowing what a feed is.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::builder::{self, Builder};
use super::shelves::{self, Shelf};
use super::{Selection, combination, paper, subscribe_path};
use crate::accounts::limit::{self, FEEDS_COMBINED, FEEDS_COMBINED_FROM_NETWORK};
use crate::app::App;
use crate::calendar::{self, Filter};
use crate::city::settings::{FEED_CANCELLED_DAYS, FEED_FUTURE_DAYS, FEED_PAST_DAYS};
use crate::db;
use crate::error::Error;
use crate::text::day;
use crate::web::query::link;
use crate::web::{Form, Frame, Network, Query, html, qr, see, unfit};

/// Entries shown as a taste of what the feed carries.
const TASTE: u64 = 3;

/// One of the next entries of the chosen feed.
struct Coming {
    when: String,
    title: String,
    path: String,
}

/// A feed and every way to it.
struct Ways {
    url: String,
    webcal: String,
    google: String,
    qr: String,
    /// Its other files: address, words, what they are for.
    files: [(String, &'static str, &'static str); 3],
    /// What other sites copy: words and the text.
    frames: [(&'static str, String); 2],
    poster_url: String,
    print_url: String,
    round_url: String,
}

#[derive(Template)]
#[template(path = "feeds/subscribe.html")]
struct SubscribePage {
    page: Frame,
    shelves: Vec<Shelf>,
    chosen: String,
    title: String,
    coming: Vec<Coming>,
    builder: Builder,
    /// Whether a combination is chosen that nobody has made yet.
    is_new: bool,
    ways: Ways,
    /// Days back, ahead, and of cancelled entries.
    days: [i32; 3],
}

impl SubscribePage {
    /// Whether the form of combinations stands open.
    fn is_open(&self) -> bool {
        self.is_new || self.chosen.starts_with("c/") || !self.builder.form.is_fine()
    }
}

/// `GET /subscribe?feed=town/izuhara`: one feed and every way to subscribe to it; with the parameters of the calendar instead,
/// the feed that carries the same, or the filled form in which it is made.
pub async fn subscribe(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let named = query.choice("feed", "配信", |typed| Some(Selection::parse(typed)));
    let (selection, pending) = match named {
        Some(selection) => (selection, None),
        None => {
            let filter = Filter { from: None, to: None, ..Filter::read(&mut query, &app.city()) };
            let selection = Selection::of(&filter);
            (Some(selection.clone().unwrap_or(Selection::All)), selection.is_none().then_some(filter))
        }
    };
    let title = match &selection {
        Some(selection) => selection.title(&app).await?,
        None => None,
    };
    let is_there = title.is_some();
    // A combination that nobody has made yet may be made at any moment, so a page that misses it is not kept.
    let is_missed = !is_there && matches!(selection, Some(Selection::Combined(_)));
    if !is_there {
        query.ignore("選ばれた配信がありません。すべての予定を示しています。".to_owned());
    }
    let selection = selection.filter(|_| is_there).unwrap_or(Selection::All);
    let filter = match pending.clone() {
        Some(filter) => filter,
        None => selection.filter(&app).await?.unwrap_or_default(),
    };
    let builder = Builder::filled(&app, &filter).await?;
    let page = SubscribePage { is_new: pending.is_some(), ..page(&app, &selection, builder).await? };
    let page = SubscribePage { page: page.page.clone().ignoring(query.into_ignored()), ..page };
    let shown = html(&page)?;
    Ok(if is_missed { (StatusCode::NOT_FOUND, shown).into_response() } else { shown })
}

/// `POST /subscribe`: makes the feed of a combination, or finds it, and leads to it.
pub async fn combine(State(app): State<App>, network: Network, mut form: Form) -> Result<Response, Error> {
    let filter = builder::filter(&app, &mut form).await?;
    if !form.is_fine() {
        let builder = Builder::sent(&app, form).await?;
        return unfit(&page(&app, &Selection::All, builder).await?);
    }
    if let Some(selection) = Selection::of(&filter) {
        return Ok(see(&subscribe_path(&selection.name())));
    }
    let (city, now) = (app.city(), app.clock.now());
    if let Some(short) = combination::known(&app.db, &city, &filter).await? {
        return Ok(see(&subscribe_path(&format!("c/{short}"))));
    }
    if !limit::count(&app.db, FEEDS_COMBINED_FROM_NETWORK, &network.0, now).await?
        || !limit::count(&app.db, FEEDS_COMBINED, "", now).await?
    {
        return Err(Error::TooMany);
    }
    let transaction = db::begin(&app.db).await?;
    let short = combination::put(&transaction, &city, &filter, now).await?;
    transaction.commit().await?;
    Ok(see(&subscribe_path(&format!("c/{short}"))))
}

async fn page(app: &App, selection: &Selection, builder: Builder) -> Result<SubscribePage, Error> {
    let title = selection.title(app).await?.unwrap_or_default();
    let settings = &app.city().settings;
    Ok(SubscribePage {
        page: Frame::new(app, super::SUBSCRIBE),
        shelves: shelves::with(app, selection, &title).await?,
        chosen: selection.name(),
        coming: coming(app, selection).await?,
        builder,
        is_new: false,
        ways: ways(app, selection, &title),
        days: [FEED_PAST_DAYS, FEED_FUTURE_DAYS, FEED_CANCELLED_DAYS].map(|rule| settings.number(rule)),
        title,
    })
}

fn ways(app: &App, selection: &Selection, title: &str) -> Ways {
    let base_url = app.config.base_url.as_str();
    let file = |ending: &str| format!("{base_url}{}", selection.path(ending));
    let url = file("ics");
    let webcal = webcal(&url);
    let name = selection.name();
    let named = |path: &str| link(path, &[("feed", &name)]);
    let framed = |path: &str, height: u32| {
        format!(
            "<iframe src=\"{base_url}{}\" title=\"{} {}\" width=\"100%\" height=\"{height}\" style=\"border:0\" loading=\"lazy\"></iframe>",
            named(path),
            attribute(&app.city().profile.name),
            attribute(title)
        )
    };
    Ways {
        google: google(&webcal),
        qr: qr(&format!("{base_url}{}", subscribe_path(&name)), "qr", "このページのQRコード"),
        webcal,
        files: [
            (file("atom"), "Atom", "ニュースリーダー(新着を読むアプリ)用です。"),
            (file("json"), "JSON Feed", "プログラムから使うためのものです。"),
            (file("csv"), "CSV", "表計算ソフト用です。開催ごとに1行の、オープンデータの列です。"),
        ],
        frames: [
            ("これからの予定の一覧", framed(super::embed_pages::LIST, 480)),
            ("月の表", framed(super::embed_pages::MONTH, 640)),
        ],
        poster_url: named(paper::POSTER),
        print_url: named(paper::PRINT),
        round_url: link(paper::PRINT, &[("feed", &name), ("for", "kairan")]),
        url,
    }
}

/// Text inside an attribute of HTML that somebody copies.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

async fn coming(app: &App, selection: &Selection) -> Result<Vec<Coming>, Error> {
    let Some(filter) = selection.filter(app).await? else { return Ok(Vec::new()) };
    let upcoming = calendar::upcoming(&app.db, &app.city(), &filter, app.today(), TASTE).await?;
    let coming = upcoming.into_iter().map(|entry| Coming {
        when: day::short(entry.day),
        path: calendar::path(entry.id),
        title: if entry.is_cancelled() { format!("【中止】{}", entry.title) } else { entry.title },
    });
    Ok(coming.collect())
}

/// The same address with the scheme that opens calendar programs.
fn webcal(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    format!("webcal://{rest}")
}

/// Google's page for adding a calendar; it accepts the address only as webcal.
fn google(webcal: &str) -> String {
    link("https://calendar.google.com/calendar/r", &[("cid", webcal)])
}
