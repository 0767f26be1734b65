//! Storing records with everything that hangs on them: contacts, fields, towns, items and the search index.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use uuid::Uuid;

use super::draft::Draft;
use super::{group, index, traces};
use crate::city::City;
use crate::clock::new_id;
use crate::db::{placeholders, statement};
use crate::revision::{self, Scope};
use crate::text::fold::{grams, marks};
use crate::text::kana::{self, KanaRow};

/// Records written with one statement.
pub(super) const AT_ONCE: usize = 100;

/// Why a record is not stored.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It does not pass its checks; the sentences say why.
    #[error("{}", .0.join(" "))]
    Invalid(Vec<String>),
    /// The database refuses; among other things when a number already belongs to another group.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Stores one record, as a new group or in place of an old one, within the caller's transaction.
pub async fn store(
    db: &impl ConnectionTrait,
    city: &City,
    id: Option<Uuid>,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Uuid, Refused> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return Err(Refused::Invalid(faults));
    }
    let group_id = id.unwrap_or_else(new_id);
    write(db, city, &[Record { id: group_id, is_new: id.is_none(), draft }], now).await?;
    revision::bump(db, Scope::Groups, now).await?;
    if id.is_some() {
        // Feeds carry the names of groups.
        revision::bump(db, Scope::Calendar, now).await?;
    }
    Ok(group_id)
}

/// A checked record on its way into the database.
pub(super) struct Record<'a> {
    pub id: Uuid,
    pub is_new: bool,
    pub draft: &'a Draft,
}

const COLUMNS: &str =
    "id, number, name, kana, kana_key, kana_row, name_key, kind, corporate_number, state, listed, town_key,
    representative_title, founded, members, members_on, fee, website, purpose, activities, places, recruiting, joining,
    has_rules, grants, pledged, registered_on, renewed_on, confirmed_on, remark, extra, source, search_text, created_at,
    updated_at, meeting_days";
const COLUMN_COUNT: usize = 36;

/// Writes checked records; the caller says by `revision::bump` that something changed.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    city: &City,
    records: &[Record<'_>],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for records in records.chunks(AT_ONCE) {
        let texts: Vec<String> = records.iter().map(|record| index::search_text(record.draft, city)).collect();
        let numbers = put_rows(db, records, &texts, now).await?;
        put_index(db, records, &texts, &numbers).await?;
        let traces = records.iter().filter_map(|record| Some((*numbers.get(&record.id)?, record.draft)));
        traces::put(db, traces.collect()).await?;
        let known: Vec<Uuid> = records.iter().filter(|record| !record.is_new).map(|record| record.id).collect();
        for table in ["group_contacts", "group_fields", "group_towns", "group_items"] {
            clear(db, table, &known).await?;
        }
        put_contacts(db, records).await?;
        let keys = |keys: &[String]| keys.iter().map(|key| Value::from(key.clone())).collect();
        insert(db, "group_fields (group_id, field_key)", links(records, |draft| keys(&draft.fields))).await?;
        insert(db, "group_towns (group_id, town_key)", links(records, |draft| keys(&draft.towns))).await?;
        let items = links(records, |draft| draft.items.iter().map(|item| Value::from(*item)).collect());
        insert(db, "group_items (group_id, item_id)", items).await?;
    }
    Ok(())
}

/// Writes the rows themselves and tells the number under which the search index knows each.
async fn put_rows(
    db: &impl ConnectionTrait,
    records: &[Record<'_>],
    texts: &[String],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    // PostgreSQL keeps the marks of the search in the row itself, SQLite in a table of its own.
    let in_row = db.get_database_backend() == DbBackend::Postgres;
    let (column, mark) = if in_row { (", marks", ", string_to_array(?, ' ')") } else { ("", "") };
    let columns = format!("{COLUMNS}{column}");
    let kept = |column: &&str| !matches!(*column, "id" | "created_at");
    let changed = columns.split(',').map(str::trim).filter(kept).map(|column| format!("{column} = excluded.{column}"));
    let line = format!("({}{mark})", placeholders(COLUMN_COUNT));
    let sql = format!(
        "INSERT INTO groups ({columns}) VALUES {} ON CONFLICT (id) DO UPDATE SET {} RETURNING id, seq",
        vec![line; records.len()].join(", "),
        changed.collect::<Vec<_>>().join(", ")
    );
    let values = records.iter().zip(texts).flat_map(|(record, text)| {
        let marks = in_row.then(|| marks(text).join(" ").into());
        row(record, text, now).into_iter().chain(marks)
    });
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values.collect())).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "seq")?))).collect()
}

fn row(record: &Record<'_>, search_text: &str, now: DateTime<Utc>) -> Vec<Value> {
    let draft = record.draft;
    vec![
        record.id.into(),
        draft.number.clone().into(),
        draft.name.clone().into(),
        draft.kana.clone().into(),
        kana::sort_key(&draft.kana).into(),
        KanaRow::of(&draft.kana).key().into(),
        group::name_key(&draft.name).into(),
        draft.kind.clone().into(),
        draft.corporate_number.clone().into(),
        draft.state.key().into(),
        draft.state.is_listed().into(),
        draft.town_key.clone().into(),
        draft.representative_title.clone().into(),
        draft.founded.map_or_else(String::new, |founded| founded.to_string()).into(),
        draft.members.into(),
        draft.members_on.into(),
        draft.fee.clone().into(),
        draft.website.clone().into(),
        draft.purpose.clone().into(),
        draft.activities.clone().into(),
        draft.places.clone().into(),
        draft.recruiting.clone().into(),
        draft.joining.clone().into(),
        draft.has_rules.into(),
        draft.grants.clone().into(),
        draft.pledged.into(),
        draft.registered_on.into(),
        draft.renewed_on.into(),
        draft.confirmed_on.into(),
        draft.remark.clone().into(),
        serde_json::Value::Object(draft.extra.clone()).into(),
        draft.source.clone().into(),
        search_text.into(),
        now.into(),
        now.into(),
        draft.meeting_days.clone().into(),
    ]
}

async fn put_index(
    db: &impl ConnectionTrait,
    records: &[Record<'_>],
    texts: &[String],
    numbers: &HashMap<Uuid, i64>,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        return Ok(());
    }
    for record in records.iter().filter(|record| !record.is_new) {
        let values = vec![numbers.get(&record.id).copied().into()];
        db.execute_raw(statement(backend, "DELETE FROM group_search WHERE rowid = ?", values)).await?;
    }
    let lines = records
        .iter()
        .zip(texts)
        .filter_map(|(record, text)| Some(vec![(*numbers.get(&record.id)?).into(), grams(text).join(" ").into()]));
    insert(db, "group_search (rowid, grams)", lines.collect()).await
}

async fn put_contacts(db: &impl ConnectionTrait, records: &[Record<'_>]) -> Result<(), DbErr> {
    let lines = records.iter().flat_map(|record| {
        record.draft.contacts.iter().map(|contact| {
            vec![
                record.id.into(),
                contact.kind.key().into(),
                contact.value.clone().into(),
                contact.published.into(),
                contact.consented_on.into(),
                contact.method.clone().into(),
                contact.by.clone().into(),
            ]
        })
    });
    let into = "group_contacts (group_id, kind, value, published, consented_on, consent_method, consented_by)";
    insert(db, into, lines.collect()).await
}

/// One line for each link of each record.
fn links(records: &[Record<'_>], of: impl Fn(&Draft) -> Vec<Value>) -> Vec<Vec<Value>> {
    let lines = |record: &Record| {
        let links = of(record.draft).into_iter().map(|value| vec![record.id.into(), value]);
        links.collect::<Vec<_>>()
    };
    records.iter().flat_map(lines).collect()
}

async fn clear(db: &impl ConnectionTrait, table: &str, groups: &[Uuid]) -> Result<(), DbErr> {
    if groups.is_empty() {
        return Ok(());
    }
    let sql = format!("DELETE FROM {table} WHERE group_id IN ({})", placeholders(groups.len()));
    let values = groups.iter().map(|id| (*id).into()).collect();
    db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(())
}

/// Inserts lines of equal length, some hundred values with each statement.
pub(super) async fn insert(db: &impl ConnectionTrait, into: &str, lines: Vec<Vec<Value>>) -> Result<(), DbErr> {
    for lines in lines.chunks(AT_ONCE) {
        let marks: Vec<String> = lines.iter().map(|line| format!("({})", placeholders(line.len()))).collect();
        let sql = format!("INSERT INTO {into} VALUES {}", marks.join(", "));
        let values = lines.iter().flatten().cloned().collect();
        db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?;
    }
    Ok(())
}
