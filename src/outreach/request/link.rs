//! Personal links to a request: one for the browser that sent it, one in each letter; the database knows their digests alone.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::request::{self, Request, Stage};
use crate::audit::Actor;
use crate::chance;
use crate::db::statement;

/// Links to one address within an hour.
const MOST_TO_ADDRESS: i64 = 8;
/// Links asked for from one network within an hour.
const MOST_FROM_NETWORK: i64 = 30;
/// So long after its last change a request is opened by its links.
const GOOD_FOR: Duration = Duration::days(400);

/// A request opened by a personal link.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The request.
    pub request: Request,
    /// The secret by which it was opened.
    pub token: String,
    /// Whether the link came by a letter to the address that the request has now.
    pub by_letter: bool,
}

impl Opened {
    /// Address of the request's page for the applicant.
    pub fn path(&self) -> String {
        crate::outreach::request_path(&self.token)
    }

    /// Whether the address must be shown first to be theirs: a letter may have reached a stranger.
    pub fn must_verify(&self) -> bool {
        self.by_letter && self.request.stage() == Stage::Unverified
    }

    /// As whom the applicant's changes are written down.
    pub fn actor(&self) -> Actor {
        Actor::named(&format!("{} {}", self.request.body_name, self.request.contact_name))
    }
}

/// Makes a link; `mail` is the address to which it goes by letter, empty for a browser or for paper.
pub async fn make(
    db: &impl ConnectionTrait,
    request_id: Uuid,
    (mail, network): (&str, &str),
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let sql = "INSERT INTO outreach_links (token_hash, request_id, mail, network, created_at) VALUES (?, ?, ?, ?, ?)";
    let values = vec![digest(&token).into(), request_id.into(), mail.into(), network.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// The request behind a link.
pub async fn open(db: &impl ConnectionTrait, token: &str, now: DateTime<Utc>) -> Result<Option<Opened>, DbErr> {
    let sql = "SELECT request_id, mail FROM outreach_links WHERE token_hash = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![digest(token).into()])).await?;
    let Some(row) = row else { return Ok(None) };
    let mail: String = row.try_get("", "mail")?;
    let found = request::find(db, row.try_get("", "request_id")?).await?;
    let found = found.filter(|found| now - found.updated_at <= GOOD_FOR);
    // A letter to an address that the request no longer has opens nothing.
    let found = found.filter(|found| mail.is_empty() || mail == found.mail);
    Ok(found.map(|request| Opened { by_letter: !mail.is_empty(), token: token.to_owned(), request }))
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
    let to = "SELECT COUNT(*) AS count FROM outreach_links WHERE mail = ? AND created_at > ?";
    let from = "SELECT COUNT(*) AS count FROM outreach_links WHERE network = ? AND created_at > ?";
    Ok(count(to, mail).await? < MOST_TO_ADDRESS && count(from, network).await? < MOST_FROM_NETWORK)
}

fn digest(token: &str) -> String {
    chance::digest("outreach", token)
}
