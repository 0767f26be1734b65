//! Calendars that others keep: tried, asked for, approved, read again and again, and what becomes of their entries.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kyodo::aggregation::{self, Done, Room, Turn};
use kyodo::db::statement;
use kyodo::groups::Duty;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::hosting::{Host, calendar};
use crate::world::{Answer, Browser, World, said};

/// 見本まつり on 令和8年12月6日(日), 10:00 to 15:00.
pub const FESTIVAL: &str = "UID:matsuri@example.com\nSUMMARY:見本まつり\nLOCATION:厳原町 見本公園\nDTSTART;TZID=Asia/Tokyo:20261206T100000\nDTEND;TZID=Asia/Tokyo:20261206T150000\nURL:https://example.com/matsuri";
/// A practice every Saturday, six times.
const PRACTICE: &str = "UID:renshu@example.com\nSUMMARY:太鼓の練習(見本)\nLOCATION:見本公民館\nDTSTART;TZID=Asia/Tokyo:20261128T190000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=6";
/// A meeting that is nobody else's business.
const BOARD: &str = "UID:yakuin@example.com\nSUMMARY:役員会\nDTSTART;TZID=Asia/Tokyo:20261210T190000\nDURATION:PT1H";
/// What nobody can read.
const BROKEN: &str = "UID:kowareta@example.com\nSUMMARY:こわれた予定\nDTSTART:2026年12月8日";

/// An event of its own on a day of December.
pub fn event(number: u32) -> String {
    format!(
        "UID:e{number}@example.com\nSUMMARY:見本の集い{number}\nLOCATION:見本会館\nDTSTART;TZID=Asia/Tokyo:202612{:02}T140000\nDURATION:PT1H",
        number + 10
    )
}

pub struct Scene<'a> {
    pub world: &'a World,
    pub host: Host,
    pub group: Uuid,
    pub member: Browser<'a>,
    pub staff: Browser<'a>,
}

impl<'a> Scene<'a> {
    pub async fn new(world: &'a World) -> Self {
        let group = world.group("見本太鼓の会", "ミホンタイコノカイ").await;
        world.join(group, "hisho@example.jp", Duty::Representative).await;
        let host = Host::open().await;
        host.put("/taiko.ics", "text/calendar", calendar("見本太鼓の会の予定", &[FESTIVAL, PRACTICE, BOARD, BROKEN]));
        Self { world, host, group, member: world.member("hisho@example.jp").await, staff: world.staff().await }
    }

    pub fn new_path(&self) -> String {
        format!("/me/groups/{}/sources/new", self.group)
    }

    /// The member tries an address; the page of the source.
    pub async fn tried(&self, path: &str, more: &[(&str, &str)]) -> String {
        let url = self.host.url(path);
        let mut fields = vec![
            ("way", "address"),
            ("url", url.as_str()),
            ("name", "見本太鼓の会のカレンダー"),
            ("vanished", "cancel"),
        ];
        fields.extend_from_slice(more);
        self.member.done(&self.new_path(), &fields).await
    }

    /// Staff add an address whose entries show at once.
    pub async fn added(&self, path: &str, name: &str, more: &[(&str, &str)]) -> String {
        let url = self.host.url(path);
        let mut fields = vec![
            ("way", "address"),
            ("url", url.as_str()),
            ("name", name),
            ("institution", name),
            ("vanished", "cancel"),
            ("shows", "public"),
            ("trust", "2"),
            ("every", "0"),
        ];
        fields.retain(|(field, _)| more.iter().all(|(other, _)| other != field));
        fields.extend_from_slice(more);
        let page = self.staff.done("/staff/sources/new", &fields).await;
        assert_eq!(self.staff.done(&format!("{page}/approval"), &[]).await, format!("{page}?done=approved"));
        page
    }

    pub async fn read(&self, page: &str) -> Done {
        let room = Room::open(&self.world.app);
        let id = page.rsplit('/').next().unwrap().parse().unwrap();
        aggregation::refresh_one(self.world.db(), &room.desk(&self.world.app), id)
            .await
            .unwrap()
            .expect("nobody else reads")
    }

    pub async fn feed(&self) -> String {
        self.world.page("/calendar.ics").await.replace("\r\n ", "")
    }

    /// One property of the entry with this title in the feed.
    pub async fn property(&self, title: &str, name: &str) -> Option<String> {
        let feed = self.feed().await;
        let entry = feed.split("BEGIN:VEVENT").find(|entry| entry.contains(&format!("SUMMARY:{title}\r\n")))?;
        let line = entry.split("\r\n").find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.to_owned())
    }

    pub async fn text(&self, sql: &str) -> String {
        let row = self.world.db().query_one_raw(statement(self.world.db().get_database_backend(), sql, vec![])).await;
        row.unwrap().map(|row| row.try_get::<String>("", "text").unwrap()).unwrap_or_default()
    }

    pub async fn run(&self, sql: &str) {
        self.world.db().execute_unprepared(sql).await.unwrap();
    }
}

pub fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

pub fn lacks(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(!page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_group_sees_at_once_what_would_come_in_and_what_would_not_and_why() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[("leaves", "役員会"), ("town", "izuhara")]).await;
    let shown = scene.member.page(&page).await;
    has(
        &shown,
        &[
            "取り込まれる予定",
            "<strong>2件</strong>(うち、これからの予定 2件)",
            "見本まつり",
            "令和8年12月6日(日) 10:00",
            "太鼓の練習(見本) <span class=\"chip\">くり返し</span>",
            "「役員会」ということばがあるため、取り込みません。",
            "こわれた予定",
            "日時（DTSTART）の「2026年12月8日」が読めないため、この予定は取り込めません。",
            "この内容で申し込む",
        ],
    );
    // Nothing of it is anywhere yet, and nobody else sees that it was tried.
    lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
    lacks(&scene.staff.page("/staff").await, &["見本太鼓の会のカレンダー"]);
    assert_eq!(scene.staff.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn staff_approve_the_first_time_and_its_entries_are_in_every_phone() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[("leaves", "役員会")]).await;
    assert_eq!(scene.member.done(&format!("{page}/request"), &[]).await, format!("{page}?done=asked"));
    has(&scene.staff.page("/staff").await, &["見本太鼓の会のカレンダー（承認待ち）"]);
    has(&scene.staff.page("/staff/sources").await, &["▲ 要確認", "承認を待っています。"]);
    let settings = [
        ("name", "見本太鼓の会のカレンダー"),
        ("url", &scene.host.url("/taiko.ics")),
        ("leaves", "役員会"),
        ("vanished", "cancel"),
        ("shows", "public"),
        ("trust", "3"),
        ("every", "0"),
        ("version", "2"),
    ];
    assert_eq!(scene.staff.done(&format!("{page}/settings"), &settings).await, format!("{page}?done=changed"));
    scene.staff.done(&format!("{page}/approval"), &[("note", "楽しみにしています。")]).await;
    let month = world.page("/events?month=2026-12").await;
    has(&month, &["見本まつり", "太鼓の練習(見本)"]);
    lacks(&month, &["役員会", "こわれた予定"]);
    let entry = scene.property("見本まつり", "URL").await.unwrap();
    let entry = world.page(entry.split_once("/events/").map(|(_, id)| format!("/events/{id}")).unwrap().as_str()).await;
    has(
        &entry,
        &["<dt>情報源</dt><dd>見本太鼓の会のカレンダー</dd>", "見本太鼓の会</a>", "https://example.com/matsuri"],
    );
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(
        (letter.to_mail.as_str(), letter.subject.as_str()),
        ("hisho@example.jp", "カレンダーの取り込みを始めました（見本太鼓の会のカレンダー）")
    );
    has(&letter.body, &["予定は、すぐに公開されます。", "60分に1回ほど", "事務局から: 楽しみにしています。", &page]);
    has(&scene.staff.page("/staff/sources").await, &["● 正常", "たったいま"]);
    has(&scene.member.page(&page).await, &["最後に取り込んだ内容", "<strong>2件</strong>", "令和8年12月"]);
}

#[tokio::test]
async fn staff_refuse_with_a_reason_and_the_group_hears_of_it() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    scene.member.done(&format!("{page}/request"), &[]).await;
    let empty = scene.staff.post(&format!("{page}/refusal"), &[("reason", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    scene.staff.done(&format!("{page}/refusal"), &[("reason", "役員会も入っているためです。")]).await;
    let letter = world.letters().await.pop().unwrap();
    has(&letter.body, &["役員会も入っているためです。"]);
    has(&scene.member.page(&page).await, &["取り込みを見送りました", "役員会も入っているためです。"]);
    lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
    let letters = world.letters().await.len();
    let second = scene.staff.done(&format!("{page}/refusal"), &[("reason", "二人目の見送り")]).await;
    assert_eq!((second, world.letters().await.len()), (format!("{page}?done=late"), letters));
    has(&scene.staff.page(&format!("{page}?done=late")).await, &["ほかの人が先に進めていました。"]);
    // The letter says that it can be asked for again.
    has(&scene.member.page(&page).await, &["もう一度申し込む"]);
    assert_eq!(scene.member.done(&format!("{page}/request"), &[]).await, format!("{page}?done=asked"));
    has(&scene.staff.page("/staff").await, &["見本太鼓の会のカレンダー（承認待ち）"]);
}

#[tokio::test]
async fn a_group_cannot_take_in_by_itself_what_the_office_has_not_approved() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    for state in ["request", "resumption", "reading"] {
        for act in ["take", "leave"] {
            assert_eq!(scene.member.done(&format!("{page}/held"), &[("do", act)]).await, format!("{page}?done=late"));
        }
        assert_eq!(scene.member.post(&format!("{page}/approval"), &[]).await.status, StatusCode::NOT_FOUND);
        scene.member.done(&format!("{page}/{state}"), &[]).await;
    }
    lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
    has(&scene.staff.page(&page).await, &["承認して取り込む", "見本まつり"]);
}

#[tokio::test]
async fn nobody_but_its_group_and_the_office_finds_a_source() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本図書館", &[]).await;
    let other = world.group("見本山の会", "ミホンヤマノカイ").await;
    world.join(other, "yama@example.jp", Duty::Representative).await;
    let stranger = world.member("yama@example.jp").await;
    for path in [page.clone(), format!("{page}/settings")] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(&path).await.status, StatusCode::SEE_OTHER);
    }
    for act in ["approval", "reading", "pause", "end", "held", "request"] {
        assert_eq!(
            stranger.post(&format!("{page}/{act}"), &[("entries", "leave")]).await.status,
            StatusCode::NOT_FOUND,
            "{act}"
        );
    }
    assert_eq!(stranger.get(&format!("/me/groups/{}/sources", scene.group)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_changes_at_the_source_changes_in_the_phone_under_the_same_name() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let uid = scene.property("見本まつり", "UID").await.unwrap();
    assert_eq!(scene.property("見本まつり", "SEQUENCE").await.unwrap(), "0");
    assert!(matches!(scene.read(&page).await, Done::Same));
    let moved = FESTIVAL.replace("T100000", "T110000");
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[&moved, PRACTICE, BOARD]));
    assert!(
        matches!(scene.read(&page).await, Done::Taken(taken) if (taken.added, taken.changed, taken.gone) == (0, 1, 0))
    );
    assert_eq!(scene.property("見本まつり", "UID").await.unwrap(), uid);
    assert_eq!(scene.property("見本まつり", "SEQUENCE").await.unwrap(), "1");
    assert!(scene.property("見本まつり", "DTSTART").await.unwrap().ends_with("T110000"));
    let cancelled = format!("{moved}\nSTATUS:CANCELLED");
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[&cancelled, PRACTICE, BOARD]));
    scene.read(&page).await;
    assert_eq!(scene.property("【中止】見本まつり", "UID").await.unwrap(), uid);
    assert_eq!(scene.property("【中止】見本まつり", "STATUS").await.unwrap(), "CANCELLED");
    assert_eq!(scene.property("【中止】見本まつり", "SEQUENCE").await.unwrap(), "2");
}

#[tokio::test]
async fn a_coming_entry_that_vanishes_shows_as_cancelled_and_one_that_is_over_stays() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let past = "UID:past@example.com\nSUMMARY:終わった集い\nDTSTART;TZID=Asia/Tokyo:20261101T100000\nDURATION:PT1H";
    let others: Vec<String> = (1..=4).map(event).collect();
    let mut events: Vec<&str> = others.iter().map(String::as_str).collect();
    events.extend([FESTIVAL, past]);
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..4]));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 1));
    let entry = world.page("/events?month=2026-12&view=list").await;
    has(&entry, &["見本まつり"]);
    assert_eq!(scene.property("【中止】見本まつり", "STATUS").await.unwrap(), "CANCELLED");
    has(
        &scene.property("【中止】見本まつり", "DESCRIPTION").await.unwrap(),
        &["取り込み元のカレンダーから、この予定がなくなりました。"],
    );
    assert_eq!(scene.property("終わった集い", "STATUS").await.unwrap(), "CONFIRMED");
    // It comes back as if nothing had been, but for the number that tells phones so.
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..5]));
    scene.read(&page).await;
    assert_eq!(scene.property("見本まつり", "STATUS").await.unwrap(), "CONFIRMED");
    assert_eq!(scene.property("見本まつり", "SEQUENCE").await.unwrap(), "2");
    lacks(&scene.property("見本まつり", "DESCRIPTION").await.unwrap(), &["なくなりました"]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_any_more_stays_while_another_that_vanished_goes() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let (first, second, third) = (event(1), event(2), event(3));
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[&first, &second, &third]));
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let broken =
        first.replace("DTSTART;TZID=Asia/Tokyo:202612", "DTSTART:いつか").replace("SUMMARY", "STATUS:NEW\nSUMMARY");
    let odd = third.replace("SUMMARY", "STATUS:MAYBE\nSUMMARY");
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[&broken, &odd]));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 1));
    assert_eq!(scene.property("見本の集い1", "STATUS").await.unwrap(), "CONFIRMED");
    assert_eq!(scene.property("【中止】見本の集い2", "STATUS").await.unwrap(), "CANCELLED");
    // What is odd about an entry that comes in is told with that entry, not as one that does not.
    let shown = scene.staff.page(&page).await;
    let (left, mended) = shown.split_once("補ったところ・気づいたところ").unwrap();
    has(left, &["見本の集い1", "この予定は取り込めません。"]);
    has(mended, &["見本の集い3", "状態（STATUS）の「MAYBE」が読めないため、使いませんでした。"]);
}

#[tokio::test]
async fn by_its_rule_what_vanishes_leaves_at_once_and_comes_back() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let others: Vec<String> = (1..=3).map(event).collect();
    let mut events: Vec<&str> = others.iter().map(String::as_str).collect();
    events.push(FESTIVAL);
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/taiko.ics", "見本太鼓", &[("vanished", "withdraw")]).await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..3]));
    scene.read(&page).await;
    lacks(&scene.feed().await, &["見本まつり"]);
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    scene.read(&page).await;
    assert_eq!(scene.property("見本まつり", "STATUS").await.unwrap(), "CONFIRMED");
}

#[tokio::test]
async fn a_series_that_vanishes_ends_and_what_took_place_stays() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let begun = PRACTICE.replace("20261128", "20261107");
    let others: Vec<String> = (1..=3).map(event).collect();
    let mut events: Vec<&str> = others.iter().map(String::as_str).collect();
    events.push(&begun);
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..3]));
    scene.read(&page).await;
    let november = world.page("/events?month=2026-11&view=list").await;
    has(&november, &["太鼓の練習(見本)"]);
    lacks(&world.page("/events?month=2026-12&view=list").await, &["太鼓の練習(見本)"]);
    has(&scene.property("太鼓の練習(見本)", "RRULE").await.unwrap(), &["UNTIL=20261127"]);
}

#[tokio::test]
async fn a_source_that_is_suddenly_empty_is_held_and_not_purged() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let before = scene.feed().await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[]));
    assert_eq!(
        scene.read(&page).await,
        Done::Held("これからの予定が3件ありましたが、1件もなくなりました。".to_owned())
    );
    assert_eq!(scene.feed().await, before);
    has(&scene.staff.page("/staff").await, &["見本太鼓（取り込む前の確認）"]);
    has(&scene.staff.page("/staff/sources").await, &["▲ 要確認", "1件もなくなりました。"]);
    let held = scene.staff.page(&page).await;
    has(&held, &["取り込む前に確かめる内容", "まだ何も変えていません。", "取り込むと、なくなる予定"]);
    has(&held, &["<li>令和8年12月6日(日) 見本まつり</li>", "<li>くり返し 太鼓の練習(見本)</li>"]);
    // The same once more changes nothing; left as it is, the calendar stays until the source says something else.
    assert!(matches!(scene.read(&page).await, Done::Same));
    scene.staff.done(&format!("{page}/held"), &[("do", "leave")]).await;
    assert!(matches!(scene.read(&page).await, Done::Same));
    lacks(&scene.staff.page("/staff").await, &["取り込む前の確認"]);
    assert_eq!(scene.feed().await, before);
}

#[tokio::test]
async fn other_words_do_not_lose_sight_of_what_is_held() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[]));
    assert!(matches!(scene.read(&page).await, Done::Held(_)));
    let url = scene.host.url("/taiko.ics");
    let fields = [
        ("name", "見本太鼓"),
        ("institution", "見本太鼓"),
        ("url", url.as_str()),
        ("leaves", "役員会"),
        ("vanished", "cancel"),
        ("shows", "public"),
        ("trust", "2"),
        ("every", "0"),
        ("version", "2"),
    ];
    scene.staff.done(&format!("{page}/settings"), &fields).await;
    assert!(matches!(scene.read(&page).await, Done::Held(_)), "the file that was held comes again");
    has(&scene.feed().await, &["見本まつり"]);
}

#[tokio::test]
async fn losing_over_half_is_held_and_half_is_not() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let all: Vec<String> = (1..=6).map(event).collect();
    let events: Vec<&str> = all.iter().map(String::as_str).collect();
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..2]));
    assert_eq!(scene.read(&page).await, Done::Held("これからの予定6件のうち、4件が一度になくなりました。".to_owned()));
    // A better file comes by itself, and nothing waits any more.
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events[..3]));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 3));
    lacks(&scene.staff.page(&page).await, &["取り込む前に確かめる内容"]);
    // Of three that are left staff may let two go.
    scene.run("UPDATE sources SET digest = ''").await;
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[]));
    assert!(matches!(scene.read(&page).await, Done::Held(_)));
    assert_eq!(scene.staff.done(&format!("{page}/held"), &[("do", "take")]).await, format!("{page}?done=taken"));
    assert_eq!(scene.property("【中止】見本の集い1", "STATUS").await.unwrap(), "CANCELLED");
    has(&scene.staff.page("/staff/audit").await, &["保留した内容の取り込み"]);
}

#[tokio::test]
async fn a_page_that_comes_instead_of_a_calendar_purges_nothing() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let before = scene.feed().await;
    scene.host.put("/taiko.ics", "text/html", "<!doctype html><title>メンテナンス中</title><p>しばらくお待ちください");
    assert!(matches!(scene.read(&page).await, Done::Failed(_)));
    scene.host.put("/taiko.ics", "text/calendar", "");
    assert!(matches!(scene.read(&page).await, Done::Failed(_)));
    assert_eq!(scene.feed().await, before);
    has(&scene.staff.page(&page).await, &["最後に試したときは、読めませんでした", "続けて2回"]);
    has(&scene.staff.page("/staff/sources").await, &["△ 遅延"]);
}

#[tokio::test]
async fn what_was_changed_here_survives_the_next_reading_and_is_marked() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let id = scene.property("見本まつり", "URL").await.unwrap().rsplit('/').next().unwrap().to_owned();
    let form = scene.staff.page(&format!("/events/{id}/edit")).await;
    let version = form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("version", version.as_str()),
        ("title", "見本まつり(第10回)"),
        ("kind", "event"),
        ("from", "2026-12-06"),
        ("to", "2026-12-06"),
        ("begins", "10:00"),
        ("ends", "15:00"),
        ("place", "厳原町 見本公園"),
        ("town", "izuhara"),
        ("url", "https://example.com/matsuri"),
        ("description", "屋台が出ます。"),
        ("category", ""),
        ("do", "confirmed"),
    ];
    // Its source names no category, and nobody has to invent one.
    has(&form, &["もとのカレンダーのまま"]);
    scene.staff.done(&format!("/events/{id}/edit"), &fields).await;
    lacks(&scene.staff.page(&format!("/staff/events/{id}")).await, &["分類を取り込み元に戻す"]);
    assert_eq!(scene.property("見本まつり(第10回)", "SEQUENCE").await.unwrap(), "1");
    let moved = FESTIVAL.replace("見本公園", "見本広場").replace("見本まつり", "見本まつり2026");
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[&moved, PRACTICE, BOARD]));
    scene.read(&page).await;
    assert_eq!(scene.property("見本まつり(第10回)", "LOCATION").await.unwrap(), "厳原町 見本広場");
    has(&scene.property("見本まつり(第10回)", "DESCRIPTION").await.unwrap(), &["屋台が出ます。"]);
    has(&scene.staff.page(&format!("/events/{id}/edit")).await, &["もとのカレンダーと違うところ", "見本まつり2026"]);
    let look = scene.staff.page(&format!("/staff/events/{id}")).await;
    has(&look, &["ここで直したところ", "見本まつり(第10回)", "見本まつり2026", "名称を取り込み元に戻す"]);
    scene.staff.done(&format!("/events/{id}/original"), &[("entry", &id), ("part", "title")]).await;
    assert_eq!(scene.property("見本まつり2026", "LOCATION").await.unwrap(), "厳原町 見本広場");
    lacks(&scene.staff.page(&format!("/staff/events/{id}")).await, &["名称を取り込み元に戻す"]);
}

#[tokio::test]
async fn one_occurrence_changed_here_stays_changed() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let id = scene.property("太鼓の練習(見本)", "URL").await.unwrap().rsplit('/').next().unwrap().to_owned();
    let at = "2026-12-05T10:00:00Z";
    scene.staff.done(&format!("/events/{id}/cancel"), &[("scope", "one"), ("at", at), ("reason", "大雨のため")]).await;
    scene.host.put(
        "/taiko.ics",
        "text/calendar",
        calendar("見本", &[FESTIVAL, &PRACTICE.replace("見本公民館", "見本体育館"), BOARD]),
    );
    scene.read(&page).await;
    let feed = scene.feed().await;
    let change =
        feed.split("BEGIN:VEVENT").find(|entry| entry.contains("RECURRENCE-ID")).expect("a changed occurrence");
    has(change, &["SUMMARY:【中止】太鼓の練習(見本)", "20261205T190000"]);
    assert_eq!(scene.property("太鼓の練習(見本)", "LOCATION").await.unwrap(), "見本体育館");
}

#[tokio::test]
async fn where_staff_look_first_nothing_shows_before_they_did() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    scene.added("/taiko.ics", "見本図書館", &[("shows", "review")]).await;
    lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
    lacks(&scene.feed().await, &["見本まつり"]);
    let desk = scene.staff.page("/staff/events").await;
    has(&desk, &["見本まつり"]);
    let id = scene.text("SELECT COALESCE(MAX(title), '') AS text FROM calendar_entries WHERE public = TRUE").await;
    assert_eq!(id, "");
    let path = desk.split("href=\"/staff/events/").find(|part| part.contains("見本まつり")).unwrap();
    let path = format!("/staff/events/{}", path.split('"').next().unwrap());
    let look = scene.staff.page(&path).await;
    has(&look, &["見本図書館"]);
    let version = look.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    scene.staff.done(&format!("{path}/approval"), &[("version", &version)]).await;
    has(&world.page("/events?month=2026-12").await, &["見本まつり"]);
    lacks(&world.page("/events?month=2026-12").await, &["役員会"]);
}

#[tokio::test]
async fn other_words_take_effect_at_once_without_asking_the_source_again() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    has(&scene.feed().await, &["SUMMARY:役員会"]);
    let url = scene.host.url("/taiko.ics");
    let settings = |leaves: &'static str, version: &'static str| {
        vec![
            ("name", "見本太鼓"),
            ("institution", "見本太鼓"),
            ("url", url.as_str()),
            ("leaves", leaves),
            ("vanished", "cancel"),
            ("shows", "public"),
            ("trust", "2"),
            ("every", "60"),
            ("category", "bunka"),
            ("version", version),
        ]
    };
    let mut fields = settings("役員会", "2");
    fields.retain(|(name, _)| *name != "category");
    scene.staff.done(&format!("{page}/settings"), &fields).await;
    assert_eq!(scene.host.asked("/taiko.ics"), 1);
    lacks(&scene.feed().await, &["役員会"]);
    // Two at once: the second sees that it was changed.
    let late = scene.staff.post(&format!("{page}/settings"), &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    has(&late.text(), &["ほかの人が設定を変えました"]);
    fields.iter_mut().for_each(|(name, value)| match *name {
        "leaves" => *value = "",
        "version" => *value = "3",
        _ => {}
    });
    scene.staff.done(&format!("{page}/settings"), &fields).await;
    has(&scene.feed().await, &["SUMMARY:役員会"]);
}

#[tokio::test]
async fn a_source_that_cannot_be_read_rests_after_a_while_and_its_owner_is_told_in_plain_words() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    scene.member.done(&format!("{page}/request"), &[]).await;
    scene.staff.done(&format!("{page}/approval"), &[]).await;
    let told = world.letters().await.len();
    scene.host.fail("/taiko.ics", 404, "");
    for _ in 0..7 {
        scene.run("UPDATE sources SET claimed_until = NULL").await;
        assert!(matches!(scene.read(&page).await, Done::Failed(_)));
    }
    assert_eq!(world.letters().await.len(), told);
    scene.read(&page).await;
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(letter.subject, "カレンダーを読めないため、取り込みを休んでいます（見本太鼓の会のカレンダー）");
    has(&letter.body, &["続けて8回", "このアドレスには何もありません(404)。", "令和8年11月23日", &page]);
    lacks(&letter.body, &["127.0.0.1"]);
    has(&scene.staff.page("/staff/sources?health=stopped").await, &["続けて8回読めなかったため、休止しました。"]);
    lacks(&scene.staff.page("/staff/sources?health=check").await, &["続けて8回"]);
    // It waits for the office all the same.
    has(&scene.staff.page("/staff").await, &["読めないため休止"]);
    // Mended, it goes on by a button.
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[FESTIVAL, PRACTICE, BOARD]));
    assert_eq!(scene.member.done(&format!("{page}/reading"), &[]).await, format!("{page}?done=taken"));
    has(&scene.member.page(&page).await, &["● 正常", "取り込み中"]);
}

#[tokio::test]
async fn one_that_fails_does_not_keep_the_others_from_going_on() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL]));
    scene.host.put("/b.ics", "text/calendar", calendar("見本", &[PRACTICE]));
    scene.host.put("/c.ics", "text/calendar", calendar("見本", &[BOARD]));
    for (path, name) in [("/a.ics", "見本A"), ("/b.ics", "見本B"), ("/c.ics", "見本C")] {
        scene.added(path, name, &[]).await;
    }
    let turn = async || {
        scene.run("UPDATE sources SET next_check_at = '2026-11-22T00:00:00+00:00', claimed_until = NULL").await;
        let room = Room::open(&world.app);
        aggregation::refresh_due(world.db(), &room.desk(&world.app)).await.unwrap()
    };
    assert_eq!(turn().await, Turn { same: 3, ..Turn::default() });
    scene.host.fail("/a.ics", 500, "");
    scene.host.put("/b.ics", "text/calendar", calendar("見本", &[&PRACTICE.replace("公民館", "会館")]));
    scene.host.put("/c.ics", "text/calendar", calendar("見本", &[]));
    assert_eq!(turn().await, Turn { taken: 1, held: 1, failed: 1, ..Turn::default() });
    assert_eq!(scene.property("太鼓の練習(見本)", "LOCATION").await.unwrap(), "見本会館");
    // Nothing is due any more.
    let room = Room::open(&world.app);
    assert_eq!(aggregation::refresh_due(world.db(), &room.desk(&world.app)).await.unwrap(), Turn::default());
}

#[tokio::test]
async fn what_somebody_else_is_reading_just_now_is_left_to_them() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL]));
    scene.host.put("/b.ics", "text/calendar", calendar("見本", &[PRACTICE]));
    let first = scene.added("/a.ics", "見本A", &[]).await;
    scene.added("/b.ics", "見本B", &[]).await;
    let asked = scene.host.asked("/b.ics");
    // Another replica has one source of this server; nobody asks the same server meanwhile.
    scene.run("UPDATE sources SET next_check_at = '2026-11-22T00:00:00+00:00'").await;
    scene.run("UPDATE sources SET claimed_until = '2026-11-23T00:05:00+00:00' WHERE name = '見本A'").await;
    let room = Room::open(&world.app);
    assert_eq!(aggregation::refresh_due(world.db(), &room.desk(&world.app)).await.unwrap(), Turn::default());
    assert_eq!(scene.host.asked("/b.ics"), asked);
    assert_eq!(scene.staff.done(&format!("{first}/reading"), &[]).await, format!("{first}?done=busy"));
}

#[tokio::test]
async fn replicas_that_are_due_at_the_same_moment_ask_for_each_source_once() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let names: Vec<String> = (0..6).map(|number| format!("/{number}.ics")).collect();
    for name in &names {
        scene.host.put_untagged(name, "text/calendar", calendar("見本", &[FESTIVAL]));
        scene.added(name, &format!("見本{name}"), &[]).await;
    }
    scene.run("UPDATE sources SET next_check_at = '2026-11-22T00:00:00+00:00', claimed_until = NULL").await;
    let before: Vec<usize> = names.iter().map(|name| scene.host.asked(name)).collect();
    let room = Room::open(&world.app);
    let desk = room.desk(&world.app);
    let replica = || aggregation::refresh_due(world.db(), &desk);
    let (one, two, three) = tokio::join!(replica(), replica(), replica());
    let same = one.unwrap().same + two.unwrap().same + three.unwrap().same;
    assert_eq!(same, 6);
    let after: Vec<usize> = names.iter().zip(before).map(|(name, before)| scene.host.asked(name) - before).collect();
    assert_eq!(after, [1; 6]);
}

#[tokio::test]
async fn a_source_that_did_not_change_costs_one_statement() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    for number in 0..24 {
        let name = format!("/{number}.ics");
        match number % 2 {
            0 => scene.host.put(&name, "text/calendar", calendar("見本", &[FESTIVAL])),
            _ => scene.host.put_untagged(&name, "text/calendar", calendar("見本", &[FESTIVAL])),
        }
        scene.added(&name, &format!("見本{name}"), &[]).await;
    }
    scene.run("UPDATE sources SET next_check_at = '2026-11-22T00:00:00+00:00', claimed_until = NULL").await;
    let room = Room::open(&world.app);
    let statements = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (counter, mut counted) = (std::sync::Arc::clone(&statements), world.db().clone());
    counted.set_metric_callback(move |_| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    let turn = aggregation::refresh_due(&counted, &room.desk(&world.app)).await.unwrap();
    assert_eq!(turn, Turn { same: 24, ..Turn::default() });
    // A row each; those of one server in four portions, each claimed and read, and a look whether more are due.
    assert_eq!(statements.load(std::sync::atomic::Ordering::Relaxed), 24 + 4 * 2 + 1);
}

#[tokio::test]
async fn two_hundred_sources_are_seen_at_once_and_those_in_trouble_first() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let trouble = scene.added("/taiko.ics", "見本の困りごと", &[]).await;
    for number in 0..200 {
        let draft = aggregation::Draft::plain(&format!("見本の情報源{number:03}"), "");
        let asked = aggregation::Asked { account_id: None, name: "見本", now: crate::world::now() };
        draft.add(world.db(), aggregation::State::Active, &asked).await.unwrap();
    }
    scene.host.fail("/taiko.ics", 500, "");
    scene.read(&trouble).await;
    let page = scene.staff.page("/staff/sources").await;
    has(
        &page,
        &[
            "△ 遅延</span> <strong>1</strong>",
            "● 正常</span> <strong>200</strong>",
            "見本の情報源000",
            "見本の情報源199",
        ],
    );
    let (first, rest) = page.split_once("正常に読めている情報源").unwrap();
    assert!(first.contains("見本の困りごと") && !first.contains("見本の情報源000"));
    assert_eq!(rest.matches("見本の情報源").count(), 200);
    let found = scene.staff.page("/staff/sources?q=情報源１９９").await;
    assert_eq!(found.matches("見本の情報源").count(), 1);
    // What is over has left the counts and is still found, here and in the search over everything.
    scene.staff.done(&format!("{trouble}/end"), &[("entries", "stay")]).await;
    let page = scene.staff.page("/staff/sources?q=困りごと").await;
    has(&page, &["終わったもの・見送ったもの", &trouble, "終了"]);
    lacks(&page, &["当てはまる情報源は、ありません。", "を、正常に読めています"]);
    has(&scene.staff.page("/staff/search?q=困りごと").await, &["情報源</h2>", &trouble, "終了"]);
    lacks(&scene.staff.page("/staff/sources?health=good").await, &["見本の困りごと"]);
}

#[tokio::test]
async fn a_table_and_a_page_with_events_are_sources_as_well() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let table = "イベント名,イベント名_カナ,開始日,終了日,開始時間,終了時間,説明,場所名称,住所\n見本の朝市,ミホンノアサイチ,2026-12-13,2026-12-13,08:00,10:00,野菜です,見本広場,対馬市厳原町\n日のない市,,,,,,,,\n";
    scene.host.put("/events.csv", "text/csv", encoding(table));
    let page = scene.added("/events.csv", "見本の表", &[]).await;
    has(&scene.staff.page(&page).await, &["表（CSV・Excel）", "日のない市"]);
    assert_eq!(scene.property("見本の朝市", "LOCATION").await.unwrap(), "見本広場 対馬市厳原町");
    let html = r#"<!doctype html><html><head><title>案内</title><script type="application/ld+json">
        {"@context":"https://schema.org","@type":"Festival","name":"見本の灯ろう流し","startDate":"2026-12-20T18:00:00+09:00","endDate":"2026-12-20T20:00:00+09:00",
        "location":{"@type":"Place","name":"見本海岸"},"url":"https://example.com/toro","description":"<p>静かな夜<br>です</p>","eventStatus":"https://schema.org/EventScheduled"}
        </script></head><body></body></html>"#;
    scene.host.put("/toro", "text/html; charset=utf-8", html);
    let page = scene.added("/toro", "見本の案内", &[]).await;
    has(&scene.staff.page(&page).await, &["ウェブページ（schema.org）"]);
    has(&scene.property("見本の灯ろう流し", "DESCRIPTION").await.unwrap(), &["静かな夜\\nです"]);
}

fn encoding(text: &str) -> Vec<u8> {
    kyodo::text::cp932::encode(text).bytes
}

async fn sent(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], (name, bytes): (&str, &str)) -> Answer {
    let mut body = String::new();
    for (field, value) in fields {
        body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/calendar\r\n\r\n{bytes}\r\n--x--\r\n"));
    let request = Request::post(path)
        .header("content-type", "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

#[tokio::test]
async fn a_file_is_sent_in_looked_at_and_replaced_by_the_next() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let fields = [
        ("way", "upload"),
        ("name", "見本の年間予定"),
        ("institution", "見本館"),
        ("vanished", "withdraw"),
        ("shows", "public"),
        ("trust", "2"),
    ];
    let answer =
        sent(&scene.staff, "/staff/sources/new", &fields, ("nenkan.ics", &calendar("年間", &[FESTIVAL, PRACTICE])))
            .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.header("location").to_owned();
    scene.staff.done(&format!("{page}/approval"), &[]).await;
    has(&scene.feed().await, &["見本まつり"]);
    let answer =
        sent(&scene.staff, &format!("{page}/file"), &[], ("nenkan2.ics", &calendar("年間", &[PRACTICE]))).await;
    assert_eq!(answer.header("location"), format!("{page}?done=came#waiting"));
    has(&scene.feed().await, &["見本まつり"]);
    scene.staff.done(&format!("{page}/held"), &[("do", "take")]).await;
    lacks(&scene.feed().await, &["見本まつり"]);
    let none = sent(&scene.staff, &format!("{page}/file"), &[], ("x.ics", "これは予定ではありません")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_cannot_be_had_is_a_sentence_beside_the_address_and_what_was_typed_stays() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    scene.host.fail("/loop", 302, "/loop");
    scene.host.fail("/inside", 302, "http://10.0.0.1/secret.ics");
    scene.host.fail("/file", 302, "file:///etc/passwd");
    scene.host.put("/note.ics", "text/plain", "ただの文です。");
    let cases = [
        ("", "カレンダーのアドレスを書いてください。"),
        ("ftp://example.com/a.ics", "アドレスとして読めません。"),
        ("http://10.0.0.1/a.ics", "インターネットに公開されていない場所"),
        (&scene.host.url("/nothing.ics"), "このアドレスには何もありません(404)。"),
        (&scene.host.url("/loop"), "アドレスの転送が何度も続くため"),
        (&scene.host.url("/inside"), "インターネットに公開されていない場所"),
        (&scene.host.url("/file"), "アドレスの転送先が正しくない"),
        (&scene.host.url("/note.ics"), "カレンダーのファイルではありません"),
    ];
    for (url, sentence) in cases {
        let fields = [("way", "address"), ("url", url), ("name", "見本の名前"), ("leaves", "役員会")];
        let answer = scene.member.post(&scene.new_path(), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        has(&answer.text(), &[sentence, "value=\"見本の名前\"", "役員会</textarea>"]);
    }
    assert_eq!(scene.text("SELECT COALESCE(MAX(name), '') AS text FROM sources").await, "");
}

#[tokio::test]
async fn a_hostile_calendar_is_harmless() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let hostile = "UID:x@example.com\nSUMMARY:<script>alert(1)</script>まつり\nDESCRIPTION:=cmd|' /C calc'!A0\nURL:javascript:alert(1)\nX-KYODO-ITEMS:3-05\nX-KYODO-KIND:meeting\nCATEGORIES:3-05\nDTSTART;TZID=Asia/Tokyo:20261206T100000\nDURATION:PT1H";
    let endless = "UID:s@example.com\nSUMMARY:毎秒\nDTSTART:20261206T000000Z\nRRULE:FREQ=SECONDLY";
    let far = "UID:f@example.com\nSUMMARY:はるか先\nDTSTART:99990101T000000Z";
    scene.host.put("/x.ics", "text/calendar", calendar("見本", &[hostile, endless, far]));
    let page = scene.added("/x.ics", "見本の罠", &[]).await;
    let shown = scene.staff.page(&page).await;
    has(&shown, &["はるか先", "1日に何度もくり返す予定は取り込めません。"]);
    lacks(&shown, &["<script>alert", "href=\"javascript:"]);
    let id = scene.property("まつり", "URL").await.unwrap().rsplit('/').next().unwrap().to_owned();
    let entry = world.page(&format!("/events/{id}")).await;
    lacks(&entry, &["<script>alert", "javascript:", "計画の項目</dt>", "連絡調整会議</li>"]);
    lacks(&world.page("/plans/2009/items/3-05").await, &["まつり"]);
}

#[tokio::test]
async fn the_address_of_a_source_may_be_a_secret_and_stays_one() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    scene.host.put("/private-himitsu/basic.ics", "text/calendar", calendar("見本", &[FESTIVAL]));
    let page = scene.added("/private-himitsu/basic.ics", "見本太鼓", &[]).await;
    scene.host.fail("/private-himitsu/basic.ics", 500, "");
    scene.read(&page).await;
    for path in ["/staff/sources", &page, "/staff/audit", "/staff"] {
        lacks(&scene.staff.page(path).await, &["himitsu"]);
    }
    let id = world.page("/events?month=2026-12").await;
    lacks(&id, &["himitsu"]);
    lacks(&scene.feed().await, &["himitsu"]);
}

#[tokio::test]
async fn an_ended_source_keeps_what_is_over_and_lets_go_of_what_is_coming() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let past = "UID:past@example.com\nSUMMARY:終わった集い\nDTSTART;TZID=Asia/Tokyo:20261101T100000\nDURATION:PT1H";
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &[FESTIVAL, past]));
    let page = scene.added("/taiko.ics", "見本太鼓", &[]).await;
    let unsaid = scene.staff.post(&format!("{page}/end"), &[]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    scene.staff.done(&format!("{page}/end"), &[("entries", "leave")]).await;
    let feed = scene.feed().await;
    has(&feed, &["終わった集い"]);
    lacks(&feed, &["見本まつり"]);
    has(&scene.staff.page("/staff/sources").await, &["終わったもの・見送ったもの", "終了"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_at_the_server_adds_lists_and_reads_sources() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let permit = format!("127.0.0.1:{}", scene.host.port);
    // The command reads its settings from the folder's kyodo.toml, as a server would.
    std::fs::write(world.folder().join("kyodo.toml"), format!("fetch_allow = \"{permit}\"\n")).unwrap();
    let url = scene.host.url("/taiko.ics");
    let run = async |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        tokio::task::block_in_place(|| world.kyodo(&arguments))
    };
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let added = run(words(&["feeds", "add", &url, "--name", "見本太鼓"])).await;
    assert!(added.status.success(), "{}", said(&added));
    has(&said(&added), &["登録しました", "新しい 3件"]);
    let listed = run(words(&["feeds", "list", "--json"])).await;
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed[0]["health"], "good");
    assert_eq!(listed[0]["coming"], 3);
    assert_eq!(listed[0]["left_out"], 1);
    assert!(listed[0]["url"].as_str().unwrap().ends_with("/taiko.ics"), "what is no secret is listed");
    let again = run(words(&["feeds", "refresh", listed[0]["id"].as_str().unwrap()])).await;
    has(&said(&again), &["見本太鼓: 変わりありません"]);
    scene.host.fail("/taiko.ics", 404, "");
    let failed = run(words(&["feeds", "refresh"])).await;
    assert_eq!(failed.status.code(), Some(2));
    has(&said(&failed), &["読めません: このアドレスには何もありません(404)。"]);
    let unknown = run(words(&["feeds", "refresh", &Uuid::nil().to_string()])).await;
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test]
async fn one_festival_of_two_calendars_is_one_in_every_phone_and_outlives_each_of_them() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let others: Vec<String> = (1..=4).map(event).collect();
    let theirs =
        FESTIVAL.replace("matsuri@example.com", "fes@kanko.example.com").replace("見本まつり", "第3回 見本まつり");
    let file = |festival: &[&str]| {
        let all: Vec<&str> = others.iter().map(String::as_str).chain(festival.iter().copied()).collect();
        calendar("見本", &all)
    };
    scene.host.put("/a.ics", "text/calendar", file(&[FESTIVAL]));
    scene.host.put("/b.ics", "text/calendar", calendar("観光", &[&theirs]));
    let first = scene.added("/a.ics", "見本太鼓", &[("trust", "3")]).await;
    let second = scene.added("/b.ics", "見本観光協会", &[("trust", "1")]).await;
    let (city, host) = (world.app.city(), world.app.config.host());
    let desk =
        kyodo::calendar::Desk { city: &city, host: &host, now: crate::world::now(), today: crate::world::today() };
    assert_eq!(aggregation::duplicates::search(world.db(), &desk).await.unwrap().found, 1);
    has(&scene.staff.page("/staff/duplicates").await, &["見本まつり", "第3回 見本まつり", "見本観光協会"]);
    let id = async |title: &str| scene.property(title, "URL").await.unwrap().rsplit('/').next().unwrap().to_owned();
    let (one, other) = (id("見本まつり").await, id("第3回 見本まつり").await);
    let uid = scene.property("見本まつり", "UID").await.unwrap();
    let fields = [("first", one.as_str()), ("second", other.as_str()), ("lead", one.as_str()), ("do", "merge")];
    scene.staff.done("/staff/duplicates/pair", &fields).await;
    lacks(&scene.feed().await, &["第3回"]);
    // Everybody sees who has it.
    has(&world.page(&format!("/events/{one}")).await, &["<dt>情報源</dt><dd>見本太鼓</dd><dd>見本観光協会</dd>"]);
    // What is hidden goes on being read and stays hidden.
    scene.host.put("/b.ics", "text/calendar", calendar("観光", &[&theirs.replace("見本公園", "見本広場")]));
    assert!(matches!(scene.read(&second).await, Done::Taken(taken) if taken.changed == 1));
    lacks(&scene.feed().await, &["第3回"]);
    // Cancelled where it leads, it is cancelled in every phone, and the office hears that the other says something else.
    scene.host.put("/a.ics", "text/calendar", file(&[&format!("{FESTIVAL}\nSTATUS:CANCELLED")]));
    scene.read(&first).await;
    assert_eq!(scene.property("【中止】見本まつり", "UID").await.unwrap(), uid);
    has(&scene.staff.page("/staff").await, &["表示している予定は中止ですが、ほかの取り込み元では行われます"]);
    scene.host.put("/a.ics", "text/calendar", file(&[FESTIVAL]));
    scene.read(&first).await;
    let sequence: i64 = scene.property("見本まつり", "SEQUENCE").await.unwrap().parse().unwrap();
    // Gone where it led, the other carries it on under the same name.
    scene.host.put("/a.ics", "text/calendar", file(&[]));
    assert!(matches!(scene.read(&first).await, Done::Taken(taken) if taken.gone == 1));
    assert_eq!(scene.property("第3回 見本まつり", "UID").await.unwrap(), uid);
    assert_eq!(scene.property("第3回 見本まつり", "STATUS").await.unwrap(), "CONFIRMED");
    assert!(scene.property("第3回 見本まつり", "SEQUENCE").await.unwrap().parse::<i64>().unwrap() > sequence);
    assert_eq!(scene.feed().await.matches("見本まつり\r\n").count(), 1);
}

#[tokio::test]
async fn a_source_of_many_entries_is_taken_in_whole() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let many: Vec<String> = (0..3_000)
        .map(|number| {
            let (day, hour) = (number % 28 + 1, number % 10 + 8);
            format!("UID:m{number}@example.com\nSUMMARY:見本{number}\nDTSTART;TZID=Asia/Tokyo:202701{day:02}T{hour:02}0000\nDURATION:PT1H")
        })
        .collect();
    let events: Vec<&str> = many.iter().map(String::as_str).collect();
    scene.host.put("/many.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/many.ics", "見本の大きな表", &[]).await;
    has(&scene.staff.page(&page).await, &["<strong>3000件</strong>", "3000回"]);
    assert_eq!(scene.feed().await.matches("SUMMARY:見本").count(), 3_000);
}
