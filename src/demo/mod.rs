//! The demo: a visibly fictional year of groups and entries, built from `seeds/demo` through the imports of the real thing.

pub mod accounts;
mod agenda;
mod digests;
mod events;
mod mail;
mod meetings;
mod minutes;
mod outreach;
mod people;
mod registration;
mod rounds;
mod sources;
mod updates;

use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Weekday};
use sea_orm::DatabaseConnection;

use crate::calendar::{self, Desk, Draft, Kind, Span, Status};
use crate::city::{City, Facility, facility};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Schema};
use crate::fetching::Guard;
use crate::seed::{self, Row};
use crate::text::wareki;
use crate::{aggregation, groups, plan};

/// Opens the demo's database; one that is missing or of another version is made anew.
pub async fn open(config: &Config, clock: Clock) -> anyhow::Result<DatabaseConnection> {
    let file = config.data_dir.join("demo.sqlite");
    if file.exists() {
        let database = db::connect(&config.database_url, false).await?;
        if db::schema(&database).await? == Schema::Current {
            return Ok(database);
        }
        database.close().await?;
    }
    println!("見本データを用意しています。");
    build(&file, config, clock).await?;
    Ok(db::connect(&config.database_url, false).await?)
}

/// Builds beside the final name, so that a half-built demo is never opened.
async fn build(file: &Path, config: &Config, clock: Clock) -> anyhow::Result<()> {
    let partial = file.with_extension("partial");
    remove(&partial)?;
    let database = db::connect(&format!("sqlite://{}", partial.display()), true).await?;
    db::migrate_up(&database).await?;
    seed::reference(&database, clock.now()).await?;
    fill(&database, config, clock).await?;
    updates::show_photo(&database, config, clock.now()).await?;
    database.close().await?;
    remove(file)?;
    std::fs::rename(&partial, file)?;
    Ok(())
}

fn remove(file: &Path) -> anyhow::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Fills a database that has its reference data with the fictional year around today.
pub async fn fill(database: &DatabaseConnection, config: &Config, clock: Clock) -> anyhow::Result<()> {
    let host = &config.host();
    let city = City::load(database).await?;
    let (now, today) = (clock.now(), clock.today(city.profile.zone));
    let transaction = db::begin(database).await?;
    let bytes = include_bytes!("../../seeds/demo/groups.csv");
    groups::import(&transaction, &city, "groups.csv", bytes, now).await?;
    let facilities = facility::all(&transaction).await?;
    let items = plan::by_codes(&transaction).await?;
    let desk = Desk { city: &city, host, now, today };
    let mut drafts = Vec::new();
    for row in seed::rows(include_str!("../../seeds/demo/entries.csv")) {
        let row = row?;
        let mut draft = draft(&row, &city, &facilities, today).with_context(|| row.get("key").to_owned())?;
        draft.group_id = groups::find_by_name(&transaction, row.get("organiser")).await?;
        let key = city.profile.plan_key();
        let codes = row.get("items").split(';').map(|code| (key.clone(), code.to_owned()));
        draft.items = codes.filter_map(|code| items.get(&code).copied()).collect();
        drafts.push(draft);
    }
    calendar::store_all(&transaction, &desk, &drafts, false).await?;
    accounts::fill(&transaction, now).await?;
    mail::fill(&transaction, &city, host, now).await?;
    people::fill(&transaction, &desk).await?;
    events::fill(&transaction, &desk).await?;
    let guard = Guard::new(config);
    let reader = aggregation::Desk {
        guard: &guard,
        city: &city,
        host,
        base_url: &config.base_url,
        clock: Clock::Fixed(now),
        now,
        today,
    };
    sources::fill(&transaction, &reader).await?;
    let round = groups::renewal::Desk { city: &city, base_url: &config.base_url, host, now, today };
    rounds::fill(&transaction, &round).await?;
    let desk = crate::meetings::Desk { city: &city, base_url: &config.base_url, host, now, today };
    meetings::fill(&transaction, &desk).await?;
    outreach::fill(&transaction, &desk).await?;
    updates::fill(&transaction, &city, now).await?;
    registration::fill(&transaction, &city, now).await?;
    digests::fill(&transaction, &city, now).await?;
    transaction.commit().await?;
    Ok(())
}

fn draft(row: &Row, city: &City, facilities: &[Facility], today: NaiveDate) -> anyhow::Result<Draft> {
    let first = first_day(row, wareki::fiscal_year(today))?;
    let zone = city.profile.zone;
    let span = if row.get("start").is_empty() {
        let more: u64 = row.get("days").parse::<u64>().unwrap_or(1).saturating_sub(1);
        Span::Days { first, last: first + Days::new(more) }
    } else {
        let at = |heading: &str| -> anyhow::Result<_> {
            let time = NaiveTime::parse_from_str(row.get(heading), "%H:%M")?;
            let local = zone.from_local_datetime(&first.and_time(time)).earliest();
            Ok(local.context("no such local time")?.to_utc())
        };
        Span::Times { starts: at("start")?, ends: Some(at("end")?).filter(|_| !row.get("end").is_empty()) }
    };
    let mut draft = Draft::new(calendar::OWN, row.get("key"), row.get("title"), span, zone);
    let text = |heading: &str| row.get(heading).to_owned();
    let hall = facilities.iter().find(|facility| facility.key == row.get("facility"));
    draft.kana = text("kana");
    draft.kind = Kind::from_key(row.get("kind")).context("kind")?;
    draft.status = Status::from_key(row.get("status"));
    draft.description = text("description");
    draft.rrule = text("rrule");
    draft.facility_id = hall.map(|hall| hall.id);
    draft.place = match hall {
        Some(hall) => format!("{} {}", hall.name, row.get("place")).trim_end().to_owned(),
        None => text("place"),
    };
    draft.address = hall.map(|hall| hall.address.clone()).unwrap_or_default();
    (draft.lat, draft.lon) = hall.map_or((None, None), |hall| (hall.lat, hall.lon));
    draft.town_key = text("town");
    draft.organiser = text("organiser");
    draft.fee = text("fee");
    draft.capacity = text("capacity");
    draft.contact = text("contact");
    draft.url = text("url");
    draft.categories = vec![text("category")];
    Ok(draft)
}

/// The first day of a demo entry in a fiscal year: a date, or the n-th weekday of a month.
fn first_day(row: &Row, fiscal_year: i32) -> anyhow::Result<NaiveDate> {
    let month: u32 = row.get("month").parse().context("month")?;
    let year = if month < 4 { fiscal_year + 1 } else { fiscal_year };
    if let Ok(day) = row.get("day").parse() {
        return NaiveDate::from_ymd_opt(year, month, day).context("day");
    }
    let weekday = Weekday::try_from(row.get("weekday").parse::<u8>().context("weekday")?)?;
    let nth: i8 = row.get("nth").parse().context("nth")?;
    if let Ok(nth) = u8::try_from(nth) {
        return NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth).context("nth");
    }
    let latest = (22..=31).rev().filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
    latest.into_iter().find(|day| day.weekday() == weekday).context("last weekday")
}
