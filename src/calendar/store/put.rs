//! The rows of entries, their links and what they are found by.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};
use uuid::Uuid;

use super::super::draft::Draft;
use super::super::entry::{COLUMNS, Entry};
use super::super::{rows, spread};
use super::known::Links;
use crate::city::City;
use crate::db::placeholders;
use crate::text::fold::{fold, grams, marks};

/// Writes new and changed entries and takes back those that are gone.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    city: &City,
    written: &[(Entry, Links)],
    removed: &[Uuid],
) -> Result<(), DbErr> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    remove(db, removed).await?;
    let seqs = upsert(db, written, postgres).await?;
    if !postgres {
        index(db, written, &seqs).await?;
    }
    link(db, city, written).await
}

async fn remove(db: &impl ConnectionTrait, removed: &[Uuid]) -> Result<(), DbErr> {
    if removed.is_empty() {
        return Ok(());
    }
    let ids = || removed.iter().map(|id| Value::from(*id));
    spread::clear(db, removed).await?;
    if db.get_database_backend() != DbBackend::Postgres {
        let found = "DELETE FROM entry_search WHERE rowid IN (SELECT seq FROM calendar_entries WHERE id IN";
        for some in removed.chunks(1000) {
            let sql = format!("{found} ({}))", placeholders(some.len()));
            let values = some.iter().map(|id| Value::from(*id)).collect();
            db.execute_raw(crate::db::statement(db.get_database_backend(), &sql, values)).await?;
        }
    }
    rows::each_of(db, "DELETE FROM calendar_entries WHERE id IN", ids()).await
}

/// Inserts or replaces the rows and returns their numbers in the search index, in order.
async fn upsert(db: &impl ConnectionTrait, written: &[(Entry, Links)], postgres: bool) -> Result<Vec<i64>, DbErr> {
    let names: Vec<&str> = COLUMNS.split(',').map(str::trim).collect();
    let mut replaced: Vec<String> =
        names.iter().filter(|name| **name != "id").map(|name| format!("{name} = excluded.{name}")).collect();
    let mut place = placeholders(names.len());
    let mut head = format!("INSERT INTO calendar_entries ({COLUMNS}) VALUES");
    if postgres {
        head = format!("INSERT INTO calendar_entries ({COLUMNS}, marks) VALUES");
        place.push_str(", string_to_array(?, ' ')");
        replaced.push("marks = excluded.marks".to_owned());
    }
    let tail = format!("ON CONFLICT (id) DO UPDATE SET {} RETURNING id, seq", replaced.join(", "));
    let lines = written.iter().map(|(entry, _)| {
        let mut values = values(entry);
        if postgres {
            values.push(marks(&entry.search_text).join(" ").into());
        }
        values
    });
    let returned = rows::insert(db, &head, &place, &tail, lines.collect()).await?;
    let mut seqs = std::collections::HashMap::with_capacity(returned.len());
    for row in returned {
        let (id, seq): (Uuid, i64) = (row.try_get("", "id")?, row.try_get("", "seq")?);
        seqs.insert(id, seq);
    }
    Ok(written.iter().filter_map(|(entry, _)| seqs.get(&entry.id).copied()).collect())
}

/// SQLite's full-text index; PostgreSQL keeps the marks in the row itself.
async fn index(db: &impl ConnectionTrait, written: &[(Entry, Links)], seqs: &[i64]) -> Result<(), DbErr> {
    let lines = written
        .iter()
        .zip(seqs)
        .map(|((entry, _), seq)| vec![Value::from(*seq), grams(&entry.search_text).join(" ").into()]);
    rows::insert(db, "INSERT OR REPLACE INTO entry_search (rowid, grams) VALUES", "?, ?", "", lines.collect()).await?;
    Ok(())
}

async fn link(db: &impl ConnectionTrait, city: &City, written: &[(Entry, Links)]) -> Result<(), DbErr> {
    let ids = || written.iter().map(|(entry, _)| Value::from(entry.id));
    rows::each_of(db, "DELETE FROM entry_categories WHERE entry_id IN", ids()).await?;
    rows::each_of(db, "DELETE FROM entry_items WHERE entry_id IN", ids()).await?;
    let categories = written.iter().flat_map(|(entry, links)| {
        let known = links.categories.iter().filter(|key| city.category(key).is_some());
        known.map(|key| vec![Value::from(entry.id), key.as_str().into()])
    });
    let head = "INSERT INTO entry_categories (entry_id, category_key) VALUES";
    rows::insert(db, head, "?, ?", "", categories.collect()).await?;
    let items = written
        .iter()
        .flat_map(|(entry, links)| links.items.iter().map(|item| vec![Value::from(entry.id), Value::from(*item)]));
    rows::insert(db, "INSERT INTO entry_items (entry_id, item_id) VALUES", "?, ?", "", items.collect()).await?;
    Ok(())
}

/// The search key of everything public about an entry; of a private one nothing can be found.
pub(super) fn search_text(draft: &Draft, city: &City) -> String {
    if !draft.public {
        return String::new();
    }
    let categories = draft.categories.iter().filter_map(|key| city.category(key)).map(|term| term.name.as_str());
    let texts = [
        draft.title.as_str(),
        &draft.kana,
        draft.kind.label(),
        city.town_name(&draft.town_key),
        &draft.place,
        &draft.address,
        &draft.organiser,
        &draft.audience,
        &draft.description,
    ];
    fold(&texts.into_iter().chain(categories).collect::<Vec<_>>().join(" "))
}

/// The values of a row in the order of [`COLUMNS`].
fn values(entry: &Entry) -> Vec<Value> {
    let text = |text: &String| Value::from(text.as_str());
    vec![
        entry.id.into(),
        text(&entry.uid),
        text(&entry.source),
        text(&entry.source_uid),
        text(&entry.recurrence_id),
        entry.master_id.into(),
        entry.and_future.into(),
        entry.sequence.into(),
        text(&entry.status),
        text(&entry.kind),
        entry.public.into(),
        text(&entry.title),
        text(&entry.kana),
        text(&entry.description),
        entry.all_day.into(),
        entry.starts_on.into(),
        entry.ends_on.into(),
        entry.starts_at.into(),
        entry.ends_at.into(),
        text(&entry.time_note),
        text(&entry.zone),
        text(&entry.rrule),
        entry.rdates.clone().into(),
        entry.exdates.clone().into(),
        entry.expanded_to.into(),
        entry.facility_id.into(),
        text(&entry.place),
        text(&entry.address),
        text(&entry.town_key),
        entry.lat.into(),
        entry.lon.into(),
        entry.group_id.into(),
        text(&entry.organiser),
        text(&entry.audience),
        text(&entry.fee),
        text(&entry.capacity),
        text(&entry.apply),
        text(&entry.contact),
        text(&entry.url),
        entry.extra.clone().into(),
        text(&entry.search_text),
        entry.created_at.into(),
        entry.updated_at.into(),
        entry.cancelled_at.into(),
        text(&entry.notice),
        text(&entry.previous_start),
    ]
}
