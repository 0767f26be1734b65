//! The old Japanese Windows encoding, in and out.
//!
//! Files reach the town office in four encodings; [`decode`] tells them apart by their bytes. Files for old software
//! leave in CP932 (Windows-31J), where [`encode`] names every character it had to change or could not write.

use std::cmp::Ordering;
use std::fmt;

use encoding_rs::{DecoderResult, EncoderResult, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

/// Stands in a CP932 file for a character that CP932 does not have.
pub const GETA: char = '〓';

/// The encoding a file arrived in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; plain ASCII counts as this.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes "CSV UTF-8".
    Utf8Bom,
    /// UTF-16 with a byte order mark of either order, as Excel writes "Unicode text".
    Utf16,
    /// Shift_JIS with the NEC and IBM extensions, as Japanese Excel writes plain CSV.
    Cp932,
}

impl Encoding {
    /// The name staff know the encoding by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8（BOM付き）",
            Self::Utf16 => "UTF-16",
            Self::Cp932 => "シフトJIS（CP932）",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A file's bytes turned into text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without its byte order mark; each unreadable byte sequence is one U+FFFD.
    pub text: String,
    /// The encoding the bytes were read in.
    pub encoding: Encoding,
    /// How many byte sequences were unreadable.
    pub replaced: usize,
    /// Line and character within the line of the first unreadable place, both counted from 1.
    pub first_fault: Option<(usize, usize)>,
}

/// Reads bytes of unknown encoding as text.
///
/// A byte order mark decides; then UTF-8 if every byte fits; then CP932 if every byte fits. When neither fits, the one
/// that loses fewer characters is taken, and on a tie the one that `chardetng` finds likelier.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return decode_utf8(rest, Encoding::Utf8Bom);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return decode_as(rest, UTF_16LE, Encoding::Utf16);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return decode_as(rest, UTF_16BE, Encoding::Utf16);
    }
    let utf8 = decode_utf8(bytes, Encoding::Utf8);
    if utf8.replaced == 0 {
        return utf8;
    }
    let cp932 = decode_as(bytes, SHIFT_JIS, Encoding::Cp932);
    let utf8_wins = match utf8.replaced.cmp(&cp932.replaced) {
        Ordering::Less => true,
        Ordering::Equal => looks_like_utf8(bytes),
        Ordering::Greater => false,
    };
    if utf8_wins { utf8 } else { cp932 }
}

fn looks_like_utf8(bytes: &[u8]) -> bool {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"jp"), chardetng::Utf8Detection::Allow) == UTF_8
}

fn decode_utf8(bytes: &[u8], encoding: Encoding) -> Decoded {
    let mut decoded = Decoded::new(encoding, bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            decoded.push_fault();
        }
    }
    decoded
}

fn decode_as(bytes: &[u8], charset: &'static encoding_rs::Encoding, encoding: Encoding) -> Decoded {
    let mut decoder = charset.new_decoder_without_bom_handling();
    let mut decoded = Decoded::new(encoding, bytes.len());
    // Every call touches all of the room it is given, so with little room many broken bytes stay cheap.
    let mut room = "\0".repeat(1024);
    let mut rest = bytes;
    loop {
        let (result, taken, written) = decoder.decode_to_str_without_replacement(rest, &mut room, true);
        decoded.text.push_str(&room[..written]);
        rest = &rest[taken..];
        match result {
            DecoderResult::InputEmpty => return decoded,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => decoded.push_fault(),
        }
    }
}

impl Decoded {
    fn new(encoding: Encoding, length: usize) -> Self {
        Self { text: String::with_capacity(length), encoding, replaced: 0, first_fault: None }
    }

    fn push_fault(&mut self) {
        self.replaced += 1;
        self.first_fault.get_or_insert_with(|| place_after(&self.text));
        self.text.push(char::REPLACEMENT_CHARACTER);
    }
}

/// Line and character, from 1, of whatever follows `text`; CRLF, CR and LF each end a line.
fn place_after(text: &str) -> (usize, usize) {
    let crlf = text.matches("\r\n").count();
    let line = text.matches(['\r', '\n']).count() - crlf + 1;
    let last = text.rsplit(['\r', '\n']).next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

/// Text with only characters that CP932 has, and what that cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitted {
    /// The text as CP932 can hold it.
    pub text: String,
    /// Characters replaced by a near equivalent, each once, in order of appearance; an empty one means left out.
    pub substituted: Vec<(char, String)>,
    /// Characters replaced by [`GETA`], each once, in order of appearance.
    pub unwritable: Vec<char>,
}

/// Text turned into CP932 bytes, and what it cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encoded {
    /// The text in CP932.
    pub bytes: Vec<u8>,
    /// As in [`Fitted`].
    pub substituted: Vec<(char, String)>,
    /// As in [`Fitted`].
    pub unwritable: Vec<char>,
}

/// Writes text as CP932, with near equivalents where it lacks a character and 〓 where there is none.
pub fn encode(text: &str) -> Encoded {
    let Fitted { text, substituted, unwritable } = fit(text);
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        push(character, &mut bytes);
    }
    Encoded { bytes, substituted, unwritable }
}

/// Changes text into what CP932 can hold, for a writer that must see the final characters.
pub fn fit(text: &str) -> Fitted {
    let mut fitted = Fitted { text: String::with_capacity(text.len()), ..Fitted::default() };
    let mut bytes = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(mut character) = characters.next() {
        // か + a separate sound mark, as macOS stores file names, is the one character が.
        while let Some(joined) = characters.peek().and_then(|mark| join_mark(character, *mark)) {
            character = joined;
            characters.next();
        }
        bytes.clear();
        if push(character, &mut bytes) { fitted.text.push(character) } else { fitted.replace(character) }
    }
    fitted
}

impl Fitted {
    fn replace(&mut self, character: char) {
        match equivalent(character) {
            Some(near) => {
                self.text.push_str(&near);
                if !self.substituted.iter().any(|(known, _)| *known == character) {
                    self.substituted.push((character, near));
                }
            }
            None => {
                self.text.push(GETA);
                if !self.unwritable.contains(&character) {
                    self.unwritable.push(character);
                }
            }
        }
    }
}

fn join_mark(character: char, mark: char) -> Option<char> {
    if canonical_combining_class(mark) == 0 { None } else { compose(character, mark) }
}

/// Appends one character's CP932 bytes, or nothing and `false` if CP932 lacks it.
fn push(character: char, bytes: &mut Vec<u8>) -> bool {
    if character.is_ascii() {
        bytes.push(character as u8);
        return true;
    }
    // The web's Shift_JIS writes these three as \, ~ and －, which come back as other characters: a change to report.
    if matches!(character, '¥' | '‾' | '\u{2212}') {
        return false;
    }
    let mut source = [0; 4];
    let mut target = [0; 4];
    let source = character.encode_utf8(&mut source);
    let (result, _, written) = SHIFT_JIS.new_encoder().encode_from_utf8_without_replacement(source, &mut target, true);
    if result != EncoderResult::InputEmpty {
        return false;
    }
    bytes.extend_from_slice(&target[..written]);
    true
}

/// The nearest CP932 text for a character that CP932 lacks: the table, then NFKC, then the letter without its accent.
fn equivalent(character: char) -> Option<String> {
    if is_invisible(character) {
        return Some(String::new());
    }
    if let Some((_, near)) = SUBSTITUTES.iter().find(|(from, _)| *from == character) {
        return Some((*near).to_owned());
    }
    let normal: String = std::iter::once(character).nfkc().collect();
    if writable(&normal) {
        return Some(normal);
    }
    let mut letter = None;
    decompose_canonical(character, |part| {
        letter.get_or_insert(part);
    });
    letter.filter(char::is_ascii_alphabetic).map(String::from)
}

fn writable(text: &str) -> bool {
    let mut bytes = Vec::new();
    text.chars().all(|character| push(character, &mut bytes))
}

/// Zero-width marks, direction marks and variation selectors: nothing is seen to be missing without them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// What stands in for what. The marks are those where JIS and Microsoft chose different Unicode characters for one
/// glyph; the kanji are the forms of JIS X 0213:2004 and of names whose CP932 form is the simplified or common one.
#[rustfmt::skip]
const SUBSTITUTES: &[(char, &str)] = &[
    ('\u{301C}', "～"), ('\u{2014}', "―"), ('\u{2212}', "－"), ('\u{2016}', "∥"), ('¢', "￠"), ('£', "￡"), ('¬', "￢"),
    ('¥', "￥"), ('‾', "￣"), ('\u{2011}', "‐"), ('\u{2012}', "－"), ('\u{2013}', "－"), ('•', "・"), ('·', "・"),
    ('⋯', "…"), ('«', "≪"), ('»', "≫"), ('〞', "〟"), ('µ', "μ"), ('✕', "×"), ('✖', "×"), ('⇨', "⇒"), ('⁄', "/"),
    ('½', "1/2"), ('¼', "1/4"), ('¾', "3/4"), ('©', "(C)"), ('®', "(R)"), ('ゔ', "ヴ"), ('ゕ', "ヵ"), ('ゖ', "ヶ"),
    ('\u{3099}', "゛"), ('\u{309A}', "゜"),
    ('雞', "鶏"), ('𠮷', "吉"), ('𠮟', "叱"), ('塡', "填"), ('剝', "剥"), ('頰', "頬"), ('瘦', "痩"), ('繫', "繋"),
    ('蟬', "蝉"), ('簞', "箪"), ('鷗', "鴎"), ('嚙', "噛"), ('搔', "掻"), ('摑', "掴"), ('瀆', "涜"), ('禱', "祷"),
    ('蠟', "蝋"), ('顚', "顛"), ('醬', "醤"), ('麴', "麹"), ('屢', "屡"), ('焰', "焔"), ('蔣', "蒋"), ('俠', "侠"),
    ('俱', "倶"), ('噓', "嘘"), ('囊', "嚢"), ('潑', "溌"), ('軀', "躯"), ('鹼', "鹸"), ('麵', "麺"), ('繡', "繍"),
    ('萊', "莱"), ('攢', "攅"), ('𣘺', "橋"), ('𡈽', "土"), ('𥔎', "碕"), ('𠀋', "丈"), ('渴', "渇"), ('黃', "黄"),
    ('淚', "涙"), ('卽', "即"), ('旣', "既"), ('緣', "縁"), ('錄', "録"), ('步', "歩"), ('吳', "呉"), ('產', "産"),
    ('眾', "衆"), ('每', "毎"), ('歷', "歴"), ('戶', "戸"), ('晚', "晩"), ('虛', "虚"), ('溫', "温"), ('內', "内"),
    ('姬', "姫"), ('娛', "娯"), ('尙', "尚"), ('屛', "屏"), ('巢', "巣"), ('幷', "并"), ('戾', "戻"), ('歲', "歳"),
    ('狀', "状"), ('硏', "研"), ('絕', "絶"), ('說', "説"), ('鄉', "郷"), ('鬭', "闘"), ('吞', "呑"), ('啞', "唖"),
    ('驒', "騨"), ('蔥', "葱"), ('倂', "併"), ('姸', "妍"), ('涉', "渉"), ('稅', "税"), ('脫', "脱"), ('閱', "閲"),
    ('頹', "頽"), ('榨', "搾"), ('彥', "彦"), ('强', "強"), ('曆', "暦"), ('槪', "概"), ('銳', "鋭"), ('鍊', "錬"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> Vec<u8> {
        let encoded = encode(text);
        assert_eq!((encoded.substituted, encoded.unwritable), (vec![], vec![]), "{text}");
        encoded.bytes
    }

    #[test]
    fn utf8_is_told_by_its_bytes_and_loses_its_mark() {
        let plain = decode("対馬市".as_bytes());
        assert_eq!((plain.text.as_str(), plain.encoding, plain.first_fault), ("対馬市", Encoding::Utf8, None));
        let marked = decode("\u{FEFF}対馬市".as_bytes());
        assert_eq!((marked.text.as_str(), marked.encoding), ("対馬市", Encoding::Utf8Bom));
        assert_eq!(decode(b"").encoding, Encoding::Utf8);
    }

    #[test]
    fn excel_unicode_text_is_read_in_both_byte_orders() {
        let units: Vec<u16> = "団体名\t𠮷野".encode_utf16().collect();
        let little: Vec<u8> = [0xFEFF].iter().chain(&units).flat_map(|unit: &u16| unit.to_le_bytes()).collect();
        let big: Vec<u8> = [0xFEFF].iter().chain(&units).flat_map(|unit: &u16| unit.to_be_bytes()).collect();
        for bytes in [little, big] {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), ("団体名\t𠮷野", Encoding::Utf16));
        }
    }

    #[test]
    fn a_cut_utf16_file_is_reported() {
        let decoded = decode(b"\xFF\xFEA\x00B");
        assert_eq!((decoded.replaced, decoded.first_fault), (1, Some((1, 2))));
    }

    #[test]
    fn windows_japanese_is_read_with_its_extensions() {
        let text = "髙﨑①㈱Ⅰ～－ｹﾁ,鶏知\r\n";
        let decoded = decode(&cp932(text));
        assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.replaced), (text, Encoding::Cp932, 0));
    }

    #[test]
    fn a_broken_byte_is_named_by_line_and_character() {
        let mut bytes = cp932("名称\r\n対馬\r鶏知");
        bytes.extend_from_slice(b"\xFD\n");
        let decoded = decode(&bytes);
        assert_eq!((decoded.encoding, decoded.replaced, decoded.first_fault), (Encoding::Cp932, 1, Some((3, 3))));
        assert_eq!(decoded.text, "名称\r\n対馬\r鶏知\u{FFFD}\n");
    }

    #[test]
    fn utf8_with_one_broken_byte_is_still_utf8() {
        let mut bytes = "厳原町清掃の会\n".repeat(3).into_bytes();
        bytes.insert(0, 0xFF);
        let decoded = decode(&bytes);
        assert_eq!((decoded.encoding, decoded.replaced, decoded.first_fault), (Encoding::Utf8, 1, Some((1, 1))));
    }

    #[test]
    fn known_doubles_are_written_as_what_cp932_has() {
        let encoded = encode("雞知〜𠮷野—10−3¥½神é𠮷葛\u{E0100}");
        assert_eq!(decode(&encoded.bytes).text, "鶏知～吉野―10－3￥1/2神e吉葛");
        let from: String = encoded.substituted.iter().map(|(from, _)| *from).collect();
        assert_eq!(from, "雞〜𠮷—−¥½é\u{E0100}");
        assert!(encoded.unwritable.is_empty());
    }

    #[test]
    fn what_cp932_lacks_becomes_a_geta_and_is_reported_once() {
        let encoded = encode("♡の会♡😀");
        assert_eq!(decode(&encoded.bytes).text, "〓の会〓〓");
        assert_eq!(encoded.unwritable, ['♡', '😀']);
        assert!(!encoded.bytes.contains(&b'&'));
    }

    #[test]
    fn separated_sound_marks_are_joined() {
        let encoded = encode("か\u{3099}っこうは\u{309A}");
        assert_eq!(decode(&encoded.bytes).text, "がっこうぱ");
        assert_eq!(encoded.substituted, []);
    }

    #[test]
    fn every_substitute_is_needed_and_writable() {
        let idle: String = SUBSTITUTES.iter().map(|(from, _)| *from).filter(|c| writable(&c.to_string())).collect();
        let useless: String = SUBSTITUTES.iter().map(|(_, near)| *near).filter(|near| !writable(near)).collect();
        assert_eq!((idle.as_str(), useless.as_str()), ("", ""));
    }

    #[test]
    fn every_writable_character_reads_back_as_itself() {
        for character in ('\u{80}'..='\u{2FFFF}').filter(|c| writable(&c.to_string())) {
            // Half-width kana alone can spell a UTF-8 sequence, so a kanji settles the encoding.
            let encoded = encode(&format!("対馬市{character}"));
            assert_eq!(decode(&encoded.bytes).text, format!("対馬市{character}"));
        }
    }
}
