use chrono_tz::Tz;

use super::page;
use crate::ics::{Calendar, Event, Limits, Status, When};

const CITY: Tz = Tz::Asia__Tokyo;
const URL: &str = "https://example.jp/events/";

fn read(html: &str) -> Calendar {
    page(html.as_bytes(), Some("text/html"), URL, CITY, &Limits::default()).expect("a page with events")
}

fn refused(html: &str) -> String {
    page(html.as_bytes(), None, URL, CITY, &Limits::default()).expect_err("no event").message
}

fn html(json: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>見本の会 | 予定</title>\n<script type=\"application/ld+json\">\n{json}\n</script></head><body></body></html>"
    )
}

fn one(members: &str) -> Event {
    let calendar = read(&html(&format!("{{\"@context\":\"https://schema.org\",\"@type\":\"Event\",{members}}}")));
    assert_eq!(calendar.events.len(), 1);
    calendar.events[0].clone()
}

fn messages(calendar: &Calendar) -> Vec<String> {
    calendar.findings.iter().map(ToString::to_string).collect()
}

/// Start and end as they are read.
fn times(members: &str) -> (String, String) {
    let event = one(members);
    let told = |when: &When| match when {
        When::Date(date) => date.to_string(),
        when => when.to_utc(CITY).format("%Y-%m-%dT%H:%MZ").to_string(),
    };
    (told(&event.start), told(&event.end(CITY)))
}

#[test]
fn every_part_of_an_event_is_read() {
    let calendar = read(&html(
        r##"{"@context":"https://schema.org","@type":"MusicEvent","@id":"#e1","name":"見本の &amp; 音楽会","startDate":"2026-04-01T10:00:00+09:00",
"endDate":"2026-04-01T12:30:00+09:00","eventStatus":"https://schema.org/EventScheduled","description":"<p>どなたでも<br>どうぞ</p>",
"location":{"@type":"Place","name":"見本交流センター","address":{"@type":"PostalAddress","postalCode":"817-0000","addressRegion":"長崎県","addressLocality":"対馬市","streetAddress":"厳原町0番地"},"geo":{"@type":"GeoCoordinates","latitude":"34.2","longitude":129.29}},
"organizer":[{"@type":"Organization","name":"見本の会","url":"https://example.jp"},{"@type":"Person","name":"見本 太郎"}],
"url":"/events/1","keywords":"音楽, 見本","about":{"@type":"Thing","name":"文化"},"dateModified":"2026-03-01T00:00:00Z"}"##,
    ));
    let event = &calendar.events[0];
    assert_eq!(calendar.name.as_deref(), Some("見本の会 | 予定"));
    assert_eq!(event.uid.as_deref(), Some("https://example.jp/events/#e1"));
    assert_eq!(event.summary.as_deref(), Some("見本の & 音楽会"));
    assert_eq!(event.description.as_deref(), Some("どなたでも\nどうぞ"));
    assert_eq!(event.location.as_deref(), Some("見本交流センター（長崎県対馬市厳原町0番地）"));
    assert_eq!(event.geo, Some((34.2, 129.29)));
    assert_eq!(event.organizer_name.as_deref(), Some("見本の会、見本 太郎"));
    assert_eq!(event.url.as_deref(), Some("https://example.jp/events/1"));
    assert_eq!(event.categories, ["音楽", "見本", "文化"]);
    assert_eq!(event.status, Some(Status::Confirmed));
    assert_eq!(event.last_modified.map(|at| at.to_rfc3339()).as_deref(), Some("2026-03-01T00:00:00+00:00"));
    assert_eq!(
        (event.start.to_utc(CITY).to_rfc3339(), event.end(CITY).to_utc(CITY).to_rfc3339()),
        ("2026-04-01T01:00:00+00:00".into(), "2026-04-01T03:30:00+00:00".into())
    );
    assert_eq!(event.line, 4);
    assert_eq!(messages(&calendar), [""; 0]);
}

#[test]
fn days_times_and_lengths_are_read_as_they_are_meant() {
    let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    for (members, expected) in [
        (r#""startDate":"2026-04-01""#, pair("2026-04-01", "2026-04-02")),
        // The last day belongs to the event.
        (r#""startDate":"2026-04-01","endDate":"2026-04-03""#, pair("2026-04-01", "2026-04-04")),
        (r#""startDate":"2026-04-01","endDate":"2026-04-03T17:00""#, pair("2026-04-01", "2026-04-04")),
        // Without an offset it is the city's clock.
        (
            r#""startDate":"2026-04-01T10:00","endDate":"2026-04-01T11:00:00""#,
            pair("2026-04-01T01:00Z", "2026-04-01T02:00Z"),
        ),
        (r#""startDate":"2026-04-01T10:00Z","duration":"PT1H30M""#, pair("2026-04-01T10:00Z", "2026-04-01T11:30Z")),
        (r#""startDate":"2026-04-01 10:00","endDate":"2026-04-01""#, pair("2026-04-01T01:00Z", "2026-04-01T01:00Z")),
        (r#""startDate":"2026-04-01T10:00","endDate":"2026-04-03""#, pair("2026-04-01T01:00Z", "2026-04-03T15:00Z")),
        // Whole days as programs write them.
        (
            r#""startDate":"2026-04-01T00:00:00+09:00","endDate":"2026-04-02T23:59:59+09:00""#,
            pair("2026-04-01", "2026-04-03"),
        ),
        (
            r#""startDate":"2026-04-01T10:00","endDate":"2026-03-01T11:00""#,
            pair("2026-04-01T01:00Z", "2026-04-01T01:00Z"),
        ),
        (r#""startDate":{"@type":"Date","@value":"2026-04-01"}"#, pair("2026-04-01", "2026-04-02")),
    ] {
        assert_eq!(times(members), expected, "{members}");
    }
}

#[test]
fn what_is_cancelled_postponed_or_moved_says_so() {
    let told = |status: &str, more: &str| {
        let calendar = read(&html(&format!(
            r#"{{"@type":"Event","name":"見本","startDate":"2026-04-01","eventStatus":"{status}"{more}}}"#
        )));
        (calendar.events[0].status, messages(&calendar))
    };
    assert_eq!(told("https://schema.org/EventCancelled", ""), (Some(Status::Cancelled), vec![]));
    assert_eq!(told("EventCanceled", ""), (Some(Status::Cancelled), vec![]));
    assert_eq!(
        told("http://schema.org/EventPostponed", ""),
        (
            Some(Status::Tentative),
            vec![
                "4行目：JSON-LD（1番目）の「見本」：延期とされています。新しい日時が出るまで、仮の予定とします。"
                    .to_owned()
            ]
        )
    );
    assert_eq!(
        told("EventRescheduled", r#","previousStartDate":"2026-03-01""#),
        (
            Some(Status::Confirmed),
            vec!["4行目：JSON-LD（1番目）の「見本」：日時が変更された予定です（前は2026-03-01）。".to_owned()]
        )
    );
    assert_eq!(
        told("はて", "").1,
        ["4行目：JSON-LD（1番目）の「見本」：状態（eventStatus）の「はて」が読めないため、使いませんでした。"]
    );
}

#[test]
fn places_of_every_form_are_one_line() {
    let place = |json: &str| one(&format!(r#""startDate":"2026-04-01","location":{json}"#)).location;
    for (json, expected) in [
        (r#""見本公民館""#, "見本公民館"),
        (
            r#"{"@type":"Place","name":"見本公民館","address":"長崎県対馬市厳原町0番地"}"#,
            "見本公民館（長崎県対馬市厳原町0番地）",
        ),
        (
            r#"{"@type":"Place","address":{"streetAddress":"対馬市厳原町0番地","addressLocality":"対馬市"}}"#,
            "対馬市厳原町0番地",
        ),
        (r#"{"@type":"VirtualLocation","url":"https://example.jp/live"}"#, "オンライン（https://example.jp/live）"),
        (
            r#"[{"@type":"Place","name":"見本館"},{"@type":"VirtualLocation","url":"javascript:alert(1)"}]"#,
            "見本館／オンライン",
        ),
        (
            r#"{"@type":"Place","name":"<b>見本</b>館","address":{"@type":"PostalAddress","addressCountry":"JP"}}"#,
            "見本館",
        ),
    ] {
        assert_eq!(place(json).as_deref(), Some(expected), "{json}");
    }
    assert_eq!(
        one(r#""startDate":"2026-04-01","eventAttendanceMode":"https://schema.org/OnlineEventAttendanceMode""#)
            .location
            .as_deref(),
        Some("オンライン")
    );
    assert_eq!(one(r#""startDate":"2026-04-01","location":{"geo":{"latitude":134,"longitude":129}}"#).geo, None);
}

#[test]
fn events_are_found_wherever_they_stand() {
    let event = |name: &str| format!(r#"{{"@type":"Event","name":"{name}","startDate":"2026-04-01"}}"#);
    let names = |json: &str| -> Vec<String> {
        read(&html(json)).events.into_iter().filter_map(|event| event.summary).collect()
    };
    assert_eq!(names(&format!("[{},{}]", event("一"), event("二"))), ["一", "二"]);
    assert_eq!(names(&format!(r#"{{"@graph":[{{"@type":"WebSite","name":"x"}},{}]}}"#, event("一"))), ["一"]);
    assert_eq!(
        names(&format!(
            r#"{{"@type":"ItemList","itemListElement":[{{"@type":"ListItem","position":1,"item":{}}},{}]}}"#,
            event("一"),
            event("二")
        )),
        ["一", "二"]
    );
    assert_eq!(names(&format!(r#"{{"@type":"Organization","event":{}}}"#, event("一"))), ["一"]);
    assert_eq!(names(&format!("{}\n{}", event("一"), event("二"))), ["一", "二"]);
    assert_eq!(
        names(r#"{"@type":["Thing","http://schema.org/Festival"],"name":"祭り","startDate":"2026-04-01"}"#),
        ["祭り"]
    );
    assert_eq!(
        names(
            r#"{"@type":"schema:CourseInstance","name":"講座","startDate":"2026-04-01","superEvent":{"@type":"Event","name":"親","startDate":"2026-01-01"}}"#
        ),
        ["講座"]
    );
    let two =
        format!("{}<script type='application/ld+json; charset=utf-8'>{}</script>", html(&event("一")), event("二"));
    assert_eq!(read(&two).events.len(), 2);
}

#[test]
fn parts_of_an_event_take_from_the_whole_what_they_do_not_say() {
    let calendar = read(&html(
        r#"{"@type":"Festival","name":"見本まつり","startDate":"2026-04-01","endDate":"2026-04-02","location":"見本広場",
"subEvent":[{"@type":"Event","name":"神楽","startDate":"2026-04-01T10:00"},{"startDate":"2026-04-02T10:00","location":"見本館"}]}"#,
    ));
    let told: Vec<_> =
        calendar.events.iter().map(|event| (event.summary.as_deref(), event.location.as_deref())).collect();
    assert_eq!(
        told,
        [
            (Some("見本まつり"), Some("見本広場")),
            (Some("神楽"), Some("見本広場")),
            (Some("見本まつり"), Some("見本館"))
        ]
    );
    let series = read(&html(
        r#"{"@type":"EventSeries","name":"講座","startDate":"2026-04-01","endDate":"2026-09-01","subEvent":[{"@type":"Event","startDate":"2026-04-01"},{"@type":"Event","startDate":"2026-05-01"}]}"#,
    ));
    assert_eq!(series.events.len(), 2);
}

#[test]
fn what_stands_elsewhere_in_the_page_is_looked_up() {
    let calendar = read(&html(
        r##"{"@graph":[{"@type":"Event","name":"見本","startDate":"2026-04-01","location":{"@id":"#hall"},"organizer":{"@id":"#us"}},
{"@id":"#hall","@type":"Place","name":"見本館"},{"@id":"#us","@type":"Organization","name":"見本の会"}]}"##,
    ));
    let event = &calendar.events[0];
    assert_eq!((event.location.as_deref(), event.organizer_name.as_deref()), (Some("見本館"), Some("見本の会")));
}

#[test]
fn every_event_has_a_name_that_stays() {
    let uids =
        |json: &str| -> Vec<String> { read(&html(json)).events.into_iter().filter_map(|event| event.uid).collect() };
    let event = |more: &str| format!(r#"{{"@type":"Event","name":"見本","startDate":"2026-04-01T10:00"{more}}}"#);
    assert_eq!(uids(&event(r#","@id":"urn:uuid:1","url":"/a""#)), ["urn:uuid:1"]);
    assert_eq!(uids(&event(r#","url":"/a""#)), ["https://example.jp/a"]);
    let digest = uids(&event(""));
    assert!(digest[0].starts_with("page:") && digest == uids(&event(r#","description":"あとから""#)), "{digest:?}");
    assert_eq!(uids(&event(r#","@id":"_:b0""#)), digest);
    // The same thing twice is one; two days of one address are two.
    assert_eq!(uids(&format!("[{0},{0}]", event(r#","url":"/a""#))), ["https://example.jp/a"]);
    let days = format!("[{},{}]", event(r#","url":"/a""#), event(r#","url":"/a""#).replace("04-01", "05-01"));
    assert_eq!(uids(&days), ["https://example.jp/a#20260401T1000", "https://example.jp/a#20260501T1000"]);
}

#[test]
fn bad_addresses_are_told_and_lead_to_the_page() {
    let calendar = read(&html(
        r#"{"@type":"Event","name":"<script>alert(1)<\/script>見本","startDate":"2026-04-01","url":"javascript:alert(1)"}"#,
    ));
    let event = &calendar.events[0];
    assert_eq!((event.summary.as_deref(), event.url.as_deref()), (Some("見本"), Some(URL)));
    assert_eq!(
        messages(&calendar),
        [
            "4行目：JSON-LD（1番目）の「見本」：アドレス（url）の「javascript:alert(1)」が読めないため、使いませんでした。"
        ]
    );
}

#[test]
fn pages_without_events_say_what_to_do() {
    for (page, told) in [
        ("", "ページが空です。"),
        ("BEGIN:VCALENDAR\n", "これはページではなく、カレンダー（.ics）のファイルです。"),
        (
            "<html><body>予定</body></html>",
            "このページには、コンピューターが予定として読める情報（JSON-LD）がありません。",
        ),
        (
            "<div itemscope itemtype=\"https://schema.org/Event\">",
            "このページの予定は、microdataやh-eventの形で書かれています。",
        ),
        ("<div class=\"x vevent\">", "このページの予定は、microdataやh-eventの形で書かれています。"),
        (
            &html(r#"{"@type":"Organization","name":"見本の会"}"#),
            "このページのJSON-LD（1個）の中に、予定（schema.orgのEvent）がありません。",
        ),
        (&html("ん"), "このページのJSON-LDは書き方に誤りがあり、読めません。"),
        (
            "<!-- <script type=\"application/ld+json\">{\"@type\":\"Event\",\"startDate\":\"2026-04-01\"}</script> -->",
            "このページには、コンピューターが予定として読める情報（JSON-LD）がありません。",
        ),
    ] {
        assert!(refused(page).starts_with(told), "{page}: {}", refused(page));
    }
    assert!(refused("<p>x").contains("カレンダー（.ics）のアドレスをお使いください"));
}

#[test]
fn an_event_that_cannot_be_read_is_told_and_the_others_are_taken() {
    let calendar = read(&html(
        "[{\"@type\":\"Event\",\"name\":\"日なし\"},\n{\"@type\":\"Event\",\"name\":\"いつか\",\"startDate\":\"いつか\"},\n{\"@type\":\"Event\",\"name\":\"よい\",\"startDate\":\"2026-04-01\"},\n{\"@type\":\"Event\",\"name\":\"切れた\",\"startDate\":\"2026-04-02\",",
    ));
    assert_eq!(calendar.events.len(), 1);
    assert_eq!(
        messages(&calendar),
        [
            "4行目：JSON-LD（1番目）の「日なし」：開始日（startDate）がないため、取り込めません。",
            "5行目：JSON-LD（1番目）の「いつか」：開始（startDate）の「いつか」が読めないため、使いませんでした。",
            "5行目：JSON-LD（1番目）の「いつか」：開始日（startDate）がないため、取り込めません。",
            "7行目：JSON-LD（1番目）の「切れた」：途中で切れているため、取り込めません。",
            "8行目：JSON-LD（1番目、3行目から）：途中で終わっています。",
        ]
    );
}

#[test]
fn japanese_encodings_are_found_by_header_mark_page_and_sight() {
    let text = html(r#"{"@type":"Event","name":"対馬の春の集いと交流会、どなたでもどうぞ","startDate":"2026-04-01"}"#);
    let name = |bytes: &[u8], kind: Option<&str>| {
        page(bytes, kind, URL, CITY, &Limits::default()).expect("a page").events[0].summary.clone().unwrap_or_default()
    };
    let expected = "対馬の春の集いと交流会、どなたでもどうぞ";
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP] {
        let label = encoding.name();
        let encoded = encoding.encode(&text).0;
        assert_eq!(name(&encoded, None), expected, "{label} by sight");
        assert_eq!(name(&encoded, Some(&format!("text/html; charset={label}"))), expected, "{label} by header");
        assert_eq!(name(&encoded, Some("text/html; charset=UTF-8")), expected, "{label} behind a wrong header");
        let declared = text.replace(
            "<title>",
            &format!("<meta http-equiv=\"Content-Type\" content=\"text/html; charset={label}\"><title>"),
        );
        assert_eq!(name(&encoding.encode(&declared).0, Some("text/html")), expected, "{label} by itself");
    }
    assert_eq!(name(text.as_bytes(), Some("text/html; charset=Shift_JIS")), expected);
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(name(&wide, None), expected);
}

#[test]
fn json_alone_and_escaped_json_are_read() {
    assert_eq!(read(r#"[{"@type":"Event","name":"見本","startDate":"2026-04-01"}]"#).events.len(), 1);
    assert_eq!(
        read(&html(&r#"{"@type":"Event","name":"見本","startDate":"2026-04-01"}"#.replace('"', "&quot;"))).events.len(),
        1
    );
    let escaped =
        one(r#""startDate":"2026-04-01","description":"&lt;p&gt;一&amp;nbsp;二&lt;/p&gt;&lt;p&gt;三&lt;/p&gt;""#);
    assert_eq!(escaped.description.as_deref(), Some("一 二\n\n三"));
}

#[test]
fn hostile_pages_are_bounded() {
    let limits = Limits { components: 50, findings: 20, ..Limits::default() };
    let many = format!("[{}]", vec![r#"{"@type":"Event","startDate":"x"}"#; 2_000].join(","));
    let calendar = page(html(&many).as_bytes(), None, URL, CITY, &limits).expect("events");
    assert_eq!((calendar.events.len(), calendar.findings.len()), (0, 21));
    let many: Vec<String> =
        (0..2_000).map(|day| format!(r#"{{"@type":"Event","name":"{day}","startDate":"2026-04-01"}}"#)).collect();
    let calendar = page(html(&format!("[{}]", many.join(","))).as_bytes(), None, URL, CITY, &limits).expect("events");
    assert_eq!(calendar.events.len(), 50);
    assert_eq!(
        calendar.findings.last().map(|finding| finding.message.as_str()),
        Some("イベントが多すぎるため、50件だけ読みました。")
    );
    let deep = format!(
        r#"{{"@type":"Event","name":"見本","startDate":"2026-04-01","location":{}"#,
        "{\"address\":".repeat(100_000)
    );
    let calendar = read(&html(&deep));
    assert_eq!(calendar.events.len(), 0);
    assert!(messages(&calendar)[0].contains("入れ子が深すぎる"), "{:?}", messages(&calendar));
    let long = one(&format!(r#""startDate":"2026-04-01","name":"{0}","description":"{0}""#, "あ".repeat(400_000)));
    assert_eq!(
        (long.summary.map(|text| text.chars().count()), long.description.map(|text| text.chars().count())),
        (Some(1_000), Some(20_000))
    );
    let small = Limits { bytes: 100, ..limits };
    assert!(
        page(&[b' '; 101], None, URL, CITY, &small).expect_err("too large").message.starts_with("ページが大きすぎます")
    );
    assert!(refused(&"<script type=application/ld+json>[</script>".repeat(5_000)).contains("書き方に誤り"));
    let circle =
        r##"[{"@id":"#a","@type":"Event","startDate":"2026-04-01","location":{"@id":"#a"},"subEvent":{"@id":"#a"}}]"##;
    assert_eq!(read(&html(circle)).events.len(), 1);
}
