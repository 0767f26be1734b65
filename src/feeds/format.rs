//! The kinds of file that a feed is given away as.

use axum::http::HeaderValue;

use crate::calendar::Layout;

/// A kind of file; all of them carry the same entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A calendar to subscribe to (RFC 5545).
    Ics,
    /// News for a news reader (RFC 4287).
    Atom,
    /// JSON Feed 1.1, for programs.
    Json,
    /// A table of open data, one line for each time at which something takes place.
    Csv(Layout),
}

impl Format {
    /// The format behind the ending of a file's name.
    pub fn from_ending(ending: &str, layout: Layout) -> Option<Self> {
        Some(match ending {
            "ics" => Self::Ics,
            "atom" => Self::Atom,
            "json" => Self::Json,
            "csv" => Self::Csv(layout),
            _ => return None,
        })
    }

    /// The ending of a file's name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Ics => "ics",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Csv(_) => "csv",
        }
    }

    /// The media type.
    pub fn kind(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Ics => "text/calendar; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
            Self::Csv(_) => "text/csv; charset=utf-8",
        })
    }
}
