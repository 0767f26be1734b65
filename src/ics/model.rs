//! What a calendar file says, in plain structs.

use chrono::{DateTime, TimeDelta, Utc};

use super::findings::Finding;
use super::when::When;

/// A calendar as it was read, with everything worth telling about the reading.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// X-WR-CALNAME or NAME (RFC 7986 §5.1).
    pub name: Option<String>,
    /// METHOD in capitals, such as `PUBLISH` or `CANCEL` (RFC 5545 §3.7.2).
    pub method: Option<String>,
    /// X-WR-TIMEZONE as it was written.
    pub zone_name: Option<String>,
    /// The events in the order of the file, masters and overrides alike.
    pub events: Vec<Event>,
    /// The events of which no start can be read, in the order of the file.
    pub unread: Vec<Unread>,
    /// What was refused, mended or worth a note, in the order of the file.
    pub findings: Vec<Finding>,
}

/// An event that stands in a file but in no calendar, because nobody can say when it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The line of BEGIN:VEVENT, counted from 1.
    pub line: usize,
    /// UID.
    pub uid: Option<String>,
    /// SUMMARY.
    pub summary: Option<String>,
}

/// One VEVENT (RFC 5545 §3.6.1).
#[derive(Clone, Debug)]
pub struct Event {
    /// UID; `None` when the file gave none, and then the event stands alone.
    pub uid: Option<String>,
    /// RECURRENCE-ID: which occurrence of the series this one replaces.
    pub recurrence_id: Option<When>,
    /// RANGE=THISANDFUTURE stood on the RECURRENCE-ID.
    pub this_and_future: bool,
    /// SEQUENCE, 0 when absent.
    pub sequence: i64,
    /// STATUS.
    pub status: Option<Status>,
    /// SUMMARY.
    pub summary: Option<String>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// X-ALT-DESC with FMTTYPE=text/html: the description once more, as HTML.
    pub alternative: Option<String>,
    /// LOCATION.
    pub location: Option<String>,
    /// URL, unchecked: any scheme may stand here.
    pub url: Option<String>,
    /// CATEGORIES, all lines together.
    pub categories: Vec<String>,
    /// The CN of ORGANIZER; the address itself is not kept.
    pub organizer_name: Option<String>,
    /// CONTACT.
    pub contact: Option<String>,
    /// Mail addresses in small letters of those who do not come (ATTENDEE with PARTSTAT=DECLINED).
    pub declined: Vec<String>,
    /// GEO as latitude and longitude in degrees.
    pub geo: Option<(f64, f64)>,
    /// CLASS.
    pub class: Class,
    /// TRANSP:TRANSPARENT: the event does not make anyone busy.
    pub transparent: bool,
    /// DTSTART.
    pub start: When,
    /// How long it lasts.
    pub length: Length,
    /// RRULE values as written (RFC 5545 §3.3.10).
    pub rrules: Vec<String>,
    /// RDATE values.
    pub rdates: Vec<ExtraDate>,
    /// EXDATE values.
    pub exdates: Vec<When>,
    /// EXRULE values as written (RFC 2445 §4.8.5.2).
    pub exrules: Vec<String>,
    /// CREATED.
    pub created: Option<DateTime<Utc>>,
    /// LAST-MODIFIED.
    pub last_modified: Option<DateTime<Utc>>,
    /// DTSTAMP.
    pub stamp: Option<DateTime<Utc>>,
    /// X- and unknown properties of text, name in capitals, in the order of the file.
    pub extra: Vec<(String, String)>,
    /// The line of BEGIN:VEVENT, counted from 1.
    pub line: usize,
}

/// How long an event lasts, in the way the file said it (RFC 5545 §3.8.5.3).
///
/// The way matters over a change of clocks: a length from DTEND is exact for every occurrence, a DURATION
/// counts its days on the local calendar and only its time exactly (RFC 5545 §3.3.6).
#[derive(Clone, Debug, PartialEq)]
pub enum Length {
    /// Neither DTEND nor DURATION: one day for a date, no time at all for a time.
    Unsaid,
    /// DTEND; for a date the first day that is no longer part of it.
    Until(When),
    /// DURATION as calendar days and exact time.
    Lasting {
        /// Calendar days.
        days: i64,
        /// The exact rest.
        time: TimeDelta,
    },
}

/// An RDATE: a further occurrence, with an end of its own if it was a PERIOD.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtraDate {
    /// When it starts.
    pub start: When,
    /// [`Length::Unsaid`] unless it was a PERIOD.
    pub length: Length,
}

/// STATUS of an event (RFC 5545 §3.8.1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 仮の予定
    Tentative,
    /// 確定
    Confirmed,
    /// 中止
    Cancelled,
}

impl Status {
    /// The word of the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// CLASS of an event (RFC 5545 §3.8.1.3); an unknown word counts as private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Class {
    /// 公開
    #[default]
    Public,
    /// 非公開
    Private,
    /// 関係者のみ
    Confidential,
}

/// One occurrence of an event inside a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// The event it takes its text and status from: an index into the events that were expanded.
    pub event: usize,
    /// Which occurrence of its series this is, by its start before any change; `None` for a single event.
    pub recurrence_id: Option<When>,
    /// When it starts.
    pub start: When,
    /// When it ends; for whole days the first day that is no longer part of it.
    ///
    /// Some files end a whole day on itself; it stays so here and is to be shown on that day.
    pub end: When,
    /// The start in UTC.
    pub start_utc: DateTime<Utc>,
    /// The end in UTC.
    pub end_utc: DateTime<Utc>,
}

impl Occurrence {
    /// Whether it takes whole days.
    pub fn is_all_day(&self) -> bool {
        matches!(self.start, When::Date(_))
    }
}

/// All occurrences of a calendar inside a window, by start.
#[derive(Clone, Debug, Default)]
pub struct Expansion {
    /// The occurrences by start, then in the order of the file.
    pub occurrences: Vec<Occurrence>,
    /// Rules that could not be read or were cut.
    pub findings: Vec<Finding>,
    /// The steps its rules took, the measure of work that [`Limits`](super::Limits) bound.
    pub steps: u64,
}

impl Event {
    /// Whether more than one occurrence can follow from it.
    pub fn is_recurring(&self) -> bool {
        !self.rrules.is_empty() || !self.rdates.is_empty()
    }

    /// A single event that starts then and of which nothing else is said.
    pub fn starting(start: When) -> Self {
        Self {
            uid: None,
            recurrence_id: None,
            this_and_future: false,
            sequence: 0,
            status: None,
            summary: None,
            description: None,
            alternative: None,
            location: None,
            url: None,
            categories: Vec::new(),
            organizer_name: None,
            contact: None,
            declined: Vec::new(),
            geo: None,
            class: Class::default(),
            transparent: false,
            start,
            length: Length::Unsaid,
            rrules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            exrules: Vec::new(),
            created: None,
            last_modified: None,
            stamp: None,
            extra: Vec::new(),
            line: 0,
        }
    }

    /// When the event (the first of a series) ends, in the manner of its start.
    pub fn end(&self, default_zone: chrono_tz::Tz) -> When {
        self.length.after(&self.start, default_zone)
    }
}
