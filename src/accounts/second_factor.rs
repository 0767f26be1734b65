//! The second factor (ワンタイムパスワード) of staff: a code from an app on their own device (RFC 6238), or a recovery code.

pub(super) mod pages;

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use sea_orm::{ConnectionTrait, DbErr};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use super::Account;
use crate::chance;
use crate::db::statement;
use crate::text::fold::fold;

/// Seconds for which one password is shown.
const STEP: i64 = 30;
/// Recovery codes handed out at once.
const CODES: usize = 10;

/// The password generator of a secret in base32; nothing when it is no secret.
fn generator(secret: &str, issuer: &str, mail: &str) -> Option<Totp> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok().filter(|secret| secret.len() >= 16)?;
    let plain = |text: &str| text.replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_skew(1).with_account_name(plain(mail));
    builder.with_issuer(Some(plain(issuer))).build().ok()
}

/// The address that an authenticator app reads from a QR code.
fn address(account: &Account, issuer: &str) -> Option<String> {
    generator(&account.totp_secret, issuer, &account.mail)?.to_url().ok()
}

/// The next password that would be taken; shown in the demo alone.
fn hint(account: &Account, now: DateTime<Utc>) -> Option<String> {
    let step = (now.timestamp() / STEP).max(account.totp_step + 1);
    let seconds = u64::try_from(step * STEP).ok()?;
    Some(generator(&account.totp_secret, "", "demo")?.generate(seconds).to_string())
}

/// The time step of a typed password, if it is right: one step early or late is allowed.
fn step_of(account: &Account, typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = fold(typed).chars().filter(char::is_ascii_digit).collect();
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = generator(&account.totp_secret, "", "check")?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// Gives an account that has none the secret that it will confirm.
pub async fn prepare(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    let sql = "UPDATE accounts SET totp_secret = ? WHERE id = ? AND totp_secret = ''";
    let values = vec![BASE32_NOPAD.encode(&chance::secret()).into(), id.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes a password for a set-up account; each time step is good once.
pub async fn pass(
    db: &impl ConnectionTrait,
    account: &Account,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(step) = step_of(account, typed, now) else { return Ok(false) };
    let sql = "UPDATE accounts SET totp_step = ? WHERE id = ? AND totp_secret = ? AND totp_since IS NOT NULL
        AND totp_step < ?";
    let values = vec![step.into(), account.id.into(), account.totp_secret.clone().into(), step.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Sets the second factor up with its first password; says whether it was right and nobody was faster.
pub async fn confirm(
    db: &impl ConnectionTrait,
    account: &Account,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(step) = step_of(account, typed, now) else { return Ok(false) };
    let sql =
        "UPDATE accounts SET totp_since = ?, totp_step = ? WHERE id = ? AND totp_secret = ? AND totp_since IS NULL
        AND totp_step < ?";
    let secret = account.totp_secret.clone();
    let values = vec![now.into(), step.into(), account.id.into(), secret.into(), step.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Takes the second factor and its recovery codes away, so that it is set up anew.
pub async fn reset(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE accounts SET totp_secret = '', totp_since = NULL WHERE id = ?";
    db.execute_raw(statement(backend, sql, vec![id.into()])).await?;
    db.execute_raw(statement(backend, "DELETE FROM recovery_codes WHERE account_id = ?", vec![id.into()])).await?;
    Ok(())
}

fn code_digest(id: Uuid, typed: &str) -> String {
    chance::digest(&format!("recovery {id}"), &chance::typed_paper_code(typed))
}

/// Makes ten new recovery codes in place of those there were, and returns them; they are kept nowhere else.
pub async fn make_codes(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    db.execute_raw(statement(backend, "DELETE FROM recovery_codes WHERE account_id = ?", vec![id.into()])).await?;
    let codes: Vec<String> = (0..CODES).map(|_| chance::paper_code()).collect();
    for code in &codes {
        let sql = "INSERT INTO recovery_codes (account_id, code_hash) VALUES (?, ?)";
        db.execute_raw(statement(backend, sql, vec![id.into(), code_digest(id, code).into()])).await?;
    }
    Ok(codes)
}

/// Uses a recovery code up; says whether it was one.
pub async fn take_code(db: &impl ConnectionTrait, id: Uuid, typed: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND code_hash = ? AND used_at IS NULL";
    let values = vec![now.into(), id.into(), code_digest(id, typed).into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// How many recovery codes are left.
pub async fn codes_left(db: &impl ConnectionTrait, id: Uuid) -> Result<i64, DbErr> {
    let sql = "SELECT COUNT(*) AS count FROM recovery_codes WHERE account_id = ? AND used_at IS NULL";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    row.map(|row| row.try_get("", "count")).transpose().map(Option::unwrap_or_default)
}
