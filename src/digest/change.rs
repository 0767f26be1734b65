//! What became of something that was told: cancelled, moved, or no longer in the calendar (pure).

use std::collections::HashMap;

use super::told::Told;
use crate::calendar::{Standing, Status};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It does not take place.
    Cancelled,
    /// It takes place after all.
    Back,
    /// Its day, its beginning or its place is another.
    Moved,
    /// It is no longer in the calendar.
    Gone,
}

impl What {
    /// The mark before it.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Cancelled => "【中止】",
            Self::Back => "【開催】",
            Self::Moved => "【変更】",
            Self::Gone => "【取り下げ】",
        }
    }
}

/// A change of something that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub what: What,
    /// As it was told.
    pub before: Told,
    /// As it stands now; nothing for what is gone.
    pub now: Option<Standing>,
}

/// What a person who was told of an occurrence has to know of it now; a new title, text or closing hour changes no plans.
pub fn what(told: &Told, now: &Standing) -> Option<What> {
    let cancelled = now.status() == Status::Cancelled;
    let moved = (told.first_day, told.last_day, &told.begins, &told.place)
        != (now.first_day, now.last_day, &now.begins, &now.place);
    match (told.cancelled, cancelled) {
        (false, true) => Some(What::Cancelled),
        (true, false) => Some(What::Back),
        (false, false) if moved => Some(What::Moved),
        _ => None,
    }
}

/// What stands now, by what tells one occurrence from another.
pub struct Now<'a>(HashMap<(&'a str, &'a str), &'a Standing>);

impl<'a> Now<'a> {
    /// Of these occurrences.
    pub fn of(standing: impl Iterator<Item = &'a Standing>) -> Self {
        Self(standing.map(|one| ((one.uid.as_str(), one.instance.as_str()), one)).collect())
    }

    /// The occurrence that was told of, as it stands now. What became a series, or a single entry again, is the same where
    /// it begins at the same time.
    pub fn find(&self, told: &Told) -> Option<&'a Standing> {
        let same_start = || {
            let mut own = self.0.values().filter(|one| one.uid == told.uid);
            own.find(|one| (one.first_day, &one.begins) == (told.first_day, &told.begins))
        };
        self.0.get(&told.key()).or_else(same_start).copied()
    }

    /// What has to be told of a memory, in the order in which it was to take place.
    pub fn changes(&self, memory: &[Told]) -> Vec<Change> {
        let mut changes: Vec<Change> = memory
            .iter()
            .filter_map(|told| {
                let now = self.find(told);
                let what = match now {
                    Some(now) => what(told, now)?,
                    None if told.cancelled => return None,
                    None => What::Gone,
                };
                Some(Change { what, before: told.clone(), now: now.cloned() })
            })
            .collect();
        changes.sort_by(|one, other| {
            let when = |change: &Change| (change.before.first_day, change.before.begins.clone());
            when(one).cmp(&when(other))
        });
        changes
    }
}
