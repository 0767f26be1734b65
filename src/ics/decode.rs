//! Which characters the bytes of a file mean.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::findings::{Finding, Findings, Level};

/// UTF-16, with its byte order mark or without, as UTF-8; anything else unchanged but for a UTF-8 mark.
pub(super) fn as_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let wide = match bytes {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        [0xEF, 0xBB, 0xBF, rest @ ..] => return Cow::Borrowed(rest),
        // Without a mark: every other byte of BEGIN is none.
        [_, 0, _, 0, _, 0, _, 0, ..] if !bytes[0].is_ascii_control() => UTF_16LE,
        [0, _, 0, _, 0, _, 0, _, ..] if !bytes[1].is_ascii_control() => UTF_16BE,
        _ => return Cow::Borrowed(bytes),
    };
    Cow::Owned(wide.decode(bytes).0.into_owned().into_bytes())
}

/// The text of bytes of which no encoding is known: UTF-8 where it is, else what the bytes look like in Japan.
///
/// `number` turns the place of a line among those of the bytes, counted from 0, into that of the file.
pub fn decoded(bytes: Vec<u8>, findings: &mut Findings, number: impl Fn(usize) -> usize) -> String {
    let escapes = bytes.contains(&0x1B);
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !escapes => return text,
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    if mostly_utf8(&bytes) {
        let told = "UTF-8として読めない文字を「\u{FFFD}」に置き換えました";
        if let [first, others @ ..] = &*broken_lines(&bytes) {
            let others = if others.is_empty() { String::new() } else { format!("（ほかに{}行）", others.len()) };
            findings.mended(number(*first), format!("{told}{others}。"));
        }
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes, true);
    let encoding = detector.guess(Some(b"jp"), Utf8Detection::Allow);
    if encoding != UTF_8 {
        let name = encoding.name();
        findings
            .add(Finding::of_file(Level::Mended, format!("文字コードがUTF-8ではないため、{name}として読みました。")));
    }
    // `\n` is the same byte in every encoding that can be guessed, so the lines stay as they are.
    encoding.decode_without_bom_handling(&bytes).0.into_owned()
}

/// The places of the lines in which something is no UTF-8, counted from 0.
fn broken_lines(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut line = 0;
    for chunk in bytes.utf8_chunks() {
        line += chunk.valid().bytes().filter(|byte| *byte == b'\n').count();
        if !chunk.invalid().is_empty() && found.last() != Some(&line) {
            found.push(line);
        }
    }
    found
}

/// A file cut in the middle of some characters is still UTF-8 if there is a whole one for any two that are not.
///
/// Only characters of three bytes or more count: in CP932 two half-width kana can look like one of two. Of the pairs of
/// EUC-JP a few in a hundred look like one of three.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|letter| letter.len_utf8() > 2).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken > 0 && whole * 2 >= broken
}
