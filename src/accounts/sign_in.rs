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

/// Whether a code was the one of a way in.
#[derive(Debug)]
pub enum Typed {
    /// It was; the way in is not used up yet.
    Right(SignIn),
    /// It was not, and may be typed again.
    Wrong,
    /// Nothing is left to try in this browser: used, over, or tried too often.
    Gone,
}

/// Tries a typed code on everything that this browser has asked for. The try is counted before it is looked at, so that
/// many at once are no more than five.
pub async fn try_code(
    db: &impl ConnectionTrait,
    browser: &str,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Typed, DbErr> {
    let mut answer = Typed::Gone;
    for way in of_browser(db, browser, now).await? {
        let sql = format!("UPDATE sign_ins SET tries = tries + 1 WHERE id = ? AND tries < {TRIES} AND used_at IS NULL");
        let counted = db.execute_raw(statement(db.get_database_backend(), &sql, vec![way.id.into()])).await?;
        if counted.rows_affected() == 0 {
            continue;
        }
        if chance::digest(&way.id.to_string(), typed) == way.code_hash {
            return Ok(Typed::Right(way));
        }
        answer = Typed::Wrong;
    }
    match answer {
        Typed::Wrong if of_browser(db, browser, now).await?.is_empty() => Ok(Typed::Gone),
        answer => Ok(answer),
    }
}

/// Uses a way in up; says whether it was still good, so that of two people at once one comes in.
pub async fn take(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE sign_ins SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?";
    let values = vec![now.into(), id.into(), now.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Forgets ways in that are long over.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let values = vec![(now - Duration::days(1)).into()];
    db.execute_raw(statement(db.get_database_backend(), "DELETE FROM sign_ins WHERE expires_at < ?", values)).await?;
    Ok(())
}

/// The address if it is a path of this site, and nothing otherwise: nobody is led elsewhere after signing in.
pub fn local_path(next: &str) -> &str {
    let is_plain = next.len() <= 2000 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-");
    if is_plain && is_local { next } else { "" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_a_path_of_this_site_is_led_to() {
        for fine in ["/me", "/staff/groups?q=%E6%B5%B7&page=2"] {
            assert_eq!(local_path(fine), fine);
        }
        for wrong in
            ["", "me", "//example.jp", "/\\example.jp", "/\t/example.jp", "https://example.jp/", "/sign-out", "/海"]
        {
            assert_eq!(local_path(wrong), "", "{wrong}");
        }
    }
}
