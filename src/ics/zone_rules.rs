//! The rules of a time zone that only its file describes (VTIMEZONE, RFC 5545 §3.6.5).

use chrono::{FixedOffset, NaiveDateTime, TimeDelta};

/// The changes of clocks a VTIMEZONE describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneRules {
    /// TZID.
    pub name: String,
    /// Before the first change.
    first: FixedOffset,
    /// The changes, earliest first.
    changes: Vec<Change>,
}

/// One change of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The moment of the change, in UTC.
    pub at: NaiveDateTime,
    /// TZOFFSETFROM.
    pub from: FixedOffset,
    /// TZOFFSETTO.
    pub to: FixedOffset,
}

impl Change {
    /// The first clock time that can only be meant by the new offset: the old one is preferred where both can.
    fn wall(&self) -> NaiveDateTime {
        let later = self.from.local_minus_utc().max(self.to.local_minus_utc());
        self.at.checked_add_signed(TimeDelta::seconds(later.into())).unwrap_or(self.at)
    }
}

impl ZoneRules {
    /// The rules of these changes; none at all if there is no change to tell an offset from.
    pub(super) fn new(name: String, mut changes: Vec<Change>) -> Option<Self> {
        changes.sort_by_key(|change| change.at);
        changes.dedup_by_key(|change| change.at);
        let first = changes.first()?.from;
        Some(Self { name, first, changes })
    }

    /// The offset by which a clock time is to be read.
    pub(super) fn offset_at_wall(&self, wall: NaiveDateTime) -> FixedOffset {
        let after = self.changes.partition_point(|change| change.wall() <= wall);
        self.offset_after(after)
    }

    /// The offset at a moment in UTC.
    pub(super) fn offset_at_utc(&self, utc: NaiveDateTime) -> FixedOffset {
        let after = self.changes.partition_point(|change| change.at <= utc);
        self.offset_after(after)
    }

    /// All offsets the zone ever goes to.
    pub(super) fn offsets(&self) -> impl Iterator<Item = (NaiveDateTime, FixedOffset)> {
        self.changes.iter().map(|change| (change.at, change.to))
    }

    fn offset_after(&self, changes: usize) -> FixedOffset {
        changes.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.first, |change| change.to)
    }
}
