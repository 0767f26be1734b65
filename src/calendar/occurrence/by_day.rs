//! The occurrences of a month: how many each day has, and the first few of each.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

use super::super::filter::Filter;
use super::{ORDER, Occurrence, SELECT, find};
use crate::city::City;
use crate::db::statement;

/// How many occurrences each day has, for days that have any, and the first few of each day.
pub type Days = (Vec<(NaiveDate, i64)>, Vec<Occurrence>);

/// Counts the occurrences of each day of a span and finds the first few of each.
pub async fn by_day(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    span: (NaiveDate, NaiveDate),
    most: u64,
) -> Result<Days, DbErr> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if filter.is_open() { all_by_day(db, span, most).await } else { some_by_day(db, city, filter, span, most).await }
}

/// Of everything: the index alone counts, and one small indexed question per day finds the first few.
async fn all_by_day(db: &impl ConnectionTrait, (from, to): (NaiveDate, NaiveDate), most: i64) -> Result<Days, DbErr> {
    let sql = "SELECT day, COUNT(*) AS total FROM occurrences WHERE public = TRUE AND day BETWEEN ? AND ?
        GROUP BY day ORDER BY day";
    let counts = db.query_all_raw(statement(db.get_database_backend(), sql, vec![from.into(), to.into()])).await?;
    let counts: Vec<(NaiveDate, i64)> = counts
        .iter()
        .map(|row| Ok((row.try_get("", "day")?, row.try_get("", "total")?)))
        .collect::<Result<_, DbErr>>()?;
    if counts.is_empty() {
        return Ok((counts, Vec::new()));
    }
    let day = |at: usize| {
        format!(
            "SELECT * FROM (SELECT entry_id, instance, day, first_day, last_day, begins, ends FROM occurrences
            WHERE public = TRUE AND day = ? ORDER BY begins, entry_id, instance LIMIT ?) AS d{at}"
        )
    };
    let days: Vec<String> = (0..counts.len()).map(day).collect();
    let values = counts.iter().flat_map(|(day, _)| [Value::from(*day), most.into()]).collect();
    let sql = format!(
        "{SELECT} FROM ({}) o JOIN calendar_entries e ON e.id = o.entry_id ORDER BY {ORDER}",
        days.join(" UNION ALL ")
    );
    Ok((counts, find(db, &sql, values).await?))
}

/// Of what matches: the condition is asked once for the whole span.
async fn some_by_day(
    db: &impl ConnectionTrait,
    city: &City,
    filter: &Filter,
    (from, to): (NaiveDate, NaiveDate),
    most: i64,
) -> Result<Days, DbErr> {
    let condition = filter.condition(db.get_database_backend(), city);
    let sql = format!(
        "WITH hit AS MATERIALIZED (SELECT o.entry_id, o.instance, o.day, o.first_day, o.last_day, o.begins, o.ends
            FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
            WHERE o.public = TRUE AND o.day BETWEEN ? AND ?{}),
        placed AS (SELECT hit.*, COUNT(*) OVER (PARTITION BY day) AS total,
            ROW_NUMBER() OVER (PARTITION BY day ORDER BY begins, entry_id, instance) AS place FROM hit)
        {SELECT}, o.total FROM placed o JOIN calendar_entries e ON e.id = o.entry_id
        WHERE o.place <= ? ORDER BY {ORDER}",
        condition.sql
    );
    let mut values: Vec<Value> = vec![from.into(), to.into()];
    values.extend(condition.values);
    values.push(most.into());
    let (mut counts, mut found) = (Vec::new(), Vec::new());
    for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
        let occurrence = Occurrence::from_query_result(&row, "")?;
        counts.push((occurrence.day, row.try_get("", "total")?));
        found.push(occurrence);
    }
    counts.dedup();
    Ok((counts, found))
}
