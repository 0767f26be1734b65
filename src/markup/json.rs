//! JSON as it stands in pages: with comments, stray semicolons, raw line breaks and several roots (RFC 8259 and what is made of it).

use std::collections::HashMap;

/// The most values inside each other.
const DEPTH: usize = 64;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

/// An object and where it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    /// The line of the page.
    pub line: usize,
    /// Whether it was cut off before its end.
    pub is_cut: bool,
    /// Its members in the order of the page; of equal names the last counts.
    pub members: Vec<(String, Value)>,
}

impl Object {
    /// The value of a member; `null` counts as none.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let value = self.members.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value);
        value.filter(|value| **value != Value::Null)
    }
}

/// What was read of a block, and why not all of it.
#[derive(Debug)]
pub(super) struct Document {
    /// The values that stand beside each other, most often one.
    pub roots: Vec<Value>,
    /// The line at which reading ended, and why.
    pub fault: Option<(usize, Fault)>,
}

/// Why a block could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something stands where it must not.
    Syntax,
    /// It ends too early.
    End,
    /// Too many values inside each other.
    Depth,
    /// Too many values.
    Count,
}

/// Reads a block that begins on that line of its page, taking at most `room` values.
pub(super) fn document(text: &str, line: usize, room: &mut usize) -> Document {
    let mut reader = Reader { text, at: 0, line, counted: 0, fault: None, room };
    let mut roots = Vec::new();
    loop {
        reader.skip_blank(b";,");
        if reader.at >= text.len() {
            break;
        }
        match reader.value(0) {
            Some(value) => roots.push(value),
            None => reader.fail(Fault::Syntax),
        }
        if reader.fault.is_some() {
            break;
        }
    }
    Document { roots, fault: reader.fault }
}

struct Reader<'a, 'b> {
    text: &'a str,
    at: usize,
    /// The line of `counted`.
    line: usize,
    counted: usize,
    fault: Option<(usize, Fault)>,
    room: &'b mut usize,
}

impl Reader<'_, '_> {
    fn line(&mut self) -> usize {
        let at = self.at.min(self.text.len());
        let passed = &self.text.as_bytes()[self.counted..at];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = at;
        self.line
    }

    fn fail(&mut self, fault: Fault) {
        if self.fault.is_none() {
            self.fault = Some((self.line(), if self.at >= self.text.len() { Fault::End } else { fault }));
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Blanks, comments of HTML, CDATA and JavaScript, and the given marks.
    fn skip_blank(&mut self, marks: &[u8]) {
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { return };
            let length = match first {
                '<' => ["<!--", "<![CDATA["].iter().find(|mark| rest.starts_with(**mark)).map_or(0, |mark| mark.len()),
                '-' if rest.starts_with("-->") => 3,
                ']' if rest.starts_with("]]>") => 3,
                '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                // CDATA is often hidden behind `//`, and then stands on the same line as what counts.
                '/' if ["//<![CDATA[", "//]]>"].iter().any(|mark| rest.starts_with(mark)) => 2,
                '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                letter if letter.is_whitespace() || letter == '\u{FEFF}' || letter == '\0' => letter.len_utf8(),
                letter if letter.is_ascii() && marks.contains(&(letter as u8)) => 1,
                _ => 0,
            };
            if length == 0 {
                return;
            }
            self.at += length;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if *self.room == 0 {
            self.fail(Fault::Count);
            return None;
        }
        *self.room -= 1;
        if depth >= DEPTH {
            self.fail(Fault::Depth);
            return None;
        }
        match self.peek()? {
            b'{' => Some(Value::Object(self.object(depth))),
            b'[' => Some(Value::List(self.list(depth))),
            b'"' => self.string().map(Value::Text),
            b'-' | b'0'..=b'9' => Some(self.number()),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Object {
        let mut object = Object { line: self.line(), is_cut: true, members: Vec::new() };
        self.at += 1;
        loop {
            self.skip_blank(b",");
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    object.is_cut = false;
                    return object;
                }
                Some(b'"') => {}
                _ => {
                    self.fail(Fault::Syntax);
                    return object;
                }
            }
            let Some(name) = self.string() else { return object };
            self.skip_blank(b"");
            if self.peek() != Some(b':') {
                self.fail(Fault::Syntax);
                return object;
            }
            self.at += 1;
            self.skip_blank(b"");
            let Some(value) = self.value(depth + 1) else {
                self.fail(Fault::Syntax);
                return object;
            };
            object.members.push((name, value));
            if self.fault.is_some() {
                return object;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Vec<Value> {
        let mut list = Vec::new();
        self.at += 1;
        loop {
            self.skip_blank(b",");
            if self.peek() == Some(b']') {
                self.at += 1;
                return list;
            }
            match self.value(depth + 1) {
                Some(value) => list.push(value),
                None => self.fail(Fault::Syntax),
            }
            if self.fault.is_some() {
                return list;
            }
        }
    }

    /// A text in quotes; line breaks and other control characters may stand in it as they are.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(length) = rest.find(['"', '\\']) else {
                self.at = self.text.len();
                self.fail(Fault::End);
                return None;
            };
            text.push_str(&rest[..length]);
            let is_end = rest.as_bytes()[length] == b'"';
            self.at += length + 1;
            if is_end {
                return Some(text);
            }
            self.escape(&mut text);
        }
    }

    fn escape(&mut self, text: &mut String) {
        let Some(letter) = self.rest().chars().next() else { return };
        self.at += letter.len_utf8();
        match letter {
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{C}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                let letter = self.utf16();
                text.push(letter.unwrap_or('\u{FFFD}'));
            }
            other => text.push(other),
        }
    }

    /// `\uD83C\uDF89`: one unit or the two of a pair; what is neither is no character.
    fn utf16(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        let before = self.at;
        let second = self.rest().starts_with("\\u").then(|| {
            self.at += 2;
            self.hex()
        });
        match second.flatten() {
            Some(second) if (0xDC00..0xE000).contains(&second) => {
                char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            }
            _ => {
                self.at = before;
                None
            }
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let value = u32::from_str_radix(digits, 16).ok();
        self.at += 4;
        value
    }

    fn number(&mut self) -> Value {
        let fits = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let length = self.rest().bytes().take_while(fits).count();
        let number = self.rest()[..length].to_owned();
        self.at += length;
        Value::Number(number)
    }

    fn word(&mut self) -> Option<Value> {
        let length = self.rest().bytes().take_while(u8::is_ascii_alphabetic).count();
        let value = match &self.rest()[..length] {
            "true" => Value::Truth(true),
            "false" => Value::Truth(false),
            "null" | "undefined" | "NaN" => Value::Null,
            _ => return None,
        };
        self.at += length;
        Some(value)
    }
}

/// Every object of a page that says what it is called (`@id`), the fullest of each.
pub(super) fn by_id<'a>(roots: impl Iterator<Item = &'a Value>) -> HashMap<&'a str, &'a Object> {
    let mut known: HashMap<&str, &Object> = HashMap::new();
    let mut open: Vec<&Value> = roots.collect();
    while let Some(value) = open.pop() {
        match value {
            Value::List(list) => open.extend(list),
            Value::Object(object) => {
                if let Some(Value::Text(id)) = object.get("@id") {
                    let kept = known.entry(id).or_insert(object);
                    if object.members.len() > kept.members.len() {
                        *kept = object;
                    }
                }
                open.extend(object.members.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    known
}
