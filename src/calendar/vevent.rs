//! A single entry of the calendar as an event for one person's own calendar: an invitation, or a private feed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::entry::Entry;
use crate::ics::{self, When, Zone};

/// The entry as it stands, with what this person is told about it; `url` is the site's address, shown only for what is public.
pub fn vevent(entry: &Entry, zone: Tz, description: String, site: &str) -> ics::Entry {
    let at = |moment: DateTime<Utc>| When::Zoned {
        local: moment.with_timezone(&zone).naive_local(),
        zone: Zone::Iana(zone),
    };
    let place = [entry.place.as_str(), entry.address.as_str()].join(" ");
    ics::Entry {
        uid: entry.uid.clone(),
        recurrence_id: None,
        and_future: false,
        sequence: entry.sequence.into(),
        stamp: entry.updated_at,
        created: Some(entry.created_at),
        status: None,
        summary: entry.title.clone(),
        description: Some(description),
        location: Some(place.trim().to_owned()).filter(|place| !place.is_empty()),
        geo: entry.lat.zip(entry.lon),
        url: entry.public.then(|| format!("{}{}", site.trim_end_matches('/'), super::path(entry.id))),
        categories: Vec::new(),
        start: entry.starts_at.map_or(When::Date(entry.starts_on), at),
        end: entry.ends_at.map(at),
        rules: Vec::new(),
        rdates: Vec::new(),
        exdates: Vec::new(),
        transparent: false,
    }
}
