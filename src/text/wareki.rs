//! 和暦: the Japanese calendar eras, as dates and fiscal years are read out in this country.

use chrono::{Datelike, NaiveDate};

/// One era of the Japanese calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    /// The name in two kanji.
    pub name: &'static str,
    /// The Latin letter official forms use for it, in lower case.
    pub letter: char,
    /// Its first day: year, month, day.
    pub first: (i32, u32, u32),
}

/// The eras since 明治, the newest first (改元 of 1868, 1912, 1926, 1989 and 2019).
pub const ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'r', first: (2019, 5, 1) },
    Era { name: "平成", letter: 'h', first: (1989, 1, 8) },
    Era { name: "昭和", letter: 's', first: (1926, 12, 25) },
    Era { name: "大正", letter: 't', first: (1912, 7, 30) },
    Era { name: "明治", letter: 'm', first: (1868, 1, 25) },
];

/// The first year whose days count as in the West; until 明治5年 the months followed the moon.
pub(super) const FIRST_SOLAR_YEAR: i32 = 1873;

/// A day, such as 令和8年11月23日.
pub fn date(day: NaiveDate) -> String {
    format!("{}{}月{}日", year(day.year(), day.month(), day.day()), day.month(), day.day())
}

/// A day with its weekday, such as 令和8年11月23日(月).
pub fn date_with_weekday(day: NaiveDate) -> String {
    format!("{}({})", date(day), weekday(day))
}

/// The weekday in one kanji.
pub fn weekday(day: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}

/// The year this day of the Western calendar falls in, such as 令和8年, 平成元年, or 1860年 before 明治6年.
pub fn year(year: i32, month: u32, day: u32) -> String {
    match era_on(year, month, day) {
        Some(era) if year >= FIRST_SOLAR_YEAR => era_year(era, year),
        _ => format!("{year}年"),
    }
}

/// A whole year, such as 平成21年; where the era changed within it, 令和元年(平成31年).
pub fn whole_year(year: i32) -> String {
    match (era_on(year, 12, 31), era_on(year, 1, 1)) {
        (Some(last), Some(first)) if last != first => format!("{}({})", era_year(last, year), era_year(first, year)),
        (Some(era), _) => era_year(era, year),
        (None, _) => format!("{year}年"),
    }
}

/// A month, such as 令和8年11月; the month of a change of era takes the new one.
pub fn month(year: i32, month: u32) -> String {
    format!("{}{month}月", self::year(year, month, 31))
}

/// The fiscal year a day belongs to: April to March, named after the year it begins in.
pub fn fiscal_year(day: NaiveDate) -> i32 {
    day.year() - i32::from(day.month() < 4)
}

/// A fiscal year, such as 平成21年度; both names where the era changed after April began, as in 令和元年度(平成31年度).
pub fn fiscal_year_label(fiscal_year: i32) -> String {
    let at_start = era_on(fiscal_year, 4, 1);
    match (era_on(fiscal_year, 12, 31), at_start) {
        (Some(last), Some(first)) if last != first => {
            format!("{}度({}度)", era_year(last, fiscal_year), era_year(first, fiscal_year))
        }
        (Some(era), _) => format!("{}度", era_year(era, fiscal_year)),
        (None, _) => format!("{fiscal_year}年度"),
    }
}

pub(super) fn era_year(era: Era, year: i32) -> String {
    match year - era.first.0 + 1 {
        1 => format!("{}元年", era.name),
        number => format!("{}{number}年", era.name),
    }
}

fn era_on(year: i32, month: u32, day: u32) -> Option<Era> {
    ERAS.into_iter().find(|era| era.first <= (year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    #[test]
    fn a_day_is_read_in_its_era() {
        assert_eq!(date_with_weekday(day(2026, 11, 23)), "令和8年11月23日(月)");
        assert_eq!(date(day(2009, 4, 1)), "平成21年4月1日");
    }

    #[test]
    fn an_era_changes_on_its_first_day() {
        let borders = [
            ((2019, 4, 30), "平成31年4月30日"),
            ((2019, 5, 1), "令和元年5月1日"),
            ((1989, 1, 7), "昭和64年1月7日"),
            ((1989, 1, 8), "平成元年1月8日"),
            ((1926, 12, 24), "大正15年12月24日"),
            ((1926, 12, 25), "昭和元年12月25日"),
            ((1912, 7, 29), "明治45年7月29日"),
            ((1912, 7, 30), "大正元年7月30日"),
            ((1873, 1, 1), "明治6年1月1日"),
            ((1872, 12, 31), "1872年12月31日"),
        ];
        for ((year, month, number), read) in borders {
            assert_eq!(date(day(year, month, number)), read);
        }
    }

    #[test]
    fn years_and_months_stand_alone() {
        assert_eq!(whole_year(1991), "平成3年");
        assert_eq!(whole_year(2019), "令和元年(平成31年)");
        assert_eq!(whole_year(1868), "明治元年");
        assert_eq!(whole_year(1867), "1867年");
        assert_eq!(month(2026, 11), "令和8年11月");
        assert_eq!(month(1989, 1), "平成元年1月");
        assert_eq!(month(2019, 4), "平成31年4月");
    }

    #[test]
    fn a_fiscal_year_runs_from_april_to_march() {
        assert_eq!(fiscal_year(day(2009, 4, 1)), 2009);
        assert_eq!(fiscal_year(day(2010, 3, 31)), 2009);
        assert_eq!(fiscal_year_label(2009), "平成21年度");
        assert_eq!(fiscal_year_label(2018), "平成30年度");
        assert_eq!(fiscal_year_label(2019), "令和元年度(平成31年度)");
        assert_eq!(fiscal_year_label(2020), "令和2年度");
        assert_eq!(fiscal_year_label(1989), "平成元年度");
        assert_eq!(fiscal_year_label(1988), "昭和63年度");
    }

    #[test]
    fn the_week_has_seven_names() {
        let names: String = (16..=22).map(|number| weekday(day(2026, 11, number))).collect();
        assert_eq!(names, "月火水木金土日");
    }
}
