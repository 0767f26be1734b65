//! One letter of a feed for all who were told the same before: what is on, what is new further ahead, what changed (pure).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::change::{Change, Now};
use super::told::{Memory, Told};
use crate::calendar::Standing;

/// What a feed carries on the day of sending.
#[derive(Clone, Debug, Default)]
pub struct Reading<'a> {
    /// Everything that touches the days of the letter.
    pub window: &'a [Standing],
    /// What was told of and is not in those days, as it stands now.
    pub elsewhere: &'a [Standing],
    /// The first occurrence of everything that came into the feed since the last letter and begins after those days.
    pub ahead: &'a [Standing],
    /// How many there are of those in all.
    pub ahead_total: usize,
}

/// A letter, and what its readers have been told of by it.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// What became of what was told before.
    pub changes: Vec<Change>,
    /// What is on in the days of the letter.
    pub window: Vec<Standing>,
    /// What is new further ahead.
    pub ahead: Vec<Standing>,
    /// How many there are of those in all.
    pub ahead_total: usize,
    /// Whether there is anything that was not told before; otherwise no letter is sent.
    pub is_news: bool,
    /// What its readers remember from now on.
    pub memory: Memory,
}

impl Edition {
    /// The letter for those who remember this, on this day.
    pub fn of(memory: &[Told], reading: &Reading<'_>, today: NaiveDate) -> Self {
        let now = Now::of(reading.window.iter().chain(reading.elsewhere));
        let live: Vec<Told> = memory.iter().filter(|told| told.last_day >= today).cloned().collect();
        let changes = now.changes(&live);
        let was_near: HashMap<(&str, &str), bool> = live.iter().map(|told| (told.key(), told.near)).collect();
        let enters =
            |one: &Standing| !was_near.get(&(one.uid.as_str(), one.instance.as_str())).copied().unwrap_or(false);
        let same_start = |one: &Standing| {
            let mut own = live.iter().filter(|told| told.near && told.uid == one.uid);
            own.any(|told| (told.first_day, &told.begins) == (one.first_day, &one.begins))
        };
        let entering = reading.window.iter().any(|one| enters(one) && !same_start(one));
        Self {
            is_news: entering || !changes.is_empty() || !reading.ahead.is_empty(),
            memory: remembered(&live, reading, &now),
            changes,
            window: reading.window.to_vec(),
            ahead: reading.ahead.to_vec(),
            ahead_total: reading.ahead_total,
        }
    }
}

/// What was told before and still stands, as it stands now, with what this letter tells of.
///
/// What was told as near and moved further away is not near any more: it is told again when its days come.
fn remembered(live: &[Told], reading: &Reading<'_>, now: &Now<'_>) -> Memory {
    let far = |told: &Told| now.find(told).filter(|one| !reading.window.contains(one)).map(|one| Told::of(one, false));
    let mut memory: Memory = reading.window.iter().map(|one| Told::of(one, true)).collect();
    let mut known: std::collections::HashSet<(String, String)> =
        memory.iter().map(|told| (told.uid.clone(), told.instance.clone())).collect();
    for told in live.iter().filter_map(far).chain(reading.ahead.iter().map(|one| Told::of(one, false))) {
        if known.insert((told.uid.clone(), told.instance.clone())) {
            memory.push(told);
        }
    }
    memory
}
