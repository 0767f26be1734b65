//! Spreadsheets in and out: CSV and Excel files read into one plain table, tables written as files, and the
//! row-by-row report every import gives.

mod cell_text;
mod fault;
mod guard;
mod heading;
mod limits;
mod package;
mod read;
mod report;
mod separated;
mod workbook;
mod write;
mod write_workbook;

#[cfg(test)]
mod tests;

pub use fault::TableFault;
pub use heading::{Heading, key};
pub use limits::Limits;
pub use read::{Row, SourceFormat, Table, read};
pub use report::{Counts, Outcome, Report, RowReport, quoted};
pub use write::{Cell, Format, WriteFault, Written, write};
