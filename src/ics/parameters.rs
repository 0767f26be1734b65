//! Taking a content line apart into name, parameters and value (RFC 5545 §3.1, RFC 6868).

/// A content line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// Name in capitals.
    pub name: String,
    parameters: Vec<(String, String)>,
    /// Value as it stands.
    pub value: String,
}

impl Content {
    /// The first value of a parameter.
    pub fn parameter(&self, name: &'static str) -> Option<&str> {
        self.parameters(name).next()
    }

    /// Every value of a parameter.
    pub fn parameters(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.parameters.iter().filter(move |(named, _)| named == name).map(|(_, value)| value.as_str())
    }
}

/// The parts of an unfolded line; `None` where there is no value.
pub(super) fn content(line: &str) -> Option<Content> {
    let mut content = Content { name: String::new(), parameters: Vec::new(), value: String::new() };
    let mut rest = line;
    loop {
        let (part, end, after) = cut(rest)?;
        match (content.name.is_empty(), part.split_once('=')) {
            (true, _) => content.name = part.trim().to_ascii_uppercase(),
            (false, Some((name, value))) => {
                content.parameters.push((name.trim().to_ascii_uppercase(), plain(value)));
            }
            // A further value of the parameter before.
            (false, None) => {
                let name = content.parameters.last()?.0.clone();
                content.parameters.push((name, plain(part)));
            }
        }
        rest = after;
        if end == ':' {
            content.value = rest.to_owned();
            return (!content.name.is_empty()).then_some(content);
        }
    }
}

/// Up to the next `:`, `;` or `,` outside quotes, and what comes behind it.
fn cut(text: &str) -> Option<(&str, char, &str)> {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ':' | ';' | ',' if !quoted => return Some((&text[..at], letter, &text[at + 1..])),
            _ => {}
        }
    }
    None
}

/// The value without its quotes and the escapes of RFC 6868.
fn plain(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.trim().trim_matches('"').chars().peekable();
    while let Some(letter) = letters.next() {
        let meant = match (letter, letters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        plain.push(meant.unwrap_or(letter));
        if meant.is_some() {
            letters.next();
        }
    }
    plain
}
