use chrono::{TimeZone, Utc};
use chrono_tz::Tz;

use super::page;
use crate::ics::{Calendar, Limits, expand};

const CITY: Tz = Tz::Asia__Tokyo;

fn read(event: &str, schedule: &str) -> Calendar {
    let json = format!(r#"{{"@type":"Event","name":"見本","url":"/a",{event}"eventSchedule":{schedule}}}"#);
    page(json.as_bytes(), Some("application/ld+json"), "https://example.jp/", CITY, &Limits::default())
        .expect("an event")
}

/// The first days of what a schedule gives, as month-day and the city's clock, and the length in minutes.
fn days(event: &str, schedule: &str) -> String {
    let calendar = read(event, schedule);
    assert_eq!(calendar.findings, [], "{schedule}");
    let moment = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().expect("a moment");
    let found = expand(&calendar.events, moment(2026)..moment(2028), CITY, &Limits::default()).occurrences;
    let told = found.iter().take(5).map(|at| {
        let start = at.start_utc.with_timezone(&CITY);
        let form = if at.is_all_day() { "%m-%d" } else { "%m-%dT%H:%M" };
        format!("{}+{}", start.format(form), (at.end_utc - at.start_utc).num_minutes())
    });
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn schedules_become_rules() {
    for (schedule, expected) in [
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"P1W","byDay":"https://schema.org/Wednesday","startTime":"10:00","endTime":"11:30","repeatCount":2}"#,
            "04-01T10:00+90 04-08T10:00+90",
        ),
        // The first day is the begin of the time, not itself a Monday.
        (
            r#"{"startDate":"2026-04-01","endDate":"2026-04-14","repeatFrequency":"Weekly","byDay":["Monday","schema:Thursday"],"startTime":"10:00:00","duration":"PT1H"}"#,
            "04-02T10:00+60 04-06T10:00+60 04-09T10:00+60 04-13T10:00+60",
        ),
        (
            r#"{"startDate":"2026-04-01","endDate":"2026-04-03","repeatFrequency":"https://schema.org/Daily"}"#,
            "04-01+1440 04-02+1440 04-03+1440",
        ),
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"P2W","byDay":"WE","repeatCount":3,"startTime":"18:00","endTime":"01:00"}"#,
            "04-01T18:00+420 04-15T18:00+420 04-29T18:00+420",
        ),
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"P1M","byDay":"2TU","repeatCount":2,"startTime":"10:00+09:00"}"#,
            "04-14T10:00+0 05-12T10:00+0",
        ),
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"Monthly","byDay":"土曜日","byMonthWeek":3,"repeatCount":2,"startTime":"10:00"}"#,
            "04-18T10:00+0 05-16T10:00+0",
        ),
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"P1M","byMonthDay":[1,15],"byMonth":[4,6],"endDate":"2026-12-31"}"#,
            "04-01+1440 04-15+1440 06-01+1440 06-15+1440",
        ),
        (
            r#"{"startDate":"2026-04-01","repeatFrequency":"P1W","repeatCount":4,"startTime":"10:00","exceptDate":["2026-04-08","2026-04-15T10:00:00+09:00"]}"#,
            "04-01T10:00+0 04-22T10:00+0",
        ),
        (
            r#"{"startDate":"2026-07-01","repeatFrequency":"P1D","repeatCount":2,"startTime":"10:00","scheduleTimezone":"Europe/Berlin"}"#,
            "07-01T17:00+0 07-02T17:00+0",
        ),
        (r#"{"startDate":"2026-04-01","startTime":"10:00","endTime":"12:00"}"#, "04-01T10:00+120"),
        (
            r#"[{"startDate":"2026-04-01","repeatFrequency":"P1W","repeatCount":1,"startTime":"10:00"},{"startDate":"2026-04-02","repeatFrequency":"P1W","repeatCount":1,"startTime":"18:00"}]"#,
            "04-01T10:00+0 04-02T18:00+0",
        ),
    ] {
        assert_eq!(days("", schedule), expected, "{schedule}");
    }
}

#[test]
fn the_event_says_what_its_schedule_leaves_open() {
    let event = r#""startDate":"2026-04-01T10:00:00+09:00","endDate":"2026-04-01T12:00:00+09:00","#;
    assert_eq!(days(event, r#"{"repeatFrequency":"P1W","repeatCount":2}"#), "04-01T10:00+120 04-08T10:00+120");
    assert_eq!(days(event, r#"{"repeatFrequency":"P1W","startDate":"2026-05-06","repeatCount":1}"#), "05-06T10:00+120");
    // The last day of the whole is no length of one time.
    let event = r#""startDate":"2026-04-01T10:00:00+09:00","endDate":"2026-09-30T12:00:00+09:00","#;
    assert_eq!(days(event, r#"{"repeatFrequency":"P1W","endTime":"12:00","repeatCount":1}"#), "04-01T10:00+120");
}

#[test]
fn a_schedule_that_cannot_be_read_leaves_the_event_itself() {
    let messages = |event: &str, schedule: &str| {
        let calendar = read(event, schedule);
        let told: Vec<String> = calendar.findings.iter().map(ToString::to_string).collect();
        (calendar.events.len(), told.join(" "))
    };
    for (schedule, word) in [
        (r#"{"repeatFrequency":"ときどき","startDate":"2026-04-01"}"#, "ときどき"),
        (r#"{"repeatFrequency":"P1W","startDate":"2026-04-01","byDay":"はて"}"#, "はて"),
        (r#"{"repeatFrequency":"P1W","startDate":"いつか"}"#, "いつか"),
        (
            r#"{"repeatFrequency":"P1M","startDate":"2026-04-01","byMonth":2,"byMonthDay":30}"#,
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        ),
        (r#"{"repeatFrequency":"P1W"}"#, "startDate"),
    ] {
        let told = format!(
            "1行目：JSON-LD（1番目）の「見本」：くり返し（eventSchedule）の「{word}」が読めないため、使いませんでした。"
        );
        let event = if word == "startDate" { "" } else { r#""startDate":"2026-04-01","# };
        assert_eq!(messages(event, schedule), (usize::from(word != "startDate"), told), "{schedule}");
    }
}

#[test]
fn several_schedules_of_one_event_have_names_of_their_own() {
    let schedule = r#"{"startDate":"2026-04-01","repeatFrequency":"P1W","startTime":"10:00"}"#;
    let calendar = read("", &format!("[{schedule},{}]", schedule.replace("10:00", "18:00")));
    let uids: Vec<_> = calendar.events.iter().map(|event| event.uid.as_deref()).collect();
    assert_eq!(uids, [Some("https://example.jp/a"), Some("https://example.jp/a#2")]);
}
