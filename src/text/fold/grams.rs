//! Two-letter pieces of a search key: Japanese has no spaces to cut at, so every pair of neighbours is a word to the index.

use std::collections::BTreeSet;

/// Stands behind the last letter of a run in the index. unicode61 keeps it as a letter, and `fold` leaves no hiragana.
const END: char = 'ん';

/// The pieces of a search key for a full-text index, in order: each pair of neighbours, and the last letter of each run with
/// `ん` behind it, so that every letter begins a piece.
///
/// `対馬 市` gives `対馬 馬ん 市ん`. The index is SQLite FTS5 over these, joined by spaces, with
/// `tokenize = "unicode61 remove_diacritics 0"`; `prefix = 1` makes one-letter words as fast as longer ones.
pub fn grams(folded: &str) -> Vec<String> {
    folded.split(' ').flat_map(run).collect()
}

fn run(letters: &str) -> impl Iterator<Item = String> {
    let next = letters.chars().skip(1).chain(std::iter::once(END));
    letters.chars().zip(next).map(|(one, other)| String::from_iter([one, other]))
}

/// How a word is looked for in an index of [`grams`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {
    /// A single letter: any piece that begins with it.
    Prefix(String),
    /// These pieces one behind the other; none at all for an empty word.
    Sequence(Vec<String>),
}

/// The way to look for one word of a query, given as its search key.
pub fn phrase(word: &str) -> Phrase {
    let mut pieces = grams(word);
    // The last piece says that the text ends here, which a word inside a text does not.
    let last = pieces.pop();
    match last {
        Some(_) if pieces.is_empty() => Phrase::Prefix(word.to_owned()),
        _ => Phrase::Sequence(pieces),
    }
}

/// The FTS5 MATCH expression for texts that hold every word, in one of its spellings each; nothing if there is no word.
///
/// One word is a list of alternative search keys: `[["対馬", "ツシマ"], ["会"]]` gives
/// `("対馬" OR "ツシ シマ") AND "会"*`.
pub fn fts5(words: &[Vec<String>]) -> Option<String> {
    let terms: Vec<String> = words.iter().filter_map(|spellings| any_of(spellings)).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn any_of(spellings: &[String]) -> Option<String> {
    let terms: Vec<String> = spellings.iter().filter_map(|spelling| term(spelling)).collect();
    match terms.len() {
        0 => None,
        1 => terms.into_iter().next(),
        _ => Some(format!("({})", terms.join(" OR "))),
    }
}

fn term(spelling: &str) -> Option<String> {
    // A search key has nothing else; whoever passes another text must still not get out of the quotes.
    let safe: String = spelling.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    match phrase(&safe.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Phrase::Prefix(letter) => Some(format!("\"{letter}\"*")),
        Phrase::Sequence(pieces) if pieces.is_empty() => None,
        Phrase::Sequence(pieces) => Some(format!("\"{}\"", pieces.join(" "))),
    }
}

/// The marks a text is found by where the index knows sets only (PostgreSQL `text[]` with GIN): each pair of neighbours and
/// each single letter of its search key, once, sorted.
pub fn marks(folded: &str) -> Vec<String> {
    let letters = folded.chars().filter(|letter| *letter != ' ').map(String::from);
    let marks: BTreeSet<String> = letters.chain(pairs(folded)).collect();
    marks.into_iter().collect()
}

/// The [`marks`] a text must have to hold this word (`marks @> …`); a text that has them all still needs a second look.
pub fn required(word: &str) -> Vec<String> {
    let pairs: BTreeSet<String> = pairs(word).collect();
    if pairs.is_empty() { marks(word) } else { pairs.into_iter().collect() }
}

fn pairs(folded: &str) -> impl Iterator<Item = String> {
    folded.split(' ').flat_map(run).filter(|piece| !piece.ends_with(END))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::{fold, words};
    use proptest::prelude::*;

    /// What SQLite does with an index of pieces: a piece that begins so, or pieces side by side.
    fn index_finds(folded: &str, word: &str) -> bool {
        let indexed = grams(folded);
        match phrase(word) {
            Phrase::Prefix(letter) => indexed.iter().any(|piece| piece.starts_with(&letter)),
            Phrase::Sequence(pieces) => indexed.windows(pieces.len().max(1)).any(|window| window == pieces),
        }
    }

    fn set_finds(folded: &str, word: &str) -> bool {
        let marks = marks(folded);
        required(word).iter().all(|mark| marks.contains(mark))
    }

    fn listed(words: &[&[&str]]) -> Option<String> {
        fts5(&words.iter().map(|word| word.iter().map(|one| (*one).to_owned()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn every_letter_begins_a_piece() {
        assert_eq!(grams("対馬市 会"), ["対馬", "馬市", "市ん", "会ん"]);
        assert_eq!(grams("𠮷田"), ["𠮷田", "田ん"], "letters beyond the first plane are one letter");
        assert_eq!(grams(""), Vec::<String>::new());
    }

    #[test]
    fn a_word_is_a_prefix_or_a_sequence() {
        assert_eq!(phrase("会"), Phrase::Prefix("会".into()));
        assert_eq!(phrase("清掃活動"), Phrase::Sequence(vec!["清掃".into(), "掃活".into(), "活動".into()]));
        assert_eq!(phrase(""), Phrase::Sequence(Vec::new()));
    }

    #[test]
    fn the_expression_joins_words_and_spellings() {
        assert_eq!(listed(&[&["対馬"], &["清掃活動"]]).as_deref(), Some("\"対馬\" AND \"清掃 掃活 活動\""));
        assert_eq!(listed(&[&["対馬", "ツシマ"], &["会"]]).as_deref(), Some("(\"対馬\" OR \"ツシ シマ\") AND \"会\"*"));
        assert_eq!(listed(&[]), None);
        assert_eq!(listed(&[&[], &[""], &["\"*"]]), None);
    }

    #[test]
    fn nothing_gets_out_of_the_quotes() {
        assert_eq!(listed(&[&["a\" OR x:\u{0}*("]]).as_deref(), Some("\"aん OR Rん\""));
        assert_eq!(listed(&[&["\""]]), None);
    }

    #[test]
    fn marks_are_pairs_and_letters_once_each() {
        assert_eq!(marks("ココ ア"), ["ア", "コ", "ココ"]);
        assert_eq!(required("ココア"), ["コア", "ココ"]);
        assert_eq!(required("ア"), ["ア"]);
        assert_eq!(required(""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_piece_of_a_text_is_found(text in "\\PC{0,40}", start in 0usize..40, length in 1usize..12) {
            let folded = fold(&text);
            let cut: String = folded.chars().skip(start).take(length).collect();
            for word in cut.split(' ').filter(|word| !word.is_empty()) {
                prop_assert!(index_finds(&folded, word), "{folded} / {word}");
                prop_assert!(set_finds(&folded, word), "{folded} / {word}");
            }
        }

        #[test]
        fn the_index_finds_nothing_that_is_not_there(text in "[ア-エ ]{0,12}", word in "[ア-エ]{1,4}") {
            prop_assert_eq!(index_finds(&fold(&text), &word), fold(&text).contains(&word));
        }

        #[test]
        fn any_query_makes_a_balanced_expression(query in "\\PC{0,60}") {
            let words: Vec<Vec<String>> = words(&query).into_iter().map(|word| vec![word]).collect();
            if let Some(expression) = fts5(&words) {
                prop_assert_eq!(expression.matches('"').count(), words.len() * 2);
            }
        }
    }
}
