//! What somebody was told of: occurrences as they stood then. Equal memories are one row, however many readers share them.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::calendar::{self, Standing, Status, Succession};
use crate::chance;
use crate::db::statement;

/// How often a series may have been changed from one occurrence on between two letters.
const CARRIED: usize = 10;

/// An occurrence as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// UID of the entry or of its series.
    pub uid: String,
    /// The start it has or had in its series.
    pub instance: String,
    /// The page that was named.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// When it begins; empty for whole days.
    pub begins: String,
    /// When it ends; empty when that was not known.
    pub ends: String,
    /// Place.
    pub place: String,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it was told as something that takes place soon, rather than as something new further ahead.
    pub near: bool,
}

impl Told {
    /// An occurrence as it is told now.
    pub fn of(standing: &Standing, near: bool) -> Self {
        Self {
            uid: standing.uid.clone(),
            instance: standing.instance.clone(),
            id: standing.id,
            title: standing.title.clone(),
            first_day: standing.first_day,
            last_day: standing.last_day,
            begins: standing.begins.clone(),
            ends: standing.ends.clone(),
            place: standing.place.clone(),
            cancelled: standing.status() == Status::Cancelled,
            near,
        }
    }

    /// What tells it from every other occurrence.
    pub fn key(&self) -> (&str, &str) {
        (&self.uid, &self.instance)
    }
}

/// Everything that somebody was told of and that is not over.
pub type Memory = Vec<Told>;

/// A memory as it is kept: the same for the same content.
pub(super) fn written(memory: &mut Memory) -> String {
    memory.sort_by(|one, other| one.key().cmp(&other.key()));
    serde_json::to_string(memory).unwrap_or_default()
}

/// Short digests of UIDs, one a line in their order; enough to know whether one was there before.
pub(super) fn written_uids<'a>(uids: impl Iterator<Item = &'a str>) -> String {
    let mut marks: Vec<String> = uids.map(mark).collect();
    marks.sort_unstable();
    marks.join("\n")
}

/// The UIDs of such a text.
pub(super) fn read_uids(text: &str) -> HashSet<&str> {
    text.lines().collect()
}

/// The short digest of a UID.
pub(super) fn mark(uid: &str) -> String {
    chance::digest("uid", uid).chars().take(16).collect()
}

/// Keeps a content and returns the digest under which it is found.
pub(super) async fn put(db: &impl ConnectionTrait, content: &str, now: DateTime<Utc>) -> Result<String, DbErr> {
    let hash = chance::digest("told", content);
    let sql = "INSERT INTO digest_states (hash, content, used_at) VALUES (?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at";
    let values = vec![hash.as_str().into(), content.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(hash)
}

/// The content under a digest; nothing under an empty one.
pub(super) async fn find(db: &impl ConnectionTrait, hash: &str) -> Result<Option<String>, DbErr> {
    if hash.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT content FROM digest_states WHERE hash = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![hash.into()])).await?;
    row.map(|row| row.try_get("", "content")).transpose()
}

/// The memory under a digest; nobody remembers anything under an empty one.
pub(super) async fn memory(db: &impl ConnectionTrait, hash: &str) -> Result<Memory, DbErr> {
    let content = find(db, hash).await?.unwrap_or_default();
    Ok(serde_json::from_str(&content).unwrap_or_default())
}

/// What is no longer seen because another entry is shown in its place (まとめ) is remembered as that one; says whether anything was.
pub(super) async fn follow(
    db: &impl ConnectionTrait,
    memory: &mut Memory,
    gone: &HashSet<String>,
) -> Result<bool, DbErr> {
    let mut moved = false;
    for uid in gone {
        let Some(id) = memory.iter().find(|told| told.uid == *uid).map(|told| told.id) else { continue };
        let Some(lead) = calendar::union::instead_of(db, id).await? else { continue };
        let Some(lead) = calendar::find_public(db, lead).await? else { continue };
        memory.iter_mut().filter(|told| told.uid == *uid).for_each(|told| told.uid.clone_from(&lead.uid));
        moved = true;
    }
    memory.sort_by(|one, other| one.key().cmp(&other.key()).then(other.near.cmp(&one.near)));
    memory.dedup_by(|one, other| one.key() == other.key());
    Ok(moved)
}

/// What goes on in another series (この回からあと) is remembered as an occurrence of that one; gives these series, each once.
pub(super) async fn carry_over(
    db: &impl ConnectionTrait,
    memory: &mut Memory,
    zone: Tz,
) -> Result<Vec<Succession>, DbErr> {
    let mut carried: Vec<Succession> = Vec::new();
    for _ in 0..CARRIED {
        let mut uids: Vec<String> = memory.iter().map(|told| told.uid.clone()).collect();
        uids.sort_unstable();
        uids.dedup();
        let successions = calendar::successions(db, &uids).await?;
        let mut moved = false;
        for told in memory.iter_mut() {
            let goes_on = |one: &&Succession| one.before == told.uid && *one.ended_at <= *told.instance;
            let Some(next) = successions.iter().find(goes_on) else { continue };
            let Some(instance) = next.continued(&told.instance, zone) else { continue };
            (told.uid, told.instance, moved) = (next.uid.clone(), instance, true);
            if !carried.contains(next) {
                carried.push(next.clone());
            }
        }
        if !moved {
            break;
        }
    }
    Ok(carried)
}

/// Forgets what nobody remembers any more.
pub(super) async fn sweep(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM digest_states WHERE used_at < ?
        AND NOT EXISTS (SELECT 1 FROM digest_subscriptions s WHERE s.told = digest_states.hash)
        AND NOT EXISTS (SELECT 1 FROM digest_subscriptions s WHERE s.known = digest_states.hash)
        AND NOT EXISTS (SELECT 1 FROM digest_stars s WHERE s.told = digest_states.hash)";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?;
    Ok(())
}
