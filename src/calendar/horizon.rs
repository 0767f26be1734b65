//! Carrying series further as days go by.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Value};

use super::entry::{self, Entry};
use super::{rows, series, spread};
use crate::db;
use crate::revision::{self, Scope};

/// Days a series may fall short of the horizon before it is carried on.
const SLACK: u64 = 7;

/// Writes the occurrences that came into reach since the last time, and returns for how many series.
///
/// Doing it twice, or on two machines at once, does no harm.
pub async fn extend(
    database: &DatabaseConnection,
    zone: Tz,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let horizon = series::horizon(today);
    let enough = horizon.checked_sub_days(Days::new(SLACK)).unwrap_or(horizon);
    let condition = "WHERE expanded_to < ? ORDER BY expanded_to";
    if entry::select(database, &format!("{condition} LIMIT 1"), vec![enough.into()]).await?.is_empty() {
        return Ok(0);
    }
    let transaction = db::begin(database).await?;
    let masters = entry::select(&transaction, condition, vec![enough.into()]).await?;
    let Some(from) = masters.iter().filter_map(|entry| entry.expanded_to).min() else { return Ok(0) };
    let changes = "WHERE master_id IN (SELECT id FROM calendar_entries WHERE expanded_to < ?)";
    let changes = entry::select(&transaction, changes, vec![enough.into()]).await?;
    let all: Vec<&Entry> = masters.iter().chain(&changes).collect();
    let window = series::midnight(from)..series::window(today).end;
    let (rows, _) = series::occurrences(&all, window, zone);
    spread::put(&transaction, rows).await?;
    reach(&transaction, horizon, masters.iter().map(|entry| entry.id.into())).await?;
    revision::bump(&transaction, Scope::Calendar, now).await?;
    transaction.commit().await?;
    Ok(masters.len())
}

async fn reach(
    db: &impl ConnectionTrait,
    horizon: NaiveDate,
    masters: impl Iterator<Item = Value>,
) -> Result<(), DbErr> {
    // The day is written by us and holds nothing but digits and dashes.
    rows::each_of(db, &format!("UPDATE calendar_entries SET expanded_to = '{horizon}' WHERE id IN"), masters).await
}
