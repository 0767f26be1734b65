//! Kana: the two scripts, readings, and the order and rows of the 五十音.

mod order;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, decompose_compatible};

pub use order::{KanaRow, sort_key};

const VOICED_MARK: char = '\u{3099}';
const SEMI_VOICED_MARK: char = '\u{309A}';

/// Writes hiragana and half-width kana as full-width katakana and leaves everything else as typed.
///
/// Loose sound marks join the kana before them: `ｶﾞ`, `か゛` and `が` all become `ガ`.
pub fn katakana(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for typed in text.chars() {
        let letter = to_katakana(full_width(typed));
        match written.pop() {
            None => written.push(letter),
            Some(before) => match compose_kana(before, letter) {
                Some(joined) => written.push(joined),
                None => written.extend([before, letter]),
            },
        }
    }
    written
}

/// Writes katakana and half-width kana as hiragana and leaves everything else as typed.
///
/// The four letters without a hiragana form (ヷヸヹヺ) stay katakana.
pub fn hiragana(text: &str) -> String {
    katakana(text).chars().map(to_hiragana).collect()
}

/// Says whether this text can stand as a reading: kana, the long mark, ・ and spaces, with at least one kana.
///
/// Digits and Latin letters are not a reading: nobody can tell from `3B` where it goes in the 五十音 order.
pub fn is_reading(text: &str) -> bool {
    reading(text).is_some()
}

/// The form in which a typed reading is kept: full-width katakana, long marks mended, single spaces.
///
/// Nothing when the text is no reading (see [`is_reading`]).
pub fn reading(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let letters = || words.iter().flat_map(|word| word.chars());
    let only_kana = letters().all(|letter| is_kana(letter) || letter == '・');
    let says_something = letters().any(|letter| ('ァ'..='ヺ').contains(&letter));
    (only_kana && says_something).then(|| words.join(" "))
}

/// The text in one width and one script (NFKC and katakana), with every dash that stands for a long mark turned into one.
pub(super) fn plain(text: &str) -> String {
    let joined = text.chars().map(|letter| match letter {
        '゛' => VOICED_MARK,
        '゜' => SEMI_VOICED_MARK,
        other => other,
    });
    let normal: String = joined.nfkc().collect();
    long_marks(&katakana(&normal))
}

/// Kana letters, iteration marks and the long mark, in full-width katakana.
pub(super) fn is_kana(letter: char) -> bool {
    matches!(letter, 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ')
}

/// Says whether this is one of the dashes people type, by width or by mistake, where a long mark or a hyphen is meant.
pub(super) fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '－' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '─')
}

/// `センタ－` means センター; `ア-1` and `ア--イ` do not mean a long mark.
fn long_marks(katakana: &str) -> String {
    let letters: Vec<char> = katakana.chars().collect();
    let mean_long = |at: usize| {
        let after_kana = at > 0 && is_kana(letters[at - 1]) && letters[at - 1] != 'ー';
        let before_code = letters.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || is_dash(*next));
        is_dash(letters[at]) && after_kana && !before_code
    };
    letters.iter().enumerate().map(|(at, letter)| if mean_long(at) { 'ー' } else { *letter }).collect()
}

fn full_width(letter: char) -> char {
    if !('\u{FF65}'..='\u{FF9F}').contains(&letter) {
        return letter;
    }
    let mut wide = letter;
    decompose_compatible(letter, |part| wide = part);
    wide
}

fn compose_kana(before: char, mark: char) -> Option<char> {
    let mark = match mark {
        '゛' => VOICED_MARK,
        '゜' => SEMI_VOICED_MARK,
        other => other,
    };
    matches!(mark, VOICED_MARK | SEMI_VOICED_MARK).then(|| compose(before, mark)).flatten()
}

fn to_katakana(letter: char) -> char {
    match letter {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => shifted(letter, 0x60),
        other => other,
    }
}

fn to_hiragana(letter: char) -> char {
    match letter {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => shifted(letter, -0x60),
        other => other,
    }
}

/// The two kana blocks have the same order, 0x60 code points apart.
fn shifted(letter: char, by: i32) -> char {
    (letter as u32).checked_add_signed(by).and_then(char::from_u32).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn katakana_joins_scripts_widths_and_sound_marks() {
        assert_eq!(katakana("つしま ﾂｼﾏ ｶﾞｷﾞﾊﾟ か゛ は\u{309A} ゐ゛ ゝゞ ｱｰ"), "ツシマ ツシマ ガギパ ガ パ ヸ ヽヾ アー");
        assert_eq!(katakana("対馬ＡＢ①㈱"), "対馬ＡＢ①㈱", "anything but kana stays as typed");
        assert_eq!(katakana("゛ん゜"), "゛ン゜", "a sound mark that fits nothing stays");
    }

    #[test]
    fn hiragana_is_the_way_back() {
        assert_eq!(hiragana("ツシマ ｲﾂﾞﾊﾗ ヴァ ヵヶ センター"), "つしま いづはら ゔぁ ゕゖ せんたー");
        assert_eq!(hiragana("ヷ"), "ヷ");
    }

    #[test]
    fn a_reading_is_kana_and_nothing_else() {
        for good in ["つしま", "ﾂｼﾏ", "ツシマ・かい", "みほん　たろう", "せんたー", "センタ－", "いゝだ", "ン"]
        {
            assert!(is_reading(good), "{good}");
        }
        for bad in ["", "　", "ー", "・", "対馬", "つしま3", "つしまNPO", "つしま。", "つしま\u{0}", "ゝ"]
        {
            assert!(!is_reading(bad), "{bad}");
        }
    }

    #[test]
    fn a_reading_is_kept_in_one_form() {
        assert_eq!(reading(" ﾐﾎﾝ　　せんた－ ").as_deref(), Some("ミホン センター"));
        assert_eq!(reading("ア-ア").as_deref(), Some("アーア"));
        assert_eq!(reading("ア--ア"), None);
    }
}
