//! Ways: the secrets of links in letters. Each opens the page of its reader, and stops what its letter was about.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::db::statement;

/// Days for which the links of a letter are good.
pub const DAYS: i64 = 180;

/// What a letter was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The page alone.
    Page,
    /// A subscription.
    Subscription(Uuid),
    /// A star.
    Star(Uuid),
}

/// A link that is good.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Way {
    /// Whose page it opens.
    pub reader_id: Uuid,
    subscription_id: Option<Uuid>,
    star_id: Option<Uuid>,
}

impl Way {
    /// What its letter was about.
    pub fn subject(&self) -> Subject {
        match (self.subscription_id, self.star_id) {
            (Some(id), _) => Subject::Subscription(id),
            (_, Some(id)) => Subject::Star(id),
            _ => Subject::Page,
        }
    }
}

/// The digest under which a secret is known.
pub fn hash(token: &str) -> String {
    chance::digest("digest", token)
}

/// Makes links: for each reader and subject the secret of its letter, in the same order.
pub async fn make(
    db: &impl ConnectionTrait,
    whose: &[(Uuid, Subject)],
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let tokens: Vec<String> = whose.iter().map(|_| chance::token()).collect();
    let hashed: Vec<(String, Uuid, Subject)> =
        whose.iter().zip(&tokens).map(|((reader, subject), token)| (hash(token), *reader, *subject)).collect();
    insert(db, &hashed, now).await?;
    Ok(tokens)
}

/// Makes a secret that is known already open the page of a reader.
pub async fn open(db: &impl ConnectionTrait, hash: &str, reader: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    insert(db, &[(hash.to_owned(), reader, Subject::Page)], now).await
}

async fn insert(
    db: &impl ConnectionTrait,
    hashed: &[(String, Uuid, Subject)],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if hashed.is_empty() {
        return Ok(());
    }
    let marks = vec!["(?, ?, ?, ?, ?)"; hashed.len()].join(", ");
    let sql = format!("INSERT INTO digest_ways (hash, reader_id, subscription_id, star_id, made_at) VALUES {marks}");
    let row = |(hash, reader, subject): &(String, Uuid, Subject)| -> [Value; 5] {
        let (subscription, star) = match subject {
            Subject::Page => (None, None),
            Subject::Subscription(id) => (Some(*id), None),
            Subject::Star(id) => (None, Some(*id)),
        };
        [hash.as_str().into(), (*reader).into(), subscription.into(), star.into(), now.into()]
    };
    let values = hashed.iter().flat_map(row).collect();
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(())
}

/// The link with this secret, if it is still good.
pub async fn find(db: &impl ConnectionTrait, token: &str, now: DateTime<Utc>) -> Result<Option<Way>, DbErr> {
    let sql = "SELECT reader_id, subscription_id, star_id FROM digest_ways WHERE hash = ? AND made_at >= ?";
    let values = vec![hash(token).into(), (now - chrono::Duration::days(DAYS)).into()];
    Way::find_by_statement(statement(db.get_database_backend(), sql, values)).one(db).await
}

/// Forgets links that are good no more.
pub async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM digest_ways WHERE made_at < ?";
    let values = vec![(now - chrono::Duration::days(DAYS)).into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
