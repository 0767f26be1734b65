//! Which characters the bytes of a file mean.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::findings::{Finding, Findings, Level};

/// UTF-16 with its byte order mark as UTF-8; anything else unchanged but for a UTF-8 mark.
pub(super) fn as_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let wide = match bytes {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        [0xEF, 0xBB, 0xBF, rest @ ..] => return Cow::Borrowed(rest),
        _ => return Cow::Borrowed(bytes),
    };
    Cow::Owned(wide.decode(bytes).0.into_owned().into_bytes())
}

/// The text of bytes of which no encoding is known: UTF-8 where it is, else what the bytes look like in Japan.
pub fn decoded(bytes: Vec<u8>, findings: &mut Findings) -> String {
    let escapes = bytes.contains(&0x1B);
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !escapes => return text,
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    if mostly_utf8(&bytes) {
        findings.add(Finding::of_file(Level::Mended, "UTF-8として読めない文字があり、「\u{FFFD}」に置き換えました。"));
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

/// A file cut in the middle of some characters is still UTF-8 if more of them are whole.
///
/// Only characters of three bytes or more count: in CP932 two half-width kana can look like one of two.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|letter| letter.len_utf8() > 2).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken > 0 && whole > broken
}
