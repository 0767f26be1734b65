//! Somebody of the office who may be sent: from where, at which hours.

use chrono::{DateTime, NaiveTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::hours::{Hours, Span};
use crate::db::statement;

/// Somebody of the office, with what is known of their work; whoever has no record is not sent anywhere.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account_id: Uuid,
    /// Name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// What is known; nothing for whoever was never put down.
    pub record: Option<Record>,
}

impl Person {
    /// The name, or the address of somebody who gave none.
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { &self.mail } else { &self.name }
    }
}

/// What is known of somebody's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Key of the town they set out from.
    pub base_town: String,
    /// Telephone on the way, shown to applicants; may be empty.
    pub phone: String,
    /// Whether they are sent at all.
    pub is_active: bool,
    /// Hours of work.
    pub hours: Hours,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A checked record that can be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Key of the town they set out from.
    pub base_town: String,
    /// Telephone on the way.
    pub phone: String,
    /// Whether they are sent at all.
    pub is_active: bool,
    /// Hours of work.
    pub hours: Hours,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    name: String,
    mail: String,
    base_town: Option<String>,
    phone: Option<String>,
    is_active: Option<bool>,
    updated_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct HoursRow {
    account_id: Uuid,
    weekday: i32,
    opens: String,
    closes: String,
}

impl HoursRow {
    /// The place in the week and the hours.
    fn read(&self) -> Option<(usize, Span)> {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
        let place = usize::try_from(self.weekday).ok()?.checked_sub(1).filter(|place| *place < 7)?;
        Some((place, (time(&self.opens)?, time(&self.closes)?)))
    }
}

/// Everybody who works in the office, in the order of their names.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Person>, DbErr> {
    select(db, None).await
}

/// Somebody who works in the office.
pub async fn find(db: &impl ConnectionTrait, account_id: Uuid) -> Result<Option<Person>, DbErr> {
    Ok(select(db, Some(account_id)).await?.pop())
}

async fn select(db: &impl ConnectionTrait, only: Option<Uuid>) -> Result<Vec<Person>, DbErr> {
    let backend = db.get_database_backend();
    let (one, values) = only.map_or(("", vec![]), |id| (" AND a.id = ?", vec![id.into()]));
    let sql = format!(
        "SELECT a.id AS account_id, a.name, a.mail, p.base_town, p.phone, p.is_active, p.updated_at FROM accounts a
        LEFT JOIN outreach_people p ON p.account_id = a.id WHERE a.active = TRUE AND a.role IN ('staff', 'admin'){one}
        ORDER BY a.name, a.id"
    );
    let rows = Row::find_by_statement(statement(backend, &sql, values.clone())).all(db).await?;
    let one = if only.is_some() { " WHERE account_id = ?" } else { "" };
    let sql = format!("SELECT account_id, weekday, opens, closes FROM outreach_hours{one}");
    let hours = HoursRow::find_by_statement(statement(backend, &sql, values)).all(db).await?;
    Ok(rows.into_iter().map(|row| person(row, &hours)).collect())
}

fn person(row: Row, hours: &[HoursRow]) -> Person {
    let mut week = Hours::default();
    for (place, span) in hours.iter().filter(|one| one.account_id == row.account_id).filter_map(HoursRow::read) {
        week.0[place] = Some(span);
    }
    let record = row.updated_at.map(|updated_at| Record {
        base_town: row.base_town.unwrap_or_default(),
        phone: row.phone.unwrap_or_default(),
        is_active: row.is_active.unwrap_or(false),
        hours: week,
        updated_at,
    });
    Person { account_id: row.account_id, name: row.name, mail: row.mail, record }
}

/// Puts somebody down with the usual hours unless they are; says whether it did.
pub async fn ensure(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    base_town: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let draft = Draft { base_town: base_town.to_owned(), phone: String::new(), is_active: true, hours: Hours::usual() };
    set(db, (account_id, None), &draft, now).await
}

/// Puts somebody down, or changes what is known; says whether it did: not when somebody changed it since `seen`.
pub async fn set(
    db: &impl ConnectionTrait,
    (account_id, seen): (Uuid, Option<DateTime<Utc>>),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = match seen {
        Some(_) => {
            "UPDATE outreach_people SET base_town = ?, phone = ?, is_active = ?, updated_at = ? WHERE account_id = ?
            AND updated_at = ?"
        }
        None => {
            "INSERT INTO outreach_people (base_town, phone, is_active, updated_at, account_id, turn)
            VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (account_id) DO NOTHING"
        }
    };
    let mut values = vec![
        draft.base_town.clone().into(),
        draft.phone.clone().into(),
        draft.is_active.into(),
        now.into(),
        account_id.into(),
    ];
    values.extend(seen.map(Into::into));
    let done = db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0;
    if done {
        set_hours(db, account_id, &draft.hours).await?;
    }
    Ok(done)
}

async fn set_hours(db: &impl ConnectionTrait, account_id: Uuid, hours: &Hours) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = "DELETE FROM outreach_hours WHERE account_id = ?";
    db.execute_raw(statement(backend, sql, vec![account_id.into()])).await?;
    for (weekday, span) in (1..).zip(&hours.0) {
        let Some((opens, closes)) = span else { continue };
        let sql = "INSERT INTO outreach_hours (account_id, weekday, opens, closes) VALUES (?, ?, ?, ?)";
        let weekday: i32 = weekday;
        let written = |time: &NaiveTime| time.format("%H:%M").to_string();
        let values = vec![account_id.into(), weekday.into(), written(opens).into(), written(closes).into()];
        db.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}
