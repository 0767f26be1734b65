//! Times of day as people type them.

use std::fmt;

use chrono::NaiveTime;
use unicode_normalization::UnicodeNormalization;

const LENGTH_AT_MOST: usize = 40;

/// A typed time that cannot be taken; as text, a sentence for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFault {
    /// Nothing was typed.
    Empty,
    /// It has no form of a time, or the day has no such time.
    Unreadable,
    /// 24:00 or later, which is a time of the next day.
    NextDay,
    /// 午前12時 or 午後12時, which people take for noon and for midnight.
    Noon,
}

impl fmt::Display for TimeFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "時刻を入力してください。"),
            Self::Unreadable => {
                write!(out, "時刻として読めません。9:30、13時30分、午後1時半のように入力してください。")
            }
            Self::NextDay => write!(out, "24時からあとは翌日の日付にして、0:00のように入力してください。"),
            Self::Noon => write!(out, "昼の12時は12:00、夜の12時は0:00のように、24時間の書き方で入力してください。"),
        }
    }
}

impl std::error::Error for TimeFault {}

/// Reads a time of day: 9:30, 09:30:00, 9時, 9時半, 9時30分, 午後1時30分, 正午, in any width.
pub fn parse_time(typed: &str) -> Result<NaiveTime, TimeFault> {
    if typed.chars().count() > LENGTH_AT_MOST {
        return Err(TimeFault::Unreadable);
    }
    let normal: String = typed.nfkc().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
    match normal.as_str() {
        "" => Err(TimeFault::Empty),
        "正午" => time(12, 0, 0),
        text => in_half_day(text),
    }
}

fn in_half_day(text: &str) -> Result<NaiveTime, TimeFault> {
    let morning = text.strip_prefix("午前").or_else(|| text.strip_prefix("am"));
    let afternoon = text.strip_prefix("午後").or_else(|| text.strip_prefix("pm"));
    let (hour, minute, second) = clock(morning.or(afternoon).unwrap_or(text))?;
    match (morning.is_some() || afternoon.is_some(), hour) {
        (false, 24..) => Err(TimeFault::NextDay),
        (true, 12) => Err(TimeFault::Noon),
        (true, 13..) => Err(TimeFault::Unreadable),
        _ => time(hour + if afternoon.is_some() { 12 } else { 0 }, minute, second),
    }
}

fn time(hour: u32, minute: u32, second: u32) -> Result<NaiveTime, TimeFault> {
    NaiveTime::from_hms_opt(hour, minute, second).ok_or(TimeFault::Unreadable)
}

/// Hour, minute and second as written on a clock face or in words.
fn clock(text: &str) -> Result<(u32, u32, u32), TimeFault> {
    if let Some((hour, rest)) = text.split_once('時') {
        let minute = match rest {
            "" => 0,
            "半" => 30,
            _ => number(rest.strip_suffix('分').unwrap_or(rest))?,
        };
        return Ok((number(hour)?, minute, 0));
    }
    let pieces: Vec<&str> = text.split(':').collect();
    match pieces[..] {
        [hour, minute] => Ok((number(hour)?, number(minute)?, 0)),
        [hour, minute, second] => Ok((number(hour)?, number(minute)?, number(second)?)),
        _ => Err(TimeFault::Unreadable),
    }
}

fn number(digits: &str) -> Result<u32, TimeFault> {
    let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().map_err(|_| TimeFault::Unreadable) } else { Err(TimeFault::Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> String {
        parse_time(typed).map_or_else(|fault| format!("{fault:?}"), |time| time.to_string())
    }

    #[test]
    fn every_usual_form_of_a_time_is_read() {
        for typed in [
            "9:30",
            "09:30",
            "９：３０",
            "9時半",
            "９時３０分",
            "9時30",
            "午前9時30分",
            "AM 9:30",
            "09:30:00",
            " 9 : 30 ",
        ] {
            assert_eq!(read(typed), "09:30:00", "{typed}");
        }
        for typed in ["13:30:00", "午後1時30分", "午後1時半", "pm1:30", "13時半"] {
            assert_eq!(read(typed), "13:30:00", "{typed}");
        }
        assert_eq!((read("0:00"), read("午前0時")), ("00:00:00".to_owned(), "00:00:00".to_owned()));
        assert_eq!((read("正午"), read("午後0時30分")), ("12:00:00".to_owned(), "12:30:00".to_owned()));
        assert_eq!(read("23:59:59"), "23:59:59");
    }

    #[test]
    fn a_time_of_the_next_day_or_of_two_meanings_is_refused_with_a_way_out() {
        for typed in ["24:00", "25時30分"] {
            assert_eq!(parse_time(typed), Err(TimeFault::NextDay), "{typed}");
        }
        for typed in ["午後12時", "午前12時30分", "PM12:00"] {
            assert_eq!(parse_time(typed), Err(TimeFault::Noon), "{typed}");
        }
        assert_eq!(TimeFault::NextDay.to_string(), "24時からあとは翌日の日付にして、0:00のように入力してください。");
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(parse_time("　"), Err(TimeFault::Empty));
        for typed in [
            "9",
            "930",
            "9:60",
            "9:30:61",
            "9.30",
            "午後13時",
            "9:30〜10:00",
            "未定",
            "-1:00",
            "9時30分頃",
            ":",
            "1:2:3:4",
            "٩:30",
        ] {
            assert_eq!(parse_time(typed), Err(TimeFault::Unreadable), "{typed}");
        }
        assert_eq!(parse_time(&"9".repeat(1_000_000)), Err(TimeFault::Unreadable));
    }
}
