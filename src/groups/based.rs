//! Where groups are based (所在の町), for whoever weighs their ways.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::{placeholders, statement};

/// A group and its town.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Based {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Key of the town; empty where nobody said.
    pub town_key: String,
}

/// The groups under these identifiers, in 五十音 order; those that are not in the register are left out.
pub async fn based(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Based>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    let sql = format!("SELECT id, name, town_key FROM groups WHERE id IN ({marks}) ORDER BY kana_key, id");
    let values = ids.iter().map(|id| (*id).into()).collect();
    Based::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}
