//! What a reading leaves behind in the row of its source, and the line in the history of its turns.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::report::Report;
use super::source::Source;
use super::taking::Taken;
use crate::chance;
use crate::city::City;
use crate::city::settings::sources::EVERY_MINUTES;
use crate::clock::new_id;
use crate::db::statement;

/// Longest pause after failures.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// Turns that are kept of a source.
const TURNS: i64 = 100;

/// A turn of reading in which something happened.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Turn {
    /// When.
    pub at: DateTime<Utc>,
    outcome: String,
    /// Entries that were found.
    pub found: i32,
    /// Entries that were coming.
    pub coming: i32,
    /// New ones.
    pub added: i32,
    /// Changed ones.
    pub changed: i32,
    /// Those that left.
    pub gone: i32,
    /// Lines left out.
    pub left_out: i32,
    /// What went wrong, or why it is held.
    pub note: String,
}

impl Turn {
    /// What came of it, in words.
    pub fn label(&self) -> &'static str {
        match self.outcome.as_str() {
            "taken" => "取り込み",
            "held" => "確認待ち",
            _ => "読めません",
        }
    }
}

/// How a turn ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'a> {
    Taken(Taken),
    Held(&'a str),
    Failed(&'a str),
}

/// The latest turns of a source, the latest first.
pub async fn turns(db: &impl ConnectionTrait, source_id: Uuid, most: i64) -> Result<Vec<Turn>, DbErr> {
    let sql = "SELECT at, outcome, found, coming, added, changed, gone, left_out, note FROM source_turns
        WHERE source_id = ? ORDER BY at DESC, id DESC LIMIT ?";
    let values = vec![source_id.into(), most.into()];
    Turn::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Writes a turn down, and forgets the oldest.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    source_id: Uuid,
    (outcome, report): (Outcome<'_>, &Report),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (word, taken, said) = match outcome {
        Outcome::Taken(taken) => ("taken", taken, ""),
        Outcome::Held(why) => ("held", Taken::default(), why),
        Outcome::Failed(why) => ("failed", Taken::default(), why),
    };
    let sql =
        "INSERT INTO source_turns (id, source_id, at, outcome, found, coming, added, changed, gone, left_out, note)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut values: Vec<Value> = vec![new_id().into(), source_id.into(), now.into(), word.into()];
    values.extend([report.found, report.coming, taken.added, taken.changed, taken.gone, report.left_total].map(whole));
    values.push(said.into());
    let backend = db.get_database_backend();
    db.execute_raw(statement(backend, sql, values)).await?;
    let sql = "DELETE FROM source_turns WHERE source_id = ? AND id NOT IN
        (SELECT t.id FROM source_turns t WHERE t.source_id = ? ORDER BY t.at DESC, t.id DESC LIMIT ?)";
    db.execute_raw(statement(backend, sql, vec![source_id.into(), source_id.into(), TURNS.into()])).await?;
    Ok(())
}

fn whole(number: usize) -> Value {
    i32::try_from(number).unwrap_or(i32::MAX).into()
}

/// What the next request to the source says that is known already.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags {
    pub etag: String,
    pub last_modified: String,
    pub digest: String,
}

/// Keeps that a reading was taken in.
pub(super) async fn taken(
    db: &impl ConnectionTrait,
    source: &Source,
    (tags, report, taken): (&Tags, &Report, Taken),
    (city, now, today): (&City, DateTime<Utc>, NaiveDate),
) -> Result<(), DbErr> {
    let changes = taken.added + taken.changed + taken.gone > 0;
    let sql = "UPDATE sources SET claimed_until = NULL, checked_at = ?, good_at = ?, next_check_at = ?, failures = 0,
        failing_since = NULL, fault = '', etag = ?, last_modified = ?, digest = ?, read_on = ?, held_at = NULL, held = '',
        form = ?, found = ?, coming = ?, left_out = ?, months = ?, note = CASE WHEN state = 'paused' THEN '' ELSE note END,
        state = CASE WHEN state = 'paused' THEN 'active' ELSE state END,
        changed_at = CASE WHEN ? THEN ? ELSE changed_at END WHERE id = ?";
    let values = vec![
        now.into(),
        now.into(),
        next(source, city, 0, now).into(),
        tags.etag.as_str().into(),
        tags.last_modified.as_str().into(),
        tags.digest.as_str().into(),
        today.into(),
        report.form.as_str().into(),
        whole(report.found),
        whole(report.coming),
        whole(report.left_total),
        json!(months(db, source, today).await?).into(),
        changes.into(),
        now.into(),
        source.id.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Coming occurrences of a source by month.
async fn months(db: &impl ConnectionTrait, source: &Source, today: NaiveDate) -> Result<Vec<(String, i64)>, DbErr> {
    let sql = "SELECT o.day, COUNT(*) AS count FROM calendar_entries e JOIN occurrences o ON o.entry_id = e.id
        WHERE e.source = ? AND e.status <> 'cancelled' AND o.day = o.first_day AND o.last_day >= ?
        AND NOT EXISTS (SELECT 1 FROM entry_absences a WHERE a.entry_id = COALESCE(e.master_id, e.id)) GROUP BY o.day";
    let values = vec![source.calendar_name().into(), today.into()];
    let mut months: BTreeMap<String, i64> = BTreeMap::new();
    for row in db.query_all_raw(statement(db.get_database_backend(), sql, values)).await? {
        let (day, count): (NaiveDate, i64) = (row.try_get("", "day")?, row.try_get("", "count")?);
        *months.entry(day.format("%Y-%m").to_string()).or_default() += count;
    }
    Ok(months.into_iter().collect())
}

/// Keeps that the source is as it was.
pub(super) async fn same(
    db: &impl ConnectionTrait,
    source: &Source,
    (etag, last_modified): (&str, &str),
    (city, now): (&City, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE sources SET claimed_until = NULL, checked_at = ?, good_at = ?, next_check_at = ?, failures = 0,
        etag = ?, last_modified = ?, failing_since = NULL, fault = '', note = CASE WHEN state = 'paused' THEN '' ELSE note END,
        state = CASE WHEN state = 'paused' THEN 'active' ELSE state END
        WHERE id = ? AND claimed_until = ? AND version = ?";
    let values = vec![
        now.into(),
        now.into(),
        next(source, city, 0, now).into(),
        etag.into(),
        last_modified.into(),
        source.id.into(),
        source.claimed_until.into(),
        source.version.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Keeps that what came waits to be looked at; its tags are known, so that it is not fetched over and over.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    source: &Source,
    (tags, why): (&Tags, &str),
    (city, now): (&City, DateTime<Utc>),
) -> Result<(), DbErr> {
    let sql = "UPDATE sources SET claimed_until = NULL, checked_at = ?, next_check_at = ?, failures = 0,
        failing_since = NULL, fault = '', etag = ?, last_modified = ?, digest = ?,
        held_at = COALESCE(held_at, ?), held = ? WHERE id = ?";
    let values = vec![
        now.into(),
        next(source, city, 0, now).into(),
        tags.etag.as_str().into(),
        tags.last_modified.as_str().into(),
        tags.digest.as_str().into(),
        now.into(),
        why.into(),
        source.id.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Keeps why it could not be read; after too many times it rests.
pub(super) async fn failed(
    db: &impl ConnectionTrait,
    source: &Source,
    (fault, pauses): (&str, bool),
    (city, now): (&City, DateTime<Utc>),
) -> Result<(), DbErr> {
    let failures = source.failures.saturating_add(1);
    let sql = "UPDATE sources SET claimed_until = NULL, checked_at = ?, next_check_at = ?, failures = ?,
        failing_since = COALESCE(failing_since, ?), fault = ?, state = CASE WHEN ? THEN 'paused' ELSE state END,
        note = CASE WHEN ? THEN ? ELSE note END WHERE id = ?";
    let values = vec![
        now.into(),
        next(source, city, failures, now).into(),
        failures.into(),
        now.into(),
        fault.into(),
        pauses.into(),
        pauses.into(),
        format!("続けて{failures}回読めなかったため、休止しました。").into(),
        source.id.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// When a source is read again: after its own interval, ever more rarely while it cannot be read, and never all at the same moment.
fn next(source: &Source, city: &City, failures: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let minutes = match source.every_minutes {
        0 => city.settings.number(EVERY_MINUTES),
        own => own,
    };
    now + jittered(pause(minutes, failures))
}

/// The pause before the next reading.
fn pause(minutes: i32, failures: i32) -> TimeDelta {
    let own = TimeDelta::minutes(minutes.into());
    let doubled = own * (1 << failures.clamp(0, 8));
    doubled.min(LONGEST.max(own))
}

/// The pause, up to a tenth shorter or longer.
fn jittered(pause: TimeDelta) -> TimeDelta {
    let tenth = u64::try_from(pause.num_seconds() / 10).unwrap_or_default();
    let off = i64::try_from(chance::below(tenth * 2 + 1)).unwrap_or_default();
    pause + TimeDelta::seconds(off - tenth.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day_and_differ_by_a_tenth() {
        let minutes: Vec<i64> = [0, 1, 2, 3, 4, 5, i32::MAX].map(|failures| pause(60, failures).num_minutes()).to_vec();
        assert_eq!(minutes, [60, 120, 240, 480, 960, 1440, 1440]);
        assert_eq!(pause(1440, 3).num_hours(), 24);
        for _ in 0..100 {
            let minutes = jittered(TimeDelta::minutes(60)).num_minutes();
            assert!((54..=66).contains(&minutes), "{minutes}");
        }
    }
}
