//! The search key: how a text is written down so that spellings people take for the same become the same.

mod grams;
mod variants;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::kana;
use variants::usual_form;

pub use grams::{Phrase, fts5, grams, marks, phrase, required};

const WORDS_AT_MOST: usize = 8;
const WORD_LENGTH_AT_MOST: usize = 64;
const QUERY_LENGTH_AT_MOST: usize = 2_000;

/// The search key of a text.
///
/// One width, one case, katakana only; ヅ = ズ, ヂ = ジ, ヴァ = バ, ヰ = イ; the usual form of old and name kanji (雞 = 鶏, 﨑 = 崎);
/// `ヶ ケ か が` between two kanji are one letter (昼ヶ浦 = 昼が浦); a dash behind kana is a long mark. Variation selectors,
/// invisible characters and accents standing alone vanish; everything else that is no letter or number becomes one space.
/// Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    let visible: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let letters = kana::plain(&visible);
    let kept = letters.chars().flat_map(char::to_lowercase).filter(|letter| !is_combining_mark(*letter));
    let usual: Vec<char> = kept.nfc().map(usual_form).collect();
    spaced(&counter_ke(&one_sound(&usual)))
}

/// The search key of a name, which is found with and without the spaces and dots inside it.
///
/// `対馬　太郎` gives `対馬 太郎 対馬太郎`.
pub fn fold_name(name: &str) -> String {
    let folded = fold(name);
    let closed = folded.replace(' ', "");
    if closed == folded { folded } else { format!("{folded} {closed}") }
}

/// The words of a typed query as search keys, each once: at most 8 of at most 64 characters.
pub fn words(query: &str) -> Vec<String> {
    let start: String = query.chars().take(QUERY_LENGTH_AT_MOST).collect();
    let mut words: Vec<String> = Vec::new();
    for word in fold(&start).split(' ').filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(WORD_LENGTH_AT_MOST).collect();
        if words.len() < WORDS_AT_MOST && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Other keys under which a word may stand inside a longer text.
///
/// A word cut out at its が (`昼が`, `が浦`) has lost the kanji by which [`fold`] knows it as the ケ of 昼ヶ浦.
pub(super) fn at_its_edges(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let [first, .., last] = letters[..] else { return Vec::new() };
    let middle: String = letters[1..letters.len() - 1].iter().collect();
    let firsts = ke_beside(first, is_kanji(letters[1]));
    let lasts = ke_beside(last, carries_ke(letters[letters.len() - 2]));
    let all = firsts.iter().flat_map(|first| lasts.iter().map(move |last| (first, last)));
    all.skip(1).map(|(first, last)| format!("{first}{middle}{last}")).collect()
}

/// The letter itself first, then ケ if that may be meant.
fn ke_beside(letter: char, kanji_beside: bool) -> Vec<char> {
    if kanji_beside && matches!(letter, 'カ' | 'ガ') { vec![letter, 'ケ'] } else { vec![letter] }
}

/// Kana that sound alike today, and the two ways of writing v.
fn one_sound(letters: &[char]) -> Vec<char> {
    let mut told: Vec<char> = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        let after_vu = at > 0 && letters[at - 1] == 'ヴ';
        let small_vowel_spoken = after_vu && matches!(letter, 'ァ' | 'ィ' | 'ェ' | 'ォ');
        match letter {
            _ if small_vowel_spoken => {}
            'ヴ' => told.push(b_sound(letters.get(at + 1))),
            'ヅ' => told.push('ズ'),
            'ヂ' => told.push('ジ'),
            'ヷ' => told.push('バ'),
            'ヸ' => told.push('ビ'),
            'ヹ' => told.push('ベ'),
            'ヺ' => told.push('ボ'),
            'ヰ' => told.push('イ'),
            'ヱ' => told.push('エ'),
            'ヲ' => told.push('オ'),
            'ヵ' => told.push('カ'),
            'ヶ' => told.push('ケ'),
            other => told.push(*other),
        }
    }
    told
}

fn b_sound(next: Option<&char>) -> char {
    match next {
        Some('ァ') => 'バ',
        Some('ィ' | 'ャ' | 'ュ' | 'ョ') => 'ビ',
        Some('ェ') => 'ベ',
        Some('ォ') => 'ボ',
        _ => 'ブ',
    }
}

/// 昼ヶ浦, 昼ケ浦 and 昼が浦 are one place; 3か所 and 三ヶ所 one number of places.
fn counter_ke(letters: &[char]) -> Vec<char> {
    let stands_for_ke = |at: usize| {
        let next = letters.get(at + 1);
        at > 0 && is_ke(letters[at]) && carries_ke(letters[at - 1]) && next.is_some_and(|next| is_kanji(*next))
    };
    letters.iter().enumerate().map(|(at, letter)| if stands_for_ke(at) { 'ケ' } else { *letter }).collect()
}

fn is_ke(letter: char) -> bool {
    matches!(letter, 'カ' | 'ガ' | 'ケ')
}

fn carries_ke(letter: char) -> bool {
    is_kanji(letter) || letter.is_ascii_digit()
}

fn is_kanji(letter: char) -> bool {
    matches!(letter, '々' | '〆' | '〇' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn spaced(letters: &[char]) -> String {
    let spaced: String = letters.iter().map(|letter| if is_word_letter(*letter) { *letter } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A letter or number to SQLite's unicode61 as well, which takes the letters in black squares and circles for symbols.
fn is_word_letter(letter: char) -> bool {
    letter.is_alphanumeric() && !('\u{1F130}'..='\u{1F189}').contains(&letter)
}

/// Characters without a glyph that may stand inside a word: joiners, direction marks, the byte order mark.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
