//! Reading a mail as far as it matters here: who wrote it, and what it is.
//!
//! Every byte is untrusted. Authentication-Results may be written by anybody and are not looked at.

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

use super::returned::{self, Returned};

/// Most bytes of a mail.
pub const MOST: usize = 10 << 20;
/// Most parts of a mail, and most bytes of its head and characters of its text that are kept.
const PARTS: usize = 200;
const HEAD: usize = 16 << 10;
const TEXT: usize = 4_000;
const LINE: usize = 400;

/// What a mail is.
#[derive(Debug)]
pub(super) enum Content {
    /// A calendar.
    Calendar(Vec<u8>),
    /// The word of a mail server about a letter of ours.
    Returned(Returned),
    /// A machine wrote it.
    Automatic,
    /// A person wrote it.
    Written,
    /// It cannot be read, and why.
    Unreadable(&'static str),
}

/// A mail that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub message_id: String,
    /// The one sender; empty where there is none or more than one.
    pub from_mail: String,
    pub subject: String,
    pub head: String,
    pub text: String,
    pub content: Content,
}

impl Read {
    /// The secret of a letter whose addressee wants no more of its kind: what List-Unsubscribe makes programs write as the subject.
    pub fn unsubscribes(&self) -> Option<&str> {
        let token = self.subject.strip_prefix("unsubscribe ").map(str::trim)?;
        let fine = token.len() == 43 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (fine && matches!(self.content, Content::Written | Content::Automatic)).then_some(token)
    }

    /// The same mail without a secret that nobody is to read in it later.
    pub fn without(mut self, secret: &str) -> Self {
        for text in [&mut self.subject, &mut self.head, &mut self.text] {
            *text = text.replace(secret, "●●●●");
        }
        self
    }
}

/// Reads a mail; `None` for what is none.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let trap = trap(bytes);
    // The head of a trap is read alone.
    let message = MessageParser::default().parse(if trap.is_some() { head_of(bytes) } else { bytes })?;
    // Even a From that names nobody makes it a mail.
    let is_mail = ["From", "Message-ID", "Received"].iter().any(|name| message.header_raw(*name).is_some());
    if !is_mail {
        return None;
    }
    let content = match trap {
        Some(why) => Content::Unreadable(why),
        None => content(&message),
    };
    Some(Read {
        message_id: message.message_id().map(|id| clean(&format!("<{id}>"), LINE)).unwrap_or_default(),
        from_mail: sender(&message),
        subject: line(message.subject().unwrap_or_default()),
        head: clean(&String::from_utf8_lossy(head_of(bytes)), HEAD),
        text: message.body_text(0).map(|text| clean(&text, TEXT)).unwrap_or_default(),
        content,
    })
}

/// Why a mail is not taken apart. Each part, however deep, needs a Content-Type to hold another.
fn trap(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() > MOST {
        return Some("メールが大きすぎるため、中を読みませんでした(10MBまで)。");
    }
    let is_kind =
        |line: &&[u8]| line.trim_ascii_start().get(..12).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type"));
    let kinds = bytes.split(|byte| *byte == b'\n').filter(is_kind).take(PARTS + 1).count();
    (kinds > PARTS).then_some("メールの部品が多すぎるため、中を読みませんでした。")
}

fn head_of(bytes: &[u8]) -> &[u8] {
    let bytes = &bytes[..bytes.len().min(HEAD)];
    let ends = |window: &[u8]| window == b"\n\n" || window == b"\n\r";
    bytes.windows(2).position(ends).map_or(bytes, |end| &bytes[..=end])
}

/// The text without control characters, cut off.
fn clean(text: &str, most: usize) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).take(most).collect()
}

fn line(text: &str) -> String {
    clean(&text.replace(['\n', '\t'], " "), LINE).trim().to_owned()
}

/// The one address in From, in small letters.
fn sender(message: &Message<'_>) -> String {
    let mut froms = message.header_values("From");
    let (Some(_), None) = (froms.next(), froms.next()) else { return String::new() };
    let mut addresses = message.from().into_iter().flat_map(|from| from.iter());
    match (addresses.next().and_then(|address| address.address.as_deref()), addresses.next()) {
        (Some(address), None) => clean(&crate::accounts::account::address_key(address), 254),
        _ => String::new(),
    }
}

/// The kind of a part in small letters, such as `text/calendar`.
pub(super) fn kind(part: &MessagePart<'_>) -> String {
    let kind = part.content_type();
    let whole = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    whole.unwrap_or_default().to_ascii_lowercase()
}

fn content(message: &Message<'_>) -> Content {
    if let Some(returned) = returned::read(message) {
        return Content::Returned(returned);
    }
    let named = |wanted: &str| message.parts.iter().find(|part| kind(part) == wanted);
    if let Some(part) = named("text/calendar").or_else(|| named("application/ics").filter(|part| asks(part))) {
        return Content::Calendar(part.contents().to_vec());
    }
    if is_automatic(message) { Content::Automatic } else { Content::Written }
}

/// Whether a calendar file says what it is for (METHOD); one without is an enclosure of somebody's letter.
fn asks(part: &MessagePart<'_>) -> bool {
    part.contents().split(|byte| *byte == b'\n').any(|line| line.to_ascii_uppercase().starts_with(b"METHOD:"))
}

/// RFC 3834 §5 and what older programs write.
fn is_automatic(message: &Message<'_>) -> bool {
    let value = |name: &'static str| {
        let raw = message.header_raw(name).map(|raw| Cow::from(raw.trim().to_ascii_lowercase()));
        raw.unwrap_or_default()
    };
    let submitted = value("Auto-Submitted");
    (!submitted.is_empty() && submitted != "no")
        || !value("X-Autoreply").is_empty()
        || !value("X-Autorespond").is_empty()
        || matches!(&*value("Precedence"), "auto_reply" | "bulk" | "junk")
}
