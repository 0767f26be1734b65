//! The page that helps people to subscribe from a phone, without knowing what a feed is.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Selection;
use crate::app::App;
use crate::calendar::{self, Kind};
use crate::error::Error;
use crate::plan;
use crate::text::day;
use crate::web::{Frame, Query, html, qr};

/// Entries shown as a taste of what the feed carries.
const TASTE: u64 = 3;

/// A group of choices under one heading.
struct Shelf {
    label: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    name: String,
    label: String,
}

/// One of the next entries of the chosen feed.
struct Coming {
    when: String,
    title: String,
    path: String,
}

#[derive(Template)]
#[template(path = "feeds/subscribe.html")]
struct SubscribePage {
    page: Frame,
    shelves: Vec<Shelf>,
    chosen: String,
    title: String,
    coming: Vec<Coming>,
    url: String,
    webcal: String,
    google: String,
    qr: String,
}

/// `GET /subscribe?feed=town/izuhara`: one feed and every way to subscribe to it.
pub async fn subscribe(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let selection = chosen(&mut query);
    let (selection, title) = match selection.title(&app).await? {
        Some(title) => (selection, title),
        None => {
            query.ignore("選ばれた配信がありません。すべての予定を示しています。".to_owned());
            (Selection::All, "すべての予定".to_owned())
        }
    };
    let mut shelves = shelves(&app).await?;
    let name = selection.name();
    if !shelves.iter().flat_map(|shelf| &shelf.choices).any(|choice| choice.name == name) {
        let label = title.clone();
        shelves.push(Shelf { label: "団体", choices: vec![Choice { name: name.clone(), label }] });
    }
    let url = format!("{}{}", app.config.base_url, selection.ics_path());
    let webcal = webcal(&url);
    html(&SubscribePage {
        page: Frame::new(&app, super::SUBSCRIBE).ignoring(query.into_ignored()),
        shelves,
        chosen: name,
        coming: coming(&app, &selection).await?,
        title,
        google: google(&webcal),
        qr: qr(&url, "qr", "購読のアドレスのQRコード"),
        url,
        webcal,
    })
}

/// The feed named in the address, by its name or by what a page was about.
fn chosen(query: &mut Query) -> Selection {
    if let Some(selection) = query.choice("feed", "配信", Selection::parse) {
        return selection;
    }
    let one = |query: &mut Query, name: &str, label: &str| {
        query.choice(name, label, |typed| Selection::parse(&format!("{name}/{typed}")))
    };
    let names = [
        ("item", "項目"),
        ("policy", "施策"),
        ("group", "団体"),
        ("town", "町"),
        ("category", "分類"),
        ("kind", "種類"),
    ];
    names.into_iter().find_map(|(name, label)| one(query, name, label)).unwrap_or(Selection::All)
}

async fn shelves(app: &App) -> Result<Vec<Shelf>, Error> {
    let city = app.city();
    let city = &*city;
    let choice = |selection: Selection, label: String| Choice { name: selection.name(), label };
    let towns = city.towns.iter().map(|town| choice(Selection::Town(town.key.clone()), town.name.clone()));
    let kinds = Kind::ALL.into_iter().map(|kind| choice(Selection::Kind(kind), kind.label().to_owned()));
    let categories =
        city.categories.iter().map(|term| choice(Selection::Category(term.key.clone()), term.name.clone()));
    let mut shelves = vec![
        Shelf { label: "全体", choices: vec![choice(Selection::All, "すべての予定".to_owned())] },
        Shelf { label: "町", choices: towns.collect() },
        Shelf { label: "種類", choices: kinds.collect() },
        Shelf { label: "分類", choices: categories.collect() },
    ];
    if let Some(plan) = plan::current(app).await? {
        let policies = plan.policies.iter();
        let policies = policies.map(|p| choice(Selection::Policy(p.number), format!("施策{} {}", p.number, p.title)));
        shelves.push(Shelf { label: "計画の施策", choices: policies.collect() });
        let items = plan.items.iter();
        let items = items.map(|i| choice(Selection::Item(i.code.clone()), format!("{} {}", i.code, i.title)));
        shelves.push(Shelf { label: "計画の項目", choices: items.collect() });
    }
    Ok(shelves)
}

async fn coming(app: &App, selection: &Selection) -> Result<Vec<Coming>, Error> {
    let Some(filter) = selection.filter(app).await? else { return Ok(Vec::new()) };
    let upcoming = calendar::upcoming(&app.db, &app.city(), &filter, app.today(), TASTE).await?;
    let coming = upcoming.into_iter().map(|entry| Coming {
        when: day::short(entry.day),
        path: calendar::path(entry.id),
        title: entry.title,
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
    crate::web::query::link("https://calendar.google.com/calendar/r", &[("cid", webcal)])
}
