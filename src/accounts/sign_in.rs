//! A way in: a one-time link and a six-digit code, good once and for half an hour.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::clock::new_id;
use crate::db::statement;

/// How long a link and its code are good, in minutes.
pub const MINUTES: i64 = 30;
/// Wrong codes after which a way in is closed.
pub const TRIES: i32 = 5;

/// Somebody who has asked to sign in.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SignIn {
    /// Identifier.
    pub id: Uuid,
    /// The address that was typed, in lower case; nobody has to have it.
    pub mail: String,
    /// Where they were going.
    pub next: String,
    code_hash: String,
}

/// The secrets of a new way in; kept nowhere else than in the letter.
#[derive(Debug)]
pub struct Secrets {
    /// Ends the one-time link.
    pub link: String,
    /// The six digits.
    pub code: String,
}

const COLUMNS: &str = "id, mail, next, code_hash";

/// Opens a way in for an address. The code is good in the browser that holds `browser` alone; without one it is no good.
pub async fn open(
    db: &impl ConnectionTrait,
    mail: &str,
    next: &str,
    browser: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Secrets, DbErr> {
    let (id, secrets) = (new_id(), Secrets { link: chance::token(), code: chance::digits() });
    let sql = "INSERT INTO sign_ins (id, mail, link_hash, code_hash, browser_hash, next, tries, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)";
    let values = vec![
        id.into(),
        super::account::address_key(mail).into(),
        chance::digest("sign-in", &secrets.link).into(),
        chance::digest(&id.to_string(), &secrets.code).into(),
        browser.map(browser_digest).unwrap_or_default().into(),
        next.into(),
        now.into(),
        (now + Duration::minutes(MINUTES)).into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(secrets)
}

fn browser_digest(browser: &str) -> String {
    chance::digest("browser", browser)
}

async fn find(db: &impl ConnectionTrait, rest: &str, of: Value, now: DateTime<Utc>) -> Result<Vec<SignIn>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sign_ins WHERE {rest} AND used_at IS NULL AND expires_at > ? AND tries < {TRIES}
        ORDER BY created_at DESC, id DESC"
    );
    SignIn::find_by_statement(statement(db.get_database_backend(), &sql, vec![of, now.into()])).all(db).await
}

/// The way in behind a link, if it is still good; looking does not use it up.
pub async fn behind_link(db: &impl ConnectionTrait, token: &str, now: DateTime<Utc>) -> Result<Option<SignIn>, DbErr> {
    Ok(find(db, "link_hash = ?", chance::digest("sign-in", token).into(), now).await?.pop())
}

/// The ways in that a browser has asked for and that are still good, the latest first.
pub async fn of_browser(db: &impl ConnectionTrait, browser: &str, now: DateTime<Utc>) -> Result<Vec<SignIn>, DbErr> {
    find(db, "browser_hash = ?", browser_digest(browser).into(), now).await
}

/// Uses a way in up; says whether it was still good, so that of two people at once one comes in.
pub async fn take(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE sign_ins SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?";
    let values = vec![now.into(), id.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
