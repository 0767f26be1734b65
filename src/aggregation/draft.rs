//! A source as it is to be kept, checked; nothing else can be stored.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use serde_json::json;
use uuid::Uuid;

use super::kinds::{Shows, State, Trust, Vanished, Way};
use crate::clock::new_id;
use crate::db::statement;

/// A source to be written.
#[derive(Clone)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// How it comes.
    pub way: Way,
    /// Its address, checked; empty for a file.
    pub url: String,
    /// Page of those who keep it; may be empty.
    pub home_url: String,
    /// The group that it belongs to.
    pub group_id: Option<Uuid>,
    /// The institution that it belongs to, where it is no group's.
    pub institution: String,
    /// Who hears of trouble, where it is no group's; may be empty.
    pub contact_mail: String,
    /// Town of entries that name none; may be empty.
    pub town_key: String,
    /// Keys of the categories of entries that name none.
    pub categories: Vec<String>,
    /// The items that all its entries fulfil.
    pub items: Vec<Uuid>,
    /// Whether its entries show at once.
    pub shows: Shows,
    /// Words of which an entry needs one, one a line.
    pub takes: String,
    /// Words of which an entry may have none, one a line.
    pub leaves: String,
    /// How far it is believed.
    pub trust: Trust,
    /// What becomes of an entry that is no longer in it.
    pub vanished: Vanished,
    /// Minutes between two readings; 0 for what the city has set.
    pub every_minutes: i32,
}

/// Who adds a source, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The account; nothing for somebody at the server.
    pub account_id: Option<Uuid>,
    /// The name.
    pub name: &'a str,
    /// When.
    pub now: DateTime<Utc>,
}

/// Host and port of an address.
pub(super) fn host(url: &str) -> String {
    let url = url::Url::parse(url).ok();
    let port = url.as_ref().and_then(|url| url.port()).map(|port| format!(":{port}")).unwrap_or_default();
    url.and_then(|url| url.host_str().map(|host| format!("{host}{port}"))).unwrap_or_default()
}

impl Draft {
    /// A calendar of an institution of the same name, at an address or, without one, in files; everything else as it usually is.
    pub fn plain(name: &str, url: &str) -> Self {
        Self {
            name: name.to_owned(),
            way: if url.is_empty() { Way::Upload } else { Way::Address },
            url: url.to_owned(),
            home_url: String::new(),
            group_id: None,
            institution: name.to_owned(),
            contact_mail: String::new(),
            town_key: String::new(),
            categories: Vec::new(),
            items: Vec::new(),
            shows: Shows::Public,
            takes: String::new(),
            leaves: String::new(),
            trust: Trust::Usual,
            vanished: Vanished::Cancel,
            every_minutes: 0,
        }
    }

    fn values(&self) -> Vec<Value> {
        vec![
            self.name.as_str().into(),
            self.way.key().into(),
            self.url.as_str().into(),
            host(&self.url).into(),
            self.home_url.as_str().into(),
            self.group_id.into(),
            self.institution.as_str().into(),
            self.contact_mail.as_str().into(),
            self.town_key.as_str().into(),
            json!(self.categories).into(),
            json!(self.items).into(),
            self.shows.key().into(),
            self.takes.as_str().into(),
            self.leaves.as_str().into(),
            self.trust.level().into(),
            self.vanished.key().into(),
            self.every_minutes.into(),
        ]
    }

    /// Writes a new source and returns its identifier.
    pub async fn add(&self, db: &impl ConnectionTrait, state: State, asked: &Asked<'_>) -> Result<Uuid, DbErr> {
        let sql = "INSERT INTO sources (name, way, url, host, home_url, group_id, institution, contact_mail, town_key,
            categories, items, shows, takes, leaves, trust, vanished, every_minutes, id, state, version, asked_by,
            asked_account, asked_at, decided_by, note, next_check_at, failures, fault, etag, last_modified, digest, held,
            form, found, coming, left_out, months)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, '', '', ?, 0, '', '', '', '', '',
            '', 0, 0, 0, ?)";
        let id = new_id();
        let mut values = self.values();
        values.extend([
            id.into(),
            state.key().into(),
            asked.name.into(),
            asked.account_id.into(),
            asked.now.into(),
            asked.now.into(),
            json!([]).into(),
        ]);
        db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
        Ok(id)
    }

    /// Writes changed settings over those of the version that was shown; says whether that was still the current one.
    ///
    /// Another address is another calendar: what is known of the old one, its tags and failures, goes.
    pub async fn change(
        &self,
        db: &impl ConnectionTrait,
        (id, version): (Uuid, i32),
        now: DateTime<Utc>,
    ) -> Result<bool, DbErr> {
        let sql = "UPDATE sources SET
            etag = CASE WHEN url = ? THEN etag ELSE '' END, last_modified = CASE WHEN url = ? THEN last_modified ELSE '' END,
            digest = CASE WHEN url = ? THEN digest ELSE '' END, failures = CASE WHEN url = ? THEN failures ELSE 0 END,
            fault = CASE WHEN url = ? THEN fault ELSE '' END, next_check_at = CASE WHEN url = ? THEN next_check_at ELSE ? END,
            name = ?, way = ?, url = ?, host = ?, home_url = ?, group_id = ?, institution = ?, contact_mail = ?, town_key = ?,
            categories = ?, items = ?, shows = ?, takes = ?, leaves = ?, trust = ?, vanished = ?, every_minutes = ?,
            claimed_until = NULL, version = version + 1 WHERE id = ? AND version = ?";
        let mut values: Vec<Value> = vec![self.url.as_str().into(); 6];
        values.push(now.into());
        values.extend(self.values());
        values.extend([id.into(), version.into()]);
        Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
    }
}
