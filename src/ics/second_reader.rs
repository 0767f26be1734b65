//! The second opinion: the same lines read by the independent `ical` crate, and where it reads otherwise.
//!
//! It gets lines that were unfolded, decoded and capped before: on raw bytes it loses spaces and takes quadratic time.

use std::collections::HashMap;

use ical::IcalParser;
use ical::parser::ParserError;
use ical::parser::ical::component::IcalEvent;
use ical::property::PropertyError;

use super::limits::Limits;
use super::lines::Lines;
use super::model::Event;
use super::times::{Written, date_or_time};

/// The most differences that are told.
const MOST: usize = 50;

/// Where the second reader differs, in Japanese sentences; none if both read alike.
///
/// `begins` are the lines of every BEGIN:VEVENT, `events` what was read of them.
pub(super) fn differences(lines: &Lines, begins: &[usize], events: &[Event], limits: &Limits) -> Vec<String> {
    let (text, numbers) = sound(lines, limits);
    let mut theirs: Vec<IcalEvent> = Vec::new();
    for calendar in IcalParser::new(text.as_bytes()) {
        match calendar {
            Ok(calendar) => theirs.extend(calendar.events),
            Err(error) => {
                let why = why(&error, &numbers);
                return vec![format!(
                    "別の読み取りプログラムは、このファイルを最後まで読めません（{why}）。ほかのアプリでも同じことが起こるかもしれません。"
                )];
            }
        }
    }
    if theirs.len() != begins.len() {
        let (ours, theirs) = (begins.len(), theirs.len());
        return vec![format!(
            "予定の数が読み取りプログラムによって異なります（この仕組み：{ours}件、別のプログラム：{theirs}件）。"
        )];
    }
    let by_line: HashMap<usize, &Event> = events.iter().map(|event| (event.line, event)).collect();
    let pairs = begins.iter().zip(&theirs).filter_map(|(line, other)| Some((*by_line.get(line)?, other)));
    let mut told: Vec<String> = pairs.flat_map(|(event, other)| between(event, other)).take(MOST - 1).collect();
    let refused = begins.iter().filter(|line| !by_line.contains_key(line)).count();
    if refused > 0 {
        told.push(format!(
            "取り込めない{refused}件も、別の読み取りプログラムは予定として数えます。日時のおかしい予定として出るアプリがあるかもしれません。"
        ));
    }
    told
}

/// The lines that the second reader may see, and the lines of the file they stand on.
fn sound(lines: &Lines, limits: &Limits) -> (String, Vec<usize>) {
    let is_sound = |line: &str| {
        line.bytes().filter(|byte| matches!(byte, b';' | b',')).count() <= limits.parameters || !has_parameters(line)
    };
    let (mut text, mut numbers) = (String::new(), Vec::new());
    for line in lines.iter().filter(|line| is_sound(line.text)) {
        text.push_str(line.text);
        text.push_str("\r\n");
        numbers.push(line.number);
    }
    (text, numbers)
}

/// Why it gives up, in words for whoever looks after the file.
fn why(error: &ParserError, numbers: &[usize]) -> String {
    use PropertyError as Fault;
    let (line, what) = match error {
        ParserError::InvalidComponent => return "BEGINとENDの組が合いません".to_owned(),
        ParserError::NotComplete => return "途中で終わっています".to_owned(),
        ParserError::MissingHeader => return "「BEGIN:VCALENDAR」で始まっていません".to_owned(),
        ParserError::PropertyError(fault) => match fault {
            Fault::MissingName { line } => (line, "項目名がありません"),
            Fault::MissingClosingQuote { line } => (line, "引用符が閉じていません"),
            Fault::MissingDelimiter { line, .. } => (line, "項目名の後に「:」がありません"),
            Fault::MissingContentAfter { line, .. } => (line, "値がありません"),
            Fault::MissingParamKey { line } => (line, "パラメーターの名前がありません"),
        },
    };
    match line.checked_sub(1).and_then(|at| numbers.get(at)) {
        Some(number) => format!("{number}行目：{what}"),
        None => what.to_owned(),
    }
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
