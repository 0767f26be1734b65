//! What a source may not bring about: seen by nobody who should not see it, called off by nobody, bounded whatever stands in it.

use axum::http::StatusCode;
use kyodo::aggregation::Done;

use crate::hosting::{Host, calendar};
use crate::sources::{FESTIVAL, Scene, event, has, lacks};
use crate::world::World;

/// Address of the entry's page for staff, as their list links to it.
async fn staff_path(scene: &Scene<'_>, title: &str) -> String {
    let list = scene.staff.page("/staff/events").await;
    let part = list.split("href=\"/staff/events/").find(|part| part.contains(title)).expect("an entry of that title");
    format!("/staff/events/{}", part.split('"').next().unwrap())
}

#[tokio::test]
async fn what_its_source_makes_private_or_takes_back_waits_for_staff_no_longer() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    for (change, back) in [(format!("CLASS:PRIVATE\n{FESTIVAL}"), "private"), (event(9), "gone")] {
        let name = format!("/{back}.ics");
        scene.host.put(&name, "text/calendar", calendar("見本", &[FESTIVAL, &event(9)]));
        let page = scene.added(&name, &format!("見本の{back}"), &[("shows", "review"), ("vanished", "withdraw")]).await;
        let path = staff_path(&scene, "見本まつり").await;
        let version = scene.staff.page(&path).await;
        let version = version.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        scene.host.put(&name, "text/calendar", calendar("見本", &[&change, &event(9)]));
        assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 1), "{back}");
        scene.staff.post(&format!("{path}/approval"), &[("version", &version)]).await;
        lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
        lacks(&scene.feed().await, &["見本まつり"]);
        // Once the source shows it again, it waits again.
        scene.host.put(&name, "text/calendar", calendar("見本", &[FESTIVAL, &event(9)]));
        scene.read(&page).await;
        has(&scene.staff.page(&path).await, &["公開する"]);
        lacks(&world.page("/events?month=2026-12").await, &["見本まつり"]);
        scene.staff.done(&format!("{page}/end"), &[("entries", "leave")]).await;
    }
}

#[tokio::test]
async fn a_series_that_has_begun_and_becomes_private_is_seen_nowhere_any_more() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let weekly = "UID:w@example.com\nSUMMARY:ヒミツの体操\nDTSTART;TZID=Asia/Tokyo:20261102T100000\nRRULE:FREQ=WEEKLY";
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[weekly, FESTIVAL]));
    let page = scene.added("/a.ics", "見本", &[]).await;
    has(&world.page("/events?month=2026-11").await, &["ヒミツの体操"]);
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[&format!("CLASS:PRIVATE\n{weekly}"), FESTIVAL]));
    scene.read(&page).await;
    for path in ["/events?month=2026-11", "/events?month=2026-12", "/calendar.ics", "/opendata/events.csv"] {
        lacks(&world.page(path).await, &["ヒミツの体操"]);
    }
    // Nor does the desk count it any more.
    has(&scene.staff.page(&page).await, &["</meter> 1回</td>"]);
}

#[tokio::test]
async fn one_occurrence_that_becomes_private_does_not_show_as_it_was() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let weekly =
        "UID:w@example.com\nSUMMARY:見本の体操\nDTSTART;TZID=Asia/Tokyo:20261202T100000\nRRULE:FREQ=WEEKLY;COUNT=3";
    let moved = "UID:w@example.com\nCLASS:PRIVATE\nSUMMARY:ヒミツ\nRECURRENCE-ID;TZID=Asia/Tokyo:20261209T100000\nDTSTART;TZID=Asia/Tokyo:20261210T100000";
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[weekly, moved]));
    scene.added("/a.ics", "見本", &[]).await;
    let list = world.page("/events?view=list&from=2026-12-01&to=2026-12-31").await;
    assert_eq!(list.matches("見本の体操").count(), 2, "{list}");
    lacks(&list, &["ヒミツ"]);
}

#[tokio::test]
async fn another_server_is_approved_anew_even_while_the_source_rests() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    scene.member.done(&format!("{page}/request"), &[]).await;
    scene.staff.done(&format!("{page}/approval"), &[]).await;
    scene.member.done(&format!("{page}/pause"), &[]).await;
    let other = Host::open().await;
    other.put("/other.ics", "text/calendar", calendar("よその", &[&event(3)]));
    let settings = scene.member.page(&format!("{page}/settings")).await;
    let version = settings.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("name", "見本"), ("url", &other.url("/other.ics")), ("vanished", "cancel"), ("version", &version)];
    scene.member.done(&format!("{page}/settings"), &fields).await;
    for act in ["resumption", "reading"] {
        scene.member.done(&format!("{page}/{act}"), &[]).await;
    }
    scene.member.done(&format!("{page}/held"), &[("do", "take")]).await;
    lacks(&world.page("/events?month=2026-12").await, &["見本の集い3"]);
    has(&scene.staff.page(&page).await, &["承認して取り込む", "見本の集い3"]);
}

#[tokio::test]
async fn what_only_changes_its_name_is_not_called_off() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let part = |name: &str, day: &str| {
        format!(
            r#"{{"@context":"https://schema.org","@type":"Event","name":"{name}","startDate":"{day}T18:00:00+09:00","url":"https://example.com/x","location":"見本海岸"}}"#
        )
    };
    let html = |parts: &[String]| {
        let list = parts.join(",");
        format!("<!doctype html><html><head><script type=\"application/ld+json\">[{list}]</script></head></html>")
    };
    let (one, two) = (part("見本の夕べ", "2026-12-20"), part("見本の朝", "2026-12-21"));
    scene.host.put("/p", "text/html; charset=utf-8", html(&[one, two.clone()]).as_str());
    let page = scene.added("/p", "見本のページ", &[]).await;
    let uid = scene.property("見本の朝", "UID").await.unwrap();
    scene.host.put("/p", "text/html; charset=utf-8", html(&[two]).as_str());
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if (taken.added, taken.gone) == (0, 1)));
    assert_eq!(scene.property("見本の朝", "UID").await.unwrap(), uid);
    assert_eq!(scene.property("【中止】見本の夕べ", "STATUS").await.unwrap(), "CANCELLED");
    // An event without a UID whose title is corrected.
    let nameless = "SUMMARY:見本の餅突き\nLOCATION:見本広場\nDTSTART;TZID=Asia/Tokyo:20261227T090000";
    scene.host.put("/n.ics", "text/calendar", calendar("見本", &[nameless]));
    let page = scene.added("/n.ics", "見本", &[]).await;
    let uid = scene.property("見本の餅突き", "UID").await.unwrap();
    scene.host.put("/n.ics", "text/calendar", calendar("見本", &[&nameless.replace("餅突き", "もちつき大会")]));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if (taken.added, taken.gone) == (0, 0)));
    assert_eq!(scene.property("見本のもちつき大会", "UID").await.unwrap(), uid);
    assert_eq!(scene.property("見本のもちつき大会", "SEQUENCE").await.unwrap(), "1");
}

#[tokio::test]
async fn a_new_line_that_nobody_can_read_holds_what_seems_to_be_gone() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let all: Vec<String> = (1..=6).map(event).collect();
    let events: Vec<&str> = all.iter().map(String::as_str).collect();
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &events));
    let page = scene.added("/a.ics", "見本", &[]).await;
    let broken = "SUMMARY:題だけ\nDTSTART:いつか";
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[&events[..5], &[broken]].concat()));
    assert_eq!(
        scene.read(&page).await,
        Done::Held("読めない行が1件あり、これからの予定が1件見当たりません。".to_owned())
    );
    assert_eq!(scene.property("見本の集い6", "STATUS").await.unwrap(), "CONFIRMED");
    scene.staff.done(&format!("{page}/held"), &[("do", "take")]).await;
    assert_eq!(scene.property("【中止】見本の集い6", "STATUS").await.unwrap(), "CANCELLED");
    // The same line for ever does not keep the next one from leaving.
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[&events[..4], &[broken]].concat()));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 1));
}

#[tokio::test]
async fn staff_decide_about_what_they_saw() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    scene.member.done(&format!("{page}/request"), &[]).await;
    let seen = |page: &str| page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let old = seen(&scene.staff.page(&page).await);
    let settings = scene.member.page(&format!("{page}/settings")).await;
    let version = settings.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    scene.host.put("/other.ics", "text/calendar", calendar("見本", &[&event(3)]));
    let fields =
        [("name", "見本"), ("url", &scene.host.url("/other.ics")), ("vanished", "cancel"), ("version", &version)];
    scene.member.done(&format!("{page}/settings"), &fields).await;
    let answer = scene.staff.post(&format!("{page}/approval"), &[("seen", &old), ("note", "楽しみです。")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&answer.text(), &["内容が変わりました", "楽しみです。", "見本の集い3"]);
    lacks(&world.page("/events?month=2026-12").await, &["見本の集い3", "見本まつり"]);
    let new = seen(&answer.text());
    let done = scene.staff.done(&format!("{page}/approval"), &[("seen", &new)]).await;
    assert_eq!(done, format!("{page}?done=approved"));
    has(&scene.staff.page("/staff/events").await, &["見本の集い3"]);
}

#[tokio::test]
async fn a_rule_that_cannot_be_kept_is_bounded_and_what_happens_many_times_a_day_is_refused() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let minutely = "UID:m@example.com\nSUMMARY:毎分\nDTSTART;TZID=Asia/Tokyo:20261202T100000\nRRULE:FREQ=MINUTELY\nEXRULE:FREQ=YEARLY";
    let daily = |number: usize| {
        format!(
            "UID:d{number}@example.com\nSUMMARY:毎日{number}\nDTSTART;TZID=Asia/Tokyo:20261202T100000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=YEARLY"
        )
    };
    let many: Vec<String> = (0..200).map(daily).collect();
    let mut events: Vec<&str> = vec![minutely, FESTIVAL];
    events.extend(many.iter().map(String::as_str));
    scene.host.put("/taiko.ics", "text/calendar", calendar("見本", &events));
    let page = scene.tried("/taiko.ics", &[]).await;
    let shown = scene.member.page(&page).await;
    has(&shown, &["毎日0", "1日に何度もくり返す予定は取り込めません。"]);
    has(&shown, &["くり返しの規則をそのまま保てない予定が多すぎるため、取り込めません。"]);
}

#[tokio::test]
async fn nobody_has_servers_asked_over_and_over() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let page = scene.tried("/taiko.ics", &[]).await;
    scene.member.done(&format!("{page}/request"), &[]).await;
    scene.staff.done(&format!("{page}/approval"), &[]).await;
    let mut last = String::new();
    for _ in 0..45 {
        last = scene.member.done(&format!("{page}/reading"), &[]).await;
    }
    assert_eq!(last, format!("{page}?done=often"));
    has(&scene.member.page(&last).await, &["1時間に試せる回数を超えました。"]);
    assert!(scene.host.asked("/taiko.ics") < 45);
}

#[tokio::test]
async fn a_changed_occurrence_without_its_series_stands_for_itself() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let series =
        "UID:w@example.com\nSUMMARY:見本の体操\nDTSTART;TZID=Asia/Tokyo:20261202T100000\nRRULE:FREQ=WEEKLY;COUNT=3";
    let moved = "UID:w@example.com\nSUMMARY:見本の体操(会場変更)\nRECURRENCE-ID;TZID=Asia/Tokyo:20261209T100000\nDTSTART;TZID=Asia/Tokyo:20261209T140000";
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL, moved]));
    let page = scene.added("/a.ics", "見本", &[]).await;
    has(&scene.staff.page(&page).await, &["<strong>2件</strong>", "見本の体操(会場変更)"]);
    has(&world.page("/events?month=2026-12").await, &["見本の体操(会場変更)"]);
    // Once its series comes, it is a part of that and nothing by itself; nobody is told that it is called off.
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL, series, moved]));
    scene.read(&page).await;
    let list = world.page("/events?view=list&from=2026-12-01&to=2026-12-31").await;
    assert_eq!((list.matches("会場変更").count(), list.matches("【中止】").count()), (1, 0), "{list}");
    lacks(&scene.feed().await, &["【中止】"]);
    // By itself again, and gone.
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL, &moved.replace("w@", "v@")]));
    scene.read(&page).await;
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[FESTIVAL]));
    assert!(matches!(scene.read(&page).await, Done::Taken(taken) if taken.gone == 1));
    // Where staff look first, it waits like everything else.
    let alone = moved.replace("w@", "u@").replace("会場変更", "確認");
    scene.host.put("/b.ics", "text/calendar", calendar("見本", &[&alone]));
    scene.added("/b.ics", "見本の館", &[("shows", "review")]).await;
    lacks(&world.page("/events?month=2026-12").await, &["見本の体操(確認)"]);
    has(&scene.staff.page("/staff/events").await, &["見本の体操(確認)"]);
}

#[tokio::test]
async fn one_address_is_one_source_and_two_events_of_one_name_are_two() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let other = event(4).replace("e4@", "e3@");
    scene.host.put("/a.ics", "text/calendar", calendar("見本", &[&event(3), &other]));
    scene.added("/a.ics", "見本の館", &[]).await;
    has(&world.page("/events?month=2026-12").await, &["見本の集い3", "見本の集い4"]);
    let url = scene.host.url("/a.ics");
    let fields = [("way", "address"), ("url", url.as_str()), ("name", "もう一つ"), ("vanished", "cancel")];
    let answer = scene.member.post(&scene.new_path(), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&answer.text(), &["このアドレスは、もう登録されています。", "もう一つ"]);
    lacks(&answer.text(), &["見本の館"]);
    let office =
        [&fields[..], &[("institution", "見本"), ("shows", "public"), ("trust", "2"), ("every", "0")]].concat();
    has(&scene.staff.post("/staff/sources/new", &office).await.text(), &["もう「見本の館」として登録しています。"]);
}
