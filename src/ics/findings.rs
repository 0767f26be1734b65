//! What is worth telling about a file, gathered but never without end.

/// One thing worth telling about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line of the file, counted from 1.
    pub line: Option<usize>,
    /// The character of the line, counted from 1.
    pub column: Option<usize>,
    /// How grave it is.
    pub level: Level,
    /// A Japanese sentence.
    pub message: String,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something was left out.
    Refused,
    /// Something was read although it was broken.
    Mended,
    /// Nothing was wrong.
    Noted,
}

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Broken {
    /// The line of the file, counted from 1.
    pub line: Option<usize>,
    /// The character of the line, counted from 1.
    pub column: Option<usize>,
    /// A Japanese sentence.
    pub message: String,
}

impl Finding {
    /// A finding about a line of the file.
    pub fn at(line: usize, level: Level, message: impl Into<String>) -> Self {
        Self { line: Some(line), column: None, level, message: message.into() }
    }

    /// A finding about the file as a whole.
    pub fn of_file(level: Level, message: impl Into<String>) -> Self {
        Self { line: None, column: None, level, message: message.into() }
    }
}

/// The findings of one reading.
pub struct Findings {
    kept: Vec<Finding>,
    most: usize,
    further: usize,
}

impl Findings {
    /// Keeps that many and counts the rest.
    pub fn at_most(most: usize) -> Self {
        Self { kept: Vec::new(), most, further: 0 }
    }

    /// Something of that line was left out.
    pub fn refused(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Refused, message));
    }

    /// Something of that line was read although it was broken.
    pub fn mended(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Mended, message));
    }

    /// Something of that line is worth knowing.
    pub fn noted(&mut self, line: usize, message: impl Into<String>) {
        self.add(Finding::at(line, Level::Noted, message));
    }

    /// Keeps a finding while there is room.
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
