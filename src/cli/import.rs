//! `kyodo import`: one file in one transaction, with a report of every row.

use std::path::Path;

use anyhow::Context;
use sea_orm::DatabaseTransaction;

use super::{Import, Noun};
use crate::city::{self, City};
use crate::clock::Clock;
use crate::config::Config;
use crate::table::{Outcome, Report};
use crate::{calendar, db, groups, plan};

/// Largest file taken in, in bytes.
const LARGEST: u64 = 200 * 1024 * 1024;

pub(super) async fn run(config: &Config, clock: Clock, import: &Import) -> anyhow::Result<bool> {
    let bytes = read(&import.file)?;
    let name = import.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let database = db::connect(&config.database_url, false).await?;
    db::require_current(&database).await?;
    let city = City::load(&database).await?;
    let transaction = db::begin(&database).await?;
    let mut report = take(&transaction, &city, import.what, &name, &bytes, config, clock).await?;
    report.dry_run = import.dry_run;
    if import.dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    if import.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(report.rows.iter().all(|row| row.outcome != Outcome::Refused))
}

/// Reads a file of a sensible size, saying in Japanese why not.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let told = || format!("{} を読めません。場所と名前を確かめてください", file.display());
    let size = std::fs::metadata(file).with_context(told)?.len();
    anyhow::ensure!(size <= LARGEST, "{} は大きすぎます（200MBまで）。分けて取り込んでください。", file.display());
    std::fs::read(file).with_context(told)
}

async fn take(
    transaction: &DatabaseTransaction,
    city: &City,
    what: Noun,
    name: &str,
    bytes: &[u8],
    config: &Config,
    clock: Clock,
) -> anyhow::Result<Report> {
    let now = clock.now();
    Ok(match what {
        Noun::Groups => groups::import(transaction, city, name, bytes, now).await?,
        Noun::Events => {
            let today = clock.today(city.profile.zone);
            calendar::import(transaction, city, name, bytes, now, today, &config.host()).await?
        }
        Noun::Facilities => city::import_facilities(transaction, city, name, bytes, now).await?,
        Noun::Plan => {
            let text = std::str::from_utf8(bytes).context("計画のファイルはUTF-8のJSONにしてください")?;
            plan::import(transaction, name, text, now).await?
        }
    })
}
