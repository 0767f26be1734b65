//! The desk of all sources, the whole in one screen: what needs somebody stands first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::health::Health;
use super::source::{self, Source};
use super::{STAFF, source_path};
use crate::app::App;
use crate::city::settings::sources::EVERY_MINUTES;
use crate::error::Error;
use crate::text::fold::fold;
use crate::web::query::link;
use crate::web::{Frame, Query, Staff, html};

/// A source as the desk lists it.
struct Line {
    source: Source,
    health: Health,
    good: String,
    /// What to know about it, in a few words.
    remark: String,
    /// Coming occurrences of the next months.
    months: Vec<i64>,
}

impl Line {
    fn path(&self) -> String {
        source_path(self.source.id)
    }
}

#[derive(Template)]
#[template(path = "aggregation/desk.html")]
struct DeskPage {
    page: Frame,
    lines: Vec<Line>,
    /// Those that are well, while nothing was asked for: a line each is enough.
    calm: Vec<Line>,
    counts: Vec<(Health, usize, String)>,
    chosen: Option<Health>,
    words: String,
    months: Vec<String>,
    total: usize,
    /// Those that are over, or were refused.
    past: Vec<Source>,
}

impl DeskPage {
    fn path(&self, source: &Source) -> String {
        source_path(source.id)
    }
}

/// `GET /staff/sources?health=&q=`.
pub async fn index(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let minutes = city.settings.number(EVERY_MINUTES);
    let chosen = query.choice("health", "状態", |key| Health::ALL.into_iter().find(|health| health.key() == key));
    let words = query.text("q", "ことば");
    let months = next_months(app.today());
    let all = source::all(&app.db).await?;
    let (mut past, current): (Vec<Source>, Vec<Source>) =
        all.into_iter().partition(|source| matches!(source.state(), super::State::Ended | super::State::Refused));
    let total = current.len();
    let mut lines: Vec<Line> = current
        .into_iter()
        .map(|source| Line {
            health: Health::of(&source, minutes, now),
            good: source.good_at.map(|at| ago(at, now)).unwrap_or_default(),
            remark: remark(&source),
            months: months.iter().map(|month| count(&source, month)).collect(),
            source,
        })
        .collect();
    let number = |health: Health| lines.iter().filter(|line| line.health == health).count();
    let counts: Vec<(Health, usize, String)> = Health::ALL
        .into_iter()
        .map(|health| (health, number(health), link(STAFF, &[("health", health.key())])))
        .collect();
    let key = fold(&words);
    lines.retain(|line| chosen.is_none_or(|health| line.health == health));
    let is_met = |source: &Source| fold(&format!("{} {}", source.name, source.owner())).contains(&key);
    lines.retain(|line| is_met(&line.source));
    past.retain(|source| chosen.is_none() && is_met(source));
    lines.sort_by(|one, other| (one.health, &one.source.name).cmp(&(other.health, &other.source.name)));
    let is_whole = chosen.is_none() && key.is_empty();
    let (calm, lines) = lines.into_iter().partition(|line| is_whole && line.health == Health::Good);
    html(&DeskPage {
        page: Frame::own(&app, STAFF, &member).ignoring(query.into_ignored()),
        months: months
            .iter()
            .map(|month| format!("{}月", month.trim_start_matches(|c| c != '-').trim_start_matches(['-', '0'])))
            .collect(),
        past,
        calm,
        lines,
        counts,
        chosen,
        words,
        total,
    })
}

/// This month and the two after it, as `2026-12`.
fn next_months(today: chrono::NaiveDate) -> Vec<String> {
    let month = |ahead: u32| today.checked_add_months(chrono::Months::new(ahead)).unwrap_or(today);
    (0..3).map(|ahead| month(ahead).format("%Y-%m").to_string()).collect()
}

fn count(source: &Source, month: &str) -> i64 {
    source.months().iter().find(|(key, _)| key == month).map_or(0, |(_, count)| *count)
}

/// How long ago something was, shortly.
fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..1 => "たったいま".to_owned(),
        1..60 => format!("{minutes}分前"),
        60..2880 => format!("{}時間前", minutes / 60),
        _ => format!("{}日前", minutes / 1440),
    }
}

fn remark(source: &Source) -> String {
    let waits = match source.state() {
        super::State::Asked => "承認を待っています。".to_owned(),
        super::State::Paused => source.note.clone(),
        _ if source.held_at.is_some() => source.held.clone(),
        _ => String::new(),
    };
    [waits, source.fault.clone()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
