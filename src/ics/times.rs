//! Dates, times, lengths and offsets as they stand in a file, well written or not.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// What was written, before any zone is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Written {
    /// A date.
    Date(NaiveDate),
    /// A time without a zone.
    Local(NaiveDateTime),
    /// A time in UTC.
    Utc(DateTime<Utc>),
}

/// A value and whether it was written as RFC 5545 wants it.
pub(super) type Read<T> = (T, bool);

/// DATE or DATE-TIME (RFC 5545 §3.3.4, §3.3.5), and the other ways in which programs write them.
pub(super) fn date_or_time(text: &str) -> Option<Read<Written>> {
    let bytes = text.as_bytes();
    let well_formed = match bytes.len() {
        8 => true,
        15 => bytes[8] == b'T',
        16 => bytes[8] == b'T' && bytes[15] == b'Z',
        _ => false,
    };
    if !well_formed {
        return loosely(text).map(|written| (written, false));
    }
    let date = date(number(bytes, 0..4)?, number(bytes, 4..6)?, number(bytes, 6..8)?)?;
    if bytes.len() == 8 {
        return Some((Written::Date(date), true));
    }
    let local = moment(date, number(bytes, 9..11)?, number(bytes, 11..13)?, number(bytes, 13..15)?)?;
    let written = if bytes.len() == 16 { Written::Utc(local.and_utc()) } else { Written::Local(local) };
    Some((written, true))
}

fn number(bytes: &[u8], range: std::ops::Range<usize>) -> Option<u32> {
    let digits = bytes.get(range)?;
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Hour 24 is the end of the day, second 60 a leap second that we do not keep.
fn moment(date: NaiveDate, hour: u32, minute: u32, second: u32) -> Option<NaiveDateTime> {
    if (hour, minute, second) == (24, 0, 0) {
        return date.succ_opt().map(|next| next.and_time(NaiveTime::MIN));
    }
    NaiveTime::from_hms_opt(hour, minute, second.min(59)).filter(|_| second <= 60).map(|time| date.and_time(time))
}

/// `2026-04-01`, `2026/4/1 9:00`, `20260401T0900Z`, `2026-04-01T09:00:00.000+09:00`.
fn loosely(text: &str) -> Option<Written> {
    let text = text.trim().trim_matches('"');
    let split = text.find(['T', 't', ' ']);
    let (day, time) = split.map_or((text, ""), |at| (&text[..at], text[at + 1..].trim()));
    let date = loose_date(day)?;
    if time.is_empty() {
        return Some(Written::Date(date));
    }
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let local = loose_clock(date, clock)?;
    match zone {
        "" => Some(Written::Local(local)),
        "Z" | "z" => Some(Written::Utc(local.and_utc())),
        _ => Some(Written::Utc(local.checked_sub_offset(offset(zone)?)?.and_utc())),
    }
}

fn loose_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts[..] {
        [all] if all.len() == 8 => {
            date(number(all.as_bytes(), 0..4)?, number(all.as_bytes(), 4..6)?, number(all.as_bytes(), 6..8)?)
        }
        [year, month, day] if year.len() == 4 => date(whole(year)?, whole(month)?, whole(day)?),
        _ => None,
    }
}

fn loose_clock(date: NaiveDate, text: &str) -> Option<NaiveDateTime> {
    let text = text.split('.').next().unwrap_or(text).trim();
    if text.contains(':') {
        let mut parts = text.split(':').map(whole);
        let (hour, minute) = (parts.next()??, parts.next()??);
        return moment(date, hour, minute, parts.next().unwrap_or(Some(0))?);
    }
    let bytes = text.as_bytes();
    match bytes.len() {
        2 | 4 | 6 => moment(
            date,
            number(bytes, 0..2)?,
            if bytes.len() > 2 { number(bytes, 2..4)? } else { 0 },
            if bytes.len() > 4 { number(bytes, 4..6)? } else { 0 },
        ),
        _ => None,
    }
}

fn whole(text: &str) -> Option<u32> {
    (text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// DURATION (RFC 5545 §3.3.6) as calendar days and exact time, both with the sign.
pub(super) fn duration(text: &str) -> Option<(i64, TimeDelta)> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let rest = rest.strip_prefix('P')?;
    let (mut days, mut seconds, mut digits, mut any) = (0i64, 0i64, String::new(), false);
    for letter in rest.chars() {
        if letter.is_ascii_digit() && digits.len() < 9 {
            digits.push(letter);
            continue;
        }
        if letter == 'T' && digits.is_empty() {
            continue;
        }
        let amount: i64 = digits.parse().ok()?;
        match letter {
            'W' => days += amount * 7,
            'D' => days += amount,
            'H' => seconds += amount * 3_600,
            'M' => seconds += amount * 60,
            'S' => seconds += amount,
            _ => return None,
        }
        digits.clear();
        any = true;
    }
    let time = TimeDelta::try_seconds(sign * seconds)?;
    (any && digits.is_empty() && days < 4_000_000).then_some((sign * days, time))
}

/// UTC-OFFSET (RFC 5545 §3.3.14), with or without a colon.
pub(super) fn offset(text: &str) -> Option<FixedOffset> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.replace(':', "");
    let bytes = digits.as_bytes();
    if !matches!(bytes.len(), 2 | 4 | 6) {
        return None;
    }
    let part = |at: usize| if at < bytes.len() { number(bytes, at..at + 2) } else { Some(0) };
    let seconds = part(0)? * 3_600 + part(2)? * 60 + part(4)?;
    FixedOffset::east_opt(sign * i32::try_from(seconds).ok()?)
}
