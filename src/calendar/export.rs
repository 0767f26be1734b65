//! The calendar as a table for the city itself: one line for each entry, so that it can be taken in again.

use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::entry::{self, Entry};
use super::occurrence;
use super::open_layout::RECOMMENDED;
use super::spread::local;
use crate::city::City;
use crate::db::{placeholders, statement};
use crate::table::Cell;

/// Headings and lines of every entry of the calendar, public or not, in the columns of the 推奨データセット and our own.
pub async fn table(db: &impl ConnectionTrait, city: &City) -> Result<(Vec<&'static str>, Vec<Vec<Cell>>), DbErr> {
    let entries = entry::select(db, "ORDER BY starts_on, id", vec![]).await?;
    let mut categories = occurrence::categories(db, entries.iter().map(|entry| entry.id)).await?;
    let mut items = items(db, city, &entries).await?;
    let lines = entries.iter().map(|entry| {
        let categories = categories.remove(&entry.id).unwrap_or_default();
        let names = categories.iter().filter_map(|key| city.category(key)).map(|term| term.name.as_str());
        let names = names.collect::<Vec<_>>().join(";");
        line(entry, city, &names, &items.remove(&entry.id).unwrap_or_default().join(";"))
    });
    Ok((RECOMMENDED.to_vec(), lines.collect()))
}

fn line(entry: &Entry, city: &City, categories: &str, items: &str) -> Vec<Cell> {
    let zone = city.profile.zone;
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let number = |number: Option<f64>| number.map_or(Cell::Empty, Cell::Decimal);
    let day = |moment: Option<_>, day: chrono::NaiveDate| moment.map_or(day, |at| local(at, zone).date()).to_string();
    let clock = |moment: Option<_>| moment.map(|at| local(at, zone).format("%H:%M").to_string()).unwrap_or_default();
    let public = if entry.public { "公開" } else { "非公開" };
    vec![
        text(&city.profile.code),
        text(&entry.id.to_string()),
        text(&city.profile.prefecture),
        text(&city.profile.name),
        text(&entry.title),
        text(&entry.kana),
        Cell::Empty,
        text(&day(entry.starts_at, entry.starts_on)),
        text(&day(entry.ends_at, entry.ends_on)),
        text(&clock(entry.starts_at)),
        text(&clock(entry.ends_at)),
        text(&entry.time_note),
        text(&entry.description),
        Cell::Empty,
        text(&entry.fee),
        text(&entry.contact),
        Cell::Empty,
        Cell::Empty,
        text(&entry.organiser),
        text(&entry.place),
        text(&entry.address),
        Cell::Empty,
        number(entry.lat),
        number(entry.lon),
        text(entry.extra("アクセス方法")),
        text(entry.extra("駐車場情報")),
        text(&entry.capacity),
        Cell::Empty,
        Cell::Empty,
        text(&entry.apply),
        text(&entry.url),
        Cell::Empty,
        text(categories),
        text(&entry.audience),
        text(entry.kind().label()),
        text(entry.status().label()),
        text(items),
        text(&entry.rrule),
        text(public),
    ]
}

async fn items(
    db: &impl ConnectionTrait,
    city: &City,
    entries: &[Entry],
) -> Result<std::collections::HashMap<Uuid, Vec<String>>, DbErr> {
    let mut codes: std::collections::HashMap<Uuid, Vec<String>> = std::collections::HashMap::new();
    for some in entries.chunks(10_000) {
        let sql = format!(
            "SELECT l.entry_id, p.key, i.code FROM entry_items l JOIN items i ON i.id = l.item_id
            JOIN plans p ON p.id = i.plan_id WHERE l.entry_id IN ({}) ORDER BY p.key, i.code",
            placeholders(some.len())
        );
        let values = some.iter().map(|entry| Value::from(entry.id)).collect();
        for row in db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await? {
            let (plan, code): (String, String) = (row.try_get("", "key")?, row.try_get("", "code")?);
            let code = if plan == city.profile.plan_key() { code } else { format!("{plan}:{code}") };
            codes.entry(row.try_get("", "entry_id")?).or_default().push(code);
        }
    }
    Ok(codes)
}
