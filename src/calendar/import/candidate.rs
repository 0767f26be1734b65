//! One row of a file on its way into the calendar, with everything worth telling about it.

use super::super::draft::Draft;
use crate::table::{Outcome, RowReport, quoted};
use crate::text::clean;

/// A row that may become an entry.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    pub line: usize,
    pub subject: String,
    /// Nothing once the row is refused.
    pub draft: Option<Draft>,
    pub notes: Vec<String>,
    /// What the source calls it, where that is known.
    pub source_uid: String,
    is_refused: bool,
}

impl Candidate {
    pub(super) fn new(line: usize, subject: &str) -> Self {
        Self { line, subject: subject.to_owned(), ..Self::default() }
    }

    /// The same row with what its source calls it.
    pub(super) fn called(self, source_uid: &str) -> Self {
        Self { source_uid: source_uid.to_owned(), ..self }
    }

    pub(super) fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    pub(super) fn refuse(&mut self, sentence: String) {
        self.notes.push(sentence);
        self.draft = None;
        self.is_refused = true;
    }

    /// A text of one line; the row is refused if it is too long to be kept whole.
    pub(super) fn line(&mut self, label: &str, typed: &str, most: usize) -> String {
        self.kept(label, clean::line(typed, most))
    }

    /// A text of several lines; the row is refused if it is too long to be kept whole.
    pub(super) fn block(&mut self, label: &str, typed: &str, most: usize) -> String {
        self.kept(label, clean::block(typed, most))
    }

    fn kept(&mut self, label: &str, cleaned: Result<String, clean::TextFault>) -> String {
        cleaned.unwrap_or_else(|fault| {
            self.refuse(format!("{label}: {fault}"));
            String::new()
        })
    }

    /// An address that can be opened, or nothing.
    pub(super) fn url(&mut self, typed: &str) -> String {
        let url = typed.trim();
        if url.is_empty() || super::super::draft::is_openable(url) {
            return url.to_owned();
        }
        self.note(format!("URL: {}は http か https で始まるアドレスではないため、載せません。", quoted(typed)));
        String::new()
    }

    /// Sets the draft unless the row was refused before.
    pub(super) fn with(mut self, draft: Draft) -> Self {
        self.draft = (!self.is_refused).then_some(draft);
        self
    }

    /// The same row, refused if its draft is not sound.
    pub(super) fn checked(mut self) -> Self {
        let faults = self.draft.as_ref().map(Draft::faults).unwrap_or_default();
        for fault in faults {
            self.refuse(fault);
        }
        self
    }

    pub(super) fn reported(self, outcome: Outcome, further: Vec<String>) -> RowReport {
        let notes = self.notes.into_iter().chain(further).collect();
        RowReport { line: self.line, subject: self.subject, outcome, notes }
    }
}
