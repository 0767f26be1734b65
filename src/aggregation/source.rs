//! A source (情報源): a calendar that a group or an institution keeps elsewhere, and how reading it goes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};
use uuid::Uuid;

use super::kinds::{Shows, State, Trust, Vanished, Way};
use crate::calendar;
use crate::db::statement;

/// A source as it is kept. It is never shown for debugging: its address may be a secret.
#[derive(Clone, FromQueryResult)]
pub struct Source {
    /// Identifier.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    pub(super) way: String,
    /// Its address; empty for files that are sent in.
    pub url: String,
    /// Host and port of the address.
    pub host: String,
    /// Page of those who keep it, for entries that name none; may be empty.
    pub home_url: String,
    /// The group that it belongs to.
    pub group_id: Option<Uuid>,
    /// The institution that it belongs to, where it is no group's.
    pub institution: String,
    /// Who hears of trouble, where it is no group's; may be empty.
    pub contact_mail: String,
    /// Town of entries that name none; may be empty.
    pub town_key: String,
    pub(super) categories: serde_json::Value,
    pub(super) items: serde_json::Value,
    pub(super) shows: String,
    /// Words of which an entry needs one, one a line; empty for all entries.
    pub takes: String,
    /// Words of which an entry may have none, one a line.
    pub leaves: String,
    pub(super) trust: i32,
    pub(super) vanished: String,
    /// Minutes between two readings; 0 for what the city has set.
    pub every_minutes: i32,
    pub(super) state: String,
    /// Counts its changes.
    pub version: i32,
    /// Who added it.
    pub asked_by: String,
    /// The account of whoever added it.
    pub asked_account: Option<Uuid>,
    /// When it was added, or asked for.
    pub asked_at: DateTime<Utc>,
    /// Who decided about it; empty until then.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused, or rests.
    pub note: String,
    /// When it is read next.
    pub next_check_at: DateTime<Utc>,
    /// Until when a reader has it to itself.
    pub claimed_until: Option<DateTime<Utc>>,
    /// When it was last asked for.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it was last read well, or was the same as before.
    pub good_at: Option<DateTime<Utc>>,
    /// When something in it last changed.
    pub changed_at: Option<DateTime<Utc>>,
    /// How often in a row it could not be read.
    pub failures: i32,
    /// Since when it cannot be read.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why it could not be read the last time; empty when it could.
    pub fault: String,
    pub(super) etag: String,
    pub(super) last_modified: String,
    pub(super) digest: String,
    /// The day on which its contents were last gone through.
    pub read_on: Option<NaiveDate>,
    /// Since when what came waits to be looked at.
    pub held_at: Option<DateTime<Utc>>,
    /// Why.
    pub held: String,
    /// What kind of file it is, in words.
    pub form: String,
    /// Entries in the last reading.
    pub found: i32,
    /// Entries that are coming.
    pub coming: i32,
    /// Entries of the last reading that were left out.
    pub left_out: i32,
    pub(super) months: serde_json::Value,
    /// Name of the group; empty for an institution.
    pub group_name: String,
}

impl Source {
    /// How it comes.
    pub fn way(&self) -> Way {
        Way::from_key(&self.way)
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        State::from_key(&self.state)
    }

    /// How far it is believed.
    pub fn trust(&self) -> Trust {
        Trust::from_level(self.trust)
    }

    /// Whether its entries show at once.
    pub fn shows(&self) -> Shows {
        Shows::from_key(&self.shows)
    }

    /// What becomes of an entry that is no longer in it.
    pub fn vanished(&self) -> Vanished {
        Vanished::from_key(&self.vanished)
    }

    /// Keys of the categories of entries that name none.
    pub fn categories(&self) -> Vec<String> {
        serde_json::from_value(self.categories.clone()).unwrap_or_default()
    }

    /// The items that all its entries fulfil.
    pub fn items(&self) -> Vec<Uuid> {
        serde_json::from_value(self.items.clone()).unwrap_or_default()
    }

    /// Coming entries by month, as `2026-12` and how many.
    pub fn months(&self) -> Vec<(String, i64)> {
        serde_json::from_value(self.months.clone()).unwrap_or_default()
    }

    /// Whose it is, in words.
    pub fn owner(&self) -> &str {
        if self.group_id.is_some() { &self.group_name } else { &self.institution }
    }

    /// Its name in the rows of the calendar.
    pub fn calendar_name(&self) -> String {
        calendar::source_name(self.id)
    }

    /// Whether it is read from time to time.
    pub fn is_read(&self) -> bool {
        self.state() == State::Active && self.way() == Way::Address
    }

    /// Its address without what may be a secret, as far as anybody but its owners should see it.
    pub fn masked(&self) -> String {
        masked(&self.url)
    }

    /// Whether something of its address is left out.
    pub fn is_masked(&self) -> bool {
        self.masked() != self.url
    }
}

/// Bytes from which on a part of an address is taken for a secret: private calendars are known by such.
const SECRET: usize = 16;

/// An address with `…` in place of each part that may be a secret: long ones of its path, mail addresses, and all that is asked for.
fn masked(url: &str) -> String {
    let (address, asked) = url.split_once('?').map_or((url, ""), |(address, asked)| (address, asked));
    let (start, path) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    // The mail address of a person stands in the addresses of some calendars.
    let is_mail = |part: &str| part.contains('@') || part.contains("%40");
    let is_secret = |part: &str| part.len() >= SECRET || part.starts_with("private") || is_mail(part);
    let mut parts = path.split('/');
    let host = parts.next().unwrap_or_default();
    let path: String = parts.map(|part| format!("/{}", if is_secret(part) { "…" } else { part })).collect();
    let asked = if asked.is_empty() { "" } else { "?…" };
    format!("{start}://{host}{path}{asked}")
}

/// The columns of [`Source`].
pub(super) const COLUMNS: &str = "s.id, s.name, s.way, s.url, s.host, s.home_url, s.group_id, s.institution, s.contact_mail,
    s.town_key, s.categories, s.items, s.shows, s.takes, s.leaves, s.trust, s.vanished, s.every_minutes, s.state, s.version,
    s.asked_by, s.asked_account, s.asked_at, s.decided_by, s.decided_at, s.note, s.next_check_at, s.claimed_until,
    s.checked_at, s.good_at, s.changed_at, s.failures, s.failing_since, s.fault, s.etag, s.last_modified, s.digest, s.read_on,
    s.held_at, s.held, s.form, s.found, s.coming, s.left_out, s.months,
    COALESCE((SELECT g.name FROM groups g WHERE g.id = s.group_id), '') AS group_name";

pub(super) async fn select(db: &impl ConnectionTrait, rest: &str, values: Vec<Value>) -> Result<Vec<Source>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM sources s {rest}");
    Source::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The source under this identifier.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Source>, DbErr> {
    Ok(select(db, "WHERE s.id = ?", vec![id.into()]).await?.pop())
}

/// The source that is read, or asked for, at an address.
pub async fn at(db: &impl ConnectionTrait, url: &str) -> Result<Option<Source>, DbErr> {
    Ok(select(db, "WHERE s.url = ? AND s.state IN ('asked', 'active', 'paused') LIMIT 1", vec![url.into()])
        .await?
        .pop())
}

/// The names of institutions by the sources that are theirs, as the rows of the calendar call these.
pub(super) async fn institutions(db: &impl ConnectionTrait) -> Result<HashMap<String, String>, DbErr> {
    let sql = "SELECT id, institution FROM sources WHERE group_id IS NULL AND institution <> ''";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    let pair = |row: &QueryResult| Ok((calendar::source_name(row.try_get("", "id")?), row.try_get("", "institution")?));
    rows.iter().map(pair).collect()
}

/// Every source that was handed in, in the order of their names.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Source>, DbErr> {
    select(db, "WHERE s.state <> 'trial' ORDER BY s.name, s.id", vec![]).await
}

/// The sources of a group, ended ones last; those that are only being tried belong to whoever tries them.
pub async fn of_group(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Source>, DbErr> {
    let rest = "WHERE s.group_id = ? AND s.state <> 'trial' ORDER BY CASE WHEN s.state IN ('ended', 'refused') THEN 1 ELSE 0 END,
        s.asked_at, s.id";
    select(db, rest, vec![group_id.into()]).await
}

/// Holds the source until the transaction ends, and reads it as it is then.
pub async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Source>, DbErr> {
    let sql = "UPDATE sources SET version = version WHERE id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    find(db, id).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_shown_without_what_may_be_a_secret() {
        for (url, shown) in [
            ("https://example.jp/taiko.ics", "https://example.jp/taiko.ics"),
            ("http://127.0.0.1:8080/events/2026/calendar.ics", "http://127.0.0.1:8080/events/2026/calendar.ics"),
            ("https://example.jp/", "https://example.jp/"),
            (
                "https://calendar.google.com/calendar/ical/m%40example.jp/private-0123456789abcdef/basic.ics",
                "https://calendar.google.com/calendar/ical/…/…/basic.ics",
            ),
            ("https://example.jp/private-himitsu/basic.ics", "https://example.jp/…/basic.ics"),
            ("https://example.jp/feed?key=geheim&town=1", "https://example.jp/feed?…"),
            ("https://example.jp/owa/4f2a4f2a4f2a4f2a4f2a@example.jp", "https://example.jp/owa/…"),
        ] {
            assert_eq!(super::masked(url), shown);
        }
    }
}
