//! A candidate (同じ予定かもしれないもの): two entries that look like one event, and what somebody said of them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::comparing::{Likeness, Pair, ordered};
use crate::db::statement;

/// Where a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided.
    Open,
    /// They are shown as one.
    Merged,
    /// They are two events.
    Distinct,
}

impl State {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Merged => "merged",
            Self::Distinct => "distinct",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Self {
        [Self::Merged, Self::Distinct].into_iter().find(|state| state.key() == key).unwrap_or(Self::Open)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未確認",
            Self::Merged => "まとめた",
            Self::Distinct => "別の予定",
        }
    }
}

/// Two entries that look like one event.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    /// The one with the smaller identifier.
    pub first_id: Uuid,
    /// The other.
    pub second_id: Uuid,
    /// From 0 to 100.
    pub score: i32,
    reasons: serde_json::Value,
    state: String,
    /// Since when they look alike.
    pub found_at: DateTime<Utc>,
    /// Who decided; empty until then.
    pub decided_by: String,
}

impl Candidate {
    /// Where it stands.
    pub fn state(&self) -> State {
        State::from_key(&self.state)
    }

    /// How alike they are, and why.
    pub fn likeness(&self) -> Likeness {
        let list = |key: &str| serde_json::from_value(self.reasons[key].clone()).unwrap_or_default();
        Likeness { score: self.score, speaks_for: list("for"), against: list("against") }
    }
}

const SELECT: &str = "SELECT c.first_id, c.second_id, c.score, c.reasons, c.state, c.found_at, c.decided_by
    FROM entry_likenesses c";

async fn select(db: &impl ConnectionTrait, condition: &str, values: Vec<Value>) -> Result<Vec<Candidate>, DbErr> {
    let sql = format!("{SELECT} {condition}");
    Candidate::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The two entries as a candidate, decided or not.
pub async fn find(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<Option<Candidate>, DbErr> {
    let (first, second) = ordered(one, other);
    Ok(select(db, "WHERE c.first_id = ? AND c.second_id = ?", vec![first.into(), second.into()]).await?.pop())
}

/// What nobody has decided, the likest first; one more than asked for when there are more.
pub async fn open(db: &impl ConnectionTrait, most: i64, skipped: i64) -> Result<Vec<Candidate>, DbErr> {
    let condition = "WHERE c.state = 'open' ORDER BY c.score DESC, c.first_id, c.second_id LIMIT ? OFFSET ?";
    select(db, condition, vec![(most + 1).into(), skipped.into()]).await
}

/// What nobody has decided, the oldest first.
pub async fn oldest(db: &impl ConnectionTrait, most: i64) -> Result<Vec<Candidate>, DbErr> {
    select(db, "WHERE c.state = 'open' ORDER BY c.found_at, c.first_id, c.second_id LIMIT ?", vec![most.into()]).await
}

/// What somebody says of two entries.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// One event or two.
    pub state: State,
    /// Where it stood when they looked at it; nothing where that does not matter.
    pub seen: Option<State>,
    /// The names and starts of both.
    pub prints: &'a str,
    /// Who decides.
    pub by: &'a str,
}

/// Decides about two entries, whether they were a candidate or not, and says whether nobody else was faster.
pub async fn decide(
    db: &impl ConnectionTrait,
    (one, other): (Uuid, Uuid),
    decision: Decision<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (first, second) = ordered(one, other);
    let mut values: Vec<Value> = vec![
        first.into(),
        second.into(),
        json!({ "for": [], "against": [] }).into(),
        decision.state.key().into(),
        decision.prints.into(),
        now.into(),
        decision.by.into(),
        now.into(),
    ];
    let unchanged = match decision.seen {
        Some(seen) => {
            values.push(seen.key().into());
            "WHERE entry_likenesses.state = ?"
        }
        None => "",
    };
    let sql = format!(
        "INSERT INTO entry_likenesses (first_id, second_id, score, reasons, state, prints, found_at, decided_by,
        decided_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?) ON CONFLICT (first_id, second_id) DO UPDATE SET
        state = excluded.state, prints = excluded.prints, decided_by = excluded.decided_by,
        decided_at = excluded.decided_at {unchanged}"
    );
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0)
}

/// Keeps what a search found and forgets what is no longer alike among the `compared`.
///
/// What somebody decided stays decided as long as both entries keep their name and start.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    pairs: &[Pair],
    prints: &HashMap<Uuid, String>,
    is_compared: impl Fn(Uuid) -> bool,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<(), DbErr> {
    forget(db, pairs, is_compared, today).await?;
    for pair in pairs {
        put(db, pair, &print_of(prints, pair.first, pair.second), now).await?;
    }
    Ok(())
}

/// The names and starts of two entries, in the order of the pair.
pub(super) fn print_of(prints: &HashMap<Uuid, String>, one: Uuid, other: Uuid) -> String {
    let (first, second) = ordered(one, other);
    let print = |id: Uuid| prints.get(&id).map_or("", String::as_str);
    format!("{} / {}", print(first), print(second))
}

async fn put(db: &impl ConnectionTrait, pair: &Pair, prints: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let there = "SELECT COUNT(*) AS total FROM calendar_entries WHERE id IN (?, ?)";
    let row = statement(db.get_database_backend(), there, vec![pair.first.into(), pair.second.into()]);
    let total: i64 = db.query_one_raw(row).await?.map_or(Ok(0), |row| row.try_get("", "total"))?;
    if total < 2 {
        return Ok(());
    }
    let sql = "INSERT INTO entry_likenesses (first_id, second_id, score, reasons, state, prints, found_at, decided_by,
        decided_at) VALUES (?, ?, ?, ?, 'open', ?, ?, '', NULL) ON CONFLICT (first_id, second_id) DO UPDATE SET
        score = excluded.score, reasons = excluded.reasons,
        found_at = CASE WHEN entry_likenesses.state = 'open' THEN entry_likenesses.found_at ELSE excluded.found_at END,
        state = 'open', prints = excluded.prints, decided_by = '', decided_at = NULL
        WHERE entry_likenesses.state <> 'distinct' OR entry_likenesses.prints <> excluded.prints";
    let reasons = json!({ "for": pair.likeness.speaks_for, "against": pair.likeness.against });
    let values: Vec<Value> = vec![
        pair.first.into(),
        pair.second.into(),
        pair.likeness.score.into(),
        reasons.into(),
        prints.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

async fn forget(
    db: &impl ConnectionTrait,
    pairs: &[Pair],
    is_compared: impl Fn(Uuid) -> bool,
    today: NaiveDate,
) -> Result<(), DbErr> {
    let found: std::collections::HashSet<(Uuid, Uuid)> = pairs.iter().map(|pair| (pair.first, pair.second)).collect();
    for one in select(db, "WHERE c.state = 'open'", vec![]).await? {
        let asked = is_compared(one.first_id) || is_compared(one.second_id);
        if asked && !found.contains(&(one.first_id, one.second_id)) {
            let sql = "DELETE FROM entry_likenesses WHERE first_id = ? AND second_id = ? AND state = 'open'";
            let values = vec![one.first_id.into(), one.second_id.into()];
            db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
        }
    }
    let over = "DELETE FROM entry_likenesses WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM occurrences o
        JOIN calendar_entries e ON e.id = o.entry_id
        WHERE (e.id = entry_likenesses.first_id OR e.master_id = entry_likenesses.first_id) AND o.day >= ?)";
    db.execute_raw(statement(db.get_database_backend(), over, vec![today.into()])).await?;
    Ok(())
}
