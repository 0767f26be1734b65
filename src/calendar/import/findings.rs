//! What the reader of a calendar found, as rows of a report and as notes of the events that are taken in.

use std::collections::{BTreeMap, HashMap};

use super::super::draft::TITLE;
use crate::ics::{Calendar, Level};
use crate::table::{Outcome, Report, RowReport};

/// The findings of the reader, sorted by what they are about.
pub(super) struct Sorted {
    /// Events and lines that cannot be taken in.
    pub refused: Vec<RowReport>,
    /// What is to be said of the others, by the line they begin on.
    pub notes: HashMap<usize, Vec<String>>,
    /// How many may be what nobody knows the name of.
    pub nameless: usize,
}

/// What was refused of an event that is taken in all the same is a note of it. In a page many events share one line, so that a finding of a
/// page says itself what it is about.
pub(super) fn sorted(calendar: &Calendar, is_page: bool, report: &mut Report) -> Sorted {
    let mut refused: BTreeMap<usize, RowReport> = BTreeMap::new();
    for unread in &calendar.unread {
        let subject = unread.summary.as_deref().unwrap_or_default().chars().take(TITLE).collect();
        refused.insert(unread.line, RowReport { line: unread.line, subject, outcome: Outcome::Refused, notes: vec![] });
    }
    let named: HashMap<usize, bool> = calendar.events.iter().map(|event| (event.line, event.uid.is_some())).collect();
    let mut starts: Vec<usize> = named.keys().chain(refused.keys()).copied().collect();
    starts.sort_unstable();
    let mut sorted = Sorted { refused: Vec::new(), notes: HashMap::new(), nameless: 0 };
    for finding in &calendar.findings {
        let message = finding.message.clone();
        let Some(line) = finding.line else {
            report.notes.push(message);
            continue;
        };
        let is_refused = finding.level == Level::Refused;
        if is_refused && is_page {
            sorted.nameless += 1;
            sorted.refused.push(RowReport {
                line,
                subject: String::new(),
                outcome: Outcome::Refused,
                notes: vec![message],
            });
            continue;
        }
        let start = starts.partition_point(|start| *start <= line).checked_sub(1).and_then(|at| starts.get(at));
        let Some(start) = start else {
            report.notes.push(format!("{line}行目: {message}"));
            continue;
        };
        if let Some(row) = refused.get_mut(start) {
            row.line = line;
            row.notes.push(message);
        } else {
            // What cannot be read may be its name.
            sorted.nameless += usize::from(is_refused && named.get(start) == Some(&false));
            sorted.notes.entry(*start).or_default().push(message);
        }
    }
    sorted.nameless += calendar.unread.iter().filter(|unread| unread.uid.is_none()).count();
    sorted.refused.extend(refused.into_values());
    sorted
}
