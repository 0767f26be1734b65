//! A PDF: whole, nothing else in front of it or behind it, and without scripts (ISO 32000-1 §7.5, §12.6.4).

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::kind::{Unusable, holds, is_mixed};

/// How far from the end the mark of the end may stand.
const TAIL: usize = 1024;
/// Most bytes of one packed part that are looked through.
const MOST: u64 = 4 * 1024 * 1024;
/// Most packed parts that are looked through.
const PARTS: usize = 2_000;
/// Names of what runs by itself or starts programs.
const ACTIVE: [&[u8]; 4] = [b"JavaScript", b"JS", b"Launch", b"RichMedia"];

/// Whether a PDF may be taken, and why not.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unusable> {
    if !matches!(bytes, [_, _, _, _, _, b'1' | b'2', b'.', ..]) {
        return Err(Unusable::Broken);
    }
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let Some(end) = tail.windows(5).rposition(|part| part == b"%%EOF") else { return Err(Unusable::Broken) };
    let behind = &tail[end + 5..];
    if !behind.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) || is_mixed(&bytes[5..bytes.len().min(TAIL)])
    {
        return Err(Unusable::Mixed);
    }
    if has_actions(bytes)? { Err(Unusable::Active) } else { Ok(()) }
}

/// Whether something acts by itself, in what can be read as it is and in what is packed; pictures and fonts are passed over.
fn has_actions(bytes: &[u8]) -> Result<bool, Unusable> {
    let (mut rest, mut parts) = (bytes, 0);
    while let Some(at) = find(rest, b"stream") {
        let (head, body) = (&rest[..at], &rest[at + b"stream".len()..]);
        if is_active(head) {
            return Ok(true);
        }
        rest = body;
        if !head.trim_ascii_end().ends_with(b">>") {
            continue;
        }
        let end = find(body, b"endstream").ok_or(Unusable::Broken)?;
        if holds(&head[head.len().saturating_sub(TAIL)..], b"/ObjStm") && parts < PARTS {
            parts += 1;
            if is_active(&unpacked(&body[..end])) {
                return Ok(true);
            }
        }
        rest = &body[end + b"endstream".len()..];
    }
    Ok(is_active(rest))
}

fn find(bytes: &[u8], words: &[u8]) -> Option<usize> {
    bytes.windows(words.len()).position(|part| part == words)
}

/// A packed part as it reads; as much of it as can be read.
fn unpacked(body: &[u8]) -> Vec<u8> {
    let body = body.strip_prefix(b"\r").unwrap_or(body);
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let mut bytes = Vec::new();
    let _ = ZlibDecoder::new(body).take(MOST).read_to_end(&mut bytes);
    bytes
}

/// Whether one of the names stands there, also with letters written as #6A (ISO 32000-1 §7.3.5).
fn is_active(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').any(|(at, _)| {
        let name = name(&bytes[at + 1..]);
        ACTIVE.contains(&name.as_slice())
    })
}

fn name(bytes: &[u8]) -> Vec<u8> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    let raw: Vec<u8> = bytes.iter().take(40).take_while(|byte| !is_end(byte)).copied().collect();
    let (mut name, mut at) = (Vec::new(), 0);
    while let Some(byte) = raw.get(at) {
        let digits = raw.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        match digits.filter(|_| *byte == b'#').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(letter) => (name.push(letter), at += 3).0,
            None => (name.push(*byte), at += 1).0,
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdf(middle: &str) -> Vec<u8> {
        format!(
            "%PDF-1.7\n1 0 obj\n<< /Type /Catalog {middle} >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_plain_pdf_is_taken_and_what_is_no_whole_one_is_not() {
        assert_eq!(check(&pdf("")), Ok(()));
        assert_eq!(check(b"%PDF-1.7\n"), Err(Unusable::Broken));
        let behind = [pdf(""), b"<script>alert(1)</script>".to_vec()].concat();
        assert_eq!(check(&behind), Err(Unusable::Mixed));
        assert_eq!(check(&pdf("(<html>)")), Err(Unusable::Mixed));
    }

    #[test]
    fn scripts_are_found_by_their_names_however_they_are_written() {
        assert_eq!(check(&pdf("/OpenAction << /S /JavaScript >>")), Err(Unusable::Active));
        assert_eq!(check(&pdf("/OpenAction << /S /J#61vaScript >>")), Err(Unusable::Active));
        assert_eq!(check(&pdf("/OpenAction << /S /Launch /F (x.exe) >>")), Err(Unusable::Active));
        assert_eq!(check(&pdf("/Lang (ja-JP) /JSx 1")), Ok(()));
    }

    #[test]
    fn scripts_in_packed_objects_are_found_and_pictures_are_not_taken_for_names() {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packed, b"1 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>").unwrap();
        let object = |kind: &[u8], body: &[u8]| {
            [
                b"%PDF-1.7\n2 0 obj << /Type ",
                kind,
                b" /Filter /FlateDecode >>\nstream\n",
                body,
                b"\nendstream endobj\n%%EOF",
            ]
            .concat()
        };
        assert_eq!(check(&object(b"/ObjStm", &packed.finish().unwrap())), Err(Unusable::Active));
        assert_eq!(check(&object(b"/XObject", b"\x01/JS \x02")), Ok(()));
    }
}
