//! Many rows in few statements, within what both engines allow.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use crate::db::{placeholders, statement};

/// Most `?` marks in one statement (SQLite allows 32,766, PostgreSQL 65,535).
const MARKS: usize = 30_000;

/// Runs `head (marks), (marks) … tail` over all rows, each of equal length; returns what RETURNING gives, if anything.
///
/// `marks` is the text of one row such as `?, ?, string_to_array(?, ' ')`.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    head: &str,
    marks: &str,
    tail: &str,
    rows: Vec<Vec<Value>>,
) -> Result<Vec<QueryResult>, DbErr> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    let mut rows = rows.into_iter().peekable();
    let mut returned = Vec::new();
    while rows.peek().is_some() {
        let some: Vec<Vec<Value>> = rows.by_ref().take(MARKS / width).collect();
        let places = vec![format!("({marks})"); some.len()].join(", ");
        let statement = statement(
            db.get_database_backend(),
            &format!("{head} {places} {tail}"),
            some.into_iter().flatten().collect(),
        );
        if tail.contains("RETURNING") {
            returned.extend(db.query_all_raw(statement).await?);
        } else {
            db.execute_raw(statement).await?;
        }
    }
    Ok(returned)
}

/// Runs `head (?, ?, …)` over all values, such as `DELETE FROM occurrences WHERE entry_id IN`.
pub(super) async fn each_of(
    db: &impl ConnectionTrait,
    head: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), DbErr> {
    let values: Vec<Value> = values.into_iter().collect();
    for some in values.chunks(MARKS) {
        let sql = format!("{head} ({})", placeholders(some.len()));
        db.execute_raw(statement(db.get_database_backend(), &sql, some.to_vec())).await?;
    }
    Ok(())
}
