//! A series that was changed from one occurrence on (この回からあと) ends there, and another goes on; this tells which and how.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::{placeholders, statement};

/// Most UIDs in one question.
const SOME: usize = 500;

/// That one series goes on with another, which everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Succession {
    /// UID of the series that ended.
    pub before: String,
    /// Its first start that it does not have any more.
    pub ended_at: String,
    /// UID of the series that goes on.
    pub uid: String,
    /// Its page.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Its first start.
    pub begins_at: String,
    /// Whether it does not repeat any more.
    pub is_single: bool,
}

impl Succession {
    /// Which start of the series that goes on stands for this start of the one that ended; the clocks are those of a zone.
    ///
    /// Both series are as far apart at every start as they were at the first: a practice moved from Tuesday to Thursday stays two days
    /// later every week.
    pub fn continued(&self, instance: &str, zone: Tz) -> Option<String> {
        if instance < self.ended_at.as_str() {
            return None;
        }
        if self.is_single {
            return (instance == self.ended_at).then(String::new);
        }
        let (from, to, asked) = (clock(&self.ended_at, zone)?, clock(&self.begins_at, zone)?, clock(instance, zone)?);
        let moved = asked.checked_add_signed(to - from)?;
        match self.begins_at.parse::<NaiveDate>() {
            Ok(_) => Some(moved.date().to_string()),
            Err(_) => zone.from_local_datetime(&moved).earliest().map(|at| written(at.to_utc())),
        }
    }
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A start on the clocks of a zone; a day begins at midnight.
fn clock(instance: &str, zone: Tz) -> Option<NaiveDateTime> {
    match instance.parse::<DateTime<Utc>>() {
        Ok(at) => Some(at.with_timezone(&zone).naive_local()),
        Err(_) => instance.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN)),
    }
}

/// Keeps that a series ends before one of its starts and goes on as another.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    (before, ended_at): (Uuid, &str),
    (entry, begins_at): (Uuid, &str),
) -> Result<(), DbErr> {
    let sql = "INSERT INTO entry_successions (entry_id, before_id, ended_at, begins_at) VALUES (?, ?, ?, ?)";
    let values = vec![entry.into(), before.into(), ended_at.into(), begins_at.into()];
    db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// How the series under these UIDs go on in public, the latest first.
pub async fn successions(db: &impl ConnectionTrait, uids: &[String]) -> Result<Vec<Succession>, DbErr> {
    let mut found = Vec::new();
    for some in uids.chunks(SOME) {
        let sql = format!(
            "SELECT b.uid AS before, s.ended_at, e.uid, e.id, e.title, s.begins_at,
            EXISTS (SELECT 1 FROM occurrences o WHERE o.entry_id = e.id AND o.instance = '') AS is_single
            FROM entry_successions s
            JOIN calendar_entries b ON b.id = s.before_id JOIN calendar_entries e ON e.id = s.entry_id
            WHERE b.uid IN ({}) AND b.recurrence_id = '' AND e.public = TRUE",
            placeholders(some.len())
        );
        let values: Vec<Value> = some.iter().map(|uid| Value::from(uid.as_str())).collect();
        found.extend(Succession::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?);
    }
    found.sort_by(|one, other| (&other.ended_at, other.id).cmp(&(&one.ended_at, one.id)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(ended_at: &str, begins_at: &str) -> Succession {
        let text = String::new();
        let (ended_at, begins_at) = (ended_at.to_owned(), begins_at.to_owned());
        let (before, uid, id) = (text.clone(), text.clone(), Uuid::nil());
        Succession { before, ended_at, uid, id, title: text, begins_at, is_single: false }
    }

    fn continued(one: &Succession, instance: &str) -> Option<String> {
        one.continued(instance, Tz::Asia__Tokyo)
    }

    #[test]
    fn every_start_moves_as_far_as_the_first_one_did() {
        let thursday = from("2026-12-08T01:00:00Z", "2026-12-10T04:30:00Z");
        assert_eq!(continued(&thursday, "2026-12-08T01:00:00Z").unwrap(), "2026-12-10T04:30:00Z");
        assert_eq!(continued(&thursday, "2026-12-29T01:00:00Z").unwrap(), "2026-12-31T04:30:00Z");
        assert_eq!(continued(&thursday, "2026-12-01T01:00:00Z"), None, "that one was before");
        let once = Succession { is_single: true, ..thursday };
        assert_eq!(continued(&once, "2026-12-08T01:00:00Z").unwrap(), "");
        assert_eq!(continued(&once, "2026-12-15T01:00:00Z"), None, "there is only one");
        let earlier = from("2026-12-08T01:00:00Z", "2026-12-06T16:00:00Z");
        assert_eq!(continued(&earlier, "2026-12-15T01:00:00Z").unwrap(), "2026-12-13T16:00:00Z");
    }

    #[test]
    fn whole_days_and_hours_turn_into_one_another() {
        let whole = from("2026-12-08T01:00:00Z", "2026-12-09");
        assert_eq!(continued(&whole, "2026-12-15T01:00:00Z").unwrap(), "2026-12-16");
        let timed = from("2026-12-08", "2026-12-08T01:00:00Z");
        assert_eq!(continued(&timed, "2026-12-15").unwrap(), "2026-12-15T01:00:00Z");
        assert_eq!(continued(&timed, "2026-12-99"), None);
        assert_eq!(continued(&timed, "９"), None);
    }
}
