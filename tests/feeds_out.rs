//! The calendar given away: one selection as four kinds of file, combinations, frames of other sites, paper.

use std::io::Write;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use kyodo::city::settings;
use serde_json::Value;

use crate::world::{World, now, said};

/// A calendar file around some events, each with its UID.
fn file(events: &[(&str, &str)]) -> String {
    let event = |(uid, lines): &(&str, &str)| {
        let lines = lines.trim().lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n{lines}\r\nEND:VEVENT\r\n")
    };
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mihon//mihon//JA\r\n{events}END:VCALENDAR\r\n")
}

fn take(world: &World, events: &[(&str, &str)]) {
    let path = world.file("mihon.ics", file(events));
    let output = world.kyodo(&["import", "events", path.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
}

const MEETING: (&str, &str) = (
    "meeting@mihon.example",
    "DTSTART;TZID=Asia/Tokyo:20261201T133000
    DTEND;TZID=Asia/Tokyo:20261201T153000
    SUMMARY:見本の会議 &\"
    DESCRIPTION:一行目\\n二行目
    LOCATION:厳原町 見本会館
    CATEGORIES:2-04",
);
const GYMNASTICS: (&str, &str) = (
    "weekly@mihon.example",
    "DTSTART;TZID=Asia/Tokyo:20261102T190000
    DTEND;TZID=Asia/Tokyo:20261102T203000
    RRULE:FREQ=WEEKLY;COUNT=8
    SUMMARY:見本 夜の体操
    LOCATION:峰町 見本館
    CATEGORIES:健康・福祉、スポーツ",
);
const FESTIVAL: (&str, &str) = (
    "festival@mihon.example",
    "DTSTART;VALUE=DATE:20270101
    DTEND;VALUE=DATE:20270103
    SUMMARY:=見本の祭り
    LOCATION:豊玉町 見本浜
    CATEGORIES:音楽",
);
const HIDDEN: (&str, &str) =
    ("hidden@mihon.example", "DTSTART:20261205T040000Z\nDTEND:20261205T060000Z\nSUMMARY:見本のひみつ\nCLASS:PRIVATE");

async fn town() -> World {
    let world = World::new().await;
    take(&world, &[MEETING, GYMNASTICS, FESTIVAL, HIDDEN]);
    world
}

async fn json(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.page(path).await).unwrap()
}

fn texts(items: &Value, name: &str) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// What feedparser understands of a feed.
fn news(bytes: &[u8]) -> Value {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-B", "tests/readers/news.py"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "needs python3-feedparser");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The lines of a table by heading.
fn table(bytes: &[u8]) -> Vec<Vec<(String, String)>> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let line = |record: csv::StringRecord| headings.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| line(record.unwrap())).collect()
}

fn cell<'a>(line: &'a [(String, String)], heading: &str) -> &'a str {
    line.iter().find(|(name, _)| name == heading).map_or_else(|| panic!("no {heading}"), |(_, text)| text)
}

/// Address of the page of an entry, by a word of its title.
async fn entry_path(world: &World, word: &str) -> String {
    let feed = json(world, "/feeds/all.json").await;
    let items = feed["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["title"].as_str().unwrap().contains(word)).unwrap();
    item["url"].as_str().unwrap().replace("https://kyodo.example.jp", "")
}

/// The schema.org event in a page.
fn linked(page: &str) -> Value {
    let before = "<script type=\"application/ld+json\">";
    let rest = &page[page.find(before).unwrap() + before.len()..];
    serde_json::from_str(&rest[..rest.find("</script>").unwrap()]).unwrap()
}

#[tokio::test]
async fn a_news_reader_reads_what_a_phone_reads_and_a_program_and_a_table() {
    let world = town().await;
    let answer = world.get("/feeds/all.atom").await;
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    let news = news(&answer.bytes);
    assert_eq!((news["bozo"].as_str(), news["version"].as_str()), (Some(""), Some("atom10")));
    assert_eq!(news["id"], "https://kyodo.example.jp/feeds/all.atom");
    assert_eq!(news["author"], "対馬市 地域再生推進本部");
    let mut titles = texts(&news["entries"], "title");
    titles.sort();
    assert_eq!(
        titles,
        [
            "=見本の祭り（令和9年1月1日(金・元日)）",
            "見本 夜の体操（11月23日(月・勤労感謝の日) 19:00）",
            "見本の会議 &\"（12月1日(火) 13:30）",
        ]
    );
    let meeting =
        news["entries"].as_array().unwrap().iter().find(|one| one["title"].as_str().unwrap().contains("会議"));
    let meeting = meeting.unwrap();
    assert_eq!(meeting["summary"], "令和8年12月1日(火) 13:30〜15:30　厳原町 見本会館");
    let content = meeting["content"][0].as_str().unwrap();
    assert!(
        content.contains("二行目") && content.contains("計画の項目: 2-04") && !content.contains("<script"),
        "{content}"
    );

    let feed = json(&world, "/feeds/all.json").await;
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["feed_url"], "https://kyodo.example.jp/feeds/all.json");
    assert_eq!(texts(&feed["items"], "id"), texts(&news["entries"], "id"));
    assert_eq!(texts(&feed["items"], "url"), texts(&news["entries"], "link"));
    for item in feed["items"].as_array().unwrap() {
        for name in ["id", "url", "title", "content_html", "date_published", "date_modified"] {
            assert!(item[name].as_str().is_some_and(|text| !text.is_empty()), "{name} of {item}");
        }
    }
    let festival =
        feed["items"].as_array().unwrap().iter().find(|item| item["title"].as_str().unwrap().contains("祭り"));
    let about = &festival.unwrap()["_kyodo"];
    assert_eq!((about["start"].as_str(), about["end"].as_str()), (Some("2027-01-01"), Some("2027-01-02")));
    assert_eq!((about["all_day"].as_bool(), about["status"].as_str()), (Some(true), Some("confirmed")));
    assert_eq!((about["place"].as_str(), about["town"].as_str()), (Some("豊玉町 見本浜"), Some("toyotama")));

    let ics = world.page("/feeds/all.ics").await;
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), 3);
    let lines = table(&world.get("/feeds/all.csv").await.bytes);
    assert_eq!(lines.len(), 10, "eight evenings, a meeting, a festival");
    for path in ["/feeds/all.ics", "/feeds/all.atom", "/feeds/all.json", "/feeds/all.csv", "/opendata/events.csv"] {
        assert!(!world.page(path).await.contains("ひみつ"), "{path} tells what is not public");
    }
}

#[tokio::test]
async fn every_kind_of_file_has_a_tag_answers_head_and_comes_packed() {
    let world = town().await;
    for ending in ["ics", "atom", "json", "csv"] {
        let path = format!("/feeds/town/mine.{ending}");
        let first = world.get(&path).await;
        assert_eq!((first.status, first.header("set-cookie")), (StatusCode::OK, ""));
        assert_eq!(world.get(&path).await.bytes, first.bytes, "{path}");
        let ask = |method: &str, name: &str, value: &str| {
            let request = axum::http::Request::builder().method(method).uri(&path).header(name, value);
            world.ask(request.body(axum::body::Body::empty()).unwrap())
        };
        let known = ask("GET", "if-none-match", first.header("etag")).await;
        assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        let head = ask("HEAD", "accept", "*/*").await;
        assert_eq!((head.status, head.header("etag")), (StatusCode::OK, first.header("etag")));
        assert_eq!(head.header("content-length"), first.bytes.len().to_string());
        assert_eq!(ask("GET", "accept-encoding", "gzip").await.header("content-encoding"), "gzip");
        assert_eq!(ask("POST", "accept", "*/*").await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    for path in
        ["/feeds/town/mine.rss", "/feeds/town/nai.atom", "/feeds/all.csv?layout=nai", "/opendata/events.csv?layout=nai"]
    {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_move_and_a_cancellation_change_every_kind_of_file_and_nothing_else_does() {
    let world = town().await;
    let paths = ["ics", "atom", "json", "csv"].map(|ending| format!("/feeds/item/2-04.{ending}"));
    let mut before = Vec::new();
    for path in &paths {
        before.push(world.get(path).await);
    }
    // Another entry changes: these feeds stay as they are, byte by byte.
    let louder = FESTIVAL.1.replace("見本浜", "見本の丘");
    take(&world, &[MEETING, GYMNASTICS, (FESTIVAL.0, &louder), HIDDEN]);
    for (path, old) in paths.iter().zip(&before) {
        let new = world.get(path).await;
        assert_eq!((&new.bytes, new.header("etag")), (&old.bytes, old.header("etag")), "{path}");
    }
    let moved = MEETING.1.replace("20261201", "20261208");
    take(&world, &[(MEETING.0, &moved)]);
    let expected =
        ["DTSTART;TZID=Asia/Tokyo:20261208T133000", "（12月8日(火) 13:30）", "2026-12-08T13:30:00+09:00", "2026-12-08"];
    for ((path, old), word) in paths.iter().zip(&mut before).zip(expected) {
        let new = world.get(path).await;
        assert!(
            new.text().contains(word) && new.bytes != old.bytes && new.header("etag") != old.header("etag"),
            "{path}"
        );
        *old = new;
    }
    assert!(world.page("/feeds/item/2-04.atom").await.contains("もとの日時: 令和8年12月1日(火) 13:30"));
    take(&world, &[(MEETING.0, &format!("{moved}\nSTATUS:CANCELLED"))]);
    let expected =
        ["SUMMARY:【中止】見本の会議", "<title>【中止】見本の会議", "\"status\":\"cancelled\"", "【中止】見本の会議"];
    for ((path, old), word) in paths.iter().zip(&before).zip(expected) {
        let new = world.get(path).await;
        assert!(new.text().contains(word) && new.header("etag") != old.header("etag"), "{path}: {}", new.text());
    }
}

#[tokio::test]
async fn the_windows_are_settings_for_every_kind_of_file_and_the_page_says_them() {
    let world = town().await;
    let count = async |world: &World| {
        let ics = world.page("/feeds/all.ics").await.matches("BEGIN:VEVENT").count();
        let atom = world.page("/feeds/all.atom").await.matches("<entry>").count();
        let items = json(world, "/feeds/all.json").await["items"].as_array().unwrap().len();
        (ics, atom, items, table(&world.get("/feeds/all.csv").await.bytes).len())
    };
    assert_eq!(count(&world).await, (3, 3, 3, 10));
    assert!(world.page("/subscribe").await.contains("過ぎた予定は180日前まで、これからの予定は731日先まで"));
    settings::put(world.db(), "feeds.future_days", Some("31"), "試験", now()).await.unwrap();
    settings::put(world.db(), "feeds.past_days", Some("7"), "試験", now()).await.unwrap();
    // The festival is too far away; of the series the table has the weeks from the 16th of November to the 21st of December.
    assert_eq!(count(&world).await, (2, 2, 2, 7));
    assert!(world.page("/subscribe").await.contains("過ぎた予定は7日前まで、これからの予定は31日先まで"));
    take(&world, &[(MEETING.0, &format!("{}\nSTATUS:CANCELLED", MEETING.1))]);
    assert!(world.page("/feeds/all.atom").await.contains("【中止】"));
    let sql = "UPDATE calendar_entries SET cancelled_at = ? WHERE status = 'cancelled'";
    let old: chrono::DateTime<chrono::Utc> = "2026-11-20T00:00:00Z".parse().unwrap();
    let backend = sea_orm::ConnectionTrait::get_database_backend(world.db());
    let statement = kyodo::db::statement(backend, sql, vec![old.into()]);
    sea_orm::ConnectionTrait::execute_raw(world.db(), statement).await.unwrap();
    settings::put(world.db(), "feeds.cancelled_days", Some("2"), "試験", now()).await.unwrap();
    assert_eq!(count(&world).await, (1, 1, 1, 6));
}

#[tokio::test]
async fn a_table_has_one_line_for_each_time_in_the_columns_that_are_asked_for() {
    let world = town().await;
    let lines = table(&world.get("/opendata/events.csv").await.bytes);
    let days: Vec<&str> = lines.iter().map(|line| cell(line, "開始日")).collect();
    assert_eq!(days[..3], ["2026-11-02", "2026-11-09", "2026-11-16"]);
    assert_eq!(lines.len(), 10);
    let mut numbers: Vec<&str> = lines.iter().map(|line| cell(line, "NO")).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 10, "each line has a number of its own");
    let festival = lines.iter().find(|line| cell(line, "開始日") == "2027-01-01").unwrap();
    assert_eq!(cell(festival, "イベント名"), "'=見本の祭り", "no formula");
    assert_eq!((cell(festival, "終了日"), cell(festival, "開始時間")), ("2027-01-02", ""));
    assert_eq!((lines[0].len(), cell(&lines[0], "くり返し")), (39, "毎週月曜日、全8回"));

    let base = table(&world.get("/feeds/all.csv?layout=base").await.bytes);
    assert_eq!((base.len(), base[0].len(), base[0][0].0.as_str()), (10, 50, "NO"));
    assert_eq!((cell(&base[0], "名称"), cell(&base[0], "開始時刻")), ("見本 夜の体操", "19:00"));
    let municipal = table(&world.get("/opendata/events.csv?layout=jichitai").await.bytes);
    assert_eq!((municipal.len(), municipal[0].len()), (10, 23));
    assert_eq!(cell(&municipal[0], "全国地方公共団体コード"), "422096");
    let page = world.page("/opendata").await;
    assert!(page.contains("layout=base") && page.contains("すべての列とその順は、まだ確かめられていません"));
}

#[tokio::test]
async fn a_table_goes_without_its_mark_where_a_program_stumbles_over_it() {
    let world = World::new().await;
    for path in ["/feeds/all.csv", "/opendata/events.csv", "/opendata/facilities.csv"] {
        let (marked, bare) = (world.get(path).await, world.get(&format!("{path}?bom=0")).await);
        assert_eq!(marked.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap(), bare.bytes, "{path}");
        assert_ne!(marked.header("etag"), bare.header("etag"), "{path}");
        assert_eq!(world.get(&format!("{path}?bom=1")).await.bytes, marked.bytes, "{path}");
    }
}

#[tokio::test]
async fn the_same_combination_always_has_the_same_address() {
    let world = town().await;
    let visitor = world.visitor();
    let fields = [("town", "mine"), ("town", "izuhara"), ("q", "見本")];
    let made = visitor.done("/subscribe", &fields).await;
    assert!(made.starts_with("/subscribe?feed=c%2F"), "{made}");
    let again =
        visitor.done("/subscribe", &[("q", "　見本 "), ("town", "izuhara"), ("town", "mine"), ("kind", "")]).await;
    assert_eq!(again, made);
    let other = visitor.done("/subscribe", &[("town", "mine"), ("town", "izuhara")]).await;
    assert_ne!(other, made);

    let page = world.page(&made).await;
    assert!(page.contains("厳原町・峰町、「見本」の予定"), "{page}");
    let name = made.trim_start_matches("/subscribe?feed=").replace("%2F", "/");
    assert!(page.contains(&format!("href=\"webcal://kyodo.example.jp/feeds/{name}.ics\"")));
    let ics = world.page(&format!("/feeds/{name}.ics")).await;
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), 2, "the meeting and the gymnastics, not the festival");
    for ending in ["atom", "json", "csv"] {
        assert!(page.contains(&format!("href=\"https://kyodo.example.jp/feeds/{name}.{ending}\"")), "{ending}");
        let text = world.page(&format!("/feeds/{name}.{ending}")).await;
        assert!(text.contains("見本の会議") && text.contains("夜の体操") && !text.contains("祭り"), "{ending}");
    }
    // What one name says already needs no combination.
    assert_eq!(visitor.done("/subscribe", &[("town", "mine")]).await, "/subscribe?feed=town%2Fmine");
    assert_eq!(visitor.done("/subscribe", &[("q", "")]).await, "/subscribe?feed=all");
}

#[tokio::test]
async fn the_calendars_own_narrowing_leads_to_the_filled_form_and_back() {
    let world = town().await;
    let list = world.page("/events?view=list&town=mine,izuhara&category=health&q=%E8%A6%8B%E6%9C%AC").await;
    assert!(list.contains("夜の体操") && !list.contains("祭り"));
    let repeated = world.page("/events?view=list&town=mine&town=izuhara").await;
    assert!(repeated.contains("夜の体操") && repeated.contains("見本の会議") && !repeated.contains("祭り"));
    let page = world.page("/subscribe?town=izuhara%2Cmine&q=%E8%A6%8B%E6%9C%AC").await;
    for box_ticked in ["value=\"izuhara\" checked", "value=\"mine\" checked", "value=\"見本\""] {
        assert!(page.contains(box_ticked), "{box_ticked}");
    }
    assert!(page.contains("この条件に合う配信を作れます") && !page.contains("webcal://"));
    assert!(world.page("/subscribe?town=mine").await.contains("/feeds/town/mine.ics"));
}

#[tokio::test]
async fn what_cannot_be_combined_is_said_and_nothing_is_made() {
    let world = town().await;
    let visitor = world.visitor();
    let long = "あ".repeat(101);
    for (fields, sentence) in [
        ([("town", "atlantis"), ("town", "mine")], "選べません"),
        ([("q", long.as_str()), ("town", "mine")], "長すぎる"),
        ([("group", "00000000-0000-7000-8000-000000000000"), ("town", "mine")], "今はありません"),
        ([("item", "9-99"), ("town", "mine")], "今はありません"),
    ] {
        let answer = visitor.post("/subscribe", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        let page = answer.text();
        assert!(page.contains(sentence) && page.contains("value=\"mine\" checked"), "{sentence}");
    }
    assert_eq!(world.get("/feeds/c/23456789ab.ics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/subscribe?feed=c%2F23456789ab").await.status, StatusCode::NOT_FOUND);
    let other_site = axum::http::Request::post("/subscribe")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = world.ask(other_site.body("town=mine&town=izuhara".into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_fills_the_list_of_combinations() {
    let world = World::new().await;
    let visitor = world.visitor();
    for number in 0..20 {
        visitor.done("/subscribe", &[("town", "mine"), ("q", &format!("ことば{number}"))]).await;
    }
    let refused = visitor.post("/subscribe", &[("town", "mine"), ("q", "もうひとつ")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    // What is there already costs nothing.
    visitor.done("/subscribe", &[("town", "mine"), ("q", "ことば3")]).await;
}

#[tokio::test]
async fn a_page_that_missed_a_combination_shows_it_once_it_is_made() {
    let world = town().await;
    let other = town().await;
    let made = other.visitor().done("/subscribe", &[("town", "mine"), ("town", "izuhara")]).await;
    assert_eq!(world.get(&made).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.visitor().done("/subscribe", &[("town", "izuhara"), ("town", "mine")]).await,
        made,
        "on every replica"
    );
    assert!(world.page(&made).await.contains("厳原町・峰町の予定"));
}

#[tokio::test]
async fn search_engines_are_told_what_became_of_an_entry_and_cannot_be_fooled() {
    let world = town().await;
    let path = entry_path(&world, "会議").await;
    let event = linked(&world.page(&path).await);
    assert_eq!(event["name"], "見本の会議 &\"");
    assert_eq!(event["description"], "一行目\n二行目");
    assert_eq!(event["eventStatus"], "https://schema.org/EventScheduled");
    assert_eq!(event["startDate"], "2026-12-01T13:30:00+09:00");
    assert_eq!(event["endDate"], "2026-12-01T15:30:00+09:00");
    assert_eq!(event["eventAttendanceMode"], "https://schema.org/OfflineEventAttendanceMode");
    assert_eq!(event["location"]["name"], "厳原町 見本会館");
    assert_eq!(event["url"], format!("https://kyodo.example.jp{path}"));
    assert_eq!(event["previousStartDate"], Value::Null);

    let moved = MEETING.1.replace("20261201", "20261208");
    take(&world, &[(MEETING.0, &moved)]);
    let page = world.page(&path).await;
    assert!(page.contains("もとの日時: 令和8年12月1日(火) 13:30"));
    let event = linked(&page);
    assert_eq!(event["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(event["previousStartDate"], "2026-12-01T13:30:00+09:00");
    assert_eq!(event["startDate"], "2026-12-08T13:30:00+09:00");
    // Moved once more, people may still have the first day; back again, nothing was moved.
    take(&world, &[(MEETING.0, &MEETING.1.replace("20261201", "20261215"))]);
    assert_eq!(linked(&world.page(&path).await)["previousStartDate"], "2026-12-01T13:30:00+09:00");
    take(&world, &[MEETING]);
    let page = world.page(&path).await;
    assert!(!page.contains("もとの日時"));
    assert_eq!(linked(&page)["eventStatus"], "https://schema.org/EventScheduled");

    take(&world, &[(MEETING.0, &format!("{}\nSTATUS:CANCELLED", MEETING.1))]);
    let event = linked(&world.page(&path).await);
    assert_eq!(event["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(event["startDate"], "2026-12-01T13:30:00+09:00", "kept");
}

#[tokio::test]
async fn no_title_gets_out_of_the_place_it_is_written_in() {
    let world = town().await;
    let path = entry_path(&world, "会議").await;
    let title = "</script><script>alert(1)</script><!-- <b>&\"' ]]>";
    let sql = "UPDATE calendar_entries SET title = ? WHERE title LIKE '見本の会議%'";
    let backend = sea_orm::ConnectionTrait::get_database_backend(world.db());
    let statement = kyodo::db::statement(backend, sql, vec![title.into()]);
    sea_orm::ConnectionTrait::execute_raw(world.db(), statement).await.unwrap();
    kyodo::revision::bump(world.db(), kyodo::revision::Scope::Calendar, now()).await.unwrap();
    let page = world.page(&path).await;
    assert_eq!(linked(&page)["name"], title);
    for path in [path.as_str(), "/embed/month?month=2026-12", "/embed/list", "/events/print?month=2026-12"] {
        assert!(!world.page(path).await.contains("<script>alert"), "{path}");
    }
    assert!(!world.page("/events/text?month=2026-12").await.contains("<script>alert"));
    let answer = world.get("/feeds/all.atom").await;
    assert!(!answer.text().contains("<script"), "escaped");
    assert_eq!(news(&answer.bytes)["bozo"], "");
    let titles = texts(&json(&world, "/feeds/all.json").await["items"], "title");
    assert!(titles.contains(&format!("{title}（12月1日(火) 13:30）")), "{titles:?}");
}

#[tokio::test]
async fn a_series_stands_for_its_next_time_and_a_moved_occurrence_says_where_it_was() {
    let world = town().await;
    let series = linked(&world.page(&entry_path(&world, "夜の体操").await).await);
    assert_eq!(series["startDate"], "2026-11-23T19:00:00+09:00");
    let starts = texts(&series["subEvent"], "startDate");
    assert_eq!((starts.len(), starts[4].as_str()), (5, "2026-12-21T19:00:00+09:00"));
    let moved = "RECURRENCE-ID;TZID=Asia/Tokyo:20261130T190000
        DTSTART;TZID=Asia/Tokyo:20261201T190000
        SUMMARY:見本 夜の体操（火曜に変更）";
    take(&world, &[GYMNASTICS, (GYMNASTICS.0, moved)]);
    let path = entry_path(&world, "火曜に変更").await;
    let page = world.page(&path).await;
    assert!(page.contains("もとの日時: 令和8年11月30日(月) 19:00"), "{page}");
    assert_eq!(linked(&page)["eventStatus"], "https://schema.org/EventRescheduled");
}

#[tokio::test]
async fn other_sites_may_frame_the_month_and_the_list_and_nothing_else() {
    let world = town().await;
    for path in ["/embed/month?month=2026-12", "/embed/list?town=mine,izuhara", "/embed/list?feed=town%2Fmine"] {
        for _ in 0..2 {
            let answer = world.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("frame-ancestors *") && policy.contains("default-src 'none'"), "{policy}");
            assert!(!policy.contains("script-src") && answer.header("x-frame-options").is_empty());
            assert!(answer.header("set-cookie").is_empty());
            let page = answer.text();
            assert!(!page.contains("<script") && !page.contains("site-header") && !page.contains("ひみつ"), "{path}");
            assert!(
                page.contains("target=\"_blank\" rel=\"noopener\"") && page.contains("協働のひろばの予定を見る"),
                "{path}"
            );
        }
    }
    let list = world.page("/embed/list?feed=town%2Fmine").await;
    assert!(list.contains("夜の体操") && !list.contains("見本の会議"));
    let month = world.page("/embed/month?month=2026-12").await;
    assert_eq!((month.matches("夜の体操").count(), month.matches("見本の会議").count()), (3, 1));
    for path in ["/events", "/subscribe", "/"] {
        assert!(world.get(path).await.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    assert_eq!(world.get("/embed/list?feed=town/nai").await.status, StatusCode::NOT_FOUND);
    let page = world.page("/subscribe?feed=town/mine").await;
    let snippet = "&#60;iframe src=&#34;https://kyodo.example.jp/embed/list?feed=town%2Fmine&#34; title=&#34;対馬市 峰町の予定&#34;";
    assert!(page.contains(snippet), "{page}");
}

#[tokio::test]
async fn a_month_goes_on_paper_whole_and_a_poster_leads_to_the_page() {
    let world = town().await;
    take(&world, &[(MEETING.0, &format!("{}\nSTATUS:CANCELLED", MEETING.1))]);
    let page = world.page("/events/print?month=2026-12").await;
    assert!(
        page.contains("令和8年12月の予定") && page.contains("【中止】見本の会議") && page.contains("4件"),
        "{page}"
    );
    assert_eq!((page.matches("夜の体操").count(), page.matches("ひみつ").count()), (3, 0));
    assert!(!page.contains("month-seals"));
    let round = world.page("/events/print?month=2026-12&for=kairan&town=mine").await;
    assert!(round.contains("回覧") && round.contains("month-seals") && !round.contains("見本の会議"));
    let poster = world.page("/subscribe/poster?feed=town/mine").await;
    assert!(poster.contains("峰町の予定を") && poster.contains("kyodo.example.jp/subscribe?feed=town/mine"));
    assert!(poster.contains("予定を受け取るページのQRコード"));
    assert_eq!(world.get("/subscribe/poster?feed=town/nai").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_month_is_set_for_the_magazine_and_for_the_captions_of_the_television() {
    let world = town().await;
    let answer = world.get("/events/text.txt?month=2026-12&for=koho").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.text().replace('\u{feff}', "");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[..5],
        ["12月の予定　対馬市", "", "●12月１日（火） 13時30分～15時30分", "　見本の会議 &\"", "　場所　厳原町 見本会館"]
    );
    assert_eq!(text.matches("夜の体操").count(), 3);
    assert!(!text.contains("ひみつ"));

    let page = world.page("/events/text?month=2026-12&for=catv").await;
    assert!(
        page.contains("全角20字×8行") && page.contains("●１２月１日（火）\n　１３：３０～１５：３０\n　見本の会議"),
        "{page}"
    );
    let sjis = world.get("/events/text.txt?month=2026-12&for=catv&encoding=sjis").await;
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(&sjis.bytes);
    assert!(!broken && text.contains("見本　夜の体操"));
    let screens: Vec<&str> = text.split("----- ").skip(1).collect();
    for screen in &screens {
        let lines: Vec<&str> = screen.lines().skip(1).collect();
        assert!(lines.len() <= 8 && lines.iter().all(|line| line.chars().count() <= 20), "{screen}");
    }
    settings::put(world.db(), "paper.catv_columns", Some("10"), "試験", now()).await.unwrap();
    assert!(world.page("/events/text?month=2026-12&for=catv").await.contains("全角10字×8行"));
}
