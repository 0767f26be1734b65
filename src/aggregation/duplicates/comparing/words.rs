//! The words that titles and places are compared with, folded once for many entries.

use super::lists::{ENDINGS, MATTERS, NOISE, PARTS, ROOMS, SPELLINGS, VAGUE};
use crate::text::fold::fold;

/// Which letters a text has, one bit for several of them, to see quickly that a word is not in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters(u64);

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        Self(text.chars().fold(0, |bits, letter| bits | 1 << (u32::from(letter).wrapping_mul(0x9E37_79B9) >> 26)))
    }
}

/// A word that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    letters: Letters,
}

impl Word {
    fn of(typed: &str) -> Self {
        Self::folded(closed(typed))
    }

    fn folded(text: String) -> Self {
        Self { letters: Letters::of(&text), text }
    }

    /// Whether it stands in a text that has these letters.
    pub(super) fn is_in(&self, text: &str, letters: Letters) -> bool {
        self.letters.0 & letters.0 == self.letters.0 && text.contains(self.text.as_str())
    }
}

/// The folded text without spaces.
pub(super) fn closed(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|letter| letter != ' ');
    folded
}

/// One line of parts: whether its words are left out of a name, and the words of each part.
pub(super) type Axis = (bool, Vec<Vec<Word>>);

/// Everything that titles and places are compared with.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The city's own name.
    pub(super) city: Word,
    /// Names without 市, as titles begin with them: 見本 and its reading.
    short: Vec<String>,
    /// Keys and names of the towns, the longest name first.
    towns: Vec<(String, Word)>,
    pub(super) noise: Vec<Word>,
    spellings: Vec<(Word, String)>,
    pub(super) endings: Vec<String>,
    pub(super) matters: Vec<Word>,
    pub(super) parts: Vec<Axis>,
    pub(super) vague: Vec<Word>,
    pub(super) rooms: Vec<Word>,
}

impl Vocabulary {
    /// The words for a city of this name and its short forms, with its towns by key and name.
    pub fn new<'a>(city: &str, short: &[&str], towns: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let spellings: Vec<(Word, String)> =
            SPELLINGS.iter().map(|(word, usual)| (Word::of(word), closed(usual))).collect();
        let mut towns: Vec<(String, Word)> =
            towns.into_iter().map(|(key, name)| (key.to_owned(), Word::of(name))).collect();
        // 上対馬町 also ends in 対馬町: the longest name that fits is meant.
        towns.sort_by_key(|(_, name)| std::cmp::Reverse(name.text.len()));
        let word = |typed: &str| Word::folded(spelled(closed(typed), &spellings));
        let longest_first = |list: &[&str]| {
            let mut words: Vec<Word> = list.iter().map(|typed| word(typed)).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
            words
        };
        let part = |words: &&[&str]| words.iter().map(|typed| word(typed)).collect();
        Self {
            city: Word::of(city),
            short: short.iter().map(|name| closed(name)).filter(|name| name.chars().nth(1).is_some()).collect(),
            towns,
            noise: longest_first(NOISE),
            endings: ENDINGS.iter().map(|typed| word(typed).text).collect(),
            matters: longest_first(MATTERS),
            parts: PARTS.iter().map(|(stripped, parts)| (*stripped, parts.iter().map(part).collect())).collect(),
            vague: longest_first(VAGUE),
            rooms: ROOMS.iter().map(|typed| Word::of(typed)).collect(),
            spellings,
        }
    }

    /// The folded text with the usual spelling of common words: 祭り and 祭 are まつり.
    pub(super) fn spelled(&self, text: String) -> String {
        spelled(text, &self.spellings)
    }

    /// The town whose name stands in a folded text.
    pub(super) fn town_in(&self, folded: &str, letters: Letters) -> Option<&str> {
        self.towns.iter().find(|(_, name)| name.is_in(folded, letters)).map(|(key, _)| key.as_str())
    }

    /// The folded name without the short name of the city before it: 見本朝市 is the 朝市.
    pub(super) fn without_short<'a>(&self, folded: &'a str) -> &'a str {
        let rest = self.short.iter().find_map(|name| folded.strip_prefix(name.as_str()));
        rest.filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(folded)
    }

    /// Takes the names of the city and of its towns out of a folded text.
    pub(super) fn without_towns(&self, folded: &mut String, letters: Letters) {
        for name in std::iter::once(&self.city).chain(self.towns.iter().map(|(_, name)| name)) {
            if !name.text.is_empty() && name.is_in(folded, letters) {
                *folded = folded.replace(name.text.as_str(), "");
            }
        }
    }
}

fn spelled(mut text: String, spellings: &[(Word, String)]) -> String {
    let letters = Letters::of(&text);
    for (word, usual) in spellings {
        if word.is_in(&text, letters) {
            text = text.replace(word.text.as_str(), usual);
        }
    }
    text
}
