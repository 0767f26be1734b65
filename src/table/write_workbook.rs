use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::write::{Cell, WriteFault, Written};

/// Whole numbers beyond this lose digits in Excel, which keeps 15.
const EXACT: u64 = 999_999_999_999_999;

/// A workbook of one sheet whose headings stay in view.
pub(super) fn workbook(
    sheet_name: &str,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<Written, WriteFault> {
    let mut book = Workbook::new();
    // The writer would stamp the file with the clock, and the same table would not give the same bytes.
    let stamp = ExcelDateTime::from_ymd(2000, 1, 1).map_err(other)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&stamp));
    let sheet = book.add_worksheet();
    sheet.set_name(allowed_name(sheet_name)).map_err(other)?;
    // Text stays text when edited, so that a telephone number keeps its first 0.
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();
    write_headings(sheet, headings, &text.clone().set_bold())?;
    for (index, cells) in rows.enumerate() {
        let row = u32::try_from(index + 1).map_err(|_| WriteFault::TooMany)?;
        for (column, cell) in cells.iter().enumerate() {
            let heading = headings.get(column).copied().unwrap_or_default();
            put(sheet, row, column, cell, &text).map_err(|error| placed(error, index + 2, heading))?;
        }
    }
    let bytes = book.save_to_buffer().map_err(other)?;
    Ok(Written { bytes, ..Written::default() })
}

fn write_headings(sheet: &mut Worksheet, headings: &[&str], bold: &Format) -> Result<(), WriteFault> {
    for (column, heading) in headings.iter().enumerate() {
        put_text(sheet, 0, column, heading, bold).map_err(|error| placed(error, 1, heading))?;
        let width = (heading.chars().count() * 2 + 2).clamp(10, 40) as f64;
        sheet.set_column_width(column_number(column).map_err(other)?, width).map_err(other)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(other)?;
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: usize, cell: &Cell, text: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(words) if !words.is_empty() => put_text(sheet, row, column, words, text),
        Cell::Whole(whole) if whole.unsigned_abs() > EXACT => put_text(sheet, row, column, &whole.to_string(), text),
        Cell::Whole(whole) => sheet.write_number(row, column_number(column)?, *whole as f64).map(drop),
        Cell::Decimal(number) if number.is_finite() => {
            sheet.write_number(row, column_number(column)?, *number).map(drop)
        }
        Cell::Text(_) | Cell::Decimal(_) | Cell::Empty => Ok(()),
    }
}

fn put_text(sheet: &mut Worksheet, row: u32, column: usize, words: &str, format: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column_number(column)?, words, format).map(drop)
}

fn column_number(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

/// A sheet name as Excel allows it: 31 characters, none of `[]:*?/\`, no apostrophe at either end.
fn allowed_name(name: &str) -> String {
    let plain = name.chars().filter(|c| !c.is_control()).map(|c| if r"[]:*?/\".contains(c) { '・' } else { c });
    // Excel counts UTF-16 units.
    let mut units = 0;
    let short: String = plain
        .take_while(|c| {
            units += c.len_utf16();
            units <= 31
        })
        .collect();
    let short = short.trim_matches('\'').trim();
    if short.is_empty() || short.eq_ignore_ascii_case("history") { "一覧".to_owned() } else { short.to_owned() }
}

fn placed(error: XlsxError, row: usize, heading: &str) -> WriteFault {
    match error {
        XlsxError::MaxStringLengthExceeded => WriteFault::CellTooLong { row, heading: heading.to_owned() },
        XlsxError::RowColumnLimitError => WriteFault::TooMany,
        error => other(error),
    }
}

fn other(error: XlsxError) -> WriteFault {
    WriteFault::Other(error.to_string())
}
