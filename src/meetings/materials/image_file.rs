//! Pictures, taken apart and put together again without what they tell of their place and their camera, and without anything behind
//! their end. The picture itself stays as it was, bit by bit.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use super::kind::{Unusable, is_mixed};

/// Longest side of a picture.
const LONGEST_SIDE: u32 = 30_000;

/// Whether the picture's own head can be read, and its sides are sensible.
fn measured(bytes: Vec<u8>, format: ImageFormat) -> Result<Vec<u8>, Unusable> {
    let (width, height) =
        ImageReader::with_format(Cursor::new(&bytes), format).into_dimensions().map_err(|_| Unusable::Broken)?;
    if width == 0 || height == 0 || width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Err(Unusable::Broken);
    }
    Ok(bytes)
}

/// What is left out; something else in it is a fault.
fn dropped(bytes: &[u8]) -> Result<(), Unusable> {
    if is_mixed(bytes) { Err(Unusable::Mixed) } else { Ok(()) }
}

/// A JPEG (ITU-T T.81 B.1) with its colours and the way it is held, and no other words.
pub(super) fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let (mut kept, mut rest) = (vec![0xFF, 0xD8], &bytes[2..]);
    loop {
        let [0xFF, marker, behind @ ..] = rest else { return Err(Unusable::Broken) };
        match *marker {
            0xFF => rest = &rest[1..],
            0xD9 => {
                kept.extend([0xFF, 0xD9]);
                dropped(behind)?;
                return measured(kept, ImageFormat::Jpeg);
            }
            marker => {
                let (segment, after) = segment(behind)?;
                match marker {
                    0xE1 => kept.extend(orientation(&segment[2..])),
                    0xFE => dropped(&segment[2..])?,
                    0xE2 if !segment[2..].starts_with(b"ICC_PROFILE\0") => {}
                    0xE3..=0xED | 0xEF => {}
                    _ => kept.extend([0xFF, marker].iter().chain(segment)),
                }
                let scan = if marker == 0xDA { scan(after) } else { 0 };
                kept.extend(&after[..scan]);
                rest = &after[scan..];
            }
        }
    }
}

/// A segment with its length in front, and what comes after it.
fn segment(bytes: &[u8]) -> Result<(&[u8], &[u8]), Unusable> {
    let [high, low, ..] = bytes else { return Err(Unusable::Broken) };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length < 2 || length > bytes.len() { Err(Unusable::Broken) } else { Ok(bytes.split_at(length)) }
}

/// How long the bytes of a scan are: up to a mark that is neither stuffed nor a restart.
fn scan(bytes: &[u8]) -> usize {
    let ends = |two: &[u8]| two[0] == 0xFF && !matches!(two[1], 0 | 0xD0..=0xD7 | 0xFF);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

/// The way a picture is held, as a segment of its own; nothing where it stands upright (Exif 2.3 §4.6.4 A).
fn orientation(exif: &[u8]) -> Vec<u8> {
    let Some(tiff) = exif.strip_prefix(b"Exif\0\0") else { return Vec::new() };
    let way = image::metadata::Orientation::from_exif_chunk(tiff).map_or(1, |way| way.to_exif());
    if way == 1 {
        return Vec::new();
    }
    let head = [0xFF, 0xE1, 0, 34, b'E', b'x', b'i', b'f', 0, 0, b'M', b'M', 0, 42, 0, 0, 0, 8];
    [&head[..], &[0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, way, 0, 0, 0, 0, 0, 0]].concat()
}

/// A PNG (W3C PNG §5) with what is needed to draw it.
pub(super) fn png(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    const KEPT: [&[u8; 4]; 14] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"sBIT", b"bKGD", b"acTL",
        b"fcTL", b"fdAT",
    ];
    let (mut kept, mut rest) = (bytes[..8].to_vec(), &bytes[8..]);
    loop {
        let [a, b, c, d, ..] = rest else { return Err(Unusable::Broken) };
        let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).map_err(|_| Unusable::Broken)?;
        let chunk = rest.get(..length.saturating_add(12)).ok_or(Unusable::Broken)?;
        let kind = &chunk[4..8];
        if KEPT.iter().any(|one| *one == kind) {
            kept.extend(chunk);
        } else {
            dropped(&chunk[8..8 + length])?;
        }
        rest = &rest[chunk.len()..];
        if kind == b"IEND" {
            dropped(rest)?;
            return measured(kept, ImageFormat::Png);
        }
    }
}

/// A WebP (RFC 9649 §2) without Exif and XMP.
pub(super) fn webp(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let length = usize::try_from(u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]])).unwrap_or(usize::MAX);
    let whole = bytes.get(12..length.saturating_add(8)).ok_or(Unusable::Broken)?;
    dropped(&bytes[length + 8..])?;
    let (mut body, mut rest) = (b"WEBP".to_vec(), whole);
    while let [k0, k1, k2, k3, a, b, c, d, ..] = rest {
        let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).map_err(|_| Unusable::Broken)?;
        let end = length.saturating_add(8 + length % 2);
        let chunk = rest.get(..end).ok_or(Unusable::Broken)?;
        match &[*k0, *k1, *k2, *k3] {
            // Says besides that Exif (8) and XMP (4) follow.
            b"VP8X" if length >= 10 => {
                body.extend(&chunk[..8]);
                body.push(chunk[8] & !0x0C);
                body.extend(&chunk[9..]);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => body.extend(chunk),
            _ => dropped(&chunk[8..])?,
        }
        rest = &rest[end..];
    }
    let length = u32::try_from(body.len()).map_err(|_| Unusable::Broken)?.to_le_bytes();
    measured([b"RIFF", &length[..], &body].concat(), ImageFormat::WebP)
}

/// A GIF (GIF89a §17 and on) with its pictures and how they move.
pub(super) fn gif(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let head = 13 + table(*bytes.get(10).ok_or(Unusable::Broken)?);
    let mut kept = bytes.get(..head).ok_or(Unusable::Broken)?.to_vec();
    if kept[6..10].chunks(2).any(|side| side == [0, 0]) {
        return Err(Unusable::Broken);
    }
    let (mut rest, mut pictures) = (&bytes[head..], 0);
    loop {
        match rest {
            [0x3B, behind @ ..] if pictures > 0 => {
                kept.push(0x3B);
                dropped(behind)?;
                return Ok(kept);
            }
            [0x2C, ..] => {
                let begins = 11 + table(*rest.get(9).ok_or(Unusable::Broken)?);
                let length = begins + blocks(rest.get(begins..).ok_or(Unusable::Broken)?)?;
                kept.extend(&rest[..length]);
                (rest, pictures) = (&rest[length..], pictures + 1);
            }
            [0x21, kind, body @ ..] => {
                let length = blocks(body)?;
                let moves = body.get(1..12).is_some_and(|name| name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0");
                if *kind == 0xF9 || *kind == 0xFF && moves {
                    kept.extend(&rest[..length + 2]);
                } else {
                    dropped(&body[..length])?;
                }
                rest = &body[length..];
            }
            _ => return Err(Unusable::Broken),
        }
    }
}

/// How long a table of colours is.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// How long a row of blocks is, its end included.
fn blocks(bytes: &[u8]) -> Result<usize, Unusable> {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(0) => return Ok(at + 1),
            Some(length) => at += 1 + usize::from(*length),
            None => return Err(Unusable::Broken),
        }
    }
}
