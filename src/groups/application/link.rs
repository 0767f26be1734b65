//! Personal links to an application: one for the browser that began it, one in each letter; the database knows their digests alone.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::application::{self, Application};
use crate::chance;
use crate::db::statement;

/// Links to one address within an hour.
const MOST_TO_ADDRESS: i64 = 5;
/// Links asked for from one network within an hour.
const MOST_FROM_NETWORK: i64 = 30;

/// An application opened by a personal link.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The application.
    pub application: Application,
    /// The secret by which it was opened.
    pub token: String,
    /// Whether the link came by a letter to the address that the application has now.
    pub by_letter: bool,
}

impl Opened {
    /// Whether the address must be shown first to be theirs: a letter may have reached a stranger.
    pub fn must_verify(&self) -> bool {
        self.by_letter && !self.application.is_verified()
    }

    /// Address of the application's page.
    pub fn path(&self) -> String {
        super::path(&self.token)
    }
}

/// Makes a link; `mail` is the address to which it goes by letter, empty for the browser that asked.
pub async fn make(
    db: &impl ConnectionTrait,
    application_id: Uuid,
    (mail, network): (&str, &str),
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO application_links (token_hash, application_id, mail, network, created_at)
        VALUES (?, ?, ?, ?, ?)";
    let values = vec![digest(&token).into(), application_id.into(), mail.into(), network.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// The application behind a link, unless nobody touched it for `days`.
pub async fn open(
    db: &impl ConnectionTrait,
    token: &str,
    days: i32,
    now: DateTime<Utc>,
) -> Result<Option<Opened>, DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT application_id, mail FROM application_links WHERE token_hash = ?";
    let Some(row) = db.query_one_raw(statement(backend, sql, vec![digest(token).into()])).await? else {
        return Ok(None);
    };
    let mail: String = row.try_get("", "mail")?;
    let found = application::find(db, row.try_get("", "application_id")?).await?;
    let found = found.filter(|found| now - found.updated_at <= Duration::days(days.into()));
    Ok(found.map(|application| Opened {
        by_letter: !mail.is_empty() && mail == application.mail,
        token: token.to_owned(),
        application,
    }))
}

/// Whether another letter with a link may go to this address, asked for from this network.
pub async fn may_be_sent(
    db: &impl ConnectionTrait,
    (mail, network): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let since = now - Duration::hours(1);
    let count = async |sql: &str, key: &str| {
        let statement = statement(db.get_database_backend(), sql, vec![key.into(), since.into()]);
        let row = db.query_one_raw(statement).await?;
        row.map_or(Ok(0), |row| row.try_get::<i64>("", "count"))
    };
    let to = "SELECT COUNT(*) AS count FROM application_links WHERE mail = ? AND created_at > ?";
    let from = "SELECT COUNT(*) AS count FROM application_links WHERE network = ? AND created_at > ?";
    Ok(count(to, mail).await? < MOST_TO_ADDRESS && count(from, network).await? < MOST_FROM_NETWORK)
}

/// Ends the links that went out by letter: the address has changed.
pub async fn end_letters(db: &impl ConnectionTrait, application_id: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM application_links WHERE application_id = ? AND mail <> ''";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![application_id.into()])).await?;
    Ok(())
}

fn digest(token: &str) -> String {
    chance::digest("application", token)
}
