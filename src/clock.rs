//! The only place that asks what time it is; everything else is told.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Tells the present moment, or a fixed one when a person or a test wants the site as of a day.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// Always this moment.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The present moment in UTC, to the microsecond (what both databases keep).
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the clock")]
    pub fn now(self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Fixed(moment) => moment,
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Today's date where the city is.
    pub fn today(self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }
}

/// A new identifier that sorts by the time it was made.
#[expect(clippy::disallowed_methods, reason = "this is the one source of identifiers")]
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
