//! What came of a reading, as it is kept and shown: what came in, what was left out, what was mended, each with its reason.

use serde::{Deserialize, Serialize};

/// Most lines of one kind that are kept; beyond it only their number is.
pub(super) const LINES: usize = 200;
/// Most entries that are kept as a sample.
pub(super) const SAMPLE: usize = 30;

/// A line of the source with what is to be said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Line of the file.
    pub line: usize,
    /// What it is about, usually a title.
    pub subject: String,
    /// Japanese sentences.
    pub reasons: Vec<String>,
}

/// An entry as the calendar would show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When, in words.
    pub when: String,
    /// Title.
    pub title: String,
    /// Place.
    pub place: String,
    /// Name of the town.
    pub town: String,
    /// Names of the categories.
    pub categories: String,
    /// How often, or 中止.
    pub remark: String,
}

/// What came of a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What kind of file it is, in words.
    pub form: String,
    /// What the calendar calls itself.
    pub name: String,
    /// Entries that can be taken in.
    pub found: usize,
    /// Of these, those that are coming.
    pub coming: usize,
    /// Entries that were over too long ago.
    pub ended: usize,
    /// What could not be read and may be an entry that nobody knows the name of.
    #[serde(default)]
    pub nameless: usize,
    /// Lines that were left out, all of them.
    pub left_total: usize,
    /// The first of them.
    pub left: Vec<Line>,
    /// Entries with something mended or noted, all of them.
    pub mended_total: usize,
    /// The first of them.
    pub mended: Vec<Line>,
    /// What is to be said of the whole.
    pub notes: Vec<String>,
    /// What is coming now and would be gone.
    #[serde(default)]
    pub gone: Vec<String>,
    /// The next entries.
    pub sample: Vec<Sample>,
}

impl Report {
    /// Notes a line that was left out.
    pub(super) fn leave(&mut self, line: usize, subject: &str, reasons: Vec<String>) {
        self.left_total += 1;
        if self.left.len() < LINES {
            self.left.push(Line { line, subject: subject.to_owned(), reasons });
        }
    }

    /// Notes what was mended in a line that was taken.
    pub(super) fn mend(&mut self, line: usize, subject: &str, reasons: Vec<String>) {
        if reasons.is_empty() {
            return;
        }
        self.mended_total += 1;
        if self.mended.len() < LINES {
            self.mended.push(Line { line, subject: subject.to_owned(), reasons });
        }
    }
}
