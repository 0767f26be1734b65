//! How long a link or a code is good: to the end of a day where the city is, as its letter says.

use chrono::{DateTime, Days, Duration, TimeZone, Utc};

use crate::city::City;
use crate::text::day;

/// The end of the day that lies so many days after `now`, in the city's zone.
pub(super) fn after(city: &City, days: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    let zone = city.profile.zone;
    let days = u64::try_from(days).unwrap_or_default();
    let midnight = (now.with_timezone(&zone).date_naive() + Days::new(days + 1)).and_time(chrono::NaiveTime::MIN);
    zone.from_local_datetime(&midnight).earliest().map_or(now + Duration::days(1), |local| local.to_utc())
}

/// The last day before `end`, as people read it.
pub(super) fn last_day(city: &City, end: DateTime<Utc>) -> String {
    day_of(city, end - Duration::seconds(1))
}

/// The day of a moment, as people read it.
pub(super) fn day_of(city: &City, moment: DateTime<Utc>) -> String {
    day::long(moment.with_timezone(&city.profile.zone).date_naive())
}
