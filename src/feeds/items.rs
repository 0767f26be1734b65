//! The entries of a feed as news: one piece for each entry of the calendar, the latest change first.
//!
//! A series is one piece, with its next time in the title; a changed or cancelled occurrence has a page of its own and is a
//! piece of its own. Nothing is cut by count: what is in the window is there.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};

use super::document::Part;
use super::{described, subscribe_path};
use crate::app::App;
use crate::calendar::{self, Entry, Series, Stretch};
use crate::error::Error;
use crate::text::day;

/// A feed of news, whatever it will be written as.
pub(super) struct News {
    /// Address of the feed, without its ending; the same for ever.
    pub address: String,
    /// Address of the page about it.
    pub page: String,
    pub title: String,
    pub description: String,
    /// Who publishes it.
    pub author: String,
    /// Address of the site.
    pub site: String,
    pub icon: String,
    pub pieces: Vec<Piece>,
}

/// One entry as a piece of news.
pub(super) struct Piece {
    pub id: String,
    pub url: String,
    /// With 【中止】 where it is, and with its next time.
    pub title: String,
    /// When and where, in one sentence.
    pub summary: String,
    /// What changed, in words.
    pub notices: Vec<String>,
    pub body: String,
    pub facts: Vec<(&'static str, String)>,
    pub codes: Vec<String>,
    pub organiser: String,
    /// Key and name.
    pub categories: Vec<(String, String)>,
    pub published: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    /// What a program wants to know, in words of RFC 5545.
    pub event: serde_json::Value,
}

/// A moment as both formats write it (RFC 3339).
pub(super) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What a part of the calendar has, as news of this day.
pub(super) async fn news(app: &App, part: &Part<'_>, today: NaiveDate) -> Result<News, Error> {
    let city = app.city();
    let all = calendar::feed_entries(&app.db, &city, part.filter, part.window).await?;
    let pairs: Vec<(&Series, &Entry)> = all.iter().flat_map(each).collect();
    let entries: Vec<&Entry> = pairs.iter().map(|(_, entry)| *entry).collect();
    let times = calendar::next_times(&app.db, &city, &entries, today).await?;
    let mut pieces: Vec<Piece> =
        pairs.iter().map(|(series, entry)| piece(app, series, entry, times.get(&entry.id), today)).collect();
    pieces.sort_by(|one, other| (other.updated, &one.id).cmp(&(one.updated, &other.id)));
    let base_url = app.config.base_url.as_str();
    let profile = &city.profile;
    Ok(News {
        address: format!("{base_url}/feeds/{}", part.selection.name()),
        page: format!("{base_url}{}", subscribe_path(&part.selection.name())),
        title: format!("{} {}", profile.name, part.title),
        description: format!("{}の市民協働の予定です。新しい予定、変更、中止をお知らせします。", profile.name),
        author: format!("{} {}", profile.name, profile.office.section),
        site: format!("{base_url}/"),
        icon: format!("{base_url}{}", crate::web::assets::url("mark.svg")),
        pieces,
    })
}

/// An entry and its changed occurrences, each with the series whose links they share.
fn each(series: &Series) -> impl Iterator<Item = (&Series, &Entry)> {
    std::iter::once(&series.entry).chain(&series.changes).map(move |entry| (series, entry))
}

fn piece(app: &App, series: &Series, entry: &Entry, next: Option<&Stretch>, today: NaiveDate) -> Piece {
    let city = app.city();
    let url = format!("{}{}", app.config.base_url, calendar::path(entry.id));
    let repeat = calendar::repeat_words(entry, city.profile.zone);
    let when = next.map_or_else(|| "これからの回はありません".to_owned(), Stretch::words);
    let place = described::location(entry);
    let summary = [when.as_str(), &repeat, &place].into_iter().filter(|part| !part.is_empty());
    let named = series.categories.iter().filter_map(|key| city.category(key));
    let before = calendar::previous_words(entry, &city);
    let moved =
        if before.is_empty() { before } else { format!("日時が変わりました。もとの日時: {before}") };
    let notices = [entry.notice.clone(), moved].into_iter().filter(|text| !text.is_empty()).collect();
    Piece {
        id: format!("urn:uuid:{}", entry.id),
        title: headline(entry, next, today),
        summary: summary.collect::<Vec<_>>().join("　"),
        notices,
        body: entry.description.clone(),
        facts: described::facts(entry).into_iter().map(|(label, text)| (label, text.to_owned())).collect(),
        codes: series.items.clone(),
        organiser: entry.organiser.clone(),
        categories: named.map(|term| (term.key.clone(), term.name.clone())).collect(),
        published: entry.created_at,
        updated: entry.updated_at,
        event: event(app, series, entry, next),
        url,
    }
}

/// The title with the day on which it is on next.
fn headline(entry: &Entry, next: Option<&Stretch>, today: NaiveDate) -> String {
    let title = described::title(entry);
    let Some(next) = next else { return title };
    let day = match next.first_day.year() == today.year() {
        true => day::short(next.first_day),
        false => day::long(next.first_day),
    };
    let clock = next.begins.strip_prefix('0').unwrap_or(&next.begins);
    format!("{title}（{day}{}{clock}）", if clock.is_empty() { "" } else { " " })
}

fn event(app: &App, series: &Series, entry: &Entry, next: Option<&Stretch>) -> serde_json::Value {
    let city = app.city();
    let moment = |at: Option<DateTime<Utc>>| at.map(|at| at.with_timezone(&city.profile.zone).to_rfc3339());
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (start, end) = match entry.all_day {
        true => (Some(entry.starts_on.to_string()), Some(entry.ends_on.to_string())),
        false => (moment(entry.starts_at), moment(entry.ends_at)),
    };
    serde_json::json!({
        "about": format!("{}/opendata", app.config.base_url),
        "uid": entry.uid,
        "sequence": entry.sequence,
        "recurrence_id": text(&entry.recurrence_id),
        "status": entry.status().key(),
        "kind": entry.kind().key(),
        "all_day": entry.all_day,
        "start": start,
        "end": end,
        "previous_start": text(&entry.previous_start),
        "rrule": text(&entry.rrule),
        "next": next.map(|next| serde_json::json!({
            "first_day": next.first_day,
            "last_day": next.last_day,
            "begins": text(&next.begins),
            "ends": text(&next.ends),
        })),
        "place": text(&entry.place),
        "address": text(&entry.address),
        "town": text(&entry.town_key),
        "latitude": entry.lat,
        "longitude": entry.lon,
        "categories": series.categories,
        "items": series.items,
    })
}
