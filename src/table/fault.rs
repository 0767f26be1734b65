use thiserror::Error;

/// Why a file cannot be read as a table; its text is a Japanese sentence for the person who brought the file.
///
/// `line` and `column` count from 1: the line of the file as an editor shows it, or the Excel row, and the cell in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TableFault {
    /// The file is larger than the limit, in bytes.
    #[error("ファイルが大きすぎます（上限は{}MB）。いくつかに分けてください。", .0 / 1_000_000)]
    TooLarge(usize),
    /// There is nothing in it.
    #[error("ファイルに何も書かれていません。")]
    Empty,
    /// The Excel format of before 2007.
    #[error(
        "古い形式のExcelファイル（.xls）は読めません。Excelで開き、「Excelブック（.xlsx）」で保存し直してください。"
    )]
    OldExcel,
    /// An Excel workbook locked with a password.
    #[error("パスワードのかかったExcelファイルは読めません。パスワードを外して保存し直してください。")]
    Locked,
    /// Some other kind of file, named in Japanese.
    #[error("{0}は読めません。CSVかExcelブック（.xlsx）にしてください。")]
    OtherKind(&'static str),
    /// An Excel workbook that cannot be taken apart.
    #[error("Excelファイルが壊れています。Excelで開き、保存し直してください。")]
    Damaged,
    /// An Excel workbook that unpacks to more than the limit, in bytes.
    #[error("Excelファイルの中身が大きすぎます（展開後の上限は{}MB）。いくつかに分けてください。", .0 / 1_000_000)]
    Swollen(usize),
    /// Bytes that are no character; `character` counts from 1 within the line.
    #[error(
        "{line}行目の{character}文字目に読めない文字があります。文字コードをUTF-8かシフトJISにして保存し直してください。"
    )]
    Unreadable {
        /// Line of the file.
        line: usize,
        /// Character within the line.
        character: usize,
    },
    /// A NUL character, which no spreadsheet writes.
    #[error("{}に使えない文字（NUL）があります。ファイルが壊れていないか確かめてください。", place(*line, *column))]
    Nul {
        /// Line of the file.
        line: usize,
        /// Cell within the row.
        column: usize,
    },
    /// A quoted cell without its closing quote; the place is where it opens.
    #[error("{}で始まる引用符（\"）が閉じられていません。", place(*line, *column))]
    OpenQuote {
        /// Line of the file.
        line: usize,
        /// Cell within the row.
        column: usize,
    },
    /// Text after a closing quote; the place is where the quote opens.
    #[error(
        "{}の引用符（\"）の後ろに余分な文字があります。セルの中の引用符は2つ重ねて（\"\"）書いてください。",
        place(*line, *column)
    )]
    AfterQuote {
        /// Line of the file.
        line: usize,
        /// Cell within the row.
        column: usize,
    },
    /// A cell longer than the limit.
    #[error(
        "{}の文字が多すぎます（上限は{limit}文字）。CSVなら引用符（\"）の閉じ忘れかもしれません。",
        place(*line, *column)
    )]
    CellTooLong {
        /// Line of the file or Excel row.
        line: usize,
        /// Cell within the row.
        column: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// More rows than the limit.
    #[error("{line}行目で行数の上限（{limit}行）を超えました。いくつかに分けてください。")]
    TooManyRows {
        /// Line of the file or Excel row.
        line: usize,
        /// Rows allowed.
        limit: usize,
    },
    /// A row with something beyond the last column allowed.
    #[error("{line}行目の列が多すぎます（上限は{limit}列）。")]
    TooManyColumns {
        /// Line of the file or Excel row.
        line: usize,
        /// Columns allowed.
        limit: usize,
    },
    /// More cells, rows times columns, than the limit.
    #[error("表が大きすぎます（行×列の上限は{0}セル）。いくつかに分けてください。")]
    TooManyCells(usize),
    /// No row holds a heading that was looked for; the first few of those are given.
    #[error("見出しの行が見つかりません。「{}」などの見出しを1行目に書いてください。", .0.join("」「"))]
    NoHeadings(Vec<String>),
}

impl TableFault {
    /// Where the fault is, if it is at one place: the line, and the cell (for unreadable bytes the character) in it.
    pub fn place(&self) -> Option<(usize, Option<usize>)> {
        match *self {
            Self::Unreadable { line, character } => Some((line, Some(character))),
            Self::Nul { line, column }
            | Self::OpenQuote { line, column }
            | Self::AfterQuote { line, column }
            | Self::CellTooLong { line, column, .. } => Some((line, Some(column))),
            Self::TooManyRows { line, .. } | Self::TooManyColumns { line, .. } => Some((line, None)),
            _ => None,
        }
    }
}

/// "3行目の2列目（B列）".
fn place(line: usize, column: usize) -> String {
    format!("{line}行目の{column}列目（{}列）", letters(column))
}

/// The letters Excel shows above a column counted from 1.
pub(super) fn letters(column: usize) -> String {
    let (mut letters, mut rest) = (Vec::new(), column);
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_excel_letters_them() {
        let lettered: Vec<String> = [1, 26, 27, 52, 53, 702, 703].into_iter().map(letters).collect();
        assert_eq!(lettered, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_fault_says_where_and_what_in_japanese() {
        let fault = TableFault::OpenQuote { line: 3, column: 28 };
        assert_eq!(fault.to_string(), "3行目の28列目（AB列）で始まる引用符（\"）が閉じられていません。");
        assert_eq!(fault.place(), Some((3, Some(28))));
        assert_eq!(
            TableFault::TooLarge(20_000_000).to_string(),
            "ファイルが大きすぎます（上限は20MB）。いくつかに分けてください。"
        );
    }
}
