//! A table as a file for the office: CSV for everything that reads it, or an Excel workbook.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::table::{self, Cell, Format};

/// The formats under their keys in forms.
pub(super) fn format(key: &str) -> Option<Format> {
    match key {
        "csv" => Some(Format::CsvUtf8Bom),
        "xlsx" => Some(Format::Xlsx),
        _ => None,
    }
}

/// The file as an answer that the browser saves under this name.
pub(super) fn file(
    format: Format,
    (name, sheet): (&str, &str),
    headings: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Result<Response, Error> {
    let written = table::write(format, sheet, headings, rows.into_iter());
    let written = written.map_err(|fault| Error::Template(fault.to_string()))?;
    let mut response = written.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let line = format!("attachment; filename=\"{name}.{}\"", format.extension());
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.insert(header::CONTENT_DISPOSITION, line);
    }
    Ok(response)
}
