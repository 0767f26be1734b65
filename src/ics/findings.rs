//! Gathering what is worth telling about a file, never without end.

use super::model::{Finding, Level};

/// The findings of one reading.
pub(super) struct Findings {
    kept: Vec<Finding>,
    most: usize,
    further: usize,
}

impl Findings {
    /// Keeps that many and counts the rest.
    pub fn at_most(most: usize) -> Self {
        Self { kept: Vec::new(), most, further: 0 }
    }

    pub fn refused(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Refused, message));
    }

    pub fn mended(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Mended, message));
    }

    pub fn noted(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Noted, message));
    }

    pub fn add(&mut self, finding: Finding) {
        if self.kept.len() < self.most {
            self.kept.push(finding);
        } else {
            self.further += 1;
        }
    }

    /// All of them in the order of the lines, what concerns the whole file first.
    pub fn in_order(mut self) -> Vec<Finding> {
        self.kept.sort_by_key(|finding| finding.line);
        if self.further > 0 {
            let message = format!("ほかに{}件の指摘がありますが、多すぎるため省きました。", self.further);
            self.kept.push(Finding::of_file(Level::Noted, message));
        }
        self.kept
    }
}
