//! What administrators do with accounts: who works in the office, with which role, and whether they may sign in.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

use super::account::{self, Account, Role, address_key};
use super::session;
use crate::audit::{self, Actor, Channel, Event};
use crate::db::statement;

/// Most accounts that a search shows.
pub const MOST: u64 = 50;

/// What an account becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may sign in.
    pub active: bool,
}

/// Why an account stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody would be left to look after accounts.
    LastAdmin,
}

/// The accounts of the office, or those whose name or address holds a text, members of groups among them.
pub async fn list(db: &impl ConnectionTrait, text: &str) -> Result<Vec<Account>, DbErr> {
    let (condition, values) = if text.is_empty() {
        ("role <> 'member'", vec![])
    } else {
        let quoted = address_key(text).replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{quoted}%");
        (
            "mail LIKE (? || '') ESCAPE '!' OR LOWER(name) LIKE (? || '') ESCAPE '!'",
            vec![pattern.clone().into(), pattern.into()],
        )
    };
    let sql = format!(
        "SELECT {} FROM accounts WHERE {condition} ORDER BY active DESC, role, mail LIMIT {MOST}",
        account::COLUMNS
    );
    Account::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Changes an account and writes it down; says what changed, in words. A new role or a stop ends its sessions.
pub async fn change(
    tx: &impl ConnectionTrait,
    account: &Account,
    change: &Change,
    (actor, channel): (&Actor, Channel),
    now: DateTime<Utc>,
) -> Result<Result<Vec<String>, Refused>, DbErr> {
    // Two administrators who stop each other at once wait for one another here.
    let lock = "UPDATE accounts SET active = active WHERE role = 'admin'";
    tx.execute_raw(statement(tx.get_database_backend(), lock, vec![])).await?;
    let keeps_admin = change.role == Role::Admin && change.active;
    if !keeps_admin && !has_other_admin(tx, account.id).await? && is_admin(tx, account.id).await? {
        return Ok(Err(Refused::LastAdmin));
    }
    let mut told = Vec::new();
    if account::set_name(tx, account.id, &change.name).await? {
        told.push(format!("氏名を「{}」に変えました。", change.name));
    }
    if account::set_role(tx, account.id, change.role).await? {
        told.push(format!("役割を「{}」に変えました。", change.role.label()));
        session::end_all(tx, account.id, now).await?;
    }
    if account::set_active(tx, account.id, change.active).await? {
        let words = if change.active { "利用を再開しました。" } else { "利用を停止しました。" };
        told.push(words.to_owned());
        session::end_all(tx, account.id, now).await?;
    }
    if !told.is_empty() {
        let before = Change { name: account.name.clone(), role: account.role(), active: account.active };
        record(tx, account, ("アカウントの変更", Some(&before), Some(change)), (actor, channel), now).await?;
    }
    Ok(Ok(told))
}

async fn has_other_admin(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM accounts WHERE role = 'admin' AND active = TRUE AND id <> ? LIMIT 1";
    Ok(db.query_one_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?.is_some())
}

async fn is_admin(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let found = account::find(db, id).await?;
    Ok(found.is_some_and(|account| account.role() == Role::Admin && account.active))
}

fn state(change: &Change) -> serde_json::Value {
    json!({"氏名": change.name, "役割": change.role.label(), "利用": if change.active { "できる" } else { "停止" }})
}

/// Writes down what was done with an account, as it was and as it became.
pub async fn record(
    tx: &impl ConnectionTrait,
    account: &Account,
    (action, before, after): (&str, Option<&Change>, Option<&Change>),
    (actor, channel): (&Actor, Channel),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let event = Event {
        actor,
        channel,
        action,
        noun: "account",
        noun_id: account.id.to_string(),
        group_id: None,
        title: account.shown_name(),
        before: before.map_or(serde_json::Value::Null, state),
        after: after.map_or(serde_json::Value::Null, state),
        reason: "",
    };
    audit::record(tx, event, now).await
}
