//! A hand-over (引継ぎ): the representative names the next one, who confirms it at a personal link.

pub(super) mod pages;
pub(super) mod staff;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::chance;
use crate::clock::new_id;
use crate::db::statement;
use crate::waiting::{Waiting, counted};

const PURPOSE: &str = "handover";

/// A hand-over, with what people see of the group and of who hands over.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Handover {
    pub id: Uuid,
    pub group_id: Uuid,
    pub group_name: String,
    pub from_mail: String,
    pub from_name: String,
    pub mail: String,
    pub name: String,
    /// Whether the old representative leaves the group with it.
    pub leaves: bool,
    state: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Handover {
    /// Whether it can be confirmed.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == "open" && now < self.expires_at
    }

    /// The name of the next representative, or the address.
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { &self.mail } else { &self.name }
    }

    /// The name of who hands over, or the address.
    pub fn from(&self) -> &str {
        if self.from_name.is_empty() { &self.from_mail } else { &self.from_name }
    }
}

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Handover>, DbErr> {
    let sql = format!(
        "SELECT h.id, h.group_id, g.name AS group_name, a.mail AS from_mail, a.name AS from_name,
        h.mail, h.name, h.leaves, h.state, h.created_at, h.expires_at
        FROM handovers h JOIN groups g ON g.id = h.group_id JOIN accounts a ON a.id = h.from_account WHERE {rest}"
    );
    Handover::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The hand-over of a group that is under way, be its link still good or not.
pub(super) async fn open_of(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Option<Handover>, DbErr> {
    Ok(find(db, "h.group_id = ? AND h.state = 'open'", vec![group_id.into()]).await?.pop())
}

/// The hand-over of a personal link, whatever became of it.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<Handover>, DbErr> {
    Ok(find(db, "h.token_hash = ?", vec![chance::digest(PURPOSE, token).into()]).await?.pop())
}

/// To whom a group is handed over.
#[derive(Clone, Copy, Debug)]
pub struct Successor<'a> {
    /// Address.
    pub mail: &'a str,
    /// Name, may be empty.
    pub name: &'a str,
    /// Whether the old representative leaves.
    pub leaves: bool,
    /// End of the link's life.
    pub expires_at: DateTime<Utc>,
}

/// Begins a hand-over; returns it and the secret of its link, or nothing where one is under way already.
pub async fn begin(
    db: &impl ConnectionTrait,
    (group_id, from_account): (Uuid, Uuid),
    successor: Successor<'_>,
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, String)>, DbErr> {
    let (id, token) = (new_id(), chance::token());
    let sql = "INSERT INTO handovers (id, group_id, from_account, mail, name, leaves, token_hash, state, late,
        created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', FALSE, ?, ?) ON CONFLICT DO NOTHING";
    let values = vec![
        id.into(),
        group_id.into(),
        from_account.into(),
        successor.mail.into(),
        successor.name.into(),
        successor.leaves.into(),
        chance::digest(PURPOSE, &token).into(),
        now.into(),
        successor.expires_at.into(),
    ];
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok((done.rows_affected() > 0).then_some((id, token)))
}

/// Closes an open hand-over as `confirmed`, `declined` or `withdrawn`; says whether it was still open.
pub(super) async fn close(db: &impl ConnectionTrait, id: Uuid, state: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "UPDATE handovers SET state = ?, decided_at = ? WHERE id = ? AND state = 'open'";
    let values = vec![state.into(), now.into(), id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// Withdraws the hand-over of a group to or from somebody who no longer belongs to it.
pub(super) async fn withdraw_of(
    db: &impl ConnectionTrait,
    (group_id, account_id, mail): (Uuid, Uuid, &str),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE handovers SET state = 'withdrawn', decided_at = ?
        WHERE group_id = ? AND (mail = ? OR from_account = ?) AND state = 'open'";
    let values = vec![now.into(), group_id.into(), mail.into(), account_id.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Marks the hand-overs that nobody confirmed for so many days as work for the office; tells how many.
pub async fn mark_late(db: &impl ConnectionTrait, days: i32, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "UPDATE handovers SET late = TRUE WHERE state = 'open' AND late = FALSE AND created_at <= ?";
    let values = vec![(now - Duration::days(i64::from(days))).into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected())
}

#[derive(FromQueryResult)]
struct Late {
    group_id: Uuid,
    group_name: String,
    created_at: DateTime<Utc>,
}

/// The hand-overs that nobody confirmed in time: how many, and the oldest of them.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let backend = db.get_database_backend();
    let sql =
        "SELECT h.group_id, g.name AS group_name, h.created_at FROM handovers h JOIN groups g ON g.id = h.group_id
        WHERE h.state = 'open' AND h.late = TRUE ORDER BY h.created_at, h.id LIMIT ?";
    let late = Late::find_by_statement(statement(backend, sql, vec![i64::try_from(most).unwrap_or(i64::MAX).into()]))
        .all(db)
        .await?;
    let sql = "SELECT COUNT(*) AS count FROM handovers WHERE state = 'open' AND late = TRUE";
    let count = counted(db, (late.len(), most), sql).await?;
    let line = |late: Late| Waiting {
        kind: "引継ぎ",
        title: late.group_name,
        path: super::staff_path(late.group_id),
        since: late.created_at,
        group_id: Some(late.group_id),
    };
    Ok((count, late.into_iter().map(line).collect()))
}
