//! Events from a CSV or Excel table.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::store::Desk;
use super::candidate::Candidate;
use super::known_words::KnownWords;
use super::layout::{self, Field, Layout};
use super::row::Columns;
use super::{Contents, city_code, stem};
use crate::table::{Report, Table};

/// Reads a table of events in any of the layouts.
pub(super) fn read(file: &str, table: &Table, desk: &Desk<'_>, words: &KnownWords) -> Contents {
    let columns = Columns::of(table);
    let mut report = Report::new(file, &table.source(), false);
    report.notes.extend(table.notes.iter().cloned());
    report.notes.extend(layout_notes(table));
    report.notes.extend(code_note(table, &columns, desk));
    let source = format!("import:{}", stem(file));
    let names = names(table, &columns);
    let rows = table.rows.iter().zip(names);
    let candidates = rows.map(|(row, name)| columns.candidate(row, &source, &name, desk, words).called(&name));
    let candidates: Vec<Candidate> = candidates.collect();
    Contents {
        name: String::new(),
        candidates,
        report,
        refused: Vec::new(),
        unread: Vec::new(),
        nameless: 0,
        whole_series: false,
    }
}

fn layout_notes(table: &Table) -> Vec<String> {
    let keys: HashSet<&str> = table.headings.iter().map(|heading| heading.key.as_str()).collect();
    let mut notes = vec![format!("様式: {}（{}列）", Layout::of(&keys).label(), table.headings.len())];
    let unknown = table.headings.iter().filter(|heading| !layout::is_known(&heading.key));
    let unknown: Vec<&str> = unknown.map(|heading| heading.typed.as_str()).collect();
    if !unknown.is_empty() {
        notes.push(format!("様式にない列はそのまま残しました: {}", unknown.join("、")));
    }
    notes
}

/// Says whose events these are, if not the city's own.
fn code_note(table: &Table, columns: &Columns, desk: &Desk<'_>) -> Option<String> {
    let own = &desk.city.profile.code;
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for row in &table.rows {
        if let Some((code, _)) = city_code::mended(columns.first(row, Field::Code)).filter(|(code, _)| code != own) {
            *others.entry(code).or_default() += 1;
        }
    }
    let others: Vec<String> = others.iter().map(|(code, count)| format!("{code}が{count}行")).collect();
    (!others.is_empty()).then(|| format!("ほかの団体コードの行があります: {}（この市は{own}）", others.join("、")))
}

/// What each row is called within its source: its number, or its name and start.
///
/// A number that stands on several rows means none of them, so those rows are called by number, name and start.
fn names(table: &Table, columns: &Columns) -> Vec<String> {
    let id = |row| columns.first(row, Field::Id).to_owned();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in &table.rows {
        *counts.entry(id(row)).or_default() += 1;
    }
    let name = |row| {
        let number = id(row);
        if !number.is_empty() && counts.get(&number) == Some(&1) {
            return format!("no:{number}");
        }
        let parts =
            [Field::Title, Field::StartDay, Field::StartTime, Field::Place].map(|field| columns.first(row, field));
        let name: String = format!("name:{number}|{}", parts.join("|"));
        name.chars().take(800).collect()
    };
    table.rows.iter().map(name).collect()
}
