//! What is fuzzed, and what has to hold whatever the bytes are.
//!
//! The modules are taken by path instead of the whole house, so that instrumented builds stay small. Each function is
//! one target of `fuzz_targets`.

#![allow(missing_docs)]

#[allow(dead_code)]
#[path = "../../src/ics/mod.rs"]
pub mod ics;
#[allow(dead_code)]
#[path = "../../src/markup/mod.rs"]
pub mod markup;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use ics::{Calendar, Entry, Event, Length, Limits, When, Zone};

const CITY: Tz = Tz::Asia__Tokyo;

/// Small enough that every input is quick, so that many can be tried.
fn limits() -> Limits {
    Limits {
        steps: 100_000,
        steps_each: 20_000,
        occurrences_each: 300,
        occurrences: 2_000,
        findings: 50,
        ..Limits::default()
    }
}

fn year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default()
}

/// Reading never fails otherwise than by saying so, keeps its limits, and lets nothing through that is no text.
pub fn read(data: &[u8]) {
    let limits = limits();
    if let Ok(calendar) = ics::read(data, &limits, CITY) {
        assert_sound(&calendar, &limits);
        let mut mended = calendar.clone();
        markup::mend(&mut mended, &limits);
        assert_sound(&mended, &limits);
        assert_eq!(mended.events.len(), calendar.events.len(), "no event is lost with its HTML");
    }
}

fn assert_sound(calendar: &Calendar, limits: &Limits) {
    assert!(calendar.findings.len() <= limits.findings + 1, "findings are capped");
    for event in &calendar.events {
        let texts =
            [&event.uid, &event.summary, &event.description, &event.location, &event.organizer_name, &event.contact];
        for text in texts.into_iter().flatten() {
            let is_text = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
            assert!(text.chars().all(is_text), "control characters in {text:?}");
        }
        assert!(event.exdates.len() + event.rdates.len() <= limits.dates, "dates are capped");
        let (start, end) = (event.start.to_utc(CITY), event.end(CITY).to_utc(CITY));
        assert!(start <= end || event.start.is_date(), "{start} after {end}");
    }
}

/// Expanding stays in its window, in order, within its limits, and gives the same again.
pub fn expand(data: &[u8]) {
    let limits = limits();
    let Ok(calendar) = ics::read(data, &limits, CITY) else { return };
    let window = year(2026)..year(2028);
    let expansion = ics::expand(&calendar.events, window.clone(), CITY, &limits);
    assert!(expansion.occurrences.len() <= limits.occurrences, "occurrences are capped");
    assert!(expansion.steps <= limits.steps, "steps are capped");
    for pair in expansion.occurrences.windows(2) {
        assert!(pair[0].start_utc <= pair[1].start_utc, "in order");
    }
    for at in &expansion.occurrences {
        assert!(at.start_utc < window.end, "after the window");
        assert!(at.end_utc > window.start || at.start_utc >= window.start, "before the window");
        assert!(at.event < calendar.events.len(), "of an event there is");
    }
    let again = ics::expand(&calendar.events, window, CITY, &limits);
    assert_eq!(expansion.occurrences, again.occurrences, "the same every time");
}

/// What is written can be read, says the same, and takes place at the same times.
pub fn round_trip(data: &[u8]) {
    let limits = limits();
    let Ok(calendar) = ics::read(data, &limits, CITY) else { return };
    let starts = |event: &Event| {
        let window = year(2026)..year(2028);
        let found = ics::expand(std::slice::from_ref(event), window, CITY, &limits).occurrences;
        found.into_iter().map(|at| (at.start_utc, at.is_all_day())).collect::<Vec<_>>()
    };
    for event in calendar.events.iter().filter(|event| event.recurrence_id.is_none()).take(20) {
        let written = ics::single(&[entry(event)], CITY);
        let read = ics::read(&written, &Limits::default(), CITY).unwrap_or_else(|broken| panic!("{broken}"));
        let [back] = &read.events[..] else { panic!("{} events of one", read.events.len()) };
        assert!(written.split(|byte| *byte == b'\n').all(|line| line.len() <= 76), "lines of 75 octets");
        // A tab is written as a blank.
        let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.replace('\t', " ").trim().to_owned());
        assert_eq!(trimmed(&back.description), trimmed(&event.description));
        assert_eq!(trimmed(&back.location), trimmed(&event.location));
        // What feeds have no form for is taken in one by one before it gets there.
        let is_own = matches!(event.start, When::Zoned { zone: Zone::Own(_), .. }) || !event.exrules.is_empty();
        if !is_own {
            assert_eq!(starts(back), starts(event), "{}", String::from_utf8_lossy(&written));
        }
    }
}

/// An event as our own feeds write it.
fn entry(event: &Event) -> Entry {
    Entry {
        uid: event.uid.clone().unwrap_or_else(|| "u".to_owned()),
        recurrence_id: None,
        and_future: false,
        sequence: event.sequence,
        stamp: year(2026),
        created: None,
        status: None,
        summary: event.summary.clone().unwrap_or_default(),
        description: event.description.clone(),
        location: event.location.clone(),
        geo: event.geo,
        url: None,
        categories: event.categories.clone(),
        start: event.start.clone(),
        end: (event.length != Length::Unsaid).then(|| event.end(CITY)),
        rules: event.rrules.clone(),
        rdates: event.rdates.iter().map(|date| date.start.clone()).collect(),
        exdates: event.exdates.clone(),
        transparent: event.transparent,
    }
}

/// The second reader gets only what was unfolded, decoded and capped, and whatever it makes of it is told in sentences.
pub fn second_reader(data: &[u8]) {
    let limits = limits();
    if let Ok(report) = ics::check(data, &limits, CITY, markup::mend) {
        assert!(report.differences.len() <= 50, "differences are capped");
        let told = report.to_string();
        assert!(!told.contains('\0') && !told.contains('\u{1B}'), "nothing that moves a terminal");
    }
}

/// A page gives events or says why not.
pub fn page(data: &[u8]) {
    let limits = Limits { components: 200, ..limits() };
    let url = "https://example.jp/events/";
    match markup::page(data, None, url, CITY, &limits) {
        Ok(calendar) => {
            assert!(calendar.events.len() <= limits.components, "events are capped");
            assert_sound(&calendar, &limits);
            for event in &calendar.events {
                assert!(event.uid.is_some(), "every event has a name");
                assert!(event.url.as_deref().is_some_and(|url| url.starts_with("http")), "{:?}", event.url);
            }
            let _ = ics::expand(&calendar.events, year(2026)..year(2028), CITY, &limits);
        }
        Err(broken) => assert!(broken.message.ends_with('。'), "{broken}"),
    }
}

/// Text comes out of anything, and nothing but text.
pub fn plain_text(data: &[u8]) {
    let Ok(html) = std::str::from_utf8(data) else { return };
    let plain = markup::plain_text(html);
    assert!(plain.chars().all(|letter| !letter.is_control() || letter == '\n'), "{plain:?}");
    assert!(!plain.contains("\n\n\n"), "{plain:?}");
    let _ = markup::looks_like_html(html);
}
