//! 五十音 order after JIS X 4061: first the plain letters, then 清音 < 濁音 < 半濁音, then ー < small < ゝ < full size.

use unicode_normalization::char::decompose_canonical;

use super::{SEMI_VOICED_MARK, VOICED_MARK, plain};

const SMALL: &str = "ァィゥェォッャュョヮヵヶ";
const FULL_SIZE: &str = "アイウエオツヤユヨワカケ";

/// One letter of a reading, taken apart into the three things the order looks at, in this sequence.
#[derive(Clone, Copy)]
struct Sound {
    letter: char,
    voice: char,
    shape: char,
}

/// A string whose plain byte order is the 五十音 order of readings.
///
/// The letters first, then one digit per letter for its voice, then one for its shape: `カート`, `カアト`, `ガード` share
/// `カアト` and part afterwards. A space sorts first and other marks second, so that one word stands before longer words;
/// kanji, digits and Latin letters follow the kana. Readings that differ only in hiragana or katakana have the same key.
/// A database must compare it byte by byte (SQLite `BINARY`, PostgreSQL `COLLATE "C"`).
pub fn sort_key(reading: &str) -> String {
    let sounds = sounds(reading);
    let letters: String = sounds.iter().map(|sound| sound.letter).collect();
    let voices: String = sounds.iter().map(|sound| sound.voice).collect();
    let shapes: String = sounds.iter().map(|sound| sound.shape).collect();
    // The space is lower than any letter a sound can have, so the shorter word comes first.
    format!("{letters} {voices}{shapes}")
}

fn sounds(reading: &str) -> Vec<Sound> {
    let mut sounds: Vec<Sound> = Vec::new();
    let tidy = plain(reading).split_whitespace().collect::<Vec<_>>().join(" ");
    for letter in tidy.chars() {
        let sound = sound(letter, sounds.last().map(|before| before.letter));
        sounds.push(sound);
    }
    sounds
}

fn sound(letter: char, before: Option<char>) -> Sound {
    let clear = |letter, shape| Sound { letter, voice: '0', shape };
    match (letter, before) {
        ('ー', Some(before)) => clear(vowel(before).unwrap_or('ー'), '0'),
        ('ヽ', Some(before)) => clear(before, '2'),
        ('ヾ', Some(before)) => Sound { voice: '1', ..clear(before, '2') },
        ('ァ'..='ヺ', _) => kana(letter),
        _ if letter.is_ascii_alphanumeric() => clear(after_kana(letter), '3'),
        _ if letter.is_alphanumeric() => clear(letter, '3'),
        _ if letter.is_whitespace() => clear('!', '3'),
        _ => clear('"', '3'),
    }
}

fn kana(letter: char) -> Sound {
    let mut sound = Sound { letter, voice: '0', shape: '3' };
    decompose_canonical(letter, |part| match part {
        VOICED_MARK => sound.voice = '1',
        SEMI_VOICED_MARK => sound.voice = '2',
        base => sound.letter = base,
    });
    if let Some((_, full_size)) = SMALL.chars().zip(FULL_SIZE.chars()).find(|(small, _)| *small == sound.letter) {
        sound.letter = full_size;
        sound.shape = '1';
    }
    sound
}

/// ー sounds like the vowel before it; after ン there is none.
fn vowel(letter: char) -> Option<char> {
    match letter {
        'ア' | 'カ' | 'サ' | 'タ' | 'ナ' | 'ハ' | 'マ' | 'ヤ' | 'ラ' | 'ワ' => Some('ア'),
        'イ' | 'キ' | 'シ' | 'チ' | 'ニ' | 'ヒ' | 'ミ' | 'リ' | 'ヰ' => Some('イ'),
        'ウ' | 'ク' | 'ス' | 'ツ' | 'ヌ' | 'フ' | 'ム' | 'ユ' | 'ル' => Some('ウ'),
        'エ' | 'ケ' | 'セ' | 'テ' | 'ネ' | 'ヘ' | 'メ' | 'レ' | 'ヱ' => Some('エ'),
        'オ' | 'コ' | 'ソ' | 'ト' | 'ノ' | 'ホ' | 'モ' | 'ヨ' | 'ロ' | 'ヲ' => Some('オ'),
        _ => None,
    }
}

/// The full-width form of a digit or Latin letter, whose code point lies behind kana and kanji.
fn after_kana(letter: char) -> char {
    char::from_u32(letter.to_ascii_lowercase() as u32 + 0xFEE0).unwrap_or(letter)
}

/// A row of the 五十音 table, as the jump bar of a list shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KanaRow {
    /// あいうえお, and ヴ.
    A,
    /// かきくけこ.
    Ka,
    /// さしすせそ.
    Sa,
    /// たちつてと.
    Ta,
    /// なにぬねの.
    Na,
    /// はひふへほ.
    Ha,
    /// まみむめも.
    Ma,
    /// やゆよ.
    Ya,
    /// らりるれろ.
    Ra,
    /// わをん.
    Wa,
    /// Whatever does not begin with kana.
    Other,
}

impl KanaRow {
    /// Every row, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::A,
        Self::Ka,
        Self::Sa,
        Self::Ta,
        Self::Na,
        Self::Ha,
        Self::Ma,
        Self::Ya,
        Self::Ra,
        Self::Wa,
        Self::Other,
    ];

    /// The row a reading stands in, by its first letter; voiced and small letters count as the plain one, ヴ as ウ.
    pub fn of(reading: &str) -> Self {
        let first = sounds(reading).into_iter().map(|sound| sound.letter).find(|letter| letter.is_alphanumeric());
        match first.unwrap_or('?') {
            'ア'..='オ' => Self::A,
            'カ'..='コ' => Self::Ka,
            'サ'..='ソ' => Self::Sa,
            'タ'..='ト' => Self::Ta,
            'ナ'..='ノ' => Self::Na,
            'ハ'..='ホ' => Self::Ha,
            'マ'..='モ' => Self::Ma,
            'ヤ'..='ヨ' => Self::Ya,
            'ラ'..='ロ' => Self::Ra,
            'ワ'..='ン' => Self::Wa,
            _ => Self::Other,
        }
    }

    /// What the jump bar shows: あ … わ, 他.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    /// The word that stands for the row in an address.
    pub fn key(self) -> &'static str {
        self.names().0
    }

    /// The row under this key, if there is one.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.key() == key)
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::A => ("a", "あ"),
            Self::Ka => ("ka", "か"),
            Self::Sa => ("sa", "さ"),
            Self::Ta => ("ta", "た"),
            Self::Na => ("na", "な"),
            Self::Ha => ("ha", "は"),
            Self::Ma => ("ma", "ま"),
            Self::Ya => ("ya", "や"),
            Self::Ra => ("ra", "ら"),
            Self::Wa => ("wa", "わ"),
            Self::Other => ("other", "他"),
        }
    }
}

#[cfg(test)]
mod tests;
