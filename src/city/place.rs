//! A 大字 of the city: its name, its reading and the ways in which its name is written.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::clock::new_id;
use crate::db::statement;

/// A place name within a town.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Place {
    /// Identifier.
    pub id: Uuid,
    /// The town it lies in.
    pub town_key: String,
    /// Name as it is usually written.
    pub name: String,
    /// Reading in hiragana.
    pub kana: String,
    /// Other ways in which the name is written, as a JSON list of text.
    pub variants: serde_json::Value,
}

impl Place {
    /// Every written form with the reading.
    pub fn names(&self) -> Vec<(String, String)> {
        let variants = self.variants.as_array().into_iter().flatten().filter_map(|name| name.as_str());
        std::iter::once(self.name.as_str()).chain(variants).map(|name| (name.to_owned(), self.kana.clone())).collect()
    }
}

/// All places, town by town.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Place>, DbErr> {
    let sql = "SELECT id, town_key, name, kana, variants FROM places ORDER BY town_key, name";
    Place::find_by_statement(statement(db.get_database_backend(), sql, vec![])).all(db).await
}

/// Stores a place, replacing what is known of the same name in the same town.
pub async fn put(
    db: &impl ConnectionTrait,
    town_key: &str,
    name: &str,
    kana: &str,
    variants: &[&str],
) -> Result<(), DbErr> {
    let sql = "INSERT INTO places (id, town_key, name, kana, variants) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (town_key, name) DO UPDATE SET kana = excluded.kana, variants = excluded.variants";
    let variants = serde_json::json!(variants);
    let values = vec![new_id().into(), town_key.into(), name.into(), kana.into(), variants.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
