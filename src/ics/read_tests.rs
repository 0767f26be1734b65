use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Calendar, Class, Event, Level, Limits, Status, When, read};

const CITY: Tz = Tz::Asia__Tokyo;

fn calendar(bytes: &[u8]) -> Calendar {
    read(bytes, &Limits::default(), CITY).expect("the file is a calendar")
}

fn one(lines: &str) -> (Event, Calendar) {
    let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a@example.jp\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    let calendar = calendar(text.as_bytes());
    (calendar.events.first().cloned().expect("the event is taken"), calendar)
}

fn start(lines: &str) -> String {
    one(lines).0.start.to_utc(CITY).to_rfc3339()
}

fn messages(calendar: &Calendar) -> Vec<String> {
    calendar.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn every_part_of_an_event_is_read() {
    let (event, calendar) = one(
        "DTSTART;TZID=Asia/Tokyo:20260401T100000\nDTEND;TZID=Asia/Tokyo:20260401T113000\nSUMMARY:見本\\, 春の集い\nDESCRIPTION:一\\n二\n\
         LOCATION:交流センター\nURL:https://example.jp/a\nCATEGORIES:福祉,環境\nCATEGORIES:見本\n\
         ORGANIZER;CN=\"見本, 太郎\":mailto:a@example.jp\nCONTACT:電話 0920-00-0000\nGEO:34.2;129.29\nCLASS:PRIVATE\nTRANSP:TRANSPARENT\n\
         STATUS:TENTATIVE\nSEQUENCE:3\nCREATED:20260101T000000Z\nLAST-MODIFIED:20260102T000000Z\nDTSTAMP:20260103T000000Z\nX-NOTE:持ち物",
    );
    assert_eq!(event.uid.as_deref(), Some("a@example.jp"));
    assert_eq!(event.summary.as_deref(), Some("見本, 春の集い"));
    assert_eq!(event.description.as_deref(), Some("一\n二"));
    assert_eq!(event.location.as_deref(), Some("交流センター"));
    assert_eq!(event.url.as_deref(), Some("https://example.jp/a"));
    assert_eq!(event.categories, ["福祉", "環境", "見本"]);
    assert_eq!(event.organizer_name.as_deref(), Some("見本, 太郎"));
    assert_eq!(event.contact.as_deref(), Some("電話 0920-00-0000"));
    assert_eq!(event.geo, Some((34.2, 129.29)));
    assert_eq!((event.class, event.transparent), (Class::Private, true));
    assert_eq!((event.status, event.sequence), (Some(Status::Tentative), 3));
    assert_eq!(event.created.map(|at| at.to_rfc3339()).as_deref(), Some("2026-01-01T00:00:00+00:00"));
    assert_eq!(event.last_modified.map(|at| at.to_rfc3339()).as_deref(), Some("2026-01-02T00:00:00+00:00"));
    assert_eq!(event.stamp.map(|at| at.to_rfc3339()).as_deref(), Some("2026-01-03T00:00:00+00:00"));
    assert_eq!(event.extra, [("X-NOTE".to_owned(), "持ち物".to_owned())]);
    assert_eq!(event.end(CITY).to_utc(CITY).to_rfc3339(), "2026-04-01T02:30:00+00:00");
    assert_eq!(event.line, 2);
    assert_eq!(calendar.findings, []);
}

#[test]
fn the_head_of_the_calendar_is_read() {
    let text = "BEGIN:VCALENDAR\nMETHOD:publish\nX-WR-CALNAME:見本の予定\nX-WR-TIMEZONE:Asia/Tokyo\nEND:VCALENDAR\n";
    let calendar = calendar(text.as_bytes());
    assert_eq!(calendar.method.as_deref(), Some("PUBLISH"));
    assert_eq!(calendar.name.as_deref(), Some("見本の予定"));
    assert_eq!(calendar.zone_name.as_deref(), Some("Asia/Tokyo"));
}

#[test]
fn a_cancelled_calendar_cancels_its_events() {
    let text =
        "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401T000000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(calendar(text.as_bytes()).events[0].status, Some(Status::Cancelled));
}

#[test]
fn folds_inside_a_character_and_before_blanks_are_undone() {
    let mut bytes = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260401\r\nSUMMARY:".to_vec();
    let text = "東京 \u{3000}大阪".as_bytes();
    bytes.extend_from_slice(&text[..2]);
    bytes.extend_from_slice(b"\r\n ");
    bytes.extend_from_slice(&text[2..7]);
    bytes.extend_from_slice(b"\r\n\r\n\t");
    bytes.extend_from_slice(&text[7..]);
    bytes.extend_from_slice(b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_eq!(calendar(&bytes).events[0].summary.as_deref(), Some("東京 \u{3000}大阪"));
}

#[test]
fn japanese_encodings_are_recognised() {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260401T100000\r\nSUMMARY:対馬市民協働推進会議の総会と交流会\r\nDESCRIPTION:どなたでもご参加いただけます。表示のとおり、十分にお気をつけください。\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP, encoding_rs::UTF_8] {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable);
        let calendar = calendar(&bytes);
        assert_eq!(
            calendar.events[0].summary.as_deref(),
            Some("対馬市民協働推進会議の総会と交流会"),
            "{}",
            encoding.name()
        );
        let told = usize::from(encoding != encoding_rs::UTF_8);
        assert_eq!(calendar.findings.len(), told, "{}", encoding.name());
    }
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(calendar(&wide).events[0].summary.as_deref(), Some("対馬市民協働推進会議の総会と交流会"));
}

#[test]
fn a_short_text_with_as_many_broken_characters_is_still_utf_8() {
    let file = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nSUMMARY:\xE8\xA6\x8B\n \xFF\nLOCATION:\xFE\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = calendar(file);
    assert_eq!(calendar.events[0].summary.as_deref(), Some("見\u{FFFD}"));
    let told = "5行目：UTF-8として読めない文字を「\u{FFFD}」に置き換えました（ほかに1行）。";
    assert_eq!(messages(&calendar), [told]);
}

#[test]
fn a_single_broken_character_does_not_change_the_encoding() {
    let mut bytes = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\nSUMMARY:春の集い".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xE3\x81\nEND:VEVENT\nEND:VCALENDAR\n");
    let calendar = calendar(&bytes);
    assert_eq!(calendar.events[0].summary.as_deref(), Some("春の集い\u{FFFD}"));
    assert_eq!(calendar.findings[0].level, Level::Mended);
    assert_eq!(messages(&calendar)[0], "5行目：UTF-8として読めない文字を「\u{FFFD}」に置き換えました。");
}

#[test]
fn missing_ends_lower_case_and_marks_are_mended() {
    let text = "\u{FEFF}begin:vcalendar\nbegin:vevent\nuid:a\ndtstart:20260401\nsummary:一\nBEGIN:VALARM\nTRIGGER:-PT5M\nbegin:vevent\nuid:b\ndtstart:20260402\n";
    let calendar = calendar(text.as_bytes());
    let uids: Vec<_> = calendar.events.iter().map(|event| event.uid.as_deref()).collect();
    assert_eq!(uids, [Some("a"), Some("b")]);
    assert_eq!(calendar.events[0].summary.as_deref(), Some("一"));
    assert!(calendar.findings.iter().all(|finding| finding.level == Level::Mended));
    assert_eq!(calendar.findings.len(), 4, "{:?}", messages(&calendar));
}

#[test]
fn several_calendars_in_one_file_and_events_outside_are_all_read() {
    let event = |uid: &str| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260401\nEND:VEVENT\n");
    let text = format!(
        "BEGIN:VCALENDAR\n{}END:VCALENDAR\nBEGIN:VCALENDAR\n{}END:VCALENDAR\n{}",
        event("a"),
        event("b"),
        event("c")
    );
    let mut uids: Vec<_> = calendar(text.as_bytes()).events.into_iter().filter_map(|event| event.uid).collect();
    uids.sort();
    assert_eq!(uids, ["a", "b", "c"]);
}

#[test]
fn junk_lines_are_told_and_lost_line_breaks_are_joined() {
    let (event, calendar) = one("これは何\nDTSTART:20260401\nDESCRIPTION:一行目\n二行目の文\nX-A:1");
    assert_eq!(event.description.as_deref(), Some("一行目\n二行目の文"));
    assert_eq!(
        messages(&calendar),
        ["4行目：項目名のない行を読みとばしました。", "7行目：項目名のない行を、前の行の続きとして読みました。"]
    );
}

#[test]
fn badly_written_times_are_read_and_told() {
    for (written, meant) in [
        ("DTSTART:2026-04-01T09:00:00+09:00", "2026-04-01T00:00:00+00:00"),
        ("DTSTART:20260401T0900Z", "2026-04-01T09:00:00+00:00"),
        ("DTSTART:2026/4/1 9:00", "2026-04-01T00:00:00+00:00"),
        ("DTSTART : 20260401t090000z", "2026-04-01T09:00:00+00:00"),
    ] {
        let (event, calendar) = one(written);
        assert_eq!(event.start.to_utc(CITY).to_rfc3339(), meant, "{written}");
        assert_eq!(calendar.findings.len(), 1, "{written}");
    }
    assert_eq!(start("DTSTART:20260401T240000"), "2026-04-01T15:00:00+00:00");
}

#[test]
fn impossible_times_are_refused_with_line_and_column() {
    for written in ["20260230", "20260401T250000", "20260401T25", "99999999", "明日", ""] {
        let text =
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:{written}\nEND:VEVENT\nEND:VCALENDAR\n");
        let calendar = calendar(text.as_bytes());
        assert_eq!(calendar.events.len(), 0, "{written}");
        let finding = &calendar.findings[0];
        assert_eq!((finding.line, finding.column, finding.level), (Some(4), Some(20), Level::Refused), "{written}");
    }
}

#[test]
fn an_event_without_start_is_told_and_left_out() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:見本\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = calendar(text.as_bytes());
    assert!(calendar.events.is_empty());
    assert_eq!(messages(&calendar), ["2行目：開始日時（DTSTART）のない予定は取り込めません。"]);
}

#[test]
fn what_is_no_calendar_is_said_in_plain_words() {
    let refused = |bytes: &[u8]| read(bytes, &Limits::default(), CITY).expect_err("no calendar").message;
    assert_eq!(refused(b""), "ファイルが空です。");
    assert!(refused(b"<!DOCTYPE html><html></html>").contains("ウェブページ"));
    assert!(refused(b"name,date\n1,2\n").contains("カレンダーのファイルではありません"));
}

#[test]
fn zones_are_found_by_all_their_names() {
    for name in [
        "Asia/Tokyo",
        "asia/tokyo",
        "Tokyo Standard Time",
        "/mozilla.org/20050126_1/Asia/Tokyo",
        "/freeassociation.sourceforge.net/Tzfile/Asia/Tokyo",
        "\"Asia/Tokyo\"",
        "\"(UTC+09:00) Osaka, Sapporo, Tokyo\"",
        "\"(GMT+09.00) Tokyo / Osaka\"",
        "\"(UTC+09:00) 大阪、札幌、東京\"",
        "東京 (標準時)",
        "Japan",
        "JST",
        "GMT+0900",
    ] {
        let (event, calendar) = one(&format!("DTSTART;TZID={name}:20260401T100000"));
        assert_eq!(event.start.to_utc(Tz::UTC).to_rfc3339(), "2026-04-01T01:00:00+00:00", "{name}");
        assert_eq!(calendar.findings, [], "{name}");
    }
    assert_eq!(start("DTSTART;TZID=Mountain Standard Time (Mexico):20260701T100000"), "2026-07-01T17:00:00+00:00");
    assert_eq!(start("DTSTART;TZID=W. Europe Standard Time:20260701T100000"), "2026-07-01T08:00:00+00:00");
}

#[test]
fn an_unknown_zone_without_rules_is_the_citys_own_and_told() {
    let (event, calendar) = one("DTSTART;TZID=どこか:20260401T100000");
    assert_eq!(event.start.to_utc(CITY).to_rfc3339(), "2026-04-01T01:00:00+00:00");
    assert_eq!(messages(&calendar), ["4行目：時間帯「どこか」が分からないため、Asia/Tokyoの時刻として読みました。"]);
}

fn with_zone(block: &str, start: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\n{block}BEGIN:VEVENT\nUID:a\nDTSTART;{start}\nEND:VEVENT\nEND:VCALENDAR\n");
    calendar(text.as_bytes()).events[0].start.to_utc(CITY).to_rfc3339()
}

const OWN_ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:20001029T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20000326T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

#[test]
fn a_zone_only_the_file_knows_follows_its_rules() {
    for (wall, utc) in [
        ("20260115T100000", "2026-01-15T09:00:00+00:00"),
        ("20260715T100000", "2026-07-15T08:00:00+00:00"),
        ("20260329T013000", "2026-03-29T00:30:00+00:00"),
        // Skipped: by the offset before the gap.
        ("20260329T023000", "2026-03-29T01:30:00+00:00"),
        // Shown twice: the first.
        ("20261025T023000", "2026-10-25T00:30:00+00:00"),
        ("20261025T033000", "2026-10-25T02:30:00+00:00"),
    ] {
        assert_eq!(with_zone(OWN_ZONE, &format!("TZID=Own:{wall}")), utc, "{wall}");
        assert_eq!(with_zone("", &format!("TZID=Europe/Berlin:{wall}")), utc, "{wall}");
    }
}

#[test]
fn a_known_name_goes_before_its_block_unless_the_block_never_agrees() {
    let block = |offset: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let start = "TZID=Europe/Berlin:20260715T100000";
    assert_eq!(with_zone(&block("+0100"), start), "2026-07-15T08:00:00+00:00");
    assert_eq!(with_zone(&block("+0900"), start), "2026-07-15T01:00:00+00:00");
    assert_eq!(with_zone(&block("+023017"), start), "2026-07-15T08:00:00+00:00");
}

#[test]
fn an_abbreviation_means_what_its_block_says() {
    let block = OWN_ZONE.replace("TZID:Own", "TZID:MET");
    assert_eq!(with_zone(&block, "TZID=MET:20260715T100000"), "2026-07-15T08:00:00+00:00");
    let block = OWN_ZONE.replace("TZID:Own", "TZID:EST");
    assert_eq!(with_zone(&block, "TZID=EST:20260715T100000"), "2026-07-15T08:00:00+00:00");
    assert_eq!(with_zone("", "TZID=EST:20260715T100000"), "2026-07-15T15:00:00+00:00");
}

#[test]
fn a_windows_name_is_an_iana_zone_unless_its_block_says_otherwise() {
    let block = OWN_ZONE.replace("TZID:Own", "TZID:W. Europe Standard Time");
    let text = format!(
        "BEGIN:VCALENDAR\n{block}BEGIN:VEVENT\nUID:a\nDTSTART;TZID=W. Europe Standard Time:20260715T100000\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    let When::Zoned { zone, .. } = calendar(text.as_bytes()).events[0].start.clone() else { panic!("a zone") };
    assert_eq!(zone.name(), "Europe/Berlin");
    let block = OWN_ZONE.replace("TZID:Own", "TZID:Tokyo Standard Time");
    assert_eq!(with_zone(&block, "TZID=Tokyo Standard Time:20260715T100000"), "2026-07-15T08:00:00+00:00");
}

#[test]
fn a_zone_said_once_is_meant_for_start_and_end() {
    let times = |lines: &str| {
        let event = one(lines).0;
        (event.start.to_utc(CITY).to_rfc3339(), event.end(CITY).to_utc(CITY).to_rfc3339())
    };
    let expected = ("2026-07-15T08:00:00+00:00".to_owned(), "2026-07-15T09:00:00+00:00".to_owned());
    assert_eq!(times("DTSTART;TZID=Europe/Berlin:20260715T100000\nDTEND:20260715T110000"), expected);
    assert_eq!(times("DTSTART:20260715T100000\nDTEND;TZID=Europe/Berlin:20260715T110000"), expected);
    assert_eq!(
        times("DTSTART;TZID=\"Europe/Berlin:20260715T100000\"\nDTEND;TZID=Europe/Berlin:20260715T110000"),
        expected
    );
}

#[test]
fn floating_times_take_the_zone_the_calendar_names() {
    let text = |zone: &str| {
        format!("BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\nUID:a\nDTSTART:20260401T100000\nEND:VEVENT\nEND:VCALENDAR\n")
    };
    let starts = |zone: &str| calendar(text(zone).as_bytes()).events[0].start.to_utc(CITY).to_rfc3339();
    assert_eq!(starts(""), "2026-04-01T01:00:00+00:00");
    assert_eq!(starts("X-WR-TIMEZONE:Europe/Berlin\n"), "2026-04-01T08:00:00+00:00");
    assert_eq!(starts("X-WR-TIMEZONE:どこか\n"), "2026-04-01T01:00:00+00:00");
}

#[test]
fn ends_and_lengths_become_one_end() {
    let end = |lines: &str| one(lines).0.end(CITY);
    let date = |day| When::Date(NaiveDate::from_ymd_opt(2026, 4, day).expect("a day of April"));
    assert_eq!(end("DTSTART;VALUE=DATE:20260401"), date(2));
    assert_eq!(end("DTSTART;VALUE=DATE:20260401\nDURATION:P1W"), date(8));
    assert_eq!(end("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260403"), date(3));
    assert_eq!(end("DTSTART;VALUE=DATE:20260401\nDTEND:20260402T120000"), date(3));
    assert_eq!(end("DTSTART;VALUE=DATE:20260405\nDTEND;VALUE=DATE:20260401"), date(6));
    let timed =
        |lines: &str| end(&format!("DTSTART;TZID=Europe/Berlin:20260328T120000\n{lines}")).to_utc(CITY).to_rfc3339();
    assert_eq!(timed(""), "2026-03-28T11:00:00+00:00");
    // A day is a day on the calendar, 24 hours are hours: the clocks change in between.
    assert_eq!(timed("DURATION:P1D"), "2026-03-29T10:00:00+00:00");
    assert_eq!(timed("DURATION:PT24H"), "2026-03-29T11:00:00+00:00");
    assert_eq!(timed("DTEND;VALUE=DATE:20260330"), "2026-03-29T22:00:00+00:00");
    assert_eq!(timed("DURATION:-PT1H"), "2026-03-28T11:00:00+00:00");
}

#[test]
fn limits_refuse_the_file_or_the_line() {
    let small = Limits {
        bytes: 2_000,
        lines: 12,
        line_bytes: 100,
        parameters: 2,
        components: 3,
        depth: 2,
        ..Limits::default()
    };
    let body = |lines: &str| {
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\n{lines}END:VEVENT\nEND:VCALENDAR\n")
    };
    let told = |lines: &str| match read(body(lines).as_bytes(), &small, CITY) {
        Ok(calendar) => format!("{}件 {:?}", calendar.events.len(), messages(&calendar)),
        Err(broken) => format!("{:?} {broken}", broken.line),
    };
    assert_eq!(told(""), "1件 []");
    assert_eq!(
        told(&format!("SUMMARY:{}\n", "a".repeat(200))),
        r#"1件 ["5行目：行が長すぎるため、この項目は読みませんでした。"]"#
    );
    assert_eq!(
        told("SUMMARY;A=1;B=2;C=3:a\n"),
        r#"1件 ["5行目：パラメーターが多すぎるため、この項目は読みませんでした。"]"#
    );
    assert!(told(&"X-A:1\n".repeat(20)).starts_with("Some(13) 行が多すぎます"));
    assert!(told("BEGIN:VALARM\nBEGIN:X\n").starts_with("Some(5) BEGINの入れ子が深すぎます"));
    assert!(told("BEGIN:VEVENT\nBEGIN:VEVENT\n").starts_with("Some(6) 予定などの数が多すぎます"));
    assert!(told(&"X-A:1\n".repeat(1_000)).starts_with("None ファイルが大きすぎます"));
}

#[test]
fn control_characters_never_get_through() {
    let (event, _) = one("DTSTART:20260401\nSUMMARY:a\u{0}b\u{1B}c\u{7F}d\u{85}e");
    assert_eq!(event.summary.as_deref(), Some("abcde"));
}

#[test]
fn who_does_not_come_is_read_and_nobody_else() {
    let (event, _) = one("DTSTART:20260401T010000Z\nATTENDEE;CN=見本;PARTSTAT=DECLINED:mailto:Mihon@Example.JP\n\
         ATTENDEE;partstat=declined:MAILTO:b@example.jp\nATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.jp\n\
         ATTENDEE:mailto:d@example.jp\nATTENDEE;PARTSTAT=DECLINED:urn:nobody");
    assert_eq!(event.declined, ["mihon@example.jp", "b@example.jp"]);
}
