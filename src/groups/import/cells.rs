//! What one row says, column by column of the register.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::groups::sheet::Column;

/// The cells of a row; a column that the file does not have is not there.
#[derive(Default)]
pub(super) struct Cells<'a> {
    by_column: HashMap<Column, Cow<'a, str>>,
    /// Cells under headings that the register does not know, with those headings.
    pub extra: Vec<(&'a str, &'a str)>,
}

impl<'a> Cells<'a> {
    /// Puts text into a column.
    pub fn put(&mut self, column: Column, text: impl Into<Cow<'a, str>>) {
        self.by_column.insert(column, text.into());
    }

    /// The text of a column: nothing if the file has no such column, "" if the cell is blank.
    pub fn get(&self, column: Column) -> Option<&str> {
        self.by_column.get(&column).map(AsRef::as_ref)
    }
}
