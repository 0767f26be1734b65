//! The word of a mail server that a letter did not arrive (RFC 3464).

use mail_parser::{Message, MimeHeaders};

use super::reading::kind;

/// What a mail server said about a letter of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Returned {
    /// Message-ID of the letter, with its brackets; empty where it is not told.
    pub message_id: String,
    /// To whom it did not arrive, in small letters.
    pub recipient: String,
    /// Whether it is over (`Action: failed`); a delay goes on.
    pub is_final: bool,
    /// The server's own words.
    pub words: String,
}

/// The report in a mail, if it is one.
pub(super) fn read(message: &Message<'_>) -> Option<Returned> {
    let outer = message.content_type()?;
    let is_report = outer.ctype().eq_ignore_ascii_case("multipart")
        && outer.subtype().is_some_and(|kind| kind.eq_ignore_ascii_case("report"));
    let status = message.parts.iter().find(|part| kind(part).ends_with("/delivery-status")).filter(|_| is_report)?;
    let status = String::from_utf8_lossy(status.contents()).into_owned();
    let field = |name: &str| field(&status, name).unwrap_or_default();
    let typed = |value: String| value.split_once(';').map_or(value.clone(), |(_, value)| value.trim().to_owned());
    Some(Returned {
        message_id: message_id(message).unwrap_or_default(),
        recipient: crate::accounts::account::address_key(typed(field("Final-Recipient")).trim_matches(['<', '>'])),
        is_final: field("Action").eq_ignore_ascii_case("failed"),
        words: [typed(field("Diagnostic-Code")), field("Status")]
            .into_iter()
            .find(|words| !words.is_empty())
            .unwrap_or_default()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(500)
            .collect(),
    })
}

/// Message-ID of the letter that comes back, whole or its head alone.
fn message_id(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match part.message() {
        Some(inner) => inner.message_id().map(|id| format!("<{id}>")),
        None if kind(part) == "text/rfc822-headers" => field(&String::from_utf8_lossy(part.contents()), "Message-ID"),
        None => None,
    })
}

/// A field by its name, unfolded.
fn field(head: &str, name: &str) -> Option<String> {
    let unfolded = head.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let named = |line: &str| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    };
    unfolded.lines().find_map(named)
}
