//! A proposal: the changes of a group's profile that wait for the office, field by field. Each group has at most one that is open.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::audit::{Actor, Channel};
use crate::clock::new_id;
use crate::db::statement;
use crate::waiting::{Waiting, counted};

/// A change of one field that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// Key of the field.
    pub key: String,
    /// Its text when the change was asked for.
    pub old: String,
    /// Its text as it is to be.
    pub new: String,
    /// Who asks.
    pub by: String,
    /// The account of whoever asks.
    pub account_id: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 確認待ち.
    Open,
    /// Decided: approved whole or in part, or refused.
    Decided,
    /// 取下げ.
    Withdrawn,
}

impl Standing {
    fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided => "decided",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Changes of one group that wait, or were decided.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Proposal {
    /// Identifier.
    pub id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// The group's name as the public sees it.
    pub group_name: String,
    /// Who began it.
    pub actor: String,
    /// Counts how often it was changed; a decision names the count it was made on.
    pub counter: i32,
    /// The group's version when it began.
    pub base_version: i32,
    fields: Json,
    state: String,
    /// What the office says to it.
    pub note: String,
    accepted: Json,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by: String,
}

impl Proposal {
    /// The changes, in the order of the form.
    pub fn asked(&self) -> Vec<Asked> {
        serde_json::from_value(self.fields.clone()).unwrap_or_default()
    }

    /// Keys of the fields that were accepted.
    pub fn accepted(&self) -> Vec<String> {
        serde_json::from_value(self.accepted.clone()).unwrap_or_default()
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        let all = [Standing::Open, Standing::Decided, Standing::Withdrawn];
        all.into_iter().find(|standing| standing.key() == self.state).unwrap_or(Standing::Withdrawn)
    }

    /// The accounts that asked for any of it.
    pub fn accounts(&self) -> BTreeSet<Uuid> {
        self.asked().into_iter().filter_map(|asked| asked.account_id).collect()
    }
}

/// Changes as they stand in the trail: each field with its new text.
pub fn as_json(asked: &[Asked]) -> Json {
    Json::Object(asked.iter().map(|asked| (asked.key.clone(), Json::String(asked.new.clone()))).collect())
}

const COLUMNS: &str = "p.id, p.group_id, g.name AS group_name, p.actor, p.counter, p.base_version, p.fields, p.state,
    p.note, p.accepted, p.created_at, p.updated_at, p.decided_at, p.decided_by";

async fn one(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Option<Proposal>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM proposals p JOIN groups g ON g.id = p.group_id WHERE {rest}");
    Proposal::find_by_statement(statement(db.get_database_backend(), &sql, values)).one(db).await
}

/// The proposal under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Proposal>, DbErr> {
    one(db, "p.id = ?", vec![id.into()]).await
}

/// The open proposal of a group.
pub async fn open_of(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Proposal>, DbErr> {
    one(db, "p.group_id = ? AND p.state = 'open'", vec![group_id.into()]).await
}

/// The proposal of a group that was decided last.
pub async fn latest_decided(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Proposal>, DbErr> {
    let rest = "p.group_id = ? AND p.state = 'decided' ORDER BY p.updated_at DESC, p.id DESC LIMIT 1";
    one(db, rest, vec![group_id.into()]).await
}

/// Who asks, on which way, on which version of the group.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The group.
    pub group_id: Uuid,
    /// The version of its record.
    pub version: i32,
    /// Who.
    pub actor: &'a Actor,
    /// On which way.
    pub channel: Channel,
}

/// Begins a proposal, or says anew what the open one asks for. The caller holds the group's record.
pub async fn put(
    db: &impl ConnectionTrait,
    open: Option<&Proposal>,
    asking: Asking<'_>,
    asked: &[Asked],
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let backend = db.get_database_backend();
    let fields = serde_json::to_value(asked).unwrap_or_default();
    if let Some(open) = open {
        let sql =
            "UPDATE proposals SET fields = ?, counter = counter + 1, updated_at = ? WHERE id = ? AND state = 'open'";
        db.execute_raw(statement(backend, sql, vec![fields.into(), now.into(), open.id.into()])).await?;
        return Ok(open.id);
    }
    let sql =
        "INSERT INTO proposals (id, group_id, account_id, actor, channel, counter, base_version, fields, state, note,
        accepted, created_at, updated_at, decided_by) VALUES (?, ?, ?, ?, ?, 1, ?, ?, 'open', '', ?, ?, ?, '')";
    let id = new_id();
    let values = vec![
        id.into(),
        asking.group_id.into(),
        asking.actor.account_id.into(),
        asking.actor.name.clone().into(),
        asking.channel.key().into(),
        asking.version.into(),
        fields.into(),
        serde_json::json!([]).into(),
        now.into(),
        now.into(),
    ];
    db.execute_raw(statement(backend, sql, values)).await?;
    Ok(id)
}

/// Takes an open proposal back; says whether it still was open.
pub async fn withdraw(db: &impl ConnectionTrait, id: Uuid, by: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE proposals SET state = 'withdrawn', updated_at = ?, decided_at = ?, decided_by = ?
        WHERE id = ? AND state = 'open'";
    let values = vec![now.into(), now.into(), by.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// What the office decides on a proposal.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// The count of the proposal on which it is decided.
    pub counter: i32,
    /// Keys of the accepted fields; none to refuse all.
    pub accepted: &'a [String],
    /// What to tell the group.
    pub note: &'a str,
    /// Who decides.
    pub by: &'a str,
}

/// Closes an open proposal with a decision; says whether it was still open and as it was when the decision was made.
pub async fn close(
    db: &impl ConnectionTrait,
    id: Uuid,
    decision: &Decision<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql =
        "UPDATE proposals SET state = 'decided', accepted = ?, note = ?, updated_at = ?, decided_at = ?, decided_by = ?
        WHERE id = ? AND state = 'open' AND counter = ?";
    let values = vec![
        serde_json::json!(decision.accepted).into(),
        decision.note.into(),
        now.into(),
        now.into(),
        decision.by.into(),
        id.into(),
        decision.counter.into(),
    ];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    group_id: Uuid,
    group_name: String,
    created_at: DateTime<Utc>,
}

/// The open proposals, oldest first, and how many there are.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql = "SELECT p.id, p.group_id, g.name AS group_name, p.created_at FROM proposals p JOIN groups g ON g.id = p.group_id
        WHERE p.state = 'open' ORDER BY p.created_at, p.id LIMIT ?";
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = Row::find_by_statement(statement(backend, sql, vec![limit.into()])).all(db).await?;
    let sql = "SELECT COUNT(*) AS count FROM proposals WHERE state = 'open'";
    let count = counted(db, (rows.len(), most), sql).await?;
    let waiting = rows.into_iter().map(|row| Waiting {
        kind: "変更",
        title: row.group_name,
        path: super::path(row.id),
        since: row.created_at,
        group_id: Some(row.group_id),
    });
    Ok((count, waiting.collect()))
}
