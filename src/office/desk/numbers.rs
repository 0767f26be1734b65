//! The figures of the day: how many groups stand where, how many letters wait.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::db::statement;
use crate::groups::State;

/// How many groups are in each state, in the order of a group's life.
pub(super) async fn groups(db: &impl ConnectionTrait) -> Result<Vec<(State, i64)>, DbErr> {
    let known = counted(db, "SELECT state, COUNT(*) AS count FROM groups GROUP BY state").await?;
    Ok(State::ALL.into_iter().map(|state| (state, known.get(state.key()).copied().unwrap_or_default())).collect())
}

/// A state of letters that somebody may want to look at.
pub(super) struct Letters {
    /// Key of the state, for the list of letters.
    pub state: &'static str,
    /// The words people read.
    pub label: &'static str,
    /// How many.
    pub count: i64,
}

/// Letters that have not left yet or could not; those already sent are not counted.
pub(super) async fn letters(db: &impl ConnectionTrait) -> Result<Vec<Letters>, DbErr> {
    let known = counted(
        db,
        "SELECT state, COUNT(*) AS count FROM letters WHERE state IN ('held', 'queued', 'failed') GROUP BY state",
    )
    .await?;
    let line = |(state, label)| Letters { state, label, count: known.get(state).copied().unwrap_or_default() };
    Ok([("held", "保留(送信前の確認)"), ("queued", "送信待ち"), ("failed", "送れなかった")].map(line).into())
}

async fn counted(db: &impl ConnectionTrait, sql: &str) -> Result<HashMap<String, i64>, DbErr> {
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, Vec::<Value>::new())).await?;
    rows.iter().map(|row| Ok((row.try_get("", "state")?, row.try_get("", "count")?))).collect()
}
