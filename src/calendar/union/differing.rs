//! Members that say something else than the one that is seen (食い違い): staff decide who is right.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::super::entry::Status;
use super::run;
use crate::db::statement;

/// Most differences that are looked at.
const MOST: i64 = 1000;

/// A member and the lead of its union that do not say the same.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Difference {
    /// The union.
    pub union_id: Uuid,
    /// The entry that is seen.
    pub lead_id: Uuid,
    /// The member that says something else.
    pub entry_id: Uuid,
    /// Title of what is seen.
    pub title: String,
    lead_status: String,
    status: String,
    lead_public: bool,
    lead_day: NaiveDate,
    day: NaiveDate,
    lead_at: Option<DateTime<Utc>>,
    at: Option<DateTime<Utc>>,
    accepted: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Difference {
    /// Whether one is cancelled and the other is not.
    pub fn in_status(&self) -> bool {
        self.is_cancelled() != self.is_lead_cancelled()
    }

    /// Whether what is seen is cancelled.
    pub fn is_lead_cancelled(&self) -> bool {
        Status::from_key(&self.lead_status) == Status::Cancelled
    }

    fn is_cancelled(&self) -> bool {
        Status::from_key(&self.status) == Status::Cancelled
    }

    /// Whether they begin at different times.
    pub fn in_start(&self) -> bool {
        self.lead_day != self.day || self.lead_at.zip(self.at).is_some_and(|(one, other)| one != other)
    }

    /// Whether what leads is not public any more.
    pub fn is_unseen(&self) -> bool {
        !self.lead_public
    }

    /// What is different, as a person who decided about it has seen it.
    fn print(&self) -> String {
        let at = |day: NaiveDate, at: Option<DateTime<Utc>>| at.map_or(day.to_string(), |at| at.to_rfc3339());
        let (one, other) = (at(self.lead_day, self.lead_at), at(self.day, self.at));
        format!("{} {one} {} / {} {other}", self.lead_status, self.lead_public, self.status)
    }
}

async fn found(
    db: &impl ConnectionTrait,
    condition: &str,
    values: Vec<sea_orm::Value>,
) -> Result<Vec<Difference>, DbErr> {
    let sql = format!(
        "SELECT u.id AS union_id, u.lead_id, m.entry_id, l.title, l.status AS lead_status, e.status,
        l.public AS lead_public, l.starts_on AS lead_day, e.starts_on AS day, l.starts_at AS lead_at, e.starts_at AS at,
        m.accepted, e.updated_at AS since FROM entry_unions u JOIN entry_union_members m ON m.union_id = u.id
        JOIN calendar_entries l ON l.id = u.lead_id JOIN calendar_entries e ON e.id = m.entry_id
        WHERE m.entry_id <> u.lead_id AND m.shown = TRUE {condition} LIMIT {MOST}"
    );
    Difference::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Everything that differs in unions that are not over and that nobody has looked at yet, the oldest first.
pub async fn differences(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<Difference>, DbErr> {
    let condition =
        "AND (l.ends_on >= ? OR e.ends_on >= ? OR l.rrule <> '') AND (l.public = FALSE OR l.status <> e.status
        OR l.starts_on <> e.starts_on OR l.starts_at <> e.starts_at) ORDER BY e.updated_at, m.entry_id";
    let mut differences = found(db, condition, vec![today.into(), today.into()]).await?;
    differences.retain(|one| (one.in_status() || one.in_start() || one.is_unseen()) && one.accepted != one.print());
    Ok(differences)
}

/// Leaves what differs in a union as it is; it is asked about again when it changes.
pub async fn accept(db: &impl ConnectionTrait, union_id: Uuid) -> Result<(), DbErr> {
    for one in found(db, "AND u.id = ?", vec![union_id.into()]).await? {
        let sql = "UPDATE entry_union_members SET accepted = ? WHERE entry_id = ?";
        run(db, sql, vec![one.print().into(), one.entry_id.into()]).await?;
    }
    Ok(())
}
