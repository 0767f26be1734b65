/// How much of a file is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file, in bytes.
    pub bytes: usize,
    /// Size of an Excel file once unpacked, and of the text in its cells, in bytes each.
    pub unpacked_bytes: usize,
    /// Rows with something in them, headings included.
    pub rows: usize,
    /// Columns with something in them.
    pub columns: usize,
    /// Cells of the whole table, blank ones included.
    pub cells: usize,
    /// Characters in one cell.
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 20_000_000,
            unpacked_bytes: 200_000_000,
            rows: 200_000,
            columns: 300,
            cells: 8_000_000,
            cell_chars: 20_000,
        }
    }
}
