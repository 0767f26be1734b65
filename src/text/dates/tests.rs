use proptest::prelude::*;

use super::*;

fn iso(typed: &str) -> String {
    parse(typed).map_or_else(|fault| format!("{fault:?}"), |date| date.to_string())
}

fn refusal(typed: &str) -> String {
    parse(typed).expect_err(typed).to_string()
}

#[test]
fn every_usual_form_of_a_day_is_read() {
    let forms = [
        "2009-04-01",
        "2009/4/1",
        "2009.4.1",
        "20090401",
        "H21.4.1",
        "h21/4/1",
        "h21-04-01",
        "H.21.4.1",
        "平成21年4月1日",
        "平21.4.1",
        "平２１．４．１",
        "２００９年４月１日",
        "２００９－０４－０１",
        "2009−4−1",
        "㍻21年4月1日",
        "平成 21年 4月 1日",
        "　平成21年4月1日(水)",
        "平成21年4月1日（水曜日）",
        "2009/4/1(水・祝)",
        "2009年4月1日水曜日",
        "2009-04-01 00:00:00",
        "2009/4/1 0:00",
        "2009-04-01T00:00:00",
    ];
    for typed in forms {
        assert_eq!(iso(typed), "2009-04-01", "{typed}");
    }
}

#[test]
fn months_and_years_are_read_as_such() {
    for (typed, read) in [
        ("平成3年4月", "1991-04"),
        ("H3.4", "1991-04"),
        ("2009年4月", "2009-04"),
        ("2009-04", "2009-04"),
        ("2009/4", "2009-04"),
        ("平成3年", "1991"),
        ("平成3", "1991"),
        ("2009年", "2009"),
        ("2009", "2009"),
        ("明治3年", "1870"),
        ("昭和元年", "1926"),
        ("平成元年1月", "1989-01"),
        ("1650", "1650"),
    ] {
        assert_eq!(iso(typed), read, "{typed}");
    }
}

#[test]
fn first_years_and_years_past_the_end_are_understood() {
    assert_eq!(iso("平成元年1月8日"), "1989-01-08");
    assert_eq!(iso("平成1年1月8日"), "1989-01-08");
    assert_eq!(iso("令和元年5月1日"), "2019-05-01");
    assert_eq!(iso("昭和64年1月7日"), "1989-01-07");
    assert_eq!(iso("昭和64年4月1日"), "1989-04-01");
    assert_eq!(iso("平成31年5月1日"), "2019-05-01");
    assert_eq!(iso("平成32年4月1日"), "2020-04-01");
}

#[test]
fn a_date_before_its_era_is_refused_with_what_was_meant() {
    assert_eq!(refusal("令和元年4月1日"), "令和元年4月1日はありません。平成31年4月1日ではありませんか。");
    assert_eq!(refusal("R1.4"), "令和元年4月はありません。平成31年4月ではありませんか。");
    assert_eq!(refusal("H1.1.7"), "平成元年1月7日はありません。昭和64年1月7日ではありませんか。");
    assert_eq!(refusal("明治5年4月1日"), "明治5年までは旧暦のため、年だけを入力してください（例：明治3年）。");
}

#[test]
fn days_the_calendar_does_not_have_are_refused() {
    assert_eq!(refusal("平成21年2月29日"), "平成21年2月29日という日はありません。");
    assert_eq!(refusal("2009/13/1"), "2009年13月1日という日はありません。");
    assert_eq!(refusal("2009-13"), "2009年13月という日はありません。");
    assert_eq!(refusal("20090230"), "2009年2月30日という日はありません。");
    assert_eq!(refusal("2009年4月0日"), "2009年4月0日という日はありません。");
    assert_eq!(iso("平成20年2月29日"), "2008-02-29");
}

#[test]
fn what_could_mean_two_things_is_refused() {
    for typed in
        ["21.4.1", "09/4/1", "21年4月1日", "4/1/2009", "21", "4月1日".replace('月', "/").trim_end_matches('日')]
    {
        assert_eq!(parse(typed), Err(DateFault::ShortYear), "{typed}");
    }
    assert_eq!(parse("平成21年度"), Err(DateFault::FiscalYear));
    assert_eq!(parse(" 　"), Err(DateFault::Empty));
    for typed in [
        "未定",
        "200904",
        "2009-04-01-05",
        "2009年4",
        "2009年4月1",
        "4月1日",
        "平成",
        "平成21年4月1日頃",
        "2009/4-1",
        "平成0年",
        "0000",
        "999",
        "+2009-04-01",
        "2009-+4-1",
        "2009-04-01 10:00",
        "平成100年",
        "٢٠٠٩-04-01",
        "令和2年(前半)",
        "2009--1",
    ] {
        assert_eq!(parse(typed), Err(DateFault::Unreadable), "{typed}");
    }
    assert_eq!(parse(&"9".repeat(1_000_000)), Err(DateFault::Unreadable));
}

#[test]
fn a_fiscal_year_is_read_in_both_calendars() {
    for (typed, year) in [
        ("平成21年度", 2009),
        ("Ｈ２１年度", 2009),
        ("平成21年", 2009),
        ("2009年度", 2009),
        ("2009", 2009),
        ("令和元年度(平成31年度)", 2019),
        ("平成31年度", 2019),
        ("令和4年度（平成34年度）", 2022),
        ("平成34年度", 2022),
    ] {
        assert_eq!(parse_fiscal_year(typed), Ok(year), "{typed}");
    }
    assert_eq!(parse_fiscal_year("21年度"), Err(DateFault::ShortYear));
    for typed in ["2009年4月", "来年度", "年度", "(平成21年度)", ""] {
        assert!(parse_fiscal_year(typed).is_err(), "{typed}");
    }
}

#[test]
fn the_stored_form_is_read_back_and_shown_in_words() {
    for (iso, words) in [("1991-04-01", "平成3年4月1日"), ("1991-04", "平成3年4月"), ("1991", "平成3年")] {
        let date: PartialDate = iso.parse().expect("a stored date");
        assert_eq!((date.to_string().as_str(), date.wareki().as_str()), (iso, words));
        assert_eq!(wareki_of_iso(iso), words);
    }
    assert!("1991/4/1".parse::<PartialDate>().is_err());
    assert_eq!(wareki_of_iso("いつか"), "いつか");
}

#[test]
fn dates_stand_in_order_of_time() {
    let mut dates =
        ["1991-04-01", "1991-04", "1990-12-31", "1991", "1991-03-31", "1992"].map(|iso| parse(iso).expect(iso));
    dates.sort();
    assert_eq!(
        dates.map(|date| date.to_string()),
        ["1990-12-31", "1991", "1991-03-31", "1991-04", "1991-04-01", "1992"]
    );
}

#[test]
fn spreadsheet_numbers_become_dates() {
    let read = |serial| excel_serial(serial).map(|time| time.to_string());
    assert_eq!(read(39904.0).as_deref(), Some("2009-04-01 00:00:00"));
    assert_eq!(read(39904.395833333336).as_deref(), Some("2009-04-01 09:30:00"));
    assert_eq!(read(1.0).as_deref(), Some("1900-01-01 00:00:00"));
    assert_eq!(read(59.0).as_deref(), Some("1900-02-28 00:00:00"));
    assert_eq!(read(61.0).as_deref(), Some("1900-03-01 00:00:00"));
    assert_eq!(read(2_958_465.0).as_deref(), Some("9999-12-31 00:00:00"));
    assert_eq!(read(39_903.999_999_9).as_deref(), Some("2009-04-01 00:00:00"), "rounding reaches the next day");
    for none in [0.0, 0.5, -1.0, 60.5, 2_958_466.0, 2_958_465.999_999_9, f64::NAN, f64::INFINITY, f64::MAX] {
        assert_eq!(read(none), None, "{none}");
    }
}

proptest! {
    #[test]
    fn every_day_is_read_back_from_its_words(days in 0i64..80_000) {
        let day = NaiveDate::from_ymd_opt(1873, 1, 1).expect("a day") + chrono::Duration::days(days);
        prop_assert_eq!(parse(&wareki::date(day)), Ok(PartialDate::Day(day)));
        prop_assert_eq!(parse(&wareki::date_with_weekday(day)), Ok(PartialDate::Day(day)));
        prop_assert_eq!(day.to_string().parse(), Ok(PartialDate::Day(day)));
    }

    #[test]
    fn nothing_typed_breaks_the_reader(typed in "[0-9元年月日度平成令和HhRr/.\\-() 曜:tz]{0,16}|\\PC{0,20}") {
        if let Ok(date) = parse(&typed) {
            prop_assert_eq!(date.to_string().parse(), Ok(date));
        }
        let _ = parse_fiscal_year(&typed);
    }
}
