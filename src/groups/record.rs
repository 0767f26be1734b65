//! Reads whole records back as drafts, many at a time.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::contact::{Contact, ContactKind};
use super::draft::Draft;
use super::state::State;
use crate::db::{placeholders, statement};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    number: Option<String>,
    name: String,
    kana: String,
    kind: String,
    corporate_number: Option<String>,
    state: String,
    town_key: String,
    representative_title: String,
    founded: String,
    members: Option<i32>,
    members_on: Option<NaiveDate>,
    fee: String,
    website: String,
    purpose: String,
    activities: String,
    places: String,
    meeting_days: String,
    recruiting: String,
    joining: String,
    has_rules: Option<bool>,
    grants: String,
    pledged: Option<bool>,
    registered_on: Option<NaiveDate>,
    renewed_on: Option<NaiveDate>,
    confirmed_on: Option<NaiveDate>,
    remark: String,
    extra: serde_json::Value,
    source: String,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            name: row.name,
            kana: row.kana,
            kind: row.kind,
            corporate_number: row.corporate_number,
            state: State::from_key(&row.state).unwrap_or(State::Dormant),
            town_key: row.town_key,
            representative_title: row.representative_title,
            founded: row.founded.parse().ok(),
            members: row.members,
            members_on: row.members_on,
            fee: row.fee,
            website: row.website,
            purpose: row.purpose,
            activities: row.activities,
            places: row.places,
            meeting_days: row.meeting_days,
            recruiting: row.recruiting,
            joining: row.joining,
            has_rules: row.has_rules,
            grants: row.grants,
            pledged: row.pledged,
            registered_on: row.registered_on,
            renewed_on: row.renewed_on,
            confirmed_on: row.confirmed_on,
            remark: row.remark,
            extra: row.extra.as_object().cloned().unwrap_or_default(),
            source: row.source,
            ..Self::default()
        }
    }
}

#[derive(FromQueryResult)]
struct ContactRow {
    group_id: Uuid,
    kind: String,
    value: String,
    published: bool,
    consented_on: Option<NaiveDate>,
    consent_method: String,
    consented_by: String,
}

impl ContactRow {
    fn contact(self) -> Option<Contact> {
        Some(Contact {
            kind: ContactKind::from_key(&self.kind)?,
            value: self.value,
            published: self.published,
            consented_on: self.consented_on,
            method: self.consent_method,
            by: self.consented_by,
        })
    }
}

#[derive(FromQueryResult)]
struct KeyRow {
    group_id: Uuid,
    key: String,
}

#[derive(FromQueryResult)]
struct ItemRow {
    group_id: Uuid,
    item_id: Uuid,
}

const COLUMNS: &str = "id, number, name, kana, kind, corporate_number, state, town_key, representative_title, founded,
    members, members_on, fee, website, purpose, activities, places, recruiting, joining, has_rules, grants, pledged,
    registered_on, renewed_on, confirmed_on, remark, extra, source, meeting_days";
const CONTACTS: &str = "group_id, kind, value, published, consented_on, consent_method, consented_by";

/// The records under these identifiers; call it with a few hundred at a time.
pub(super) async fn load(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Draft>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let from = |columns: &str, table: &str, key: &str| {
        let sql = format!("SELECT {columns} FROM {table} WHERE {key} IN ({})", placeholders(ids.len()));
        statement(db.get_database_backend(), &sql, ids.iter().map(|id| Value::from(*id)).collect())
    };
    let rows = Row::find_by_statement(from(COLUMNS, "groups", "id")).all(db).await?;
    let mut drafts: HashMap<Uuid, Draft> = rows.into_iter().map(|row| (row.id, row.into())).collect();
    for row in ContactRow::find_by_statement(from(CONTACTS, "group_contacts", "group_id")).all(db).await? {
        drafts.entry(row.group_id).and_modify(|draft| draft.contacts.extend(row.contact()));
    }
    let fields = KeyRow::find_by_statement(from("group_id, field_key AS key", "group_fields", "group_id"));
    for row in fields.all(db).await? {
        drafts.entry(row.group_id).and_modify(|draft| draft.fields.push(row.key));
    }
    let towns = KeyRow::find_by_statement(from("group_id, town_key AS key", "group_towns", "group_id"));
    for row in towns.all(db).await? {
        drafts.entry(row.group_id).and_modify(|draft| draft.towns.push(row.key));
    }
    for row in ItemRow::find_by_statement(from("group_id, item_id", "group_items", "group_id")).all(db).await? {
        drafts.entry(row.group_id).and_modify(|draft| draft.items.push(row.item_id));
    }
    Ok(drafts)
}
