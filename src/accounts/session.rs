//! A session: one browser in which somebody is signed in, known by the digest of its cookie.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::account::{self, Account};
use crate::chance;
use crate::clock::new_id;
use crate::db::statement;

/// How long a member's browser stays signed in without a visit, in days.
pub const MEMBER_DAYS: i64 = 90;
/// How long a session of the back office stays open without a visit, in hours.
pub const STAFF_HOURS: i64 = 12;
/// Visits closer together than this are not written down, in minutes.
const REMEMBERED_MINUTES: i64 = 5;

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Session {
    /// Identifier.
    pub id: Uuid,
    /// Who is signed in.
    pub account_id: Uuid,
    /// What the browser calls itself.
    pub device: String,
    /// The network it came from.
    pub network: String,
    /// When the one-time password was given; nothing where none was.
    pub second_factor_at: Option<DateTime<Utc>>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// The latest visit.
    pub seen_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, account_id, device, network, second_factor_at, created_at, seen_at";

/// Opens a session and returns the secret for its cookie, which is kept nowhere else.
pub async fn open(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    (device, network): (&str, &str),
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO sessions (id, account_id, token_hash, device, network, created_at, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    let device: String = device.chars().filter(|letter| !letter.is_control()).take(300).collect();
    let values = vec![
        new_id().into(),
        account_id.into(),
        chance::digest("session", &token).into(),
        device.into(),
        network.into(),
        now.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    let sql = "UPDATE accounts SET signed_in_at = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), account_id.into()])).await?;
    Ok(token)
}

/// The session of a cookie and whose it is, unless it has ended or was idle for too long.
pub async fn find(
    db: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Session, Account)>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE token_hash = ? AND ended_at IS NULL");
    let values = vec![chance::digest("session", token).into()];
    let Some(session) = Session::find_by_statement(statement(db.get_database_backend(), &sql, values)).one(db).await?
    else {
        return Ok(None);
    };
    let Some(account) = account::find(db, session.account_id).await?.filter(|account| account.active) else {
        return Ok(None);
    };
    let idle = if account.role().is_staff() { Duration::hours(STAFF_HOURS) } else { Duration::days(MEMBER_DAYS) };
    if now - session.seen_at > idle {
        return Ok(None);
    }
    if now - session.seen_at >= Duration::minutes(REMEMBERED_MINUTES) {
        let sql = "UPDATE sessions SET seen_at = ? WHERE id = ?";
        db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), session.id.into()])).await?;
    }
    Ok(Some((session, account)))
}

/// The open sessions of an account, the latest visit first.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, DbErr> {
    let idle = if account.role().is_staff() { Duration::hours(STAFF_HOURS) } else { Duration::days(MEMBER_DAYS) };
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE account_id = ? AND ended_at IS NULL AND seen_at >= ? ORDER BY seen_at DESC"
    );
    let values = vec![account.id.into(), (now - idle).into()];
    Session::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Ends one session of an account; says whether there was one to end.
pub async fn end(db: &impl ConnectionTrait, account_id: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE sessions SET ended_at = ? WHERE id = ? AND account_id = ? AND ended_at IS NULL";
    let values = vec![now.into(), id.into(), account_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Ends the sessions of an account in every other browser than this; says how many.
pub async fn end_others(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let sql = "UPDATE sessions SET ended_at = ? WHERE account_id = ? AND id <> ? AND ended_at IS NULL";
    let values = vec![now.into(), account_id.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected())
}

/// Whose cookie this is or was, also when the session has ended.
pub async fn owner(db: &impl ConnectionTrait, token: &str) -> Result<Option<Uuid>, DbErr> {
    let sql = "SELECT account_id FROM sessions WHERE token_hash = ?";
    let values = vec![chance::digest("session", token).into()];
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    row.map(|row| row.try_get("", "account_id")).transpose()
}

/// Forgets sessions in which nobody can be signed in any more, a week after their last visit.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM sessions WHERE seen_at < ? OR (ended_at IS NOT NULL AND ended_at < ?)";
    let values = vec![(now - Duration::days(MEMBER_DAYS + 7)).into(), (now - Duration::days(7)).into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Ends every session of an account.
pub async fn end_all(db: &impl ConnectionTrait, account_id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE sessions SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), account_id.into()])).await?;
    Ok(())
}

/// Notes that the one-time password was given in this session.
pub async fn pass_second_factor(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE sessions SET second_factor_at = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![now.into(), id.into()])).await?;
    Ok(())
}
