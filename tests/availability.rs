//! Who of the office can be sent when: hours, leave and other duties, and the busy times of their own calendars.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kyodo::accounts::account;
use kyodo::db;
use kyodo::fetching::Guard;
use kyodo::outreach::availability::{self, Available, Desk, Engaged, Turn, person};
use sea_orm::ConnectionTrait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::world::{Browser, World, now, today};

const PEOPLE: &str = "/staff/outreach/people";
const SECRET: &str = "himitsu-a1b2c3";

/// A calendar server on this machine.
#[derive(Clone)]
struct Server {
    port: u16,
    answer: Arc<Mutex<(u16, String)>>,
    asked: Arc<AtomicUsize>,
    /// Set while answers have to wait.
    waits: Arc<Mutex<Option<Arc<Notify>>>>,
}

impl Server {
    async fn open(events: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            answer: Arc::new(Mutex::new((200, calendar(events)))),
            asked: Arc::default(),
            waits: Arc::default(),
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = line.read_u8().await else { return };
                        request.push(byte);
                    }
                    own.asked.fetch_add(1, Ordering::SeqCst);
                    let waits = own.waits.lock().unwrap().clone();
                    if let Some(waits) = waits {
                        waits.notified().await;
                    }
                    let (status, body) = own.answer.lock().unwrap().clone();
                    let tag = format!("\"{}\"", body.len());
                    let is_known = String::from_utf8_lossy(&request).contains(&format!("if-none-match: {tag}"));
                    let answer = match (status, is_known) {
                        (200, true) => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
                        (302, _) => format!("HTTP/1.1 302 Found\r\nLocation: {body}\r\nContent-Length: 0\r\n\r\n"),
                        _ => {
                            let length = body.len();
                            format!("HTTP/1.1 {status} So\r\nETag: {tag}\r\nContent-Length: {length}\r\n\r\n{body}")
                        }
                    };
                    let _ = line.write_all(answer.as_bytes()).await;
                });
            }
        });
        server
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/private-{SECRET}/basic.ics", self.port)
    }

    fn says(&self, status: u16, body: impl Into<String>) {
        *self.answer.lock().unwrap() = (status, body.into());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn calendar(events: &[&str]) -> String {
    let events: String = events.iter().map(|lines| format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// 9:00 to 10:30 on 令和8年11月25日(水), with a title that nobody else should see.
const VISIT: &str =
    "UID:1@example.com\r\nSUMMARY:通院の秘密\r\nLOCATION:対馬病院\r\nDTSTART:20261125T000000Z\r\nDURATION:PT90M";

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+09:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

async fn id(world: &World, mail: &str) -> Uuid {
    account::find_by_mail(world.db(), mail).await.unwrap().unwrap().id
}

/// The member of staff, put down with the usual hours, and their browser.
async fn staff(world: &World) -> (Browser<'_>, Uuid) {
    let browser = world.staff().await;
    let id = id(world, "shokuin@city.example.jp").await;
    assert!(person::ensure(world.db(), id, "izuhara", now()).await.unwrap());
    (browser, id)
}

async fn available(world: &World, days: usize) -> Vec<Available> {
    availability::of(world.db(), &world.app.city(), today(), days).await.unwrap()
}

/// The hours of each day, such as 08:30-17:15, or nothing.
fn hours(available: &Available) -> Vec<String> {
    let words = |window: &Option<availability::hours::Span>| {
        window.map(|(opens, closes)| format!("{}-{}", opens.format("%H:%M"), closes.format("%H:%M")))
    };
    available.windows.iter().map(|window| words(window).unwrap_or_default()).collect()
}

async fn read_due(world: &World, now: DateTime<Utc>) -> Turn {
    let guard = Guard::new(&world.app.config);
    let (city, host) = (world.app.city(), world.app.config.host());
    let base_url = &world.app.config.base_url;
    let desk = Desk { guard: &guard, city: &city, host: &host, base_url, now };
    availability::read_due(world.db(), &desk).await.unwrap()
}

/// Everything that the database keeps as text about calendars, letters and who did what.
async fn kept(world: &World) -> String {
    let mut all = String::new();
    for sql in [
        "SELECT fault || etag || last_modified || CAST(counts AS TEXT) AS text FROM outreach_calendars",
        "SELECT actor || action || noun_id || title || reason || COALESCE(CAST(before AS TEXT), '') || COALESCE(CAST(after AS TEXT), '') AS text FROM audit",
        "SELECT subject || body || CAST(secrets AS TEXT) AS text FROM letters",
    ] {
        let rows =
            world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
        for row in rows {
            all.push_str(&row.try_get::<String>("", "text").unwrap());
            all.push('\n');
        }
    }
    all
}

async fn busy(world: &World) -> usize {
    let sql = "SELECT account_id FROM outreach_busy";
    world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap().len()
}

fn week<'a>(of: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [("town", "izuhara"), ("phone", ""), ("active", "1"), ("seen", "")];
    let other = usual.into_iter().filter(|(name, _)| !of.iter().any(|(own, _)| own == name));
    of.iter().copied().chain(other).collect()
}

#[tokio::test]
async fn whoever_was_not_put_down_is_not_sent_anywhere() {
    let world = World::new().await;
    let staff = world.staff().await;
    assert!(staff.page(PEOPLE).await.contains("未登録"));
    assert_eq!(available(&world, 1).await, []);
    let path = format!("{PEOPLE}/{}", id(&world, "shokuin@city.example.jp").await);
    let shown = staff.page(&path).await;
    assert!(shown.contains("まだ登録されていません") && shown.contains("value=\"08:30\""), "{shown}");
    let fields = week(&[("opens2", "9:00"), ("closes2", "午後5時"), ("phone", "０９２０－５３－６１１１")]);
    assert_eq!(staff.done(&path, &fields).await, format!("{path}?done=saved"));
    let known = available(&world, 3).await;
    assert_eq!(known.len(), 1);
    assert_eq!(hours(&known[0]), ["", "09:00-17:00", ""], "a holiday, a Tuesday, a Wednesday");
    assert_eq!((known[0].phone.as_str(), known[0].base_town.as_str()), ("0920-53-6111", "izuhara"));
    assert!(staff.page(PEOPLE).await.contains("火 9:00から17:00"));
    let seen = now().timestamp_micros().to_string();
    let fields = week(&[("opens2", "9:00"), ("closes2", "17:00"), ("seen", &seen), ("active", "")]);
    staff.done(&path, &fields).await;
    assert_eq!(available(&world, 3).await, []);
    assert!(staff.page(PEOPLE).await.contains("割り当てない"));
    assert!(kept(&world).await.contains("火 9:00から17:00"));
}

#[tokio::test]
async fn hours_that_cannot_be_are_said_beside_their_field_and_stay_typed() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let path = format!("{PEOPLE}/{id}");
    for (fields, sentence) in [
        (vec![("opens1", "18:00"), ("closes1", "9:00")], "終わりは、始まり(18:00)より後の時刻にしてください。"),
        (vec![("opens1", "9:00")], "終わりの時刻も書いてください。"),
        (vec![("opens1", "25:00"), ("closes1", "26:00")], "翌日の日付"),
        (
            vec![("opens7", "12:00"), ("closes7", "23:45"), ("opens1", "8:30"), ("closes1", "17:00")],
            "日曜の終わり(23:45)から月曜の始まり(8:30)までが8時間45分です。9時間以上あけてください。",
        ),
        (vec![("town", "nowhere")], "出発する町を選んでください。"),
        (vec![("phone", "<script>")], "電話番号として読めません"),
    ] {
        let answer = staff.post(&path, &week(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(answer.text().contains(sentence), "{sentence}");
        assert!(!answer.text().contains("<script>"));
    }
    assert_eq!(hours(&available(&world, 2).await[0]), ["", "08:30-17:15"]);
}

#[tokio::test]
async fn of_two_who_change_the_same_hours_the_second_is_told() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let path = format!("{PEOPLE}/{id}");
    let answer = staff.post(&path, &week(&[("opens2", "10:00"), ("closes2", "16:00")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("ほかの方が、先に変更しました") && answer.text().contains("value=\"10:00\""));
    let seen = now().timestamp_micros().to_string();
    assert!(answer.text().contains(&format!("value=\"{seen}\"")));
    staff.done(&path, &week(&[("opens2", "10:00"), ("closes2", "16:00"), ("seen", &seen)])).await;
    assert_eq!(hours(&available(&world, 2).await[0]), ["", "10:00-16:00"]);
}

#[tokio::test]
async fn leave_closes_the_day_and_other_duties_keep_their_town() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let path = format!("{PEOPLE}/{id}/duties");
    let add = async |fields: &[(&str, &str)]| assert_eq!(staff.done(&path, fields).await, format!("{path}?done=added"));
    add(&[("kind", "leave"), ("from", "2026-11-24"), ("whole", "1"), ("note", "通院の秘密")]).await;
    add(&[("kind", "leave"), ("from", "2026-11-25"), ("begins", "0:00"), ("ends", "12:00")]).await;
    add(&[("kind", "leave"), ("from", "2026-11-26"), ("begins", "15:00"), ("until", "2026-11-27"), ("ends", "9:00")])
        .await;
    add(&[("kind", "leave"), ("from", "2026-11-30"), ("begins", "10:00"), ("ends", "11:00"), ("town", "mine")]).await;
    add(&[("kind", "duty"), ("from", "令和8年12月1日"), ("begins", "13時"), ("ends", "15時"), ("town", "kamiagata")])
        .await;
    let known = available(&world, 9).await;
    let whole = "08:30-17:15";
    assert_eq!(hours(&known[0]), ["", "", "12:00-17:15", "08:30-15:00", "09:00-17:15", "", "", whole, whole]);
    let engaged = |from: &str, until: &str, town: Option<&str>| Engaged {
        starts: at(from),
        ends: at(until),
        town_key: town.map(str::to_owned),
    };
    let duties = [
        engaged("2026-11-30T10:00", "2026-11-30T11:00", None),
        engaged("2026-12-01T13:00", "2026-12-01T15:00", Some("kamiagata")),
    ];
    assert_eq!(known[0].duties, duties);
    let shown = staff.page(&path).await;
    assert!(shown.contains("令和8年11月24日(火) 一日中") && shown.contains("通院の秘密"), "{shown}");
    assert!(shown.contains("令和8年11月26日(木) 15:00から11月27日(金) 9:00まで"));
    assert!(staff.page(PEOPLE).await.contains("5件"));
    let kept = kept(&world).await;
    assert!(kept.contains("令和8年11月24日(火) 一日中") && !kept.contains("通院の秘密"), "{kept}");
}

#[tokio::test]
async fn a_leave_that_was_taken_out_can_be_put_back() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let path = format!("{PEOPLE}/{id}/duties");
    let duty = "0199b0a0-0000-7000-8000-000000000001";
    let fields = [("id", duty), ("kind", "leave"), ("from", "2026-11-24"), ("whole", "1")];
    staff.done(&path, &fields).await;
    staff.done(&path, &fields).await;
    assert_eq!(staff.page(&path).await.matches("/removal\"").count(), 1, "sent twice is one");
    assert_eq!(hours(&available(&world, 2).await[0]), ["", ""]);
    assert_eq!(staff.done(&format!("{path}/{duty}/removal"), &[]).await, format!("{path}?done=removed"));
    assert_eq!(hours(&available(&world, 2).await[0]), ["", "08:30-17:15"]);
    assert!(staff.page(&path).await.contains("取り消したもの"));
    staff.done(&format!("{path}/{duty}/return"), &[]).await;
    assert_eq!(hours(&available(&world, 2).await[0]), ["", ""]);
    let other = format!("{PEOPLE}/{duty}/duties/{duty}/removal");
    assert_eq!(staff.post(&other, &[]).await.status, StatusCode::NOT_FOUND);
    for (fields, sentence) in [
        (vec![("kind", "leave"), ("whole", "1")], "はじめの日を書いてください。"),
        (vec![("kind", "leave"), ("from", "2026-11-24")], "始まる時刻を書いてください。"),
        (vec![("from", "2026-11-24"), ("whole", "1")], "種類を選んでください。"),
        (vec![("kind", "duty"), ("from", "2026-11-24"), ("until", "2026-11-23"), ("whole", "1")], "終わりの日は"),
        (vec![("kind", "duty"), ("from", "2026-11-24"), ("begins", "9:00"), ("ends", "9:00")], "終わりは"),
        (vec![("kind", "duty"), ("from", "0226-11-24"), ("whole", "1")], "はじめの日"),
        (vec![("kind", "duty"), ("from", "2026-11-24"), ("until", "9999-12-31"), ("whole", "1")], "400日まで"),
        (vec![("kind", "duty"), ("from", "2026-11-24"), ("whole", "1"), ("town", "nowhere")], "町を選んでください。"),
    ] {
        let answer = staff.post(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text().contains(sentence), "{sentence}");
    }
}

#[tokio::test]
async fn only_the_office_sees_these_pages() {
    let world = World::new().await;
    let (_, id) = staff(&world).await;
    let member = world.member("mihon@example.jp").await;
    let own = account::find_by_mail(world.db(), "mihon@example.jp").await.unwrap().unwrap().id;
    let staff = world.staff().await;
    for path in [
        PEOPLE.to_owned(),
        format!("{PEOPLE}/{id}"),
        format!("{PEOPLE}/{id}/duties"),
        format!("{PEOPLE}/{id}/calendar"),
    ] {
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(world.get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(staff.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(
            staff.get(&path.replace(&id.to_string(), &own.to_string())).await.status == StatusCode::OK,
            path == PEOPLE
        );
    }
    assert_eq!(staff.get(&format!("{PEOPLE}/none")).await.status, StatusCode::NOT_FOUND);
    account::set_active(world.db(), id, false).await.unwrap();
    assert_eq!(available(&world, 2).await, []);
}

#[tokio::test]
async fn an_own_calendar_is_read_at_once_and_nothing_but_times_is_kept() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server = Server::open(&[
        VISIT,
        "UID:2@example.com\r\nSUMMARY:誕生日の秘密\r\nDTSTART;VALUE=DATE:20261126\r\nTRANSP:TRANSPARENT",
        "UID:3@example.com\r\nSUMMARY:出張の秘密\r\nDTSTART;VALUE=DATE:20261127",
        "UID:0199@kyodo.example.jp\r\nSUMMARY:出前説明会\r\nDTSTART:20261125T050000Z\r\nDURATION:PT1H",
    ])
    .await;
    let path = format!("{PEOPLE}/{id}/calendar");
    assert_eq!(staff.done(&path, &[("url", &server.url())]).await, format!("{path}?done=read"));
    let shown = staff.page(&path).await;
    assert!(shown.contains("令和8年11月25日(水)") && shown.contains("9:00から10:30"), "{shown}");
    assert!(shown.contains("令和8年11月27日(金)") && shown.contains("一日中"));
    assert!(shown.contains("「空き時間」にしてある予定 1件") && shown.contains("このサイトが出している予定 1件"));
    assert!(shown.contains("手がふさがっている予定は2件です。") && shown.contains("127.0.0.1/……"));
    let duties = available(&world, 5).await.remove(0).duties;
    let times: Vec<_> = duties.iter().map(|duty| (duty.starts, duty.ends, duty.town_key.clone())).collect();
    assert_eq!(
        times,
        [
            (at("2026-11-25T09:00"), at("2026-11-25T10:30"), None),
            (at("2026-11-27T00:00"), at("2026-11-28T00:00"), None)
        ]
    );
    let admin = world.admin().await;
    let everything = [
        shown,
        staff.page(PEOPLE).await,
        staff.page(&format!("{PEOPLE}/{id}")).await,
        admin.page(&path).await,
        admin.page(PEOPLE).await,
        admin.page("/staff/audit").await,
        kept(&world).await,
    ]
    .concat();
    for secret in ["の秘密", "対馬病院", SECRET] {
        assert!(!everything.contains(secret), "{secret}");
    }
    assert!(everything.contains("自分のカレンダーの登録"));
    assert_eq!(staff.done(&format!("{path}/removal"), &[]).await, format!("{path}?done=removed"));
    assert_eq!(busy(&world).await, 0);
    assert_eq!(available(&world, 5).await.remove(0).duties, []);
    assert!(staff.page(PEOPLE).await.contains("登録なし"));
}

#[tokio::test]
async fn nobody_but_the_owner_and_administrators_sees_or_sets_an_address() {
    let world = World::new().await;
    let admin = world.admin().await;
    let owner = id(&world, "kanri@city.example.jp").await;
    let (staff, own) = staff(&world).await;
    let server = Server::open(&[VISIT]).await;
    let path = format!("{PEOPLE}/{owner}/calendar");
    admin.done(&path, &[("url", &server.url())]).await;
    assert_eq!(staff.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.post(&path, &[("url", &server.url())]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.post(&format!("{path}/removal"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.asked(), 1);
    let list = staff.page(PEOPLE).await;
    assert!(list.contains("読めています(11月23日(月・勤労感謝の日))") && !list.contains(&path), "{list}");
    assert!(!staff.page(&format!("{PEOPLE}/{owner}")).await.contains("/calendar"));
    admin.done(&format!("{PEOPLE}/{own}/calendar"), &[("url", &server.url())]).await;
    assert!(staff.page(&format!("{PEOPLE}/{own}/calendar")).await.contains("9:00から10:30"));
}

#[tokio::test]
async fn an_address_that_is_no_calendar_or_leads_inside_is_refused_with_what_to_do() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server = Server::open(&[]).await;
    let path = format!("{PEOPLE}/{id}/calendar");
    let refused = async |url: &str, sentence: &str| {
        let answer = staff.post(&path, &[("url", url)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(answer.text().contains(sentence), "{url}: {}", answer.text());
    };
    refused("", "カレンダーのアドレスを書いてください。").await;
    refused("calendar.ics", "アドレスとして読めません。").await;
    refused("https://me:secret@example.com/a.ics", "利用者名やパスワード").await;
    for inside in ["http://[::1]/", "http://10.0.0.1/a.ics", "webcal://169.254.169.254/a.ics", "http://0x7f000002/a"] {
        refused(inside, "インターネットに公開されていない場所").await;
    }
    server.says(302, "http://169.254.169.254/latest/meta-data/");
    refused(&server.url(), "インターネットに公開されていない場所").await;
    server.says(404, "");
    refused(&server.url(), "このアドレスには何もありません(404)。").await;
    server.says(200, "<!doctype html><title>秘密</title>");
    refused(&server.url(), "カレンダー(iCal形式)ではありません").await;
    server.says(200, calendar(&["UID:1\r\nDTSTART:20261125T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY"]));
    refused(&server.url(), "予定が多すぎるか").await;
    for _ in 0..20 {
        staff.post(&path, &[("url", "ftp://example.com/")]).await;
    }
    let asked = server.asked();
    refused(&server.url(), "1時間に試せる回数を超えました。").await;
    assert_eq!(server.asked(), asked);
    assert_eq!(busy(&world).await, 0);
    assert!(!kept(&world).await.contains(SECRET));
}

#[tokio::test]
async fn calendars_are_read_again_and_a_failure_keeps_what_was_read() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server = Server::open(&[VISIT]).await;
    let path = format!("{PEOPLE}/{id}/calendar");
    staff.done(&path, &[("url", &server.url())]).await;
    assert_eq!(read_due(&world, now() + Duration::minutes(49)).await, Turn::default(), "not its turn yet");
    let mut moment = now() + Duration::minutes(71);
    assert_eq!(read_due(&world, moment).await, Turn { read: 1, failed: 0 }, "304");
    server.says(200, calendar(&[VISIT, "UID:2\r\nDTSTART:20261126T000000Z\r\nDURATION:PT1H"]));
    moment += Duration::minutes(71);
    assert_eq!(read_due(&world, moment).await, Turn { read: 1, failed: 0 });
    assert_eq!((busy(&world).await, server.asked()), (2, 3));
    server.says(410, "");
    for failure in 1..=12 {
        moment += Duration::hours(25);
        assert_eq!(read_due(&world, moment).await, Turn { read: 0, failed: 1 });
        assert_eq!(world.letters().await.len(), usize::from(failure >= 10), "{failure}");
    }
    assert_eq!(busy(&world).await, 2);
    let letter = &world.letters().await[0];
    assert_eq!(
        (letter.kind.as_str(), letter.to_mail.as_str()),
        ("outreach.calendar_unread", "shokuin@city.example.jp")
    );
    assert!(letter.body.contains("このアドレスには何もありません(410)。") && letter.body.contains(&path));
    assert!(!letter.body.contains(SECRET) && letter.body.contains("令和8年11月23日(月・勤労感謝の日)"));
    let shown = staff.page(&path).await;
    assert!(shown.contains("最後に試したときは、読めませんでした。") && shown.contains("(410)"), "{shown}");
    assert!(staff.page(PEOPLE).await.contains("いま読めていません"));
    server.says(200, calendar(&[VISIT]));
    moment += Duration::hours(25);
    assert_eq!(read_due(&world, moment).await, Turn { read: 1, failed: 0 });
    assert!(!staff.page(&path).await.contains("読めませんでした"));
    assert_eq!(world.letters().await.len(), 1);
}

#[tokio::test]
async fn a_calendar_that_is_suddenly_empty_is_not_believed() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server = Server::open(&[VISIT]).await;
    let path = format!("{PEOPLE}/{id}/calendar");
    staff.done(&path, &[("url", &server.url())]).await;
    server.says(200, calendar(&[]));
    assert_eq!(read_due(&world, now() + Duration::minutes(71)).await, Turn { read: 0, failed: 1 });
    assert_eq!(busy(&world).await, 1);
    assert!(staff.page(&path).await.contains("カレンダーに予定が1件もありませんでした。"));
    // What lay ahead is over: now it may well be empty.
    assert_eq!(read_due(&world, now() + Duration::days(4)).await, Turn { read: 1, failed: 0 });
    assert_eq!(busy(&world).await, 0);
}

#[tokio::test]
async fn the_window_moves_on_although_nothing_changes() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server =
        Server::open(&["UID:1\r\nDTSTART;TZID=Asia/Tokyo:20261102T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY"]).await;
    staff.done(&format!("{PEOPLE}/{id}/calendar"), &[("url", &server.url())]).await;
    let later: NaiveDate = "2027-08-02".parse().unwrap();
    let on = async |day| availability::of(world.db(), &world.app.city(), day, 1).await.unwrap().remove(0).duties.len();
    assert_eq!((on(today()).await, on(later).await), (1, 0));
    assert_eq!(read_due(&world, now() + Duration::days(100)).await, Turn { read: 1, failed: 0 });
    assert_eq!((on(today()).await, on(later).await), (0, 1));
}

#[tokio::test]
async fn two_replicas_read_a_calendar_once_and_nothing_comes_back_after_its_removal() {
    let world = World::new().await;
    let (staff, id) = staff(&world).await;
    let server = Server::open(&[VISIT]).await;
    let path = format!("{PEOPLE}/{id}/calendar");
    staff.done(&path, &[("url", &server.url())]).await;
    let go = Arc::new(Notify::new());
    *server.waits.lock().unwrap() = Some(go.clone());
    let moment = now() + Duration::hours(30);
    let reading = read_due(&world, moment);
    let others = async {
        while server.asked() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(read_due(&world, moment).await, Turn::default(), "somebody else has it");
        staff.done(&format!("{path}/removal"), &[]).await;
        go.notify_one();
    };
    let (turn, ()) = tokio::join!(reading, others);
    assert_eq!((turn, server.asked()), (Turn::default(), 2));
    assert_eq!(busy(&world).await, 0);
    assert!(staff.page(PEOPLE).await.contains("登録なし"));
}
