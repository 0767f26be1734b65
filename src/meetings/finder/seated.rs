//! The other meetings that the groups are invited to (ほかの会議): a day that is fixed keeps a group away, candidates are told of.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::known::Engagement;
use super::reading::Sight;
use crate::city::City;
use crate::db::{placeholders, statement};

#[derive(FromQueryResult)]
struct Row {
    group_id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    town_key: String,
    tentative: bool,
}

/// The meetings between two days in which these groups have a seat, but not the one that the day is for; one question.
///
/// A group that said it does not come is free. That a group is invited is nothing everybody may see, even of a public meeting.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    city: &City,
    (groups, own): (&[Uuid], Option<Uuid>),
    sight: &Sight,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Engagement>, DbErr> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let zone = city.profile.zone;
    let (from, to) = (midnight(first, zone), midnight(last.checked_add_days(Days::new(1)).unwrap_or(last), zone));
    let marks = placeholders(groups.len());
    let own = own.unwrap_or_default();
    let town = "CASE WHEN f.town_key IS NULL OR f.town_key = '' THEN d.town_key ELSE f.town_key END AS town_key";
    let sql = format!(
        "SELECT s.group_id, d.title, d.starts_at, d.ends_at, {town}, FALSE AS tentative FROM meetings d
        JOIN meeting_seats s ON s.meeting_id = d.id AND s.removed_at IS NULL
        LEFT JOIN meeting_replies r ON r.seat_id = s.id AND r.latest LEFT JOIN facilities f ON f.id = d.facility_id
        WHERE d.fixed_at IS NOT NULL AND d.cancelled_at IS NULL AND d.starts_at < ? AND d.ends_at > ? AND d.id <> ?
        AND (r.answer IS NULL OR r.answer <> 'absent') AND s.group_id IN ({marks})
        UNION ALL SELECT s.group_id, m.title, d.starts_at, d.ends_at, {town}, TRUE AS tentative FROM meeting_dates d
        JOIN meetings m ON m.id = d.meeting_id JOIN meeting_seats s ON s.meeting_id = m.id AND s.removed_at IS NULL
        LEFT JOIN facilities f ON f.id = d.facility_id
        WHERE d.withdrawn_at IS NULL AND m.fixed_at IS NULL AND m.cancelled_at IS NULL AND d.starts_at < ?
        AND d.ends_at > ? AND m.id <> ? AND s.group_id IN ({marks})"
    );
    let half = || [to.into(), from.into(), own.into()].into_iter().chain(groups.iter().map(|id| (*id).into()));
    let values: Vec<Value> = half().chain(half()).collect();
    let rows = Row::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?;
    Ok(rows.into_iter().map(|row| engagement(row, sight, zone)).collect())
}

fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let at = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&at).earliest().map_or_else(|| at.and_utc(), |moment| moment.to_utc())
}

fn engagement(row: Row, sight: &Sight, zone: Tz) -> Engagement {
    let (from, to) = (row.starts_at.with_timezone(&zone).naive_local(), row.ends_at.with_timezone(&zone).naive_local());
    Engagement {
        title: sight.sees_group(row.group_id).then_some(row.title),
        first_day: from.date(),
        last_day: to.date(),
        begins: Some(from.hour() * 60 + from.minute()),
        ends: Some(to.hour() * 60 + to.minute()),
        groups: vec![row.group_id],
        // Its own entry in the calendar takes the building.
        site: String::new(),
        town: row.town_key,
        big: false,
        tentative: row.tentative,
    }
}
