//! Counters that say what changed: each write bumps its scope in the same transaction, each cache asks before it answers.

mod watch;
mod witness;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::statement;
pub use watch::Watch;

/// A part of the city's data whose changes are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Vocabularies, places and facilities.
    City,
    /// Plans and their items.
    Plan,
    /// The register of groups.
    Groups,
    /// Calendar entries and their occurrences.
    Calendar,
}

impl Scope {
    fn key(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Plan => "plan",
            Self::Groups => "groups",
            Self::Calendar => "calendar",
        }
    }
}

/// All counters at one moment; equal counters mean that nothing has changed in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Revisions {
    /// Vocabularies, places and facilities.
    pub city: i64,
    /// Plans.
    pub plan: i64,
    /// The register.
    pub groups: i64,
    /// The calendar.
    pub calendar: i64,
    /// When any of them last changed.
    pub changed_at: DateTime<Utc>,
}

/// The state of the data and the day: whatever was made from equal ones is equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// The counters.
    pub revisions: Revisions,
    /// The day, on which lists of what is to come depend.
    pub today: NaiveDate,
}

/// Reads all counters in one question.
pub async fn current(db: &impl ConnectionTrait) -> Result<Revisions, DbErr> {
    let sql = "SELECT scope, number, changed_at FROM revisions";
    let mut revisions = Revisions::default();
    for row in db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await? {
        let (scope, number): (String, i64) = (row.try_get("", "scope")?, row.try_get("", "number")?);
        match scope.as_str() {
            "city" => revisions.city = number,
            "plan" => revisions.plan = number,
            "groups" => revisions.groups = number,
            "calendar" => revisions.calendar = number,
            _ => {}
        }
        revisions.changed_at = revisions.changed_at.max(row.try_get("", "changed_at")?);
    }
    Ok(revisions)
}

/// Says that something in the scope changes with this transaction.
pub async fn bump(transaction: &impl ConnectionTrait, scope: Scope, now: DateTime<Utc>) -> Result<(), DbErr> {
    // What began earlier and ends later does not take the moment back: readers who only know it would miss the change.
    let sql =
        "UPDATE revisions SET number = number + 1, changed_at = CASE WHEN changed_at > ? THEN changed_at ELSE ? END
        WHERE scope = ?";
    let values = vec![now.into(), now.into(), scope.key().into()];
    transaction.execute_raw(statement(transaction.get_database_backend(), sql, values)).await?;
    Ok(())
}
