//! Writing our own calendars so that Google, Apple, Outlook and Thunderbird read them alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::marks::in_form_of;
use super::model::Status;
use super::rule::rewritten;
use super::when::When;
use super::write::{Out, utc};
use super::zone::Zone;
use super::zone_writer::zone_blocks;

/// A calendar to subscribe to.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The name a calendar app shows.
    pub name: String,
    /// What is in it.
    pub description: Option<String>,
    /// After how many hours an app should look again.
    pub refresh_hours: u32,
    /// METHOD; `PUBLISH` for a subscription.
    pub method: Option<String>,
    /// The zone of its floating times.
    pub zone: Tz,
    /// The page about it.
    pub url: Option<String>,
}

/// One event to write; a changed occurrence of a series is an entry of its own.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Never changes, whatever else does.
    pub uid: String,
    /// Which occurrence of the series it changes.
    pub recurrence_id: Option<When>,
    /// Whether the change holds for all later occurrences as well.
    pub and_future: bool,
    /// Counts the changes, from 0.
    pub sequence: i64,
    /// When it was last changed: DTSTAMP and LAST-MODIFIED, so that the same record gives the same bytes.
    pub stamp: DateTime<Utc>,
    /// When it was first recorded.
    pub created: Option<DateTime<Utc>>,
    /// A cancelled one is also marked 【中止】, as some apps show it like any other.
    pub status: Option<Status>,
    /// What it is.
    pub summary: String,
    /// More about it; the link is added as many apps do not show URL.
    pub description: Option<String>,
    /// Where it is.
    pub location: Option<String>,
    /// Latitude and longitude in degrees.
    pub geo: Option<(f64, f64)>,
    /// The page about it, http or https.
    pub url: Option<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// When it starts.
    pub start: When,
    /// When it ends; for whole days the first day that is no longer part of it.
    pub end: Option<When>,
    /// RRULE values; one that cannot be read is left out.
    pub rules: Vec<String>,
    /// RDATE values.
    pub rdates: Vec<When>,
    /// EXDATE values.
    pub exdates: Vec<When>,
    /// It makes nobody busy.
    pub transparent: bool,
}

/// A calendar to subscribe to as a file: the same records give the same bytes.
pub fn feed(feed: &Feed, entries: &[Entry]) -> Vec<u8> {
    let mut out = Out::with_room(1_000 + entries.len() * 700);
    begin(&mut out, feed.method.as_deref());
    out.text("X-WR-CALNAME", &feed.name);
    out.text("NAME", &feed.name);
    if let Some(description) = &feed.description {
        out.text("X-WR-CALDESC", description);
        out.text("DESCRIPTION", description);
    }
    out.line("X-WR-TIMEZONE", feed.zone.name());
    let refresh = format!("PT{}H", feed.refresh_hours.max(1));
    out.line("REFRESH-INTERVAL;VALUE=DURATION", &refresh);
    out.line("X-PUBLISHED-TTL", &refresh);
    if let Some(url) = feed.url.as_deref().and_then(link) {
        out.line("URL", &url);
    }
    body(&mut out, entries, feed.zone);
    out.finished()
}

/// One event to take into a calendar once: without a name, as that would make a new calendar in some apps.
pub fn single(entries: &[Entry], zone: Tz) -> Vec<u8> {
    let mut out = Out::with_room(2_000);
    begin(&mut out, Some("PUBLISH"));
    body(&mut out, entries, zone);
    out.finished()
}

pub(super) fn begin(out: &mut Out, method: Option<&str>) {
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Kyodo//Kyodo//JA");
    out.line("CALSCALE", "GREGORIAN");
    if let Some(method) = method {
        out.line("METHOD", &method.to_ascii_uppercase());
    }
}

fn body(out: &mut Out, entries: &[Entry], zone: Tz) {
    let entries: Vec<Entry> = entries.iter().map(|entry| entry.grounded(zone)).collect();
    zone_blocks(out, &entries);
    for entry in &entries {
        entry.write(out, |_| ());
    }
    out.line("END", "VCALENDAR");
}

impl Entry {
    /// Every time of the entry.
    pub(super) fn times(&self) -> impl Iterator<Item = &When> {
        let ends = [Some(&self.start), self.end.as_ref(), self.recurrence_id.as_ref()];
        ends.into_iter().flatten().chain(&self.rdates).chain(&self.exdates)
    }

    /// The entry without floating times, which every app would read in the zone of its own user, and with further
    /// and excluded dates in the form of its start, as apps compare them.
    fn grounded(&self, zone: Tz) -> Self {
        let mut entry = self.clone();
        for when in entry.rdates.iter_mut().chain(&mut entry.exdates) {
            *when = in_form_of(&self.start, when, zone);
        }
        let ends = [Some(&mut entry.start), entry.end.as_mut(), entry.recurrence_id.as_mut()];
        for when in ends.into_iter().flatten().chain(&mut entry.rdates).chain(&mut entry.exdates) {
            if let When::Floating(local) = when {
                *when = Zone::Iana(zone).at(*local);
            }
        }
        entry
    }

    /// Writes the event; `further` adds the lines that only some calendars have.
    pub(super) fn write(&self, out: &mut Out, further: impl FnOnce(&mut Out)) {
        out.line("BEGIN", "VEVENT");
        out.text("UID", &self.uid);
        out.line("DTSTAMP", &utc(self.stamp));
        out.line("LAST-MODIFIED", &utc(self.stamp));
        if let Some(created) = self.created {
            out.line("CREATED", &utc(created));
        }
        out.line("SEQUENCE", &self.sequence.clamp(0, i64::from(i32::MAX)).to_string());
        self.write_times(out);
        self.write_texts(out);
        further(out);
        out.line("END", "VEVENT");
    }

    fn write_times(&self, out: &mut Out) {
        if let Some(id) = &self.recurrence_id {
            let range = if self.and_future { ";RANGE=THISANDFUTURE" } else { "" };
            out.when(&format!("RECURRENCE-ID{range}"), id);
        }
        out.when("DTSTART", &self.start);
        if let Some(end) = &self.end {
            out.when("DTEND", end);
        }
        for rule in &self.rules {
            if let Some(written) = rewritten(rule, &self.start) {
                out.line("RRULE", &written);
            }
        }
        for date in &self.rdates {
            out.when("RDATE", date);
        }
        for date in &self.exdates {
            out.when("EXDATE", date);
        }
    }

    fn write_texts(&self, out: &mut Out) {
        const CANCELLED: &str = "【中止】";
        let cancelled = self.status == Some(Status::Cancelled);
        let mark = if cancelled && !self.summary.contains(CANCELLED) { CANCELLED } else { "" };
        out.text("SUMMARY", &format!("{mark}{}", self.summary));
        let url = self.url.as_deref().and_then(link);
        if let Some(description) = described(self.description.as_deref(), url.as_deref()) {
            out.text("DESCRIPTION", &description);
        }
        if let Some(location) = &self.location {
            out.text("LOCATION", location);
        }
        if let Some((latitude, longitude)) = self.geo.filter(|(one, other)| one.is_finite() && other.is_finite()) {
            out.line("GEO", &format!("{latitude:.6};{longitude:.6}"));
        }
        if let Some(url) = &url {
            out.line("URL", url);
        }
        if !self.categories.is_empty() {
            out.texts("CATEGORIES", self.categories.iter().map(String::as_str));
        }
        if let Some(status) = self.status {
            out.line("STATUS", status.name());
        }
        out.line("TRANSP", if self.transparent { "TRANSPARENT" } else { "OPAQUE" });
    }
}

/// A web address that may stand in a calendar: no other scheme, no blank and no control character.
fn link(url: &str) -> Option<String> {
    let url = url.trim();
    let web = ["https://", "http://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    let clean = !url.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    (web && clean).then(|| url.to_owned())
}

fn described(description: Option<&str>, url: Option<&str>) -> Option<String> {
    match (description.filter(|text| !text.trim().is_empty()), url) {
        (Some(text), Some(url)) if !text.contains(url) => Some(format!("{text}\n\n{url}")),
        (Some(text), _) => Some(text.to_owned()),
        (None, url) => url.map(str::to_owned),
    }
}
