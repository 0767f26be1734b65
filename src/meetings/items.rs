//! The items of the plan that a meeting fulfils.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::statement;

/// The items of the plan that a meeting fulfils.
pub async fn of_meeting(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT item_id FROM meeting_items WHERE meeting_id = ? ORDER BY item_id";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "item_id")).collect()
}

/// The items of the plan that what a meeting decided is for.
pub async fn of_decisions(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT DISTINCT l.item_id FROM decision_items l JOIN decisions d ON d.id = l.decision_id
        WHERE d.meeting_id = ?";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "item_id")).collect()
}

/// Says which items of the plan a meeting fulfils, in place of those said before.
pub async fn set(db: &impl ConnectionTrait, id: Uuid, items: &[Uuid]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    db.execute_raw(statement(backend, "DELETE FROM meeting_items WHERE meeting_id = ?", vec![id.into()])).await?;
    for item in items {
        let sql = "INSERT INTO meeting_items (meeting_id, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        db.execute_raw(statement(backend, sql, vec![id.into(), (*item).into()])).await?;
    }
    Ok(())
}
