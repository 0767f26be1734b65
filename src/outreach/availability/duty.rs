//! Leave (休み) and other duties (ほかの仕事) of somebody: while they last, nobody sends them anywhere else.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::statement;

/// What keeps somebody away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 休み: not at work at all.
    Leave,
    /// ほかの仕事: at work, at some place or at their own.
    Duty,
}

impl Kind {
    /// All kinds in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Leave, Self::Duty];

    /// Key in the database and in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Duty => "duty",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Leave => "休み",
            Self::Duty => "ほかの仕事",
        }
    }
}

/// A leave or another duty as it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Duty {
    /// Identifier.
    pub id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    kind: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Key of the town it takes place in; empty for none.
    pub town_key: String,
    /// A note for staff.
    pub note: String,
    /// Since when it no longer counts.
    pub removed_at: Option<DateTime<Utc>>,
}

impl Duty {
    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind).unwrap_or(Kind::Duty)
    }
}

/// A checked leave or duty that can be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Key of the town it takes place in; empty for none.
    pub town_key: String,
    /// A note for staff.
    pub note: String,
}

const COLUMNS: &str = "id, account_id, kind, starts_at, ends_at, town_key, note, removed_at";

async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Duty>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM outreach_duties {rest} ORDER BY starts_at, id");
    Duty::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// What keeps anybody away within a span of time.
pub async fn within(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Duty>, DbErr> {
    let rest = "WHERE removed_at IS NULL AND starts_at < ? AND ends_at > ?";
    select(db, rest, vec![until.into(), from.into()]).await
}

/// What keeps somebody away from a moment on, with what was taken out.
pub async fn ahead(db: &impl ConnectionTrait, account_id: Uuid, from: DateTime<Utc>) -> Result<Vec<Duty>, DbErr> {
    select(db, "WHERE account_id = ? AND ends_at > ?", vec![account_id.into(), from.into()]).await
}

/// One leave or duty of somebody.
pub async fn find(db: &impl ConnectionTrait, account_id: Uuid, id: Uuid) -> Result<Option<Duty>, DbErr> {
    Ok(select(db, "WHERE account_id = ? AND id = ?", vec![account_id.into(), id.into()]).await?.pop())
}

/// Writes a leave or a duty down; says whether it did: not when the same form was sent twice.
pub async fn insert(
    db: &impl ConnectionTrait,
    (account_id, id): (Uuid, Uuid),
    draft: &Draft,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO outreach_duties (id, account_id, kind, starts_at, ends_at, town_key, note, created_by,
        created_at, removed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT (id) DO NOTHING";
    let values = vec![
        id.into(),
        account_id.into(),
        draft.kind.key().into(),
        draft.starts_at.into(),
        draft.ends_at.into(),
        draft.town_key.clone().into(),
        draft.note.clone().into(),
        by.into(),
        now.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Takes a leave or a duty out, or puts it back; says whether that changed anything.
pub async fn remove(
    db: &impl ConnectionTrait,
    (account_id, id): (Uuid, Uuid),
    removed: bool,
    (by, now): (&str, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE outreach_duties SET removed_at = ?, removed_by = ? WHERE account_id = ? AND id = ?
        AND (removed_at IS NULL) = ?";
    let (at, by) = (removed.then_some(now), if removed { by } else { "" });
    let values = vec![at.into(), by.into(), account_id.into(), id.into(), removed.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
