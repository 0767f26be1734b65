//! A calendar entry (予定): one row behind every dated thing, shaped like a VEVENT (RFC 5545 §3.6.1).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::db::{placeholders, statement};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A liaison meeting of groups and city.
    Meeting,
    /// A session that staff hold where people are.
    Outreach,
    /// Anything else that a group or the city holds.
    Event,
}

impl Kind {
    /// All kinds in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Event, Self::Meeting, Self::Outreach];

    /// Key in addresses and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::Outreach => "outreach",
            Self::Event => "event",
        }
    }

    /// The kind under a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Meeting => "連絡調整会議",
            Self::Outreach => "出前説明会",
            Self::Event => "行事",
        }
    }
}

/// Whether an entry stands (RFC 5545 §3.8.1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It takes place.
    Confirmed,
    /// It is planned, not yet certain.
    Tentative,
    /// It does not take place.
    Cancelled,
}

impl Status {
    /// Key in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status under a key; an unknown key means that it takes place.
    pub fn from_key(key: &str) -> Self {
        match key {
            "tentative" => Self::Tentative,
            "cancelled" => Self::Cancelled,
            _ => Self::Confirmed,
        }
    }

    /// The word people read; nothing for what takes place as planned.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confirmed => "",
            Self::Tentative => "予定（未確定）",
            Self::Cancelled => "中止",
        }
    }
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Entry {
    /// Identifier.
    pub id: Uuid,
    /// UID in every feed; a changed occurrence shares it with its series.
    pub uid: String,
    /// `own`, or `import:` and the calendar it came from.
    pub source: String,
    /// What the source calls it.
    pub source_uid: String,
    /// Which occurrence of a series this row replaces, by its start before the change: `2026-11-23` or
    /// `2026-11-23T04:30:00Z`; empty for anything else.
    pub recurrence_id: String,
    /// The series this row is a changed occurrence of.
    pub master_id: Option<Uuid>,
    /// Whether the change holds for all later occurrences as well (RANGE=THISANDFUTURE).
    pub and_future: bool,
    /// Counts the changes that a subscriber can see.
    pub sequence: i32,
    pub(super) status: String,
    pub(super) kind: String,
    /// Whether everyone may see it.
    pub public: bool,
    /// Title.
    pub title: String,
    /// Reading of the title.
    pub kana: String,
    /// What it is about, in plain text.
    pub description: String,
    /// Whether it takes whole days.
    pub all_day: bool,
    /// First day, where the city is.
    pub starts_on: NaiveDate,
    /// Last day, where the city is.
    pub ends_on: NaiveDate,
    /// When it starts, unless it takes whole days.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, if that is known.
    pub ends_at: Option<DateTime<Utc>>,
    /// What else is said about the time.
    pub time_note: String,
    /// IANA name of the zone the times are meant in.
    pub zone: String,
    /// RRULE values, one a line (RFC 5545 §3.3.10).
    pub rrule: String,
    pub(super) rdates: serde_json::Value,
    pub(super) exdates: serde_json::Value,
    /// Up to which day occurrences are written, for a series.
    pub expanded_to: Option<NaiveDate>,
    /// The facility it takes place in.
    pub facility_id: Option<Uuid>,
    /// Place.
    pub place: String,
    /// Address of the place.
    pub address: String,
    /// The town it takes place in; empty where none is known.
    pub town_key: String,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// The registered group that holds it.
    pub group_id: Option<Uuid>,
    /// Who holds it.
    pub organiser: String,
    /// For whom it is.
    pub audience: String,
    /// What it costs.
    pub fee: String,
    /// How many can take part.
    pub capacity: String,
    /// How to apply.
    pub apply: String,
    /// Where to ask.
    pub contact: String,
    /// Its own page elsewhere, http or https.
    pub url: String,
    pub(super) extra: serde_json::Value,
    pub(super) search_text: String,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
    /// When something a subscriber sees last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// What those who held it say about a cancellation or a change; shown first.
    pub notice: String,
    /// The start it had before it was moved, in the form of `recurrence_id`; empty for what is where it always was.
    pub previous_start: String,
}

impl Entry {
    /// Whether it takes place.
    pub fn status(&self) -> Status {
        Status::from_key(&self.status)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_key(&self.kind).unwrap_or(Kind::Event)
    }

    /// Further starts of the series in the form of `recurrence_id`; a period is `start/end` (RFC 5545 §3.8.5.2).
    pub fn rdates(&self) -> Vec<String> {
        texts(&self.rdates)
    }

    /// Starts of the series that are left out, in the form of `recurrence_id` (RFC 5545 §3.8.5.1).
    pub fn exdates(&self) -> Vec<String> {
        texts(&self.exdates)
    }

    /// Whether more than one occurrence can follow from this row.
    pub fn is_recurring(&self) -> bool {
        !self.rrule.is_empty() || self.rdates.as_array().is_some_and(|dates| !dates.is_empty())
    }

    /// When it starts, in the form of `recurrence_id`.
    pub(super) fn start(&self) -> String {
        let at = |moment: DateTime<Utc>| moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        self.starts_at.filter(|_| !self.all_day).map_or_else(|| self.starts_on.to_string(), at)
    }

    /// Columns of its source that have no field of their own.
    pub(super) fn extra(&self, heading: &str) -> &str {
        self.extra.get(heading).and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

fn texts(list: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap_or_default()
}

/// The columns of [`Entry`], in the order of its fields.
pub(super) const COLUMNS: &str = "id, uid, source, source_uid, recurrence_id, master_id, and_future, sequence, status,
    kind, public, title, kana, description, all_day, starts_on, ends_on, starts_at, ends_at, time_note, zone, rrule,
    rdates, exdates, expanded_to, facility_id, place, address, town_key, lat, lon, group_id, organiser, audience, fee,
    capacity, apply, contact, url, extra, search_text, created_at, updated_at, cancelled_at,
    notice, previous_start";

pub(super) async fn select(
    db: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<Entry>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM calendar_entries {condition}");
    Entry::find_by_statement(statement(db.get_database_backend(), &sql, values)).all(db).await
}

/// The entry under this identifier, if everyone may see it.
pub async fn find_public(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Entry>, DbErr> {
    Ok(select(db, "WHERE id = ? AND public = TRUE", vec![id.into()]).await?.pop())
}

/// The entries under these identifiers, public or not.
pub async fn find_all(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Entry>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks = placeholders(ids.len());
    select(db, &format!("WHERE id IN ({marks})"), ids.iter().map(|id| Value::from(*id)).collect()).await
}

/// The entry, or the series, that was made here under this name.
pub(super) async fn find_own(db: &impl ConnectionTrait, name: &str) -> Result<Option<Entry>, DbErr> {
    let condition = "WHERE source = 'own' AND source_uid = ? AND recurrence_id = ''";
    Ok(select(db, condition, vec![name.into()]).await?.pop())
}
