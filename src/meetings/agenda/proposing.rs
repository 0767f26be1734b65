//! Proposals of the groups that are invited: until a deadline, and changed or taken back while nobody has decided.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::item::{self, Draft, Origin};
use super::stage::Stage;
use crate::db::statement;
use crate::meetings::meeting::Meeting;
use crate::meetings::seat::Seat;
use crate::waiting::{Waiting, counted};

/// Most proposals of one group that wait at the same time.
pub const MOST: usize = 10;

/// Whether groups may propose an item now, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They may.
    Open,
    /// Those who convene take no proposals.
    Closed,
    /// The deadline is over.
    Late,
    /// The meeting was cancelled.
    Cancelled,
    /// It has begun or was held.
    Over,
    /// The group was taken out.
    Out,
}

/// Whether this group may propose an item now.
pub fn gate(meeting: &Meeting, seat: &Seat, now: DateTime<Utc>) -> Gate {
    if !seat.is_taken() {
        Gate::Out
    } else if meeting.cancelled_at.is_some() {
        Gate::Cancelled
    } else if meeting.held_at.is_some() || meeting.starts_at.is_some_and(|starts| starts <= now) {
        Gate::Over
    } else {
        match meeting.agenda_until {
            None => Gate::Closed,
            Some(until) if until <= now => Gate::Late,
            Some(_) => Gate::Open,
        }
    }
}

/// Holds the meeting while a group proposes, so that its deadline, its end and the group's leaving wait for one another; says
/// whether it may.
async fn hold(
    db: &impl ConnectionTrait,
    (meeting_id, seat_id): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "UPDATE meetings SET updated_at = updated_at WHERE id = ? AND cancelled_at IS NULL AND held_at IS NULL
        AND published_at IS NULL AND agenda_until > ? AND (starts_at IS NULL OR starts_at > ?) AND EXISTS
        (SELECT 1 FROM meeting_seats s WHERE s.id = ? AND s.meeting_id = meetings.id AND s.removed_at IS NULL)";
    let values = vec![meeting_id.into(), now.into(), now.into(), seat_id.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

/// What became of something a group sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is written down.
    Done,
    /// It was written down before: the same form came twice.
    Known,
    /// The gate is closed by now.
    Closed,
    /// Too many of the group's proposals wait already.
    Many,
    /// Somebody decided about it, or changed it, meanwhile.
    Stale,
}

/// Keeps a proposal; the same form sent twice makes one.
pub async fn propose(
    db: &impl ConnectionTrait,
    (id, seat): (Uuid, &Seat),
    (draft, by): (&Draft, &str),
    now: DateTime<Utc>,
) -> Result<Outcome, DbErr> {
    if !hold(db, (seat.meeting_id, seat.id), now).await? {
        return Ok(Outcome::Closed);
    }
    let own = item::of_seat(db, seat.id).await?;
    let is_known = own.iter().any(|item| item.id == id);
    if !is_known && own.iter().filter(|item| item.stage() == Stage::Proposed).count() >= MOST {
        return Ok(Outcome::Many);
    }
    let origin = Origin { seat_id: Some(seat.id), by, ..Origin::default() };
    let is_new = item::insert(db, (id, seat.meeting_id), (draft, Stage::Proposed), origin, now).await?;
    Ok(if is_new { Outcome::Done } else { Outcome::Known })
}

/// Changes a proposal that nobody has decided about.
pub async fn change(
    db: &impl ConnectionTrait,
    (id, version, seat): (Uuid, i32, &Seat),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Outcome, DbErr> {
    if !hold(db, (seat.meeting_id, seat.id), now).await? {
        return Ok(Outcome::Closed);
    }
    let changed = item::change(db, (id, version, Stage::Proposed), draft, now).await?;
    Ok(if changed { Outcome::Done } else { Outcome::Stale })
}

/// Takes a proposal back that nobody has decided about.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    (id, version, seat): (Uuid, i32, &Seat),
    now: DateTime<Utc>,
) -> Result<Outcome, DbErr> {
    if !hold(db, (seat.meeting_id, seat.id), now).await? {
        return Ok(Outcome::Closed);
    }
    let passed = item::pass(db, (id, version), (Stage::Proposed, Stage::Withdrawn), now).await?;
    Ok(if passed { Outcome::Done } else { Outcome::Stale })
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    meeting_id: Uuid,
    title: String,
    meeting_title: String,
    group_id: Uuid,
    created_at: DateTime<Utc>,
}

/// Proposals for meetings of the city that nobody has decided about, the oldest first.
pub async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<(i64, Vec<Waiting>), DbErr> {
    let from = "FROM agenda_items a JOIN meetings m ON m.id = a.meeting_id JOIN meeting_seats s ON s.id = a.seat_id
        WHERE a.state = 'proposed' AND m.convener_group IS NULL AND m.cancelled_at IS NULL AND m.held_at IS NULL
        AND m.published_at IS NULL";
    let sql = format!(
        "SELECT a.id, a.meeting_id, a.title, m.title AS meeting_title, s.group_id, a.created_at {from}
        ORDER BY a.created_at, a.id LIMIT ?"
    );
    let rows = Row::find_by_statement(statement(db.get_database_backend(), &sql, vec![most.into()])).all(db).await?;
    let count = counted(db, (rows.len(), most), &format!("SELECT COUNT(*) AS count {from}")).await?;
    let line = |row: Row| Waiting {
        kind: "議題の提案",
        title: format!("{}({})", row.title, row.meeting_title),
        path: super::proposal_path(row.meeting_id, row.id),
        since: row.created_at,
        group_id: Some(row.group_id),
    };
    Ok((count, rows.into_iter().map(line).collect()))
}
