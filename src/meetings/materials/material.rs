//! A material of a meeting: a file with its title, for everybody or for those who are invited.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::kind::Kind;
use crate::db::statement;

/// A material as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Material {
    /// Identifier.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The item of the agenda that it belongs to.
    pub agenda_item_id: Option<Uuid>,
    /// Title.
    pub title: String,
    /// Name of its file in the storage.
    pub file_key: String,
    /// Name under which it is saved.
    pub file_name: String,
    media_type: String,
    /// How large it is.
    pub bytes: i64,
    /// Whether everybody may read it.
    pub public: bool,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
}

impl Material {
    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_media_type(&self.media_type).unwrap_or(Kind::Pdf)
    }

    /// How large it is, in words.
    pub fn size(&self) -> String {
        match self.bytes {
            bytes if bytes >= 1024 * 1024 => format!("{}.{}MB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20),
            bytes => format!("{}KB", (bytes + 1023) / 1024),
        }
    }
}

const COLUMNS: &str = "id, meeting_id, agenda_item_id, title, file_key, file_name, media_type, bytes, public, added_by,
    added_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Material>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM meeting_materials WHERE removed_at IS NULL AND {rest}");
    Material::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The materials of a meeting, the oldest first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting_id: Uuid) -> Result<Vec<Material>, DbErr> {
    select(db, "meeting_id = ? ORDER BY added_at, id", vec![meeting_id.into()]).await
}

/// The material under this identifier in a meeting.
pub async fn find(db: &impl ConnectionTrait, meeting_id: Uuid, id: Uuid) -> Result<Option<Material>, DbErr> {
    Ok(select(db, "meeting_id = ? AND id = ?", vec![meeting_id.into(), id.into()]).await?.pop())
}

/// What is said of a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Title.
    pub title: String,
    /// The item of the agenda that it belongs to.
    pub agenda_item_id: Option<Uuid>,
    /// Whether everybody may read it.
    pub public: bool,
}

/// A file that lies ready, on its way to a meeting.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Name of its file in the storage.
    pub key: &'a str,
    /// Name under which it is saved.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// How large it is.
    pub bytes: usize,
}

/// Adds a material; not when it is there already, as the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    (id, meeting_id): (Uuid, Uuid),
    (about, new): (&About, &New<'_>),
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO meeting_materials (id, meeting_id, agenda_item_id, title, file_key, file_name, media_type,
        bytes, public, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        meeting_id.into(),
        about.agenda_item_id.into(),
        about.title.clone().into(),
        new.key.into(),
        new.name.into(),
        new.kind.media_type().into(),
        i64::try_from(new.bytes).unwrap_or(i64::MAX).into(),
        about.public.into(),
        by.into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Says something else of a material; not when it was removed, or was not as the form showed it any more.
pub async fn change(db: &impl ConnectionTrait, was: &Material, about: &About) -> Result<bool, DbErr> {
    let sql =
        "UPDATE meeting_materials SET title = ?, agenda_item_id = ?, public = ? WHERE id = ? AND removed_at IS NULL
        AND title = ? AND public = ?";
    let values = vec![
        about.title.clone().into(),
        about.agenda_item_id.into(),
        about.public.into(),
        was.id.into(),
        was.title.clone().into(),
        was.public.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Removes a material; says whether it was there. Its row stays.
pub async fn remove(db: &impl ConnectionTrait, id: Uuid, (by, now): (&str, DateTime<Utc>)) -> Result<bool, DbErr> {
    let sql = "UPDATE meeting_materials SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at IS NULL";
    let values = vec![now.into(), by.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// The files that rows still name: those shown, and those removed after this moment.
pub(super) async fn file_keys(db: &impl ConnectionTrait, removed_after: DateTime<Utc>) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT file_key FROM meeting_materials WHERE removed_at IS NULL OR removed_at > ?";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![removed_after.into()])).await?;
    rows.iter().map(|row| row.try_get("", "file_key")).collect()
}
