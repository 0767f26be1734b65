//! Writing content lines, octet for octet as RFC 5545 §3.1 wants them.

use chrono::{DateTime, Utc};

use super::when::When;
use super::zone::Zone;

/// A document in the making.
#[derive(Default)]
pub(super) struct Out {
    bytes: Vec<u8>,
}

/// The most octets of a line without its line break.
const WIDTH: usize = 75;

/// Whether a zone is UTC itself, which is written as such and needs no block (RFC 5545 §3.3.5).
pub(super) fn is_utc(zone: &Zone) -> bool {
    matches!(zone.name(), "UTC" | "Etc/UTC" | "UCT" | "Etc/UCT" | "Zulu" | "Etc/Zulu")
}

impl Out {
    /// The document with room for that many octets.
    pub fn with_room(octets: usize) -> Self {
        Self { bytes: Vec::with_capacity(octets) }
    }

    pub fn finished(self) -> Vec<u8> {
        self.bytes
    }

    /// A line whose value is ours and needs no escape; control characters are dropped all the same.
    pub fn line(&mut self, name: &str, value: &str) {
        self.letters(name.chars().chain([':']).chain(value.chars()));
    }

    /// A line that is whole already.
    pub fn whole(&mut self, line: &str) {
        self.letters(line.chars());
    }

    fn letters(&mut self, letters: impl Iterator<Item = char>) {
        let mut column = 0;
        for letter in letters.filter(|letter| !letter.is_control()) {
            column = self.letter(letter, column);
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// A line of text (RFC 5545 §3.3.11).
    pub fn text(&mut self, name: &str, text: &str) {
        self.texts(name, [text]);
    }

    /// A line of several texts such as CATEGORIES.
    pub fn texts<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a str>) {
        let mut column = 0;
        for letter in name.chars().chain([':']) {
            column = self.letter(letter, column);
        }
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                column = self.letter(',', column);
            }
            column = self.escaped(text, column);
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// A date or time with the parameters its form needs.
    pub fn when(&mut self, name: &str, when: &When) {
        let zone = match when {
            When::Zoned { zone, .. } if is_utc(zone) => return self.line(name, &format!("{}Z", form(when))),
            When::Date(_) => ";VALUE=DATE".to_owned(),
            When::Zoned { zone, .. } => format!(";TZID={}", parameter(zone.name())),
            When::Floating(_) | When::Utc(_) => String::new(),
        };
        self.line(&format!("{name}{zone}"), &form(when));
    }

    fn escaped(&mut self, text: &str, mut column: usize) -> usize {
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let broken = letter == '\n' || (letter == '\r' && letters.peek() != Some(&'\n'));
            let (first, second) = match letter {
                _ if broken => ('\\', Some('n')),
                '\\' | ';' | ',' => ('\\', Some(letter)),
                '\t' => (' ', None),
                _ if letter.is_control() => continue,
                _ => (letter, None),
            };
            column = self.letter(first, column);
            if let Some(second) = second {
                column = self.letter(second, column);
            }
        }
        column
    }

    /// Adds one character, after a fold where it would not fit; gives the octets the line then has.
    fn letter(&mut self, letter: char, column: usize) -> usize {
        let mut octets = [0; 4];
        let octets = letter.encode_utf8(&mut octets).as_bytes();
        let folds = column + octets.len() > WIDTH;
        if folds {
            self.bytes.extend_from_slice(b"\r\n ");
        }
        self.bytes.extend_from_slice(octets);
        if folds { 1 + octets.len() } else { column + octets.len() }
    }
}

/// A date or time in the form of RFC 5545 §3.3.4 and §3.3.5, without its zone.
pub(super) fn form(when: &When) -> String {
    match when {
        When::Date(date) => date.format("%Y%m%d").to_string(),
        When::Floating(local) | When::Zoned { local, .. } => local.format("%Y%m%dT%H%M%S").to_string(),
        When::Utc(instant) => utc(*instant),
    }
}

/// A moment in UTC.
pub(super) fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A parameter value, quoted and with RFC 6868 escapes only where it must be: some readers take quotes for text.
pub(super) fn parameter(value: &str) -> String {
    let mut written = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '"' => written.push_str("^'"),
            '^' => written.push_str("^^"),
            '\n' => written.push_str("^n"),
            _ if letter.is_control() => {}
            _ => written.push(letter),
        }
    }
    if written.contains([':', ';', ',']) { format!("\"{written}\"") } else { written }
}
