use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::fault::letters;
use super::read::Line;

/// How many of the first rows may be titles above the headings.
const ROWS_SEARCHED: usize = 30;

/// One column heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The heading as typed, or 「列N」 for a column without one.
    pub typed: String,
    /// The heading as it is compared, see [`key`].
    pub key: String,
}

impl Heading {
    pub(super) fn new(typed: &str) -> Self {
        Self { typed: typed.trim().to_owned(), key: key(typed) }
    }
}

/// The form in which headings are compared, so that 「電話番号 必須」 and 「電話番号」 are one.
///
/// NFKC and lower case without white space and control characters; the dash and tilde variants are one each; a
/// trailing 必須, 任意, ※ or `*`, bracketed or not, is dropped. The column `_id`, a row number that open data portals
/// (CKAN) put first, keeps its underscore and so is never taken for the table's own ID.
pub fn key(typed: &str) -> String {
    let plain: String = typed.nfkc().flat_map(char::to_lowercase).filter_map(one_form).collect();
    let mut kept = plain.as_str();
    while let Some(shorter) = without_marker(kept) {
        kept = shorter;
    }
    kept.to_owned()
}

fn one_form(character: char) -> Option<char> {
    match character {
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => None,
        c if c.is_whitespace() || c.is_control() => None,
        '〜' => Some('~'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        c => Some(c),
    }
}

fn without_marker(key: &str) -> Option<&str> {
    const MARKERS: [&str; 12] =
        ["(必須)", "[必須]", "【必須】", "<必須>", "必須", "(任意)", "[任意]", "【任意】", "<任意>", "任意", "※", "*"];
    MARKERS.iter().find_map(|marker| key.strip_suffix(marker)).filter(|rest| !rest.is_empty())
}

/// How many of the expected headings a row holds; `expected` are keys.
fn score(line: &Line, expected: &BTreeSet<String>) -> usize {
    let keys: BTreeSet<String> = line.cells.iter().map(|cell| key(cell)).collect();
    keys.intersection(expected).count()
}

/// The row of headings among the first rows, and how many expected headings it holds: the first row if nothing
/// particular is expected, otherwise the row with the most, or `None` if no row has any.
pub(super) fn find(lines: &[Line], expected: &[&str]) -> Option<(usize, usize)> {
    if expected.is_empty() {
        return (!lines.is_empty()).then_some((0, 0));
    }
    let expected: BTreeSet<String> = expected.iter().map(|heading| key(heading)).collect();
    let scores = lines.iter().take(ROWS_SEARCHED).map(|line| score(line, &expected)).enumerate();
    let (index, best) = scores.max_by_key(|(index, score)| (*score, std::cmp::Reverse(*index)))?;
    (best > 0).then_some((index, best))
}

/// Headings for `width` columns; blank ones become 「列N」. Notes say which columns have none or share one.
pub(super) fn name_columns(typed: &[String], width: usize, notes: &mut Vec<String>) -> Vec<Heading> {
    let mut seen = BTreeSet::new();
    let mut nameless = Vec::new();
    let headings = (1..=width).map(|column| {
        let typed = typed.get(column - 1).map_or("", |heading| heading.trim());
        if typed.is_empty() {
            nameless.push(letters(column));
            return Heading::new(&format!("列{column}"));
        }
        let heading = Heading::new(typed);
        if !seen.insert(heading.key.clone()) {
            notes.push(format!("見出し「{typed}」が2つ以上あります。{}列は使いません。", letters(column)));
        }
        heading
    });
    let headings = headings.collect();
    if !nameless.is_empty() {
        notes.push(format!("見出しのない列があります（{}列）。", nameless.join("、")));
    }
    headings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_mean_the_same_have_one_key() {
        for (typed, expected) in [
            ("名称 必須", "名称"),
            ("名称（必須）", "名称"),
            ("【任意】", "【任意】"),
            ("電話番号【任意】※", "電話番号"),
            ("料金（基本）", "料金(基本)"),
            ("ＮＯ", "no"),
            ("\u{FEFF}団体\u{3000}名\n", "団体名"),
            ("開始〜終了", "開始~終了"),
            ("ﾌﾘｶﾞﾅ", "フリガナ"),
            ("必須", "必須"),
            ("_id", "_id"),
        ] {
            assert_eq!(key(typed), expected, "{typed:?}");
        }
        assert_eq!(key("開始～終了"), key("開始〜終了"));
        assert_eq!(key("TEL－FAX"), key("TEL−FAX"));
        assert_ne!(key("_id"), key("ID"));
    }

    fn lines(rows: &[&[&str]]) -> Vec<Line> {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().enumerate().map(|(at, row)| Line { line: at + 1, cells: cells(row) }).collect()
    }

    #[test]
    fn the_row_with_most_expected_headings_is_found_below_titles() {
        let lines = lines(&[&["団体名簿"], &["団体名", "備考の欄"], &["団体名", "電話 必須"], &["団体名", "電話"]]);
        assert_eq!(find(&lines, &["団体名", "電話", "住所"]), Some((2, 2)));
        assert_eq!(find(&lines, &[]), Some((0, 0)));
        assert_eq!(find(&lines, &["開始日"]), None);
        assert_eq!(find(&[], &[]), None);
    }
}
