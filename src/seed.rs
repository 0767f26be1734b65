//! Reference data from `seeds/`, stored through the same functions that imports call; storing it twice does no harm.

use chrono::{DateTime, Utc};
use csv::StringRecord;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::city::facility::{self, Draft};
use crate::city::place;
use crate::city::term::{self, Term, Vocabulary};
use crate::{db, plan};

/// Loads the city's vocabularies, places, facilities and plan into a database where no plan is yet.
pub async fn reference(database: &DatabaseConnection, now: DateTime<Utc>) -> anyhow::Result<()> {
    if plan::newest(database).await?.is_some() {
        return Ok(());
    }
    let transaction = db::begin(database).await?;
    towns(&transaction).await?;
    terms(&transaction, Vocabulary::Field, include_str!("../seeds/fields.csv")).await?;
    terms(&transaction, Vocabulary::Category, include_str!("../seeds/categories.csv")).await?;
    terms(&transaction, Vocabulary::GroupKind, include_str!("../seeds/group-kinds.csv")).await?;
    places(&transaction).await?;
    facilities(&transaction, now).await?;
    plan::import(&transaction, "plan-2009.json", include_str!("../seeds/plan-2009.json"), now).await?;
    transaction.commit().await?;
    Ok(())
}

/// The lines of a built-in table, each with a way to ask for a column by name.
pub fn rows(text: &str) -> impl Iterator<Item = anyhow::Result<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().cloned().unwrap_or_default();
    reader
        .into_records()
        .map(move |record| Ok(Row { headings: headings.clone(), record: record? }))
        .collect::<Vec<_>>()
        .into_iter()
}

/// One line of a built-in table.
pub struct Row {
    headings: StringRecord,
    record: StringRecord,
}

impl Row {
    /// The text under a heading; empty where the table has no such column.
    pub fn get(&self, heading: &str) -> &str {
        let at = self.headings.iter().position(|name| name == heading);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// The text of the first of these headings that the table has.
    fn first(&self, headings: &[&str]) -> String {
        headings.iter().map(|heading| self.get(heading)).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    }
}

async fn towns(db: &impl ConnectionTrait) -> anyhow::Result<()> {
    terms(db, Vocabulary::Town, include_str!("../seeds/towns.csv")).await
}

async fn terms(db: &impl ConnectionTrait, vocabulary: Vocabulary, text: &str) -> anyhow::Result<()> {
    for (position, row) in (1..).zip(rows(text)) {
        let row = row?;
        let term = Term {
            key: row.get("key").to_owned(),
            name: row.first(&["name", "label"]),
            kana: row.get("kana").to_owned(),
            short: row.first(&["short", "name", "label"]),
            aliases: row.get("aliases").to_owned(),
            position,
        };
        term::put(db, vocabulary, &term).await?;
    }
    Ok(())
}

async fn places(db: &impl ConnectionTrait) -> anyhow::Result<()> {
    for row in rows(include_str!("../seeds/places.csv")) {
        let row = row?;
        let variants: Vec<&str> = row.get("variants").split(';').filter(|variant| !variant.is_empty()).collect();
        place::put(db, row.get("town"), row.get("name"), row.get("kana"), &variants).await?;
    }
    Ok(())
}

async fn facilities(db: &impl ConnectionTrait, now: DateTime<Utc>) -> anyhow::Result<()> {
    for row in rows(include_str!("../seeds/facilities.csv")) {
        let row = row?;
        let draft = Draft {
            key: row.get("key").to_owned(),
            name: row.get("name").to_owned(),
            kana: row.get("kana").to_owned(),
            kind: row.get("kind").to_owned(),
            town_key: row.get("town").to_owned(),
            postal: row.get("postal").to_owned(),
            address: row.get("address").to_owned(),
            site: row.get("site").to_owned(),
            lat: row.get("lat").parse().ok(),
            lon: row.get("lon").parse().ok(),
        };
        facility::put(db, &draft, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::city::Profile;

    #[test]
    fn the_seeded_plan_is_the_one_the_city_points_to() {
        let plan: serde_json::Value = serde_json::from_str(include_str!("../seeds/plan-2009.json")).unwrap();
        assert_eq!(plan["fiscal_year"], Profile::from_seed().plan_fiscal_year);
    }
}
