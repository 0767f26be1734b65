use std::time::Instant;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{Limits, check, expand, read};

fn window() -> std::ops::Range<DateTime<Utc>> {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a moment");
    year(2026)..year(2028)
}

fn all(bytes: &[u8]) -> usize {
    let limits = Limits { steps: 200_000, occurrences_each: 500, occurrences: 5_000, ..Limits::default() };
    let _ = check(bytes, &limits, Tz::Asia__Tokyo, |_, _| {}).map(|report| report.to_string());
    read(bytes, &limits, Tz::Asia__Tokyo)
        .map(|calendar| expand(&calendar.events, window(), Tz::Asia__Tokyo, &limits).occurrences.len())
        .unwrap_or(0)
}

fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

const SAMPLE: &str = "BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Asia/Tokyo\r\nBEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:20001029T030000\r\n\
    TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\n\
    DTSTART;TZID=Own:20260401T100000\r\nDTEND;TZID=Own:20260401T120000\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=1;COUNT=10\r\n\
    EXDATE;TZID=Own:20260501T100000,20260601T100000\r\nRDATE;VALUE=PERIOD:20260701T000000Z/PT3H\r\nSUMMARY;LANGUAGE=ja:見本\\, の\\n集い\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260601T080000Z\r\nDTSTART:20260602T080000Z\r\nDURATION:P1DT2H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        all(&bytes);
    }

    #[test]
    fn random_properties_never_panic(lines in proptest::collection::vec("(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|GEO|SUMMARY|TZID)[;:=A-Z0-9,+-]{0,40}", 0..12)) {
        all(event(&format!("DTSTART:20260401T100000\r\n{}", lines.join("\r\n"))).as_bytes());
    }

    #[test]
    fn random_rules_never_panic(
        freq in "(SECOND|MINUTE|HOUR|DAI|WEEK|MONTH|YEAR)LY",
        parts in proptest::collection::vec("(INTERVAL|COUNT|BYHOUR|BYMINUTE|BYSECOND|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS)=-?[0-9]{1,3}(,-?[0-9]{1,2}){0,3}|BYDAY=-?[1-5]?(MO|SU|TH)", 0..5),
        year in prop_oneof![Just(1u32), Just(1970), Just(2026), Just(9999)],
    ) {
        all(event(&format!("DTSTART:{year:04}0229T100000\r\nRRULE:FREQ={freq};{}", parts.join(";"))).as_bytes());
        all(event(&format!("DTSTART;TZID=Europe/Berlin:{year:04}0131T100000\r\nRRULE:FREQ={freq};{}", parts.join(";"))).as_bytes());
    }

    #[test]
    fn mutated_calendars_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..12)) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (index, byte, what) in changes {
            let at = index.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        all(&bytes);
    }

    #[test]
    fn cut_calendars_never_panic(at in any::<prop::sample::Index>()) {
        all(&SAMPLE.as_bytes()[..at.index(SAMPLE.len())]);
    }
}

#[test]
fn the_sample_that_is_mutated_is_sound() {
    assert_eq!(all(SAMPLE.as_bytes()), 12);
}

#[test]
fn endless_and_impossible_rules_end() {
    let began = Instant::now();
    for rule in [
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=MINUTELY;INTERVAL=4000000000;COUNT=4000000000",
        "FREQ=YEARLY;INTERVAL=4294967295",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14;BYSECOND=0,1,2,3,4,5,6,7,8,9",
    ] {
        for start in ["00010101T000000", "19700101T000000", "20260401T000000", "99991231T235959"] {
            all(event(&format!("DTSTART:{start}\r\nRRULE:{rule}")).as_bytes());
        }
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn a_cut_series_is_told() {
    let bytes = event("DTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY");
    let limits = Limits { occurrences_each: 100, ..Limits::default() };
    let calendar = read(bytes.as_bytes(), &limits, Tz::UTC).expect("a calendar");
    let expansion = expand(&calendar.events, window(), Tz::UTC, &limits);
    assert_eq!(expansion.occurrences.len(), 100);
    assert_eq!(expansion.findings[0].to_string(), "2行目：くり返しが多すぎるため、100回までを並べました。");
}

#[test]
fn a_million_excluded_dates_are_cut_and_told() {
    let dates = vec!["20260401T100000"; 50_000].join(",");
    let bytes = event(&format!("DTSTART:20260401T100000\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:{dates}"));
    let calendar = read(bytes.as_bytes(), &Limits::default(), Tz::UTC).expect("a calendar");
    assert_eq!(calendar.events[0].exdates.len(), 20_000);
    assert_eq!(calendar.findings.len(), 1);
}

#[test]
fn findings_are_cut_and_counted() {
    let limits = Limits { findings: 3, ..Limits::default() };
    let bytes = event(&format!("DTSTART:20260401\r\n{}", "?\r\n".repeat(10)));
    let calendar = read(bytes.as_bytes(), &limits, Tz::UTC).expect("a calendar");
    assert_eq!(calendar.findings.len(), 4);
    assert_eq!(calendar.findings[3].message, "ほかに7件の指摘がありますが、多すぎるため省きました。");
}

#[test]
fn many_traps_in_one_file_still_end() {
    let began = Instant::now();
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Z\r\n".to_owned()
        + &"BEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nEND:STANDARD\r\n".repeat(3_000)
        + "END:VTIMEZONE\r\n";
    let copies: String = (0..5_000)
        .map(|day| {
            format!(
                "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260401T{:02}{:02}00\r\nSUMMARY:{day}\r\nEND:VEVENT\r\n",
                day % 24,
                day % 60
            )
        })
        .collect();
    let changes: String = (0..5_000).map(|day| format!("BEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:{:04}0401T000000\r\nDTSTART:20260401T000000\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n", day + 1)).collect();
    let master = format!(
        "BEGIN:VEVENT\r\nUID:b\r\nSEQUENCE:1\r\nDTSTART;TZID=Z:20260401T000000\r\nRRULE:FREQ=SECONDLY;COUNT=99999999\r\nEXDATE:{}\r\nEND:VEVENT\r\n",
        vec!["20260401T100000"; 10_000].join(",")
    );
    all(format!("BEGIN:VCALENDAR\r\n{zone}{master}{copies}{changes}END:VCALENDAR\r\n").as_bytes());
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
