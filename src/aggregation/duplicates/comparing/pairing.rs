//! Which entries are compared at all: those that share a day, come from different hands and have something in common.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::folded::Folded;
use super::reason::NAME_FROM;
use super::scoring::{BARRED, Likeness, likeness};

/// Name of the source of what is written on this site.
const OWN: &str = "own";

/// Two entries that may be one event; the smaller identifier first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// One of them.
    pub first: Uuid,
    /// The other.
    pub second: Uuid,
    /// How alike they are, and why.
    pub likeness: Likeness,
}

/// Compares every one of the `new` entries, given by their places in `all`, with all of them, and returns the pairs of at least
/// `least` points, each once, the likest first.
pub fn alike(all: &[Folded], new: &[usize], least: i32) -> Vec<Pair> {
    let (blocks, lists) = (blocks(all, new), lists(all));
    let is_list = |folded: &Folded| lists.contains(&(folded.listed.source.as_str(), folded.page.as_str()));
    let mut turn: Vec<usize> = vec![usize::MAX; all.len()];
    let mut is_new = vec![false; all.len()];
    new.iter().for_each(|place| is_new[*place] = true);
    let mut pairs = Vec::new();
    for place in new.iter().copied() {
        let one = &all[place];
        for there in one.listed.days.iter().filter_map(|(day, _)| blocks.get(day)).flatten().copied() {
            // Of two new ones the earlier place compares, and each pair once.
            let done = turn[there] == place || is_new[there] && there <= place;
            if done || !worth(one, &all[there], least) {
                continue;
            }
            turn[there] = place;
            let other = &all[there];
            let same_list = is_list(one) || is_list(other);
            if let Some(likeness) = likeness(one, other, same_list, least) {
                let (first, second) = ordered(one.listed.id, other.listed.id);
                pairs.push(Pair { first, second, likeness });
            }
        }
    }
    pairs.sort_by_key(|pair| (-pair.likeness.score, pair.first, pair.second));
    pairs
}

/// Compares two entries whatever they have in common; nothing where they share no day.
pub fn compared(one: &Folded, other: &Folded) -> Option<Likeness> {
    likeness(one, other, false, 0)
}

/// The two identifiers, the smaller one first.
pub fn ordered(one: Uuid, other: Uuid) -> (Uuid, Uuid) {
    if one < other { (one, other) } else { (other, one) }
}

/// Pages that stand at several entries of one source: lists of events, not the page of one.
fn lists(all: &[Folded]) -> HashSet<(&str, &str)> {
    let mut known: HashSet<(&str, &str)> = HashSet::with_capacity(all.len());
    let pages = all.iter().filter(|folded| !folded.page.is_empty());
    pages
        .map(|folded| (folded.listed.source.as_str(), folded.page.as_str()))
        .filter(|page| !known.insert(*page))
        .collect()
}

/// The entries of each day on which a new one takes place.
fn blocks(all: &[Folded], new: &[usize]) -> HashMap<NaiveDate, Vec<usize>> {
    let days = new.iter().flat_map(|place| all[*place].listed.days.iter().map(|(day, _)| (*day, Vec::new())));
    let mut blocks: HashMap<NaiveDate, Vec<usize>> = days.collect();
    for (place, folded) in all.iter().enumerate() {
        for (day, _) in &folded.listed.days {
            if let Some(block) = blocks.get_mut(day) {
                block.push(place);
            }
        }
    }
    blocks
}

/// Whether two entries can be one event: different hands, and a name or a page in common.
fn worth(one: &Folded, other: &Folded, least: i32) -> bool {
    if !different_hands(one, other) {
        return false;
    }
    if least <= BARRED || !one.page.is_empty() && one.page == other.page {
        return true;
    }
    let named = one.title.grams.can_reach(&other.title.grams, NAME_FROM);
    let read = |one: &Folded, other: &Folded| {
        let kana = &one.kana_grams;
        !kana.is_empty()
            && (kana.can_reach(&other.kana_grams, NAME_FROM) || kana.can_reach(&other.title.grams, NAME_FROM))
    };
    named || read(one, other) || read(other, one)
}

/// Two events of one source are two; what is written here may be written twice, by two groups or by mistake.
fn different_hands(one: &Folded, other: &Folded) -> bool {
    let (listed, beside) = (&one.listed, &other.listed);
    if listed.source != beside.source {
        return true;
    }
    let twice = || one.title.key == other.title.key && listed.days.first() == beside.days.first();
    listed.source == OWN && (listed.group != beside.group || twice())
}
