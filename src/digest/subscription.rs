//! A subscription (お知らせメール): one feed for one reader, daily or on a day of the week.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::cadence::Cadence;
use super::claiming::{self, Claimed};
use crate::clock::new_id;
use crate::db::statement;

/// A subscription as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Subscription {
    /// Identifier.
    pub id: Uuid,
    /// Name of the feed.
    pub feed: String,
    cadence: i32,
    /// Since when it rests.
    pub paused_at: Option<DateTime<Utc>>,
}

impl Subscription {
    /// How often it is sent.
    pub fn cadence(&self) -> Cadence {
        Cadence::from_number(self.cadence).unwrap_or(Cadence::FIRST)
    }
}

/// Keeps a confirmed order; one of the same feed takes the new day. The day of its latest letter is `slot`.
pub async fn put(
    db: &impl ConnectionTrait,
    reader: Uuid,
    (feed, cadence): (&str, Cadence),
    slot: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO digest_subscriptions (id, reader_id, feed, cadence, told_on, told, known, created_at)
        VALUES (?, ?, ?, ?, ?, '', '', ?) ON CONFLICT (reader_id, feed)
        DO UPDATE SET cadence = excluded.cadence, told_on = excluded.told_on, paused_at = NULL";
    let values = vec![new_id().into(), reader.into(), feed.into(), cadence.number().into(), slot.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// What a reader has subscribed to, the oldest first.
pub async fn of_reader(db: &impl ConnectionTrait, reader: Uuid) -> Result<Vec<Subscription>, DbErr> {
    let sql = "SELECT id, feed, cadence, paused_at FROM digest_subscriptions WHERE reader_id = ?
        ORDER BY created_at, id";
    Subscription::find_by_statement(statement(db.get_database_backend(), sql, vec![reader.into()])).all(db).await
}

/// What happens to a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is sent on other days, from `slot` on.
    Move(Cadence, NaiveDate),
    /// It rests.
    Pause(DateTime<Utc>),
    /// It goes on, from `slot` on.
    Resume(NaiveDate),
    /// It ends.
    End,
}

/// Changes a subscription of a reader; says whether there was such a one.
pub async fn act(db: &impl ConnectionTrait, reader: Uuid, id: Uuid, act: Act) -> Result<bool, DbErr> {
    let (sql, mut values): (&str, Vec<Value>) = match act {
        Act::Move(cadence, slot) => (
            "UPDATE digest_subscriptions SET cadence = ?, told_on = ? WHERE id = ? AND reader_id = ?",
            vec![cadence.number().into(), slot.into()],
        ),
        Act::Pause(now) => {
            ("UPDATE digest_subscriptions SET paused_at = ? WHERE id = ? AND reader_id = ?", vec![now.into()])
        }
        Act::Resume(slot) => (
            "UPDATE digest_subscriptions SET paused_at = NULL, told_on = ? WHERE id = ? AND reader_id = ?",
            vec![slot.into()],
        ),
        Act::End => ("DELETE FROM digest_subscriptions WHERE id = ? AND reader_id = ?", Vec::new()),
    };
    values.extend([Value::from(id), reader.into()]);
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Those who were told the same of the same feed: one letter serves them all.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Cohort {
    /// Name of the feed.
    pub feed: String,
    /// Digest of what they remember.
    pub told: String,
    /// Digest of what was in the feed when they were last written to.
    pub known: String,
}

/// The cohorts whose letters are due: last looked at before the day `slot`.
pub async fn due(db: &impl ConnectionTrait, cadence: Cadence, slot: NaiveDate) -> Result<Vec<Cohort>, DbErr> {
    let sql = "SELECT DISTINCT feed, told, known FROM digest_subscriptions
        WHERE cadence = ? AND told_on < ? AND paused_at IS NULL ORDER BY feed, told, known";
    let values = vec![cadence.number().into(), slot.into()];
    Cohort::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Takes up to `most` due subscriptions of a cohort for a letter, which leaves them remembering this; nobody else gets the same.
pub async fn claim(
    db: &impl ConnectionTrait,
    (cadence, slot): (Cadence, NaiveDate),
    cohort: &Cohort,
    (told, known): (&str, &str),
    most: i64,
) -> Result<Vec<Claimed>, DbErr> {
    let due = "SELECT id FROM digest_subscriptions WHERE cadence = ? AND told_on < ? AND paused_at IS NULL
        AND feed = ? AND told = ? AND known = ? LIMIT ?";
    let change = "UPDATE digest_subscriptions SET told_on = ?, told = ?, known = ? WHERE id IN";
    let chosen: Vec<Value> = vec![
        cadence.number().into(),
        slot.into(),
        cohort.feed.as_str().into(),
        cohort.told.as_str().into(),
        cohort.known.as_str().into(),
        most.into(),
    ];
    claiming::claim(db, (due, chosen), (change, vec![slot.into(), told.into(), known.into()])).await
}

/// How many subscriptions a feed has.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Count {
    /// Name of the feed.
    pub feed: String,
    /// Subscriptions that are sent daily.
    pub daily: i64,
    /// Subscriptions that are sent weekly.
    pub weekly: i64,
    /// Those of them that rest.
    pub paused: i64,
}

/// The number of subscriptions by feed, the most read first.
pub async fn counts(db: &impl ConnectionTrait) -> Result<Vec<Count>, DbErr> {
    let sum = |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT feed, {} AS daily, {} AS weekly, {} AS paused FROM digest_subscriptions
        GROUP BY feed ORDER BY COUNT(*) DESC, feed",
        sum("cadence = 0"),
        sum("cadence > 0"),
        sum("paused_at IS NOT NULL")
    );
    Count::find_by_statement(statement(db.get_database_backend(), &sql, vec![])).all(db).await
}
