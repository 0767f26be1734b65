//! Clashes (重なり): what else is on at the same place, by the same group, or draws everybody on the same day.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::draft::Draft;
use super::entry::Kind;
use super::spread::Stretch;
use super::store::{self, Desk};
use crate::city::settings::BIG_CAPACITY;
use crate::city::{Facility, facility};
use crate::db::{placeholders, statement};
use crate::text::{day, holidays};

/// Occurrences of a series that are looked at.
pub const OCCURRENCES: usize = 60;
/// Most days that are looked at, all occurrences together.
const DAYS: usize = 400;
/// Minutes that something without a known end is taken to last.
const UNKNOWN_MINUTES: u32 = 120;

/// Why two entries get in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The same building at the same time.
    SameVenue,
    /// The same group at the same time.
    SameGroup,
    /// Something big on the same day.
    BigDay,
}

impl Reason {
    /// The words people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::SameVenue => "同じ会場の同じ時間",
            Self::SameGroup => "同じ団体の同じ時間",
            Self::BigDay => "同じ日の大きな行事",
        }
    }
}

/// What is held on one day: one of the two sides of a clash.
#[derive(Clone, Debug)]
pub struct Held {
    /// First and last day with times, as lists show them.
    pub(super) stretch: Stretch,
    /// The building; empty where none is known.
    pub site: String,
    /// The group.
    pub group_id: Option<Uuid>,
    /// Whether it draws people from everywhere.
    pub big: bool,
}

/// Why `other` gets in the way of `planned`, if it does.
pub fn reason(planned: &Held, other: &Held) -> Option<Reason> {
    let (one, two) = (&planned.stretch, &other.stretch);
    let same_days = one.first_day <= two.last_day && two.first_day <= one.last_day;
    let same_time = same_days && overlap(one, two);
    if same_time && !planned.site.is_empty() && planned.site == other.site {
        return Some(Reason::SameVenue);
    }
    if same_time && planned.group_id.is_some() && planned.group_id == other.group_id {
        return Some(Reason::SameGroup);
    }
    (same_days && other.big).then_some(Reason::BigDay)
}

/// Whether two stretches that share a day share a moment; what touches only does not.
fn overlap(one: &Stretch, two: &Stretch) -> bool {
    let (start_one, end_one) = bounds(one);
    let (start_two, end_two) = bounds(two);
    start_one < end_two && start_two < end_one
}

/// Start and end as day and minute of that day.
fn bounds(stretch: &Stretch) -> ((NaiveDate, u32), (NaiveDate, u32)) {
    let minutes = |clock: &str| -> Option<u32> {
        let (hour, minute) = clock.split_once(':')?;
        Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
    };
    let begins = minutes(&stretch.begins);
    let ends = minutes(&stretch.ends).or_else(|| begins.map(|begins| begins + UNKNOWN_MINUTES)).unwrap_or(24 * 60);
    ((stretch.first_day, begins.unwrap_or(0)), (stretch.last_day, ends))
}

/// Whether an entry draws people from everywhere: its capacity, a meeting of all groups, or held for the whole city.
fn is_big(capacity: &str, kind: Kind, whole_city: bool, least: i32) -> bool {
    let digits: String = capacity.nfkc().filter(|letter| *letter != ',').collect();
    let numbers = digits.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse::<i32>().ok());
    kind == Kind::Meeting || whole_city || numbers.max().is_some_and(|most| most >= least)
}

/// The same for the columns of an entry; one of the city's own without town and group is for the whole city.
pub(super) fn is_big_entry(
    capacity: &str,
    kind: &str,
    source: &str,
    town: &str,
    group: Option<Uuid>,
    least: i32,
) -> bool {
    let whole_city = source == super::family::OWN && town.is_empty() && group.is_none();
    is_big(capacity, Kind::from_key(kind).unwrap_or(Kind::Event), whole_city, least)
}

/// Another entry that gets in the way, on one of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Why.
    pub reason: Reason,
    /// The other entry.
    pub entry_id: Uuid,
    /// Its title.
    pub title: String,
    /// When it is, in words.
    pub when: String,
    /// Its place.
    pub place: String,
}

/// What was found for a draft.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Clashes, soonest first.
    pub clashes: Vec<Clash>,
    /// Public holidays on which it would take place, in words.
    pub holidays: Vec<String>,
    /// Its coming days in words, as far as they were looked at.
    pub days: Vec<String>,
}

#[derive(FromQueryResult)]
struct Other {
    id: Uuid,
    title: String,
    place: String,
    kind: String,
    capacity: String,
    source: String,
    town_key: String,
    group_id: Option<Uuid>,
    site: Option<String>,
    first_day: NaiveDate,
    last_day: NaiveDate,
    begins: String,
    ends: String,
}

/// Who looks: members see what is public and their own group's, staff see everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Public entries, and those of the draft's own group.
    Own,
    /// Every entry.
    All,
}

/// Looks for what gets in the way of a draft; `uid` is the series it belongs to, if it is already in the calendar.
pub async fn hints(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    draft: &Draft,
    uid: Option<&str>,
    sight: Sight,
) -> Result<Hints, DbErr> {
    let coming = store::planned(draft, desk).into_iter().map(|(_, stretch)| stretch);
    let coming: Vec<Stretch> = coming.filter(|stretch| stretch.last_day >= desk.today).take(OCCURRENCES).collect();
    let days: BTreeSet<NaiveDate> = coming
        .iter()
        .flat_map(|stretch| stretch.first_day.iter_days().take_while(|day| *day <= stretch.last_day).take(60))
        .take(DAYS)
        .collect();
    let site = match draft.facility_id {
        Some(id) => facility::all(db).await?.into_iter().find(|one| one.id == id).map(site).unwrap_or_default(),
        None => String::new(),
    };
    let others = others(db, &days, uid.unwrap_or_default(), draft.group_id, sight).await?;
    let least = desk.city.settings.number(BIG_CAPACITY);
    let mut clashes: Vec<(NaiveDate, Clash)> = Vec::new();
    for other in others {
        let held = other.held(least);
        let found = coming.iter().find_map(|stretch| {
            let planned = Held { stretch: stretch.clone(), site: site.clone(), group_id: draft.group_id, big: false };
            reason(&planned, &held)
        });
        if let Some(reason) = found {
            clashes.push((other.first_day, other.clash(reason, &held)));
        }
    }
    clashes.sort_by_key(|(day, clash)| (*day, clash.reason));
    clashes.dedup_by(|one, two| one.1 == two.1);
    Ok(Hints {
        clashes: clashes.into_iter().map(|(_, clash)| clash).take(20).collect(),
        holidays: days
            .iter()
            .filter_map(|on| holidays::holiday(*on).map(|name| format!("{}は{name}（祝日）です。", day::short(*on))))
            .take(5)
            .collect(),
        days: coming.iter().map(|stretch| day::span(stretch.first_day, stretch.last_day)).collect(),
    })
}

/// The building of a facility; one whose list names none is its own.
fn site(facility: Facility) -> String {
    if facility.site.is_empty() { facility.key } else { facility.site }
}

impl Other {
    fn held(&self, least: i32) -> Held {
        Held {
            stretch: Stretch {
                first_day: self.first_day,
                last_day: self.last_day,
                begins: self.begins.clone(),
                ends: self.ends.clone(),
            },
            site: self.site.clone().unwrap_or_default(),
            group_id: self.group_id,
            big: is_big_entry(&self.capacity, &self.kind, &self.source, &self.town_key, self.group_id, least),
        }
    }

    fn clash(self, reason: Reason, held: &Held) -> Clash {
        let clock = match (self.begins.as_str(), self.ends.as_str()) {
            ("", _) => "終日".to_owned(),
            (begins, ends) => format!("{begins}〜{ends}"),
        };
        let when = format!("{} {clock}", day::span(held.stretch.first_day, held.stretch.last_day));
        Clash { reason, entry_id: self.id, title: self.title, when, place: self.place }
    }
}

async fn others(
    db: &impl ConnectionTrait,
    days: &BTreeSet<NaiveDate>,
    uid: &str,
    group_id: Option<Uuid>,
    sight: Sight,
) -> Result<Vec<Other>, DbErr> {
    let mut found = Vec::new();
    if days.is_empty() {
        return Ok(found);
    }
    // One question for what is public and one for what is not, as the index of days begins with that.
    for public in [true, false] {
        let hidden = if public || sight == Sight::All { "" } else { " AND e.group_id = ?" };
        let sql = format!(
            "SELECT DISTINCT e.id, e.title, e.place, e.kind, e.capacity, e.source, e.town_key, e.group_id,
            CASE WHEN f.site = '' THEN f.key ELSE f.site END AS site, o.first_day, o.last_day, o.begins, o.ends
            FROM occurrences o JOIN calendar_entries e ON e.id = o.entry_id
            LEFT JOIN facilities f ON f.id = e.facility_id
            WHERE o.public = {} AND o.day IN ({}) AND e.status <> 'cancelled' AND e.uid <> ?{hidden}
            AND NOT EXISTS (SELECT 1 FROM entry_reviews r WHERE r.entry_id = e.id AND r.state IN ('refused', 'withdrawn'))
            ORDER BY o.first_day, o.begins, e.id LIMIT 2000",
            if public { "TRUE" } else { "FALSE" },
            placeholders(days.len())
        );
        let mut values: Vec<Value> = days.iter().map(|day| Value::from(*day)).collect();
        values.push(uid.into());
        if !hidden.is_empty() {
            values.push(group_id.into());
        }
        found.extend(Other::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(first: &str, last: &str, begins: &str, ends: &str, site: &str) -> Held {
        Held {
            stretch: Stretch {
                first_day: first.parse().unwrap(),
                last_day: last.parse().unwrap(),
                begins: begins.to_owned(),
                ends: ends.to_owned(),
            },
            site: site.to_owned(),
            group_id: None,
            big: false,
        }
    }

    #[test]
    fn one_building_is_taken_only_while_times_overlap() {
        let planned = held("2026-12-05", "2026-12-05", "10:00", "12:00", "S01");
        let same = |begins, ends, site| reason(&planned, &held("2026-12-05", "2026-12-05", begins, ends, site));
        assert_eq!(same("11:30", "13:00", "S01"), Some(Reason::SameVenue));
        assert_eq!(same("12:00", "13:00", "S01"), None);
        assert_eq!(same("09:00", "10:00", "S01"), None);
        assert_eq!(same("11:30", "13:00", "S02"), None);
        assert_eq!(same("", "", "S01"), Some(Reason::SameVenue), "whole days take the whole day");
        assert_eq!(same("08:30", "", "S01"), Some(Reason::SameVenue), "an unknown end counts as two hours");
        assert_eq!(same("11:30", "13:00", ""), None);
    }

    #[test]
    fn what_takes_several_days_is_in_the_way_on_each_of_them() {
        let planned = held("2026-12-06", "2026-12-06", "10:00", "12:00", "S01");
        assert_eq!(reason(&planned, &held("2026-12-05", "2026-12-07", "", "", "S01")), Some(Reason::SameVenue));
        assert_eq!(reason(&planned, &held("2026-12-05", "2026-12-06", "22:00", "05:00", "S01")), None);
    }

    #[test]
    fn a_group_cannot_be_at_two_places_and_a_big_event_counts_all_day() {
        let group = Some(Uuid::nil());
        let planned = Held { group_id: group, ..held("2026-12-05", "2026-12-05", "10:00", "12:00", "S01") };
        let other = Held { group_id: group, ..held("2026-12-05", "2026-12-05", "10:30", "11:00", "S02") };
        assert_eq!(reason(&planned, &other), Some(Reason::SameGroup));
        let big = Held { big: true, ..held("2026-12-05", "2026-12-05", "18:00", "20:00", "S03") };
        assert_eq!(reason(&planned, &big), Some(Reason::BigDay));
        assert_eq!(reason(&planned, &Held { big: true, ..held("2026-12-04", "2026-12-04", "", "", "S03") }), None);
    }

    #[test]
    fn a_capacity_is_read_however_it_is_written() {
        for (capacity, big) in [("２００名", true), ("1,000人", true), ("30〜250名", true), ("199", false), ("", false)]
        {
            assert_eq!(is_big(capacity, Kind::Event, false, 200), big, "{capacity}");
        }
        assert!(is_big("", Kind::Meeting, false, 200) && is_big("", Kind::Event, true, 200));
    }
}
