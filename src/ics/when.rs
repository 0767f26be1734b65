//! Dates and times the way a calendar file says them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::model::Length;
use super::times::{Written, date_or_time, duration};
use super::zone::Zone;

/// A date, or a time in one of the three forms of RFC 5545 §3.3.5.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// A whole day, the same everywhere.
    Date(NaiveDate),
    /// A time without a zone: it is meant in the zone of the city.
    Floating(NaiveDateTime),
    /// A time on the clocks of a zone.
    Zoned {
        /// What the clocks show.
        local: NaiveDateTime,
        /// Whose clocks.
        zone: Zone,
    },
    /// A time in UTC.
    Utc(DateTime<Utc>),
}

impl When {
    /// A date or time however it is written (RFC 5545, ISO 8601 and what programs make of them).
    ///
    /// Without an offset it is on the clocks of `zone`, and with one it is brought to them.
    pub fn written(text: &str, zone: &Zone) -> Option<Self> {
        Some(match date_or_time(text.trim())?.0 {
            Written::Date(date) => Self::Date(date),
            Written::Local(local) => zone.clone().at(local),
            Written::Utc(instant) => {
                let there = zone.clone().at(zone.wall(instant));
                // An hour that the clocks show twice can only be told in UTC.
                if there.to_utc(Tz::UTC) == instant { there } else { Self::Utc(instant) }
            }
        })
    }

    /// Whether it is a whole day.
    pub fn is_date(&self) -> bool {
        matches!(self, Self::Date(_))
    }

    /// What was written: the clock of its own zone, midnight for a date.
    pub fn wall(&self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN),
            Self::Floating(local) | Self::Zoned { local, .. } => *local,
            Self::Utc(instant) => instant.naive_utc(),
        }
    }

    /// The moment it stands for; a date begins at midnight of the given zone.
    ///
    /// A time that the clocks skip counts with the offset before the gap, a time they show twice is the first
    /// of the two (RFC 5545 §3.3.5).
    pub fn to_utc(&self, default_zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Date(_) | Self::Floating(_) => Zone::Iana(default_zone).to_utc(self.wall()),
            Self::Zoned { local, zone } => zone.to_utc(*local),
            Self::Utc(instant) => *instant,
        }
    }

    /// What the clocks of the given zone show at that moment; midnight for a date.
    pub fn local(&self, default_zone: Tz) -> NaiveDateTime {
        match self {
            Self::Date(_) | Self::Floating(_) => self.wall(),
            Self::Zoned { zone: Zone::Iana(zone), local } if *zone == default_zone => *local,
            Self::Zoned { .. } | Self::Utc(_) => Zone::Iana(default_zone).wall(self.to_utc(default_zone)),
        }
    }

    /// The same form with another clock time.
    pub(super) fn with_wall(&self, wall: NaiveDateTime) -> Self {
        let wall = clamp(wall);
        match self {
            Self::Date(_) => Self::Date(wall.date()),
            Self::Floating(_) => Self::Floating(wall),
            Self::Zoned { zone, .. } => Self::Zoned { local: wall, zone: zone.clone() },
            Self::Utc(_) => Self::Utc(wall.and_utc()),
        }
    }

    /// The given moment in the form of this one.
    pub(super) fn at_instant(&self, instant: DateTime<Utc>, default_zone: Tz) -> Self {
        match self {
            Self::Date(_) | Self::Floating(_) => self.with_wall(Zone::Iana(default_zone).wall(instant)),
            Self::Zoned { zone, .. } => self.with_wall(zone.wall(instant)),
            Self::Utc(_) => Self::Utc(instant),
        }
    }

    /// The same clock time that many days later.
    pub(super) fn plus_days(&self, days: i64) -> Self {
        let wall = self.wall();
        let later = TimeDelta::try_days(days).and_then(|delta| wall.checked_add_signed(delta));
        self.with_wall(later.unwrap_or(wall))
    }
}

impl Length {
    /// A length as RFC 5545 and ISO 8601 write it (`PT1H30M`), unless it is negative.
    pub fn written(text: &str) -> Option<Self> {
        let (days, time) = duration(text)?;
        (days >= 0 && time >= TimeDelta::zero()).then_some(Self::Lasting { days, time })
    }

    /// The end of what starts then, in the form of the start.
    pub fn after(&self, start: &When, default_zone: Tz) -> When {
        self.end_of(start, start.to_utc(default_zone), default_zone).0
    }

    /// The end in the form of the start and as a moment: a clock time alone may mean either of two moments.
    pub(super) fn end_of(&self, start: &When, start_utc: DateTime<Utc>, default_zone: Tz) -> (When, DateTime<Utc>) {
        let plain = |end: When| {
            let moment = end.to_utc(default_zone);
            (end, moment)
        };
        match self {
            Self::Unsaid if start.is_date() => plain(start.plus_days(1)),
            Self::Unsaid => (start.clone(), start_utc),
            Self::Until(end) => plain(end.clone()),
            Self::Lasting { days, time } if start.is_date() => plain(start.plus_days(days + whole_days(*time))),
            Self::Lasting { days, time } => {
                let from = if *days == 0 { start_utc } else { start.plus_days(*days).to_utc(default_zone) };
                let moment = from.checked_add_signed(*time).unwrap_or(from);
                (start.at_instant(moment, default_zone), moment)
            }
        }
    }

    /// The same length for another start of the series: an end becomes the exact time (RFC 5545 §3.8.5.3).
    pub(super) fn freed_from(&self, start: &When, default_zone: Tz) -> Self {
        match self {
            Self::Until(When::Date(end)) if start.is_date() => {
                Self::Lasting { days: (*end - start.wall().date()).num_days(), time: TimeDelta::zero() }
            }
            Self::Until(end) => Self::Lasting { days: 0, time: end.to_utc(default_zone) - start.to_utc(default_zone) },
            Self::Unsaid | Self::Lasting { .. } => self.clone(),
        }
    }
}

/// A time on a whole day takes up the days it touches.
fn whole_days(time: TimeDelta) -> i64 {
    let seconds = time.num_seconds();
    seconds.div_euclid(86_400) + i64::from(seconds.rem_euclid(86_400) > 0)
}

/// A date and time without a zone, never outside what a calendar can hold.
fn clamp(local: NaiveDateTime) -> NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default().and_time(NaiveTime::MIN);
    local.clamp(first, last)
}
