//! Who of the office can be sent when: what a planner needs to know, and nothing else.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::busy::{self, Busy};
use super::duty::{self, Duty, Kind};
use super::hours::Span;
use super::person::{self, Person, Record};
use crate::city::City;
use crate::outreach::request::wish::moment;

/// Somebody who may be sent, with their time from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Available {
    /// The account.
    pub account_id: Uuid,
    /// Name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// Telephone on the way, shown to applicants; may be empty.
    pub phone: String,
    /// Key of the town they set out from.
    pub base_town: String,
    /// Day by day from the first, from when until when they are at work; nothing on days without work.
    pub windows: Vec<Option<Span>>,
    /// What else they have to do, by start.
    pub duties: Vec<Engaged>,
}

/// A time at which somebody has something else to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Engaged {
    /// From when.
    pub starts: DateTime<Utc>,
    /// Until when.
    pub ends: DateTime<Utc>,
    /// Key of the town it takes place in; nothing where they are at their own, or nobody knows.
    pub town_key: Option<String>,
}

/// Everybody who may be sent, in the order of their names, with their time on so many days from a first one.
///
/// Leave cuts the window where it lies at one of its ends, and is a duty without a place where it lies within.
pub async fn of(
    db: &impl ConnectionTrait,
    city: &City,
    first: NaiveDate,
    days: usize,
) -> Result<Vec<Available>, DbErr> {
    let zone = city.profile.zone;
    let count = u64::try_from(days).unwrap_or_default();
    let behind = first.checked_add_days(Days::new(count)).unwrap_or(first);
    let span = (moment(first, chrono::NaiveTime::MIN, zone), moment(behind, chrono::NaiveTime::MIN, zone));
    let (duties, busy) = (duty::within(db, span).await?, busy::within(db, span).await?);
    let days: Vec<NaiveDate> = first.iter_days().take(days).collect();
    let mut found = Vec::new();
    for person in person::all(db).await? {
        let Some(record) = person.record.clone().filter(|record| record.is_active) else { continue };
        let own = duties.iter().filter(|duty| duty.account_id == person.account_id).cloned().collect();
        let busy = busy.iter().filter(|(whose, _)| *whose == person.account_id).map(|(_, busy)| *busy).collect();
        found.push(available(person, record, (&days, zone), (own, busy)));
    }
    Ok(found)
}

fn available(
    person: Person,
    record: Record,
    (days, zone): (&[NaiveDate], Tz),
    (duties, busy): (Vec<Duty>, Vec<Busy>),
) -> Available {
    let (leaves, duties): (Vec<Duty>, Vec<Duty>) = duties.into_iter().partition(|duty| duty.kind() == Kind::Leave);
    let town = |key: String| Some(key).filter(|key| !key.is_empty());
    let mut engaged: Vec<Engaged> = duties
        .into_iter()
        .map(|duty| Engaged { starts: duty.starts_at, ends: duty.ends_at, town_key: town(duty.town_key) })
        .collect();
    engaged.extend(busy.iter().map(|busy| Engaged { starts: busy.starts_at, ends: busy.ends_at, town_key: None }));
    let mut windows = Vec::with_capacity(days.len());
    for day in days {
        let mut window = record.hours.on(*day);
        for leave in &leaves {
            let at_work = window.map(|(opens, closes)| (moment(*day, opens, zone), moment(*day, closes, zone)));
            let Some((opens, closes)) = at_work else { break };
            window = match (leave.starts_at <= opens, leave.ends_at >= closes) {
                _ if leave.ends_at <= opens || leave.starts_at >= closes => window,
                (true, true) => None,
                (true, false) => Some((local(leave.ends_at, zone), local(closes, zone))),
                (false, true) => Some((local(opens, zone), local(leave.starts_at, zone))),
                (false, false) => {
                    engaged.push(Engaged { starts: leave.starts_at, ends: leave.ends_at, town_key: None });
                    window
                }
            };
        }
        windows.push(window);
    }
    engaged.sort();
    Available {
        account_id: person.account_id,
        name: person.shown_name().to_owned(),
        mail: person.mail,
        phone: record.phone,
        base_town: record.base_town,
        windows,
        duties: engaged,
    }
}

fn local(moment: DateTime<Utc>, zone: Tz) -> chrono::NaiveTime {
    moment.with_timezone(&zone).time()
}
