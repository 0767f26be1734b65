//! Counted results of searches, kept while the register stays as it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::text::kana::KanaRow;

/// Most searches remembered; the next one starts the memory afresh.
const MOST: usize = 1_000;

/// How many groups of a result stand in each row of the 五十音.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByRow([usize; KanaRow::ALL.len()]);

impl ByRow {
    /// Adds groups to a row.
    pub fn add(&mut self, row: KanaRow, count: usize) {
        self.0[row as usize] += count;
    }

    /// How many stand in one row, or in all.
    pub fn of(&self, row: Option<KanaRow>) -> usize {
        row.map_or_else(|| self.0.iter().sum(), |row| self.0[row as usize])
    }
}

/// What is remembered of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Groups by row of the 五十音.
    pub rows: ByRow,
    /// Whether the index of words leaves so few that they are gathered and sorted.
    pub few: bool,
}

/// A small memory of counted searches, shared by all requests; only ever as good as the register's revision.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<Mutex<Memory>>);

#[derive(Debug, Default)]
struct Memory {
    revision: i64,
    counted: HashMap<String, Counted>,
}

impl Counts {
    /// What was counted for a search at this revision of the register.
    pub(super) fn get(&self, revision: i64, search: &str) -> Option<Counted> {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.counted.get(search).copied().filter(|_| memory.revision == revision)
    }

    /// Remembers what was counted.
    pub(super) fn put(&self, revision: i64, search: String, counted: Counted) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.revision > revision {
            return;
        }
        if memory.revision < revision || memory.counted.len() >= MOST {
            memory.counted.clear();
            memory.revision = revision;
        }
        memory.counted.insert(search, counted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(row: KanaRow) -> Counted {
        let mut counted = Counted::default();
        counted.rows.add(row, 1);
        counted
    }

    #[test]
    fn a_count_is_forgotten_when_the_register_changes() {
        let counts = Counts::default();
        counts.put(3, "海".to_owned(), one(KanaRow::Ka));
        assert_eq!(counts.get(3, "海").map(|counted| counted.rows.of(Some(KanaRow::Ka))), Some(1));
        assert_eq!(counts.get(4, "海"), None);
        counts.put(4, "山".to_owned(), one(KanaRow::Ya));
        counts.put(3, "海".to_owned(), one(KanaRow::Ka));
        assert_eq!(counts.get(3, "海"), None, "a late answer about the past is not kept");
        assert_eq!(counts.get(4, "山").map(|counted| counted.rows.of(None)), Some(1));
    }

    #[test]
    fn the_memory_never_grows_without_bound() {
        let counts = Counts::default();
        (0..MOST * 3).for_each(|number| counts.put(1, number.to_string(), Counted::default()));
        assert!(counts.0.lock().unwrap().counted.len() <= MOST);
    }
}
