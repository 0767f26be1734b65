//! Takes an Excel package apart safely before the workbook reader sees it.
//!
//! An .xlsx file is a ZIP archive of XML parts, and both layers can be made to explode. So the archive is read here,
//! strictly and by its central directory: one disk, no encryption. Each XML part is inflated through a reader that stops at what is left of the limit, its checksum is
//! compared, and the parts are written into a new archive without compression. The workbook reader is given that new
//! archive only, so it cannot see another archive, another size or another part than the ones checked here.
//! (Layout: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16, 4.5.3.)

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
    // The new archive's sizes are 32-bit.
    let unpacked_bytes = limits.unpacked_bytes.min(1 << 31);
    let mut archive = Archive::default();
    for part in parts(bytes).ok_or(TableFault::Damaged)? {
        let name = part.name.to_ascii_lowercase();
        if !(name.ends_with(b".xml") || name.ends_with(b".rels")) {
            continue;
        }
        let room = unpacked_bytes.saturating_sub(archive.bytes.len());
        let content = inflate(&part, room)?.ok_or(TableFault::Swollen(unpacked_bytes))?;
        if !is_harmless(&name, &content, limits) {
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
fn is_harmless(name: &[u8], content: &[u8], limits: &Limits) -> bool {
    if content.contains(&0) {
        return false;
    }
    if name.ends_with(b"sharedstrings.xml") {
        let strings = content.windows(3).filter(|window| *window == b"<si" || *window == b":si").count();
        return strings <= limits.cells && claims(content, b"uniqueCount").all(|count| count <= limits.cells);
    }
    if name.ends_with(b"styles.xml") {
        let mut values = content.split(|byte| matches!(byte, b'"' | b'\'' | b'>'));
        return content.len() <= STYLE_BYTES && values.all(|value| value.len() <= STYLE_VALUE_BYTES);
    }
    true
}

/// Every number given as the value of `attribute`.
fn claims<'a>(content: &'a [u8], attribute: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let starts = content.windows(attribute.len()).enumerate().filter(move |(_, window)| *window == attribute);
    starts.map(move |(at, _)| {
        let between = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'');
        let value = content[at + attribute.len()..].iter().skip_while(between);
        let digits = value.take_while(|byte| byte.is_ascii_digit());
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
    let extra_end = name_end + length(30)?;
    let mut wide = zip64_values(entry.get(name_end..extra_end)?).chunks_exact(8);
    let mut number = |short: u32| match short {
        u32::MAX => usize::try_from(u64::from_le_bytes(wide.next()?.try_into().ok()?)).ok(),
        short => Some(short as usize),
    };
    // In this order, which is that of the ZIP64 values: unpacked size, packed size, offset.
    number(u32_at(entry, 24)?)?;
    let (size, offset) = (number(u32_at(entry, 20)?)?, number(u32_at(entry, 42)?)?);
    let local = bytes.get(offset..).filter(|local| local.starts_with(b"PK\x03\x04"))?;
    let start = 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
    let packed = local.get(start..start.checked_add(size)?)?;
    let part = Part { name: entry.get(46..name_end)?, deflated: method == 8, crc: u32_at(entry, 16)?, packed };
    Some((part, entry.get(extra_end + length(32)?..)?))
}

/// The ZIP64 values of an entry's extra fields; some report servers write them for files of any size.
fn zip64_values(extra: &[u8]) -> &[u8] {
    let mut rest = extra;
    while let (Some(id), Some(size)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let Some(values) = rest.get(4..4 + usize::from(size)) else { break };
        if id == 1 {
            return values;
        }
        rest = &rest[4 + usize::from(size)..];
    }
    &[]
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
        self.bytes.extend([b"PK\x03\x04", shared.as_slice(), name].concat());
        self.bytes.extend_from_slice(content);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::table::{Table, read};

    fn book(rows: u32, cell: &str) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "団体名").unwrap();
        for row in 1..=rows {
            sheet.write(row, 0, cell).unwrap().write(row, 1, 39_904.5).unwrap();
        }
        sheet.merge_range(rows + 1, 0, rows + 1, 2, "結合", &rust_xlsxwriter::Format::new()).unwrap();
        book.save_to_buffer().unwrap()
    }

    /// The package with the content of some parts changed, as a sound archive.
    fn changed(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
        let mut archive = Archive::default();
        for part in parts(bytes).unwrap() {
            let content = inflate(&part, usize::MAX - 1).unwrap().unwrap();
            let content = change(std::str::from_utf8(part.name).unwrap(), content);
            let mut crc = Crc::new();
            crc.update(&content);
            archive.add(part.name, crc.sum(), &content);
        }
        archive.finish()
    }

    fn replaced(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
        changed(bytes, |name, content| {
            let text = String::from_utf8(content).unwrap();
            assert!(name != part || text.contains(from), "{part} has no {from}");
            if name == part { text.replace(from, to).into_bytes() } else { text.into_bytes() }
        })
    }

    fn read_within(bytes: &[u8], unpacked_bytes: usize) -> Result<Table, TableFault> {
        read("a.xlsx", bytes, &["団体名"], &Limits { unpacked_bytes, cells: 10_000, ..Limits::default() })
    }

    #[test]
    fn a_repacked_workbook_reads_like_the_original() {
        let table =
            read_within(&replaced(&book(2, "見本の会"), "xl/sharedStrings.xml", "見本", "見本"), 1_000_000).unwrap();
        assert_eq!(table.rows[1].cells, ["見本の会", "39904.5"]);
        assert_eq!(read_within(&book(2, "見本の会"), 1_000_000).unwrap(), table);
    }

    #[test]
    fn a_file_that_unpacks_too_far_is_refused() {
        let bytes = book(400, &"あ".repeat(200));
        assert!(bytes.len() < 20_000);
        // The parts alone are too much.
        assert_eq!(read_within(&bytes, 10_000), Err(TableFault::Swollen(10_000)));
        // The parts fit, but one shared text stands in 400 cells.
        assert_eq!(read_within(&bytes, 100_000), Err(TableFault::Swollen(100_000)));
        assert!(read_within(&bytes, 1_000_000).is_ok());
    }

    #[test]
    fn claims_that_would_reserve_memory_are_refused() {
        let bytes = book(1, "見本");
        for claim in ["uniqueCount=\"99999999999999\"", "uniqueCount \n = '000010001'"] {
            let hostile = replaced(&bytes, "xl/sharedStrings.xml", "uniqueCount=\"3\"", claim);
            assert_eq!(read_within(&hostile, 1_000_000), Err(TableFault::Damaged), "{claim}");
        }
        let many = replaced(&bytes, "xl/sharedStrings.xml", "</sst>", &"<si/>".repeat(10_001));
        assert_eq!(read_within(&many, 1_000_000), Err(TableFault::Damaged));
        let long = format!("name val=\"{}\"", "a".repeat(1_001));
        let heavy = replaced(&bytes, "xl/styles.xml", "name val=\"Calibri\"", &long);
        assert_eq!(read_within(&heavy, 1_000_000), Err(TableFault::Damaged));
    }

    #[test]
    fn a_formula_without_its_result_is_said() {
        let formula = "<v>39904.5</v>";
        for (without, count) in [("<f>1+1</f><v/>", 2), ("<f>1+1</f>", 2), ("<f>1+1</f><v>2</v>", 0)] {
            let bytes = replaced(&book(2, "見本"), "xl/worksheets/sheet1.xml", formula, without);
            let notes = read_within(&bytes, 1_000_000).unwrap().notes;
            let said = notes
                .iter()
                .filter(|note| note.contains(&format!("計算式が{count}個あり、空欄として読みました（最初はB2）")));
            assert_eq!(said.count(), usize::from(count > 0), "{without} {notes:?}");
        }
    }

    #[test]
    fn references_beyond_any_sheet_are_refused() {
        for reference in ["r=\"ZZZZZZZZ9\"", "r=\"A99999999999\"", "r=\"A0\"", "r=\"あ\""] {
            let hostile = replaced(&book(1, "見本"), "xl/worksheets/sheet1.xml", "r=\"A2\"", reference);
            assert!(read_within(&hostile, 1_000_000).is_err(), "{reference}");
        }
    }

    #[test]
    fn a_damaged_archive_is_refused() {
        let bytes = book(1, "見本");
        let mut flipped = bytes.clone();
        flipped[200] ^= 0x40;
        for broken in [flipped.as_slice(), &bytes[..bytes.len() - 1], &bytes[..4]] {
            assert_eq!(read_within(broken, 1_000_000), Err(TableFault::Damaged));
        }
    }

    #[test]
    fn zip64_sizes_and_offsets_are_read() {
        let mut entry = vec![0; 46];
        entry[..12].copy_from_slice(b"PK\x01\x02\x2D\0\x2D\0\0\0\0\0");
        entry[20..28].fill(0xFF);
        entry[28..32].copy_from_slice(b"\x05\0\x21\0");
        entry[42..46].fill(0xFF);
        entry.extend_from_slice(b"a.xml\x55\0\x01\0\0\x01\0\x18\0");
        for value in [3_u64, 3, 2] {
            entry.extend_from_slice(&value.to_le_bytes());
        }
        let mut bytes = b"..PK\x03\x04".to_vec();
        bytes.resize(2 + 30, 0);
        bytes.extend_from_slice(b"<a>after");
        let (part, rest) = part(&bytes, &entry).unwrap();
        assert_eq!((part.name, part.packed, rest.len()), (b"a.xml".as_slice(), b"<a>".as_slice(), 0));
    }

    proptest! {
        #[test]
        fn no_change_to_a_part_makes_the_reader_panic(
            part in prop::sample::select(vec![
                "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
            ]),
            at in any::<prop::sample::Index>(),
            gone in 0..40_usize,
            put in prop_oneof![
                "[ -~]{0,12}", "[<>/\"'&;=A-Z0-9]{0,20}", "(<c r=\"[A-Z]{1,9}[0-9]{0,12}\"( t=\"[a-z]{1,3}\")?>)?<v>[0-9.eE+-]{0,25}</v>",
                "ref=\"[A-Z]{0,8}[0-9]{0,11}:[A-Z]{0,8}[0-9]{0,11}\"",
            ],
        ) {
            let hostile = changed(&book(2, "見本"), |name, mut content| {
                if name == part {
                    let start = at.index(content.len());
                    content.splice(start..content.len().min(start + gone), put.bytes());
                }
                content
            });
            let _ = read_within(&hostile, 1_000_000);
        }
    }
}
