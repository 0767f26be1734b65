//! 国民の祝日: the national holidays by the rules of 国民の祝日に関する法律 (昭和23年法律第178号, as amended), for 2000 to 2099.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The name of the holiday on this day, with 振替休日 and 国民の休日; nothing outside 2000–2099.
pub fn holiday(day: NaiveDate) -> Option<&'static str> {
    if !(2000..=2099).contains(&day.year()) {
        return None;
    }
    named(day).or_else(|| substitute(day)).or_else(|| between_two(day))
}

/// Says whether this holiday may still move because its equinox is not announced yet.
///
/// The equinoxes of a year are fixed by the 暦要項 in the gazette of 1 February of the year before.
pub fn is_provisional(day: NaiveDate, today: NaiveDate) -> bool {
    let announced_until = today.year() + i32::from(today.month() >= 2);
    // In March and September every holiday but 敬老の日 hangs on the equinox.
    let by_equinox = matches!(day.month(), 3 | 9) && holiday(day).is_some_and(|name| name != "敬老の日");
    by_equinox && day.year() > announced_until
}

/// The days that have a name of their own in the law.
fn named(day: NaiveDate) -> Option<&'static str> {
    let (year, month, number) = (day.year(), day.month(), day.day());
    if let Some(moved) = moved_for_ceremonies(year, month, number) {
        return moved;
    }
    let nth_monday = if day.weekday() == Weekday::Mon { number.div_ceil(7) } else { 0 };
    match (month, number) {
        (1, 1) => Some("元日"),
        (1, _) if nth_monday == 2 => Some("成人の日"),
        (2, 11) => Some("建国記念の日"),
        (2, 23) if year >= 2020 => Some("天皇誕生日"),
        (3, _) if number == spring_equinox(year) => Some("春分の日"),
        (4, 29) => Some(if year >= 2007 { "昭和の日" } else { "みどりの日" }),
        (5, 3) => Some("憲法記念日"),
        (5, 4) if year >= 2007 => Some("みどりの日"),
        (5, 5) => Some("こどもの日"),
        (7, 20) if year < 2003 => Some("海の日"),
        (7, _) if year >= 2003 && nth_monday == 3 => Some("海の日"),
        (8, 11) if year >= 2016 => Some("山の日"),
        (9, 15) if year < 2003 => Some("敬老の日"),
        (9, _) if year >= 2003 && nth_monday == 3 => Some("敬老の日"),
        (9, _) if number == autumn_equinox(year) => Some("秋分の日"),
        (10, _) if nth_monday == 2 => Some(if year >= 2020 { "スポーツの日" } else { "体育の日" }),
        (11, 3) => Some("文化の日"),
        (11, 23) => Some("勤労感謝の日"),
        (12, 23) if year < 2019 => Some("天皇誕生日"),
        _ => None,
    }
}

/// 2019 had two days for the accession (平成30年法律第99号); 2020 and 2021 moved three for the Olympic Games
/// (平成27年法律第33号, 令和2年法律第68号). Inside, nothing means that the usual rule does not hold in this month.
fn moved_for_ceremonies(year: i32, month: u32, day: u32) -> Option<Option<&'static str>> {
    match (year, month, day) {
        (2019, 5, 1) => Some(Some("即位の日")),
        (2019, 10, 22) => Some(Some("即位礼正殿の儀の行われる日")),
        (2020, 7, 23) | (2021, 7, 22) => Some(Some("海の日")),
        (2020, 7, 24) | (2021, 7, 23) => Some(Some("スポーツの日")),
        (2020, 8, 10) | (2021, 8, 8) => Some(Some("山の日")),
        (2020 | 2021, 7 | 8 | 10, _) => Some(None),
        _ => None,
    }
}

/// A holiday on a Sunday gives the next day that is none; until 2006 the Monday behind it.
fn substitute(day: NaiveDate) -> Option<&'static str> {
    let mut before = day.pred_opt()?;
    while named(before).is_some() {
        if before.weekday() == Weekday::Sun {
            return Some("振替休日");
        }
        if day.year() < 2007 {
            return None;
        }
        before = before.pred_opt()?;
    }
    None
}

/// A day between two named ones; until 2006 not if it is a Sunday.
fn between_two(day: NaiveDate) -> Option<&'static str> {
    let between = named(day.pred_opt()?).is_some() && named(day.checked_add_days(Days::new(1))?).is_some();
    let counts = day.year() >= 2007 || day.weekday() != Weekday::Sun;
    (between && counts).then_some("国民の休日")
}

// The day of the equinox in Japanese time for 1980–2099, after the approximation of 新こよみ便利帳, in millionths of a day.
fn spring_equinox(year: i32) -> u32 {
    equinox(year, 20_843_100)
}

fn autumn_equinox(year: i32) -> u32 {
    equinox(year, 23_248_800)
}

fn equinox(year: i32, in_1980: i32) -> u32 {
    let since = year - 1980;
    let day = (in_1980 + 242_194 * since) / 1_000_000 - since / 4;
    day.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day of the calendar")
    }

    fn published() -> BTreeMap<NaiveDate, &'static str> {
        let rows = include_str!("../../seeds/holidays.csv").lines().skip(1);
        rows.map(|row| row.split_once(',').expect("a date and a name")).map(|(date, name)| (day(date), name)).collect()
    }

    #[test]
    fn the_rules_give_the_published_holidays_and_no_other_day() {
        let ruled: BTreeMap<_, _> = day("2009-01-01")
            .iter_days()
            .take_while(|day| day.year() <= 2030)
            .filter_map(|day| holiday(day).map(|name| (day, name)))
            .collect();
        assert_eq!(ruled.len(), 390);
        assert_eq!(ruled, published());
    }

    #[test]
    fn before_2007_other_rules_held() {
        let days = [
            ("2000-05-04", Some("国民の休日")),
            ("2003-05-04", None),
            ("2004-04-29", Some("みどりの日")),
            ("2002-07-20", Some("海の日")),
            ("2002-09-15", Some("敬老の日")),
            ("2002-09-16", Some("振替休日")),
            ("2003-09-15", Some("敬老の日")),
            ("2005-12-23", Some("天皇誕生日")),
            ("2006-01-02", Some("振替休日")),
        ];
        for (date, name) in days {
            assert_eq!(holiday(day(date)), name, "{date}");
        }
    }

    #[test]
    fn beyond_the_known_centuries_there_is_no_answer() {
        for date in ["1999-01-01", "2100-01-01"] {
            assert_eq!(holiday(day(date)), None);
        }
        assert_eq!(holiday(NaiveDate::MIN), None);
        assert_eq!(holiday(NaiveDate::MAX), None);
        assert_eq!(holiday(day("2000-01-01")), Some("元日"));
        assert_eq!(holiday(day("2099-11-23")), Some("勤労感謝の日"));
    }

    #[test]
    fn an_equinox_is_provisional_until_the_february_before() {
        let spring = day("2028-03-20");
        assert!(is_provisional(spring, day("2026-11-23")));
        assert!(is_provisional(spring, day("2027-01-31")));
        assert!(!is_provisional(spring, day("2027-02-01")));
        assert!(!is_provisional(day("2028-09-18"), day("2026-11-23")), "敬老の日 is sure");
        assert!(!is_provisional(day("2028-03-21"), day("2026-11-23")), "no holiday at all");
        assert!(is_provisional(day("2032-09-21"), day("2026-11-23")), "国民の休日 hangs on 秋分の日");
    }
}
