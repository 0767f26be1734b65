use std::borrow::Cow;

use thiserror::Error;

use crate::text::cp932;

use super::guard::guarded;
use super::write_workbook;

/// The kind of file a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV in UTF-8 with a byte order mark, which Excel and open data users both read.
    CsvUtf8Bom,
    /// CSV in CP932, for software that knows nothing newer.
    CsvCp932,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// The ending of a file name, without the dot.
    pub fn extension(self) -> &'static str {
        if self == Self::Xlsx { "xlsx" } else { "csv" }
    }

    /// The media type for the Content-Type header (RFC 7111 for CSV).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::CsvUtf8Bom => "text/csv; charset=utf-8; header=present",
            Self::CsvCp932 => "text/csv; charset=Shift_JIS; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// One cell to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words, and whatever only looks like a number: codes, telephone numbers, postal codes, dates.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction; one that is not finite is written as nothing.
    Decimal(f64),
    /// Nothing.
    Empty,
}

/// A written file, and what the encoding cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Characters written as a near equivalent, each once; an empty one means left out.
    pub substituted: Vec<(char, String)>,
    /// Characters written as 〓: the row (the headings are row 1), the column's heading, the character.
    pub unwritable: Vec<(usize, String, char)>,
}

/// Why a table cannot be written; its text is a Japanese sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WriteFault {
    /// A cell longer than the 32,767 characters Excel allows.
    #[error(
        "{row}行目の「{heading}」が長すぎてExcelファイルに書けません（上限は32,767文字）。CSVで書き出してください。"
    )]
    CellTooLong {
        /// Row of the sheet.
        row: usize,
        /// Heading of the column.
        heading: String,
    },
    /// More rows or columns than a sheet has.
    #[error("行または列が多すぎてExcelファイルに書けません（上限は1,048,576行、16,384列）。CSVで書き出してください。")]
    TooMany,
    /// The writer failed for a reason of its own, in its own words.
    #[error("ファイルを作れませんでした（{0}）。")]
    Other(String),
}

/// Writes a table as a file.
///
/// CSV has CRLF line ends and quotes where RFC 4180 wants them, and cells that a spreadsheet would run as a formula
/// start with an apostrophe, which reading takes away again. An Excel file holds text as text and never a formula.
/// The same table always gives the same bytes.
pub fn write(
    format: Format,
    sheet_name: &str,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<Written, WriteFault> {
    match format {
        Format::Xlsx => write_workbook::workbook(sheet_name, headings, rows),
        Format::CsvUtf8Bom | Format::CsvCp932 => separated(format == Format::CsvCp932, headings, rows),
    }
}

fn separated(is_cp932: bool, headings: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Result<Written, WriteFault> {
    let mut written = Written::default();
    let begun = if is_cp932 { Vec::new() } else { b"\xEF\xBB\xBF".to_vec() };
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(begun);
    let first = headings.iter().map(|&heading| Cell::Text(heading.to_owned())).collect();
    for (index, cells) in std::iter::once(first).chain(rows).enumerate() {
        let fields = cells.into_iter().enumerate().map(|(column, cell)| {
            let text = plain(cell);
            let heading = headings.get(column).copied().unwrap_or_default();
            let text = if is_cp932 { written.fit(&text, index + 1, heading) } else { text };
            guard_owned(text)
        });
        csv.write_record(fields.collect::<Vec<String>>()).map_err(|error| WriteFault::Other(error.to_string()))?;
    }
    let text = csv.into_inner().map_err(|error| WriteFault::Other(error.to_string()))?;
    written.bytes = if is_cp932 { cp932::encode(&String::from_utf8_lossy(&text)).bytes } else { text };
    Ok(written)
}

/// Guarded after fitting, because fitting may leave out what stood before a `=`.
fn guard_owned(text: String) -> String {
    match guarded(&text) {
        Cow::Owned(guarded) => guarded,
        Cow::Borrowed(_) => text,
    }
}

fn plain(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Whole(whole) => whole.to_string(),
        Cell::Decimal(number) if number.is_finite() => number.to_string(),
        Cell::Decimal(_) | Cell::Empty => String::new(),
    }
}

impl Written {
    fn fit(&mut self, text: &str, row: usize, heading: &str) -> String {
        let fitted = cp932::fit(text);
        for substituted in fitted.substituted {
            if !self.substituted.contains(&substituted) {
                self.substituted.push(substituted);
            }
        }
        self.unwritable.extend(fitted.unwritable.into_iter().map(|character| (row, heading.to_owned(), character)));
        fitted.text
    }
}
