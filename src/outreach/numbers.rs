//! Running numbers of a fiscal year: 受付番号 and 文書番号, each given once even when two are given at once.

use sea_orm::{ConnectionTrait, DbErr};

use crate::db::statement;

/// The series of 受付番号.
pub(super) const RECEIPTS: &str = "receipt";
/// The series of the numbers of decisions.
pub(super) const DECISIONS: &str = "decision";

/// The next number of a series in a fiscal year; its row stays locked until the transaction ends.
pub(super) async fn next(db: &impl ConnectionTrait, series: &str, fiscal_year: i32) -> Result<i32, DbErr> {
    let sql = "INSERT INTO outreach_numbers (series, latest) VALUES (?, 1)
        ON CONFLICT (series) DO UPDATE SET latest = outreach_numbers.latest + 1 RETURNING latest";
    let series = format!("{series}-{fiscal_year}");
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![series.into()])).await?;
    row.ok_or(DbErr::RecordNotInserted)?.try_get("", "latest")
}
