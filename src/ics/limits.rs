//! How much of a file is taken before it counts as a trap.

/// How much of a file, and of what follows from it, is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Lines of the file once unfolded.
    pub lines: usize,
    /// Bytes of one unfolded line; a longer one is left out.
    pub line_bytes: usize,
    /// Parameters of one line; a line with more is left out.
    pub parameters: usize,
    /// Components of the file, alarms and time zones included.
    pub components: usize,
    /// Components inside each other.
    pub depth: usize,
    /// Dates in all EXDATE and RDATE lines of one event.
    pub dates: usize,
    /// Findings kept; further ones are only counted.
    pub findings: usize,
    /// Occurrences of one event in one expansion.
    pub occurrences_each: usize,
    /// Occurrences of one expansion.
    pub occurrences: usize,
    /// Steps the rules of one expansion may take together.
    pub steps: u64,
    /// Steps of one rule, so that one without end leaves the others their own.
    pub steps_each: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            lines: 1_000_000,
            line_bytes: 1 << 20,
            parameters: 100,
            components: 100_000,
            depth: 10,
            dates: 20_000,
            findings: 2_000,
            occurrences_each: 50_000,
            occurrences: 500_000,
            steps: 20_000_000,
            steps_each: 1_000_000,
        }
    }
}
