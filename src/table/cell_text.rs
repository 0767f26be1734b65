//! The text of an Excel cell, as near as possible to what its author saw and typed.

use calamine::{DataRef, ExcelDateTime, NumberFormat};

/// Dates and times become ISO text, whole numbers have no decimal point, percentages keep their sign, and codes shown
/// with leading zeros keep them; a formula counts as its last result.
pub(super) fn shown(value: &DataRef, format: Option<&NumberFormat>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => figure(*number, &tokens(format)),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => duration(moment.as_f64()),
        DataRef::DateTime(moment) => date_time(moment, &tokens(format)),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).replacen('T', " ", 1),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The format's first section in lower case without quoted text, escaped characters and bracketed codes.
fn tokens(format: Option<&NumberFormat>) -> String {
    let Some(format) = format else { return String::new() };
    // Built-in formats of Japanese Excel that show a year and a month only (ECMA-376 part 1, 18.8.30).
    if matches!(format.format_id, Some(34 | 52 | 55)) {
        return "yyyym".to_owned();
    }
    let (mut tokens, mut characters) = (String::new(), format.format_code.chars());
    while let Some(character) = characters.next() {
        match character {
            ';' => break,
            '"' => drop(characters.by_ref().find(|c| *c == '"')),
            '[' => drop(characters.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(characters.next()),
            other => tokens.push(other.to_ascii_lowercase()),
        }
    }
    tokens
}

fn figure(number: f64, tokens: &str) -> String {
    if tokens.contains('%') {
        return format!("{}%", rounded(number * 100.0));
    }
    let text = rounded(number);
    let is_code = tokens.len() > 1 && tokens.bytes().all(|byte| byte == b'0');
    if is_code && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{text:0>width$}", width = tokens.len());
    }
    text
}

/// To the 15 significant digits Excel works with, so that 0.1 + 0.2 is 0.3.
fn rounded(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A length of time, shown as [h]:mm.
fn duration(days: f64) -> String {
    let seconds = (days * 86_400.0).round();
    if !(0.0..1e12).contains(&seconds) {
        return rounded(days);
    }
    let seconds = seconds as u64;
    clock(seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn clock(hours: u64, minutes: u64, seconds: u64) -> String {
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

/// A day, a time of day, both, or a month, by the value and by what the format shows.
fn date_time(moment: &ExcelDateTime, tokens: &str) -> String {
    let serial = moment.as_f64();
    if !(0.0..2_958_466.0).contains(&serial) {
        return rounded(serial);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = clock(hour.into(), minute.into(), second.into());
    let shows = |any: &str| tokens.contains(|token| any.contains(token));
    if serial < 1.0 {
        return time;
    }
    if shows("yge") && shows("m") && !shows("dahs") && day == 1 {
        return format!("{year:04}-{month:02}");
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let is_midnight = (hour, minute, second) == (0, 0, 0);
    let hides_time = shows("d") && !shows("hs");
    if is_midnight || hides_time { date } else { format!("{date} {time}") }
}
