//! The code of a claim letter: printed once on paper, known to the database by its digest alone.

pub(super) mod staff;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::clock::new_id;
use crate::db::statement;
use crate::text::wareki;

const PURPOSE: &str = "claim-code";

/// A code of a claim letter and what became of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Code {
    /// Identifier.
    pub id: Uuid,
    /// The group it is for.
    pub group_id: Uuid,
    /// Its name.
    pub group_name: String,
    /// The number of the letter that carries it.
    pub number: String,
    /// Who printed it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT c.id, c.group_id, g.name AS group_name, c.number, c.made_by, c.made_at, c.expires_at
    FROM claim_codes c JOIN groups g ON g.id = c.group_id";
const UNCLAIMED: &str = "g.listed = TRUE AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = g.id)";

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Option<Code>, DbErr> {
    let sql = format!("{SELECT} WHERE {rest}");
    Code::find_by_statement(statement(db.get_database_backend(), &sql, values)).one(db).await
}

/// The code of a group that can still be used, or would be but for its age.
pub(super) async fn open_of(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Code>, DbErr> {
    find(db, "c.group_id = ? AND c.state = 'open'", vec![group_id.into()]).await
}

/// The code under this identifier.
pub(super) async fn of_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Code>, DbErr> {
    find(db, "c.id = ?", vec![id.into()]).await
}

/// The code that somebody typed, if it can be used now: neither used up nor expired, for a listed group without people.
pub async fn of_typed(db: &impl ConnectionTrait, typed: &str, now: DateTime<Utc>) -> Result<Option<Code>, DbErr> {
    let hash = chance::digest(PURPOSE, &chance::typed_paper_code(typed));
    let rest = format!("c.code_hash = ? AND c.state = 'open' AND c.expires_at > ? AND {UNCLAIMED}");
    find(db, &rest, vec![hash.into(), now.into()]).await
}

/// Makes a new code for a group, which ends the one before; returns the letter's number and the code for printing.
pub async fn make(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    (today, expires_at): (NaiveDate, DateTime<Utc>),
    by: &str,
    now: DateTime<Utc>,
) -> Result<(Uuid, String, String), DbErr> {
    close(db, group_id, "replaced", now).await?;
    let (id, code, number) = (new_id(), chance::paper_code(), number(db, today).await?);
    let sql = "INSERT INTO claim_codes (id, group_id, number, code_hash, state, made_by, made_at, expires_at)
        VALUES (?, ?, ?, ?, 'open', ?, ?, ?)";
    let values = vec![
        id.into(),
        group_id.into(),
        number.clone().into(),
        chance::digest(PURPOSE, &chance::typed_paper_code(&code)).into(),
        by.into(),
        now.into(),
        expires_at.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok((id, number, code))
}

/// The next number of the fiscal year, such as 令和8年度-12.
async fn number(db: &impl ConnectionTrait, today: NaiveDate) -> Result<String, DbErr> {
    let year = wareki::fiscal_year(today);
    let sql = "INSERT INTO claim_numbers (fiscal_year, latest) VALUES (?, 1)
        ON CONFLICT (fiscal_year) DO UPDATE SET latest = claim_numbers.latest + 1 RETURNING latest";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![year.into()])).await?;
    let latest: i32 = row.ok_or(DbErr::RecordNotInserted)?.try_get("", "latest")?;
    Ok(format!("{}-{latest}", wareki::fiscal_year_label(year)))
}

/// Ends the open code of a group as `replaced` or `ended`; says whether there was one.
pub(super) async fn close(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    state: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE claim_codes SET state = ?, decided_at = ? WHERE group_id = ? AND state = 'open'";
    let values = vec![state.into(), now.into(), group_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Uses a code up; says whether it was still good, so that of two people only one can.
pub(super) async fn use_up(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE claim_codes SET state = 'used', decided_at = ?
        WHERE id = ? AND state = 'open' AND expires_at > ?";
    let values = vec![now.into(), id.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// A listed group that nobody looks after, and the letter that it was sent, if any.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Unclaimed {
    pub id: Uuid,
    pub name: String,
    /// The open code.
    pub code_id: Option<Uuid>,
    /// Number of the letter that carries it.
    pub number: Option<String>,
    pub made_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the office knows a postal address.
    pub has_address: bool,
}

/// The listed groups without people in 五十音 order, one page of them.
pub(super) async fn unclaimed(db: &impl ConnectionTrait, (most, skipped): (i64, i64)) -> Result<Vec<Unclaimed>, DbErr> {
    let sql = format!(
        "SELECT g.id, g.name, c.id AS code_id, c.number, c.made_at, c.expires_at, EXISTS (SELECT 1 FROM group_contacts t
        WHERE t.group_id = g.id AND t.kind = 'address') AS has_address
        FROM groups g LEFT JOIN claim_codes c ON c.group_id = g.id AND c.state = 'open'
        WHERE {UNCLAIMED} ORDER BY g.kana_key, g.id LIMIT ? OFFSET ?"
    );
    let values = vec![most.into(), skipped.into()];
    Unclaimed::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// How many listed groups nobody looks after.
pub(super) async fn count_unclaimed(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let sql = format!("SELECT COUNT(*) AS count FROM groups g WHERE {UNCLAIMED}");
    let row = db.query_one_raw(statement(db.get_database_backend(), &sql, vec![])).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Whether a group is in the directory and nobody looks after it.
pub(super) async fn is_unclaimed(db: &impl ConnectionTrait, group_id: Uuid) -> Result<bool, DbErr> {
    let sql = format!("SELECT 1 AS one FROM groups g WHERE g.id = ? AND {UNCLAIMED}");
    Ok(db.query_one_raw(statement(db.get_database_backend(), &sql, vec![group_id.into()])).await?.is_some())
}
