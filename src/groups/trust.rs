//! Trust: whether what a group writes about its own days appears at once.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::statement;

/// Whether the group's entries appear without being looked at first.
pub async fn is_trusted(db: &impl ConnectionTrait, group_id: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT trusted FROM groups WHERE id = ?";
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![group_id.into()])).await?;
    row.map_or(Ok(false), |row| row.try_get("", "trusted"))
}

/// Trusts a group, or takes that back; says whether it changed anything.
pub async fn trust(db: &impl ConnectionTrait, group_id: Uuid, trusted: bool) -> Result<bool, DbErr> {
    let sql = "UPDATE groups SET trusted = ? WHERE id = ? AND trusted <> ?";
    let values = vec![trusted.into(), group_id.into(), trusted.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
