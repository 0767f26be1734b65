//! Titles, folded to what names the event: without numbers, brackets and announcing words, each of which is compared by itself.

use super::grams::Grams;
use super::numbers::{self, Numbers};
use super::words::{Letters, Vocabulary, closed};

/// A title taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Title {
    /// What names the event, without spaces.
    pub key: String,
    pub grams: Grams,
    /// The pairs of the key without the ending it shares with many names, and which ending that is.
    core: Grams,
    ending: Option<usize>,
    /// What stands in round brackets behind it, and what stands in quotation marks.
    pub aside: Grams,
    pub quoted: Grams,
    pub numbers: Numbers,
    /// For each line of parts, which of them it is (0 for none).
    pub parts: Vec<u8>,
    /// Which words of another matter it has, by their places in the vocabulary.
    pub matters: Vec<usize>,
    /// The key of the town named in it.
    pub town: Option<String>,
}

impl Title {
    pub(super) fn of(typed: &str, words: &Vocabulary) -> Self {
        let typed = Typed::read(typed);
        let outer = words.spelled(closed(&typed.outer));
        let inner = if typed.inner.is_empty() { String::new() } else { words.spelled(closed(&typed.inner)) };
        let whole = format!("{outer}{inner}");
        let letters = Letters::of(&whole);
        let (numbers, mut key) = numbers::taken(&outer);
        let parts = parts((&whole, letters), &mut key, words);
        let key = plain(key, letters, words);
        let key = if key.is_empty() { whole.clone() } else { key };
        let (core, ending) = core(&key, words);
        let (inner_numbers, aside) = aside(&inner, words);
        Self {
            grams: Grams::of(&key),
            core,
            ending,
            aside,
            quoted: if typed.quoted.is_empty() { Grams::default() } else { Grams::of(&closed(&typed.quoted)) },
            key,
            numbers: numbers.or(inner_numbers),
            parts,
            matters: matters((&whole, letters), words),
            town: words.town_in(&whole, letters).map(str::to_owned),
        }
    }

    /// How alike two names are: 1 for the same. One that stands whole in the other is nearly the same.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let same_ending = self.ending.is_some() && self.ending == other.ending;
        if same_ending && self.key != other.key && !contained(&self.key, &other.key) {
            return self.core.dice(&other.core);
        }
        alike((&self.key, &self.grams), (&other.key, &other.grams))
    }
}

/// How alike two folded names are.
pub(super) fn alike(one: (&str, &Grams), other: (&str, &Grams)) -> f64 {
    match one.0 == other.0 {
        true if one.0.is_empty() => 0.0,
        true => 1.0,
        false if contained(one.0, other.0) => one.1.dice(other.1).max(0.8),
        false => one.1.dice(other.1),
    }
}

/// Whether one of two names, of four letters or more, stands whole in the other.
fn contained(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.chars().nth(3).is_some() && long.contains(short)
}

/// A title with its brackets taken off.
#[derive(Default)]
struct Typed {
    /// Outside of brackets; what stands in quotation marks is part of it.
    outer: String,
    /// Inside of brackets.
    inner: String,
    /// Inside of quotation marks.
    quoted: String,
}

impl Typed {
    fn read(text: &str) -> Self {
        let (mut read, mut depth, mut quotes) = (Self::default(), 0_u32, 0_u32);
        for letter in text.chars() {
            match letter {
                '【' | '《' | '〔' | '［' | '[' | '〈' | '（' | '(' | '＜' | '<' => {
                    depth += 1;
                    read.inner.push(' ');
                }
                '】' | '》' | '〕' | '］' | ']' | '〉' | '）' | ')' | '＞' | '>' => {
                    depth = depth.saturating_sub(1)
                }
                _ if depth > 0 => read.inner.push(letter),
                '「' | '『' => quotes += 1,
                '」' | '』' => quotes = quotes.saturating_sub(1),
                _ => {
                    read.outer.push(letter);
                    if quotes > 0 {
                        read.quoted.push(letter);
                    }
                }
            }
        }
        // A title that stands in brackets as a whole is all there is.
        if !read.outer.chars().any(char::is_alphanumeric) {
            read.outer = std::mem::take(&mut read.inner);
        }
        read
    }
}

/// The name without the city and its towns and without announcing words.
fn plain(mut key: String, letters: Letters, words: &Vocabulary) -> String {
    words.without_towns(&mut key, letters);
    for word in words.noise.iter() {
        if word.is_in(&key, letters) {
            key = key.replace(word.text.as_str(), "");
        }
    }
    let rest = words.without_short(&key);
    if rest.len() < key.len() { rest.to_owned() } else { key }
}

fn core(key: &str, words: &Vocabulary) -> (Grams, Option<usize>) {
    let found = words.endings.iter().enumerate();
    let found = found.filter_map(|(place, ending)| Some((place, key.strip_suffix(ending.as_str())?))).next();
    match found.filter(|(_, rest)| !rest.is_empty()) {
        Some((place, rest)) => (Grams::of(rest), Some(place)),
        None => (Grams::default(), None),
    }
}

fn aside(inner: &str, words: &Vocabulary) -> (Numbers, Grams) {
    if inner.is_empty() {
        return Default::default();
    }
    let letters = Letters::of(inner);
    let (numbers, mut text) = numbers::taken(inner);
    parts((inner, letters), &mut text, words);
    (numbers, Grams::of(&plain(text, letters, words)))
}

/// Which parts the title names; their words are taken out of the key where they do not name the event.
fn parts((whole, letters): (&str, Letters), key: &mut String, words: &Vocabulary) -> Vec<u8> {
    let mut found = Vec::with_capacity(words.parts.len());
    for (stripped, axis) in &words.parts {
        let mut which = 0;
        for (number, spellings) in (1..).zip(axis) {
            if let Some(word) = spellings.iter().find(|word| word.is_in(whole, letters)) {
                which = number;
                if *stripped && key.len() > word.text.len() {
                    *key = key.replace(word.text.as_str(), "");
                }
                break;
            }
        }
        found.push(which);
    }
    found
}

fn matters((whole, letters): (&str, Letters), words: &Vocabulary) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for (place, word) in words.matters.iter().enumerate() {
        // 準備 inside 準備会 is one word, not two.
        let inside = |known: &usize| words.matters[*known].text.contains(word.text.as_str());
        if word.is_in(whole, letters) && !found.iter().any(inside) {
            found.push(place);
        }
    }
    found
}
