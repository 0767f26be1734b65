//! From HTML to text that reads well without it.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Span, StartTag, Token, Tokenizer};

use super::address::web_address;
use super::elements::{Role, is_void, role};

/// The most bytes of HTML that are read, and of text that are made.
const MOST: usize = 1 << 20;

/// The most elements inside each other of which anything is remembered.
const DEPTH: usize = 100;

/// The text of HTML: paragraphs, lines, entries of lists as 「・」, links with their address, no scripts.
///
/// Never fails: whatever is no tag stays as it is written. Where nothing breaks lines by a tag, the line breaks of
/// the source are kept, as programs mix both.
pub fn plain_text(html: &str) -> String {
    let html = capped(html);
    let mut writer = Writer { keeps_lines: !breaks_lines(html), ..Writer::default() };
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => writer.open(&tag, html),
            Token::EndTag(tag) => writer.close(&text_of(&tag.name), tag.span, html),
            Token::String(text) => writer.text(&text_of(&text)),
            Token::Comment(comment) if writer.is_seen() && is_mistaken(html, comment.span) => {
                writer.text(&html[comment.span.start..comment.span.end.min(html.len())]);
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        if writer.out.len() > MOST {
            break;
        }
    }
    writer.finished()
}

/// As much as is read, without a tag that would be cut.
fn capped(html: &str) -> &str {
    if html.len() <= MOST {
        return html;
    }
    let capped = &html[..html.floor_char_boundary(MOST)];
    let tag = capped.rfind('<').filter(|at| !capped[*at..].contains('>'));
    &capped[..tag.unwrap_or(capped.len())]
}

/// The tokens of a piece of HTML with the bytes they stand at.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token<usize>> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map(|token| match token {
        Ok(token) => token,
        Err(never) => match never {},
    })
}

/// The characters of a name, value or text.
pub(super) fn text_of(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// What the standard takes for a comment although nobody wrote one, such as `</注意>` or `<?`.
fn is_mistaken(html: &str, span: Span) -> bool {
    html.get(span.start..).is_some_and(|rest| rest.starts_with("</"))
}

/// Whether any tag breaks lines.
fn breaks_lines(html: &str) -> bool {
    tokens(html).any(|token| match token {
        Token::StartTag(tag) => {
            let role = role(&text_of(&tag.name));
            !matches!(role, None | Some(Role::Inline | Role::Link | Role::Hidden | Role::Picture))
        }
        _ => false,
    })
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks that come before the next text.
    breaks: usize,
    /// Whether blanks that were met stand for one before the next text, and whether they had a line break.
    blank: Option<bool>,
    keeps_lines: bool,
    preformatted: usize,
    /// Elements whose content nobody reads, the outermost first.
    hidden: Vec<String>,
    /// Lists that are open: the number of the next entry, 0 for none.
    lists: Vec<usize>,
    /// Links that are open: where their text begins and where they lead.
    links: Vec<(usize, String)>,
}

impl Writer {
    fn is_seen(&self) -> bool {
        self.hidden.is_empty()
    }

    fn open(&mut self, tag: &StartTag<usize>, html: &str) {
        let name = text_of(&tag.name);
        let attribute = |wanted: &str| tag.attributes.get(wanted.as_bytes()).map(|value| text_of(value));
        match role(&name) {
            Some(Role::Hidden) if !tag.self_closing && !is_void(&name) && self.hidden.len() < DEPTH => {
                self.hidden.push(name);
            }
            _ if !self.is_seen() => {}
            None => self.unknown(&name, tag.span, html),
            Some(Role::Link) => self.begin_link(attribute("href")),
            Some(Role::Picture) => self.text(&attribute("alt").unwrap_or_default()),
            Some(Role::Item) => self.item(),
            Some(Role::List(numbered)) => {
                self.break_lines(if self.lists.is_empty() { 2 } else { 1 });
                if self.lists.len() < DEPTH {
                    self.lists.push(usize::from(numbered));
                }
            }
            Some(Role::Break) => {
                self.blank = None;
                self.breaks = (self.breaks + 1).min(2);
            }
            Some(Role::Cell) if !self.out.is_empty() && self.breaks == 0 => self.push_blank("　"),
            Some(Role::Preformatted) => {
                self.break_lines(2);
                self.preformatted += 1;
            }
            Some(role) => self.edge(role),
        }
    }

    fn close(&mut self, name: &str, span: Span, html: &str) {
        if let Some(opened) = self.hidden.iter().rposition(|hidden| hidden == name) {
            self.hidden.truncate(opened);
            return;
        }
        if !self.is_seen() {
            return;
        }
        match role(name) {
            None => self.unknown(name, span, html),
            Some(Role::Link) => self.end_link(),
            Some(Role::List(_)) => {
                self.lists.pop();
                self.break_lines(if self.lists.is_empty() { 2 } else { 1 });
            }
            Some(Role::Break) => self.breaks = (self.breaks + 1).min(2),
            Some(Role::Preformatted) => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.break_lines(2);
            }
            Some(Role::Item) => self.break_lines(1),
            Some(role) => self.edge(role),
        }
    }

    /// What looks like a tag and is none: an address in brackets, or Japanese in them.
    fn unknown(&mut self, name: &str, span: Span, html: &str) {
        let Some(source) = html.get(span.start..span.end) else { return };
        let is_meant = name.contains('@') || name.contains("http") || name.starts_with("mailto") || !source.is_ascii();
        if is_meant {
            self.text(source);
        }
    }

    fn edge(&mut self, role: Role) {
        match role {
            Role::Paragraph => self.break_lines(2),
            Role::Block => self.break_lines(1),
            _ => {}
        }
    }

    fn break_lines(&mut self, breaks: usize) {
        self.blank = None;
        self.breaks = self.breaks.max(breaks);
    }

    fn item(&mut self) {
        self.break_lines(1);
        let inside = self.lists.len().saturating_sub(1).min(5);
        let mark = match self.lists.last_mut() {
            Some(number) if *number > 0 => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "・".to_owned(),
        };
        self.push(&"　".repeat(inside));
        self.push(&mark);
    }

    fn begin_link(&mut self, href: Option<String>) {
        let address = href.as_deref().and_then(web_address).unwrap_or_default();
        if self.links.len() < DEPTH {
            self.links.push((self.out.len(), address));
        }
    }

    fn end_link(&mut self) {
        let Some((from, address)) = self.links.pop() else { return };
        let said = self.out.get(from..).unwrap_or_default().trim();
        let bare = |text: &str| {
            let text = text.trim_start_matches("https://").trim_start_matches("http://");
            text.trim_end_matches('/').to_owned()
        };
        if address.is_empty() || bare(said) == bare(&address) {
            return;
        }
        let whole = if said.is_empty() { address } else { format!(" ({address})") };
        self.blank = None;
        self.push(&whole);
    }

    fn text(&mut self, text: &str) {
        if !self.is_seen() {
            return;
        }
        for letter in text.chars() {
            match letter {
                '\r' => {}
                '\n' if self.keeps_lines || self.preformatted > 0 => {
                    self.blank = None;
                    self.breaks = (self.breaks + 1).min(2);
                }
                ' ' | '\t' | '\n' | '\u{C}' | '\u{A0}' => {
                    let broken = letter == '\n' || self.blank == Some(true);
                    self.blank = Some(broken);
                }
                letter if letter.is_control() => {}
                letter => self.push_letter(letter),
            }
        }
    }

    fn push_letter(&mut self, letter: char) {
        let broken = self.blank.take();
        if self.breaks == 0 && !self.out.is_empty() {
            let between = broken.is_some_and(|broken| !broken || !is_wide(letter) || !self.out.ends_with(is_wide));
            if between && !self.out.ends_with(['\n', '　', ' ', '・']) {
                self.out.push(' ');
            }
        }
        self.flush_breaks();
        self.out.push(letter);
    }

    fn push_blank(&mut self, blank: &str) {
        self.blank = None;
        self.out.push_str(blank);
    }

    fn push(&mut self, text: &str) {
        self.blank = None;
        self.flush_breaks();
        self.out.push_str(text);
    }

    fn flush_breaks(&mut self) {
        if !self.out.is_empty() && self.breaks > 0 {
            self.out.truncate(self.out.trim_end_matches([' ', '　']).len());
            self.out.extend(std::iter::repeat_n('\n', self.breaks));
        }
        self.breaks = 0;
    }

    fn finished(mut self) -> String {
        while !self.links.is_empty() {
            self.end_link();
        }
        self.out.trim_matches([' ', '　', '\n']).to_owned()
    }
}

/// Japanese letters, between which a line break of the source is no blank.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
