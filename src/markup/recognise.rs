//! Telling HTML from text in which somebody wrote an angle bracket.

use super::elements::role;

/// How far behind its name a tag has to end.
const TAG: usize = 2_000;

/// Names of character references that occur in texts which programs escaped.
const NAMED: [&str; 34] = [
    "nbsp", "amp", "lt", "gt", "quot", "apos", "hellip", "mdash", "ndash", "lsquo", "rsquo", "ldquo", "rdquo", "copy",
    "reg", "trade", "middot", "bull", "laquo", "raquo", "yen", "times", "deg", "ensp", "emsp", "thinsp", "zwnj",
    "zwsp", "larr", "rarr", "uarr", "darr", "hearts", "iexcl",
];

/// Whether a text holds tags that HTML knows, or character references.
///
/// 「<注意> 雨天中止」 is a text and so is `a < b`; `<b>`, `<br>`, `</p>` and `&nbsp;` are not.
pub fn looks_like_html(text: &str) -> bool {
    has_tag(text) || has_reference(text)
}

/// Whether a text holds a tag that HTML knows.
pub(super) fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| is_tag(&text[at + 1..]))
}

fn is_tag(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let length = rest.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count();
    let (name, behind) = rest.split_at(length);
    let ends_there = behind.starts_with(['>', '/', ' ', '\t', '\n', '\r']);
    ends_there && role(&name.to_ascii_lowercase()).is_some() && behind.bytes().take(TAG).any(|byte| byte == b'>')
}

fn has_reference(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| is_reference(&text[at + 1..]))
}

fn is_reference(rest: &str) -> bool {
    let mut end = rest.bytes().take(10);
    let Some(length) = end.position(|byte| byte == b';') else { return false };
    let name = &rest[..length];
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        },
        None => NAMED.contains(&name),
    }
}
