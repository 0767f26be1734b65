//! The photo of a group: one is shown, those taken down are kept a while so that the office can put them back.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::picture::Picture;
use crate::audit::Actor;
use crate::chance;
use crate::clock::new_id;
use crate::db::statement;
use crate::revision::{self, Scope};

/// Days for which a photo that was taken down can be put back.
pub const KEPT_DAYS: i64 = 30;

/// A photo and what is known of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Photo {
    /// Identifier.
    pub id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Name of its files.
    pub name: String,
    /// Digest of its bytes, part of its address.
    pub hash: String,
    /// What is on it, in words.
    pub alt: String,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// Who sent it.
    pub actor: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was taken down.
    pub removed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub removed_by: String,
    /// Why.
    pub reason: String,
}

impl Photo {
    /// Address of the photo as everybody sees it; it changes whenever the photo does.
    pub fn url(&self) -> String {
        format!("{}/photo/{}.jpg", crate::groups::path(self.group_id), self.hash)
    }

    /// Address of the small one.
    pub fn small_url(&self) -> String {
        format!("{}/photo/{}-small.jpg", crate::groups::path(self.group_id), self.hash)
    }

    /// Names of its files: the large one and the small one.
    pub fn files(&self) -> [String; 2] {
        files(&self.name)
    }
}

/// Names of the files of a photo.
pub(super) fn files(name: &str) -> [String; 2] {
    [format!("{name}.jpg"), format!("{name}-small.jpg")]
}

/// A new name that nobody can guess.
pub(super) fn new_name() -> String {
    chance::token()
}

/// The digest of a photo that stands in its address.
pub fn hash(picture: &Picture) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(&picture.large)[..12])
}

const COLUMNS: &str = "id, group_id, name, hash, alt, width, height, actor, created_at, removed_at, removed_by, reason";

async fn all(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Photo>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM photos WHERE {rest}");
    Photo::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The photo that a group shows.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Photo>, DbErr> {
    Ok(all(db, "group_id = ? AND removed_at IS NULL", vec![group_id.into()]).await?.pop())
}

/// Photos of a group that were taken down and can be put back, the latest first.
pub async fn removed_of(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Photo>, DbErr> {
    all(db, "group_id = ? AND removed_at IS NOT NULL ORDER BY removed_at DESC, id DESC", vec![group_id.into()]).await
}

/// A photo of a group under its identifier.
pub async fn find(db: &impl ConnectionTrait, group_id: Uuid, id: Uuid) -> Result<Option<Photo>, DbErr> {
    Ok(all(db, "group_id = ? AND id = ?", vec![group_id.into(), id.into()]).await?.pop())
}

/// A photo whose files lie ready, on its way into the register.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Name of its files.
    pub name: &'a str,
    /// Digest of its bytes.
    pub hash: &'a str,
    /// What is on it.
    pub alt: &'a str,
    /// Width and height.
    pub size: (u32, u32),
}

/// Shows a photo in place of the one before. The caller holds the group's record.
pub async fn show(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    new: New<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    remove(db, group_id, (&actor.name, "新しい写真に替えました。"), now).await?;
    let sql = "INSERT INTO photos (id, group_id, name, hash, alt, width, height, actor, created_at, removed_by, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')";
    let id = new_id();
    let length = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    let values = vec![
        id.into(),
        group_id.into(),
        new.name.into(),
        new.hash.into(),
        new.alt.into(),
        length(new.size.0).into(),
        length(new.size.1).into(),
        actor.name.clone().into(),
        now.into(),
    ];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    revision::bump(db, Scope::Groups, now).await?;
    Ok(id)
}

/// Says in other words what is on a photo.
pub async fn describe(db: &impl ConnectionTrait, id: Uuid, alt: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE photos SET alt = ? WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![alt.into(), id.into()])).await?;
    revision::bump(db, Scope::Groups, now).await
}

/// Takes down the photo that a group shows; says whether there was one.
pub async fn remove(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    (by, reason): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE photos SET removed_at = ?, removed_by = ?, reason = ? WHERE group_id = ? AND removed_at IS NULL";
    let values = vec![now.into(), by.into(), reason.into(), group_id.into()];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    revision::bump(db, Scope::Groups, now).await?;
    Ok(done.rows_affected() > 0)
}

/// Puts a photo back that was taken down, in place of the one shown now; says whether it was still there.
pub async fn put_back(db: &impl ConnectionTrait, photo: &Photo, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    remove(db, photo.group_id, (by, "以前の写真に戻しました。"), now).await?;
    let sql =
        "UPDATE photos SET removed_at = NULL, removed_by = '', reason = '' WHERE id = ? AND removed_at IS NOT NULL";
    let done = db.execute_raw(statement(db.get_database_backend(), sql, vec![photo.id.into()])).await?;
    Ok(done.rows_affected() > 0)
}

/// Forgets photos that were taken down too long ago to be put back.
pub(super) async fn forget(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "DELETE FROM photos WHERE removed_at < ?";
    let before = now - Duration::days(KEPT_DAYS);
    db.execute_raw(statement(db.get_database_backend(), sql, vec![before.into()])).await?;
    Ok(())
}

/// The names of every photo of the register.
pub(super) async fn names(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(statement(db.get_database_backend(), "SELECT name FROM photos", vec![])).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}
