//! What becomes of groups that do not confirm: 更新待ち, a warning, and only then 休止. Nobody is ever dropped in silence.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::turning::{self, Turning};
use super::{age, letters};
use crate::audit::{Actor, Channel};
use crate::city::settings;
use crate::db::{self, placeholders, statement};
use crate::groups::{Refused, State, addressees};
use crate::mail::{self, Topic};

/// Groups looked at together.
const AT_ONCE: u64 = 500;

/// A group as its age sees it.
#[derive(Clone, Debug, FromQueryResult)]
struct Ageing {
    id: Uuid,
    state: String,
    confirmed_on: Option<NaiveDate>,
    renewed_on: Option<NaiveDate>,
    registered_on: Option<NaiveDate>,
    created_at: DateTime<Utc>,
    rest_on: Option<NaiveDate>,
}

impl Ageing {
    /// The day from which its months count.
    fn since(&self, desk: &Desk<'_>) -> NaiveDate {
        let registered = self.renewed_on.max(self.registered_on);
        let made = self.created_at.with_timezone(&desk.city.profile.zone).date_naive();
        self.confirmed_on.or(registered).unwrap_or(made)
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aged {
    /// Groups that are 更新待ち now.
    pub renewal: usize,
    /// Groups that were warned.
    pub warned: usize,
    /// Groups that rest now.
    pub dormant: usize,
}

/// Looks at every listed group and does what its age asks for; each group in a transaction of its own, so that a run that
/// breaks off, or a second replica, does nothing twice.
pub async fn run(db: &DatabaseConnection, desk: &Desk<'_>) -> Result<Aged, Fault> {
    let months = |rule| u32::try_from(desk.city.settings.number(rule)).unwrap_or_default();
    let months = (months(settings::RENEWAL_MONTHS), months(settings::DORMANT_MONTHS));
    let (mut aged, mut last) = (Aged::default(), Uuid::nil());
    loop {
        let groups = candidates(db, (months.0, last), desk).await?;
        let Some(latest) = groups.last() else { return Ok(aged) };
        last = latest.id;
        look(db, desk, groups, months, &mut aged).await?;
    }
}

async fn look(
    db: &DatabaseConnection,
    desk: &Desk<'_>,
    groups: Vec<Ageing>,
    months: (u32, u32),
    aged: &mut Aged,
) -> Result<(), Fault> {
    let mut warn = Vec::new();
    for group in groups {
        let wanted = age::state_at(group.since(desk), months, desk.today);
        if wanted == State::Listed {
            continue;
        }
        if group.state == State::Listed.key() && turn(db, desk, &group, State::Renewal).await? {
            aged.renewal += 1;
        }
        // The warning comes a notice before the months are over.
        let notice = Days::new(desk.city.settings.number(settings::REST_NOTICE_DAYS).unsigned_abs().into());
        let soon = desk.today.checked_add_days(notice).unwrap_or(desk.today);
        let is_over = wanted == State::Dormant && group.rest_on.is_some_and(|rest_on| rest_on <= desk.today);
        if is_over && turn(db, desk, &group, State::Dormant).await? {
            aged.dormant += 1;
        }
        if group.rest_on.is_none() && age::state_at(group.since(desk), months, soon) == State::Dormant {
            warn.push(group);
        }
    }
    aged.warned += announce(db, desk, &warn).await?;
    Ok(())
}

/// The listed groups whose last word is old enough to matter.
async fn candidates(
    db: &impl ConnectionTrait,
    (renewal, last): (u32, Uuid),
    desk: &Desk<'_>,
) -> Result<Vec<Ageing>, DbErr> {
    let before = desk.today.checked_sub_months(chrono::Months::new(renewal)).unwrap_or(desk.today);
    let sql = "SELECT g.id, g.state, g.confirmed_on, g.renewed_on, g.registered_on, g.created_at, n.rest_on
        FROM groups g LEFT JOIN rest_notices n ON n.group_id = g.id AND n.rested_at IS NULL
        WHERE g.listed = TRUE AND g.id > ? AND (g.confirmed_on IS NULL OR g.confirmed_on <= ?) ORDER BY g.id LIMIT ?";
    let values = vec![last.into(), before.into(), AT_ONCE.into()];
    Ageing::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}

/// Gives a group another state if it is still as it was seen; says whether it did.
async fn turn(db: &DatabaseConnection, desk: &Desk<'_>, group: &Ageing, to: State) -> Result<bool, Fault> {
    let from: &[&str] = if to == State::Dormant { &["listed", "renewal"] } else { &["listed"] };
    let transaction = db::begin(db).await?;
    if !claim(&transaction, group, from, to).await? {
        return Ok(false);
    }
    let turning = Turning {
        to,
        action: if to == State::Dormant {
            "休止（確認がないため）"
        } else {
            "更新待ち（確認がないため）"
        },
        reason: "最終確認日から定めた月数がすぎたため",
    };
    match turning::turn(&transaction, desk, (group.id, turning), (&Actor::system(), Channel::System)).await {
        Ok(_) => {}
        Err(Fault::Record(Refused::Invalid(faults))) => {
            tracing::warn!(group = %group.id, ?faults, "a record that does not pass its checks keeps its state");
            return Ok(false);
        }
        Err(fault) => return Err(fault),
    }
    if to == State::Dormant {
        let sql = "UPDATE rest_notices SET rested_at = ? WHERE group_id = ?";
        let values = vec![desk.now.into(), group.id.into()];
        transaction.execute_raw(statement(transaction.get_database_backend(), sql, values)).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// Locks the row of a group that nobody has confirmed or changed the state of in between, and whose warning has gone out.
async fn claim(db: &impl ConnectionTrait, group: &Ageing, from: &[&str], to: State) -> Result<bool, DbErr> {
    let marks = placeholders(from.len());
    let warned = if to == State::Dormant {
        " AND EXISTS (SELECT 1 FROM rest_notices n WHERE n.group_id = groups.id AND n.rested_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM letters l
        WHERE l.group_id = groups.id AND l.kind = 'groups.renewal_rest' AND l.state = 'held')"
    } else {
        ""
    };
    let same = if group.confirmed_on.is_some() { "confirmed_on = ?" } else { "confirmed_on IS NULL" };
    let sql = format!("UPDATE groups SET version = version WHERE id = ? AND state IN ({marks}) AND {same}{warned}");
    let mut values: Vec<Value> = vec![group.id.into()];
    values.extend(from.iter().map(|state| Value::from(*state)));
    values.extend(group.confirmed_on.map(Value::from));
    Ok(db.execute_raw(statement(db.get_database_backend(), &sql, values)).await?.rows_affected() > 0)
}

/// Warns the people of groups that will rest, and puts each group on the office's list.
async fn announce(db: &DatabaseConnection, desk: &Desk<'_>, groups: &[Ageing]) -> Result<usize, Fault> {
    if groups.is_empty() {
        return Ok(0);
    }
    let notice = Days::new(desk.city.settings.number(settings::REST_NOTICE_DAYS).unsigned_abs().into());
    let dormant = u32::try_from(desk.city.settings.number(settings::DORMANT_MONTHS)).unwrap_or_default();
    let transaction = db::begin(db).await?;
    let ids: Vec<Uuid> = groups.iter().map(|group| group.id).collect();
    let people = addressees::people(&transaction, &ids, Topic::Renewal).await?;
    let (mut letters, mut warned, mut batch) = (Vec::new(), 0, None);
    for group in groups {
        let over = age::last_day(group.since(desk), dormant) + Days::new(1);
        let rest_on = over.max(desk.today.checked_add_days(notice).unwrap_or(over));
        if !put_notice(&transaction, group.id, rest_on, desk.now).await? {
            continue;
        }
        warned += 1;
        let Some(standing) = super::confirmation::standing(&transaction, group.id).await? else { continue };
        for person in people.get(&group.id).into_iter().flatten() {
            if batch.is_none() {
                let by = Actor::system().name;
                batch = Some(mail::open_batch(&transaction, Topic::Renewal, "休止の予告", &by, desk.now).await?);
            }
            let Some(batch) = batch else { continue };
            let to = (group.id, standing.name.as_str(), person);
            let letter = letters::rest_notice(desk, to, rest_on, group.confirmed_on)?;
            letters.push(letters::ready(letter, group.id, batch, None));
        }
    }
    mail::post_all(&transaction, &letters, desk.host, desk.now).await?;
    transaction.commit().await?;
    Ok(warned)
}

async fn put_notice(
    db: &impl ConnectionTrait,
    group_id: Uuid,
    rest_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO rest_notices (group_id, announced_at, rest_on, seen_by)
        VALUES (?, ?, ?, '')
        ON CONFLICT (group_id) DO UPDATE SET announced_at = excluded.announced_at, rest_on = excluded.rest_on,
        rested_at = NULL, seen_at = NULL, seen_by = '' WHERE rest_notices.rested_at IS NOT NULL";
    let values = vec![group_id.into(), now.into(), rest_on.into()];
    Ok(db.execute_raw(statement(db.get_database_backend(), sql, values)).await?.rows_affected() > 0)
}
