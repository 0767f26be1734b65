//! The next days of a group, read from the calendar's own tables.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::db::statement;

/// Most days shown.
const NEAREST: i64 = 10;

/// A day on which the group holds something.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Coming {
    /// The calendar entry.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// The day.
    pub day: NaiveDate,
    /// When it begins, `09:30`; empty when it lasts all day.
    pub begins: String,
    /// Where.
    pub place: String,
    status: String,
}

impl Coming {
    /// Whether it was called off.
    pub fn is_cancelled(&self) -> bool {
        self.status == "cancelled"
    }
}

/// The next public days of a group, soonest first.
pub(super) async fn of_group(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    today: NaiveDate,
) -> Result<Vec<Coming>, DbErr> {
    let sql = "SELECT e.id, e.title, o.day, o.begins, e.place, e.status FROM calendar_entries e
        JOIN occurrences o ON o.entry_id = e.id
        WHERE e.group_id = ? AND o.public AND o.day = o.first_day AND o.day >= ? ORDER BY o.day, o.begins, e.id LIMIT ?";
    let values = vec![group_id.into(), today.into(), NEAREST.into()];
    Coming::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}
