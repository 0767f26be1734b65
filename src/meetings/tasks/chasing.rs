//! Chasing tasks by mail: once before the day, and up to three times after it.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};
use uuid::Uuid;

use super::decision::{self, Told};
use super::{group_path, letters};
use crate::city::settings;
use crate::db::{self, statement};
use crate::groups;
use crate::mail::{self, Letter, Recipient, Topic};
use crate::meetings::desk::{Desk, Fault};
use crate::meetings::meeting;
use crate::meetings::stewards;

/// How often a task is chased in all: once before its day, three times after it.
const MOST: i32 = 4;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    meeting_id: Uuid,
    chases: i32,
}

/// Writes about every task whose day is near or over, whose minutes are out; tells about how many.
pub async fn chase(connection: &DatabaseConnection, desk: &Desk<'_>) -> Result<usize, Fault> {
    let days = Duration::days(i64::from(desk.city.settings.number(settings::TASK_DAYS)));
    let mut told = 0;
    for row in due(connection, desk.today + days).await? {
        let transaction = db::begin(connection).await?;
        if let Some(task) = decision::find(&transaction, row.meeting_id, row.id).await?
            && is_due(&task, row.chases, (desk.today, days))
            && claim(&transaction, &row, (desk.now - days, desk.now)).await?
        {
            write(&transaction, desk, &task).await?;
            transaction.commit().await?;
            told += 1;
        }
    }
    Ok(told)
}

/// Whether the next letter is due: the first before the day, the others once it is over.
fn is_due(task: &Told, chases: i32, (today, days): (NaiveDate, Duration)) -> bool {
    let Some(due) = task.decision.due_on else { return false };
    if chases == 0 { due <= today + days } else { due < today }
}

async fn due(db: &impl ConnectionTrait, until: NaiveDate) -> Result<Vec<Row>, DbErr> {
    let sql = "SELECT d.id, d.meeting_id, d.chases FROM decisions d JOIN meetings m ON m.id = d.meeting_id
        WHERE d.state = 'open' AND d.due_on IS NOT NULL AND d.due_on <= ? AND d.chases < ?
        AND m.published_at IS NOT NULL ORDER BY d.due_on, d.id";
    Row::find_by_statement(statement(db.get_database_backend(), sql, vec![until.into(), MOST.into()])).all(db).await
}

/// Takes the turn to write about a task, so that no other replica does; not so soon after the last letter.
async fn claim(
    db: &impl ConnectionTrait,
    row: &Row,
    (before, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE decisions SET chased_at = ?, chases = chases + 1 WHERE id = ? AND chases = ? AND state = 'open'
        AND (chased_at IS NULL OR chased_at <= ? OR (chases = 1 AND due_on < ?))";
    let today = now.date_naive();
    let values = vec![now.into(), row.id.into(), row.chases.into(), before.into(), today.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}

async fn write(db: &impl ConnectionTrait, desk: &Desk<'_>, task: &Told) -> Result<(), Fault> {
    let is_late = task.decision.is_late(desk.today);
    let wording = if is_late { &letters::LATE } else { &letters::DUE_SOON };
    let due = task.due();
    let shared = [("宿題", task.decision.words.as_str()), ("期限", due.as_str())];
    let people = match task.decision.owner_group {
        Some(group) => groups::addressees(db, &[group], Topic::Meetings).await?.remove(&group).unwrap_or_default(),
        None => Vec::new(),
    };
    let Some(group) = task.decision.owner_group.filter(|_| !people.is_empty()) else {
        // Nobody to write to: whoever looks after the meeting reminds them by telephone.
        return tell_stewards(db, desk, task, &shared).await;
    };
    let address = desk.url(&format!("{}/{}", group_path(group), task.decision.id));
    for person in people {
        let mut values = vec![
            ("団体名", task.decision.group_name.as_str()),
            ("宛名", if person.name.is_empty() { "ご担当者" } else { person.name.as_str() }),
            ("会議名", task.decision.meeting_title.as_str()),
            ("ページ", address.as_str()),
        ];
        values.extend(shared);
        let text = wording.fill(&desk.city.settings, &values)?;
        let to = Recipient { mail: person.mail, name: person.name.clone() };
        let mut letter = Letter::new(wording.key, to, text).about(group);
        letter.account_id = person.account_id;
        mail::post(db, &letter, desk.host, desk.now).await?;
    }
    Ok(())
}

async fn tell_stewards(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    task: &Told,
    shared: &[(&'static str, &str)],
) -> Result<(), Fault> {
    let Some(meeting) = meeting::find(db, task.decision.meeting_id).await? else { return Ok(()) };
    let wording = if task.decision.is_late(desk.today) { &letters::LATE } else { &letters::DUE_SOON };
    let address = desk.url(&format!("{}/decisions/{}/outcome", meeting.path(), task.decision.id));
    let mut values = vec![("団体名", task.owner()), ("ページ", address.as_str())];
    values.extend_from_slice(shared);
    stewards::tell(db, desk, &meeting, (wording, &values)).await?;
    Ok(())
}
