use crate::text::cp932::{self, Encoding};

use super::fault::TableFault;
use super::heading::{self, Heading};
use super::limits::Limits;
use super::{separated, workbook};

/// What kind of file a table was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// Comma-separated text.
    Csv,
    /// Tab-separated text.
    Tsv,
    /// An Excel workbook.
    Xlsx,
}

impl SourceFormat {
    /// The name staff know the kind of file by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "タブ区切りテキスト",
            Self::Xlsx => "Excelブック（.xlsx）",
        }
    }
}

/// A spreadsheet as rows of text under headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// One per column; every row has as many cells.
    pub headings: Vec<Heading>,
    /// The rows below the headings, without blank ones.
    pub rows: Vec<Row>,
    /// The encoding of a text file; an Excel workbook has none.
    pub encoding: Option<Encoding>,
    /// The kind of file.
    pub format: SourceFormat,
    /// What the reader skipped or decided, in Japanese sentences.
    pub notes: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file where the row starts, or the Excel row; from 1.
    pub line: usize,
    /// The cells as typed, "" where there is nothing but white space.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell of a column, or "" for a column the table does not have.
    pub fn get(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).map_or("", String::as_str)
    }
}

impl Table {
    /// The first column whose heading means the same as `heading`.
    pub fn column(&self, heading: &str) -> Option<usize> {
        let key = heading::key(heading);
        self.headings.iter().position(|heading| heading.key == key)
    }

    /// The kind of file and its encoding, for reports.
    pub fn source(&self) -> String {
        self.encoding.map_or(self.format.label().to_owned(), |encoding| format!("{} {encoding}", self.format.label()))
    }
}

/// A row before the headings are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub line: usize,
    pub cells: Vec<String>,
}

impl Line {
    /// Sets the cell of a column counted from 1; white space alone is nothing.
    pub fn put(&mut self, column: usize, text: &str, limits: &Limits) -> Result<(), TableFault> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if column > limits.columns {
            return Err(TableFault::TooManyColumns { line: self.line, limit: limits.columns });
        }
        self.cells.resize(column.max(self.cells.len()), String::new());
        if let Some(cell) = self.cells.get_mut(column.saturating_sub(1)) {
            text.clone_into(cell);
        }
        Ok(())
    }
}

/// Reads a CSV, tab-separated or Excel file, told apart by its content.
///
/// `name` is only compared with the content. The row holding most of the `expected` headings is the heading row, rows
/// above it are titles; with nothing expected it is the first row that is not blank.
pub fn read(name: &str, bytes: &[u8], expected: &[&str], limits: &Limits) -> Result<Table, TableFault> {
    if bytes.len() > limits.bytes {
        return Err(TableFault::TooLarge(limits.bytes));
    }
    if let Some(fault) = unreadable_kind(bytes) {
        return Err(fault);
    }
    let (lines, format, encoding, mut notes) = if bytes.starts_with(b"PK\x03\x04") {
        let sheet = workbook::sheet(bytes, expected, limits)?;
        (sheet.lines, SourceFormat::Xlsx, None, sheet.notes)
    } else {
        let (lines, format, encoding) = text_lines(bytes, expected, limits)?;
        (lines, format, Some(encoding), Vec::new())
    };
    notes.extend(name_note(name, format));
    assemble(lines, expected, limits, Table { headings: vec![], rows: vec![], encoding, format, notes })
}

fn unreadable_kind(bytes: &[u8]) -> Option<TableFault> {
    let start = bytes.trim_ascii_start();
    let holds = |part: &str| {
        let utf16: Vec<u8> = part.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(utf16.len()).any(|window| window == utf16)
    };
    if start.is_empty() {
        Some(TableFault::Empty)
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        // Both the old Excel format and a locked new one are OLE files; the locked one names its package.
        Some(if holds("EncryptedPackage") { TableFault::Locked } else { TableFault::OldExcel })
    } else if bytes.starts_with(b"%PDF") {
        Some(TableFault::OtherKind("PDFファイル"))
    } else if start.starts_with(b"<") {
        Some(TableFault::OtherKind("HTMLやXMLのファイル"))
    } else {
        None
    }
}

fn text_lines(
    bytes: &[u8],
    expected: &[&str],
    limits: &Limits,
) -> Result<(Vec<Line>, SourceFormat, Encoding), TableFault> {
    let decoded = cp932::decode(bytes);
    if let Some((line, character)) = decoded.first_fault {
        return Err(TableFault::Unreadable { line, character });
    }
    let delimiter = separated::delimiter(&decoded.text, expected, limits);
    let format = if delimiter == '\t' { SourceFormat::Tsv } else { SourceFormat::Csv };
    Ok((separated::lines(&decoded.text, delimiter, limits)?, format, decoded.encoding))
}

fn name_note(name: &str, format: SourceFormat) -> Option<String> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    let is_book = matches!(extension.as_str(), "xlsx" | "xlsm" | "xls");
    (is_book != (format == SourceFormat::Xlsx)
        && matches!(extension.as_str(), "xlsx" | "xlsm" | "xls" | "csv" | "tsv" | "txt"))
    .then(|| format!("ファイル名の末尾は「.{extension}」ですが、中身は{}でした。", format.label()))
}

/// Divides the rows into titles, headings and content.
fn assemble(lines: Vec<Line>, expected: &[&str], limits: &Limits, mut table: Table) -> Result<Table, TableFault> {
    if lines.is_empty() {
        return Err(TableFault::Empty);
    }
    let (at, _) = heading::find(&lines, expected)
        .ok_or_else(|| TableFault::NoHeadings(expected.iter().take(3).map(|&heading| heading.to_owned()).collect()))?;
    let width = lines.iter().skip(at).map(|line| line.cells.len()).max().unwrap_or_default();
    if width.saturating_mul(lines.len()) > limits.cells {
        return Err(TableFault::TooManyCells(limits.cells));
    }
    if at > 0 {
        table.notes.push(format!("{}行目を見出しとし、それより上は表題とみなして読みませんでした。", lines[at].line));
    }
    let mut lines = lines.into_iter().skip(at);
    let typed = lines.next().map(|line| line.cells).unwrap_or_default();
    table.headings = heading::name_columns(&typed, width, &mut table.notes);
    table.rows.extend(lines.map(|mut line| {
        line.cells.resize(width, String::new());
        Row { line: line.line, cells: line.cells }
    }));
    table.notes.extend(private_note(&table.rows));
    Ok(table)
}

/// Characters a town had made for itself (外字) look different, or like nothing, on other machines.
fn private_note(rows: &[Row]) -> Option<String> {
    let is_private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}');
    let mut lines = rows.iter().filter(|row| row.cells.iter().any(|cell| cell.contains(is_private)));
    let first = lines.next()?.line;
    Some(format!(
        "外字（この端末だけの文字）を含む行が{}行あります（最初は{first}行目）。ほかの文字に直してください。",
        lines.count() + 1
    ))
}
