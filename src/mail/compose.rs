//! Putting a letter together: what stands on it, and the message as it leaves.
//!
//! Its Date is the moment at which it was put on its way (written, or last decided about), so that every attempt is the same
//! letter under the same Message-ID, and one that staff release after a week does not arrive as a week old.

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use super::letter::StoredLetter;
use super::topic::Topic;
use super::transport::Post;
use crate::ics;
use crate::text::clean;

/// Name of the secret that makes the way to stop letters.
pub(super) const UNSUBSCRIBE: &str = "unsubscribe";
/// Stands in the preview where a secret will stand.
pub const MASK: &str = "●●●●";
/// Longest name or subject in characters; what comes behind is cut off.
const LONGEST: usize = 400;

/// Why a letter cannot be put together, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unwritable(pub String);

/// What stands on a letter: the fields of its head that matter, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Subject.
    pub subject: String,
    /// Text, the way to stop such letters included.
    pub text: String,
    /// How to stop such letters, where that is for their addressee to say.
    pub leave: Option<Leave>,
    /// Whether nobody wrote it by hand (RFC 3834 §5).
    pub is_automatic: bool,
}

/// The ways out, for mail programs (RFC 2369, RFC 8058) and their name for its letters (RFC 2919).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Page on which one leaves; also takes the one-click post of a mail program.
    pub url: String,
    /// What makes a mail to the office ask for it.
    pub mail_subject: String,
    /// List-Id.
    pub list_id: String,
}

/// The names of the secrets that a text asks for.
pub(super) fn secret_names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("{{secret:").skip(1);
    parts.filter_map(|part| part.split_once("}}")).map(|(name, _)| name.trim())
}

/// A text with its secrets in their places.
pub(super) fn filled(text: &str, secret: &impl Fn(&str) -> Option<String>) -> Result<String, Unwritable> {
    let mut parts = text.split("{{secret:");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, after) = part.split_once("}}").unwrap_or((part, ""));
        let value = secret(name.trim()).ok_or_else(|| {
            Unwritable(format!(
                "本文に入れる「{}」が、もう保存されていません。新しい手紙を送ってください。",
                name.trim()
            ))
        })?;
        filled.push_str(&value);
        filled.push_str(after);
    }
    Ok(filled)
}

/// What stands on a letter; `secret` gives the values of its secrets, or marks in their place.
pub fn sheet(
    letter: &StoredLetter,
    base_url: &str,
    secret: impl Fn(&str) -> Option<String>,
) -> Result<Sheet, Unwritable> {
    let mut text = filled(&letter.body, &secret)?;
    let leave = way_out(letter, base_url, &secret)?;
    if let Some(leave) = &leave {
        let what = letter.topic().map(|topic| format!("「{}」の", topic.label())).unwrap_or_else(|| "この".to_owned());
        let url = &leave.url;
        text = format!("{}\n\n{what}メールが不要なときは、次のページで止められます。\n{url}\n", text.trim_end());
    }
    let subject = plain_line(&filled(&letter.subject, &secret)?);
    Ok(Sheet { subject, text, leave, is_automatic: letter.topic() != Some(Topic::Notices) })
}

/// How the addressee stops letters of this kind: those of a topic, or those that say where.
fn way_out(
    letter: &StoredLetter,
    base_url: &str,
    secret: &impl Fn(&str) -> Option<String>,
) -> Result<Option<Leave>, Unwritable> {
    let (list, path) = match letter.topic() {
        Some(topic) => (topic.key(), super::unsubscribe_path(&format!("{{{{secret:{UNSUBSCRIBE}}}}}"))),
        None => (letter.kind.split('.').next().unwrap_or_default(), letter.leave_path.clone()),
    };
    let Some(token) = secret(UNSUBSCRIBE).filter(|_| !path.is_empty()) else { return Ok(None) };
    let host = base_url.split_once("://").map_or("", |(_, host)| host).split([':', '/']).next().unwrap_or_default();
    Ok(Some(Leave {
        url: format!("{base_url}{}", filled(&path, secret)?),
        mail_subject: format!("unsubscribe {token}"),
        list_id: format!("<{list}.{host}>"),
    }))
}

/// A text that may stand in a head: one line without control characters, and nothing that reads as an encoded word
/// (RFC 2047), which would bring them back.
fn plain_line(text: &str) -> String {
    let text = text.replace("\r\n", " ");
    let text: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST).collect();
    clean::line(&text.replace("=?", "= ?"), usize::MAX).unwrap_or_default()
}

/// A name and an address as they stand in a head; what would break it is taken out of the name.
pub fn mailbox(name: &str, address: &str) -> Result<Mailbox, Unwritable> {
    let address = address.trim();
    let parsed = address.parse().ok().filter(|_| address.is_ascii());
    let address = parsed.ok_or_else(|| Unwritable("宛先のアドレスの形が正しくありません。".to_owned()))?;
    let name = plain_line(name);
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}

/// The letter as it leaves: to whom it is handed over, and its bytes, signed where there is a key.
pub fn message(
    letter: &StoredLetter,
    post: &Post,
    base_url: &str,
    now: DateTime<Utc>,
) -> Result<(Envelope, Vec<u8>), Unwritable> {
    let secrets = letter.secrets();
    let sheet = sheet(letter, base_url, |name| secrets.get(name).cloned())?;
    let unwritable = |fault: lettre::error::Error| Unwritable(format!("手紙を組み立てられません。\n{fault}"));
    let mut builder = Message::builder()
        .from(post.from.clone())
        .to(mailbox(&letter.to_name, &letter.to_mail)?)
        .subject(&sheet.subject)
        .date(letter.posted_at().into())
        .message_id(Some(letter.message_id.clone()));
    for (name, value) in headers(&sheet, &post.from) {
        builder = builder.raw_header(HeaderValue::dangerous_new_pre_encoded(
            HeaderName::new_from_ascii_str(name),
            value.clone(),
            value,
        ));
    }
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(sheet.text.clone());
    let message = match letter.calendar.is_empty() {
        true => builder.singlepart(text),
        false => {
            let (read, kept) = invitation(letter, &|name: &str| secrets.get(name).cloned())?;
            let shown = MultiPart::alternative().singlepart(text).singlepart(read);
            builder.multipart(MultiPart::mixed().multipart(shown).singlepart(kept))
        }
    };
    let message = message.map_err(unwritable)?;
    let bytes = message.formatted();
    let bytes = match &post.key {
        Some(key) => key.sign(&bytes, now).ok_or_else(|| Unwritable("手紙に署名できません(DKIM)。".to_owned()))?,
        None => bytes,
    };
    Ok((message.envelope().clone(), bytes))
}

/// The further fields of the head, each short enough for a line of its own.
pub fn headers(sheet: &Sheet, from: &Mailbox) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if sheet.is_automatic {
        headers.push(("Auto-Submitted", "auto-generated".to_owned()));
    }
    if let Some(leave) = &sheet.leave {
        let subject = leave.mail_subject.replace(' ', "%20");
        headers.push(("List-Id", leave.list_id.clone()));
        headers.push(("List-Unsubscribe", format!("<{}>,\r\n <mailto:{}?subject={subject}>", leave.url, from.email)));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// The two parts that calendars read, with the same octets.
///
/// As an alternative to the text, with the `method` of the calendar inside (RFC 6047 §2.4), Gmail, Apple Mail and Outlook show
/// it with buttons. As a file at the end it can be opened by whatever shows the first as plain text or not at all; being
/// `application/ics` it is no second invitation. Base64 keeps its line breaks and its fold lines through every server.
fn invitation(
    letter: &StoredLetter,
    secret: &impl Fn(&str) -> Option<String>,
) -> Result<(SinglePart, SinglePart), Unwritable> {
    let method = letter.calendar_method.as_str();
    let kind = |kind: &str| ContentType::parse(kind).ok();
    let read = matches!(method, "PUBLISH" | "REQUEST" | "CANCEL" | "REPLY")
        .then(|| kind(&format!("text/calendar; method={method}; charset=utf-8")))
        .flatten()
        .zip(kind("application/ics; name=\"invite.ics\""))
        .ok_or_else(|| Unwritable("予定の案内の種類(METHOD)が正しくありません。".to_owned()))?;
    let calendar = ics::each_line(&letter.calendar, |line, is_text| {
        filled(line, &|name: &str| secret(name).map(|value| if is_text { ics::escaped(&value) } else { value }))
    })?;
    let body = || Body::new_with_encoding(calendar.clone().into_bytes(), ContentTransferEncoding::Base64);
    let (first, second) =
        body().ok().zip(body().ok()).ok_or_else(|| Unwritable("予定の案内を書けません。".to_owned()))?;
    let file = SinglePart::builder().header(read.1).header(ContentDisposition::attachment("invite.ics"));
    Ok((SinglePart::builder().header(read.0).body(first), file.body(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_its_secrets_and_is_filled_only_when_all_are_there() {
        let text = "次のリンク {{secret:リンク}} か番号 {{secret: 番号 }} です。";
        assert_eq!(secret_names(text).collect::<Vec<_>>(), ["リンク", "番号"]);
        let both = |name: &str| (name == "リンク" || name == "番号").then(|| format!("[{name}]"));
        assert_eq!(filled(text, &both).unwrap(), "次のリンク [リンク] か番号 [番号] です。");
        let told = filled(text, &|name: &str| (name == "リンク").then(String::new)).unwrap_err().to_string();
        assert!(told.contains("番号"), "{told}");
    }

    #[test]
    fn nothing_in_a_name_breaks_the_head() {
        let name = "見本\r\nBcc: evil@example.jp\0会\u{7}";
        let mailbox = mailbox(name, "a@example.jp").unwrap();
        assert_eq!(mailbox.name.as_deref(), Some("見本 Bcc: evil@example.jp 会"));
        assert!(super::mailbox("", "見本@example.jp").is_err());
        assert!(super::mailbox("", "a@example.jp\r\nRCPT TO:<b@example.jp>").is_err());
        assert_eq!(super::mailbox(" \t", "a@example.jp").unwrap().name, None);
    }
}
