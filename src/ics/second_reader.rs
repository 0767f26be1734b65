//! The second opinion: the same lines read by the independent `ical` crate, and where it reads otherwise.
//!
//! It gets lines that were unfolded, decoded and capped before: on raw bytes it loses spaces and takes quadratic time.

use ical::IcalParser;
use ical::parser::ical::component::IcalEvent;

use super::limits::Limits;
use super::lines::Lines;
use super::model::Event;
use super::times::{Written, date_or_time};

/// The most differences that are told.
const MOST: usize = 50;

/// Where the second reader differs, in Japanese sentences; none if both read alike.
pub(super) fn differences(lines: &Lines, events: &[Event], limits: &Limits) -> Vec<String> {
    let mut text = String::new();
    let is_sound = |line: &str| {
        line.bytes().filter(|byte| matches!(byte, b';' | b',')).count() <= limits.parameters || !has_parameters(line)
    };
    for line in lines.iter().filter(|line| is_sound(line.text)) {
        text.push_str(line.text);
        text.push_str("\r\n");
    }
    let mut theirs: Vec<IcalEvent> = Vec::new();
    for calendar in IcalParser::new(text.as_bytes()) {
        match calendar {
            Ok(calendar) => theirs.extend(calendar.events),
            Err(error) => {
                return vec![format!(
                    "別の読み取りプログラムはこのファイルを最後まで読めません（{error}）。ほかのアプリでも同じことが起こるかもしれません。"
                )];
            }
        }
    }
    if theirs.len() != events.len() {
        let (ours, theirs) = (events.len(), theirs.len());
        return vec![format!(
            "予定の数が読み取りプログラムによって異なります（この仕組み：{ours}件、別のプログラム：{theirs}件）。"
        )];
    }
    events.iter().zip(&theirs).flat_map(|(event, other)| between(event, other)).take(MOST).collect()
}

fn has_parameters(line: &str) -> bool {
    line.find(';').is_some_and(|semicolon| line.find(':').is_none_or(|colon| semicolon < colon))
}

fn between(event: &Event, other: &IcalEvent) -> Vec<String> {
    let mut found = Vec::new();
    let mut tell = |name: &str, ours: Option<&str>, theirs: Option<String>| {
        let theirs = theirs.filter(|text| !text.trim().is_empty());
        if ours.map(str::trim) != theirs.as_deref().map(str::trim) {
            let shown = |text: Option<&str>| text.map_or("なし".to_owned(), |text| text.chars().take(60).collect());
            let (ours, theirs) = (shown(ours), shown(theirs.as_deref()));
            found.push(format!(
                "{}行目の予定の{name}が異なります（この仕組み：{ours}、別のプログラム：{theirs}）。",
                event.line
            ));
        }
    };
    tell("識別子（UID）", event.uid.as_deref(), value(other, "UID").map(unescaped));
    tell("件名（SUMMARY）", event.summary.as_deref(), value(other, "SUMMARY").map(unescaped));
    let start = |written: Written| match written {
        Written::Date(date) => date.to_string(),
        Written::Local(local) => local.to_string(),
        Written::Utc(instant) => instant.naive_utc().to_string(),
    };
    let ours =
        if event.start.is_date() { event.start.wall().date().to_string() } else { event.start.wall().to_string() };
    let theirs = value(other, "DTSTART")
        .map(|text| date_or_time(text.trim()).map_or(text.to_owned(), |(written, _)| start(written)));
    tell("開始（DTSTART）", Some(&ours), theirs);
    found
}

fn value<'a>(event: &'a IcalEvent, name: &str) -> Option<&'a str> {
    event.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))?.value.as_deref()
}

/// TEXT without its escapes (RFC 5545 §3.3.11); the crate leaves them in.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(escaped) => plain.push(escaped),
                None => {}
            },
            _ => plain.push(letter),
        }
    }
    super::property::clean(&plain)
}
