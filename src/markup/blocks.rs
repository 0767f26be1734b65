//! A page as text, and the blocks of JSON-LD in it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use html5gum::Token;

use super::plain_text::{plain_text, text_of, tokens};
use crate::ics::{Findings, decoded};

/// The most blocks of one page.
const BLOCKS: usize = 1_000;

/// What is looked at of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// `<title>`.
    pub title: Option<String>,
    /// The blocks of JSON-LD.
    pub blocks: Vec<Block>,
    /// Blocks beyond the most that are read.
    pub further: usize,
    /// Whether anything is marked up as an event in another way.
    pub has_other_markup: bool,
}

/// `<script type="application/ld+json">`.
#[derive(Debug)]
pub(super) struct Block {
    /// The line on which its content begins.
    pub line: usize,
    /// What stands in it.
    pub text: String,
}

/// The text of a page, line breaks as `\n`: by its mark, its header, what it says itself, or what it looks like.
pub(super) fn text_of_page(bytes: &[u8], content_type: Option<&str>, findings: &mut Findings) -> String {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned(),
        None => by_declaration(bytes, content_type).unwrap_or_else(|| decoded(bytes.to_vec(), findings, |at| at + 1)),
    };
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The text in the encoding that header or page name, unless the bytes deny it.
fn by_declaration(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let of_header = content_type.and_then(|kind| charset_in(kind.as_bytes()));
    let encoding = of_header.or_else(|| of_meta(bytes)).unwrap_or(UTF_8);
    // Who says UTF-16 in eight-bit letters is wrong, and whoever is valid UTF-8 with Japanese in it is nothing else.
    let is_utf8 = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0x1B);
    if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE || (is_utf8 && !bytes.is_ascii()) {
        return is_utf8.then(|| String::from_utf8_lossy(bytes).into_owned());
    }
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// `<meta charset=…>` or `http-equiv`, which have to stand at the begin of a page.
fn of_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4_096)];
    let lower = head.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = find(&lower[from..], b"<meta") {
        let tag = &lower[from + at..];
        let end = find(tag, b">").unwrap_or(tag.len());
        if let Some(encoding) = charset_in(&tag[..end]) {
            return Some(encoding);
        }
        from += at + 5;
    }
    None
}

fn charset_in(text: &[u8]) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let rest = &lower[find(&lower, b"charset")? + 7..];
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'');
    let start = rest.iter().position(|byte| !is_blank(byte))?;
    let fits = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'_' | b':' | b'.' | b'+');
    let length = rest[start..].iter().take_while(fits).count();
    Encoding::for_label(&rest[start..start + length])
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Finds the blocks of a page; a document that is JSON itself is one block.
pub(super) fn blocks(text: &str) -> Page {
    if text.trim_start().starts_with(['{', '[']) {
        return Page { blocks: vec![Block { line: 1, text: text.to_owned() }], ..Page::default() };
    }
    let mut page = Page::default();
    let mut lines = Lines { text, at: 0, line: 1 };
    let (mut is_open, mut is_title) = (false, false);
    for token in tokens(text) {
        match token {
            Token::StartTag(tag) => {
                let attribute = |name: &str| tag.attributes.get(name.as_bytes()).map(|value| text_of(value));
                is_open = *tag.name == *b"script" && attribute("type").is_some_and(|kind| is_linked_data(&kind));
                is_title = *tag.name == *b"title";
                page.has_other_markup |= attribute("itemtype").is_some_and(|kind| kind.contains("schema.org/"))
                    || attribute("class")
                        .is_some_and(|class| class.split_whitespace().any(|name| matches!(name, "vevent" | "h-event")));
            }
            Token::String(content) if is_open && page.blocks.len() < BLOCKS => {
                let line = lines.of(content.span.start);
                page.blocks.push(Block { line, text: text_of(&content) });
            }
            Token::String(_) if is_open => page.further += 1,
            Token::String(content) if is_title && page.title.is_none() => {
                page.title = Some(text_of(&content).split_whitespace().collect::<Vec<_>>().join(" "));
            }
            Token::EndTag(_) => (is_open, is_title) = (false, false),
            _ => {}
        }
    }
    page
}

/// `application/ld+json`, whatever stands behind it.
fn is_linked_data(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/ld+json")
}

/// Counts lines on the way through a text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = at.max(self.at);
        self.line
    }
}

/// A block whose quotes a program wrote as `&quot;` as it is meant; anything else as it is.
pub(super) fn unescaped(text: String) -> String {
    let begin = text.trim_start().trim_start_matches(['{', '[']).trim_start();
    if begin.starts_with("&quot;") || begin.starts_with("&#34;") || begin.starts_with("&#034;") {
        text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#034;", "\"").replace("&amp;", "&")
    } else {
        text
    }
}

/// The title of a page as a name, without the HTML that some have in it.
pub(super) fn name_of(title: &str) -> Option<String> {
    let name: String = plain_text(title).chars().take(200).collect();
    (!name.trim().is_empty()).then_some(name)
}
