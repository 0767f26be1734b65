//! The yearly plan of meetings: series by a rule, later ones changed together, copies of the last one, and private feeds.

use std::process::Command;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kyodo::groups::{Duty, Person};
use kyodo::meetings::{self, Meeting, State, link, meeting, private_feed, seat, series};
use kyodo::{db, seed};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::world::{Answer, Browser, World, now};

const SERIES: &str = "01936d00-0000-7000-8000-00000000000a";

/// A form of a series on every fourth Tuesday of 令和9年度, with further fields.
fn form<'a>(groups: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("id", SERIES),
        ("title", "見本の連絡調整会議"),
        ("first_number", "1"),
        ("convener", "city"),
        ("public", "1"),
        ("year", "2027"),
        ("often", "1"),
        ("which", "weekday"),
        ("nth", "4"),
        ("on_weekday", "2"),
        ("shift", "next"),
        ("weekends", "1"),
        ("opens", "14:00"),
        ("closes", "16:00"),
        ("length", "90"),
        ("place", "見本会館"),
    ];
    fields.extend(groups.iter().map(|group| ("group", group.as_str())));
    for (name, _) in more {
        fields.retain(|(field, _)| field != name);
    }
    fields.extend_from_slice(more);
    fields
}

async fn of_series(world: &World) -> Vec<Meeting> {
    let mut all = meeting::newest(world.db(), 100).await.unwrap();
    all.retain(|one| one.series_id == Some(SERIES.parse().unwrap()));
    all.sort_by_key(|one| one.first_day);
    all
}

async fn group(world: &World, name: &str, mail: &str) -> Uuid {
    let group = world.group(name, "ミホン").await;
    world.join(group, mail, Duty::Member).await;
    group
}

async fn run(world: &World, sql: &str, id: Uuid) {
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![id.into()])).await.unwrap();
}

#[tokio::test]
async fn all_dates_are_shown_with_their_reasons_before_anything_is_made_and_only_the_ticked_ones_are_made_once() {
    let world = World::new().await;
    let staff = world.staff().await;
    let groups = [group(&world, "見本 海の会", "umi@example.jp").await.to_string()];
    let shown = staff.post("/meetings/series/new", &form(&groups, &[("step", "preview")])).await;
    assert_eq!(shown.status, StatusCode::OK);
    let text = shown.text();
    assert!(text.contains("毎月第4火曜(祝日・土日は次の平日)"), "{text}");
    assert!(text.contains("勤労感謝の日(祝日)です。11月24日(水)に開きます。"), "{text}");
    assert_eq!(text.matches("name=\"on\"").count(), 12);
    assert!(of_series(&world).await.is_empty(), "the preview makes nothing");
    let ticks =
        [("step", "make"), ("on", "2027-10-26"), ("on", "2027-11-24"), ("on", "2027-12-28"), ("on", "2027-11-23")];
    for _ in 0..2 {
        let led = staff.done("/meetings/series/new", &form(&groups, &ticks)).await;
        assert_eq!(led, "/staff/meetings/plan?year=2027&done=made");
    }
    let made = of_series(&world).await;
    let days: Vec<String> = made.iter().map(|one| format!("{} {}", one.title, one.first_day)).collect();
    assert_eq!(
        days,
        [
            "第1回 見本の連絡調整会議 2027-10-26",
            "第2回 見本の連絡調整会議 2027-11-24",
            "第3回 見本の連絡調整会議 2027-12-28"
        ]
    );
    assert!(made.iter().all(|one| one.state() == State::Planned && one.last_day == one.first_day));
    let plan = staff.page("/staff/meetings/plan?year=2027").await;
    for told in
        ["令和9年度 会議の年間計画", "毎月第4火曜(祝日・土日は次の平日)", "令和9年11月24日(水)(時刻は未定)", "準備中"]
    {
        assert!(plan.contains(told), "{told} in {plan}");
    }
    assert!(!staff.page("/staff/meetings/plan?year=2026").await.contains("見本の連絡調整会議"));
    assert!(!world.page("/meetings").await.contains("見本の連絡調整会議"), "nobody else sees a plan");
}

#[tokio::test]
async fn what_is_wrong_stays_typed_and_a_preview_leads_back_to_the_form() {
    let world = World::new().await;
    let staff = world.staff().await;
    let groups = [group(&world, "見本 海の会", "umi@example.jp").await.to_string()];
    let mut wrong = form(&groups, &[("often", "months"), ("title", ""), ("step", "preview")]);
    wrong.retain(|(name, _)| *name != "nth");
    let answer = staff.post("/meetings/series/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["会議の名前を書いてください。", "開く月を、一つ以上選んでください。", "見本会館"]
    {
        assert!(answer.text().contains(told), "{told}");
    }
    let back = staff.post("/meetings/series/new", &form(&groups, &[("step", "back")])).await;
    assert!(back.status == StatusCode::OK && back.text().contains("見本の連絡調整会議"));
    let none = staff.post("/meetings/series/new", &form(&groups, &[("step", "make"), ("ticked", "1")])).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("会議を開く日を、一つ以上選んでください。"));
}

#[tokio::test]
async fn a_series_whose_days_are_fixed_at_once_stands_in_the_calendar() {
    let world = World::new().await;
    let staff = world.staff().await;
    let groups = [group(&world, "見本 海の会", "umi@example.jp").await.to_string()];
    let ticks = [("step", "make"), ("fixes", "1"), ("on", "2027-04-27"), ("on", "2027-05-25")];
    staff.done("/meetings/series/new", &form(&groups, &ticks)).await;
    let feed = world.page("/feeds/kind/meeting.ics").await;
    for line in [
        "SUMMARY:第1回 見本の連絡調整会議",
        "DTSTART;TZID=Asia/Tokyo:20270427T140000",
        "DTEND;TZID=Asia/Tokyo:20270525T153000",
    ] {
        assert!(feed.contains(line), "{line} in {feed}");
    }
    assert!(of_series(&world).await.iter().all(|one| one.state() == State::Fixed));
}

#[tokio::test]
async fn members_plan_for_their_own_group_alone_and_strangers_find_no_such_series() {
    let world = World::new().await;
    let own = group(&world, "見本 森の会", "mori@example.jp").await;
    group(&world, "見本 川の会", "kawa@example.jp").await;
    let (member, stranger) = (world.member("mori@example.jp").await, world.member("kawa@example.jp").await);
    let groups = [own.to_string()];
    let ticks = [("step", "make"), ("on", "2027-04-27")];
    let refused = member.post("/meetings/series/new", &form(&groups, &ticks)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the city does not convene by a member's hand");
    let convener = own.to_string();
    let led =
        member.done("/meetings/series/new", &form(&groups, &[&ticks[..], &[("convener", &convener)]].concat())).await;
    assert_eq!(led, format!("/me/groups/{own}/meetings/plan?year=2027&done=made"));
    assert!(member.page(&led).await.contains("第1回 見本の連絡調整会議"));
    for path in [format!("/meetings/series/{SERIES}/later"), format!("/meetings/series/{SERIES}/end")] {
        assert_eq!(member.get(&path).await.status, StatusCode::OK);
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(stranger.get(&format!("/me/groups/{own}/meetings/plan")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(member.get("/staff/meetings/plan").await.status, StatusCode::NOT_FOUND);
    assert_eq!(series::find(world.db(), SERIES.parse().unwrap()).await.unwrap().unwrap().ended_at, None);
}

#[tokio::test]
async fn later_meetings_change_together_unless_one_changed_meanwhile_and_a_fixed_one_stays() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (own, other) =
        (group(&world, "見本 海の会", "umi@example.jp").await, group(&world, "見本 山の会", "yama@example.jp").await);
    let groups = [own.to_string()];
    let ticks = [("step", "make"), ("on", "2027-04-27"), ("on", "2027-05-25"), ("on", "2027-06-22")];
    staff.done("/meetings/series/new", &form(&groups, &ticks)).await;
    let made = of_series(&world).await;
    let day = [("version", "1"), ("on", "2027-04-28"), ("begins", "10:00"), ("ends", "11:30"), ("place", "見本会館")];
    staff.done(&format!("/meetings/{}/day", made[0].id), &day).await;
    let other = other.to_string();
    let seen = |version: i32| format!("{} {version}", made[1].id);
    let last = format!("{} 1", made[2].id);
    let fields = |seen: &str| {
        let fields = [
            ("seen", seen),
            ("seen", &last),
            ("title", "見本の調整の会"),
            ("opens", "18:00"),
            ("closes", "20:00"),
            ("length", "60"),
            ("place", "見本の公民館"),
            ("group", &other),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let path = format!("/meetings/series/{SERIES}/later");
    let borrowed = |fields: &[(String, String); 8]| -> Vec<(String, String)> { fields.to_vec() };
    let sent = borrowed(&fields(&seen(7)));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let stale = staff.post(&path, &sent).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.text().contains("この中の会議が変わりました") && stale.text().contains("見本の公民館"));
    assert!(of_series(&world).await.iter().all(|one| one.title.ends_with("見本の連絡調整会議")), "all or none");
    let sent = borrowed(&fields(&seen(1)));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(staff.done(&path, &sent).await, "/staff/meetings/plan?year=2027&done=changed");
    let told: Vec<String> =
        of_series(&world).await.iter().map(|one| format!("{} {} {}", one.title, one.opens, one.place)).collect();
    assert_eq!(
        told,
        [
            "第1回 見本の連絡調整会議 14:00 見本会館",
            "第2回 見本の調整の会 18:00 見本の公民館",
            "第3回 見本の調整の会 18:00 見本の公民館"
        ]
    );
    let seats = seat::of_meeting(world.db(), made[2].id).await.unwrap();
    assert_eq!(seats.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["見本 山の会"]);
    for _ in 0..2 {
        staff.done(&format!("/meetings/series/{SERIES}/end"), &[]).await;
    }
    let states: Vec<State> = of_series(&world).await.iter().map(Meeting::state).collect();
    assert_eq!(states, [State::Fixed, State::Cancelled, State::Cancelled]);
    assert!(staff.page("/staff/meetings/plan?year=2027").await.contains("終了"));
}

#[tokio::test]
async fn of_two_who_change_or_end_a_series_at_once_one_does_and_nothing_is_left_half_changed() {
    let world = World::new().await;
    let (one, other) = (world.staff().await, world.admin().await);
    let own = group(&world, "見本 海の会", "umi@example.jp").await.to_string();
    let ticks = [("step", "make"), ("on", "2027-04-27"), ("on", "2027-05-25"), ("on", "2027-06-22")];
    one.done("/meetings/series/new", &form(std::slice::from_ref(&own), &ticks)).await;
    let seen: Vec<String> = of_series(&world).await.iter().map(|one| format!("{} {}", one.id, one.version)).collect();
    let fields = |title: &'static str| {
        let mut fields: Vec<(&str, &str)> = seen.iter().map(|seen| ("seen", seen.as_str())).collect();
        fields.extend([("title", title), ("opens", "18:00"), ("closes", "20:00"), ("length", "60")]);
        fields.extend([("place", "見本の公民館"), ("group", own.as_str())]);
        fields
    };
    let path = format!("/meetings/series/{SERIES}/later");
    let (asked, also) = (fields("見本の朝の会"), fields("見本の夜の会"));
    let answers = tokio::join!(one.post(&path, &asked), other.post(&path, &also));
    let mut said = [answers.0.status, answers.1.status];
    said.sort();
    assert_eq!(said, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY], "the second is told");
    let won = if answers.0.status == StatusCode::SEE_OTHER { "見本の朝の会" } else { "見本の夜の会" };
    assert!(of_series(&world).await.iter().all(|meeting| meeting.title.ends_with(won)));
    let end = format!("/meetings/series/{SERIES}/end");
    tokio::join!(one.done(&end, &[]), other.done(&end, &[]));
    assert!(of_series(&world).await.iter().all(|meeting| meeting.state() == State::Cancelled));
    let sql = "SELECT COUNT(*) AS number FROM audit WHERE action = '会議の中止'";
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await;
    assert_eq!(row.unwrap().unwrap().try_get::<i64>("", "number").unwrap(), 3, "each is called off once");
}

#[tokio::test]
async fn a_copy_raises_the_number_takes_groups_and_agenda_over_and_is_only_for_those_who_work_on_the_source() {
    let world = World::new().await;
    let (staff, own) = (world.staff().await, group(&world, "見本 海の会", "umi@example.jp").await);
    let groups = [own.to_string()];
    staff
        .done("/meetings/series/new", &form(&groups, &[("step", "make"), ("first_number", "3"), ("on", "2027-04-27")]))
        .await;
    let source = of_series(&world).await.remove(0);
    let sql = "INSERT INTO agenda_items (id, meeting_id, position, title, words, minutes, speaker, state, proposed_by, note,
        summary, summary_version, summary_by, created_at, updated_at) SELECT id, id, 1, '見本の議題', '', 15, '見本 花子',
        'listed', '', '', '前回の要点', 1, '', created_at, created_at FROM meetings WHERE id = ?";
    run(&world, sql, source.id).await;
    assert!(staff.page(&source.work_path()).await.contains(&format!("/meetings/new?copy={}", source.id)));
    let page = staff.page(&format!("/meetings/new?copy={}", source.id)).await;
    assert!(page.contains("第4回 見本の連絡調整会議") && page.contains("name=\"copied_from\""), "{page}");
    let stranger = world.member("umi@example.jp").await;
    assert_eq!(stranger.get(&format!("/meetings/new?copy={}", source.id)).await.status, StatusCode::NOT_FOUND);
    let id = source.id.to_string();
    let more = [
        ("id", "01936d00-0000-7000-8000-00000000000b"),
        ("title", "第4回 見本の連絡調整会議"),
        ("copied_from", &id),
        ("first_day", "2027-05-10"),
        ("last_day", "2027-05-20"),
        ("weekday", "3"),
    ];
    let led = staff.done("/meetings/new", &form(&groups, &more)).await;
    let made: Uuid = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    let made = meeting::find(world.db(), made).await.unwrap().unwrap();
    assert_eq!((made.copied_from, made.series_id), (Some(source.id), None));
    let sql = "SELECT title, summary FROM agenda_items WHERE meeting_id = ?";
    let row = db::statement(world.db().get_database_backend(), sql, vec![made.id.into()]);
    let row = world.db().query_one_raw(row).await.unwrap().unwrap();
    let told: (String, String) = (row.try_get("", "title").unwrap(), row.try_get("", "summary").unwrap());
    assert_eq!(told, ("見本の議題".to_owned(), String::new()));
}

/// A public and an internal meeting of a group on fixed days: the group and both meetings.
async fn two_fixed(world: &World, staff: &Browser<'_>) -> (Uuid, Uuid, Uuid) {
    seed::reference(world.db(), now()).await.unwrap();
    let own = group(world, "見本 海の会", "umi@example.jp").await;
    let groups = [own.to_string()];
    let mut ids = Vec::new();
    for (id, title, public) in [(SERIES, "公開の会", "1"), ("01936d00-0000-7000-8000-00000000000c", "内々の会", "0")]
    {
        let more = [
            ("id", id),
            ("title", title),
            ("first_number", ""),
            ("public", public),
            ("fixes", "1"),
            ("step", "make"),
            ("on", "2027-04-27"),
        ];
        staff.done("/meetings/series/new", &form(&groups, &more)).await;
        let all = meeting::newest(world.db(), 10).await.unwrap();
        ids.push(all.iter().find(|one| one.title == title).unwrap().id);
    }
    (own, ids[0], ids[1])
}

/// Makes a feed on a page and returns its path.
async fn feed_of(browser: &Browser<'_>, page: &str) -> String {
    let answer = browser.post(page, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let text = answer.text();
    let at = text.find("/feeds/private/").unwrap();
    text[at..at + text[at..].find(".ics").unwrap() + 4].to_owned()
}

async fn fetched(world: &World, path: &str, tag: &str) -> Answer {
    let request = Request::get(path).header("if-none-match", tag);
    world.ask(request.body(Body::empty()).unwrap()).await
}

fn lines(feed: &str, name: &str) -> Vec<String> {
    let unfolded = feed.replace("\r\n ", "");
    let mut found: Vec<String> =
        unfolded.lines().filter_map(|line| line.strip_prefix(name)).map(|rest| rest.trim_end().to_owned()).collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_private_feed_carries_all_meetings_of_its_owner_under_the_uid_of_the_public_entry_and_follows_a_cancellation()
{
    let world = World::new().await;
    let staff = world.staff().await;
    let (_, open, _) = two_fixed(&world, &staff).await;
    let member = world.member("umi@example.jp").await;
    let path = feed_of(&member, "/me/feeds").await;
    let page = member.page("/me/feeds").await;
    assert!(page.contains("まだ読み込まれていません") && !page.contains(&path), "the address is shown once");
    let answer = world.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(answer.header("x-robots-tag").contains("noindex"));
    let (mine, public) = (answer.text(), world.page("/feeds/kind/meeting.ics").await);
    assert_eq!(lines(&mine, "SUMMARY:"), ["公開の会", "内々の会"]);
    assert_eq!(lines(&public, "SUMMARY:"), ["公開の会"]);
    assert!(lines(&mine, "UID:").contains(&lines(&public, "UID:")[0]));
    assert!(
        mine.contains("X-WR-CALNAME:")
            && mine.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H")
            && !mine.contains("VALARM")
    );
    assert!(lines(&mine, "DESCRIPTION:").iter().any(|text| text.starts_with("状況: 開催予定")), "{mine}");
    assert_eq!(fetched(&world, &path, answer.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    assert!(member.page("/me/feeds").await.contains("読み込み"));
    staff.done(&format!("/meetings/{open}/cancellation"), &[("reason", "台風のため")]).await;
    let changed = fetched(&world, &path, answer.header("etag")).await;
    assert_eq!(changed.status, StatusCode::OK);
    let (mine, public) = (changed.text(), world.page("/feeds/kind/meeting.ics").await);
    for feed in [&mine, &public] {
        let called_off = feed.split("BEGIN:VEVENT").find(|event| event.contains("公開の会")).unwrap();
        assert!(
            called_off.contains("SUMMARY:【中止】公開の会") && called_off.contains("STATUS:CANCELLED"),
            "{called_off}"
        );
        assert!(called_off.contains("SEQUENCE:1"), "{called_off}");
    }
    let folder = world.folder().join("feeds");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("private.ics"), &mine).unwrap();
    std::fs::write(folder.join("meetings.ics"), &public).unwrap();
    let read = Command::new("/usr/bin/python3").args(["-B", "tests/readers/read.py"]).arg(&folder).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stdout));
}

#[tokio::test]
async fn held_and_published_meetings_say_so_in_the_private_feed() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (_, open, _) = two_fixed(&world, &staff).await;
    let path = feed_of(&world.member("umi@example.jp").await, "/me/feeds").await;
    run(&world, "UPDATE meetings SET held_at = starts_at WHERE id = ?", open).await;
    assert!(world.page(&path).await.contains("状況: 開催済み"));
    run(&world, "UPDATE meetings SET published_at = starts_at WHERE id = ?", open).await;
    let feed = world.page(&path).await.replace("\r\n ", "");
    assert!(feed.contains("状況: 議事録公開") && feed.contains(&format!("/meetings/{open}")), "{feed}");
    assert!(feed.contains("STATUS:CONFIRMED"));
}

#[tokio::test]
async fn a_wrong_a_revoked_and_an_ended_feed_answer_alike_and_nobody_revokes_the_feed_of_another() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (own, ..) = two_fixed(&world, &staff).await;
    group(&world, "見本 川の会", "kawa@example.jp").await;
    let (member, other) = (world.member("umi@example.jp").await, world.member("kawa@example.jp").await);
    let (first, second) = (feed_of(&member, "/me/feeds").await, feed_of(&member, "/me/feeds").await);
    let theirs = feed_of(&other, "/me/feeds").await;
    assert!(lines(&world.page(&theirs).await, "SUMMARY:").is_empty(), "another group's meetings stay its own");
    let wrong = world.get("/feeds/private/wrong.ics").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    let page = member.page("/me/feeds").await;
    let key = |page: &str| page.split("name=\"feed\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    other.done("/me/feeds/revocation", &[("feed", &key(&page))]).await;
    assert_eq!(world.get(&first).await.status, StatusCode::OK);
    assert_eq!(world.get(&second).await.status, StatusCode::OK);
    while member.page("/me/feeds").await.matches("name=\"feed\"").count() > 1 {
        let page = member.page("/me/feeds").await;
        assert_eq!(member.done("/me/feeds/revocation", &[("feed", &key(&page))]).await, "/me/feeds?done=revoked");
    }
    let (one, two) = (world.get(&first).await, world.get(&second).await);
    let (gone, kept) = if one.status == StatusCode::OK { (two, first) } else { (one, second) };
    assert_eq!((gone.status, gone.text()), (wrong.status, wrong.text()));
    run(&world, "DELETE FROM memberships WHERE group_id = ?", own).await;
    let ended = world.get(&kept).await;
    assert_eq!((ended.status, ended.text()), (wrong.status, wrong.text()));
    assert_eq!(ended.header("cache-control"), wrong.header("cache-control"));
}

#[tokio::test]
async fn a_feed_is_fetched_within_bounds_and_nobody_has_more_than_ten() {
    let world = World::new().await;
    let staff = world.staff().await;
    two_fixed(&world, &staff).await;
    let member = world.member("umi@example.jp").await;
    let path = feed_of(&member, "/me/feeds").await;
    for _ in 0..120 {
        assert_eq!(world.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(world.get(&path).await.status, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..11 {
        member.post("/me/feeds", &[]).await;
    }
    let page = member.page("/me/feeds").await;
    assert_eq!(page.matches("name=\"feed\"").count(), private_feed::MOST);
    assert!(page.contains("カレンダーは10個までです。"));
}

#[tokio::test]
async fn whoever_is_invited_without_an_account_makes_a_feed_by_their_link_and_it_ends_with_it() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (own, open, _) = two_fixed(&world, &staff).await;
    let seat = seat::of_group(world.db(), open, own).await.unwrap().unwrap();
    let person = Person { mail: "tsuchi@example.jp".to_owned(), name: "見本 土子".to_owned(), account_id: None };
    let token = link::make(world.db(), open, &[(seat.id, &person)], now()).await.unwrap().remove(0);
    let visitor = world.visitor();
    let reply = meetings::reply_path(&token);
    assert!(visitor.page(&reply).await.contains(&format!("{reply}/feeds")));
    let path = feed_of(&visitor, &format!("{reply}/feeds")).await;
    let feed = world.page(&path).await;
    assert_eq!(lines(&feed, "SUMMARY:"), ["公開の会"], "only what this address was invited to");
    run(&world, "UPDATE meeting_links SET revoked_at = created_at WHERE seat_id = ?", seat.id).await;
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
}
