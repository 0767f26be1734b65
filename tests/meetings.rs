//! Liaison meetings: convened, fixed, moved and cancelled by staff and by groups; the calendar follows.

use axum::http::StatusCode;
use kyodo::groups::Duty;
use kyodo::meetings::{self, meeting};
use kyodo::{db, seed};
use uuid::Uuid;

use crate::world::{Browser, World, now};

/// A form with everything that must be there, and the further fields.
fn form<'a>(groups: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("id", "01936d00-0000-7000-8000-000000000001"),
        ("title", "見本 連絡調整会議"),
        ("purpose", "予定を知らせ合う。"),
        ("convener", "city"),
        ("public", "1"),
        ("first_day", "2026-12-10"),
        ("last_day", "2027-01-31"),
        ("weekday", "3"),
        ("opens", "10:00"),
        ("closes", "16:00"),
        ("length", "90"),
        ("items", "2-04"),
    ];
    fields.extend(groups.iter().map(|group| ("group", group.as_str())));
    for (name, value) in more {
        fields.retain(|(field, _)| field != name);
        if *name != "items" || !value.is_empty() {
            fields.push((name, value));
        }
    }
    fields
}

async fn convened(world: &World, browser: &Browser<'_>, more: &[(&str, &str)]) -> Uuid {
    let groups = [world.group("見本 海の会", "ウミノカイ").await.to_string()];
    let led = browser.done("/meetings/new", &form(&groups, more)).await;
    led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap()
}

const DAY: [(&str, &str); 5] =
    [("version", "1"), ("on", "2026-12-16"), ("begins", "10:00"), ("ends", "11:30"), ("place", "見本会館")];

#[tokio::test]
async fn a_meeting_is_nowhere_to_be_seen_until_its_day_is_fixed_and_then_stands_in_the_calendar_and_at_its_items() {
    let world = World::new().await;
    seed::reference(world.db(), now()).await.unwrap();
    let staff = world.staff().await;
    let id = convened(&world, &staff, &[]).await;
    assert!(!world.page("/meetings").await.contains("見本 連絡調整会議"));
    assert_eq!(world.get(&meetings::path(id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff.done(&format!("/meetings/{id}/day"), &DAY).await, format!("/meetings/{id}/work?done=fixed"));
    assert!(world.page("/meetings").await.contains("令和8年12月16日(水) 10:00〜11:30"));
    assert!(world.page(&meetings::path(id)).await.contains("見本会館"));
    assert!(world.page("/feeds/kind/meeting.ics").await.contains("SUMMARY:見本 連絡調整会議"));
    for code in ["2-04", "3-01"] {
        assert!(world.page(&format!("/plans/2009/items/{code}")).await.contains("見本 連絡調整会議"), "{code}");
    }
}

#[tokio::test]
async fn a_moved_meeting_keeps_its_uid_and_counts_up_and_a_cancelled_one_stays_visible_as_such() {
    let world = World::new().await;
    seed::reference(world.db(), now()).await.unwrap();
    let staff = world.staff().await;
    let id = convened(&world, &staff, &[]).await;
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    let line = |feed: &str, name: &str| {
        feed.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_end).unwrap_or_default().to_owned()
    };
    let first = world.page("/feeds/kind/meeting.ics").await;
    let later = [("version", "2"), ("on", "2026-12-23"), ("begins", "13:00"), ("ends", "14:30"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{id}/day"), &later).await;
    let moved = world.page("/feeds/kind/meeting.ics").await;
    assert_eq!(line(&moved, "UID:"), line(&first, "UID:"));
    assert_eq!((line(&first, "SEQUENCE:"), line(&moved, "SEQUENCE:")), ("0".to_owned(), "1".to_owned()));
    staff.done(&format!("/meetings/{id}/cancellation"), &[("reason", "台風のため")]).await;
    let stopped = world.page("/feeds/kind/meeting.ics").await;
    assert!(stopped.contains("STATUS:CANCELLED") && line(&stopped, "SUMMARY:").starts_with("【中止】"), "{stopped}");
    let page = world.page(&meetings::path(id)).await;
    assert!(page.contains("【中止】") && page.contains("台風のため"));
}

#[tokio::test]
async fn a_form_made_from_an_older_meeting_is_not_written_over_a_newer_one() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = convened(&world, &staff, &[("items", "")]).await;
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    let answer =
        staff.post(&format!("/meetings/{id}/day"), &[DAY[0], ("on", "2026-12-17"), DAY[2], DAY[3], DAY[4]]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("この会議が変わりました") && answer.text().contains("2026-12-17"));
    let kept = meeting::find(world.db(), id).await.unwrap().unwrap();
    assert_eq!(kept.starts_at.unwrap().to_rfc3339(), "2026-12-16T01:00:00+00:00");
}

#[tokio::test]
async fn the_same_form_sent_twice_convenes_one_meeting_and_what_is_wrong_stays_typed() {
    let world = World::new().await;
    let staff = world.staff().await;
    let group = world.group("見本 山の会", "ヤマノカイ").await.to_string();
    let groups = [group];
    let fields = form(&groups, &[("items", "")]);
    assert_eq!(staff.done("/meetings/new", &fields).await, staff.done("/meetings/new", &fields).await);
    assert_eq!(meeting::newest(world.db(), 10).await.unwrap().len(), 1);
    let wrong = form(&groups, &[("items", ""), ("length", "500"), ("title", ""), ("least", "9"), ("id", "")]);
    let answer = staff.post("/meetings/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in [
        "会議の名前を書いてください。",
        "この時間帯には、会議の長さが入りません。",
        "招く団体は1です。",
        "予定を知らせ合う。",
    ] {
        assert!(answer.text().contains(told), "{told}");
    }
}

#[tokio::test]
async fn members_convene_for_their_own_group_alone_and_others_find_no_such_meeting() {
    let world = World::new().await;
    let own = world.group("見本 森の会", "モリノカイ").await;
    world.join(own, "mori@example.jp", Duty::Member).await;
    let member = world.member("mori@example.jp").await;
    let answer = member.post("/meetings/new", &form(&[own.to_string()], &[("items", "")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the city does not convene by a member's hand");
    let id = convened(&world, &member, &[("items", ""), ("convener", &own.to_string())]).await;
    assert!(member.page(&meetings::work_path(id)).await.contains("見本 海の会"));
    let other = world.group("見本 川の会", "カワノカイ").await;
    world.join(other, "kawa@example.jp", Duty::Member).await;
    let stranger = world.member("kawa@example.jp").await;
    for path in ["work", "edit", "day", "cancellation"] {
        assert_eq!(stranger.get(&format!("/meetings/{id}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        stranger.post(&format!("/meetings/{id}/cancellation"), &[("reason", "x")]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(member.page(&meetings::group_path(own)).await.contains("見本 連絡調整会議"));
    let transaction = db::begin(world.db()).await.unwrap();
    assert!(meeting::of_group(&transaction, other, 10).await.unwrap().is_empty());
}

/// A meeting with two candidates whose poll is open, the seats' personal links by group name, and its identifier.
async fn polled<'a>(world: &'a World, staff: &Browser<'a>) -> (Uuid, Vec<(String, String)>) {
    let mut groups = Vec::new();
    for (name, mail) in [("見本 朝の会", "asa@example.jp"), ("見本 昼の会", "hiru@example.jp"), ("見本 夜の会", "")]
    {
        let group = world.group(name, "ミホン").await;
        if !mail.is_empty() {
            world.join(group, mail, Duty::Member).await;
        }
        groups.push(group.to_string());
    }
    let needed = groups[0].clone();
    let led =
        staff.done("/meetings/new", &form(&groups, &[("items", ""), ("required", &needed), ("least", "2")])).await;
    let id: Uuid = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    for on in ["2026-12-16", "2026-12-17"] {
        let day = [("on", on), ("begins", "10:00"), ("place", "見本会館")];
        assert_eq!(
            staff.done(&format!("/meetings/{id}/dates"), &day).await,
            format!("/meetings/{id}/dates?done=added")
        );
    }
    let until = [("until", "2026-12-10"), ("until_time", "17:00"), ("words", "お待ちしています。")];
    assert_eq!(staff.done(&format!("/meetings/{id}/poll"), &until).await, format!("/meetings/{id}/poll?done=opened"));
    let letters = world.letters().await;
    let links = letters.iter().map(|letter| (letter.to_mail.clone(), letter.secret("リンク"))).collect();
    (id, links)
}

fn path_of(link: &str) -> &str {
    &link[link.find("/poll/").unwrap()..]
}

async fn votes_of(world: &World, id: Uuid, answers: [&str; 2]) -> Vec<(String, String)> {
    let dates = kyodo::meetings::poll::date::of_meeting(world.db(), id).await.unwrap();
    dates.iter().zip(answers).map(|(date, answer)| (format!("date-{}", date.id), answer.to_owned())).collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn groups_answer_by_their_link_may_change_it_and_a_date_that_a_needed_group_refused_is_never_recommended() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, links) = polled(&world, &staff).await;
    let visitor = world.visitor();
    let asa = path_of(&links.iter().find(|(mail, _)| mail == "asa@example.jp").unwrap().1).to_owned();
    let hiru = path_of(&links.iter().find(|(mail, _)| mail == "hiru@example.jp").unwrap().1).to_owned();
    let told = visitor.page(&asa).await;
    assert!(told.contains("令和8年12月16日(水) 10:00〜11:30") && told.contains("見本 朝の会"), "{told}");
    let half = visitor.post(&asa, &borrowed(&votes_of(&world, id, ["yes", ""]).await)).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (path, answers) in [(&asa, ["yes", "yes"]), (&asa, ["no", "yes"]), (&hiru, ["yes", "maybe"])] {
        visitor.done(path, &borrowed(&votes_of(&world, id, answers).await)).await;
    }
    let page = staff.page(&format!("/meetings/{id}/poll")).await;
    let order: Vec<usize> = ["12月17日", "12月16日"].iter().map(|day| page.find(day).unwrap()).collect();
    assert!(order[0] < order[1], "the refused date stands last");
    assert!(page.contains("必ず来てほしい「見本 朝の会」が出られないため、おすすめできません。"));
    assert!(page.contains("△の1団体が来られれば、必要な2団体に届きます。"));
    assert_eq!(page.matches("この日時に決める").count(), 1, "nothing leads to the refused date");
    assert!(visitor.page(&asa).await.contains("これまでのお答え(2回)"));
}

#[tokio::test]
async fn only_the_silent_are_reminded_once_and_answers_by_telephone_say_so() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, links) = polled(&world, &staff).await;
    assert_eq!(links.len(), 2, "a group without an address gets no letter");
    let asa = path_of(&links.iter().find(|(mail, _)| mail == "asa@example.jp").unwrap().1).to_owned();
    world.visitor().done(&asa, &borrowed(&votes_of(&world, id, ["yes", "yes"]).await)).await;
    let page = staff.page(&format!("/meetings/{id}/poll")).await;
    let seat = page.split("見本 夜の会").nth(1).unwrap().split("/poll/seats/").nth(1).unwrap()[..36].to_owned();
    let mut answer = votes_of(&world, id, ["maybe", "no"]).await;
    answer.push(("channel".to_owned(), "phone".to_owned()));
    staff.done(&format!("/meetings/{id}/poll/seats/{seat}"), &borrowed(&answer)).await;
    for _ in 0..2 {
        staff.done(&format!("/meetings/{id}/poll/reminders"), &[("reminders", "0")]).await;
    }
    let reminded: Vec<String> = world.letters().await.into_iter().skip(2).map(|letter| letter.to_mail).collect();
    assert_eq!(reminded, ["hiru@example.jp"]);
    let page = staff.page(&format!("/meetings/{id}/poll")).await;
    assert!(page.contains("電話で受付") && page.contains("2 / 3団体が答えました"), "{page}");
}

#[tokio::test]
async fn a_closed_poll_takes_no_answer_keeps_the_last_one_and_says_what_to_do() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, links) = polled(&world, &staff).await;
    let link = path_of(&links[0].1).to_owned();
    let visitor = world.visitor();
    visitor.done(&link, &borrowed(&votes_of(&world, id, ["yes", "no"]).await)).await;
    assert_eq!(meetings::poll::close_due(world.db(), now()).await.unwrap(), 0);
    staff.done(&format!("/meetings/{id}/poll/closure"), &[]).await;
    visitor.done(&link, &borrowed(&votes_of(&world, id, ["no", "no"]).await)).await;
    let page = visitor.page(&link).await;
    assert!(page.contains("締め切りました") && page.contains("○ 出られます") && page.contains("電話で"), "{page}");
    assert!(!page.contains("この内容で答える"));
    assert_eq!(visitor.get("/poll/wrong-token").await.status, StatusCode::GONE);
}
