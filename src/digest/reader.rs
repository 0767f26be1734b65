//! A reader (受取人): an address that confirmed that it wants letters. It is kept only as long as it gets any.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::letters::KINDS;
use crate::clock::new_id;
use crate::db::{placeholders, statement};
use crate::mail;

/// Somebody who gets the calendar by mail.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Reader {
    /// Identifier.
    pub id: Uuid,
    /// Address.
    pub mail: String,
    /// When it confirmed the first order.
    pub created_at: DateTime<Utc>,
    /// Since when nothing is sent because the address took nothing any more.
    pub refused_at: Option<DateTime<Utc>>,
}

async fn one(db: &impl ConnectionTrait, condition: &str, value: Value) -> Result<Option<Reader>, DbErr> {
    let sql = format!("SELECT id, mail, created_at, refused_at FROM digest_readers WHERE {condition}");
    Reader::find_by_statement(statement(db.get_database_backend(), &sql, vec![value])).one(db).await
}

/// The reader under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Reader>, DbErr> {
    one(db, "id = ?", id.into()).await
}

/// The reader of this address, as `checked_address` writes it.
pub async fn find_by_mail(db: &impl ConnectionTrait, mail: &str) -> Result<Option<Reader>, DbErr> {
    one(db, "mail = ?", mail.into()).await
}

/// The reader of an address that has just shown that it takes letters.
pub async fn ensure(db: &impl ConnectionTrait, mail: &str, now: DateTime<Utc>) -> Result<Reader, DbErr> {
    let sql = "INSERT INTO digest_readers (id, mail, created_at) VALUES (?, ?, ?) ON CONFLICT (mail) DO NOTHING";
    let values = vec![new_id().into(), mail.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    find_by_mail(db, mail).await?.ok_or(DbErr::RecordNotInserted)
}

/// Forgets a reader with everything that was ordered, every link, and every letter that was sent.
pub async fn forget(db: &impl ConnectionTrait, reader: &Reader) -> Result<(), DbErr> {
    mail::forget_of(db, KINDS, &reader.mail).await?;
    for sql in ["DELETE FROM digest_orders WHERE mail = ?", "DELETE FROM digest_readers WHERE mail = ?"] {
        let values = vec![reader.mail.as_str().into()];
        db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// Forgets a reader for whom nothing is left to be sent; says whether it did.
pub async fn forget_if_done(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        // Whoever is confirming something at this moment is waited for; on SQLite there is one writer at a time.
        let sql = "SELECT id FROM digest_readers WHERE id = ? FOR UPDATE";
        db.query_one_raw(statement(DbBackend::Postgres, sql, vec![id.into()])).await?;
    }
    let Some(reader) = find(db, id).await? else { return Ok(true) };
    let sql = "SELECT (SELECT COUNT(*) FROM digest_subscriptions WHERE reader_id = ?)
        + (SELECT COUNT(*) FROM digest_stars WHERE reader_id = ?) AS total";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![id.into(), id.into()])).await?;
    let is_done = row.map(|row| row.try_get::<i64>("", "total")).transpose()? == Some(0);
    if is_done {
        forget(db, &reader).await?;
    }
    Ok(is_done)
}

/// Stops writing to an address that takes nothing; says whether there was such a reader who was still written to.
pub async fn refuse(db: &impl ConnectionTrait, mail: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = "UPDATE digest_readers SET refused_at = ? WHERE mail = ? AND refused_at IS NULL";
    let done = db.execute_raw(statement(backend, sql, vec![now.into(), mail.into()])).await?.rows_affected() > 0;
    if done {
        let sql = "UPDATE digest_subscriptions SET paused_at = ? WHERE paused_at IS NULL
            AND reader_id IN (SELECT id FROM digest_readers WHERE mail = ?)";
        db.execute_raw(statement(backend, sql, vec![now.into(), mail.into()])).await?;
    }
    Ok(done)
}

/// Writes to an address again; what came back before counts no more.
pub async fn accept(db: &impl ConnectionTrait, reader: &Reader) -> Result<(), DbErr> {
    if reader.refused_at.is_some() {
        mail::forget_of(db, KINDS, &reader.mail).await?;
    }
    let sql = "UPDATE digest_readers SET refused_at = NULL WHERE id = ? AND refused_at IS NOT NULL";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![reader.id.into()])).await?;
    Ok(())
}

/// The addresses of these readers.
pub async fn mails(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Reader>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    let sql = format!("SELECT id, mail, created_at, refused_at FROM digest_readers WHERE id IN ({marks})");
    let values = ids.iter().map(|id| Value::from(*id)).collect();
    Reader::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Forgets readers whose addresses have taken nothing since before a moment.
pub async fn sweep(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM digest_readers WHERE refused_at < ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?;
    Ok(())
}
