//! The part of a group's row that the office keeps beside the record.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;
use crate::groups::State;

/// Version and trust of a group.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::office::register) struct Row {
    /// Number of the latest version; 0 for a group that was imported and never changed.
    pub version: i32,
    /// Whether its events appear without approval.
    pub trusted: bool,
    /// When it was last stored.
    pub updated_at: DateTime<Utc>,
}

/// The row of a group.
pub(in crate::office::register) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Row>, DbErr> {
    let sql = "SELECT version, trusted, updated_at FROM groups WHERE id = ?";
    Row::find_by_statement(statement(db.get_database_backend(), sql, vec![id.into()])).one(db).await
}

/// Takes the group for this transaction if nobody changed it since `version`; says whether it did.
pub(super) async fn take(db: &impl ConnectionTrait, id: Uuid, version: i32) -> Result<bool, DbErr> {
    let sql = "UPDATE groups SET version = version WHERE id = ? AND version = ?";
    let values = vec![id.into(), version.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// The states into which staff may put a group from the one it has.
pub(super) fn ways(from: State) -> &'static [State] {
    match from {
        State::Applied => &[],
        State::Listed | State::Renewal => &[State::Dormant, State::Dissolved],
        State::Dormant => &[State::Listed, State::Dissolved],
        State::Dissolved => &[State::Listed],
    }
}
