//! The properties of one component, taken apart by calcard and kept beside the line they stand on.

use std::borrow::Cow;

use calcard::common::{IanaParse, IanaString};
use calcard::icalendar::{
    ICalendarEntry, ICalendarParameterName, ICalendarParameterValue, ICalendarParticipationStatus, ICalendarProperty,
    ICalendarValue, Uri,
};
use calcard::{Entry, Parser};

use super::components::Component;
use super::findings::Findings;
use super::limits::Limits;
use super::lines::Line;

/// One property of a component.
///
/// calcard reads names, parameters and text. Values of time are read again from `raw` by this module's own
/// rules: calcard takes `20260401T25` and drops the `Z` of `20260401T0900Z`.
pub(super) struct Property<'a> {
    /// The line on which it begins.
    pub line: usize,
    /// The value as it stands in the file.
    pub raw: Cow<'a, str>,
    /// The character of the line on which the value begins, counted from 1.
    pub column: usize,
    entry: ICalendarEntry,
}

impl Property<'_> {
    pub fn name(&self) -> &ICalendarProperty {
        &self.entry.name
    }

    /// The text without control characters; `None` when nothing is left.
    pub fn text(&self) -> Option<String> {
        let text = match self.entry.values.as_slice() {
            [ICalendarValue::Text(text)] | [ICalendarValue::Uri(Uri::Location(text))] => clean(text),
            _ => clean(&self.raw),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// The texts of a list such as CATEGORIES.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let text = |value: &ICalendarValue| match value {
            ICalendarValue::Text(text) => Some(clean(text).trim().to_owned()).filter(|text| !text.is_empty()),
            _ => None,
        };
        self.entry.values.iter().filter_map(text)
    }

    pub fn parameter(&self, name: &ICalendarParameterName) -> Option<&str> {
        let mut named = self.entry.params.iter().filter(|parameter| parameter.name == *name);
        named.find_map(|parameter| match &parameter.value {
            ICalendarParameterValue::Text(text) => Some(text.as_str()),
            ICalendarParameterValue::Value(kind) => Some(kind.as_str()),
            _ => None,
        })
    }

    /// RANGE=THISANDFUTURE (RFC 5545 §3.2.13).
    pub fn is_this_and_future(&self) -> bool {
        self.entry.params.iter().any(|parameter| parameter.name == ICalendarParameterName::Range)
    }

    /// The mail address of an attendee who does not come (RFC 5545 §3.2.12).
    pub fn declined(&self) -> Option<String> {
        let answer = self.entry.params.iter().find(|parameter| parameter.name == ICalendarParameterName::Partstat)?;
        if answer.value != ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Declined) {
            return None;
        }
        let address = self.raw.trim().to_ascii_lowercase();
        address.strip_prefix("mailto:").map(|mail| mail.trim().to_owned())
    }

    /// A date although a time may stand there: VALUE=DATE.
    pub fn says_date(&self) -> bool {
        self.parameter(&ICalendarParameterName::Value).is_some_and(|kind| kind.eq_ignore_ascii_case("DATE"))
    }
}

/// Text without the control characters that no reader of a calendar means.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

/// The properties of a component in the order of the file.
pub(super) fn properties<'a>(component: &Component<'a>, limits: &Limits, findings: &mut Findings) -> Vec<Property<'a>> {
    let written = content_lines(&component.lines, limits, findings);
    let mut whole = String::with_capacity(64 + written.iter().map(|line| line.text.len() + 2).sum::<usize>());
    whole.push_str("BEGIN:VEVENT\r\n");
    for line in &written {
        whole.push_str(&line.text);
        whole.push_str("\r\n");
    }
    whole.push_str("END:VEVENT\r\n");
    let mut entries = entries(&whole);
    if entries.len() != written.len() {
        // calcard joined or skipped lines: one by one it can only skip, and the lines still match.
        entries = Vec::with_capacity(written.len());
        for line in &written {
            let alone = self::entries(&format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", line.text));
            entries.push(alone.into_iter().next().unwrap_or_else(nothing));
        }
    }
    written.into_iter().zip(entries).map(|(line, entry)| line.property(entry)).collect()
}

fn entries(text: &str) -> Vec<ICalendarEntry> {
    match Parser::new(text).entry() {
        Entry::ICalendar(calendar) => {
            calendar.components.into_iter().next().map_or_else(Vec::new, |first| first.entries)
        }
        _ => Vec::new(),
    }
}

fn nothing() -> ICalendarEntry {
    ICalendarEntry { name: ICalendarProperty::Other(String::new()), params: Vec::new(), values: Vec::new() }
}

/// A line with a proper name, and where its value begins.
struct Content<'a> {
    number: usize,
    text: Cow<'a, str>,
    value: usize,
}

impl<'a> Content<'a> {
    /// Whether its value is text that may go on in lines whose break was not escaped.
    fn is_text(&self) -> bool {
        let name = self.text.split([':', ';']).next().unwrap_or_default();
        ["DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT"].iter().any(|text| name.trim().eq_ignore_ascii_case(text))
    }

    /// A list of words cut where it is no list any more.
    fn shortened(mut self, findings: &mut Findings) -> Self {
        let name = self.text.split([':', ';']).next().unwrap_or_default();
        if !["CATEGORIES", "RESOURCES"].iter().any(|list| name.eq_ignore_ascii_case(list)) {
            return self;
        }
        if let Some((end, _)) = self.text[self.value..].match_indices(',').nth(MOST.1 - 1) {
            let kept = self.value + end;
            self.text.to_mut().truncate(kept);
            findings.refused(self.number, format!("言葉が多すぎるため、{}個だけ読みました。", MOST.1));
        }
        self
    }

    fn property(self, entry: ICalendarEntry) -> Property<'a> {
        let column = self.text[..self.value].chars().count() + 1;
        let raw = match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text[self.value..].trim()),
            Cow::Owned(text) => Cow::Owned(text[self.value..].trim().to_owned()),
        };
        Property { line: self.number, raw, column, entry }
    }
}

/// The most properties of one component, and the most values of one list of words.
const MOST: (usize, usize) = (30_000, 1_000);

fn content_lines<'a>(lines: &[Line<'a>], limits: &Limits, findings: &mut Findings) -> Vec<Content<'a>> {
    let mut contents: Vec<Content<'a>> = Vec::with_capacity(lines.len());
    for line in lines {
        if contents.len() >= MOST.0 {
            findings.refused(line.number, "項目が多すぎるため、ここから後は読みませんでした。");
            break;
        }
        let is_text = || contents.last().is_some_and(|before| before.is_text());
        let Some(name) = name_length(line.text).filter(|name| !(reads_on(line.text, *name) && is_text())) else {
            stray(line, contents.last_mut(), limits, findings);
            continue;
        };
        let value = value_at(line.text);
        let parameters = line.text[..value].bytes().filter(|byte| *byte == b';').count();
        if parameters > limits.parameters {
            findings.refused(line.number, "パラメーターが多すぎるため、この項目は読みませんでした。");
            continue;
        }
        let mut text = Cow::Borrowed(line.text);
        if line.text[..value].starts_with(char::is_whitespace) || line.text[name..].starts_with(char::is_whitespace) {
            text = format!("{}{}", line.text[..name].trim(), line.text[name..].trim_start()).into();
        }
        if let Some(quoted) = zone_in_quotes(&text) {
            findings.mended(line.number, "時間帯の名前に引用符がないため、補って読みました。");
            text = quoted.into();
        }
        let content = Content { number: line.number, value: value_at(&text), text };
        contents.push(content.shortened(findings));
    }
    contents
}

/// The length of a name that is followed by `:` or `;`, spaces around it included.
fn name_length(text: &str) -> Option<usize> {
    let end = text.find([':', ';'])?;
    let name = text[..end].trim_end();
    let named = name.trim_start();
    let proper = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!named.is_empty() && named.len() <= 100 && named.bytes().all(proper)).then_some(name.len())
}

/// Whether a line that seems to have a name is more likely the rest of a text: `https://…`, `Zoom: …`.
fn reads_on(text: &str, name: usize) -> bool {
    let (name, behind) = text.split_at(name);
    let is_address = ["http", "https", "mailto"].iter().any(|scheme| name.eq_ignore_ascii_case(scheme));
    let is_spoken = behind.starts_with(": ") && name.bytes().any(|byte| byte.is_ascii_lowercase());
    is_address || (is_spoken && ICalendarProperty::parse(name.trim().as_bytes()).is_none())
}

/// Where the value begins: after the first colon outside quotes, or the first at all where quotes do not match.
fn value_at(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.find(':').map_or(text.len(), |at| at + 1)
}

/// The line with quotes around a zone's name such as `(UTC+09:00) Osaka\, Sapporo\, Tokyo`, whose colon and commas are its own.
fn zone_in_quotes(text: &str) -> Option<String> {
    let (before, zone) = text.split_once(";TZID=(")?;
    let end = zone.find(';').or_else(|| zone.rfind(':'))?;
    if value_at(text) <= before.len() || zone.contains('"') {
        return None;
    }
    Some(format!("{before};TZID=\"({}\"{}", zone[..end].replace('\\', ""), &zone[end..]))
}

/// A line without a name: most often the rest of a text whose line break was not escaped.
fn stray<'a>(line: &Line<'a>, before: Option<&mut Content<'a>>, limits: &Limits, findings: &mut Findings) {
    if line.text.trim().is_empty() {
        return;
    }
    match before
        .filter(|content| content.is_text())
        .filter(|content| content.text.len() + line.text.len() < limits.line_bytes)
    {
        Some(content) => {
            let text = content.text.to_mut();
            text.push_str("\\n");
            text.push_str(line.text);
            findings.mended(line.number, "項目名のない行を、前の行の続きとして読みました。");
        }
        None => findings.refused(line.number, "項目名のない行を読みとばしました。"),
    }
}
