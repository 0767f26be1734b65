//! Time zones: by IANA name, by the many other names programs write, or by the rules in the file itself.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::when::When;
use super::zone_rules::ZoneRules;

/// A time zone: a known one, or one that only the file describes.
#[derive(Clone, Debug)]
pub enum Zone {
    /// A zone of the IANA database.
    Iana(Tz),
    /// A zone known by the VTIMEZONE of its file only.
    Own(Arc<ZoneRules>),
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Iana(one), Self::Iana(another)) => one == another,
            (Self::Own(one), Self::Own(another)) => Arc::ptr_eq(one, another) || one == another,
            _ => false,
        }
    }
}

impl Zone {
    /// The zone that a name means: IANA, Windows, a display name or a plain offset.
    pub fn named(name: &str) -> Option<Self> {
        by_name(name).map(Self::Iana)
    }

    /// A time on the clocks of this zone.
    pub fn at(self, local: NaiveDateTime) -> When {
        When::Zoned { local, zone: self }
    }

    /// The IANA name, or the name its file gave it.
    pub fn name(&self) -> &str {
        match self {
            Self::Iana(zone) => zone.name(),
            Self::Own(rules) => &rules.name,
        }
    }

    /// The moment at which the clocks show that time: the first of two, or by the offset before a gap.
    pub fn to_utc(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        let offset = match self {
            Self::Iana(zone) => offset_at_wall(*zone, wall),
            Self::Own(rules) => rules.offset_at_wall(wall),
        };
        wall.checked_sub_offset(offset).unwrap_or(wall).and_utc()
    }

    /// What the clocks show at that moment.
    pub fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let utc = instant.naive_utc();
        let offset = match self {
            Self::Iana(zone) => zone.offset_from_utc_datetime(&utc).fix(),
            Self::Own(rules) => rules.offset_at_utc(utc),
        };
        utc.checked_add_offset(offset).unwrap_or(utc)
    }
}

fn offset_at_wall(zone: Tz, wall: NaiveDateTime) -> FixedOffset {
    // A gap is at most a day long (Samoa left out 30 December 2011).
    let quarters = 0..=100;
    let before = quarters.filter_map(|quarter| wall.checked_sub_signed(TimeDelta::minutes(15 * quarter)));
    for earlier in before {
        let offset = zone.offset_from_local_datetime(&earlier);
        let offset = if earlier == wall { offset.earliest() } else { offset.latest() };
        if let Some(offset) = offset {
            return offset.fix();
        }
    }
    zone.offset_from_utc_datetime(&wall).fix()
}

static BY_NAME: LazyLock<HashMap<String, Tz>> =
    LazyLock::new(|| TZ_VARIANTS.iter().map(|zone| (zone.name().to_ascii_lowercase(), *zone)).collect());

/// Names that calcard's table of Windows and display names lacks or has by an older edition of CLDR's
/// windowsZones, and what Japanese programs write.
const FURTHER_NAMES: [(&str, Tz); 6] = [
    ("jst", Tz::Asia__Tokyo),
    ("東京 (標準時)", Tz::Asia__Tokyo),
    ("大阪、札幌、東京", Tz::Asia__Tokyo),
    ("central asia standard time", Tz::Asia__Bishkek),
    ("mountain standard time (mexico)", Tz::America__Mazatlan),
    ("south sudan standard time", Tz::Africa__Juba),
];

/// The zone a name means: IANA, with a path before it, Windows, a display name, or a plain offset.
pub(super) fn by_name(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches(['"', '\'']).trim();
    if name.is_empty() || name.len() > 200 {
        return None;
    }
    let plain = name.to_lowercase();
    let further = || FURTHER_NAMES.iter().find(|(further, _)| *further == plain).map(|(_, zone)| *zone);
    let exact = BY_NAME.get(&plain).copied().or_else(further).or_else(|| after_prefix(&plain));
    exact.or_else(|| by_display_name(name))
}

/// Whether a name ends in a full IANA one such as `Asia/Tokyo`, which leaves nothing to guess.
///
/// `EST` or `CET` are IANA names too, but programs also write them for other rules.
pub(super) fn is_full_name(name: &str) -> bool {
    let plain = name.trim().trim_matches('"').to_lowercase();
    plain.contains('/') && after_prefix(&plain).is_some_and(|zone| zone.name().contains('/'))
}

/// `/mozilla.org/20050126_1/Asia/Tokyo` and `/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo`.
fn after_prefix(name: &str) -> Option<Tz> {
    let spaced = name.replace(' ', "_");
    let starts = spaced.match_indices('/').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).find_map(|from| BY_NAME.get(&spaced[from..]).copied())
}

/// `Tokyo Standard Time`, `(UTC+09:00) Osaka, Sapporo, Tokyo`, `(GMT+09.00) Tokyo / Osaka`, `GMT+0900`.
fn by_display_name(name: &str) -> Option<Tz> {
    let (offset, cities) = match name.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?,
        None => (name, name),
    };
    let cities = cities.trim();
    let further = || FURTHER_NAMES.iter().find(|(further, _)| *further == cities).map(|(_, zone)| *zone);
    let whole = by_calcard(cities).or_else(further);
    let mut each = cities.split([',', '/', '、']).map(str::trim);
    whole.or_else(|| each.find_map(by_calcard)).or_else(|| fixed(&offset.to_ascii_lowercase()))
}

fn by_calcard(name: &str) -> Option<Tz> {
    match name.parse().ok()? {
        calcard::common::timezone::Tz::Tz(zone) => Some(zone),
        _ => None,
    }
}

/// `utc+9`, `gmt+0900`, `utc`: whole hours, as the Etc zone of that offset.
fn fixed(offset: &str) -> Option<Tz> {
    let offset = offset.strip_prefix("utc").or_else(|| offset.strip_prefix("gmt"))?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        0 => ("0", "0"),
        1 | 2 => (digits.as_str(), "0"),
        3 | 4 => digits.split_at(digits.len() - 2),
        _ => return None,
    };
    let hours: u32 = hours.parse().ok()?;
    if minutes.parse() != Ok(0u32) {
        return None;
    }
    // The sign of an Etc zone is the other way round.
    let sign = if offset.trim_start().starts_with('-') { '+' } else { '-' };
    let etc = if hours == 0 { "etc/utc".to_owned() } else { format!("etc/gmt{sign}{hours}") };
    BY_NAME.get(&etc).copied()
}
