use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Calendar, Expansion, Limits, Status, expand, read};

const CITY: Tz = Tz::Asia__Tokyo;

fn day(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    CITY.with_ymd_and_hms(year, month, day, 0, 0, 0).single().expect("a day").to_utc()
}

fn expanded(events: &[&str]) -> (Calendar, Expansion) {
    let events: String = events.iter().map(|lines| format!("BEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT\n")).collect();
    let text = format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n");
    let calendar = read(text.as_bytes(), &Limits::default(), CITY).expect("a calendar");
    let expansion = expand(&calendar.events, day(2024, 1, 1)..day(2027, 1, 1), CITY, &Limits::default());
    (calendar, expansion)
}

/// The starts on the clocks of Japan: `0401` for a date, `0401T10` for a time, with `/` and the summary if any.
fn starts(events: &[&str]) -> String {
    let (calendar, expansion) = expanded(events);
    let shown = expansion.occurrences.iter().map(|occurrence| {
        let form = if occurrence.is_all_day() { "%y%m%d" } else { "%y%m%dT%H%M" };
        let start = occurrence.start.local(CITY).format(form).to_string();
        let name = calendar.events[occurrence.event].summary.as_ref();
        name.map_or(start.clone(), |name| format!("{start}/{name}"))
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn dates(rule: &str, from: &str) -> String {
    starts(&[&format!("DTSTART;VALUE=DATE:{from}\nRRULE:{rule}")])
}

fn times(rule: &str) -> String {
    starts(&[&format!("DTSTART;TZID=Asia/Tokyo:20240401T100000\nRRULE:{rule}")])
}

#[test]
fn yearly_rules_follow_every_part() {
    for (rule, from, expected) in [
        ("FREQ=YEARLY", "20240401", "240401 250401 260401"),
        ("FREQ=YEARLY;INTERVAL=2", "20240401", "240401 260401"),
        ("FREQ=YEARLY", "20240229", "240229"),
        ("FREQ=YEARLY;BYMONTH=1,6;COUNT=4", "20240110", "240110 240610 250110 250610"),
        ("FREQ=YEARLY;BYYEARDAY=1,100,-1;COUNT=4", "20240101", "240101 240409 241231 250101"),
        ("FREQ=YEARLY;BYDAY=20MO", "20240513", "240513 250519 260518"),
        ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "20241027", "241027 251026 261025"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "20240513", "240513 250512 260511"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "20240101", "240101 241230 251229"),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU;WKST=SU", "20241222", "241222 251228 261227"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "20241105", "241105 251104 261103"),
        ("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "20240913", "240913 241213 250613 260213 260313 261113"),
    ] {
        assert_eq!(dates(rule, from), expected, "{rule}");
    }
}

#[test]
fn monthly_rules_follow_every_part() {
    for (rule, from, expected) in [
        ("FREQ=MONTHLY;COUNT=4", "20240131", "240131 240331 240531 240731"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "20240131", "240131 240229 240331"),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "20240409", "240409 240514 240611"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4", "20240401", "240401 240426 240506 240531"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "20240430", "240430 240531 240628"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=3", "20240401", "240401 240430 240501"),
        ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11;COUNT=4", "20240410", "240410 240411 251010 251011"),
        ("FREQ=MONTHLY;BYMONTH=4,5;BYMONTHDAY=31", "20240531", "240531 250531 260531"),
    ] {
        assert_eq!(dates(rule, from), expected, "{rule}");
    }
}

#[test]
fn weekly_rules_depend_on_the_first_day_of_the_week() {
    assert_eq!(dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "20240402"), "240402 240407 240416 240421");
    assert_eq!(dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "20240402"), "240402 240414 240416 240428");
}

#[test]
fn daily_and_shorter_rules_follow_every_part() {
    assert_eq!(dates("FREQ=DAILY;INTERVAL=10;COUNT=3", "20240401"), "240401 240411 240421");
    assert_eq!(
        times("FREQ=DAILY;BYHOUR=10,15;BYMINUTE=0,30;COUNT=5"),
        "240401T1000 240401T1030 240401T1500 240401T1530 240402T1000"
    );
    assert_eq!(
        times("FREQ=HOURLY;INTERVAL=3;BYHOUR=10,13,16;COUNT=4"),
        "240401T1000 240401T1300 240401T1600 240402T1000"
    );
    assert_eq!(times("FREQ=MINUTELY;INTERVAL=90;COUNT=3"), "240401T1000 240401T1130 240401T1300");
    assert_eq!(times("FREQ=MINUTELY;BYMONTH=6;BYHOUR=9;BYMINUTE=5;COUNT=2"), "240401T1000 240601T0905 240602T0905");
    assert_eq!(times("FREQ=SECONDLY;BYHOUR=11;BYMINUTE=0;BYSECOND=0;COUNT=2"), "240401T1000 240401T1100 240402T1100");
}

#[test]
fn a_long_running_series_is_the_same_in_a_late_window() {
    for rule in [
        "FREQ=DAILY;INTERVAL=7",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=MONTHLY;INTERVAL=5",
        "FREQ=YEARLY;INTERVAL=3",
        "FREQ=HOURLY;INTERVAL=500",
    ] {
        let endless = starts(&[&format!("DTSTART:19960104T100000\nRRULE:{rule}")]);
        let counted = starts(&[&format!("DTSTART:19960104T100000\nRRULE:{rule};COUNT=100000")]);
        assert_eq!(endless, counted, "{rule}");
        assert!(!endless.is_empty());
    }
}

#[test]
fn the_end_of_a_rule_is_read_in_every_form() {
    let until = |until: &str| times(&format!("FREQ=DAILY;UNTIL={until}")).split(' ').count();
    assert_eq!(until("20240405T010000Z"), 5);
    assert_eq!(until("20240405T005959Z"), 4);
    assert_eq!(until("20240405T100000"), 5);
    assert_eq!(until("20240405"), 4);
    assert_eq!(dates("FREQ=DAILY;UNTIL=20240403", "20240401"), "240401 240402 240403");
    assert_eq!(dates("FREQ=DAILY;UNTIL=20240403T000000Z", "20240401"), "240401 240402 240403");
}

#[test]
fn the_start_counts_although_the_rule_does_not_give_it() {
    assert_eq!(times("FREQ=WEEKLY;BYDAY=TU;COUNT=2"), "240401T1000 240402T1000 240409T1000");
}

#[test]
fn a_series_cut_off_before_its_start_is_empty() {
    assert_eq!(times("FREQ=WEEKLY;UNTIL=20240331T000000Z"), "");
}

#[test]
fn a_rule_that_cannot_be_read_leaves_a_single_event() {
    let (calendar, expansion) = expanded(&["DTSTART:20240401T100000\nRRULE:FREQ=WEEKLY;BYDAY=XX"]);
    assert_eq!(expansion.occurrences.len(), 1);
    assert_eq!(
        calendar.findings[0].to_string(),
        "5行目7文字目：くり返しの規則の「BYDAY=XX」が読めないため、くり返しなしで読みました。"
    );
}

#[test]
fn clock_times_stay_when_the_clocks_change() {
    let (_, expansion) = expanded(&[
        "DTSTART;TZID=America/New_York:20240309T023000\nDTEND;TZID=America/New_York:20240309T033000\nRRULE:FREQ=DAILY;COUNT=3",
    ]);
    let utc: Vec<_> =
        expansion.occurrences.iter().map(|occurrence| occurrence.start_utc.format("%dT%H%M").to_string()).collect();
    // 2:30 does not exist on the 10th: it is read with the offset before the gap.
    assert_eq!(utc, ["09T0730", "10T0730", "11T0630"]);
}

#[test]
fn an_end_is_exact_also_when_an_hour_comes_twice() {
    let (_, expansion) = expanded(&[
        "DTSTART;TZID=America/New_York:20241102T013000\nDTEND;TZID=America/New_York:20241102T023000\nRRULE:FREQ=DAILY;COUNT=3",
    ]);
    let lengths: Vec<_> = expansion.occurrences.iter().map(|one| (one.end_utc - one.start_utc).num_minutes()).collect();
    assert_eq!(lengths, [60, 60, 60]);
}

const WEEKLY: &str = "DTSTART;TZID=Asia/Tokyo:20240401T100000\nDTEND;TZID=Asia/Tokyo:20240401T120000\nRRULE:FREQ=WEEKLY;COUNT=4\nSUMMARY:m";

#[test]
fn dates_are_taken_out_in_every_form() {
    for exdate in [
        "EXDATE;TZID=Asia/Tokyo:20240408T100000",
        "EXDATE:20240408T010000Z",
        "EXDATE:20240408T100000",
        "EXDATE;VALUE=DATE:20240408",
        "EXDATE;TZID=Europe/Berlin:20240408T030000",
    ] {
        assert_eq!(starts(&[&format!("{WEEKLY}\n{exdate}")]), "240401T1000/m 240415T1000/m 240422T1000/m", "{exdate}");
    }
    assert_eq!(
        starts(&[&format!("{WEEKLY}\nEXDATE:20240401T010000Z,20240408T010000Z,20240409T010000Z")]),
        "240415T1000/m 240422T1000/m"
    );
    assert_eq!(starts(&[&format!("{WEEKLY}\nEXRULE:FREQ=WEEKLY;INTERVAL=2")]), "240408T1000/m 240422T1000/m");
    assert_eq!(
        starts(&["DTSTART;VALUE=DATE:20240401\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20240402T000000"]),
        "240401 240403"
    );
}

#[test]
fn further_dates_come_once_and_with_their_own_length() {
    let (_, expansion) = expanded(&[&format!(
        "{WEEKLY}\nRDATE;TZID=Asia/Tokyo:20240403T090000,20240408T100000\nRDATE;VALUE=PERIOD:20240404T000000Z/PT5H,20240405T000000Z/20240405T003000Z"
    )]);
    let shown: Vec<_> = expansion
        .occurrences
        .iter()
        .map(|one| format!("{} {}", one.start.local(CITY).format("%d %H"), (one.end_utc - one.start_utc).num_minutes()))
        .collect();
    assert_eq!(shown, ["01 10 120", "03 09 120", "04 09 300", "05 09 30", "08 10 120", "15 10 120", "22 10 120"]);
}

#[test]
fn a_changed_occurrence_replaces_its_own_wherever_it_goes() {
    let moved = "RECURRENCE-ID;TZID=Asia/Tokyo:20240408T100000\nDTSTART;TZID=Asia/Tokyo:20240410T140000\nSUMMARY:x";
    assert_eq!(starts(&[WEEKLY, moved]), "240401T1000/m 240410T1400/x 240415T1000/m 240422T1000/m");
    assert_eq!(starts(&[moved, WEEKLY]), "240401T1000/m 240410T1400/x 240415T1000/m 240422T1000/m");
    let away = "RECURRENCE-ID:20240408T010000Z\nDTSTART:20290410T140000Z\nSUMMARY:x";
    assert_eq!(starts(&[WEEKLY, away]), "240401T1000/m 240415T1000/m 240422T1000/m");
    let from_outside = "DTSTART:20230101T100000\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:m";
    assert_eq!(
        starts(&[from_outside, "RECURRENCE-ID:20230102T100000\nDTSTART:20240102T100000\nSUMMARY:x"]),
        "240102T1000/x"
    );
    assert_eq!(starts(&[moved]), "240410T1400/x");
}

#[test]
fn the_newest_change_of_an_occurrence_counts() {
    let change = |sequence: u32, hour: u32| {
        format!(
            "RECURRENCE-ID;TZID=Asia/Tokyo:20240408T100000\nDTSTART;TZID=Asia/Tokyo:20240408T{hour}0000\nSEQUENCE:{sequence}"
        )
    };
    assert_eq!(
        starts(&[WEEKLY, &change(2, 13), &change(1, 14)]),
        "240401T1000/m 240408T1300 240415T1000/m 240422T1000/m"
    );
    assert_eq!(
        starts(&[WEEKLY, &change(1, 13), &change(1, 14)]),
        "240401T1000/m 240408T1400 240415T1000/m 240422T1000/m"
    );
}

#[test]
fn a_cancelled_occurrence_stays_and_says_so() {
    let (calendar, expansion) =
        expanded(&[WEEKLY, "RECURRENCE-ID:20240408T010000Z\nDTSTART:20240408T010000Z\nSTATUS:CANCELLED"]);
    let statuses: Vec<_> =
        expansion.occurrences.iter().map(|occurrence| calendar.events[occurrence.event].status).collect();
    assert_eq!(statuses, [None, Some(Status::Cancelled), None, None]);
}

#[test]
fn a_changed_occurrence_that_is_taken_out_is_gone() {
    let master = format!("{WEEKLY}\nEXDATE:20240408T010000Z");
    assert_eq!(
        starts(&[&master, "RECURRENCE-ID:20240408T010000Z\nDTSTART:20240409T010000Z"]),
        "240401T1000/m 240415T1000/m 240422T1000/m"
    );
}

#[test]
fn an_old_series_inside_a_series_is_gone_where_the_series_has_nothing() {
    let change = |sequence: u32, day: u32| {
        let times = format!("RECURRENCE-ID:202404{day:02}T010000Z\nDTSTART:202404{day:02}T020000Z");
        format!("{times}\nRRULE:FREQ=DAILY\nSEQUENCE:{sequence}\nSUMMARY:x")
    };
    let master = format!("{WEEKLY}\nSEQUENCE:2");
    let unchanged = "240401T1000/m 240408T1000/m 240415T1000/m";
    assert_eq!(starts(&[&master, &change(1, 29)]), format!("{unchanged} 240422T1000/m"));
    assert_eq!(starts(&[&master, &change(1, 22)]), format!("{unchanged} 240422T1100/x"));
    assert_eq!(starts(&[&master, &change(2, 29)]), format!("{unchanged} 240422T1000/m 240429T1100/x"));
}

#[test]
fn a_change_of_all_that_follow_moves_them_alike() {
    let later = "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Tokyo:20240408T100000\nDTSTART;TZID=Asia/Tokyo:20240409T133000\nDURATION:PT30M\nSUMMARY:x";
    assert_eq!(starts(&[WEEKLY, later]), "240401T1000/m 240409T1330/x 240416T1330/x 240423T1330/x");
    let single = "RECURRENCE-ID:20240415T010000Z\nDTSTART:20240415T000000Z\nSUMMARY:y";
    assert_eq!(starts(&[WEEKLY, later, single]), "240401T1000/m 240409T1330/x 240415T0900/y 240423T1330/x");
    let (_, expansion) = expanded(&[WEEKLY, later]);
    assert_eq!((expansion.occurrences[3].end_utc - expansion.occurrences[3].start_utc).num_minutes(), 30);
}

#[test]
fn one_uid_on_different_events_keeps_them_all_but_old_revisions_go() {
    let event = |day: u32, sequence: u32| format!("DTSTART:202404{day:02}T100000\nSEQUENCE:{sequence}");
    assert_eq!(starts(&[&event(1, 0), &event(5, 0)]), "240401T1000 240405T1000");
    assert_eq!(starts(&[&event(1, 0), &event(5, 1)]), "240405T1000");
    assert_eq!(
        starts(&[&format!("{}\nSUMMARY:一", event(1, 0)), &format!("{}\nSUMMARY:二", event(1, 0))]),
        "240401T1000/一 240401T1000/二"
    );
    let changed =
        |day: u32, name: &str| format!("{}\nSUMMARY:{name}\nLAST-MODIFIED:202403{day:02}T000000Z", event(1, 0));
    assert_eq!(starts(&[&changed(1, "一"), &changed(2, "二")]), "240401T1000/二");
    assert_eq!(starts(&[&changed(1, "一"), &changed(1, "一")]), "240401T1000/一");
}

#[test]
fn every_occurrence_of_a_series_is_named_by_its_original_start() {
    let (_, expansion) = expanded(&[WEEKLY, "RECURRENCE-ID:20240408T010000Z\nDTSTART:20240410T010000Z"]);
    let ids: Vec<_> = expansion
        .occurrences
        .iter()
        .filter_map(|one| one.recurrence_id.as_ref())
        .map(|id| id.local(CITY).format("%d").to_string())
        .collect();
    assert_eq!(ids, ["01", "08", "15", "22"]);
    assert_eq!(expanded(&["DTSTART:20240401T100000"]).1.occurrences[0].recurrence_id, None);
}

#[test]
fn the_window_takes_what_it_touches() {
    let within = |lines: &str| !starts(&[lines]).is_empty();
    assert!(within("DTSTART:20231231T230000\nDURATION:PT61M"));
    assert!(!within("DTSTART:20231231T230000\nDURATION:PT60M"));
    assert!(within("DTSTART:20240101T000000"));
    assert!(!within("DTSTART:20231231T235959"));
    assert!(!within("DTSTART:20270101T000000"));
    assert!(within("DTSTART;VALUE=DATE:20261231"));
    assert!(!within("DTSTART;VALUE=DATE:20270101"));
    assert!(within("DTSTART;VALUE=DATE:20231201\nDTEND;VALUE=DATE:20240102"));
    assert!(within("DTSTART;VALUE=DATE:20200101\nDURATION:P3000D\nRRULE:FREQ=YEARLY;COUNT=2"));
}
