//! Word, Excel and PowerPoint files up to 2003: streams in a compound file (MS-CFB), whose names say what it is.

use super::kind::{Kind, Unusable};

/// Sectors with a number from here on are marks, not sectors (MS-CFB 2.1).
const MARKS: u32 = 0xFFFF_FFFA;
/// Streams that are shorter lie elsewhere.
const CUTOFF: u32 = 4096;
/// Names of storages and streams with macros, in capital letters.
const MACROS: [&str; 5] = ["VBA", "MACROS", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA_PROJECT"];

/// What a compound file is.
pub(super) fn read(bytes: &[u8]) -> Result<Kind, Unusable> {
    let file = Compound::open(bytes).ok_or(Unusable::Broken)?;
    let entries = file.entries().ok_or(Unusable::Broken)?;
    let find = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    if find("EncryptedPackage").is_some() || find("EncryptionInfo").is_some() {
        return Err(Unusable::Locked);
    }
    if entries.iter().any(|entry| MACROS.contains(&entry.name.to_uppercase().as_str())) {
        return Err(Unusable::Macro);
    }
    if find("WordDocument").is_some() {
        return Ok(Kind::Doc);
    }
    if let Some(entry) = find("Workbook").or_else(|| find("Book")) {
        let stream = file.stream(entry).ok_or(Unusable::Broken)?;
        return if has_macro_sheet(&stream) { Err(Unusable::Macro) } else { Ok(Kind::Xls) };
    }
    let entry = find("PowerPoint Document").ok_or(Unusable::Kind)?;
    let stream = file.stream(entry).ok_or(Unusable::Broken)?;
    if has_project(&stream) { Err(Unusable::Macro) } else { Ok(Kind::Ppt) }
}

/// Whether one of the sheets is one of macros: `dt` of its BoundSheet8 (MS-XLS 2.4.28).
fn has_macro_sheet(stream: &[u8]) -> bool {
    let mut rest = stream;
    while let [a, b, c, d, body @ ..] = rest {
        let (kind, length) = (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d])));
        let Some(data) = body.get(..length) else { return false };
        if kind == 0x85 && data.get(5) == Some(&1) {
            return true;
        }
        // The sheets are named before the first of them begins.
        if kind == 0x0A {
            return false;
        }
        rest = &body[length..];
    }
    false
}

/// Whether a project of macros is named: a VBAInfoAtom with `fHasMacros` (MS-PPT 2.4.9).
fn has_project(stream: &[u8]) -> bool {
    const ATOM: [u8; 8] = [2, 0, 0, 4, 0x0C, 0, 0, 0];
    stream.windows(16).any(|part| part.starts_with(&ATOM) && part[12] == 1)
}

struct Entry {
    name: String,
    start: u32,
    size: u32,
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match bytes.get(0x1E)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, table: Vec::new() };
        let mut sectors: Vec<u32> = (0..109).filter_map(|at| word(bytes, 0x4C + at * 4)).collect();
        let (mut next, mut turns) = (word(bytes, 0x44)?, 0);
        while next < MARKS && turns < bytes.len() / sector {
            let numbers = numbers(file.sector(next)?);
            let (last, listed) = numbers.split_last()?;
            sectors.extend(listed);
            (next, turns) = (*last, turns + 1);
        }
        for number in sectors.into_iter().filter(|number| *number < MARKS) {
            let part = numbers(file.sector(number)?);
            file.table.extend(part);
        }
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let at = (usize::try_from(number).ok()? + 1).checked_mul(self.sector)?;
        // The last sector may be cut short.
        let end = (at + self.sector).min(self.bytes.len());
        self.bytes.get(at..end).filter(|part| !part.is_empty())
    }

    /// The bytes of a chain of sectors; nothing for one that leads nowhere or round in a circle.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let (mut bytes, mut next) = (Vec::new(), start);
        while next < MARKS {
            bytes.extend_from_slice(self.sector(next)?);
            if bytes.len() > self.bytes.len() {
                return None;
            }
            next = *self.table.get(usize::try_from(next).ok()?)?;
        }
        Some(bytes)
    }

    fn entries(&self) -> Option<Vec<Entry>> {
        let directory = self.chain(word(self.bytes, 0x30)?)?;
        let entry = |part: &[u8]| {
            let length = usize::from(u16::from_le_bytes([part[64], part[65]])).saturating_sub(2).min(62);
            let letters: Vec<u16> = part[..length].as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
            Some(Entry { name: String::from_utf16_lossy(&letters), start: word(part, 0x74)?, size: word(part, 0x78)? })
        };
        directory.chunks_exact(128).filter(|part| part[66] != 0).map(entry).collect()
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        (entry.size >= CUTOFF).then(|| self.chain(entry.start)).flatten()
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes)
}

fn numbers(sector: &[u8]) -> Vec<u32> {
    sector.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file with one stream of 4096 bytes under this name, and further empty storages.
    fn file(name: &str, stream: &[u8], storages: &[&str]) -> Vec<u8> {
        let mut bytes = vec![0; 512 * 11];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        bytes[0x1E] = 9;
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        (0..109).for_each(|at| put(0x4C + at * 4, u32::MAX));
        for (at, number) in [(0x30, 1), (0x44, 0xFFFF_FFFE), (0x4C, 0), (512, 0xFFFF_FFFD), (516, 0xFFFF_FFFE)] {
            put(at, number);
        }
        // Sector 0 is the table, 1 the directory, 2 to 9 the stream.
        (2..128).for_each(|at| put(512 + at * 4, u32::MAX));
        (2..9).for_each(|at| put(512 + at * 4, at as u32 + 1));
        put(512 + 9 * 4, 0xFFFF_FFFE);
        for (at, (name, kind)) in std::iter::once((name, 2)).chain(storages.iter().map(|one| (*one, 1))).enumerate() {
            let begins = 1024 + at * 128;
            let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes[begins..begins + letters.len()].copy_from_slice(&letters);
            bytes[begins + 64] = letters.len() as u8 + 2;
            bytes[begins + 66] = kind;
            bytes[begins + 0x74..begins + 0x78].copy_from_slice(&2_u32.to_le_bytes());
            bytes[begins + 0x78..begins + 0x7C].copy_from_slice(&4096_u32.to_le_bytes());
        }
        bytes[1536..1536 + stream.len()].copy_from_slice(stream);
        bytes
    }

    #[test]
    fn what_it_is_is_told_by_its_streams() {
        assert_eq!(read(&file("WordDocument", b"", &[])), Ok(Kind::Doc));
        assert_eq!(read(&file("Workbook", b"\x09\x08\x02\0\0\x06\x0a\0\0\0", &[])), Ok(Kind::Xls));
        assert_eq!(read(&file("PowerPoint Document", b"", &[])), Ok(Kind::Ppt));
        assert_eq!(read(&file("Something", b"", &[])), Err(Unusable::Kind));
        assert_eq!(read(&file("EncryptedPackage", b"", &[])), Err(Unusable::Locked));
        assert_eq!(read(&file("WordDocument", b"", &[])[..1000]), Err(Unusable::Broken));
    }

    #[test]
    fn macros_of_each_kind_are_found() {
        assert_eq!(read(&file("WordDocument", b"", &["Macros"])), Err(Unusable::Macro));
        assert_eq!(read(&file("Workbook", b"", &["_VBA_PROJECT_CUR"])), Err(Unusable::Macro));
        let sheet = b"\x09\x08\x02\0\0\x06\x85\0\x08\0\0\0\0\0\0\x01\0\0\x0a\0\0\0";
        assert_eq!(read(&file("Workbook", sheet, &[])), Err(Unusable::Macro));
        let atom = b"\x1f\0\xff\x03\x14\0\0\0\x02\0\0\x04\x0c\0\0\0\x09\0\0\0\x01\0\0\0\x02\0\0\0";
        assert_eq!(read(&file("PowerPoint Document", atom, &[])), Err(Unusable::Macro));
    }

    #[test]
    fn a_chain_in_a_circle_ends() {
        let mut circle = file("Workbook", b"", &[]);
        circle[512 + 9 * 4..512 + 10 * 4].copy_from_slice(&2_u32.to_le_bytes());
        assert_eq!(read(&circle), Err(Unusable::Broken));
    }
}
