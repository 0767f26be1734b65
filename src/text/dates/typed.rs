//! Reading a typed date: first its parts (era, year, month, day), then the day they mean.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{DateFault, PartialDate};
use crate::text::kana::is_dash;
use crate::text::wareki::{self, ERAS, Era, FIRST_SOLAR_YEAR};

const LENGTH_AT_MOST: usize = 60;

/// What was typed, before anyone asks whether the calendar has it.
struct Parts {
    era: Option<Era>,
    year: u32,
    month: Option<u32>,
    day: Option<u32>,
}

/// Reads a date as people type it, to the day, the month or the year.
///
/// Taken: 2009-04-01, 2009/4/1, 2009.4.1, 20090401, H21.4.1, h21/4/1, 平21.4.1, 平成21年4月1日, 元年, 2009年4月, 平成3年, 2009,
/// in any width, with a weekday in brackets or midnight behind. A year past the end of its era is understood (平成32年 is 2020),
/// one before its beginning is refused with what was probably meant.
pub fn parse(typed: &str) -> Result<PartialDate, DateFault> {
    let text = tidy(typed)?;
    if text.contains("年度") {
        return Err(DateFault::FiscalYear);
    }
    parts(&text)?.date()
}

/// Reads a fiscal year, 平成21年度, H21年度, 2009年度 or 2009, and gives the Western year it begins in.
///
/// 平成31年度 and 令和元年度 are the same; 平成34年度, as old plans have it, is 2022; a second name in brackets is passed over.
pub fn parse_fiscal_year(typed: &str) -> Result<i32, DateFault> {
    let text = tidy(typed)?;
    let name = text.split('(').next().unwrap_or_default();
    let year = name.strip_suffix('度').unwrap_or(name);
    match parts(year).and_then(|parts| parts.date()) {
        Ok(PartialDate::Year(year)) => Ok(year),
        Err(DateFault::ShortYear) => Err(DateFault::ShortYear),
        _ => Err(DateFault::NoFiscalYear),
    }
}

/// One width, no spaces, no weekday, no midnight.
fn tidy(typed: &str) -> Result<String, DateFault> {
    if typed.chars().count() > LENGTH_AT_MOST {
        return Err(DateFault::Unreadable);
    }
    let normal = typed.nfkc().collect::<String>().to_lowercase();
    let day = match normal.trim().rsplit_once([' ', 't']) {
        Some((day, time)) if is_midnight(time) => day,
        _ => normal.trim(),
    };
    let plain: String = day.chars().filter(|letter| !letter.is_whitespace()).map(one_dash).collect();
    let text = without_weekday(&plain);
    if text.is_empty() { Err(DateFault::Empty) } else { Ok(text.to_owned()) }
}

/// What a spreadsheet puts behind a date when it is saved as text.
fn is_midnight(time: &str) -> bool {
    matches!(time.trim_end_matches('z'), "0:00" | "00:00" | "0:00:00" | "00:00:00" | "00:00:00.000")
}

fn one_dash(letter: char) -> char {
    if is_dash(letter) { '-' } else { letter }
}

fn without_weekday(text: &str) -> &str {
    let in_brackets = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    if let Some((day, note)) = in_brackets {
        return if note.chars().all(|letter| "月火水木金土日曜祝休振・".contains(letter)) {
            day
        } else {
            text
        };
    }
    let bare = text.strip_suffix("曜日").and_then(|text| text.strip_suffix(['月', '火', '水', '木', '金', '土', '日']));
    bare.unwrap_or(text)
}

fn parts(text: &str) -> Result<Parts, DateFault> {
    let (era, rest) = era(text);
    if rest.contains('年') {
        return in_words(era, rest);
    }
    if era.is_none() && rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        let (year, rest) = rest.split_at(4);
        let (month, day) = rest.split_at(2);
        return numbers(era, year, Some(month), Some(day));
    }
    let separator = rest.chars().find(|letter| "/.-".contains(*letter)).unwrap_or('/');
    let mut pieces = rest.split(separator);
    let (year, month, day) = (pieces.next().unwrap_or_default(), pieces.next(), pieces.next());
    if pieces.next().is_some() {
        return Err(DateFault::Unreadable);
    }
    numbers(era, year, month, day)
}

/// 平成21年, 平成21年4月 or 平成21年4月1日, the rest behind the era.
fn in_words(era: Option<Era>, text: &str) -> Result<Parts, DateFault> {
    let (year, rest) = text.split_once('年').ok_or(DateFault::Unreadable)?;
    if rest.is_empty() {
        return numbers(era, year, None, None);
    }
    let (month, rest) = rest.split_once('月').ok_or(DateFault::Unreadable)?;
    if rest.is_empty() {
        return numbers(era, year, Some(month), None);
    }
    numbers(era, year, Some(month), Some(rest.strip_suffix('日').ok_or(DateFault::Unreadable)?))
}

/// The era a date begins with: its name, its first kanji or its letter.
fn era(text: &str) -> (Option<Era>, &str) {
    for era in ERAS {
        let short = era.name.chars().next();
        let rest =
            text.strip_prefix(era.name).or_else(|| text.strip_prefix(short?)).or_else(|| text.strip_prefix(era.letter));
        if let Some(rest) = rest {
            return (Some(era), rest.strip_prefix('.').unwrap_or(rest));
        }
    }
    (None, text)
}

fn numbers(era: Option<Era>, year: &str, month: Option<&str>, day: Option<&str>) -> Result<Parts, DateFault> {
    let year = match (era, year) {
        (Some(_), "元") => 1,
        (Some(_), _) => number(year, 2)?,
        (None, _) if (1..=2).contains(&year.len()) && number(year, 2).is_ok() => return Err(DateFault::ShortYear),
        (None, _) if year.len() == 4 => number(year, 4)?,
        (None, _) => return Err(DateFault::Unreadable),
    };
    let month = month.map(|month| number(month, 2)).transpose()?;
    let day = day.map(|day| number(day, 2)).transpose()?;
    Ok(Parts { era, year, month, day })
}

fn number(digits: &str, at_most: usize) -> Result<u32, DateFault> {
    let plain = (1..=at_most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().map_err(|_| DateFault::Unreadable) } else { Err(DateFault::Unreadable) }
}

impl Parts {
    fn date(&self) -> Result<PartialDate, DateFault> {
        let written = i32::try_from(self.year).map_err(|_| DateFault::Unreadable)?;
        if written == 0 || (self.era.is_none() && written < 1000) {
            return Err(DateFault::Unreadable);
        }
        let year = self.era.map_or(written, |era| era.first.0 + written - 1);
        self.within_era(year)?;
        match (self.month, self.day) {
            (None, _) => Ok(PartialDate::Year(year)),
            (Some(month), None) if (1..=12).contains(&month) => Ok(PartialDate::Month { year, month }),
            (Some(month), day) => {
                let found = NaiveDate::from_ymd_opt(year, month, day.unwrap_or(0));
                found.map(PartialDate::Day).ok_or_else(|| DateFault::NoSuchDay(self.words(year)))
            }
        }
    }

    fn within_era(&self, year: i32) -> Result<(), DateFault> {
        let (Some(era), Some(month)) = (self.era, self.month) else { return Ok(()) };
        if year < FIRST_SOLAR_YEAR {
            return Err(DateFault::OldCalendar);
        }
        // A month is in the era when its last day is.
        let last_day = self.day.unwrap_or(31);
        if (year, month, last_day) >= era.first {
            return Ok(());
        }
        let tail = self.tail();
        let meant = wareki::year(year, month, last_day);
        Err(DateFault::BeforeEra { typed: self.words(year), meant: format!("{meant}{tail}") })
    }

    fn words(&self, year: i32) -> String {
        let year = self.era.map_or(format!("{year}年"), |era| wareki::era_year(era, year));
        format!("{year}{}", self.tail())
    }

    fn tail(&self) -> String {
        let month = self.month.map(|month| format!("{month}月")).unwrap_or_default();
        let day = self.day.map(|day| format!("{day}日")).unwrap_or_default();
        month + &day
    }
}
