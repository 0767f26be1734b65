use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Columns of the terminal the name of a row may take.
const SUBJECT_WIDTH: usize = 32;
/// Characters of a quoted value that are shown.
const QUOTED_CHARS: usize = 40;

/// What became of one row of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was new.
    Taken,
    /// It was known and something in it changed.
    Changed,
    /// It was known and nothing in it changed.
    Unchanged,
    /// It cannot be taken; the notes say why.
    Refused,
}

impl Outcome {
    /// All outcomes in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Taken, Self::Changed, Self::Unchanged, Self::Refused];

    /// The word staff read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Taken => "追加",
            Self::Changed => "変更",
            Self::Unchanged => "変更なし",
            Self::Refused => "取り込めません",
        }
    }
}

/// One row of an import report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowReport {
    /// The line of the file or Excel row.
    pub line: usize,
    /// What the row is about, usually a name.
    pub subject: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Remarks, each naming its field: 「設立年月日: …は暦にない日付です。」.
    pub notes: Vec<String>,
}

/// What an import did, row by row; every import gives one.
///
/// `Display` is the report for the terminal. As JSON it also has `counts`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The name of the file.
    pub file: String,
    /// The kind of file and its encoding, see [`super::Table::source`].
    pub encoding: String,
    /// One entry per row of the file.
    pub rows: Vec<RowReport>,
    /// Remarks on the whole file.
    pub notes: Vec<String>,
    /// Whether nothing was to be changed.
    pub dry_run: bool,
}

/// How many rows had each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// New rows.
    pub taken: usize,
    /// Changed rows.
    pub changed: usize,
    /// Rows without a change.
    pub unchanged: usize,
    /// Refused rows.
    pub refused: usize,
}

impl Report {
    /// A report without rows yet.
    pub fn new(file: &str, encoding: &str, dry_run: bool) -> Self {
        Self { file: file.to_owned(), encoding: encoding.to_owned(), dry_run, ..Self::default() }
    }

    /// Adds a row.
    pub fn push(&mut self, line: usize, subject: &str, outcome: Outcome, notes: Vec<String>) {
        self.rows.push(RowReport { line, subject: subject.to_owned(), outcome, notes });
    }

    /// The rows counted by outcome.
    pub fn counts(&self) -> Counts {
        let count = |outcome| self.rows.iter().filter(|row| row.outcome == outcome).count();
        Counts {
            taken: count(Outcome::Taken),
            changed: count(Outcome::Changed),
            unchanged: count(Outcome::Unchanged),
            refused: count(Outcome::Refused),
        }
    }
}

/// A value from a file as it is quoted in a note: on one line and cut when long.
pub fn quoted(value: &str) -> String {
    let plain = printable(value.trim());
    match plain.char_indices().nth(QUOTED_CHARS) {
        Some((end, _)) => format!("「{}…」", &plain[..end]),
        None => format!("「{plain}」"),
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 6)?;
        report.serialize_field("file", &self.file)?;
        report.serialize_field("encoding", &self.encoding)?;
        report.serialize_field("dry_run", &self.dry_run)?;
        report.serialize_field("counts", &self.counts())?;
        report.serialize_field("notes", &self.notes)?;
        report.serialize_field("rows", &self.rows)?;
        report.end()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}（{}）", printable(&self.file), printable(&self.encoding))?;
        if self.dry_run {
            writeln!(f, "試しに読みました。まだ何も変えていません。")?;
        }
        for note in &self.notes {
            writeln!(f, "・{}", printable(note))?;
        }
        let names = self.rows.iter().map(|row| width(&shortened(&row.subject)));
        let name_width = names.max().unwrap_or_default().max(width("名称"));
        if !self.rows.is_empty() {
            write_row(f, name_width, "行", "結果", "名称", "理由")?;
        }
        for row in &self.rows {
            let notes = printable(&row.notes.join(" "));
            write_row(f, name_width, &row.line.to_string(), row.outcome.label(), &shortened(&row.subject), &notes)?;
        }
        let Counts { taken, changed, unchanged, refused } = self.counts();
        let counted = Outcome::ALL.iter().zip([taken, changed, unchanged, refused]);
        let counted: Vec<String> = counted.map(|(outcome, count)| format!("{}{count}", outcome.label())).collect();
        write!(f, "合計{}行: {}", self.rows.len(), counted.join("、"))
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, names: usize, line: &str, result: &str, name: &str, why: &str) -> fmt::Result {
    let gap = |text: &str, full: usize| " ".repeat(full.saturating_sub(width(text)));
    let result_gap = gap(result, width(Outcome::Refused.label()));
    let row = format!("{}{line}  {result}{result_gap}  {name}{}  {why}", gap(line, 6), gap(name, names));
    writeln!(f, "{}", row.trim_end())
}

/// A subject on one line, cut to its column.
fn shortened(subject: &str) -> String {
    let plain = printable(subject.trim());
    if width(&plain) <= SUBJECT_WIDTH {
        return plain;
    }
    let mut room = SUBJECT_WIDTH - 2;
    let kept = plain.chars().take_while(|c| {
        let fits = char_width(*c) <= room;
        room = room.saturating_sub(char_width(*c));
        fits
    });
    kept.chain(['…']).collect()
}

/// Text without anything that moves a terminal's cursor, colours it or turns its direction.
fn printable(text: &str) -> String {
    let is_unseen = |c: &char| matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    text.chars().filter(|c| !is_unseen(c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Terminal columns of a character: 2 for the wide ones of Unicode's East Asian Width (UAX #11) and, as Japanese
/// terminals do, for the marks from U+2010 to U+27BF.
fn char_width(character: char) -> usize {
    match character {
        '\u{0300}'..='\u{036F}' | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => 0,
        '\u{1100}'..='\u{115F}' | '\u{2010}'..='\u{27BF}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' => 2,
        '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' => 2,
        '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("会員.csv", "CSV UTF-8", true);
        report.notes.push("3行目を見出しとしました。".to_owned());
        report.push(4, "見本 清掃の会", Outcome::Taken, vec![]);
        report.push(
            5,
            "ﾐﾎﾝ",
            Outcome::Refused,
            vec![format!("設立年月日: {}は暦にない日付です。", quoted("平成21年2月29日"))],
        );
        report.push(
            12,
            "見本 海の会",
            Outcome::Unchanged,
            vec!["備考: 空です。".to_owned(), "電話: 空です。".to_owned()],
        );
        report
    }

    #[test]
    fn the_report_is_aligned_text_with_one_line_per_row_and_totals() {
        let expected = "\
会員.csv（CSV UTF-8）
試しに読みました。まだ何も変えていません。
・3行目を見出しとしました。
    行  結果            名称           理由
     4  追加            見本 清掃の会
     5  取り込めません  ﾐﾎﾝ            設立年月日: 「平成21年2月29日」は暦にない日付です。
    12  変更なし        見本 海の会    備考: 空です。 電話: 空です。
合計3行: 追加1、変更0、変更なし1、取り込めません1";
        assert_eq!(report().to_string(), expected);
    }

    #[test]
    fn the_report_as_json_has_counts() {
        let mut report = report();
        report.rows.truncate(1);
        report.notes.clear();
        let expected = serde_json::json!({
            "file": "会員.csv", "encoding": "CSV UTF-8", "dry_run": true, "notes": [],
            "counts": {"taken": 1, "changed": 0, "unchanged": 0, "refused": 0},
            "rows": [{"line": 4, "subject": "見本 清掃の会", "outcome": "taken", "notes": []}],
        });
        assert_eq!(serde_json::to_value(report).unwrap(), expected);
    }

    #[test]
    fn a_hostile_name_cannot_steer_the_terminal_or_break_the_line() {
        let mut report = Report::new("a\u{1B}[31m.csv", "CSV", false);
        report.push(2, "見本\r\n\u{1B}]0;x\u{7}\u{202E}", Outcome::Refused, vec!["備考: \u{9B}2J".to_owned()]);
        let text = report.to_string();
        assert_eq!(text.lines().count(), 4);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202E}'), "{text:?}");
    }

    #[test]
    fn long_names_and_values_are_cut() {
        assert_eq!(shortened(&"島".repeat(100)), format!("{}…", "島".repeat(15)));
        assert_eq!(shortened(&"島".repeat(16)), "島".repeat(16));
        assert_eq!(quoted(&"島".repeat(41)), format!("「{}…」", "島".repeat(40)));
        assert_eq!(quoted(" 平成\n3年 "), "「平成 3年」");
    }

    #[test]
    fn an_import_without_rows_says_so() {
        let text = Report::new("空.csv", "CSV", false).to_string();
        assert_eq!(text, "空.csv（CSV）\n合計0行: 追加0、変更0、変更なし0、取り込めません0");
    }
}
