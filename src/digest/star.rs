//! A star (注目): somebody who hears at once when one entry, or any occurrence of one series, is cancelled or moved.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::claiming::{self, Claimed};
use super::told::{self, Memory, Told};
use crate::calendar::{self, Standing};
use crate::clock::new_id;
use crate::db::{self, statement};

/// A star as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Star {
    /// Identifier.
    pub id: Uuid,
    /// The entry's page.
    pub entry_id: Uuid,
    /// What it was called.
    pub title: String,
    /// The last day on which it takes place, as far as it is known.
    pub ends_on: NaiveDate,
}

/// How an entry stands for those who have starred it.
#[derive(Clone, Debug)]
pub struct View {
    /// Its stamp.
    pub stamp: String,
    /// Its occurrences that are not over.
    pub standing: Vec<Standing>,
}

impl View {
    /// Looks at an entry: the stamp first, so that a change in between is looked at again.
    pub async fn of(db: &impl ConnectionTrait, uid: &str, today: NaiveDate) -> Result<Self, DbErr> {
        let uids = [uid.to_owned()];
        let stamp = calendar::stamps(db, &uids).await?.remove(uid).unwrap_or_default();
        Ok(Self { stamp, standing: calendar::standing_of(db, &uids, today).await? })
    }

    /// What those remember who are told of it as it stands.
    pub fn memory(&self) -> Memory {
        self.standing.iter().map(|one| Told::of(one, true)).collect()
    }
}

/// What a star is about, and what is remembered of it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// UID of the entry or the series.
    pub uid: String,
    /// Its page.
    pub entry_id: Uuid,
    /// Its title.
    pub title: String,
    /// Its stamp.
    pub stamp: String,
    /// Digest of what is remembered.
    pub told: String,
    /// The last day on which it takes place, as far as it is known.
    pub ends_on: NaiveDate,
}

/// Keeps a star as its entry stands now; says whether there is anything of it to come.
pub async fn put(
    db: &impl ConnectionTrait,
    reader: Uuid,
    entry: &calendar::Entry,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let view = View::of(db, &entry.uid, today).await?;
    let Some(ends_on) = view.standing.iter().map(|one| one.last_day).max() else { return Ok(false) };
    let kept = Kept {
        uid: entry.uid.clone(),
        entry_id: entry.master_id.unwrap_or(entry.id),
        title: entry.title.clone(),
        told: told::put(db, &told::written(&mut view.memory()), now).await?,
        stamp: view.stamp,
        ends_on,
    };
    keep(db, reader, &kept, now).await?;
    Ok(true)
}

/// Keeps a star, unless the reader has it.
pub async fn keep(db: &impl ConnectionTrait, reader: Uuid, kept: &Kept, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO digest_stars (id, reader_id, uid, entry_id, title, stamp, told, ends_on, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reader_id, uid) DO NOTHING";
    let values: Vec<Value> = vec![
        new_id().into(),
        reader.into(),
        kept.uid.as_str().into(),
        kept.entry_id.into(),
        kept.title.as_str().into(),
        kept.stamp.as_str().into(),
        kept.told.as_str().into(),
        kept.ends_on.into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// What a reader has starred, what ends soonest first.
pub async fn of_reader(db: &impl ConnectionTrait, reader: Uuid) -> Result<Vec<Star>, DbErr> {
    let sql = "SELECT id, entry_id, title, ends_on FROM digest_stars WHERE reader_id = ? ORDER BY ends_on, id";
    Star::find_by_statement(statement(db.get_database_backend(), sql, vec![reader.into()])).all(db).await
}

/// Ends a star of a reader; says whether there was such a one.
pub async fn end(db: &impl ConnectionTrait, reader: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "DELETE FROM digest_stars WHERE id = ? AND reader_id = ?";
    let done = db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into(), reader.into()])).await?;
    Ok(done.rows_affected() > 0)
}

/// Those who have starred the same and were told the same of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Watchers {
    /// UID of the entry or the series.
    pub uid: String,
    /// Its stamp when they were last told.
    pub stamp: String,
    /// Digest of what they remember.
    pub told: String,
}

/// Watchers in the order of their UIDs, from behind one of them on, so many at a time.
async fn watchers(db: &impl ConnectionTrait, after: &Watchers, most: i64) -> Result<Vec<Watchers>, DbErr> {
    let sql = "SELECT DISTINCT uid, stamp, told FROM digest_stars
        WHERE (uid, stamp, told) > (?, ?, ?) ORDER BY uid, stamp, told LIMIT ?";
    let values = vec![after.uid.as_str().into(), after.stamp.as_str().into(), after.told.as_str().into(), most.into()];
    Watchers::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Watchers whose entry is different from what they were told.
pub async fn stale(db: &impl ConnectionTrait) -> Result<Vec<Watchers>, DbErr> {
    const SOME: i64 = 1_000;
    let (mut found, mut after) =
        (Vec::new(), Watchers { uid: String::new(), stamp: String::new(), told: String::new() });
    loop {
        let some = watchers(db, &after, SOME).await?;
        let Some(last) = some.last() else { return Ok(found) };
        after = last.clone();
        let mut uids: Vec<String> = some.iter().map(|one| one.uid.clone()).collect();
        uids.dedup();
        let stamps = calendar::stamps(db, &uids).await?;
        let stamp = |one: &Watchers| stamps.get(&one.uid).cloned().unwrap_or_default();
        found.extend(some.into_iter().filter(|one| one.stamp != stamp(one)));
    }
}

/// Takes up to `most` of these watchers for a letter, which leaves them remembering this; nobody else gets the same.
pub async fn claim(
    db: &impl ConnectionTrait,
    watchers: &Watchers,
    kept: &Kept,
    most: i64,
) -> Result<Vec<Claimed>, DbErr> {
    let due = "SELECT id FROM digest_stars WHERE uid = ? AND stamp = ? AND told = ? LIMIT ?";
    let change = "UPDATE digest_stars SET stamp = ?, told = ?, ends_on = ? WHERE id IN";
    let chosen: Vec<Value> =
        vec![watchers.uid.as_str().into(), watchers.stamp.as_str().into(), watchers.told.as_str().into(), most.into()];
    let changed: Vec<Value> = vec![kept.stamp.as_str().into(), kept.told.as_str().into(), kept.ends_on.into()];
    claiming::claim(db, (due, chosen), (change, changed)).await
}

/// Hands the stars of an entry over to the one that is shown in its place; whoever has starred both has one of them.
pub async fn hand_over(connection: &DatabaseConnection, from: &str, to: &str) -> Result<(), DbErr> {
    let transaction = db::begin(connection).await?;
    let backend = transaction.get_database_backend();
    let sql =
        "DELETE FROM digest_stars WHERE uid = ? AND reader_id IN (SELECT reader_id FROM digest_stars WHERE uid = ?)";
    transaction.execute_raw(statement(backend, sql, vec![from.into(), to.into()])).await?;
    let sql = "UPDATE digest_stars SET uid = ?, stamp = '' WHERE uid = ?";
    transaction.execute_raw(statement(backend, sql, vec![to.into(), from.into()])).await?;
    transaction.commit().await
}

/// Ends the stars of what is over; gives the readers who had them.
pub async fn sweep(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<Uuid>, DbErr> {
    let sql = "DELETE FROM digest_stars WHERE ends_on < ? AND NOT EXISTS (SELECT 1 FROM calendar_entries e
        JOIN occurrences o ON o.entry_id = e.id WHERE e.uid = digest_stars.uid AND e.public = TRUE AND o.last_day >= ?)
        RETURNING reader_id";
    let values = vec![today.into(), today.into()];
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "reader_id")).collect()
}

/// How many stars there are.
pub async fn count(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let sql = statement(db.get_database_backend(), "SELECT COUNT(*) AS total FROM digest_stars", vec![]);
    db.query_one_raw(sql).await?.map_or(Ok(0), |row| row.try_get("", "total"))
}
