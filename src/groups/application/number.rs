//! The 登録番号 of a newly approved group: the next of its series, each given once even when two are approved at once.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use crate::city::{City, settings};
use crate::db::statement;
use crate::text::wareki;

/// Where the running number stands in the pattern.
const RUNNING: &str = "{番号}";

/// The next number that no group bears, as the city's pattern has it.
///
/// The row of the series stays locked until the transaction ends, so that a second approval waits for the first.
pub async fn next(db: &impl ConnectionTrait, city: &City, today: NaiveDate) -> Result<String, DbErr> {
    let pattern = pattern(city.settings.phrase(settings::NUMBER_PATTERN), today);
    loop {
        let sql = "INSERT INTO group_numbers (prefix, latest) VALUES (?, 1)
            ON CONFLICT (prefix) DO UPDATE SET latest = group_numbers.latest + 1 RETURNING latest";
        let backend = db.get_database_backend();
        let row = db.query_one_raw(statement(backend, sql, vec![pattern.clone().into()])).await?;
        let latest: i32 = row.ok_or(DbErr::RecordNotInserted)?.try_get("", "latest")?;
        let number = pattern.replace(RUNNING, &format!("{latest:03}"));
        // Numbers that came by a file are passed over.
        let taken = "SELECT 1 AS one FROM groups WHERE number = ?";
        if db.query_one_raw(statement(backend, taken, vec![number.clone().into()])).await?.is_none() {
            return Ok(number);
        }
    }
}

/// The pattern with everything filled in but the running number, which it always has.
fn pattern(text: &str, today: NaiveDate) -> String {
    let year = wareki::fiscal_year(today);
    let begins = NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today);
    let pattern = text.replace("{年度}", &year.to_string()).replace("{和暦}", &short_era(begins));
    if pattern.contains(RUNNING) { pattern } else { format!("{pattern}{RUNNING}") }
}

/// An era and its year in short, such as R8.
fn short_era(day: NaiveDate) -> String {
    use chrono::Datelike;
    let era = wareki::ERAS.iter().find(|era| {
        let (year, month, first) = era.first;
        NaiveDate::from_ymd_opt(year, month, first).is_some_and(|first| first <= day)
    });
    era.map_or_else(
        || day.year().to_string(),
        |era| format!("{}{}", era.letter.to_ascii_uppercase(), day.year() - era.first.0 + 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_the_fiscal_year_and_always_has_a_running_number() {
        let day = "2027-02-01".parse().unwrap();
        assert_eq!(pattern("{年度}-{番号}", day), "2026-{番号}");
        assert_eq!(pattern("対協{和暦}-{番号}号", day), "対協R8-{番号}号");
        assert_eq!(pattern("第", day), "第{番号}");
    }
}
