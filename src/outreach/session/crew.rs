//! Who goes to a session. The database itself lets nobody be at two places at once: a person's time at a place is kept in cells
//! of five minutes, each of which one session alone can have.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, SqlErr};
use uuid::Uuid;

use crate::db::statement;

/// Length of a cell.
const CELL_SECONDS: i64 = 5 * 60;

/// Somebody who goes to a session.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Going {
    /// The session.
    pub session_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// Name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// Telephone on the way, for the applicant; may be empty.
    pub phone: String,
    /// The town the person sets out from.
    pub base_town: String,
}

/// Why somebody was not put down for a session.
#[derive(Debug, thiserror::Error)]
pub enum Taken {
    /// Somebody has another session in that time.
    #[error("somebody is at another session")]
    Elsewhere,
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

const SELECT: &str = "SELECT a.session_id, a.account_id, c.name, c.mail, COALESCE(p.phone, '') AS phone,
    COALESCE(p.base_town, '') AS base_town FROM outreach_assignments a JOIN accounts c ON c.id = a.account_id
    LEFT JOIN outreach_people p ON p.account_id = a.account_id";

/// Who goes to a session, in the order of their names.
pub async fn of_session(db: &impl ConnectionTrait, session_id: Uuid) -> Result<Vec<Going>, DbErr> {
    let sql = format!("{SELECT} WHERE a.session_id = ? ORDER BY c.name, c.id");
    Going::find_by_statement(statement(db.get_database_backend(), &sql, vec![session_id.into()])).all(db).await
}

/// Who goes to the sessions that stand and touch a span of time.
pub async fn standing(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Going>, DbErr> {
    let sql = format!(
        "{SELECT} JOIN outreach_sessions s ON s.id = a.session_id WHERE s.state <> 'cancelled' AND s.starts_at < ?
        AND s.ends_at > ? ORDER BY c.name, c.id"
    );
    let values = vec![until.into(), from.into()];
    Going::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// Puts people down for a session in place of whoever was, for the time from their arrival to their leaving; within the
/// caller's transaction, which is of no use any more after [`Taken::Elsewhere`].
pub(in crate::outreach) async fn put(
    db: &impl ConnectionTrait,
    session_id: Uuid,
    people: &[Uuid],
    (arrive, leave): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), Taken> {
    let backend = db.get_database_backend();
    free(db, session_id).await?;
    let sql = "DELETE FROM outreach_assignments WHERE session_id = ?";
    db.execute_raw(statement(backend, sql, vec![session_id.into()])).await?;
    for account in people {
        let sql = "INSERT INTO outreach_assignments (session_id, account_id) VALUES (?, ?)";
        db.execute_raw(statement(backend, sql, vec![session_id.into(), (*account).into()])).await?;
        for cell in cells(arrive, leave) {
            let sql = "INSERT INTO outreach_cells (account_id, cell, session_id) VALUES (?, ?, ?)";
            let values = vec![(*account).into(), cell.into(), session_id.into()];
            db.execute_raw(statement(backend, sql, values)).await.map_err(told)?;
        }
    }
    Ok(())
}

/// Gives the time of those who go free again; who they were stays.
pub(in crate::outreach) async fn free(db: &impl ConnectionTrait, session_id: Uuid) -> Result<(), DbErr> {
    let sql = "DELETE FROM outreach_cells WHERE session_id = ?";
    db.execute_raw(statement(db.get_database_backend(), sql, vec![session_id.into()])).await?;
    Ok(())
}

/// Takes the turn of these people until the transaction ends, so that nobody else plans for them meanwhile.
pub(in crate::outreach) async fn hold(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), DbErr> {
    let mut people = people.to_vec();
    people.sort_unstable();
    for account in people {
        let sql = "UPDATE outreach_people SET turn = turn + 1 WHERE account_id = ?";
        db.execute_raw(statement(db.get_database_backend(), sql, vec![account.into()])).await?;
    }
    Ok(())
}

fn told(fault: DbErr) -> Taken {
    match fault.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Taken::Elsewhere,
        _ => Taken::Database(fault),
    }
}

/// The cells that a stay touches.
fn cells(from: DateTime<Utc>, until: DateTime<Utc>) -> std::ops::Range<i64> {
    let seconds = until.timestamp();
    from.timestamp().div_euclid(CELL_SECONDS)..seconds.div_euclid(CELL_SECONDS) + i64::from(seconds % CELL_SECONDS != 0)
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn a_stay_touches_every_cell_it_begins_and_none_after_its_end() {
        let at = |text: &str| text.parse().unwrap();
        let first = cells(at("2026-12-16T01:00:00Z"), at("2026-12-16T01:10:00Z"));
        let next = cells(at("2026-12-16T01:10:00Z"), at("2026-12-16T01:12:00Z"));
        assert_eq!((first.clone().count(), next.clone().count()), (2, 1));
        assert_eq!(first.end, next.start);
    }
}
