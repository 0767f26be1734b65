//! Word, Excel and PowerPoint files since 2007: a ZIP whose `[Content_Types].xml` says what it is (ECMA-376-2 §10.1.2).

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::kind::{Kind, Unusable, holds};

/// Most files in one of them.
const MOST_FILES: usize = 20_000;
/// Longest list of types.
const LONGEST: u64 = 2 * 1024 * 1024;
/// What a file is, by the type of its main part.
const MAIN: [(&[u8], Kind); 3] = [
    (b"wordprocessingml.document.main+xml", Kind::Docx),
    (b"spreadsheetml.sheet.main+xml", Kind::Xlsx),
    (b"presentationml.presentation.main+xml", Kind::Pptx),
];

/// What a ZIP is, if it is one of them and nothing besides.
pub(super) fn read(bytes: &[u8]) -> Result<Kind, Unusable> {
    // Nothing stands behind the record of the end (APPNOTE 4.3.16), so that nothing else can be read from there.
    let end = bytes.len().checked_sub(22).map(|at| &bytes[at..]).ok_or(Unusable::Broken)?;
    if !end.starts_with(b"PK\x05\x06") {
        let somewhere = bytes.windows(4).any(|part| part == b"PK\x05\x06");
        return Err(if somewhere { Unusable::Mixed } else { Unusable::Broken });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unusable::Broken)?;
    if archive.offset() != 0 || archive.len() > MOST_FILES {
        return Err(Unusable::Mixed);
    }
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_ascii_lowercase).collect();
    let is_program = |name: &Vec<u8>| {
        name.ends_with(b"vbaproject.bin") || holds(name, b"macrosheets/") || holds(name, b"activex/activex")
    };
    if names.iter().any(is_program) {
        return Err(Unusable::Macro);
    }
    if !names.iter().any(|name| name == b"[content_types].xml") {
        return Err(Unusable::Kind);
    }
    let mut types = Vec::new();
    let part = archive.by_name("[Content_Types].xml").map_err(|_| Unusable::Broken)?;
    part.take(LONGEST).read_to_end(&mut types).map_err(|_| Unusable::Broken)?;
    if [&b"macroEnabled"[..], b"vbaProject", b"macrosheet"].iter().any(|word| holds(&types, word)) {
        return Err(Unusable::Macro);
    }
    let found: Vec<Kind> = MAIN.iter().filter(|(word, _)| holds(&types, word)).map(|(_, kind)| *kind).collect();
    match found.as_slice() {
        [kind] => Ok(*kind),
        [] => Err(Unusable::Kind),
        _ => Err(Unusable::Mixed),
    }
}
