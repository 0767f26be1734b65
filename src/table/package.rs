//! Takes an Excel package apart safely before the workbook reader sees it.
//!
//! An .xlsx file is a ZIP archive of XML parts, and both layers can be made to explode. So the archive is read here,
//! strictly and by its central directory: one disk, no encryption, no ZIP64 (which no file under the size limit
//! needs). Each XML part is inflated through a reader that stops at what is left of the limit, its checksum is
//! compared, and the parts are written into a new archive without compression. The workbook reader is given that new
//! archive only, so it cannot see another archive, another size or another part than the ones checked here.
//! (Layout: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16.)

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::fault::TableFault;
use super::limits::Limits;

/// Most parts a package may have; Excel writes a dozen or two.
const PARTS: usize = 5_000;
/// Largest style sheet, and longest value in it: the workbook reader copies fonts and formats once per cell style.
const STYLE_BYTES: usize = 4_000_000;
const STYLE_VALUE_BYTES: usize = 1_000;

/// One part as the central directory describes it.
struct Part<'a> {
    name: &'a [u8],
    deflated: bool,
    crc: u32,
    packed: &'a [u8],
}

/// The package rebuilt from its XML parts, uncompressed.
pub(super) fn repack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, TableFault> {
    let mut archive = Archive::default();
    for part in parts(bytes).ok_or(TableFault::Damaged)? {
        let name = part.name.to_ascii_lowercase();
        if !(name.ends_with(b".xml") || name.ends_with(b".rels")) {
            continue;
        }
        let room = limits.unpacked_bytes.saturating_sub(archive.bytes.len());
        let content = inflate(&part, room)?.ok_or(TableFault::Swollen(limits.unpacked_bytes))?;
        if !is_harmless(&name, &content) {
            return Err(TableFault::Damaged);
        }
        archive.add(part.name, part.crc, &content);
    }
    Ok(archive.finish())
}

/// The part's content, or `None` if it is larger than `room`.
fn inflate(part: &Part, room: usize) -> Result<Option<Vec<u8>>, TableFault> {
    let mut content = Vec::new();
    let source: Box<dyn Read> =
        if part.deflated { Box::new(DeflateDecoder::new(part.packed)) } else { Box::new(part.packed) };
    source.take(room as u64 + 1).read_to_end(&mut content).map_err(|_| TableFault::Damaged)?;
    if content.len() > room {
        return Ok(None);
    }
    let mut crc = Crc::new();
    crc.update(&content);
    if crc.sum() == part.crc { Ok(Some(content)) } else { Err(TableFault::Damaged) }
}

/// Whether the workbook reader can be trusted with a part: it reserves memory for as many strings as the string
/// table says it has, and copies style values. Other encodings than UTF-8, which Excel never writes, would hide both.
fn is_harmless(name: &[u8], content: &[u8]) -> bool {
    if content.contains(&0) {
        return false;
    }
    if name.ends_with(b"sharedstrings.xml") {
        return counts(content, b"uniqueCount").all(|count| count <= content.len());
    }
    if name.ends_with(b"styles.xml") {
        let mut values = content.split(|byte| matches!(byte, b'"' | b'\'' | b'>'));
        return content.len() <= STYLE_BYTES && values.all(|value| value.len() <= STYLE_VALUE_BYTES);
    }
    true
}

/// Every number that follows `attribute` within a few characters.
fn counts<'a>(content: &'a [u8], attribute: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let starts = content.windows(attribute.len()).enumerate().filter(move |(_, window)| *window == attribute);
    starts.map(move |(at, _)| {
        let after = content[at + attribute.len()..].iter().take(200);
        let digits = after.skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
        digits.fold(0, |count: usize, digit| count.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    })
}

fn parts(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let end = end_of_directory(bytes)?;
    let (disks, count) = (u32_at(end, 4)?, u16_at(end, 10)?);
    let (size, start) = (u32_at(end, 12)? as usize, u32_at(end, 16)? as usize);
    if disks != 0 || usize::from(count) > PARTS {
        return None;
    }
    let mut directory = bytes.get(start..start.checked_add(size)?)?;
    let mut parts = Vec::new();
    for _ in 0..count {
        let (part, rest) = part(bytes, directory)?;
        parts.push(part);
        directory = rest;
    }
    Some(parts)
}

/// The record that closes the archive: the last one whose comment reaches exactly to the end of the file.
fn end_of_directory(bytes: &[u8]) -> Option<&[u8]> {
    let earliest = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let starts = (earliest..=bytes.len().checked_sub(22)?).rev();
    starts.map(|at| &bytes[at..]).find(|end| {
        end.starts_with(b"PK\x05\x06") && u16_at(end, 20).is_some_and(|comment| 22 + usize::from(comment) == end.len())
    })
}

/// The first entry of a directory and what follows it.
fn part<'a>(bytes: &'a [u8], entry: &'a [u8]) -> Option<(Part<'a>, &'a [u8])> {
    let (flags, method) = (u16_at(entry, 8)?, u16_at(entry, 10)?);
    if !entry.starts_with(b"PK\x01\x02") || flags & 1 != 0 || !matches!(method, 0 | 8) {
        return None;
    }
    let length = |at| u16_at(entry, at).map(usize::from);
    let name_end = 46 + length(28)?;
    let entry_end = name_end + length(30)? + length(32)?;
    let local = bytes.get(u32_at(entry, 42)? as usize..)?;
    if !local.starts_with(b"PK\x03\x04") {
        return None;
    }
    let start = 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
    let packed = local.get(start..start.checked_add(u32_at(entry, 20)? as usize)?)?;
    let part = Part { name: entry.get(46..name_end)?, deflated: method == 8, crc: u32_at(entry, 16)?, packed };
    Some((part, entry.get(entry_end..)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A new archive of stored parts.
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Archive {
    fn add(&mut self, name: &[u8], crc: u32, content: &[u8]) {
        let offset = self.bytes.len() as u32;
        let size = (content.len() as u32).to_le_bytes();
        // Version 2.0, UTF-8 name, stored, 1980-01-01 00:00: the fields both headers share.
        let mut shared = b"\x14\0\0\x08\0\0\0\0\x21\0".to_vec();
        shared.extend_from_slice(&crc.to_le_bytes());
        shared.extend_from_slice(&size);
        shared.extend_from_slice(&size);
        shared.extend_from_slice(&(name.len() as u16).to_le_bytes());
        shared.extend_from_slice(b"\0\0");
        self.bytes.extend([b"PK\x03\x04", shared.as_slice(), name, content].concat());
        self.directory.extend([b"PK\x01\x02\x14\0", shared.as_slice(), &[0; 10], &offset.to_le_bytes(), name].concat());
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let (offset, size) = (self.bytes.len() as u32, self.directory.len() as u32);
        let count = self.count.to_le_bytes();
        self.bytes.append(&mut self.directory);
        self.bytes.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
        self.bytes.extend([size.to_le_bytes().as_slice(), &offset.to_le_bytes(), &[0, 0]].concat());
        self.bytes
    }
}
