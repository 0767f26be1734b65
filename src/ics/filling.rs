//! Changing the content lines of a calendar that is written already, and folding them anew.

use super::write::Out;

/// Names of the lines whose value is text (RFC 5545 §3.3.11).
const TEXTS: [&str; 4] = ["SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT"];

/// A calendar with every content line changed; `change` gets it unfolded and is told whether its value is text.
///
/// # Errors
///
/// Whatever `change` refuses.
pub fn each_line<E>(calendar: &str, change: impl Fn(&str, bool) -> Result<String, E>) -> Result<String, E> {
    let unfolded = unfolded(calendar);
    let mut out = Out::with_room(calendar.len());
    for line in unfolded.lines().filter(|line| !line.is_empty()) {
        let name = line.split([':', ';']).next().unwrap_or_default();
        let is_text = TEXTS.iter().any(|text| text.eq_ignore_ascii_case(name));
        out.whole(&change(line, is_text)?);
    }
    Ok(String::from_utf8(out.finished()).unwrap_or_default())
}

/// A calendar with each content line in one piece.
pub fn unfolded(calendar: &str) -> String {
    calendar.replace("\r\n ", "").replace("\r\n\t", "")
}

/// A text as it stands in the value of a line.
pub fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n")
}
