//! Reads the sheet of an Excel workbook that holds the table.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::cell_text::shown;
use super::fault::{TableFault, letters};
use super::heading;
use super::limits::Limits;
use super::package::repack;
use super::read::Line;
use super::report::quoted;

/// Visible sheets looked at for the one with the expected headings.
const SHEETS: usize = 5;

/// The rows of one sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub lines: Vec<Line>,
    pub notes: Vec<String>,
}

type Book = Xlsx<Cursor<Vec<u8>>>;

impl From<XlsxError> for TableFault {
    fn from(_: XlsxError) -> Self {
        Self::Damaged
    }
}

/// The visible sheet with most of the expected headings; among equals the first one with anything in it.
pub(super) fn sheet(bytes: &[u8], expected: &[&str], limits: &Limits) -> Result<Sheet, TableFault> {
    let package = repack(bytes, limits)?;
    // The workbook reader does unchecked arithmetic on cell references; a file that trips it is refused like any other.
    catch_unwind(AssertUnwindSafe(|| best_sheet(package, expected, limits))).unwrap_or(Err(TableFault::Damaged))
}

fn best_sheet(package: Vec<u8>, expected: &[&str], limits: &Limits) -> Result<Sheet, TableFault> {
    let has_formulas = package.windows(4).any(|window| window == b"</f>");
    let mut book: Book = Xlsx::new(Cursor::new(package))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let visible = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let (name, mut sheet) = choose(&mut book, &names, expected, limits)?;
    sheet.notes.extend(merge_note(&mut book, name, &sheet.lines, expected)?);
    if has_formulas {
        sheet.notes.extend(formula_note(&mut book, name)?);
    }
    Ok(sheet)
}

/// A sheet that cannot be read only matters if no other one has an expected heading.
fn choose<'a>(
    book: &mut Book,
    names: &'a [String],
    expected: &[&str],
    limits: &Limits,
) -> Result<(&'a str, Sheet), TableFault> {
    let (mut best, mut highest, mut fault) = (None, 0, None);
    let mut others: Vec<&str> = names.iter().skip(SHEETS).map(String::as_str).collect();
    for name in names.iter().take(SHEETS) {
        match lines(book, name, limits) {
            Ok(sheet) if sheet.lines.is_empty() => continue,
            Ok(sheet) => {
                let score = heading::find(&sheet.lines, expected).map_or(0, |(_, score)| score);
                if best.is_none() || score > highest {
                    others.extend(best.replace((name.as_str(), sheet)).map(|(name, _)| name));
                    highest = score;
                    continue;
                }
            }
            Err(found) => fault = fault.or(Some(found)),
        }
        others.push(name);
    }
    match (best, fault) {
        (Some((name, mut sheet)), fault) if highest > 0 || fault.is_none() => {
            sheet.notes.extend(others_note(name, &others));
            Ok((name, sheet))
        }
        (_, fault) => Err(fault.unwrap_or(TableFault::Empty)),
    }
}

fn others_note(name: &str, others: &[&str]) -> Option<String> {
    let first = others.first()?;
    let rest = if others.len() > 1 { format!("など{}枚", others.len()) } else { String::new() };
    Some(format!("シート{}を読みました。ほかのシート（{}{rest}）は読んでいません。", quoted(name), quoted(first)))
}

fn lines(book: &mut Book, name: &str, limits: &Limits) -> Result<Sheet, TableFault> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let (mut sheet, mut text_bytes, mut faulty, mut first_faulty) = (Sheet::default(), 0, 0, None);
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
        let text = shown(cell.get_value(), format);
        if text.trim().is_empty() {
            continue;
        }
        let (line, column) = cell.get_position();
        let (line, column) = (line as usize + 1, column as usize + 1);
        check_cell(&text, line, column, limits)?;
        text_bytes += text.len();
        if text_bytes > limits.unpacked_bytes {
            return Err(TableFault::Swollen(limits.unpacked_bytes));
        }
        if matches!(cell.get_value(), DataRef::Error(_)) {
            faulty += 1;
            first_faulty.get_or_insert(cell.get_position());
        }
        row(&mut sheet.lines, line, limits)?.put(column, &text, limits)?;
    }
    if let Some(first) = first_faulty.map(reference) {
        sheet.notes.push(format!("計算式の結果が誤りのセルが{faulty}個あります（最初は{first}）。"));
    }
    Ok(sheet)
}

fn check_cell(text: &str, line: usize, column: usize, limits: &Limits) -> Result<(), TableFault> {
    if text.contains('\0') {
        return Err(TableFault::Nul { line, column });
    }
    if text.len() > limits.cell_chars && text.chars().count() > limits.cell_chars {
        return Err(TableFault::CellTooLong { line, column, limit: limits.cell_chars });
    }
    Ok(())
}

/// The row a cell belongs to, begun if the cell is its first.
fn row<'a>(lines: &'a mut Vec<Line>, line: usize, limits: &Limits) -> Result<&'a mut Line, TableFault> {
    let last = lines.last().map_or(0, |last| last.line);
    if line < last {
        return Err(TableFault::Damaged);
    }
    if line > last {
        if lines.len() == limits.rows {
            return Err(TableFault::TooManyRows { line, limit: limits.rows });
        }
        lines.push(Line { line, cells: Vec::new() });
    }
    lines.last_mut().ok_or(TableFault::Damaged)
}

/// Merged cells among the content: only the first of them has the value.
fn merge_note(book: &mut Book, name: &str, lines: &[Line], expected: &[&str]) -> Result<Option<String>, TableFault> {
    let top = heading::find(lines, expected).and_then(|(at, _)| lines.get(at)).map_or(1, |line| line.line);
    let merged = book.merge_cells_by_sheet_name(name)?;
    let mut merged = merged.iter().filter(|area| area.end.0 as usize + 1 >= top);
    let Some(first) = merged.next() else { return Ok(None) };
    Ok(Some(format!(
        "結合されたセルが{}か所あります（最初は{}:{}）。値は左上のセルだけのものとして読みました。",
        merged.count() + 1,
        reference(first.start),
        reference(first.end)
    )))
}

/// Formulas whose result was never saved, as by programs that do not calculate: their cells read as nothing.
fn formula_note(book: &mut Book, name: &str) -> Result<Option<String>, TableFault> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let (mut count, mut first) = (0, None);
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            count += 1;
            first.get_or_insert(cell.pos);
        }
    }
    Ok(first.map(|first| {
        let first = reference(first);
        format!(
            "結果の保存されていない計算式が{count}個あり、空欄として読みました（最初は{first}）。\
             Excelで開いて保存し直すと結果が入ります。"
        )
    }))
}

/// "A5" for a place counted from 0.
fn reference((line, column): (u32, u32)) -> String {
    format!("{}{}", letters(column as usize + 1), line as usize + 1)
}
