//! The first entries of a group wait until staff have looked at them (確認待ち); one row says who asked and what became of it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::waiting::{Waiting, counted};

/// Where an entry stands with the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// 確認待ち.
    Waiting,
    /// 承認.
    Approved,
    /// 見送り.
    Refused,
    /// 取り下げ: the group took it back.
    Withdrawn,
}

impl ReviewState {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state under a key.
    pub fn from_key(key: &str) -> Self {
        let all = [Self::Approved, Self::Refused, Self::Withdrawn];
        all.into_iter().find(|state| state.key() == key).unwrap_or(Self::Waiting)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "確認待ち",
            Self::Approved => "公開",
            Self::Refused => "見送り",
            Self::Withdrawn => "取り下げ",
        }
    }
}

/// The review of one entry.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Review {
    /// The group that holds it; nothing for what came from the calendar of an institution.
    pub group_id: Option<Uuid>,
    state: String,
    /// The account that asked.
    pub account_id: Option<Uuid>,
    /// Who asked.
    pub asked_by: String,
    /// Since when it waits.
    pub asked_at: DateTime<Utc>,
    /// Who decided; empty until then.
    pub decided_by: String,
    /// Why, where it was refused.
    pub note: String,
}

impl Review {
    /// Where it stands.
    pub fn state(&self) -> ReviewState {
        ReviewState::from_key(&self.state)
    }

    /// Whether staff have still to decide.
    pub fn is_waiting(&self) -> bool {
        self.state() == ReviewState::Waiting
    }
}

/// The review of an entry; nothing for what never had to wait.
pub async fn find(db: &impl ConnectionTrait, entry_id: Uuid) -> Result<Option<Review>, DbErr> {
    let sql = "SELECT group_id, state, account_id, asked_by, asked_at, decided_by, note FROM entry_reviews
        WHERE entry_id = ?";
    Review::find_by_statement(statement(db.get_database_backend(), sql, vec![entry_id.into()])).one(db).await
}

/// Puts an entry before the office; one that waits already keeps its place in the queue.
pub async fn ask(
    db: &impl ConnectionTrait,
    (entry_id, group_id): (Uuid, Option<Uuid>),
    (account_id, name): (Option<Uuid>, &str),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO entry_reviews (entry_id, group_id, state, account_id, asked_by, asked_at, decided_by, note)
        VALUES (?, ?, 'waiting', ?, ?, ?, '', '') ON CONFLICT (entry_id) DO UPDATE SET
        asked_at = CASE WHEN entry_reviews.state = 'waiting' THEN entry_reviews.asked_at ELSE excluded.asked_at END,
        state = 'waiting', account_id = excluded.account_id, asked_by = excluded.asked_by, decided_by = '',
        decided_at = NULL, note = ''";
    let values = vec![entry_id.into(), group_id.into(), account_id.into(), name.into(), now.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Decides about an entry that waits; says whether it still did.
pub async fn decide(
    db: &impl ConnectionTrait,
    entry_id: Uuid,
    state: ReviewState,
    (by, note): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE entry_reviews SET state = ?, decided_by = ?, decided_at = ?, note = ?
        WHERE entry_id = ? AND state = 'waiting'";
    let values = vec![state.key().into(), by.into(), now.into(), note.into(), entry_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Ends the waiting of an entry that its source has taken back.
pub async fn withdraw(db: &impl ConnectionTrait, entry_id: Uuid, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    decide(db, entry_id, ReviewState::Withdrawn, (by, ""), now).await
}

/// What waits for the office, oldest first, and how many in all.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT r.entry_id, r.group_id, r.asked_at, e.title, COALESCE(g.name, e.organiser) AS name
        FROM entry_reviews r JOIN calendar_entries e ON e.id = r.entry_id LEFT JOIN groups g ON g.id = r.group_id
        WHERE r.state = 'waiting' ORDER BY r.asked_at, r.entry_id LIMIT ?";
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut list = Vec::new();
    for row in db.query_all_raw(statement(backend, sql, vec![limit.into()])).await? {
        let (title, group): (String, String) = (row.try_get("", "title")?, row.try_get("", "name")?);
        list.push(Waiting {
            kind: "予定",
            title: format!("{title}（{group}）"),
            path: super::desk::staff_path(row.try_get("", "entry_id")?),
            since: row.try_get("", "asked_at")?,
            group_id: row.try_get("", "group_id")?,
        });
    }
    let sql = "SELECT COUNT(*) AS count FROM entry_reviews WHERE state = 'waiting'";
    Ok((counted(db, (list.len(), most), sql).await?, list))
}
