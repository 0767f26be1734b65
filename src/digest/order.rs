//! An order (申し込み): what somebody typed for an address, before the owner of the address has confirmed it.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::cadence::Cadence;
use super::way;
use crate::chance;
use crate::db::statement;

/// What was ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A feed, by its name, so often.
    Feed(String, Cadence),
    /// To hear at once when this entry is cancelled or moved.
    Entry(Uuid),
}

/// An order that waits for its confirmation.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Order {
    /// Address.
    pub mail: String,
    feed: String,
    cadence: i32,
    entry_id: Option<Uuid>,
}

impl Order {
    /// What was ordered.
    pub fn wanted(&self) -> Wanted {
        match self.entry_id {
            Some(id) => Wanted::Entry(id),
            None => Wanted::Feed(self.feed.clone(), Cadence::from_number(self.cadence).unwrap_or(Cadence::FIRST)),
        }
    }
}

/// Keeps an order and returns the secret of the letter that asks for its confirmation.
pub async fn insert(
    db: &impl ConnectionTrait,
    mail: &str,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let token = chance::token();
    let (feed, cadence, entry) = match wanted {
        Wanted::Feed(feed, cadence) => (feed.as_str(), cadence.number(), None),
        Wanted::Entry(id) => ("", 0, Some(*id)),
    };
    let sql = "INSERT INTO digest_orders (hash, mail, feed, cadence, entry_id, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    let values = vec![way::hash(&token).into(), mail.into(), feed.into(), cadence.into(), entry.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(token)
}

/// The order with this secret, unless it is older than so many days.
pub async fn find(
    db: &impl ConnectionTrait,
    token: &str,
    days: i32,
    now: DateTime<Utc>,
) -> Result<Option<Order>, DbErr> {
    let sql = "SELECT mail, feed, cadence, entry_id FROM digest_orders WHERE hash = ? AND created_at >= ?";
    let values = vec![way::hash(token).into(), (now - Duration::days(days.into())).into()];
    Order::find_by_statement(statement(db.get_database_backend(), sql, values)).one(db).await
}

/// Takes an order off the list; says whether it was still there, so that of two confirmations one takes effect.
pub async fn take(db: &impl ConnectionTrait, token: &str) -> Result<bool, DbErr> {
    let sql = "DELETE FROM digest_orders WHERE hash = ?";
    let done = db.execute_raw(statement(db.get_database_backend(), sql, vec![way::hash(token).into()])).await?;
    Ok(done.rows_affected() > 0)
}

/// Forgets orders that nobody confirmed in time, and gives their addresses.
pub async fn sweep(db: &impl ConnectionTrait, days: i32, now: DateTime<Utc>) -> Result<Vec<String>, DbErr> {
    let before = now - Duration::days(days.into());
    let sql = "DELETE FROM digest_orders WHERE created_at < ? RETURNING mail";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?;
    rows.iter().map(|row| row.try_get("", "mail")).collect()
}
