//! The feeds as calendar programs fetch them.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::world::{Answer, World, said};

const ONE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mihon//mihon//JA\r\nBEGIN:VEVENT\r\nUID:one@mihon.example\r\n\
DTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Asia/Tokyo:20261201T133000\r\nDTEND;TZID=Asia/Tokyo:20261201T153000\r\n\
SUMMARY:見本の会議、そして長い題名が七十五オクテットを越えて折り返されるかを確かめるための文\r\nLOCATION:厳原町 見本会館\r\n\
CATEGORIES:2-04\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

async fn with_one() -> World {
    let world = World::new().await;
    take(&world, ONE);
    world
}

fn take(world: &World, ics: &str) {
    let file = world.file("mihon.ics", ics);
    let output = world.kyodo(&["import", "events", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
}

async fn ask(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_feed_is_what_phones_expect() {
    let world = with_one().await;
    let answer = world.get("/calendar.ics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert!(answer.header("set-cookie").is_empty());
    let text = answer.text();
    for line in [
        "METHOD:PUBLISH\r\n",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
        "X-PUBLISHED-TTL:PT1H\r\n",
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\n",
        "DTSTART;TZID=Asia/Tokyo:20261201T133000\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "folded by octets");
    assert!(!text.replace("\r\n", "").contains('\n'));
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains("確かめるための文"));
    assert!(unfolded.contains("https://kyodo.example.jp/events/"));
    assert!(!unfolded.contains("ATTENDEE") && !unfolded.contains("ORGANIZER"));
}

#[tokio::test]
async fn the_same_data_gives_the_same_bytes_and_tag_under_both_names() {
    let world = with_one().await;
    let first = world.get("/calendar.ics").await;
    let second = world.get("/feeds/all.ics").await;
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(first.header("etag"), second.header("etag"));
    assert!(first.header("etag").starts_with('"'), "strong");
}

#[tokio::test]
async fn unchanged_feeds_travel_as_304_by_tag_or_date() {
    let world = with_one().await;
    let first = world.get("/calendar.ics").await;
    let (tag, date) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
    for (headers, status) in [
        (vec![("if-none-match", tag.as_str())], 304),
        (vec![("if-none-match", "\"other\", *")], 304),
        (vec![("if-none-match", &*format!("W/{tag}"))], 304),
        (vec![("if-modified-since", date.as_str())], 304),
        (vec![("if-none-match", "\"other\""), ("if-modified-since", date.as_str())], 200),
        (vec![("if-modified-since", "Thu, 01 Jan 2009 00:00:00 GMT")], 200),
        (vec![("if-modified-since", "yesterday")], 200),
    ] {
        let answer = ask(&world, "/calendar.ics", &headers).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}");
        assert_eq!(answer.bytes.is_empty(), status == 304);
        assert_eq!(answer.header("etag"), tag);
    }
}

#[tokio::test]
async fn gzip_has_its_own_tag_and_the_same_content() {
    let world = with_one().await;
    let plain = world.get("/calendar.ics").await;
    let gzip = ask(&world, "/calendar.ics", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(gzip.header("vary"), "accept-encoding");
    assert_ne!(gzip.header("etag"), plain.header("etag"));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&gzip.bytes[..]), &mut text).unwrap();
    assert_eq!(text, plain.text());
    let refused = ask(&world, "/calendar.ics", &[("accept-encoding", "gzip;q=0")]).await;
    assert!(refused.header("content-encoding").is_empty());
}

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let world = with_one().await;
    let get = world.get("/calendar.ics").await;
    let head = world.ask(Request::head("/calendar.ics").body(Body::empty()).unwrap()).await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(head.header("content-length"), get.bytes.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
    assert!(head.bytes.is_empty());
}

#[tokio::test]
async fn a_change_by_another_process_shows_at_the_next_request() {
    let world = with_one().await;
    let before = world.get("/calendar.ics").await;
    take(&world, &ONE.replace("見本の会議", "変わった会議").replace("20261201T133000", "20261201T140000"));
    let after = world.get("/calendar.ics").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(after.text().contains("変わった会議"));
    assert!(after.text().contains("SEQUENCE:1\r\n"), "{}", after.text());
    let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
    assert_eq!(uid(&before.text()), uid(&after.text()));
}

#[tokio::test]
async fn each_part_of_the_calendar_has_its_feed_and_twins_share_theirs() {
    let world = with_one().await;
    let events = |answer: &Answer| answer.text().matches("BEGIN:VEVENT").count();
    for (name, count) in [
        ("item/2-04", 1),
        ("item/3-01", 1),
        ("item/1-01", 0),
        ("policy/2", 1),
        ("policy/3", 1),
        ("policy/5", 0),
        ("town/izuhara", 1),
        ("town/mine", 0),
        ("kind/event", 1),
        ("category/music", 0),
    ] {
        let answer = world.get(&format!("/feeds/{name}.ics")).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert_eq!(events(&answer), count, "{name}");
    }
    for name in [
        "item/9-99",
        "town/atlantis",
        "kind/party",
        "group/x",
        "policy/9",
        "nothing",
        "all.txt",
        "group/00000000-0000-7000-8000-000000000000",
    ] {
        assert_eq!(world.get(&format!("/feeds/{name}.ics")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn a_cancelled_entry_says_so_in_words_and_in_status() {
    let world = with_one().await;
    take(&world, &ONE.replace("SUMMARY:", "STATUS:CANCELLED\r\nSUMMARY:"));
    let text = world.get("/calendar.ics").await.text();
    assert!(text.contains("STATUS:CANCELLED\r\n"));
    assert!(text.contains("SUMMARY:【中止】見本の会議"));
}

#[tokio::test]
async fn an_entry_can_be_taken_once_without_naming_a_calendar() {
    let world = with_one().await;
    let list = world.page("/events?month=2026-12&view=list").await;
    let at = list.find("href=\"/events/").unwrap() + "href=\"/events/".len();
    let id: String = list[at..].chars().take_while(|c| *c != '"').collect();
    let answer = world.get(&format!("/feeds/event/{id}.ics")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text().contains("X-WR-CALNAME"));
    assert!(world.page(&format!("/events/{id}")).await.contains(&format!("/feeds/event/{id}.ics")));
}

#[tokio::test]
async fn a_series_taken_once_knows_which_day_is_called_off() {
    let world = World::new().await;
    let weekly = ONE.replace("SUMMARY:", "RRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:");
    let event = &ONE[ONE.find("BEGIN:VEVENT").unwrap()..ONE.find("END:VCALENDAR").unwrap()];
    let start = event.lines().find(|line| line.starts_with("DTSTART")).unwrap();
    let stopped = event
        .replace("SUMMARY:", &format!("{}\r\nSTATUS:CANCELLED\r\nSUMMARY:", start.replace("DTSTART", "RECURRENCE-ID")));
    take(&world, &weekly.replace("END:VCALENDAR", &format!("{stopped}END:VCALENDAR")));
    let list = world.page("/events?month=2026-12&view=list").await;
    let links = list.split("href=\"/events/").skip(1).map(|part| part.split('"').next().unwrap());
    let mut files = Vec::new();
    for id in links.filter(|id| id.len() == 36) {
        files.push(world.page(&format!("/feeds/event/{id}.ics")).await);
    }
    let series = files.iter().find(|file| file.contains("RRULE:")).unwrap();
    assert_eq!(
        (series.matches("BEGIN:VEVENT").count(), series.matches("STATUS:CANCELLED").count()),
        (2, 1),
        "{series}"
    );
}

#[tokio::test]
async fn the_subscribe_page_offers_webcal_google_copy_and_qr_for_the_chosen_feed() {
    let world = with_one().await;
    let page = world.page("/subscribe?feed=town%2Fizuhara").await;
    assert!(page.contains("href=\"webcal://kyodo.example.jp/feeds/town/izuhara.ics\""));
    assert!(page.contains("cid=webcal%3A%2F%2Fkyodo.example.jp%2Ffeeds%2Ftown%2Fizuhara.ics"));
    assert!(page.contains("value=\"https://kyodo.example.jp/feeds/town/izuhara.ics\""));
    assert!(page.contains("このページのQRコード"));
    assert!(page.contains("見本の会議"));
    let item = world.page("/subscribe?item=3-05").await;
    assert!(item.contains("/feeds/item/3-05.ics"));
    let wrong = world.page("/subscribe?feed=town/%3Cscript%3E").await;
    assert!(wrong.contains("選ばれた配信がありません") && !wrong.contains("<script>"));
}

#[tokio::test]
async fn open_data_has_what_everybody_may_have_and_nothing_else() {
    let world = with_one().await;
    let groups = "団体名,団体名ふりがな,電話,電話の公開,メール,メールの公開\n見本 公開の会,こうかいのかい,0920-11-2233,事務局のみ,a@example.jp,公開\n";
    let file = world.file("groups.csv", groups);
    let output = world.kyodo(&["import", "groups", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    let page = world.page("/opendata").await;
    for name in ["events", "groups", "facilities"] {
        assert!(page.contains(&format!("href=\"/opendata/{name}.csv\"")), "{name}");
        let answer = world.get(&format!("/opendata/{name}.csv")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.bytes.starts_with(b"\xEF\xBB\xBF"), "Excel needs the mark");
        assert!(answer.header("content-disposition").contains(&format!("422096_{name}.csv")));
    }
    let events = world.get("/opendata/events.csv").await.text();
    assert!(events.contains("見本の会議") && events.contains("2026-12-01") && events.contains("2-04"), "{events}");
    let groups = world.get("/opendata/groups.csv").await.text();
    assert!(groups.contains("a@example.jp"), "published");
    assert!(!groups.contains("0920-11-2233"), "not published");
    assert_eq!(world.get("/opendata/people.csv").await.status, StatusCode::NOT_FOUND);
}
