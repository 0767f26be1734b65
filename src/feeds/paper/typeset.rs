//! Setting Japanese text in lines and pages of a fixed size, as a magazine's column or a television caption wants it.

/// How letters and figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// One figure alone is full-width, several are half-width, as magazines write them.
    Mixed,
    /// Everything is full-width.
    Wide,
}

/// Letters that may not begin a line.
const NOT_FIRST: &str = "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】,.:;?!)]}%％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ〜～℃";
/// Letters that may not end a line.
const NOT_LAST: &str = "‘“（〔［｛〈《「『【([{¥￥№＃■●◆◎○・";

/// Width of a letter in half cells.
fn width(letter: char) -> usize {
    if letter.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&letter) { 1 } else { 2 }
}

fn width_of(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The text with its letters and figures as wide as they should be.
pub(super) fn widened(text: &str, letters: Letters) -> String {
    let text: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
    let wide = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        match text[at] {
            '〜' => '～',
            ' ' if letters == Letters::Wide => '　',
            letter if letters == Letters::Wide && letter.is_ascii_graphic() => full(letter),
            digit if digit.is_ascii_digit() && !is_digit(before) && !is_digit(text.get(at + 1)) => match before {
                // Half a number of several parts (0920-53-6111, 9:30) stays as narrow as the rest of it.
                Some('-' | ':' | '.' | '/' | ',') => digit,
                _ if matches!(text.get(at + 1), Some('-' | ':' | '.' | '/' | ',')) => digit,
                _ => full(digit),
            },
            bracket @ ('(' | ')') => full(bracket),
            letter => letter,
        }
    };
    (0..text.len()).map(wide).collect()
}

fn full(letter: char) -> char {
    char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(letter)
}

/// Sets a text in lines of so many full-width letters; every line after the first of a paragraph begins with `indent`.
pub(super) fn lines(text: &str, columns: usize, indent: &str) -> Vec<String> {
    let most = columns.max(2) * 2;
    let mut set = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut is_fresh = true;
        for piece in pieces(paragraph, most - width_of(indent)) {
            if width_of(&line) + width_of(&piece) > most && !is_fresh {
                set.push(std::mem::replace(&mut line, indent.to_owned()));
                // What divides two words does not begin a line.
                if piece.trim().is_empty() {
                    continue;
                }
            }
            line.push_str(&piece);
            is_fresh = false;
        }
        set.push(line);
    }
    for line in &mut set {
        line.truncate(line.trim_end().len());
    }
    set
}

/// The pieces of a text between which a line may end, none wider than a line.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for letter in text.chars() {
        let joins = last.is_some_and(|last| {
            let word = |letter: char| letter.is_ascii_graphic() || ('！'..='～').contains(&letter);
            (word(last) && word(letter)) || NOT_FIRST.contains(letter) || NOT_LAST.contains(last)
        });
        last = Some(letter);
        match pieces.last_mut().filter(|piece| joins && width_of(piece) + width(letter) <= most) {
            Some(piece) => piece.push(letter),
            None => pieces.push(letter.to_string()),
        }
    }
    pieces
}

/// Puts blocks of lines on pages of so many lines; a block that fits on a page is not torn, and 0 lines means one page.
pub(super) fn pages(blocks: &[Vec<String>], most: usize, blank_between: bool) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    for block in blocks {
        let Some(page) = pages.last_mut() else { continue };
        let blank = usize::from(blank_between && !page.is_empty());
        if most == 0 || page.len() + blank + block.len() <= most {
            page.extend(vec![String::new(); blank]);
            page.extend(block.iter().cloned());
        } else if block.len() <= most {
            pages.push(block.clone());
        } else {
            pages.extend(block.chunks(most).map(<[String]>::to_vec));
        }
    }
    pages.retain(|page| !page.is_empty());
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_a_magazine_and_as_a_screen_write_them() {
        assert_eq!(widened("1月12日(土) 9:30〜0920-5-6", Letters::Mixed), "１月12日（土） 9:30～0920-5-6");
        assert_eq!(widened("1月12日 9:30〜a", Letters::Wide), "１月１２日　９：３０～ａ");
    }

    #[test]
    fn no_line_is_too_long_and_no_letter_is_lost() {
        let text =
            "対馬市（厳原町）で「見本の会」が開く、協働についての説明会。電話は0920-53-6111、申込みは12月1日まで。";
        for columns in 4..30 {
            let set = lines(text, columns, "");
            assert!(set.iter().all(|line| width_of(line) <= columns * 2), "{columns}: {set:?}");
            assert_eq!(set.concat(), text, "{columns}");
        }
    }

    #[test]
    fn a_line_neither_begins_with_a_comma_nor_ends_with_an_open_bracket() {
        assert_eq!(lines("あいう、えお", 3, ""), ["あい", "う、え", "お"]);
        assert_eq!(lines("あい（う）え", 3, ""), ["あい", "（う）", "え"]);
        assert_eq!(lines("電話0920-53-6111", 7, ""), ["電話", "0920-53-6111"]);
        assert_eq!(lines("一二三四五六", 4, "　"), ["一二三四", "　五六"]);
        assert_eq!(lines("。。。。。。", 2, "").concat(), "。。。。。。");
        assert_eq!(lines("一二 三四", 2, ""), ["一二", "三四"]);
        assert_eq!(lines("午後１０：００から", 6, ""), ["午後", "１０：００か", "ら"]);
    }

    #[test]
    fn a_block_stays_together_where_it_fits_on_a_page() {
        let block = |name: &str, lines: usize| vec![name.to_owned(); lines];
        let blocks = [block("a", 3), block("b", 4), block("c", 4), block("d", 9)];
        let sizes = |pages: Vec<Vec<String>>| pages.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(pages(&blocks, 8, true)), [8, 4, 8, 1]);
        assert_eq!(sizes(pages(&blocks, 8, false)), [7, 4, 8, 1]);
        assert_eq!(sizes(pages(&blocks, 0, true)), [23]);
        assert_eq!(sizes(pages(&[], 8, true)), [0; 0]);
    }
}
