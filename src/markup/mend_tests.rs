use chrono_tz::Tz;

use super::mend;
use crate::ics::{Calendar, Limits, read};

fn mended(lines: &str) -> Calendar {
    let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260401\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    let mut calendar = read(text.as_bytes(), &Limits::default(), Tz::Asia__Tokyo).expect("a calendar");
    mend(&mut calendar, &Limits::default());
    calendar
}

#[test]
fn html_in_texts_becomes_text_and_is_told() {
    let calendar = mended(
        "SUMMARY:<b>見本</b>の集い &amp; 交流\nLOCATION:見本館<br>2階\nDESCRIPTION:<p>一\\, 二</p><ul><li>三</li></ul>",
    );
    let event = &calendar.events[0];
    assert_eq!(event.summary.as_deref(), Some("見本の集い & 交流"));
    assert_eq!(event.location.as_deref(), Some("見本館 2階"));
    assert_eq!(event.description.as_deref(), Some("一, 二\n\n・三"));
    let told: Vec<String> = calendar.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "2行目：件名（SUMMARY）にHTMLがあったため、文字だけを読みました。",
            "2行目：場所（LOCATION）にHTMLがあったため、文字だけを読みました。",
            "2行目：説明（DESCRIPTION）にHTMLがあったため、文字だけを読みました。",
        ]
    );
}

#[test]
fn text_that_is_no_html_stays_as_it_is() {
    let calendar = mended("SUMMARY:<注意> 1 < 2\nDESCRIPTION:一\\n  二 <mihon@example.jp> Q&A");
    assert_eq!(calendar.events[0].summary.as_deref(), Some("<注意> 1 < 2"));
    assert_eq!(calendar.events[0].description.as_deref(), Some("一\n  二 <mihon@example.jp> Q&A"));
    assert_eq!(calendar.findings, []);
}

#[test]
fn the_html_description_stands_in_for_one_that_is_missing() {
    let html = "X-ALT-DESC;FMTTYPE=text/html:<html><head><title>x</title></head><body><p>見本の説明</p></body></html>";
    let calendar = mended(html);
    assert_eq!(calendar.events[0].description.as_deref(), Some("見本の説明"));
    assert_eq!(
        calendar.findings[0].message,
        "説明（DESCRIPTION）がないため、HTMLの説明（X-ALT-DESC）から文字だけを読みました。"
    );
    let calendar = mended(&format!("DESCRIPTION:文字の説明\n{html}"));
    assert_eq!(calendar.events[0].description.as_deref(), Some("文字の説明"));
    assert_eq!((calendar.findings.len(), calendar.events[0].extra.len()), (0, 0));
}

#[test]
fn findings_stay_within_their_limit() {
    let event = "BEGIN:VEVENT\nUID:a\nDTSTART:20260401\nSUMMARY:<b>x</b>\nEND:VEVENT\n".repeat(30);
    let limits = Limits { findings: 5, ..Limits::default() };
    let mut calendar = read(format!("BEGIN:VCALENDAR\n{event}").as_bytes(), &limits, Tz::UTC).expect("a calendar");
    mend(&mut calendar, &limits);
    assert_eq!(calendar.findings.len(), 5);
    assert!(calendar.events.iter().all(|event| event.summary.as_deref() == Some("x")));
}
