use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Entry, Feed, Limits, Status, When, Zone, expand, feed, read, single};

const CITY: Tz = Tz::Asia__Tokyo;

fn wall(text: &str) -> NaiveDateTime {
    text.parse().expect("a time")
}

fn entry() -> Entry {
    let stamp = Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).single().expect("a moment");
    Entry {
        uid: "event-1@example.jp".into(),
        recurrence_id: None,
        and_future: false,
        sequence: 2,
        stamp,
        created: None,
        status: Some(Status::Confirmed),
        summary: "見本の集い".into(),
        description: None,
        location: None,
        geo: None,
        url: None,
        categories: Vec::new(),
        start: Zone::Iana(CITY).at(wall("2026-04-01T10:00:00")),
        end: Some(Zone::Iana(CITY).at(wall("2026-04-01T12:00:00"))),
        rules: Vec::new(),
        rdates: Vec::new(),
        exdates: Vec::new(),
        transparent: false,
    }
}

fn sample_feed() -> Feed {
    Feed {
        name: "見本の予定".into(),
        description: Some("見本です".into()),
        refresh_hours: 1,
        method: Some("PUBLISH".into()),
        zone: CITY,
        url: Some("https://example.jp/events".into()),
    }
}

fn written(entries: &[Entry]) -> String {
    String::from_utf8(feed(&sample_feed(), entries)).expect("UTF-8")
}

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

#[test]
fn a_feed_is_exactly_this() {
    let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kyodo//Kyodo//JA\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n\
        X-WR-CALNAME:見本の予定\r\nNAME:見本の予定\r\nX-WR-CALDESC:見本です\r\nDESCRIPTION:見本です\r\nX-WR-TIMEZONE:Asia/Tokyo\r\n\
        REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\nURL:https://example.jp/events\r\n\
        BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nTZNAME:JST\r\n\
        END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:event-1@example.jp\r\nDTSTAMP:20260301T000000Z\r\nLAST-MODIFIED:20260301T000000Z\r\n\
        SEQUENCE:2\r\nDTSTART;TZID=Asia/Tokyo:20260401T100000\r\nDTEND;TZID=Asia/Tokyo:20260401T120000\r\nSUMMARY:見本の集い\r\nSTATUS:CONFIRMED\r\n\
        TRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(written(&[entry()]), expected);
}

#[test]
fn a_single_event_names_no_calendar() {
    let text = String::from_utf8(single(&[entry()], CITY)).expect("UTF-8");
    assert!(!text.contains("NAME:見本") && !text.contains("X-WR-") && !text.contains("REFRESH"));
    assert!(text.contains("METHOD:PUBLISH\r\n") && text.contains("BEGIN:VTIMEZONE\r\n"));
}

#[test]
fn lines_fold_at_75_octets_between_characters() {
    let long = Entry {
        summary: "対馬市民協働推進アクションプラン連絡調整会議のお知らせ".repeat(4),
        description: Some("a".repeat(500)),
        ..entry()
    };
    let text = written(std::slice::from_ref(&long));
    let longest = text.split("\r\n").map(str::len).max();
    assert_eq!(longest, Some(75));
    assert!(unfolded(&text).contains(&format!("SUMMARY:{}\r\n", long.summary)));
}

#[test]
fn text_is_escaped_and_cannot_add_lines() {
    let nasty = Entry {
        uid: "a\r\nX-EVIL:1".into(),
        summary: "a,b;c\\d\r\nATTENDEE:mailto:x\u{0}\u{1B}\u{85}z".into(),
        location: Some("一\r二\n三\t四".into()),
        categories: vec!["見本,一".into(), "二".into()],
        url: Some("https://example.jp/\r\nX-EVIL:1".into()),
        rules: vec!["FREQ=DAILY;COUNT=2;X-A=\r\nX-EVIL:1".into()],
        ..entry()
    };
    let text = unfolded(&written(&[nasty]));
    assert!(text.contains("UID:a\\nX-EVIL:1\r\n"));
    assert!(text.contains("SUMMARY:a\\,b\\;c\\\\d\\nATTENDEE:mailto:xz\r\n"));
    assert!(text.contains("LOCATION:一\\n二\\n三 四\r\n"));
    assert!(text.contains("CATEGORIES:見本\\,一,二\r\n"));
    assert!(!text.contains("\r\nX-EVIL") && !text.contains("\r\nATTENDEE"));
    assert_eq!(text.matches("URL:").count(), 1, "only that of the calendar");
}

#[test]
fn only_web_addresses_become_links_and_they_also_stand_in_the_text() {
    let with = |url: &str, description: Option<&str>| {
        unfolded(&written(&[Entry { url: Some(url.into()), description: description.map(Into::into), ..entry() }]))
    };
    assert!(!with("javascript:alert(1)", None).contains("javascript"));
    assert!(with("https://example.jp/1", None).contains("DESCRIPTION:https://example.jp/1\r\n"));
    assert!(with("https://example.jp/1", Some("説明")).contains("DESCRIPTION:説明\\n\\nhttps://example.jp/1\r\n"));
    assert!(
        with("https://example.jp/1", Some("→https://example.jp/1")).contains("DESCRIPTION:→https://example.jp/1\r\n")
    );
}

#[test]
fn a_cancelled_event_is_marked_once() {
    let cancelled = |summary: &str| {
        unfolded(&written(&[Entry { status: Some(Status::Cancelled), summary: summary.into(), ..entry() }]))
    };
    assert!(cancelled("集い").contains("SUMMARY:【中止】集い\r\nSTATUS:CANCELLED\r\n"));
    assert!(cancelled("【中止】集い").contains("SUMMARY:【中止】集い\r\n"));
}

#[test]
fn floating_times_are_those_of_the_feed_and_dates_stay_dates() {
    let date = |day| When::Date(NaiveDate::from_ymd_opt(2026, 4, day).expect("a day"));
    let text = written(&[
        Entry { start: date(1), end: Some(date(3)), ..entry() },
        Entry { start: When::Floating(wall("2026-04-01T09:00:00")), end: None, ..entry() },
    ]);
    assert!(text.contains("DTSTART;VALUE=DATE:20260401\r\nDTEND;VALUE=DATE:20260403\r\n"));
    assert!(text.contains("DTSTART;TZID=Asia/Tokyo:20260401T090000\r\n"));
}

/// The moments of a feed, read again.
fn moments(bytes: &[u8]) -> Vec<String> {
    let calendar = read(bytes, &Limits::default(), CITY).expect("our own feed is a calendar");
    assert_eq!(calendar.findings, []);
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a moment");
    let expansion = expand(&calendar.events, year(2020)..year(2040), CITY, &Limits::default());
    expansion.occurrences.iter().map(|one| one.start_utc.to_rfc3339()).collect()
}

#[test]
fn the_blocks_of_other_zones_say_what_their_names_say() {
    for zone in
        [Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Sydney, Tz::Africa__Casablanca, Tz::Asia__Kolkata]
    {
        let entry = Entry {
            start: Zone::Iana(zone).at(wall("2026-01-15T10:00:00")),
            end: None,
            rules: vec!["FREQ=WEEKLY;COUNT=300".into()],
            exdates: vec![Zone::Iana(zone).at(wall("2026-01-22T10:00:00"))],
            ..entry()
        };
        let named = feed(&sample_feed(), std::slice::from_ref(&entry));
        // Under a name nobody knows only the block can tell.
        let unnamed = String::from_utf8(named.clone())
            .expect("UTF-8")
            .replace(&format!("X-WR-TIMEZONE:{zone}"), "")
            .replace(zone.name(), "Unknown");
        assert_eq!(moments(&named).len(), 299);
        assert_eq!(moments(&named), moments(unnamed.as_bytes()), "{zone}");
    }
}

#[test]
fn the_independent_reader_reads_our_feeds_alike() {
    let entries = [
        entry(),
        Entry { uid: "2".into(), summary: "一, 二; 三".into(), rules: vec!["FREQ=DAILY;COUNT=3".into()], ..entry() },
    ];
    let report =
        super::check(&feed(&sample_feed(), &entries), &Limits::default(), CITY, |_, _| {}).expect("a calendar");
    assert_eq!(report.differences, [""; 0]);
    assert_eq!((report.count(super::Verdict::Taken), report.findings.len()), (2, 0));
}

#[test]
fn the_same_records_give_the_same_bytes() {
    assert_eq!(written(&[entry(), entry()]), written(&[entry(), entry()]));
}

#[test]
fn rules_are_written_as_they_are_understood() {
    let rules = |start: When, rule: &str| {
        let text = written(&[Entry { start, end: None, rules: vec![rule.into()], ..entry() }]);
        text.lines().filter(|line| line.starts_with("RRULE")).map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    let tokyo = || Zone::Iana(CITY).at(wall("2026-04-01T10:00:00"));
    let day = || When::Date(NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day"));
    for (start, rule, expected) in [
        (tokyo(), "rrule:freq=weekly;interval=0;byday=mo,,tu", "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU"),
        // Parts that mean nothing are not written as others that do.
        (tokyo(), "FREQ=YEARLY;BYDAY)=MO;X=1;COUNT=3", "RRULE:FREQ=YEARLY;COUNT=3"),
        (tokyo(), "FREQ=DAILY;COUNT=-1;INTERVAL = 2", "RRULE:FREQ=DAILY;INTERVAL=2"),
        // UNTIL has the form of DTSTART, whatever stood there.
        (tokyo(), "FREQ=DAILY;UNTIL=2026/4/3 10:00", "RRULE:FREQ=DAILY;UNTIL=20260403T010000Z"),
        (tokyo(), "FREQ=DAILY;UNTIL=20260403T100000", "RRULE:FREQ=DAILY;UNTIL=20260403T010000Z"),
        (tokyo(), "FREQ=DAILY;UNTIL=20260403T010000Z", "RRULE:FREQ=DAILY;UNTIL=20260403T010000Z"),
        (day(), "FREQ=DAILY;UNTIL=20260403T000000Z", "RRULE:FREQ=DAILY;UNTIL=20260403"),
        (tokyo(), "FREQ=SOMETIMES", ""),
    ] {
        assert_eq!(rules(start, rule), expected, "{rule}");
    }
}

#[test]
fn further_dates_are_written_in_the_form_of_the_start() {
    let floating = |text: &str| When::Floating(wall(text));
    let entry = Entry {
        start: floating("2026-04-01T10:00:00"),
        end: None,
        rdates: vec![When::Utc(Utc.with_ymd_and_hms(2026, 4, 2, 10, 0, 0).single().expect("a moment"))],
        exdates: vec![floating("2026-04-01T10:00:00")],
        ..entry()
    };
    let text = written(&[entry]);
    assert!(text.contains("\r\nRDATE;TZID=Asia/Tokyo:20260402T100000\r\n"), "{text}");
    assert!(text.contains("\r\nEXDATE;TZID=Asia/Tokyo:20260401T100000\r\n"), "{text}");
}
