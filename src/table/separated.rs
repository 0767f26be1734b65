//! Reads comma- and tab-separated text (RFC 4180).
//!
//! Read by hand because the fault must be named: the `csv` crate neither says which quote was left open nor counts
//! the lines of a file that ends them with CR alone.

use std::iter::Peekable;
use std::str::Chars;

use super::fault::TableFault;
use super::guard::unguarded;
use super::heading;
use super::limits::Limits;
use super::read::Line;

/// Rows looked at to tell commas from tabs.
const ROWS_SAMPLED: usize = 30;

/// The character between cells: the one that shows more of the expected headings, or else more cells.
pub(super) fn delimiter(text: &str, expected: &[&str], limits: &Limits) -> char {
    let fits = |delimiter: char| {
        let lines: Vec<Line> = Scanner::new(text, delimiter, limits).take(ROWS_SAMPLED).map_while(Result::ok).collect();
        let found = heading::find(&lines, expected).map_or(0, |(_, score)| score);
        (found, lines.iter().map(|line| line.cells.len().saturating_sub(1)).sum::<usize>())
    };
    if fits('\t') > fits(',') { '\t' } else { ',' }
}

/// Every row with something in it.
pub(super) fn lines(text: &str, delimiter: char, limits: &Limits) -> Result<Vec<Line>, TableFault> {
    let mut lines = Vec::new();
    for line in Scanner::new(text, delimiter, limits) {
        let line = line?;
        if lines.len() == limits.rows {
            return Err(TableFault::TooManyRows { line: line.line, limit: limits.rows });
        }
        lines.push(line);
    }
    Ok(lines)
}

/// Walks the text row by row, leaving out blank rows; after a fault it ends.
struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    delimiter: char,
    limits: &'a Limits,
    line: usize,
}

impl Iterator for Scanner<'_> {
    type Item = Result<Line, TableFault>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.rest.peek().is_some() {
            match self.row() {
                Ok(line) if line.cells.is_empty() => {}
                Ok(line) => return Some(Ok(line)),
                Err(fault) => {
                    self.rest = "".chars().peekable();
                    return Some(Err(fault));
                }
            }
        }
        None
    }
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, delimiter: char, limits: &'a Limits) -> Self {
        Self { rest: text.chars().peekable(), delimiter, limits, line: 1 }
    }

    /// One row without its trailing blank cells.
    fn row(&mut self) -> Result<Line, TableFault> {
        let mut row = Line { line: self.line, cells: Vec::new() };
        for column in 1.. {
            let cell = if self.rest.next_if_eq(&'"').is_some() { self.quoted(column)? } else { self.plain(column)? };
            row.put(column, unguarded(&cell), self.limits)?;
            if self.rest.next_if_eq(&self.delimiter).is_none() {
                break;
            }
        }
        self.line_break();
        Ok(row)
    }

    fn plain(&mut self, column: usize) -> Result<String, TableFault> {
        let (line, mut cell) = (self.line, Collector::default());
        let delimiter = self.delimiter;
        while let Some(character) = self.rest.next_if(|c| *c != delimiter && !is_break(*c)) {
            cell.push(character, line, column, self.limits)?;
        }
        Ok(cell.text)
    }

    /// The rest of a cell whose opening quote has been taken; faults are placed where it opened.
    fn quoted(&mut self, column: usize) -> Result<String, TableFault> {
        let (line, mut cell) = (self.line, Collector::default());
        loop {
            match self.rest.peek() {
                None => return Err(TableFault::OpenQuote { line, column }),
                Some('"') => {
                    self.rest.next();
                    if self.rest.next_if_eq(&'"').is_none() {
                        break;
                    }
                    cell.push('"', line, column, self.limits)?;
                }
                Some('\r' | '\n') => {
                    for character in self.line_break().chars() {
                        cell.push(character, line, column, self.limits)?;
                    }
                }
                Some(&character) => {
                    self.rest.next();
                    cell.push(character, line, column, self.limits)?;
                }
            }
        }
        while self.rest.next_if_eq(&' ').is_some() {}
        match self.rest.peek() {
            Some(c) if *c != self.delimiter && !is_break(*c) => Err(TableFault::AfterQuote { line, column }),
            _ => Ok(cell.text),
        }
    }

    /// Takes one line break, if there is one, and counts it.
    fn line_break(&mut self) -> &'static str {
        let taken = match (self.rest.next_if_eq(&'\r'), self.rest.next_if_eq(&'\n')) {
            (None, None) => return "",
            (Some(_), Some(_)) => "\r\n",
            (Some(_), None) => "\r",
            (None, Some(_)) => "\n",
        };
        self.line += 1;
        taken
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n')
}

/// A cell being read, kept within its limit.
#[derive(Default)]
struct Collector {
    text: String,
    chars: usize,
}

impl Collector {
    fn push(&mut self, character: char, line: usize, column: usize, limits: &Limits) -> Result<(), TableFault> {
        if character == '\0' {
            return Err(TableFault::Nul { line, column });
        }
        if self.chars == limits.cell_chars {
            return Err(TableFault::CellTooLong { line, column, limit: limits.cell_chars });
        }
        self.chars += 1;
        self.text.push(character);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { bytes: 1000, unpacked_bytes: 1000, rows: 5, columns: 3, cells: 15, cell_chars: 10 };

    fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, TableFault> {
        let lines = lines(text, ',', &LIMITS)?;
        Ok(lines.into_iter().map(|line| (line.line, line.cells)).collect())
    }

    fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn every_line_ending_ends_a_row_and_is_counted() {
        let expected = vec![row(1, &["a", "b"]), row(2, &["c"]), row(4, &["d"]), row(5, &["e"])];
        assert_eq!(rows("a,b\r\nc\r\rd\ne"), Ok(expected));
    }

    #[test]
    fn quoted_cells_keep_commas_quotes_and_line_breaks() {
        let expected = vec![row(1, &["a,\"b\"", "c\r\nd\ne"]), row(4, &["f", "g"])];
        assert_eq!(rows("\"a,\"\"b\"\"\",\"c\r\nd\ne\"\r\n\"f\" ,\"g\"\n"), Ok(expected));
    }

    #[test]
    fn blank_rows_and_trailing_blank_cells_are_left_out() {
        assert_eq!(rows("\n,,\na,,,,,\n\"\"\n"), Ok(vec![row(3, &["a"])]));
        assert_eq!(rows(""), Ok(vec![]));
    }

    #[test]
    fn a_quote_inside_an_unquoted_cell_is_text() {
        assert_eq!(rows("5\" 管,b"), Ok(vec![row(1, &["5\" 管", "b"])]));
    }

    #[test]
    fn faults_name_the_line_and_the_cell() {
        assert_eq!(rows("a,b\nc,\"d\ne"), Err(TableFault::OpenQuote { line: 2, column: 2 }));
        assert_eq!(rows("a\n\"b\"c\"\n"), Err(TableFault::AfterQuote { line: 2, column: 1 }));
        assert_eq!(rows("a,b\0"), Err(TableFault::Nul { line: 1, column: 2 }));
        assert_eq!(rows("a\nb,12345678901"), Err(TableFault::CellTooLong { line: 2, column: 2, limit: 10 }));
        assert_eq!(rows("a\n1,2,3,4"), Err(TableFault::TooManyColumns { line: 2, limit: 3 }));
        assert_eq!(rows("1\n2\n3\n\n4\n5\n6"), Err(TableFault::TooManyRows { line: 7, limit: 5 }));
    }

    #[test]
    fn tabs_are_told_from_commas_by_the_headings() {
        assert_eq!(delimiter("会員名簿、1,2,3\n団体名\t電話\n", &["団体名", "電話"], &LIMITS), '\t');
        assert_eq!(delimiter("団体名,電話\na\tb\tc\td,1\n", &["団体名"], &LIMITS), ',');
        assert_eq!(delimiter("a\tb\n", &[], &LIMITS), '\t');
        assert_eq!(delimiter("a", &[], &LIMITS), ',');
    }
}
