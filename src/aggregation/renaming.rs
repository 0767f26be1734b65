//! An entry that its source calls by another name from one reading to the next is still the same entry.
//!
//! Many calendars name nothing: their rows and events get names from what stands in them (`made_up_uid`, the rows of a table, events of a page
//! that share an address), and such a name changes when something beside it does. An entry that seems to be gone and a new one that starts at
//! the same moment under the same title are one, so that no phone is told of a cancellation that nobody made.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::source::Source;
use crate::calendar::{Draft, Span};
use crate::db::statement;
use crate::text::fold::fold;

/// By what an entry is known again: when it starts, and what it is called or where it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    starts: (NaiveDate, Option<DateTime<Utc>>),
    text: String,
}

impl Mark {
    /// The mark by a text; nothing where there is none.
    pub(super) fn of(starts: (NaiveDate, Option<DateTime<Utc>>), text: &str) -> Option<Self> {
        let text = fold(text);
        (!text.is_empty()).then_some(Self { starts, text })
    }
}

/// When a draft starts: the day of one that lasts whole days, or the moment.
fn starts(draft: &Draft) -> (NaiveDate, Option<DateTime<Utc>>) {
    match draft.span {
        Span::Days { first, .. } => (first, None),
        Span::Times { starts, .. } => (NaiveDate::MIN, Some(starts)),
    }
}

/// An entry that is known and not mentioned any more.
pub(super) struct Lost<'a> {
    pub source_uid: &'a str,
    /// As [`Mark::of`] takes it.
    pub starts: (NaiveDate, Option<DateTime<Utc>>),
    pub title: &'a str,
    pub place: &'a str,
}

/// Whether a name was made from what stands in the entry.
fn is_made(name: &str) -> bool {
    ["made-up:", "name:"].iter().any(|begin| name.starts_with(begin)) || name.contains('#')
}

/// New names by old ones: each pair is the only lost and the only new entry with its start and title, or, where neither has a name of its own,
/// with its start and place.
pub(super) fn renamed(lost: &[Lost<'_>], new: &[&Draft]) -> HashMap<String, String> {
    let mut found: HashMap<String, String> = HashMap::new();
    let titles = |one: &Lost<'_>| Mark::of(one.starts, one.title);
    let places = |one: &Lost<'_>| Mark::of(one.starts, one.place).filter(|_| is_made(one.source_uid));
    pair(lost, new, (&titles, &|draft| Mark::of(starts(draft), &draft.title)), &mut found);
    let own = |draft: &Draft| Mark::of(starts(draft), &draft.place).filter(|_| is_made(&draft.source_uid));
    pair(lost, new, (&places, &own), &mut found);
    found
}

type MarkOf<'f, T> = &'f dyn Fn(&T) -> Option<Mark>;

fn pair<'a>(
    lost: &[Lost<'a>],
    new: &[&'a Draft],
    (of_lost, of_new): (MarkOf<'_, Lost<'a>>, MarkOf<'_, Draft>),
    found: &mut HashMap<String, String>,
) {
    let mut marks: HashMap<Mark, (Vec<&str>, Vec<&str>)> = HashMap::new();
    for one in lost.iter().filter(|one| !found.contains_key(one.source_uid)) {
        if let Some(mark) = of_lost(one) {
            marks.entry(mark).or_default().0.push(one.source_uid);
        }
    }
    let taken: HashSet<String> = found.values().cloned().collect();
    for draft in new.iter().filter(|draft| !taken.contains(&draft.source_uid)) {
        if let Some(mark) = of_new(draft) {
            marks.entry(mark).or_default().1.push(&draft.source_uid);
        }
    }
    for (old, new) in marks.into_values() {
        if let ([old], [new]) = (&old[..], &new[..]) {
            found.insert((*old).to_owned(), (*new).to_owned());
        }
    }
}

/// Lets entries be called by their new names from now on, with all their changed occurrences.
pub(super) async fn rename(
    db: &impl ConnectionTrait,
    source: &Source,
    names: &HashMap<String, String>,
) -> Result<(), DbErr> {
    let sql = "UPDATE calendar_entries SET source_uid = ? WHERE source = ? AND source_uid = ?";
    for (old, new) in names {
        let values = vec![new.as_str().into(), source.calendar_name().into(), old.as_str().into()];
        db.execute_raw(statement(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(name: &str, title: &str, hour: u32, place: &str) -> Draft {
        let starts = format!("2026-12-06T{hour:02}:00:00Z").parse().unwrap();
        let span = Span::Times { starts, ends: None };
        Draft { place: place.to_owned(), ..Draft::new("feed:1", name, title, span, chrono_tz::Tz::Asia__Tokyo) }
    }

    fn pairs(old: &[Draft], new: &[Draft]) -> Vec<(String, String)> {
        let lost: Vec<Lost<'_>> = old
            .iter()
            .map(|draft| Lost {
                source_uid: &draft.source_uid,
                starts: starts(draft),
                title: &draft.title,
                place: &draft.place,
            })
            .collect();
        let mut found: Vec<_> = renamed(&lost, &new.iter().collect::<Vec<_>>()).into_iter().collect();
        found.sort();
        found
    }

    fn pair(old: &str, new: &str) -> (String, String) {
        (old.to_owned(), new.to_owned())
    }

    #[test]
    fn the_same_title_at_the_same_moment_is_the_same_entry_under_whatever_name() {
        let old = [draft("u#A", "見本まつり", 1, ""), draft("x", "見本ヨガ", 3, "")];
        let new = [draft("u", "見本まつり！", 1, ""), draft("y", "見本ヨガ", 4, "")];
        assert_eq!(pairs(&old, &new), [pair("u#A", "u")]);
    }

    #[test]
    fn two_that_could_be_meant_are_none() {
        let twice = [draft("a", "見本まつり", 1, ""), draft("b", "見本まつり", 1, "")];
        assert_eq!(pairs(&twice, &[draft("c", "見本まつり", 1, "")]), []);
        assert_eq!(pairs(&[draft("c", "見本まつり", 1, "")], &twice), []);
    }

    #[test]
    fn another_title_at_the_same_place_counts_only_where_nothing_has_a_name_of_its_own() {
        let old = [draft("made-up:1", "見本まつり", 1, "見本公園"), draft("own", "見本ヨガ", 2, "見本会館")];
        let new =
            [draft("made-up:2", "見本のまつり(第2回)", 1, "見本公園"), draft("other", "見本の体操", 2, "見本会館")];
        assert_eq!(pairs(&old, &new), [pair("made-up:1", "made-up:2")]);
    }
}
