//! A membership: an account that looks after a group's page.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::{placeholders, statement};

/// What a member answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// 代表者: one in each group.
    Representative,
    /// 担当者.
    Member,
}

impl Duty {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Representative => "representative",
            Self::Member => "member",
        }
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Representative => "代表者",
            Self::Member => "担当者",
        }
    }
}

/// An account in a group, with what people see of both.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Membership {
    /// Identifier.
    pub id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Its name.
    pub group_name: String,
    /// The account.
    pub account_id: Uuid,
    /// Its mail address.
    pub mail: String,
    /// Its name; may be empty.
    pub name: String,
    duty: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Membership {
    /// What the member answers for.
    pub fn duty(&self) -> Duty {
        if self.duty == Duty::Representative.key() { Duty::Representative } else { Duty::Member }
    }
}

const COLUMNS: &str = "m.id, m.group_id, g.name AS group_name, m.account_id, a.mail, a.name, m.duty, m.since";

async fn find(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Membership>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM memberships m JOIN groups g ON g.id = m.group_id JOIN accounts a ON a.id = m.account_id
        WHERE {rest}"
    );
    Membership::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The groups that an account looks after, in 五十音 order.
pub async fn of_account(db: &impl ConnectionTrait, account_id: Uuid) -> Result<Vec<Membership>, DbErr> {
    find(db, "m.account_id = ? ORDER BY g.kana_key, g.id", vec![account_id.into()]).await
}

/// The groups that these accounts look after, in 五十音 order.
pub async fn of_accounts(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<Membership>, DbErr> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let rest = format!("m.account_id IN ({}) ORDER BY g.kana_key, g.id", placeholders(accounts.len()));
    find(db, &rest, accounts.iter().map(|id| (*id).into()).collect()).await
}

/// The people who look after a group, the representative first.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Membership>, DbErr> {
    find(db, "m.group_id = ? ORDER BY m.duty DESC, m.since, m.id", vec![group_id.into()]).await
}

/// The membership of an account in a group; nothing for anybody else, whatever the group is.
pub async fn of(db: &impl ConnectionTrait, account_id: Uuid, group_id: Uuid) -> Result<Option<Membership>, DbErr> {
    Ok(find(db, "m.account_id = ? AND m.group_id = ?", vec![account_id.into(), group_id.into()]).await?.pop())
}

/// Makes an account a member, or changes what it answers for.
pub async fn join(
    db: &impl ConnectionTrait,
    (group_id, account_id): (Uuid, Uuid),
    duty: Duty,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO memberships (id, group_id, account_id, duty, since, joined_by) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (group_id, account_id) DO UPDATE SET duty = excluded.duty";
    let values = vec![new_id().into(), group_id.into(), account_id.into(), duty.key().into(), now.into(), by.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Ends a membership; says whether there was one.
pub async fn leave(db: &impl ConnectionTrait, group_id: Uuid, account_id: Uuid) -> Result<bool, DbErr> {
    let sql = "DELETE FROM memberships WHERE group_id = ? AND account_id = ?";
    let values = vec![group_id.into(), account_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
