//! An entry of the calendar as far as duplicates are told by it, whatever source it came from.

use chrono::NaiveDate;
use uuid::Uuid;

/// One of the days an entry takes place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// First day of the occurrence.
    pub first: NaiveDate,
    /// Last day of the occurrence.
    pub last: NaiveDate,
    /// Minutes after midnight at which it begins on its first day; nothing for whole days.
    pub begins: Option<u16>,
}

/// An entry to be compared.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The entry, or the series.
    pub id: Uuid,
    /// `own`, `feed:…` or `import:…`.
    pub source: String,
    /// Title.
    pub title: String,
    /// Reading of the title.
    pub kana: String,
    /// Place.
    pub place: String,
    /// Address of the place.
    pub address: String,
    /// Key of the town; empty where none is known.
    pub town: String,
    /// Key of the building, where the facility is known.
    pub site: Option<String>,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// Who holds it.
    pub organiser: String,
    /// The registered group that holds it.
    pub group: Option<Uuid>,
    /// Its own page elsewhere.
    pub url: String,
    /// Whether it does not take place.
    pub is_cancelled: bool,
    /// Whether it is a series.
    pub is_series: bool,
    /// The days it touches, in order, each once.
    pub days: Vec<(NaiveDate, Day)>,
}
