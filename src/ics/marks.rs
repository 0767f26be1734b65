//! Telling whether two times of a series are the same, however they are written.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::model::Event;
use super::when::When;

/// Marks a time so that all ways to write it are equal: a date by itself, a time by its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    Date(NaiveDate),
    Moment(DateTime<Utc>),
}

/// A time that belongs to a series, in the form of the series' own start.
///
/// Files mix forms: a floating time is meant on the clocks of the series, a date in a timed series stands for
/// its day, and in a series of whole days only the day of a time counts.
pub(super) fn in_form_of(start: &When, when: &When, default_zone: Tz) -> When {
    match (start, when) {
        (When::Date(_), When::Date(_)) => when.clone(),
        (When::Date(_), When::Utc(instant)) if instant.time() != NaiveTime::MIN => {
            When::Date(when.local(default_zone).date())
        }
        (When::Date(_), _) => When::Date(when.wall().date()),
        (_, When::Floating(local)) => start.with_wall(*local),
        (When::Floating(_), _) if !when.is_date() => When::Floating(when.wall()),
        _ => when.clone(),
    }
}

pub(super) fn mark(when: &When, default_zone: Tz) -> Mark {
    match when {
        When::Date(date) => Mark::Date(*date),
        _ => Mark::Moment(when.to_utc(default_zone)),
    }
}

/// What EXDATE takes out of a series.
#[derive(Default)]
pub(super) struct Excluded {
    marks: HashSet<Mark>,
    /// Dates in a timed series: whatever starts on them.
    days: HashSet<NaiveDate>,
}

impl Excluded {
    pub fn of(master: &Event, zone: Tz) -> Self {
        let mut excluded = Self::default();
        for date in &master.exdates {
            match date {
                When::Date(day) if !master.start.is_date() => {
                    excluded.days.insert(*day);
                }
                _ => {
                    excluded.marks.insert(mark(&in_form_of(&master.start, date, zone), zone));
                }
            }
        }
        excluded
    }

    /// Whether exactly that date or time is taken out.
    pub fn names(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    /// Whether an unchanged occurrence is taken out.
    pub fn contains(&self, mark: Mark, start: &When) -> bool {
        self.names(mark) || (!self.days.is_empty() && self.days.contains(&start.wall().date()))
    }
}
