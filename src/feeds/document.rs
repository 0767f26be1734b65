//! Putting a feed together: entries of the calendar as events that phones understand.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::Selection;
use super::cache::Prepared;
use crate::app::App;
use crate::calendar::{self, Entry, Series, Status};
use crate::error::Error;
use crate::ics::{self, When, Zone};
use crate::revision::AsOf;

/// Days that stay in a feed after they have passed, so that clients do not erase people's history overnight.
const PAST_DAYS: u64 = 180;

/// The feed as it is now, or nothing when there is no such town, item, group ….
pub async fn prepare(app: &App, selection: &Selection, as_of: AsOf) -> Result<Option<Prepared>, Error> {
    let Some(title) = selection.title(app).await? else { return Ok(None) };
    let from = as_of.today.checked_sub_days(Days::new(PAST_DAYS)).unwrap_or(as_of.today);
    let file = file(app, selection, &title, from, as_of.today).await?;
    // The window moves at midnight, and what leaves it changes the file as well.
    let changed_at = as_of.revisions.changed_at.max(midnight(as_of.today, app.city().profile.zone));
    Ok(Some(Prepared::new(file, changed_at.min(app.clock.now()))?))
}

/// Every public entry, however old, as one file.
pub async fn whole(app: &App) -> Result<Vec<u8>, Error> {
    file(app, &Selection::All, "すべての予定", NaiveDate::default(), app.today()).await
}

/// One entry to take in once, or nothing when nobody may see it.
pub async fn single(app: &App, id: Uuid) -> Result<Option<Prepared>, Error> {
    let Some(entry) = calendar::find_public(&app.db, id).await? else { return Ok(None) };
    let items = calendar::item_codes(&app.db, &[id]).await?.remove(&id).unwrap_or_default();
    let zone = app.city().profile.zone;
    let event = event(app, &entry, &entry.exdates(), &[], &items);
    Ok(Some(Prepared::new(ics::single(&event, zone), entry.updated_at)?))
}

async fn file(
    app: &App,
    selection: &Selection,
    title: &str,
    from: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<u8>, Error> {
    let city = app.city();
    let city = &*city;
    let Some(filter) = selection.filter(app).await? else { return Err(Error::NotFound) };
    let all = calendar::feed_entries(&app.db, city, &filter, from, today).await?;
    let mut events = Vec::with_capacity(all.len());
    for series in &all {
        let categories = category_names(app, series);
        events.push(event(app, &series.entry, &series.exdates, &categories, &series.items));
        for change in &series.changes {
            events.push(event(app, change, &[], &categories, &series.items));
        }
    }
    let feed = ics::Feed {
        name: format!("{} {title}", city.profile.name),
        description: Some(format!("{}の市民協働の予定です。変更や中止は自動で届きます。", city.profile.name)),
        refresh_hours: 1,
        method: Some("PUBLISH".to_owned()),
        zone: city.profile.zone,
        url: Some(format!("{}{}", app.config.base_url, super::subscribe_path(&selection.name()))),
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
        description: Some(description(entry, items, &url)),
        location: Some(location(entry)).filter(|location| !location.is_empty()),
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

/// Everything a person needs on the spot, beginning with what changed and ending with the items and the page; clients seldom show URL.
fn description(entry: &Entry, items: &[String], url: &str) -> String {
    let labelled = [
        ("日時の備考", &entry.time_note),
        ("主催", &entry.organiser),
        ("対象", &entry.audience),
        ("料金", &entry.fee),
        ("定員", &entry.capacity),
        ("申込み", &entry.apply),
        ("問い合わせ", &entry.contact),
        ("ホームページ", &entry.url),
    ];
    let mut parts: Vec<String> = vec![entry.notice.clone(), entry.description.clone()];
    let lines =
        labelled.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label}: {text}"));
    parts.push(lines.collect::<Vec<_>>().join("\n"));
    let codes = (!items.is_empty()).then(|| format!("計画の項目: {}\n", items.join("、")));
    parts.push(format!("{}{url}", codes.unwrap_or_default()));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn location(entry: &Entry) -> String {
    [entry.place.as_str(), entry.address.as_str()].join(" ").trim().to_owned()
}

fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}
