//! Putting a feed together: entries of the calendar as events that phones understand, and the same entries in other formats.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::cache::Prepared;
use super::format::Format;
use super::{Selection, atom, described, items, json_feed};
use crate::app::App;
use crate::calendar::{self, Entry, Filter, Layout, Series, Status, Window};
use crate::error::Error;
use crate::ics::{self, When, Zone};
use crate::revision::AsOf;
use crate::table;

/// A feed in one of its formats.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// What it carries.
    pub selection: Selection,
    /// As what.
    pub format: Format,
    /// Whether a table goes without the byte order mark that Excel wants and some programs stumble over.
    pub bare: bool,
}

/// The feed as it is now, or nothing when there is no such town, item, group ….
pub async fn prepare(app: &App, asked: &Asked, as_of: AsOf) -> Result<Option<Prepared>, Error> {
    let Some(title) = asked.selection.title(app).await? else { return Ok(None) };
    let Some(filter) = asked.selection.filter(app).await? else { return Ok(None) };
    let window = Window::around(as_of.today, &app.city());
    let part = Part { selection: &asked.selection, title: &title, filter: &filter, window };
    let file = match asked.format {
        Format::Ics => file(app, &part).await?,
        Format::Atom => atom::file(&items::news(app, &part, as_of.today).await?),
        Format::Json => json_feed::file(&items::news(app, &part, as_of.today).await?),
        Format::Csv(layout) if asked.bare => without_mark(table(app, &part, layout).await?),
        Format::Csv(layout) => table(app, &part, layout).await?,
    };
    Ok(Some(Prepared::new(file, changed_at(app, as_of))?))
}

/// When a file may last have changed: the window moves at midnight, and what leaves it changes the file as well.
pub(super) fn changed_at(app: &App, as_of: AsOf) -> DateTime<Utc> {
    let changed_at = as_of.revisions.changed_at.max(midnight(as_of.today, app.city().profile.zone));
    changed_at.min(app.clock.now())
}

/// What of the calendar goes into a file, under which title.
pub(super) struct Part<'a> {
    pub selection: &'a Selection,
    pub title: &'a str,
    pub filter: &'a Filter,
    pub window: Window,
}

/// Every public entry, however old, as one file.
pub async fn whole(app: &App) -> Result<Vec<u8>, Error> {
    let window = Window::around(app.today(), &app.city());
    let window = Window { from: NaiveDate::default(), ..window.with_all_future() };
    let filter = Filter::default();
    file(app, &Part { selection: &Selection::All, title: "すべての予定", filter: &filter, window }).await
}

/// The table of a part of the calendar, in UTF-8 with a byte order mark.
pub(super) async fn table(app: &App, part: &Part<'_>, layout: Layout) -> Result<Vec<u8>, Error> {
    let (db, city, base_url) = (&app.db, app.city(), app.config.base_url.as_str());
    let open = calendar::open_table(db, (&city, base_url), (part.filter, part.window), layout).await?;
    let written = table::write(table::Format::CsvUtf8Bom, "イベント一覧", open.headings(), open.lines());
    Ok(written.map_err(|fault| Error::Template(fault.to_string()))?.bytes)
}

/// A file without its byte order mark.
pub(super) fn without_mark(mut file: Vec<u8>) -> Vec<u8> {
    if file.starts_with(b"\xEF\xBB\xBF") {
        file.drain(..3);
    }
    file
}

/// One entry to take in once, a series with everything that is different about one day, or nothing when nobody may see it.
pub async fn single(app: &App, id: Uuid) -> Result<Option<Prepared>, Error> {
    let Some(found) = calendar::find_public(&app.db, id).await? else { return Ok(None) };
    let series = match found.master_id {
        Some(_) => None,
        None => calendar::Family::find(&app.db, id).await?,
    };
    let changes = series.map(|family| family.changes).unwrap_or_default();
    let entries: Vec<&Entry> = std::iter::once(&found).chain(changes.iter().filter(|change| change.public)).collect();
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    let items = calendar::item_codes(&app.db, &ids).await?;
    let items = |entry: &Entry| items.get(&entry.id).map_or(&[][..], Vec::as_slice);
    let events: Vec<ics::Entry> =
        entries.iter().map(|entry| event(app, entry, &entry.exdates(), &[], items(entry))).collect();
    let changed_at = entries.iter().map(|entry| entry.updated_at).max().unwrap_or(found.updated_at);
    Ok(Some(Prepared::new(ics::single(&events, app.city().profile.zone), changed_at)?))
}

async fn file(app: &App, part: &Part<'_>) -> Result<Vec<u8>, Error> {
    let city = app.city();
    let city = &*city;
    let all = calendar::feed_entries(&app.db, city, part.filter, part.window).await?;
    let mut events = Vec::with_capacity(all.len());
    for series in &all {
        let categories = category_names(app, series);
        events.push(event(app, &series.entry, &series.exdates, &categories, &series.items));
        for change in &series.changes {
            events.push(event(app, change, &[], &categories, &series.items));
        }
    }
    let feed = ics::Feed {
        name: format!("{} {}", city.profile.name, part.title),
        description: Some(format!("{}の市民協働の予定です。変更や中止は自動で届きます。", city.profile.name)),
        refresh_hours: 1,
        method: Some("PUBLISH".to_owned()),
        zone: city.profile.zone,
        url: Some(format!("{}{}", app.config.base_url, super::subscribe_path(&part.selection.name()))),
    };
    Ok(ics::feed(&feed, &events))
}

fn category_names(app: &App, series: &Series) -> Vec<String> {
    let city = app.city();
    let names = series.categories.iter().filter_map(|key| city.category(key));
    names.map(|category| category.name.clone()).collect()
}

fn event(app: &App, entry: &Entry, exdates: &[String], categories: &[String], items: &[String]) -> ics::Entry {
    let zone: Tz = entry.zone.parse().unwrap_or(app.city().profile.zone);
    let when = |text: &String| calendar::when(text, zone);
    let url = format!("{}{}", app.config.base_url, calendar::path(entry.id));
    let (start, end) = span(entry, zone);
    ics::Entry {
        uid: entry.uid.clone(),
        recurrence_id: when(&entry.recurrence_id),
        and_future: entry.and_future,
        sequence: entry.sequence.into(),
        stamp: entry.updated_at,
        created: Some(entry.created_at),
        status: Some(match entry.status() {
            Status::Confirmed => ics::Status::Confirmed,
            Status::Tentative => ics::Status::Tentative,
            Status::Cancelled => ics::Status::Cancelled,
        }),
        summary: entry.title.clone(),
        description: Some(described::description(entry, items, &url)),
        location: Some(described::location(entry)).filter(|location| !location.is_empty()),
        geo: entry.lat.zip(entry.lon),
        url: Some(url),
        categories: categories.to_vec(),
        start,
        end,
        rules: entry.rrule.lines().map(str::to_owned).collect(),
        rdates: entry.rdates().iter().filter_map(|text| calendar::when(text.split('/').next()?, zone)).collect(),
        exdates: exdates.iter().filter_map(when).collect(),
        // What is on makes nobody busy who only looks.
        transparent: true,
    }
}

fn span(entry: &Entry, zone: Tz) -> (When, Option<When>) {
    let at = |moment: DateTime<Utc>| Zone::Iana(zone).at(moment.with_timezone(&zone).naive_local());
    match entry.starts_at {
        Some(starts) if !entry.all_day => (at(starts), entry.ends_at.map(at)),
        _ => (When::Date(entry.starts_on), entry.ends_on.succ_opt().map(When::Date)),
    }
}

fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}
