//! When a row of a table says that something takes place.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use super::super::draft::Span;
use super::candidate::Candidate;
use crate::ics::Zone;
use crate::table::quoted;
use crate::text::dates::{self, PartialDate};
use crate::text::times::{TimeFault, parse_time};

/// The cells of a row that say when.
#[derive(Debug, Default)]
pub(super) struct Typed<'a> {
    pub start_day: &'a str,
    pub end_day: &'a str,
    pub start_time: &'a str,
    pub end_time: &'a str,
}

/// When it takes place and what else is to be said about the time; nothing when the row is refused.
pub(super) fn span(typed: &Typed<'_>, zone: Tz, candidate: &mut Candidate) -> Option<(Span, String)> {
    let first = start_day(typed.start_day, candidate)?;
    let last = end_day(typed.end_day, first, candidate);
    let mut left_over = Vec::new();
    let (starts, ends) = clock(typed, &mut left_over, candidate);
    let Some(starts) = starts else {
        left_over.extend(ends.map(|_| format!("終了 {}", typed.end_time)));
        return Some((Span::Days { first, last }, left_over.join("、")));
    };
    let over_night = ends.is_some_and(|ends| last == first + Days::new(1) && ends.at <= starts && !ends.is_next_day);
    if last > first && !over_night {
        let until = ends.map(|_| format!("、終了 {}", typed.end_time)).unwrap_or_default();
        left_over.push(format!("開始 {}{until}", typed.start_time));
        candidate.note("数日にわたるため終日の予定とし、時刻は日時の備考に残しました。".to_owned());
        return Some((Span::Days { first, last }, left_over.join("、")));
    }
    let starts = first.and_time(starts);
    let ends = ends.map(|ends| ends.on(last)).filter(|ends| {
        if *ends < starts {
            candidate.note("終了時刻が開始時刻より前なので、終了時刻は分からないものとしました。".to_owned());
        }
        *ends > starts
    });
    let span = Span::Times { starts: utc(starts, zone), ends: ends.map(|ends| utc(ends, zone)) };
    Some((span, left_over.join("、")))
}

fn utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    Zone::Iana(zone).to_utc(local)
}

fn start_day(typed: &str, candidate: &mut Candidate) -> Option<NaiveDate> {
    if typed.trim().is_empty() {
        candidate.refuse("開始日がないため、取り込めません。".to_owned());
        return None;
    }
    match dates::parse(typed) {
        Ok(PartialDate::Day(day)) if (1900..2200).contains(&day.year()) => return Some(day),
        Ok(PartialDate::Day(_)) => {
            candidate.refuse(format!("開始日: {}は暦の範囲（1900年から2199年）の外です。", quoted(typed)))
        }
        Ok(_) => candidate.refuse(format!("開始日: {}は日まで書かれていないため、取り込めません。", quoted(typed))),
        Err(fault) => candidate.refuse(format!("開始日: {fault}")),
    }
    None
}

fn end_day(typed: &str, first: NaiveDate, candidate: &mut Candidate) -> NaiveDate {
    if typed.trim().is_empty() {
        return first;
    }
    match dates::parse(typed) {
        Ok(PartialDate::Day(day)) if day >= first && day.year() < 2200 => return day,
        Ok(PartialDate::Day(day)) if day < first => {
            candidate.note(format!("終了日: {}は開始日より前なので、開始日と同じ日としました。", quoted(typed)));
        }
        Ok(_) => candidate.note(format!("終了日: {}は使えないため、開始日と同じ日としました。", quoted(typed))),
        Err(fault) => candidate.note(format!("終了日: {fault} 開始日と同じ日としました。")),
    }
    first
}

/// A time of the clock, or the midnight at the end of the day.
#[derive(Clone, Copy, Debug)]
struct ClockTime {
    at: NaiveTime,
    is_next_day: bool,
}

impl ClockTime {
    fn on(self, day: NaiveDate) -> NaiveDateTime {
        let day = if self.is_next_day { day.checked_add_days(Days::new(1)).unwrap_or(day) } else { day };
        day.and_time(self.at)
    }
}

fn clock(
    typed: &Typed<'_>,
    left_over: &mut Vec<String>,
    candidate: &mut Candidate,
) -> (Option<NaiveTime>, Option<ClockTime>) {
    if let Some((starts, ends)) = range(typed.start_time).filter(|_| typed.end_time.trim().is_empty()) {
        return (Some(starts), Some(ends));
    }
    let mut read = |label: &str, text: &str| match one(text) {
        Some(Ok(time)) => Some(time),
        Some(Err(())) => {
            left_over.push(format!("{label} {}", text.trim()));
            candidate.note(format!("{label}時刻: {}は時刻として読めないため、日時の備考に残しました。", quoted(text)));
            None
        }
        None => None,
    };
    let starts = read("開始", typed.start_time);
    let ends = read("終了", typed.end_time);
    (starts.filter(|time| !time.is_next_day).map(|time| time.at), ends)
}

/// Nothing for an empty cell, a fault for free text.
fn one(text: &str) -> Option<Result<ClockTime, ()>> {
    match parse_time(text) {
        Ok(at) => Some(Ok(ClockTime { at, is_next_day: false })),
        Err(TimeFault::Empty) => None,
        Err(TimeFault::NextDay) if is_midnight(text) => Some(Ok(ClockTime { at: NaiveTime::MIN, is_next_day: true })),
        Err(_) => Some(Err(())),
    }
}

fn is_midnight(text: &str) -> bool {
    let plain: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    matches!(plain.as_str(), "24:00" | "24:00:00" | "24時" | "24時00分")
}

/// Two times in one cell, such as 10:00～12:00.
fn range(text: &str) -> Option<(NaiveTime, ClockTime)> {
    let (starts, ends) = text.split_once(['~', '～', '〜', '-', '－', '−', '–', 'か'])?;
    let ends = ends.trim_start_matches('ら').trim_end_matches("まで");
    match (one(starts)?, one(ends)?) {
        (Ok(starts), Ok(ends)) if !starts.is_next_day => Some((starts.at, ends)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: [&str; 4]) -> (String, Vec<String>) {
        let [start_day, end_day, start_time, end_time] = cells;
        let mut candidate = Candidate::new(2, "");
        let typed = Typed { start_day, end_day, start_time, end_time };
        let found = span(&typed, Tz::Asia__Tokyo, &mut candidate);
        let told = match found {
            None => "refused".to_owned(),
            Some((Span::Days { first, last }, note)) => format!("{first}/{last} {note}"),
            Some((Span::Times { starts, ends }, note)) => {
                let clock = |at: DateTime<Utc>| at.with_timezone(&Tz::Asia__Tokyo).format("%m-%d %H:%M").to_string();
                format!("{}/{} {note}", clock(starts), ends.map(clock).unwrap_or_default())
            }
        };
        (told.trim_end().to_owned(), candidate.notes)
    }

    fn quietly(cells: [&str; 4], expected: &str) {
        assert_eq!(read(cells), (expected.to_owned(), vec![]), "{cells:?}");
    }

    fn noting(cells: [&str; 4], expected: &str, part: &str) {
        let (told, notes) = read(cells);
        assert_eq!(told, expected, "{cells:?}");
        assert!(notes.len() == 1 && notes[0].contains(part), "{notes:?}");
    }

    #[test]
    fn days_and_times_are_read_in_the_forms_people_type() {
        quietly(["2026-11-23", "", "", ""], "2026-11-23/2026-11-23");
        quietly(["令和8年11月23日", "R8.11.24", "", ""], "2026-11-23/2026-11-24");
        quietly(["2026-11-23", "", "９：３０", "11時半"], "11-23 09:30/11-23 11:30");
        quietly(["2026-11-23", "", "9:30", ""], "11-23 09:30/");
        quietly(["2026-11-23", "", "10:00～12:00", ""], "11-23 10:00/11-23 12:00");
    }

    #[test]
    fn the_night_and_its_midnight_are_understood() {
        quietly(["2026-11-23", "", "19:00", "24:00"], "11-23 19:00/11-24 00:00");
        quietly(["2026-11-23", "2026-11-24", "22:00", "5:00"], "11-23 22:00/11-24 05:00");
    }

    #[test]
    fn several_days_with_hours_are_whole_days_and_keep_the_hours_as_a_note() {
        noting(["2026-11-20", "2026-11-23", "9:00", "17:00"], "2026-11-20/2026-11-23 開始 9:00、終了 17:00", "終日");
    }

    #[test]
    fn an_end_before_the_start_is_mended_and_told() {
        noting(["2026-11-23", "2026-10-23", "", ""], "2026-11-23/2026-11-23", "開始日より前");
        noting(["2026-11-23", "", "13:00", "12:00"], "11-23 13:00/", "開始時刻より前");
        quietly(["2026-11-23", "", "13:00", "13:00"], "11-23 13:00/");
    }

    #[test]
    fn free_text_for_a_time_is_kept_as_a_note() {
        noting(["2026-11-23", "", "日の出のころ", ""], "2026-11-23/2026-11-23 開始 日の出のころ", "日の出");
        quietly(["2026-11-23", "", "", "16:00"], "2026-11-23/2026-11-23 終了 16:00");
    }

    #[test]
    fn a_row_without_a_day_is_refused_with_the_reason() {
        noting(["", "", "10:00", ""], "refused", "開始日がない");
        noting(["平成21年2月29日", "", "", ""], "refused", "開始日");
        noting(["2026年11月", "", "", ""], "refused", "日まで");
    }
}
