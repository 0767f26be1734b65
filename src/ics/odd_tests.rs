//! What real programs write, one habit after the other, and what is written to do harm, measured in steps.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Calendar, Expansion, Level, Limits, Occurrence, Status, When, expand, read};

const CITY: Tz = Tz::Asia__Tokyo;

fn calendar(bytes: &[u8]) -> Calendar {
    read(bytes, &Limits::default(), CITY).expect("the file is a calendar")
}

fn with(lines: &str) -> Calendar {
    calendar(format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes())
}

fn year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a moment")
}

fn expanded(calendar: &Calendar, limits: &Limits) -> Expansion {
    expand(&calendar.events, year(2026)..year(2028), CITY, limits)
}

/// Start and end of each occurrence on the city's clock.
fn spans(lines: &str) -> Vec<String> {
    let told = |at: &Occurrence| {
        let clock = |moment: DateTime<Utc>| moment.with_timezone(&CITY).format("%m-%dT%H:%M").to_string();
        format!("{}–{}", clock(at.start_utc), clock(at.end_utc))
    };
    expanded(&with(lines), &Limits::default()).occurrences.iter().map(told).collect()
}

fn messages(calendar: &Calendar) -> Vec<String> {
    calendar.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn an_end_goes_before_a_length_whichever_stands_first() {
    let expected = ["04-01T10:00–04-01T11:00"];
    assert_eq!(spans("DTSTART:20260401T100000\nDTEND:20260401T110000\nDURATION:PT3H"), expected);
    assert_eq!(spans("DURATION:PT3H\nDTSTART:20260401T100000\nDTEND:20260401T110000"), expected);
}

#[test]
fn an_end_before_the_start_is_left_out_and_told() {
    let calendar = with("DTSTART:20260401T100000\nDTEND:20260401T090000");
    assert_eq!(messages(&calendar), ["2行目：終わり（DTEND）が始まりより前のため、終わりを使いませんでした。"]);
    assert_eq!(spans("DTSTART:20260401T100000\nDTEND:20260401T090000"), ["04-01T10:00–04-01T10:00"]);
}

#[test]
fn lines_that_end_in_cr_alone_are_lines() {
    let text =
        "BEGIN:VCALENDAR\rBEGIN:VEVENT\rUID:a\rDTSTART:20260401\rSUMMARY:見本の\r 集い\rEND:VEVENT\rEND:VCALENDAR\r";
    let calendar = calendar(text.as_bytes());
    assert_eq!(calendar.events[0].summary.as_deref(), Some("見本の集い"));
    assert_eq!(calendar.findings, []);
}

#[test]
fn utf_16_is_read_without_its_mark() {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260401\r\nSUMMARY:対馬の集い\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        assert_eq!(calendar(&bytes).events[0].summary.as_deref(), Some("対馬の集い"));
    }
}

#[test]
fn a_series_of_no_occurrence_keeps_its_first() {
    assert_eq!(spans("DTSTART:20260401T100000\nRRULE:FREQ=DAILY;COUNT=0"), ["04-01T10:00–04-01T10:00"]);
}

#[test]
fn a_list_of_dates_with_a_zone_and_a_date_alone_both_take_out() {
    let lines = "DTSTART;TZID=Asia/Tokyo:20260401T100000\nRRULE:FREQ=DAILY;COUNT=6\n\
        EXDATE;TZID=\"Tokyo Standard Time\":20260402T100000,20260403T100000\nEXDATE;VALUE=DATE:20260405\nEXDATE:20260406T010000Z";
    assert_eq!(spans(lines), ["04-01T10:00–04-01T10:00", "04-04T10:00–04-04T10:00"]);
}

#[test]
fn a_further_date_may_be_a_period_of_its_own() {
    let lines = "DTSTART:20260401T010000Z\nDURATION:PT1H\n\
        RDATE;VALUE=PERIOD:20260402T010000Z/20260402T040000Z,20260403T010000Z/PT30M\nRDATE;VALUE=DATE-TIME:20260404T010000Z";
    let expected =
        ["04-01T10:00–04-01T11:00", "04-02T10:00–04-02T13:00", "04-03T10:00–04-03T10:30", "04-04T10:00–04-04T11:00"];
    assert_eq!(spans(lines), expected);
}

#[test]
fn an_end_of_a_rule_without_zone_is_on_the_clock_of_the_series() {
    let lines = "DTSTART;TZID=Asia/Tokyo:20260401T100000\nRRULE:FREQ=DAILY;UNTIL=20260402T100000";
    assert_eq!(spans(lines), ["04-01T10:00–04-01T10:00", "04-02T10:00–04-02T10:00"]);
}

#[test]
fn places_in_a_set_are_counted_from_both_ends() {
    let lines = "DTSTART:20260401T100000\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=3";
    assert_eq!(spans(lines), ["04-01T10:00–04-01T10:00", "04-30T10:00–04-30T10:00", "05-01T10:00–05-01T10:00"]);
}

#[test]
fn one_cancelled_day_of_a_series_stays_and_says_so() {
    let calendar = calendar(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401T010000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:x\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260402T010000Z\nDTSTART:20260402T010000Z\nSTATUS:CANCELLED\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    let found = expanded(&calendar, &Limits::default()).occurrences;
    let told: Vec<_> = found.iter().map(|at| calendar.events[at.event].status).collect();
    assert_eq!(told, [None, Some(Status::Cancelled), None]);
}

#[test]
fn a_text_whose_lines_were_not_folded_is_put_together() {
    let calendar = with(
        "DTSTART:20260401\nDESCRIPTION:申込みは\nhttps://example.jp/a\nZoom: https://example.jp/b\n場所: 見本館\nSUMMARY:見本",
    );
    let event = &calendar.events[0];
    assert_eq!(
        event.description.as_deref(),
        Some("申込みは\nhttps://example.jp/a\nZoom: https://example.jp/b\n場所: 見本館")
    );
    assert_eq!((event.summary.as_deref(), event.extra.len(), calendar.findings.len()), (Some("見本"), 0, 3));
    // After anything else it is a property that nobody knows.
    assert_eq!(with("DTSTART:20260401\nTel: 0").events[0].extra, [("TEL".to_owned(), " 0".to_owned())]);
}

#[test]
fn a_zones_name_without_quotes_has_its_own_colon_and_commas() {
    let mended = "時間帯の名前に引用符がないため、補って読みました。";
    for zone in
        ["(UTC+09:00) Osaka\\, Sapporo\\, Tokyo", "(UTC+09:00) Osaka, Sapporo, Tokyo", "(GMT+09:00) 大阪、札幌、東京"]
    {
        let lines = format!(
            "DTSTART;TZID={zone}:20260401T100000\nDTEND;TZID={zone};X-A=b:20260401T113000\nRRULE:FREQ=DAILY;COUNT=3\n\
            EXDATE;TZID={zone}:20260402T100000,20260403T100000"
        );
        assert_eq!(spans(&lines), ["04-01T10:00–04-01T11:30"], "{zone}");
        let told = messages(&with(&lines));
        assert!(told.len() == 3 && told.iter().all(|message| message.ends_with(mended)), "{told:?}");
    }
    // Behind the value it means nothing.
    let event = with("DTSTART:20260401\nSUMMARY:見本;TZID=(a:b").events.remove(0);
    assert_eq!(event.summary.as_deref(), Some("見本;TZID=(a:b"));
}

#[test]
fn zones_have_their_names_in_outlook_in_every_language() {
    let noon = |name: &str| {
        let calendar = with(&format!("DTSTART;TZID=\"{name}\":20260701T120000"));
        assert_eq!(messages(&calendar), [""; 0], "{name}");
        calendar.events[0].start.to_utc(CITY).format("%d %H:%M").to_string()
    };
    for (name, utc) in [
        ("(UTC+09:00) 大阪、札幌、東京", "01 03:00"),
        ("(UTC+09:00) ソウル", "01 03:00"),
        ("(UTC+08:00) 北京、重慶、香港、ウルムチ", "01 04:00"),
        ("(UTC+01:00) アムステルダム、ベルリン、ベルン、ローマ、ストックホルム、ウィーン", "01 10:00"),
        ("(UTC+00:00) ダブリン、エジンバラ、リスボン、ロンドン", "01 11:00"),
        ("(UTC-08:00) 太平洋標準時 (米国およびカナダ)", "01 19:00"),
        ("(UTC) 協定世界時", "01 12:00"),
        ("Coordinated Universal Time", "01 12:00"),
        ("tzone://Microsoft/Utc", "01 12:00"),
        ("日本標準時", "01 03:00"),
        ("+09:00", "01 03:00"),
        ("GMT +0900 (Standard) / GMT +0900 (Daylight)", "01 03:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo", "01 03:00"),
    ] {
        assert_eq!(noon(name), utc, "{name}");
    }
}

#[test]
fn every_windows_name_is_a_zone() {
    let names = WINDOWS.split(',').map(str::trim).filter(|name| !name.is_empty());
    let unknown: Vec<&str> = names.filter(|name| super::Zone::named(name).is_none()).collect();
    assert_eq!(unknown, [""; 0]);
    assert_eq!(WINDOWS.split(',').count(), 142);
}

/// The names of zones in Windows (CLDR, windowsZones).
const WINDOWS: &str = "AUS Central Standard Time, AUS Eastern Standard Time, Afghanistan Standard Time, Alaskan Standard Time, \
    Alberta Standard Time, Aleutian Standard Time, Altai Standard Time, Arab Standard Time, Arabian Standard \
    Time, Arabic Standard Time, Argentina Standard Time, Astrakhan Standard Time, Atlantic Standard Time, Aus \
    Central W. Standard Time, Azerbaijan Standard Time, Azores Standard Time, Bahia Standard Time, Bangladesh \
    Standard Time, Belarus Standard Time, Bougainville Standard Time, British Columbia Standard Time, Canada \
    Central Standard Time, Cape Verde Standard Time, Caucasus Standard Time, Cen. Australia Standard Time, \
    Central America Standard Time, Central Asia Standard Time, Central Brazilian Standard Time, Central \
    Europe Standard Time, Central European Standard Time, Central Pacific Standard Time, Central Standard \
    Time, Central Standard Time (Mexico), Chatham Islands Standard Time, China Standard Time, Cuba Standard \
    Time, Dateline Standard Time, E. Africa Standard Time, E. Australia Standard Time, E. Europe Standard \
    Time, E. South America Standard Time, Easter Island Standard Time, Eastern Standard Time, Eastern \
    Standard Time (Mexico), Egypt Standard Time, Ekaterinburg Standard Time, FLE Standard Time, Fiji Standard \
    Time, GMT Standard Time, GTB Standard Time, Georgian Standard Time, Greenland Standard Time, Greenwich \
    Standard Time, Haiti Standard Time, Hawaiian Standard Time, India Standard Time, Iran Standard Time, \
    Israel Standard Time, Jordan Standard Time, Kaliningrad Standard Time, Korea Standard Time, Libya \
    Standard Time, Line Islands Standard Time, Lord Howe Standard Time, Magadan Standard Time, Magallanes \
    Standard Time, Manitoba Standard Time, Marquesas Standard Time, Mauritius Standard Time, Middle East \
    Standard Time, Montevideo Standard Time, Morocco Standard Time, Mountain Standard Time, Mountain Standard \
    Time (Mexico), Myanmar Standard Time, N. Central Asia Standard Time, Namibia Standard Time, Nepal \
    Standard Time, New Zealand Standard Time, Newfoundland Standard Time, Norfolk Standard Time, North Asia \
    East Standard Time, North Asia Standard Time, North Korea Standard Time, Omsk Standard Time, Pacific SA \
    Standard Time, Pacific Standard Time, Pacific Standard Time (Mexico), Pakistan Standard Time, Paraguay \
    Standard Time, Qyzylorda Standard Time, Romance Standard Time, Russia Time Zone 10, Russia Time Zone 11, \
    Russia Time Zone 3, Russian Standard Time, SA Eastern Standard Time, SA Pacific Standard Time, SA Western \
    Standard Time, SE Asia Standard Time, Saint Pierre Standard Time, Sakhalin Standard Time, Samoa Standard \
    Time, Sao Tome Standard Time, Saratov Standard Time, Singapore Standard Time, South Africa Standard Time, \
    South Sudan Standard Time, Sri Lanka Standard Time, Sudan Standard Time, Syria Standard Time, Taipei \
    Standard Time, Tasmania Standard Time, Tocantins Standard Time, Tokyo Standard Time, Tomsk Standard Time, \
    Tonga Standard Time, Transbaikal Standard Time, Turkey Standard Time, Turks And Caicos Standard Time, US \
    Eastern Standard Time, US Mountain Standard Time, UTC, UTC+12, UTC+13, UTC-02, UTC-08, UTC-09, UTC-11, \
    Ulaanbaatar Standard Time, Venezuela Standard Time, Vladivostok Standard Time, Volgograd Standard Time, \
    W. Australia Standard Time, W. Central Africa Standard Time, W. Europe Standard Time, W. Mongolia \
    Standard Time, West Asia Standard Time, West Bank Standard Time, West Pacific Standard Time, Yakutsk \
    Standard Time, Yukon Standard Time";

#[test]
fn a_rule_without_end_leaves_the_others_their_steps() {
    let endless = "BEGIN:VEVENT\nUID:e\nDTSTART:00010101T000000\nRRULE:FREQ=SECONDLY;COUNT=99999999\nEND:VEVENT\n";
    let plain = "BEGIN:VEVENT\nUID:p\nDTSTART:20260401T100000\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n";
    let calendar = calendar(format!("BEGIN:VCALENDAR\n{endless}{plain}END:VCALENDAR\n").as_bytes());
    let limits = Limits::default();
    let expansion = expanded(&calendar, &limits);
    assert_eq!(expansion.occurrences.len(), 3);
    assert_eq!(expansion.findings.len(), 1);
    assert!((limits.steps_each..limits.steps_each + 100).contains(&expansion.steps), "{}", expansion.steps);
}

#[test]
fn no_file_takes_more_steps_than_it_may() {
    let limits = Limits { steps: 50_000, steps_each: 10_000, ..Limits::default() };
    for (rule, at_most) in [
        ("FREQ=SECONDLY", 10_000),
        ("FREQ=SECONDLY;COUNT=99999999", 10_000),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", 10_000),
        ("FREQ=MINUTELY;INTERVAL=7;BYMINUTE=1;BYDAY=1MO;COUNT=99999999", 10_000),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 20_000),
        ("FREQ=DAILY", 4_000),
        ("FREQ=WEEKLY;BYDAY=MO,WE", 1_000),
    ] {
        for start in ["00010101T000000", "20260401T100000", "99991231T235959"] {
            let events: String = (0..30)
                .map(|uid| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:{start}\nRRULE:{rule}\nEND:VEVENT\n"))
                .collect();
            let one = with(&format!("DTSTART:{start}\nRRULE:{rule}"));
            let steps = expanded(&one, &limits).steps;
            assert!(steps <= at_most, "{rule} from {start}: {steps}");
            let many = calendar(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").as_bytes());
            let steps = expanded(&many, &limits).steps;
            assert!(steps <= limits.steps, "30 times {rule} from {start}: {steps}");
        }
    }
}

#[test]
fn a_huge_line_is_left_out_and_a_huge_file_refused() {
    let line = "a".repeat(2 << 20);
    let calendar = with(&format!("DTSTART:20260401\nSUMMARY:{line}\nLOCATION:見本館"));
    assert_eq!(messages(&calendar), ["5行目：行が長すぎるため、この項目は読みませんでした。"]);
    assert_eq!((calendar.events[0].summary.as_deref(), calendar.events[0].location.as_deref()), (None, Some("見本館")));
    let small = Limits { bytes: 1_000, ..Limits::default() };
    let broken = read(&[b'a'; 1_001], &small, CITY).expect_err("too large");
    assert!(broken.message.starts_with("ファイルが大きすぎます"), "{broken}");
    let folded = format!("DTSTART:20260401\nSUMMARY:{}", "aaaaaaaaaa\n ".repeat(200_000));
    assert_eq!(with(&folded).findings.len(), 1);
}

#[test]
fn properties_and_words_without_end_are_cut() {
    let calendar = with(&format!(
        "DTSTART:20260401\nCATEGORIES:{}\nSUMMARY:見本\n{}",
        "a,".repeat(400_000),
        "X-A:1\n".repeat(40_000)
    ));
    let event = &calendar.events[0];
    assert_eq!((event.summary.as_deref(), event.categories.len(), event.extra.len()), (Some("見本"), 100, 40));
    assert_eq!(
        messages(&calendar),
        [
            "5行目：言葉が多すぎるため、1000個だけ読みました。",
            "30003行目：項目が多すぎるため、ここから後は読みませんでした。"
        ]
    );
    let long = read(&vec![b'x'; 2 << 20], &Limits::default(), CITY).expect_err("no calendar");
    assert!(long.message.starts_with("カレンダーのファイルではありません"), "{long}");
}

#[test]
fn a_hundred_thousand_parameters_are_left_out() {
    let calendar = with(&format!("DTSTART:20260401\nSUMMARY{}:見本\nLOCATION;A=1,2,3:見本館", ";A=1".repeat(100_000)));
    assert_eq!(messages(&calendar), ["5行目：パラメーターが多すぎるため、この項目は読みませんでした。"]);
    assert_eq!(calendar.events[0].location.as_deref(), Some("見本館"));
}

#[test]
fn a_million_dates_in_many_lines_are_cut_at_the_same_number() {
    let line = format!("EXDATE:{}\n", vec!["20260401T100000"; 10_000].join(","));
    let calendar = with(&format!("DTSTART:20260401T100000\nRRULE:FREQ=DAILY;COUNT=3\n{}", line.repeat(100)));
    assert_eq!(calendar.events[0].exdates.len(), Limits::default().dates);
    assert_eq!(calendar.findings.len(), 98);
    assert_eq!(expanded(&calendar, &Limits::default()).occurrences.len(), 2);
}

#[test]
fn the_first_and_the_last_year_are_read_and_harmless() {
    for (start, found) in [("00010101", 731), ("99991231", 0)] {
        let calendar = with(&format!("DTSTART:{start}\nRRULE:FREQ=DAILY"));
        let expansion = expanded(&calendar, &Limits::default());
        assert_eq!((expansion.occurrences.len(), expansion.findings.len()), (found, 0), "{start}");
        assert!(expansion.steps < 5_000, "{start}: {}", expansion.steps);
    }
    assert_eq!(with("DTSTART:99991231T235959Z\nDURATION:P999999W").events.len(), 1);
    assert_eq!(with("DTSTART:00000101").events.len(), 0);
}

#[test]
fn broken_bytes_stay_in_their_line() {
    let mut bytes = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nSUMMARY:x\0\xFF\xFEy\nLOCATION:".to_vec();
    bytes.extend_from_slice("見本館の大広間と中庭\nEND:VEVENT\nEND:VCALENDAR\n".as_bytes());
    let calendar = calendar(&bytes);
    assert_eq!(calendar.events[0].summary.as_deref(), Some("x\u{FFFD}\u{FFFD}y"));
    assert_eq!(calendar.events[0].location.as_deref(), Some("見本館の大広間と中庭"));
    assert_eq!(calendar.findings[0].level, Level::Mended);
}

#[test]
fn what_is_nested_without_end_is_refused_at_the_line_it_goes_too_deep() {
    let deep = "BEGIN:X\n".repeat(100_000);
    let broken = read(format!("BEGIN:VCALENDAR\n{deep}").as_bytes(), &Limits::default(), CITY).expect_err("too deep");
    assert_eq!(broken.line, Some(11));
    assert_eq!(broken.message, "BEGINの入れ子が深すぎます（10段まで読めます）。");
}

#[test]
fn scripts_are_text_like_any_other() {
    let calendar = with("DTSTART:20260401\nSUMMARY:<script>alert(1)</script>\nURL:javascript:alert(1)");
    let event = &calendar.events[0];
    assert_eq!(event.summary.as_deref(), Some("<script>alert(1)</script>"));
    // Whoever shows it decides; `calendar/import/candidate.rs` takes http and https alone.
    assert_eq!(event.url.as_deref(), Some("javascript:alert(1)"));
    assert!(matches!(event.start, When::Date(_)));
}
