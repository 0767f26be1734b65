//! The desk of the calendar: groups and staff add, change, cancel and repeat entries; first ones wait for the office.

use axum::http::StatusCode;
use kyodo::calendar::{self, Desk, Draft, Span};
use kyodo::digest::Cadence;
use kyodo::groups::{self, Duty};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::digest::{at, order, posted, send, star, told};
use crate::world::{Answer, Browser, World, now, today};

const MAIL: &str = "a@example.jp";

/// A form with everything that must be there, and the further fields.
fn form<'a>(group: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("group", group),
        ("title", "見本 浜の清掃"),
        ("category", "environment"),
        ("from", "2026-12-05"),
        ("begins", "10:00"),
        ("ends", "12:00"),
        ("place", "竹敷の浜"),
    ];
    for (name, value) in more {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    fields
}

/// A trusted group with its member signed in.
async fn trusted<'a>(world: &'a World, name: &str) -> (Uuid, Browser<'a>) {
    let (group, member) = plain(world, name, MAIL).await;
    groups::trust(world.db(), group, true).await.unwrap();
    (group, member)
}

async fn plain<'a>(world: &'a World, name: &str, mail: &str) -> (Uuid, Browser<'a>) {
    let group = world.group(name, "ミホン").await;
    world.join(group, mail, Duty::Member).await;
    (group, world.member(mail).await)
}

/// The only entry with this title that is no changed occurrence; the latest of several.
async fn id_of(world: &World, title: &str) -> Uuid {
    let values: Vec<Value> = vec![title.into()];
    let sql = "SELECT id FROM calendar_entries WHERE title = ? AND master_id IS NULL ORDER BY seq DESC";
    let row = world.db().query_one_raw(kyodo::db::statement(world.db().get_database_backend(), sql, values)).await;
    row.unwrap().unwrap().try_get("", "id").unwrap()
}

/// The public days of a title, as the list shows them.
async fn days(world: &World, title: &str) -> Vec<String> {
    let sql = "SELECT o.first_day, o.begins, o.ends, e.status FROM occurrences o JOIN calendar_entries e
        ON e.id = o.entry_id WHERE e.title = ? AND o.public = TRUE AND o.day = o.first_day ORDER BY o.day, o.begins";
    let statement = kyodo::db::statement(world.db().get_database_backend(), sql, vec![title.into()]);
    let told = |row: sea_orm::QueryResult| {
        let day: chrono::NaiveDate = row.try_get("", "first_day").unwrap();
        let [begins, ends, status]: [String; 3] =
            ["begins", "ends", "status"].map(|name| row.try_get("", name).unwrap());
        let stopped = if status == "cancelled" { " 中止" } else { "" };
        format!("{} {begins}-{ends}{stopped}", day.format("%m-%d"))
    };
    world.db().query_all_raw(statement).await.unwrap().into_iter().map(told).collect()
}

/// Name and value of every field of a page's form, as a browser would send them.
fn fields(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in page.match_indices("<input ") {
        let tag = &page[at..at + page[at..].find('>').unwrap()];
        let is_box = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if let Some(name) = attribute(tag, "name").filter(|_| !is_box || tag.contains(" checked")) {
            found.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for (at, _) in page.match_indices("<textarea ") {
        let rest = &page[at..];
        let open = rest.find('>').unwrap();
        let text = &rest[open + 1..rest.find("</textarea>").unwrap()];
        found.push((attribute(&rest[..open], "name").unwrap(), unescaped(text.trim_start_matches('\n'))));
    }
    for (at, _) in page.match_indices("<select ") {
        let rest = &page[at..at + page[at..].find("</select>").unwrap()];
        let name = attribute(rest, "name").unwrap();
        let chosen = rest.split("<option ").find(|option| option.contains(" selected"));
        let first = rest.split("<option ").nth(1);
        found.push((
            name,
            chosen.or(first).and_then(|option| attribute(&format!(" {option}"), "value")).unwrap_or_default(),
        ));
    }
    found
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let text = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(unescaped(text.split('"').next()?))
}

fn unescaped(text: &str) -> String {
    text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

/// Opens the form of an entry, changes these fields and sends it.
async fn edited(member: &Browser<'_>, path: &str, changes: &[(&str, &str)]) -> Answer {
    let page = member.page(path).await;
    sent(member, path.split('?').next().unwrap(), &page, changes).await
}

async fn sent(member: &Browser<'_>, path: &str, page: &str, changes: &[(&str, &str)]) -> Answer {
    let main = page.split("<main").nth(1).unwrap();
    let mut all = fields(main);
    for (name, value) in changes {
        all.retain(|(field, _)| field != name);
        all.push(((*name).to_owned(), (*value).to_owned()));
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    member.post(path, &all).await
}

fn accepted(answer: Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", main(&answer.text()));
    answer.header("location").to_owned()
}

fn main(page: &str) -> String {
    page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or_default().to_owned()
}

/// The lines of a feed, unfolded.
async fn feed(world: &World) -> String {
    world.page("/calendar.ics").await.replace("\r\n ", "").replace("\r\n", "\n")
}

/// The events of a feed that say this.
fn events(feed: &str, title: &str) -> Vec<String> {
    let all = feed.split("BEGIN:VEVENT").skip(1);
    all.filter(|event| event.contains(title)).map(str::to_owned).collect()
}

fn line<'a>(event: &'a str, name: &str) -> &'a str {
    let found =
        event.lines().find(|line| line.starts_with(&format!("{name}:")) || line.starts_with(&format!("{name};")));
    found.and_then(|line| line.split_once(':')).map(|(_, value)| value).unwrap_or_default()
}

#[tokio::test]
async fn a_day_and_a_time_may_be_written_in_every_usual_way() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let group = group.to_string();
    type Told<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let told: [Told<'_>; 6] = [
        ("見本 時刻", &[], "12-05 10:00-12:00"),
        (
            "見本 和暦",
            &[("from", "令和8年12月5日"), ("begins", "午後1時半"), ("ends", "１５：００")],
            "12-05 13:30-15:00",
        ),
        ("見本 終わりなし", &[("ends", "")], "12-05 10:00-"),
        ("見本 夜どおし", &[("begins", "22:00"), ("to", "2026-12-06"), ("ends", "5:00")], "12-05 22:00-05:00"),
        ("見本 終日", &[("all_day", "1"), ("begins", ""), ("ends", "")], "12-05 -"),
        ("見本 三日間", &[("all_day", "1"), ("to", "R8.12.7")], "12-05 -"),
    ];
    for (title, more, expected) in told {
        let more: Vec<(&str, &str)> = [more, &[("title", title), ("do", "confirmed")]].concat();
        member.done("/events/new", &form(&group, &more)).await;
        assert_eq!(days(&world, title).await, [expected], "{title}");
    }
    let page = world.page(&calendar::path(id_of(&world, "見本 三日間").await)).await;
    assert!(page.contains("令和8年12月5日(土)から12月7日(月)まで"), "{}", main(&page));
}

#[tokio::test]
async fn a_repetition_is_expanded_as_meant_and_said_back_in_words() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let group = group.to_string();
    type Told<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a [&'a str]);
    let told: [Told<'_>; 7] = [
        (
            "見本 週",
            &[("repeat", "week"), ("repeat_count", "３回".trim_end_matches('回'))],
            "毎週土曜日、全3回",
            &["12-05", "12-12", "12-19"],
        ),
        (
            "見本 休み",
            &[("repeat", "week"), ("repeat_until", "2026-12-26"), ("except", "12月19日、2026/12/12")],
            "毎週土曜日、令和8年12月26日(土)まで",
            &["12-05", "12-26"],
        ),
        (
            "見本 隔週",
            &[("repeat", "fortnight"), ("repeat_count", "3")],
            "隔週土曜日（2週間に1回）、全3回",
            &["12-05", "12-19", "01-02"],
        ),
        (
            "見本 第1",
            &[("repeat", "nth-weekday"), ("repeat_count", "3")],
            "毎月第1土曜日、全3回",
            &["12-05", "01-02", "02-06"],
        ),
        (
            "見本 最後",
            &[("from", "2026-12-26"), ("repeat", "last-weekday"), ("repeat_count", "3")],
            "毎月最後の土曜日、全3回",
            &["12-26", "01-30", "02-27"],
        ),
        (
            "見本 日",
            &[("from", "2026-12-31"), ("repeat", "month-day"), ("repeat_count", "3")],
            "毎月31日、全3回",
            &["12-31", "01-31", "03-31"],
        ),
        (
            "見本 年",
            &[("all_day", "1"), ("repeat", "year"), ("repeat_count", "2")],
            "毎年12月5日、全2回",
            &["12-05", "12-05"],
        ),
    ];
    for (title, more, words, expected) in told {
        let more: Vec<(&str, &str)> = [more, &[("title", title), ("do", "confirmed")]].concat();
        member.done("/events/new", &form(&group, &more)).await;
        let found: Vec<String> = days(&world, title).await.iter().map(|day| day[..5].to_owned()).collect();
        assert_eq!(found, expected, "{title}");
        let page = world.page(&calendar::path(id_of(&world, title).await)).await;
        assert!(page.contains(words), "{title}: {}", main(&page));
    }
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_everything_typed_stays() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let group = group.to_string();
    let wrong: [(&[(&str, &str)], &str); 14] = [
        (&[("title", "　")], "名称を書いてください。"),
        (&[("category", "none")], "分類を選んでください。"),
        (&[("from", "12月の末")], "はじめの日は「2026-11-26」や"),
        (&[("from", "")], "はじめの日を書いてください。"),
        (&[("begins", "")], "始まる時刻を書いてください。"),
        (&[("ends", "25:00")], "24時からあとは翌日の日付にして"),
        (&[("ends", "9:00")], "終わりが始まりより前です。"),
        (&[("to", "2026-12-04"), ("all_day", "1")], "終わりが始まりより前です。"),
        (&[("repeat", "week")], "終わりの日か回数の、どちらかで書いてください。"),
        (&[("repeat", "week"), ("repeat_until", "2026-12-01")], "はじめの日より前です。"),
        (&[("repeat", "last-weekday"), ("repeat_count", "3")], "その月の最後の曜日ではありません。"),
        (
            &[("repeat", "week"), ("repeat_count", "3"), ("except", "12月13日")],
            "12月13日(日)は、くり返しの日ではありません。",
        ),
        (&[("url", "javascript:alert(1)")], "URLは http か https で始めてください。"),
        (&[("items", "9-99")], "計画の項目を一覧から選んでください。"),
    ];
    for (more, sentence) in wrong {
        let more: Vec<(&str, &str)> = [more, &[("description", "<b>消えない文</b>")]].concat();
        let answer = member.post("/events/new", &form(&group, &more)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{more:?}");
        let page = main(&answer.text());
        assert!(page.contains(sentence), "{sentence}: {page}");
        assert!(page.contains("&#60;b&#62;消えない文&#60;/b&#62;"), "{page}");
    }
    let long = "あ".repeat(300_000);
    let answer = member.post("/events/new", &form(&group, &[("title", long.as_str())])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let long = "あ".repeat(10_001);
    let answer = member.post("/events/new", &form(&group, &[("description", long.as_str())])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(events(&feed(&world).await, "VEVENT").len(), 0);
}

#[tokio::test]
async fn hostile_text_is_only_ever_text() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let group = group.to_string();
    let title = "<script>alert(1)</script>\r\nSUMMARY:偽\u{202e}";
    let more = [("title", title), ("contact", "a\"b; c,d\\\nATTENDEE:x"), ("do", "confirmed")];
    member.done("/events/new", &form(&group, &more)).await;
    let feed = feed(&world).await;
    let event = &events(&feed, "script")[0];
    assert_eq!(event.lines().filter(|line| line.starts_with("SUMMARY")).count(), 1);
    assert!(event.lines().all(|line| !line.starts_with("ATTENDEE")), "{event}");
    let page = member.page(&format!("/me/groups/{group}/events")).await;
    assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert(1)"));
}

#[tokio::test]
async fn first_entries_wait_and_leak_nowhere_until_staff_approve_them() {
    let world = World::new().await;
    let (group, member) = plain(&world, "見本 海の会", MAIL).await;
    let (other, stranger) = plain(&world, "見本 山の会", "b@example.jp").await;
    let more = [
        ("title", "見本 ひみつの集い"),
        ("items", "3-05"),
        ("facility", "izuhara-community-hall"),
        ("do", "confirmed"),
    ];
    let to = member.done("/events/new", &form(&group.to_string(), &more)).await;
    assert_eq!(to, format!("/me/groups/{group}/events?done=waiting"));
    let id = id_of(&world, "見本 ひみつの集い").await;
    let own = member.page(&to).await;
    assert!(own.contains("予定をお預かりしました。") && own.contains("事務局の確認を待っている予定"), "{}", main(&own));

    for path in [
        "/".to_owned(),
        "/calendar.ics".to_owned(),
        format!("/feeds/group/{group}.ics"),
        "/feeds/item/3-05.ics".to_owned(),
        "/opendata/events.csv".to_owned(),
        "/events?month=2026-12".to_owned(),
        "/events?view=list".to_owned(),
        "/plans/2009/items/3-05".to_owned(),
        format!("/groups/{group}"),
    ] {
        let page = world.page(&path).await;
        assert!(!page.contains("ひみつ"), "{path}");
    }
    // What one searched for stands on the page, what is found does not.
    assert!(!world.page("/events?view=list&q=%E3%81%B2%E3%81%BF%E3%81%A4").await.contains("ひみつの集い"));
    assert_eq!(world.get(&calendar::path(id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&format!("/feeds/event/{id}.ics")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&format!("/report?page=/events/{id}")).await.status, StatusCode::NOT_FOUND);
    // A member of another group neither reads nor writes it, nor hears of it through a clash.
    for path in [format!("/events/{id}/edit"), format!("/events/{id}/cancel"), format!("/me/groups/{group}/events")] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [format!("/events/{id}/edit"), format!("/events/{id}/cancel"), format!("/events/{id}/restore")] {
        assert_eq!(stranger.post(&path, &[("title", "x")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = stranger.page(&format!("/events/new?copy={id}")).await;
    assert!(!page.contains("ひみつ"));
    let clash = form("x", &[]);
    let other = other.to_string();
    let clash: Vec<(&str, &str)> = clash.into_iter().filter(|(name, _)| *name != "group").collect();
    let clash =
        [clash.as_slice(), &[("group", other.as_str()), ("facility", "izuhara-community-hall"), ("do", "preview")]]
            .concat();
    let answer = stranger.post("/events/new", &clash).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text().contains("ひみつ"), "{}", main(&answer.text()));
    assert_eq!(stranger.get("/staff/events").await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&format!("/staff/events/{id}")).await.status, StatusCode::NOT_FOUND);

    let (total, waiting) = calendar::waiting(world.db(), 10).await.unwrap();
    assert_eq!((total, waiting[0].kind, waiting[0].path.as_str()), (1, "予定", format!("/staff/events/{id}").as_str()));
    let staff = world.staff().await;
    let page = staff.page(&waiting[0].path).await;
    let answer = sent_to(&staff, &format!("/staff/events/{id}/approval"), &page, &[("trust", "1")]).await;
    assert_eq!(answer, format!("/staff/events/{id}?done=approved"));
    assert!(world.page(&calendar::path(id)).await.contains("見本 ひみつの集い"));
    assert!(world.page("/calendar.ics").await.contains("ひみつ"));
    assert!(groups::is_trusted(world.db(), group).await.unwrap());
    let letters = world.letters().await;
    assert_eq!((letters[0].kind.as_str(), letters[0].to_mail.as_str()), ("calendar.entry_approved", MAIL));
    assert!(letters[0].body.contains(&format!("https://kyodo.example.jp/events/{id}")), "{}", letters[0].body);
    // From now on entries of this group appear at once.
    member.done("/events/new", &form(&group.to_string(), &[("title", "見本 二つめ"), ("do", "confirmed")])).await;
    assert_eq!(days(&world, "見本 二つめ").await.len(), 1);
    // Deciding twice is refused.
    let again = staff.post(&format!("/staff/events/{id}/approval"), &[("version", "x")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(world.letters().await.len(), 1);
}

async fn sent_to(browser: &Browser<'_>, path: &str, page: &str, more: &[(&str, &str)]) -> String {
    let version = fields(page).into_iter().find(|(name, _)| name == "version").unwrap().1;
    let fields: Vec<(&str, &str)> = [&[("version", version.as_str())], more].concat();
    browser.done(path, &fields).await
}

#[tokio::test]
async fn a_refused_entry_tells_why_and_comes_back_when_it_is_changed() {
    let world = World::new().await;
    let (group, member) = plain(&world, "見本 海の会", MAIL).await;
    member.done("/events/new", &form(&group.to_string(), &[("do", "confirmed")])).await;
    let id = id_of(&world, "見本 浜の清掃").await;
    let staff = world.staff().await;
    let empty = staff.post(&format!("/staff/events/{id}/refusal"), &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff.done(&format!("/staff/events/{id}/refusal"), &[("reason", "場所が私有地のためです。")]).await;
    let letter = &world.letters().await[0];
    assert_eq!((letter.kind.as_str(), letter.to_name.as_str()), ("calendar.entry_refused", ""));
    assert!(letter.body.contains("場所が私有地のためです。"), "{}", letter.body);
    assert!(member.page(&format!("/me/groups/{group}/events")).await.contains("場所が私有地のためです。"));
    assert_eq!(calendar::waiting(world.db(), 10).await.unwrap().0, 0);
    accepted(edited(&member, &format!("/events/{id}/edit"), &[("place", "町の広場")]).await);
    assert_eq!(calendar::waiting(world.db(), 10).await.unwrap().0, 1);
    // What staff approve is what they saw: a change in between is shown first.
    let seen = staff.page(&format!("/staff/events/{id}")).await;
    accepted(edited(&member, &format!("/events/{id}/edit"), &[("place", "私有地")]).await);
    let version = fields(&seen).into_iter().find(|(name, _)| name == "version").unwrap().1;
    let answer = staff.post(&format!("/staff/events/{id}/approval"), &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("私有地"));
    assert_eq!(days(&world, "見本 浜の清掃").await, [""; 0]);
    // A series that is parted before anybody saw it waits with both its parts.
    let more = [("title", "見本 体操"), ("repeat", "week"), ("repeat_count", "4"), ("do", "confirmed")];
    member.done("/events/new", &form(&group.to_string(), &more)).await;
    let parted = format!("/events/{}/edit?scope=later&at={THIRD}", id_of(&world, "見本 体操").await);
    accepted(edited(&member, &parted, &[("begins", "9:00"), ("do", "confirmed")]).await);
    assert_eq!(calendar::waiting(world.db(), 10).await.unwrap().0, 3);
    assert_eq!(days(&world, "見本 体操").await, [""; 0]);
    // A group may take it back.
    member.done(&format!("/events/{id}/cancel"), &[]).await;
    assert_eq!(calendar::waiting(world.db(), 10).await.unwrap().0, 2);
}

#[tokio::test]
async fn a_cancelled_entry_reaches_phones_as_cancelled_with_the_same_uid_and_can_come_back() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    member.done("/events/new", &form(&group.to_string(), &[("do", "confirmed")])).await;
    let id = id_of(&world, "見本 浜の清掃").await;
    let before = events(&feed(&world).await, "浜の清掃").pop().unwrap();
    assert_eq!((line(&before, "STATUS"), line(&before, "SEQUENCE")), ("CONFIRMED", "0"));
    let empty = member.post(&format!("/events/{id}/cancel"), &[("reason", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    member.done(&format!("/events/{id}/cancel"), &[("reason", "波が高いため。")]).await;
    let after = events(&feed(&world).await, "浜の清掃").pop().unwrap();
    assert_eq!((line(&after, "STATUS"), line(&after, "SEQUENCE")), ("CANCELLED", "1"));
    assert_eq!(line(&after, "SUMMARY"), "【中止】見本 浜の清掃");
    assert_eq!(line(&after, "UID"), line(&before, "UID"));
    assert!(line(&after, "DESCRIPTION").starts_with("波が高いため。"), "{after}");
    // Nothing else is different.
    let rest = |event: &str| -> Vec<String> {
        let changing = ["STATUS", "SEQUENCE", "SUMMARY", "DESCRIPTION", "DTSTAMP", "LAST-MODIFIED"];
        event.lines().filter(|line| !changing.iter().any(|name| line.starts_with(name))).map(str::to_owned).collect()
    };
    assert_eq!(rest(&after), rest(&before));
    let page = world.page(&calendar::path(id)).await;
    assert!(page.contains("【中止】") && page.contains("波が高いため。"));
    assert!(main(&world.page("/events?month=2026-12").await).contains("中止"));
    // It leaves the feeds two weeks after it was cancelled.
    let statement = |sql: &str| Statement::from_string(world.db().get_database_backend(), sql.to_owned());
    let early = now() - chrono::Duration::days(15);
    let sql = "UPDATE calendar_entries SET cancelled_at = ?";
    world
        .db()
        .execute_raw(kyodo::db::statement(world.db().get_database_backend(), sql, vec![early.into()]))
        .await
        .unwrap();
    world
        .db()
        .execute_raw(statement("UPDATE revisions SET number = number + 1 WHERE scope = 'calendar'"))
        .await
        .unwrap();
    assert_eq!(events(&feed(&world).await, "浜の清掃").len(), 0);
    member.done(&format!("/events/{id}/restore"), &[]).await;
    let back = events(&feed(&world).await, "浜の清掃").pop().unwrap();
    assert_eq!((line(&back, "STATUS"), line(&back, "SEQUENCE")), ("CONFIRMED", "2"));
    assert_eq!((line(&back, "SUMMARY"), line(&back, "UID")), ("見本 浜の清掃", line(&before, "UID")));
}

/// A weekly series of four Saturdays of a trusted group.
async fn series<'a>(world: &'a World) -> (Uuid, Browser<'a>, Uuid) {
    let (group, member) = trusted(world, "見本 海の会").await;
    let more = [("title", "見本 体操"), ("repeat", "week"), ("repeat_count", "4"), ("do", "confirmed")];
    member.done("/events/new", &form(&group.to_string(), &more)).await;
    (group, member, id_of(world, "見本 体操").await)
}

const SECOND: &str = "2026-12-12T01:00:00Z";
const THIRD: &str = "2026-12-19T01:00:00Z";

#[tokio::test]
async fn the_whole_series_is_changed_under_one_uid() {
    let world = World::new().await;
    let (_, member, id) = series(&world).await;
    let before = events(&feed(&world).await, "体操").pop().unwrap();
    let which = member.page(&format!("/events/{id}/edit")).await;
    assert!(which.contains("のどの回を直しますか") && which.contains("毎週土曜日、全4回"), "{}", main(&which));
    accepted(
        edited(&member, &format!("/events/{id}/edit?scope=all"), &[("begins", "11:00"), ("place", "集会所")]).await,
    );
    let all = events(&feed(&world).await, "体操");
    assert_eq!(all.len(), 1);
    assert_eq!((line(&all[0], "UID"), line(&all[0], "SEQUENCE")), (line(&before, "UID"), "1"));
    assert_eq!(
        days(&world, "見本 体操").await,
        ["12-05 11:00-12:00", "12-12 11:00-12:00", "12-19 11:00-12:00", "12-26 11:00-12:00"]
    );
}

#[tokio::test]
async fn one_occurrence_is_changed_or_cancelled_alone() {
    let world = World::new().await;
    let (_, member, id) = series(&world).await;
    let path = format!("/events/{id}/edit?scope=one&at={SECOND}");
    accepted(edited(&member, &path, &[("begins", "13:00"), ("ends", "14:00")]).await);
    member.done(&format!("/events/{id}/cancel"), &[("reason", "会場の都合"), ("scope", "one"), ("at", THIRD)]).await;
    let expected = ["12-05 10:00-12:00", "12-12 13:00-14:00", "12-19 10:00-12:00 中止", "12-26 10:00-12:00"];
    assert_eq!(days(&world, "見本 体操").await, expected);
    let all = events(&feed(&world).await, "体操");
    assert_eq!(all.len(), 3);
    let uids: std::collections::HashSet<&str> = all.iter().map(|event| line(event, "UID")).collect();
    assert_eq!(uids.len(), 1);
    let stopped = all.iter().find(|event| line(event, "STATUS") == "CANCELLED").unwrap();
    assert_eq!(line(stopped, "SEQUENCE"), "1");
    assert!(line(stopped, "RECURRENCE-ID").contains("20261219"), "{stopped}");
    assert!(line(stopped, "SUMMARY").starts_with("【中止】"));
    // A change of the text of the whole series leaves them as they are.
    accepted(
        edited(&member, &format!("/events/{id}/edit?scope=all"), &[("description", "水分をお持ちください。")]).await,
    );
    assert_eq!(days(&world, "見本 体操").await, expected);
    // An occurrence that the series does not have is no page.
    let none = member.get(&format!("/events/{id}/edit?scope=one&at=2026-12-13T01:00:00Z")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_series_that_changes_from_one_day_on_ends_and_a_new_one_begins() {
    let world = World::new().await;
    let (_, member, id) = series(&world).await;
    let old_uid = line(&events(&feed(&world).await, "体操")[0], "UID").to_owned();
    let path = format!("/events/{id}/edit?scope=later&at={THIRD}");
    let page = member.page(&path).await;
    assert!(page.contains("name=\"repeat_count\" type=\"text\" value=\"2\""), "{}", main(&page));
    accepted(edited(&member, &path, &[("from", "2026-12-20"), ("begins", "9:00"), ("ends", "10:00")]).await);
    assert_eq!(
        days(&world, "見本 体操").await,
        ["12-05 10:00-12:00", "12-12 10:00-12:00", "12-20 09:00-10:00", "12-27 09:00-10:00"]
    );
    let all = events(&feed(&world).await, "体操");
    assert_eq!(all.len(), 2);
    let old = all.iter().find(|event| line(event, "UID") == old_uid).unwrap();
    assert_eq!(line(old, "RRULE"), "FREQ=WEEKLY;BYDAY=SA;UNTIL=20261218T145959Z");
    let page = world.page(&calendar::path(id)).await;
    assert!(page.contains("毎週土曜日、令和8年12月18日(金)まで"), "{}", main(&page));
}

#[tokio::test]
async fn whoever_was_told_of_a_series_is_told_how_it_goes_on_when_it_changes_from_one_day_on() {
    let world = World::new().await;
    let (_, member, id) = series(&world).await;
    star(&world, "mihon@example.jp", id).await;
    order(&world, "hoka@example.jp", "all", Cadence::DAILY).await;
    assert_eq!(send(&world, "2026-12-18T06:00").await.letters, 1);
    let path = format!("/events/{id}/edit?scope=later&at={THIRD}");
    accepted(edited(&member, &path, &[("from", "2026-12-20"), ("begins", "9:00"), ("ends", "10:00")]).await);
    let tell = async |local: &str| kyodo::digest::tell_starred(&at(&world, local).await).await.unwrap();
    assert_eq!(tell("2026-12-18T09:00").await, 1);
    let letter = posted(&world, "digest.notice").await.remove(0);
    for times in [
        "　変更前: 12月19日(土) 10:00〜12:00\n　変更後: 12月20日(日) 9:00〜10:00\n",
        "　変更前: 12月26日(土) 10:00〜12:00\n　変更後: 12月27日(日) 9:00〜10:00\n",
    ] {
        assert!(letter.body.contains(times), "{}", letter.body);
    }
    assert_eq!((letter.body.matches("【変更】").count(), letter.body.matches("【取り下げ】").count()), (2, 0));
    assert_eq!(tell("2026-12-18T09:01").await, 0, "once is enough");
    assert_eq!(send(&world, "2026-12-19T06:00").await.letters, 1);
    let edition = told(posted(&world, "digest.edition").await.last().unwrap());
    assert!(edition.contains("　変更前: 12月19日(土) 10:00〜12:00\n　変更後: 12月20日(日) 9:00〜10:00\n"), "{edition}");
    assert!(!edition.contains("【取り下げ】"), "{edition}");
    assert_eq!(send(&world, "2026-12-20T06:00").await.letters, 0);
    // What becomes of the second series is told as well, also when only its end is called off.
    let next = id_of(&world, "見本 体操").await;
    let later = [("reason", "会場の都合"), ("scope", "later"), ("at", "2026-12-27T00:00:00Z")];
    member.done(&format!("/events/{next}/cancel"), &later).await;
    assert_eq!(tell("2026-12-20T09:00").await, 1);
    let letter = posted(&world, "digest.notice").await.remove(1);
    assert!(letter.body.contains("【中止】見本 体操\n　日時: 12月27日(日) 9:00〜10:00"), "{}", letter.body);
    assert_eq!((letter.body.matches("【中止】").count(), letter.body.matches("【取り下げ】").count()), (1, 0));
    assert_eq!(tell("2026-12-20T09:01").await, 0);
}

#[tokio::test]
async fn what_has_taken_place_is_not_rewritten() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let more = [
        ("title", "見本 体操"),
        ("from", "2026-11-07"),
        ("repeat", "week"),
        ("repeat_count", "8"),
        ("do", "confirmed"),
    ];
    member.done("/events/new", &form(&group.to_string(), &more)).await;
    let id = id_of(&world, "見本 体操").await;
    let answer = edited(&member, &format!("/events/{id}/edit?scope=all"), &[("begins", "11:00")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("「この回からあと」を選んで直してください。"));
    // Carrying it further is no rewriting.
    let changes = [("repeat_count", ""), ("repeat_until", "2027-01-31")];
    accepted(edited(&member, &format!("/events/{id}/edit?scope=all"), &changes).await);
    assert_eq!(days(&world, "見本 体操").await.len(), 13);
    let all = member.post(&format!("/events/{id}/cancel"), &[("reason", "終わり"), ("scope", "all")]).await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    let later = [("reason", "終わり"), ("scope", "later"), ("at", "2027-01-23T01:00:00Z")];
    member.done(&format!("/events/{id}/cancel"), &later).await;
    let found = days(&world, "見本 体操").await;
    assert_eq!(found.iter().filter(|day| day.ends_with("中止")).count(), 2);
    assert_eq!(found.len(), 13);
    assert_eq!(found[0], "11-07 10:00-12:00");
}

#[tokio::test]
async fn of_two_people_at_once_the_second_sees_both_texts_and_nothing_is_lost() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    world.join(group, "c@example.jp", Duty::Member).await;
    let colleague = world.member("c@example.jp").await;
    member.done("/events/new", &form(&group.to_string(), &[("do", "confirmed")])).await;
    let id = id_of(&world, "見本 浜の清掃").await;
    let path = format!("/events/{id}/edit");
    let (mine, theirs) = (member.page(&path).await, colleague.page(&path).await);
    accepted(
        sent(&colleague, &path, &theirs, &[("kana", "はまのせいそう"), ("description", "軍手を配ります。")]).await,
    );
    let answer = sent(&member, &path, &mine, &[("description", "長ぐつでどうぞ。")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("軍手を配ります。") && page.contains("長ぐつでどうぞ。"), "{}", main(&page));
    assert!(world.page(&calendar::path(id)).await.contains("軍手を配ります。"));
    // Sent again from that page, it is kept.
    accepted(sent(&member, &path, &page, &[]).await);
    assert!(world.page(&calendar::path(id)).await.contains("長ぐつでどうぞ。"));
}

#[tokio::test]
async fn a_clash_is_told_by_building_and_can_be_passed() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let (_, other) = plain(&world, "見本 山の会", "b@example.jp").await;
    let hall = [("title", "見本 囲碁"), ("facility", "izuhara-community-hall"), ("do", "confirmed")];
    member.done("/events/new", &form(&group.to_string(), &hall)).await;
    let sites: Vec<(String, String)> = kyodo::city::facility::all(world.db())
        .await
        .unwrap()
        .into_iter()
        .filter(|one| one.site == "S01")
        .map(|one| (one.key, one.name))
        .collect();
    let twin =
        sites.iter().find(|(key, _)| key != "izuhara-community-hall").expect("the same building by another name");
    assert_eq!(twin.1, "対馬市下対馬開発総合センター");
    let id = groups::find_by_name(world.db(), "見本 山の会").await.unwrap().unwrap().to_string();
    let more = [
        ("title", "見本 将棋"),
        ("facility", twin.0.as_str()),
        ("repeat", "week"),
        ("repeat_count", "3"),
        ("begins", "11:00"),
        ("from", "2026-11-28"),
    ];
    let answer = other.post("/events/new", &form(&id, &more)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = main(&answer.text());
    assert!(
        page.contains("ほかの予定と重なっています")
            && page.contains("同じ会場の同じ時間")
            && page.contains("見本 囲碁"),
        "{page}"
    );
    // Back to the form, everything typed is there; or on anyway.
    let back = sent(&other, "/events/new", &answer.text(), &[("do", "rewrite")]).await;
    assert!(back.text().contains("value=\"見本 将棋\""));
    accepted(sent(&other, "/events/new", &answer.text(), &[("do", "confirmed")]).await);
    assert_eq!(calendar::waiting(world.db(), 10).await.unwrap().0, 1);
    // The same group cannot be at two places, and a holiday is mentioned.
    let more = [("title", "見本 合唱"), ("from", "2027-01-01"), ("do", "preview")];
    let page = member.post("/events/new", &form(&group.to_string(), &more)).await.text();
    assert!(page.contains("元日（祝日）です。") && page.contains("見つかりませんでした"), "{}", main(&page));
    let page = member.post("/events/new", &form(&group.to_string(), &[("title", "見本 合唱")])).await.text();
    assert!(page.contains("同じ団体の同じ時間"), "{}", main(&page));
}

#[tokio::test]
async fn staff_add_for_the_city_and_for_any_group_and_imported_entries_are_read_only() {
    let world = World::new().await;
    let (group, member) = plain(&world, "見本 海の会", MAIL).await;
    let staff = world.staff().await;
    let to = staff.done("/events/new", &form("city", &[("title", "見本 市の行事"), ("do", "confirmed")])).await;
    let id = id_of(&world, "見本 市の行事").await;
    assert_eq!(to, format!("/staff/events/{id}?done=added"));
    assert!(world.page(&calendar::path(id)).await.contains("見本 市の行事"));
    staff.done("/events/new", &form(&group.to_string(), &[("title", "見本 代わりに"), ("do", "confirmed")])).await;
    assert_eq!(days(&world, "見本 代わりに").await.len(), 1);
    let answer = member.post("/events/new", &form("city", &[])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(member.get(&format!("/events/{id}/edit")).await.status, StatusCode::NOT_FOUND);

    let city = world.app.city();
    let desk = Desk { city: &city, host: "kyodo.example.jp", now: now(), today: today() };
    let span = Span::Days { first: today(), last: today() };
    let mut draft = Draft::new("import:見本の暦", "1", "見本 取り込み", span, city.profile.zone);
    draft.group_id = Some(group);
    let imported = calendar::store(world.db(), &desk, &draft).await.unwrap().id;
    let page = staff.page(&format!("/staff/events/{imported}")).await;
    assert!(page.contains("見本の暦") && !main(&page).contains("/edit"), "{}", main(&page));
    for browser in [&staff, &member] {
        assert_eq!(browser.get(&format!("/events/{imported}/edit")).await.status, StatusCode::NOT_FOUND);
    }
    assert!(!world.page(&calendar::path(imported)).await.contains("主催団体の方"));
    assert!(world.page(&calendar::path(id)).await.contains(&format!("/events/{id}/edit")));
    let list = staff.page("/staff/events?source=import").await;
    assert!(list.contains("見本 取り込み") && !main(&list).contains("見本 市の行事"), "{}", main(&list));
    // Who is not signed in is asked to, and comes back.
    let answer = world.visitor().get(&format!("/events/{id}/edit")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/sign-in?next="));
}

#[tokio::test]
async fn a_copy_brings_everything_but_the_day() {
    let world = World::new().await;
    let (group, member) = trusted(&world, "見本 海の会").await;
    let more = [
        ("fee", "200円"),
        ("contact", "電話 0920-00-0000"),
        ("items", "3-05"),
        ("facility", "izuhara-community-hall"),
        ("place", "2階"),
        ("do", "confirmed"),
    ];
    member.done("/events/new", &form(&group.to_string(), &more)).await;
    let id = id_of(&world, "見本 浜の清掃").await;
    let page = member.page(&format!("/events/new?copy={id}")).await;
    let found = fields(page.split("<main").nth(1).unwrap());
    let value = |name: &str| found.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    assert_eq!(
        (value("title"), value("fee"), value("place"), value("items")),
        ("見本 浜の清掃", "200円", "2階", "3-05")
    );
    assert_eq!((value("from"), value("begins"), value("group")), ("", "10:00", group.to_string().as_str()));
    accepted(sent(&member, "/events/new", &page, &[("from", "2026-12-12")]).await);
    assert_eq!(days(&world, "見本 浜の清掃").await, ["12-05 10:00-12:00", "12-12 10:00-12:00"]);
    let list = member.page(&format!("/me/groups/{group}/events")).await;
    assert_eq!(list.matches("写して新しく載せる").count(), 2);
}

#[tokio::test]
async fn every_change_stands_in_the_trail_in_words() {
    let world = World::new().await;
    let (_, member, id) = series(&world).await;
    accepted(edited(&member, &format!("/events/{id}/edit?scope=all"), &[("place", "集会所")]).await);
    member.done(&format!("/events/{id}/cancel"), &[("reason", "会場の都合"), ("scope", "all")]).await;
    member.done(&format!("/events/{id}/restore"), &[]).await;
    let sql = "SELECT action, reason, before, after FROM audit WHERE noun = 'entry' ORDER BY at, id";
    let rows = world.db().query_all_raw(Statement::from_string(world.db().get_database_backend(), sql)).await.unwrap();
    let actions: Vec<String> = rows.iter().map(|row| row.try_get("", "action").unwrap()).collect();
    assert_eq!(actions, ["予定の追加", "予定の変更", "予定の中止", "中止の取り消し"]);
    let before: serde_json::Value = rows[1].try_get("", "before").unwrap();
    let after: serde_json::Value = rows[1].try_get("", "after").unwrap();
    assert_eq!((before, after), (serde_json::json!({"場所": "竹敷の浜"}), serde_json::json!({"場所": "集会所"})));
    assert_eq!(rows[2].try_get::<String>("", "reason").unwrap(), "会場の都合");
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_entry_and_never_touches_that_of_another_group() {
    let world = World::new().await;
    let (sea, member) = trusted(&world, "見本 海の会").await;
    let page = member.page("/events/new").await;
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sea = sea.to_string();
    let first = member.done("/events/new", &form(&sea, &[("key", &key)])).await;
    assert_eq!(member.done("/events/new", &form(&sea, &[("key", &key)])).await, first);
    let (hill, other) = plain(&world, "見本 丘の会", "oka@example.jp").await;
    groups::trust(world.db(), hill, true).await.unwrap();
    let hill = hill.to_string();
    other.done("/events/new", &form(&hill, &[("key", &key), ("title", "見本 丘の集い")])).await;
    let list = world.page("/events?month=2026-12&view=list").await;
    assert_eq!((list.matches("見本 浜の清掃").count(), list.matches("見本 丘の集い").count()), (1, 1));
}
