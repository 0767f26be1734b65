//! The day of a meeting, its minutes and what it gave to do: ticked by several at once, written in parts, checked, published.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kyodo::city::City;
use kyodo::groups::Duty;
use kyodo::meetings::tasks::lists;
use kyodo::meetings::{self, Desk, agenda, attendance, meeting, seat};
use kyodo::seed;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::world::{Browser, World, now, today};

/// A public meeting of today for three groups, of which the first chairs: 10:00 in the morning, so it has begun by `now`.
async fn of_today(world: &World, staff: &Browser<'_>) -> (Uuid, Vec<Uuid>) {
    seed::reference(world.db(), now()).await.unwrap();
    let mut groups = Vec::new();
    for (name, mail) in [("見本 朝の会", "asa@example.jp"), ("見本 昼の会", "hiru@example.jp"), ("見本 夜の会", "")]
    {
        let group = world.group(name, "ミホン").await;
        if !mail.is_empty() {
            world.join(group, mail, Duty::Member).await;
        }
        groups.push(group);
    }
    let ids: Vec<String> = groups.iter().map(Uuid::to_string).collect();
    let today = today().to_string();
    let mut form = vec![
        ("id", "01936d00-0000-7000-8000-000000000009"),
        ("title", "見本 連絡調整会議"),
        ("purpose", "予定を知らせ合う。"),
        ("convener", "city"),
        ("chair", "見本 太郎"),
        ("chair_group", ids[0].as_str()),
        ("public", "1"),
        ("first_day", today.as_str()),
        ("last_day", today.as_str()),
        ("weekday", "3"),
        ("opens", "00:00"),
        ("closes", "23:00"),
        ("length", "30"),
        ("least", "2"),
        ("items", "2-04"),
    ];
    form.extend(ids.iter().map(|group| ("group", group.as_str())));
    let led = staff.done("/meetings/new", &form).await;
    let id: Uuid = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    let day = [("version", "1"), ("on", today.as_str()), ("begins", "00:05"), ("ends", "00:35"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{id}/day"), &day).await;
    (id, groups)
}

fn desk(city: &City, now: DateTime<Utc>) -> Desk<'_> {
    Desk { city, base_url: "https://kyodo.example.jp", host: "kyodo.example.jp", now, today: now.date_naive() }
}

async fn seat_of(world: &World, id: Uuid, group: Uuid) -> Uuid {
    seat::of_group(world.db(), id, group).await.unwrap().unwrap().id
}

async fn tick(staff: &Browser<'_>, id: Uuid, seat: Uuid, tap: &str, version: &str) {
    let led =
        staff.done(&format!("/meetings/{id}/attendance/seats/{seat}"), &[("tap", tap), ("version", version)]).await;
    assert_eq!(led, format!("/meetings/{id}/attendance#seat-{seat}"));
}

/// Two of the three groups there, the meeting held.
async fn held(world: &World, staff: &Browser<'_>) -> (Uuid, Vec<Uuid>) {
    let (id, groups) = of_today(world, staff).await;
    for group in &groups[..2] {
        tick(staff, id, seat_of(world, id, *group).await, "present", "0").await;
    }
    assert_eq!(staff.done(&format!("/meetings/{id}/holding"), &[]).await, format!("/meetings/{id}/work?done=held"));
    (id, groups)
}

/// Writes a decision for item 3-05 and a task of the second group, due on a day.
async fn decided(staff: &Browser<'_>, id: Uuid, owner: Uuid, due: &str) {
    let decision = [
        ("id", "01936d00-0000-7000-8000-0000000000d1"),
        ("kind", "decision"),
        ("words", "来年度の清掃の日を6月7日とする。"),
        ("items", "3-05"),
    ];
    staff.done(&format!("/meetings/{id}/minutes/decisions"), &decision).await;
    let owner = owner.to_string();
    let task = [
        ("id", "01936d00-0000-7000-8000-0000000000d2"),
        ("kind", "task"),
        ("words", "清掃の案内を作る。"),
        ("owner_group", owner.as_str()),
        ("due_on", due),
        ("items", "1-01"),
    ];
    staff.done(&format!("/meetings/{id}/minutes/decisions"), &task).await;
}

/// The personal link of the newest letter of a kind to an address.
async fn link_to(world: &World, kind: &str, mail: &str) -> String {
    let letters = world.letters().await;
    let letter = letters.iter().rev().find(|letter| letter.kind == kind && letter.to_mail == mail).expect("a letter");
    let link = letter.secret("リンク");
    link[link.find("/minutes/").unwrap()..].to_owned()
}

fn version_of(page: &str) -> String {
    let at = page.rfind("name=\"version\" value=\"").expect("a version") + "name=\"version\" value=\"".len();
    page[at..].split('"').next().unwrap().to_owned()
}

/// Handed in, found right by the chair and the second group by their links.
async fn checked(world: &World, staff: &Browser<'_>, id: Uuid, groups: &[Uuid]) {
    let attendee = seat_of(world, id, groups[1]).await.to_string();
    staff.done(&format!("/meetings/{id}/minutes/review"), &[("attendee", attendee.as_str())]).await;
    for mail in ["asa@example.jp", "hiru@example.jp"] {
        let link = link_to(world, "meetings.minutes_check", mail).await;
        let visitor = world.visitor();
        let page = visitor.page(&link).await;
        assert!(page.contains("来年度の清掃の日を6月7日とする。"), "{page}");
        let version = version_of(&page);
        let led = visitor.done(&link, &[("do", "right"), ("version", version.as_str())]).await;
        assert_eq!(led, format!("{link}?done=seen"));
    }
}

async fn published(staff: &Browser<'_>, id: Uuid) {
    let page = staff.page(&format!("/meetings/{id}/publication")).await;
    let version = version_of(&page);
    let led = staff.done(&format!("/meetings/{id}/publication"), &[("version", version.as_str())]).await;
    assert_eq!(led, format!("/meetings/{id}/work?done=published"));
}

#[tokio::test]
async fn two_people_tick_at_once_and_neither_is_written_over_unseen() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = of_today(&world, &staff).await;
    let other = world.admin().await;
    let seat = seat_of(&world, id, groups[0]).await;
    assert!(staff.page(&format!("/meetings/{id}/attendance")).await.contains("あと2団体で成立します。"));
    tick(&staff, id, seat, "present", "0").await;
    // The same tick of somebody else, or sent again after a lost answer, changes nothing.
    tick(&other, id, seat, "present", "0").await;
    let path = format!("/meetings/{id}/attendance/seats/{seat}");
    let answer = other.post(&path, &[("tap", "absent"), ("version", "0")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("先に「出席」と付けました"), "{}", answer.text());
    let meeting = meeting::find(world.db(), id).await.unwrap().unwrap();
    assert_eq!(attendance::call(world.db(), &meeting).await.unwrap().groups(), 1);
    // Pressed once more from the page that told of it.
    tick(&other, id, seat, "absent", "1").await;
    assert_eq!(attendance::call(world.db(), &meeting).await.unwrap().groups(), 0);
    tick(&other, id, seat, "clear", "2").await;
    assert_eq!(attendance::call(world.db(), &meeting).await.unwrap().open(), 3);
}

#[tokio::test]
async fn the_quorum_counts_groups_not_people_and_needs_every_needed_group() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = of_today(&world, &staff).await;
    let first = seat_of(&world, id, groups[0]).await;
    let form = [("state", "proxy"), ("people", "3"), ("delegates", "見本 一郎\n見本 二郎"), ("version", "0")];
    staff.done(&format!("/meetings/{id}/attendance/seats/{first}"), &form).await;
    let guest = [("guest", "01936d00-0000-7000-8000-0000000000f1"), ("name", "通りがかりの見本"), ("people", "4")];
    for _ in 0..2 {
        staff.done(&format!("/meetings/{id}/attendance/guests"), &guest).await;
    }
    let page = staff.page(&format!("/meetings/{id}/attendance")).await;
    assert!(page.contains("あと1団体で成立します。") && page.contains("7人"), "{page}");
    tick(&staff, id, seat_of(&world, id, groups[2]).await, "present", "0").await;
    assert!(staff.page(&format!("/meetings/{id}/attendance")).await.contains("会議は成立しています。"));
    let sheet = staff.page(&format!("/meetings/{id}/attendance/print")).await;
    assert!(sheet.contains("見本 夜の会") && sheet.contains("署名"));
}

#[tokio::test]
async fn a_part_that_somebody_else_changed_comes_back_with_both_texts() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, _) = held(&world, &staff).await;
    let other = world.admin().await;
    let path = format!("/meetings/{id}/minutes/parts/overview");
    let answer = staff.post(&path, &[("text", "よい話し合いでした。"), ("version", "0"), ("auto", "1")]).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "1".to_owned()));
    let clash = [("text", "短い会議でした。"), ("version", "0"), ("auto", "1")];
    assert_eq!(other.post(&path, &clash).await.status, StatusCode::CONFLICT);
    let answer = other.post(&path, &clash[..2]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("よい話し合いでした。") && answer.text().contains("短い会議でした。"));
    let merged = [("text", "短く、よい話し合いでした。"), ("version", "1")];
    assert_eq!(other.done(&path, &merged).await, format!("/meetings/{id}/minutes?done=saved#part-overview"));
    // A point of the agenda is a part as well.
    staff.done(&format!("/meetings/{id}/agenda"), &[("title", "清掃の日"), ("minutes", "20")]).await;
    let point = agenda::item::listed(world.db(), id).await.unwrap()[0].id;
    let said = [("text", "6月がよいという声が多かった。"), ("version", "0")];
    staff.done(&format!("/meetings/{id}/minutes/parts/{point}"), &said).await;
    let late = other.post(&format!("/meetings/{id}/minutes/parts/{point}"), &[("text", "7月"), ("version", "0")]).await;
    assert!(late.text().contains("6月がよいという声が多かった。") && late.text().contains("7月"));
    // Another part is another matter.
    let facts = [("text", "見本市 地域課 2人"), ("observers", "5"), ("version", "0")];
    staff.done(&format!("/meetings/{id}/minutes/parts/facts"), &facts).await;
    assert!(staff.page(&format!("/meetings/{id}/minutes")).await.contains("短く、よい話し合いでした。"));
}

#[tokio::test]
async fn minutes_are_published_only_once_the_chair_and_one_attendee_found_them_right() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = held(&world, &staff).await;
    decided(&staff, id, groups[1], "2027-01-15").await;
    let answer = staff.post(&format!("/meetings/{id}/publication"), &[("version", "2")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has checked them");
    checked(&world, &staff, id, &groups).await;
    // A change after that takes what they said back.
    staff
        .done(&format!("/meetings/{id}/minutes/parts/overview"), &[("text", "あとで足した文。"), ("version", "0")])
        .await;
    let page = staff.page(&format!("/meetings/{id}/publication")).await;
    assert!(page.contains("進行(議長)の確認がまだです"), "{page}");
    assert!(!world.page(&meetings::path(id)).await.contains("来年度の清掃"), "nothing is public yet");
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    let page = world.page(&meetings::path(id)).await;
    for told in
        ["議事録(要点)", "来年度の清掃の日を6月7日とする。", "あとで足した文。", "見本 昼の会", "担当: 見本 昼の会"]
    {
        assert!(page.contains(told), "{told}");
    }
    let kept = meeting::find(world.db(), id).await.unwrap().unwrap();
    assert_eq!(kept.state(), meetings::State::Published);
}

#[tokio::test]
async fn a_published_meeting_is_evidence_for_its_items_and_those_of_its_decisions_and_its_feed_says_so() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = held(&world, &staff).await;
    assert!(world.page("/feeds/kind/meeting.ics").await.contains("開催しました。"));
    decided(&staff, id, groups[1], "2027-01-15").await;
    assert!(!world.page("/plans/2009/items/3-05").await.contains("見本 連絡調整会議"));
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    for code in ["2-04", "3-01", "3-05", "1-01"] {
        let page = world.page(&format!("/plans/2009/items/{code}")).await;
        assert!(page.contains("見本 連絡調整会議") && page.contains("議事録公開"), "{code}");
    }
    assert!(world.page("/plans/2009/items/3-05").await.contains("来年度の清掃の日を6月7日とする。"));
    assert!(world.page("/feeds/kind/meeting.ics").await.replace("\r\n ", "").contains("議事録を公開しています。"));
    // Withdrawn, it is no evidence for the decisions any more, and the page says why.
    let reason = [("reason", "日にちの訂正")];
    staff.done(&format!("/meetings/{id}/publication/correction"), &reason).await;
    assert!(!world.page("/plans/2009/items/3-05").await.contains("見本 連絡調整会議"));
    let page = world.page(&meetings::path(id)).await;
    assert!(page.contains("日にちの訂正") && !page.contains("来年度の清掃"), "{page}");
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    assert!(world.page(&meetings::path(id)).await.contains("第1版を訂正しました(日にちの訂正)"));
}

#[tokio::test]
async fn names_stand_in_the_minutes_with_consent_only_and_groups_that_are_not_listed_stay_unnamed() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = of_today(&world, &staff).await;
    for (group, name, may) in [(groups[0], "見本 一郎", "1"), (groups[1], "見本 二郎", "")] {
        let seat = seat_of(&world, id, group).await;
        let form =
            [("state", "present"), ("people", "1"), ("delegates", name), ("names_public", may), ("version", "0")];
        staff.done(&format!("/meetings/{id}/attendance/seats/{seat}"), &form).await;
    }
    tick(&staff, id, seat_of(&world, id, groups[2]).await, "present", "0").await;
    let sql = "UPDATE groups SET listed = FALSE WHERE name = '見本 夜の会'";
    world.db().execute_unprepared(sql).await.unwrap();
    staff.done(&format!("/meetings/{id}/holding"), &[]).await;
    decided(&staff, id, groups[2], "2027-01-15").await;
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    let page = world.page(&meetings::path(id)).await;
    assert!(page.contains("見本 一郎") && !page.contains("見本 二郎"), "{page}");
    assert!(
        !page.contains("見本 夜の会") && page.contains("ほか 1団体 1人") && page.contains("担当: 参加団体"),
        "{page}"
    );
    // Taken back after publication: gone at once.
    let meeting = meeting::find(world.db(), id).await.unwrap().unwrap();
    let roll = attendance::call(world.db(), &meeting).await.unwrap();
    let mark = roll.lines.iter().filter_map(|line| line.mark.as_ref()).find(|mark| mark.names_public).unwrap().id;
    staff.done(&format!("/meetings/{id}/attendance/names/{mark}"), &[]).await;
    assert!(!world.page(&meetings::path(id)).await.contains("見本 一郎"));
    // Nothing else about the day can be changed any more.
    let seat = seat_of(&world, id, groups[0]).await;
    staff.done(&format!("/meetings/{id}/attendance/seats/{seat}"), &[("tap", "absent"), ("version", "9")]).await;
    assert_eq!(attendance::call(world.db(), &meeting).await.unwrap().groups(), 3);
}

#[tokio::test]
async fn whoever_checks_may_ask_for_a_change_and_others_read_nothing_before_publication() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = held(&world, &staff).await;
    decided(&staff, id, groups[1], "2027-01-15").await;
    let attendee = seat_of(&world, id, groups[1]).await.to_string();
    staff.done(&format!("/meetings/{id}/minutes/review"), &[("attendee", attendee.as_str())]).await;
    let link = link_to(&world, "meetings.minutes_check", "hiru@example.jp").await;
    let visitor = world.visitor();
    let answer = visitor.post(&link, &[("do", "remark"), ("words", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let remark = [("do", "remark"), ("words", "日にちは14日でした。")];
    assert_eq!(visitor.done(&link, &remark).await, format!("{link}?done=told"));
    assert!(staff.page(&format!("/meetings/{id}/minutes/review")).await.contains("日にちは14日でした。"));
    assert!(world.letters().await.iter().any(|letter| letter.kind == "meetings.minutes_remark"));
    // A group that was taken out, one that is not asked to check, and a stranger, see nothing of it.
    let out = "UPDATE meeting_seats SET removed_at = ? WHERE group_id = ?";
    let out = kyodo::db::statement(world.db().get_database_backend(), out, vec![now().into(), groups[1].into()]);
    world.db().execute_raw(out).await.unwrap();
    for answer in [world.get(&link).await, visitor.post(&link, &remark).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("会議のご案内から外れたため") && !answer.text().contains("来年度の清掃"));
    }
    world.join(groups[2], "yoru@example.jp", Duty::Member).await;
    let member = world.member("yoru@example.jp").await;
    let own = format!("/me/groups/{}/meetings/{id}/minutes", groups[2]);
    assert!(!member.page(&own).await.contains("来年度の清掃"));
    world.join(world.group("見本 別の会", "ベツ").await, "betsu@example.jp", Duty::Member).await;
    let stranger = world.member("betsu@example.jp").await;
    for path in [own.as_str(), &format!("/meetings/{id}/minutes"), &format!("/meetings/{id}/attendance")] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // The chair's members work on it as well.
    assert!(world.member("asa@example.jp").await.page(&format!("/meetings/{id}/minutes")).await.contains("議事録"));
}

#[tokio::test]
async fn late_minutes_are_asked_for_again_and_again_until_they_are_out() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = held(&world, &staff).await;
    let count = async |kind: &str| world.letters().await.iter().filter(|letter| letter.kind == kind).count();
    let nag = async |days: i64| {
        let city = world.app.city();
        let now = now() + chrono::Duration::days(days);
        let desk = desk(&city, now);
        meetings::minutes::nag(world.db(), &desk).await.unwrap()
    };
    assert_eq!(nag(13).await, 0);
    assert_eq!((nag(15).await, nag(15).await, nag(28).await, nag(30).await), (1, 0, 0, 1));
    assert_eq!(count("meetings.minutes_late").await, 2);
    decided(&staff, id, groups[1], "2027-01-15").await;
    let attendee = seat_of(&world, id, groups[1]).await.to_string();
    staff.done(&format!("/meetings/{id}/minutes/review"), &[("attendee", attendee.as_str())]).await;
    assert_eq!(nag(45).await, 1);
    assert_eq!(count("meetings.minutes_check_again").await, 2, "the chair and the attendee");
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    assert_eq!(nag(90).await, 0);
}

#[tokio::test]
async fn a_task_is_chased_before_and_after_its_day_until_its_group_says_what_became_of_it() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, groups) = held(&world, &staff).await;
    let due = today() + chrono::Days::new(30);
    decided(&staff, id, groups[1], &due.to_string()).await;
    let chase = async |days: i64| {
        let city = world.app.city();
        let now = now() + chrono::Duration::days(days);
        let desk = desk(&city, now);
        meetings::tasks::chase(world.db(), &desk).await.unwrap()
    };
    assert_eq!(chase(25).await, 0, "its minutes are not out");
    checked(&world, &staff, id, &groups).await;
    published(&staff, id).await;
    assert_eq!((chase(22).await, chase(23).await, chase(24).await, chase(29).await), (0, 1, 0, 0));
    assert_eq!(chase(30).await, 0, "on its day nobody is late");
    assert_eq!((chase(31).await, chase(33).await, chase(38).await, chase(46).await, chase(90).await), (1, 0, 1, 1, 0));
    let letters = world.letters().await;
    let of =
        |kind: &str| letters.iter().filter(|letter| letter.kind == kind && letter.to_mail == "hiru@example.jp").count();
    assert_eq!((of("meetings.task_due"), of("meetings.task_late")), (1, 3));
    let member = world.member("hiru@example.jp").await;
    let list = format!("/me/groups/{}/tasks", groups[1]);
    assert!(member.page(&list).await.contains("清掃の案内を作る。"));
    let task = lists::of_group(world.db(), groups[1], 9).await.unwrap().remove(0).decision;
    let said = [("state", "done"), ("outcome", "案内を配りました。"), ("version", "1")];
    assert_eq!(member.done(&format!("{list}/{}", task.id), &said).await, format!("{list}?done=settled"));
    let again = member.post(&format!("{list}/{}", task.id), &[("state", "dropped"), ("version", "1")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("先に「終わりました」と知らせました"));
    assert!(world.page(&meetings::path(id)).await.contains("案内を配りました。"));
    assert!(!staff.page("/staff/meetings/tasks").await.contains("清掃の案内を作る。"));
    assert!(staff.page("/staff/meetings/tasks?all=1&item=1-01").await.contains("清掃の案内を作る。"));
    let other = world.member("asa@example.jp").await;
    assert_eq!(other.get(&format!("{list}/{}", task.id)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_meeting_is_held_only_once_it_began_and_that_can_be_taken_back() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, _) = of_today(&world, &staff).await;
    let kept = async || meeting::find(world.db(), id).await.unwrap().unwrap();
    let later = (today() + chrono::Days::new(3)).to_string();
    let day = [("version", "2"), ("on", later.as_str()), ("begins", "10:00"), ("ends", "11:00"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{id}/day"), &day).await;
    staff.done(&format!("/meetings/{id}/holding"), &[]).await;
    assert!(kept().await.held_at.is_none());
    let seat = seat::of_meeting(world.db(), id).await.unwrap()[0].id;
    let answer =
        staff.post(&format!("/meetings/{id}/attendance/seats/{seat}"), &[("tap", "present"), ("version", "0")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "its day has not come");
    let today = today().to_string();
    let day = [("version", "3"), ("on", today.as_str()), ("begins", "00:05"), ("ends", "00:35"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{id}/day"), &day).await;
    staff.done(&format!("/meetings/{id}/holding"), &[]).await;
    assert!(kept().await.held_at.is_some());
    staff.done(&format!("/meetings/{id}/holding"), &[("do", "undo")]).await;
    assert!(kept().await.held_at.is_none());
}
