//! A kept form: what somebody had typed when their session ended, kept for a day until they have signed in again.

pub(super) mod pages;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::chance;
use crate::db::statement;

/// How long a form is kept, in hours.
pub const HOURS: i64 = 24;

/// A form that waits for its writer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct KeptForm {
    /// Where it was being sent.
    pub path: String,
    /// Its texts as `application/x-www-form-urlencoded`.
    pub body: String,
    /// Whether files were sent with it, which have to be chosen again.
    pub has_files: bool,
    account_id: Option<Uuid>,
}

impl KeptForm {
    /// The fields and what was typed into them, in their order.
    pub fn fields(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
    }
}

/// Keeps a form and returns the secret for the cookie of its writer's browser. `account_id` is whose it is, where known.
pub async fn keep(
    db: &impl ConnectionTrait,
    (path, body, has_files): (&str, &str, bool),
    account_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO kept_forms (token_hash, path, body, has_files, account_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?)";
    let values = vec![
        chance::digest("kept", &token).into(),
        path.into(),
        body.replace('\0', "").into(),
        has_files.into(),
        account_id.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// The form of a cookie, unless it is somebody else's or too old.
pub async fn find(
    db: &impl ConnectionTrait,
    token: &str,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<KeptForm>, DbErr> {
    let sql = "SELECT path, body, has_files, account_id FROM kept_forms WHERE token_hash = ? AND created_at > ?";
    let values = vec![chance::digest("kept", token).into(), (now - Duration::hours(HOURS)).into()];
    let form = KeptForm::find_by_statement(statement(db.get_database_backend(), sql, values)).one(db).await?;
    Ok(form.filter(|form| form.account_id.is_none_or(|owner| owner == account_id)))
}

/// Throws a form away.
pub async fn discard(db: &impl ConnectionTrait, token: &str) -> Result<(), DbErr> {
    let values = vec![chance::digest("kept", token).into()];
    let sql = "DELETE FROM kept_forms WHERE token_hash = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Forgets forms for which nobody came back.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let values = vec![(now - Duration::hours(HOURS)).into()];
    db.execute_raw(statement(db.get_database_backend(), "DELETE FROM kept_forms WHERE created_at < ?", values)).await?;
    Ok(())
}
