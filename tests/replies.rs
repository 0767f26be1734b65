//! Replies that come too late, twice, from a former member or for another meeting, and calendars' answers that are none.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kyodo::app::App;
use kyodo::clock::Clock;
use kyodo::groups::Duty;
use kyodo::inbound::{self, Mailbox};
use kyodo::meetings::{self, invitation::Answer};
use kyodo::takers::TAKERS;
use sea_orm::ConnectionTrait;

use crate::imap::Imap;
use crate::meetings::{DAY, answer, calendars, form, invited, notify, polled, reply_link, value};
use crate::world::{World, now};

/// The same town at another moment.
async fn at(mut world: World, moment: &str) -> World {
    let clock = Clock::Fixed(moment.parse::<DateTime<Utc>>().unwrap());
    world.app = App::new(world.app.config.clone(), world.db().clone(), clock).await.unwrap();
    world
}

#[tokio::test]
async fn a_reply_after_the_meeting_began_changes_nothing_and_shows_the_last_one_that_counts() {
    let world = World::new().await;
    let id = invited(&world, &world.staff().await).await;
    let path = reply_link(&world, "meetings.invitation", "asa@example.jp").await;
    world.visitor().done(&path, &[("answer", "absent"), ("opinion", "日程に反対です。")]).await;
    world.visitor().done(&path, &[("answer", "attend"), ("delegates", "見本 太郎")]).await;
    let world = at(world, "2026-12-10T00:00:00Z").await;
    let late = world.visitor().page(&path).await;
    assert!(late.contains("会議が始まるまでは受け付けます。") && late.contains("この内容で返事をする"), "{late}");
    let world = at(world, "2026-12-16T01:00:00Z").await;
    assert_eq!(world.visitor().done(&path, &[("answer", "absent")]).await, path);
    let page = world.visitor().page(&path).await;
    assert!(page.contains("会議が始まったため、返事の受付は終わりました。") && !page.contains("この内容で返事をする"));
    assert!(
        page.contains("出席 1人 <span class=\"chip chip-kind\">いまのお返事") && page.contains("日程に反対です。"),
        "{page}"
    );
    let kept = meetings::invitation::reply::of_meeting(world.db(), id).await.unwrap();
    assert_eq!(kept.values().map(|reply| (reply.answer(), reply.people)).collect::<Vec<_>>(), [(Answer::Attend, 1)]);
}

#[tokio::test]
async fn the_link_of_a_former_member_is_over_says_whom_to_ask_and_what_was_replied_stays() {
    let world = World::new().await;
    let id = invited(&world, &world.staff().await).await;
    let path = reply_link(&world, "meetings.invitation", "asa@example.jp").await;
    world.visitor().done(&path, &[("answer", "attend"), ("delegates", "見本 太郎")]).await;
    let sql =
        "SELECT group_id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.mail = 'asa@example.jp'";
    let row = world.db().query_one_raw(sea_orm::Statement::from_string(world.db().get_database_backend(), sql)).await;
    let group: uuid::Uuid = row.unwrap().unwrap().try_get("", "group_id").unwrap();
    world.join(group, "ato@example.jp", Duty::Member).await;
    let gone = "DELETE FROM memberships WHERE account_id = (SELECT id FROM accounts WHERE mail = 'asa@example.jp')";
    world.db().execute_unprepared(gone).await.unwrap();
    for answer in [world.get(&path).await, world.visitor().post(&path, &[("answer", "absent")]).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("いまの担当者の方にお尋ねください。") && !answer.text().contains("見本 太郎"));
    }
    let own = world.member("ato@example.jp").await;
    let page = own.page(&format!("/me/groups/{group}/meetings/{id}/reply")).await;
    assert!(page.contains("これまでのお返事") && page.contains("出席 1人"), "{page}");
}

#[tokio::test]
async fn a_link_answers_for_its_own_meeting_alone() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (polled_id, links) = polled(&world, &staff).await;
    let token = links[0].1.rsplit('/').next().unwrap().to_owned();
    let early = meetings::reply_path(&token);
    let page = world.visitor().page(&early).await;
    assert!(
        page.contains("この会議の日時は、まだ決まっていません。") && !page.contains("この内容で返事をする"),
        "{page}"
    );
    assert_eq!(world.visitor().done(&early, &[("answer", "attend")]).await, early);
    let group = world.group("見本 海の会", "ウミノカイ").await;
    world.join(group, "umi@example.jp", Duty::Member).await;
    let own = [("id", "01936d00-0000-7000-8000-000000000002"), ("items", ""), ("title", "見本 別の会議")];
    let led = staff.done("/meetings/new", &form(&[group.to_string()], &own)).await;
    let other = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    staff.done(&format!("/meetings/{other}/day"), &DAY).await;
    notify(&staff, other).await;
    let link = reply_link(&world, "meetings.invitation", "umi@example.jp").await;
    world.visitor().done(&link, &[("answer", "attend")]).await;
    assert!(!staff.page(&format!("/meetings/{polled_id}/replies")).await.contains("1団体 1人"));
    assert!(staff.page(&format!("/meetings/{other}/replies")).await.contains("1団体 1人"));
    let member = world.member("umi@example.jp").await;
    let stranger = format!("/me/groups/{group}/meetings/{polled_id}/reply");
    assert_eq!(member.get(&stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/rsvp/nobody-knows-this").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn answers_that_are_broken_huge_or_somebody_elses_are_listed_and_the_good_one_behind_them_is_taken() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let uid = value(&calendars(&world, "meetings.invitation").await[0].2, "UID").to_owned();
    let imap = Imap::start(world.folder());
    let good = |from: &str, attendee: &str| answer(from, attendee, &uid, "ACCEPTED", 0);
    let text = String::from_utf8(good("asa@example.jp", "asa@example.jp")).unwrap();
    imap.deliver(1, text.replace("END:VCALENDAR", "").replace("END:VEVENT", "BEGIN:VEVENT").as_bytes());
    imap.deliver(
        2,
        text.replace("BEGIN:VEVENT", &format!("X-LONG:{}\r\nBEGIN:VEVENT", "x".repeat(inbound::MOST))).as_bytes(),
    );
    imap.deliver(
        3,
        text.replace("BEGIN:VEVENT", &format!("X-LONG:{}\r\nBEGIN:VEVENT", "x".repeat(inbound::MOST + 9))).as_bytes(),
    );
    imap.deliver(4, &good("evil@example.jp", "asa@example.jp"));
    imap.deliver(5, &good("hiru@example.jp", "hiru@example.jp"));
    let mailbox = Mailbox::parse(&imap.url()).unwrap();
    let zone = world.app.city().profile.zone;
    let turn = inbound::empty(&mailbox, world.db(), TAKERS, (zone, now())).await.unwrap();
    assert_eq!((turn.stored, turn.known, imap.put_away()), (5, 0, 5), "long mails that begin alike are two");
    assert_eq!(inbound::waiting(world.db(), 10).await.unwrap().0, 4);
    let list = staff.page("/staff/inbound").await;
    assert_eq!(list.matches("メールが大きすぎるため").count(), 2, "{list}");
    assert!(list.contains("差出人が、返事をしている人(asa@example.jp)と違います。"), "{list}");
    assert!(staff.page(&format!("/meetings/{id}/replies")).await.contains("1団体 1人"));
}

#[tokio::test]
async fn taking_back_that_a_meeting_was_held_is_no_change_that_anybody_is_told_of() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let (backend, began) = (world.db().get_database_backend(), now() - chrono::Duration::hours(3));
    let begun =
        kyodo::db::statement(backend, "UPDATE meetings SET starts_at = ? WHERE id = ?", vec![began.into(), id.into()]);
    world.db().execute_raw(begun).await.unwrap();
    staff.done(&format!("/meetings/{id}/holding"), &[]).await;
    staff.done(&format!("/meetings/{id}/holding"), &[("do", "undo")]).await;
    assert!(staff.page(&format!("/meetings/{id}/notice")).await.contains("いま作る通知はありません"));
    // Put off to another day, it is one.
    let version = meetings::meeting::find(world.db(), id).await.unwrap().unwrap().version.to_string();
    let [_, _, begins, ends, place] = DAY;
    staff
        .done(&format!("/meetings/{id}/day"), &[("version", &version), ("on", "2026-12-23"), begins, ends, place])
        .await;
    assert!(staff.page(&format!("/meetings/{id}/notice")).await.contains("団体への手紙です。"));
}
