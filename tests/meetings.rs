//! Liaison meetings: convened, fixed, moved and cancelled by staff and by groups; the calendar follows.

use axum::http::StatusCode;
use kyodo::groups::Duty;
use kyodo::inbound;
use kyodo::meetings::{self, meeting};
use kyodo::takers::TAKERS;
use kyodo::{db, seed};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::world::{Browser, World, now};

/// A form with everything that must be there, and the further fields.
pub fn form<'a>(groups: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
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

pub async fn convened(world: &World, browser: &Browser<'_>, more: &[(&str, &str)]) -> Uuid {
    let groups = [world.group("見本 海の会", "ウミノカイ").await.to_string()];
    let led = browser.done("/meetings/new", &form(&groups, more)).await;
    led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap()
}

pub const DAY: [(&str, &str); 5] =
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
pub async fn polled<'a>(world: &'a World, staff: &Browser<'a>) -> (Uuid, Vec<(String, String)>) {
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
    assert!(page.contains("1団体にはメールのあて先がありません: 見本 夜の会。"), "{page}");
    let row = page.split("<th scope=\"row\">見本 夜の会").nth(1).unwrap();
    let seat = row.split("/poll/seats/").nth(1).unwrap()[..36].to_owned();
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
    assert!(!page.contains("メールのあて先がありません"), "{page}");
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

/// A meeting whose day is fixed and whose invitations are made, with three groups; its identifier.
pub async fn invited(world: &World, staff: &Browser<'_>) -> Uuid {
    let mut groups = Vec::new();
    for (name, mail) in [("見本 朝の会", "asa@example.jp"), ("見本 昼の会", "hiru@example.jp"), ("見本 夜の会", "")]
    {
        let group = world.group(name, "ミホン").await;
        if !mail.is_empty() {
            world.join(group, mail, Duty::Member).await;
        }
        groups.push(group.to_string());
    }
    let led = staff.done("/meetings/new", &form(&groups, &[("items", ""), ("least", "2")])).await;
    let id: Uuid = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().parse().unwrap();
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    notify(staff, id).await;
    id
}

/// Makes the notice that is due.
pub async fn notify(staff: &Browser<'_>, id: Uuid) {
    let path = format!("/meetings/{id}/notice");
    let seen = staff.page(&path).await.split("name=\"seen\" value=\"").nth(1).unwrap()[..1].to_owned();
    let fields = [
        ("seen", seen.as_str()),
        ("number", "見本第1号"),
        ("until", "2026-12-09"),
        ("until_time", "17:00"),
        ("do", "make"),
    ];
    assert_eq!(staff.done(&path, &fields).await, format!("{path}?done=made"));
}

/// The calendars of the letters of a kind, by address: method and text with its folded lines joined.
pub async fn calendars(world: &World, kind: &str) -> Vec<(String, String, String)> {
    let sql = "SELECT to_mail, calendar, calendar_method FROM letters WHERE kind = ? ORDER BY created_at, to_mail";
    let statement = db::statement(world.db().get_database_backend(), sql, vec![kind.into()]);
    let rows = world.db().query_all_raw(statement).await.unwrap();
    let text = |row: &sea_orm::QueryResult, name: &str| row.try_get::<String>("", name).unwrap();
    rows.iter()
        .map(|row| {
            let calendar = text(row, "calendar").replace("\r\n ", "");
            (text(row, "to_mail"), text(row, "calendar_method"), calendar)
        })
        .collect()
}

pub fn value<'a>(calendar: &'a str, name: &str) -> &'a str {
    let event = calendar.split("BEGIN:VEVENT").nth(1).unwrap();
    event.lines().find(|line| line.starts_with(name)).unwrap_or_default().trim_end()
}

pub async fn reply_link(world: &World, kind: &str, mail: &str) -> String {
    let letters = world.letters().await;
    let letter = letters.iter().rev().find(|letter| letter.kind == kind && letter.to_mail == mail).unwrap();
    let link = letter.secret("リンク");
    link[link.find("/rsvp/").unwrap()..].to_owned()
}

#[tokio::test]
async fn an_invitation_is_one_letter_to_each_with_a_calendar_of_its_own_and_is_held_until_released() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let letters = world.letters().await;
    assert_eq!(letters.iter().map(|letter| letter.state.as_str()).collect::<Vec<_>>(), ["held", "held"]);
    assert!(
        letters[0].body.contains("見本第1号") && letters[0].body.contains("1 日時　令和8年12月16日(水) 10:00〜11:30")
    );
    let made = calendars(&world, "meetings.invitation").await;
    assert_eq!(made.len(), 2, "the group without an address gets paper");
    for (mail, method, calendar) in &made {
        assert_eq!((method.as_str(), value(calendar, "SEQUENCE")), ("REQUEST", "SEQUENCE:0"));
        assert_eq!(calendar.matches("ATTENDEE").count(), 1);
        assert!(value(calendar, "ATTENDEE").ends_with(&format!("mailto:{mail}")), "{calendar}");
        assert!(value(calendar, "DTSTART").starts_with("DTSTART;TZID=Asia/Tokyo:20261216T100000"), "{calendar}");
    }
    assert_eq!(value(&made[0].2, "UID"), value(&made[1].2, "UID"));
    notify_is_over(&staff, id).await;
}

async fn notify_is_over(staff: &Browser<'_>, id: Uuid) {
    assert!(staff.page(&format!("/meetings/{id}/notice")).await.contains("いま作る通知はありません"));
}

#[tokio::test]
async fn a_moved_meeting_tells_the_invited_with_the_same_uid_and_a_higher_sequence_and_a_cancelled_one_calls_it_off() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let first = calendars(&world, "meetings.invitation").await[0].2.clone();
    let version = meeting::find(world.db(), id).await.unwrap().unwrap().version.to_string();
    let later = [
        ("version", version.as_str()),
        ("on", "2026-12-23"),
        ("begins", "13:00"),
        ("ends", "14:30"),
        ("place", "見本会館"),
    ];
    staff.done(&format!("/meetings/{id}/day"), &later).await;
    notify(&staff, id).await;
    let moved = calendars(&world, "meetings.move").await;
    assert_eq!((moved.len(), moved[0].1.as_str()), (2, "REQUEST"));
    assert_eq!(value(&moved[0].2, "UID"), value(&first, "UID"));
    assert_eq!(value(&moved[0].2, "SEQUENCE"), "SEQUENCE:1");
    staff.done(&format!("/meetings/{id}/cancellation"), &[("reason", "台風のため")]).await;
    notify(&staff, id).await;
    let ended = calendars(&world, "meetings.cancellation").await;
    assert_eq!((ended.len(), ended[0].1.as_str(), value(&ended[0].2, "STATUS")), (2, "CANCEL", "STATUS:CANCELLED"));
    assert_eq!(value(&ended[0].2, "SEQUENCE"), "SEQUENCE:2");
    notify_is_over(&staff, id).await;
}

#[tokio::test]
async fn a_group_replies_by_its_link_with_names_and_the_last_reply_counts() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let path = reply_link(&world, "meetings.invitation", "asa@example.jp").await;
    let visitor = world.visitor();
    let empty = visitor.post(&path, &[("delegates", "見本 太郎")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("見本 太郎"));
    let nobody = visitor.post(&path, &[("answer", "proxy")]).await;
    assert!(nobody.text().contains("代理の方のお名前を書いてください。"));
    visitor.done(&path, &[("answer", "absent"), ("opinion", "日程に反対です。")]).await;
    visitor.done(&path, &[("answer", "attend"), ("delegates", "見本 太郎\n見本 花子")]).await;
    let page = staff.page(&format!("/meetings/{id}/replies")).await;
    assert!(page.contains("1団体 2人") && page.contains("未回答<span class=\"number\">2団体"), "{page}");
    assert_eq!(visitor.page(&path).await.matches("<li class=\"entry-row\">").count(), 2, "the history stays");
    for _ in 0..2 {
        staff.done(&format!("/meetings/{id}/replies/reminders"), &[("reminders", "0")]).await;
    }
    let letters = world.letters().await;
    let reminded: Vec<&str> =
        letters.iter().filter(|one| one.kind == "meetings.reply_reminder").map(|one| one.to_mail.as_str()).collect();
    assert_eq!(reminded, ["hiru@example.jp"]);
}

#[tokio::test]
async fn a_reply_to_a_cancelled_meeting_or_of_a_group_taken_out_changes_nothing_and_says_why() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let visitor = world.visitor();
    let asa = reply_link(&world, "meetings.invitation", "asa@example.jp").await;
    let hiru = reply_link(&world, "meetings.invitation", "hiru@example.jp").await;
    for path in [&asa, &hiru] {
        visitor.done(path, &[("answer", "attend")]).await;
    }
    let page = staff.page(&format!("/meetings/{id}/replies")).await;
    let seat = page.split("見本 昼の会を会議から").next().unwrap().rsplit("/seats/").next().unwrap()[..36].to_owned();
    staff.done(&format!("/meetings/{id}/seats/{seat}/removal"), &[("reason", "二重に招いたため")]).await;
    let ended = calendars(&world, "meetings.withdrawal").await;
    assert_eq!(
        ended.iter().map(|(mail, method, _)| (mail.as_str(), method.as_str())).collect::<Vec<_>>(),
        [("hiru@example.jp", "CANCEL")]
    );
    visitor.done(&hiru, &[("answer", "absent")]).await;
    assert!(visitor.page(&hiru).await.contains("ご案内から外れました"));
    staff.done(&format!("/meetings/{id}/cancellation"), &[("reason", "台風のため")]).await;
    visitor.done(&asa, &[("answer", "absent")]).await;
    let page = visitor.page(&asa).await;
    assert!(page.contains("この会議は中止になりました") && page.contains("出席 1人"), "{page}");
}

/// The answer of a calendar as mail, from an address about an attendee.
pub fn answer(from: &str, attendee: &str, uid: &str, partstat: &str, sequence: i32) -> Vec<u8> {
    let lines = [
        format!("From: <{from}>"),
        "To: kyodo@kyodo.example.jp".to_owned(),
        format!("Message-ID: <{from}-{partstat}-{sequence}@example.jp>"),
        "Subject: reply".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/calendar; method=REPLY; charset=utf-8".to_owned(),
        String::new(),
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//test//EN".to_owned(),
        "METHOD:REPLY".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        uid.to_owned(),
        format!("SEQUENCE:{sequence}"),
        "DTSTAMP:20261124T000000Z".to_owned(),
        "DTSTART:20261216T010000Z".to_owned(),
        format!("ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
        String::new(),
    ];
    lines.join("\r\n").into_bytes()
}

#[tokio::test]
async fn the_answer_of_a_calendar_is_the_reply_of_its_group_and_forged_or_late_ones_are_refused() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff).await;
    let uid = value(&calendars(&world, "meetings.invitation").await[0].2, "UID").to_owned();
    let (zone, at) = (world.app.city().profile.zone, now());
    let take = async |mail: Vec<u8>| {
        inbound::take(world.db(), &mail, inbound::Channel::Pipe, TAKERS, (zone, at)).await.unwrap()
    };
    let stored = |outcome| inbound::Taken::Stored(outcome);
    let said = take(answer("asa@example.jp", "asa@example.jp", &uid, "ACCEPTED", 0)).await;
    assert_eq!(said, stored(inbound::Outcome::Taken));
    let forged = take(answer("evil@example.jp", "asa@example.jp", &uid, "DECLINED", 0)).await;
    assert_eq!(forged, stored(inbound::Outcome::Refused));
    let stranger = take(answer("evil@example.jp", "evil@example.jp", &uid, "DECLINED", 0)).await;
    assert_eq!(stranger, stored(inbound::Outcome::Refused));
    let page = staff.page(&format!("/meetings/{id}/replies")).await;
    assert!(page.contains("1団体 1人") && page.contains("カレンダーの返事"), "{page}");
    let version = meeting::find(world.db(), id).await.unwrap().unwrap().version.to_string();
    let later = [
        ("version", version.as_str()),
        ("on", "2026-12-23"),
        ("begins", "13:00"),
        ("ends", "14:30"),
        ("place", "見本会館"),
    ];
    staff.done(&format!("/meetings/{id}/day"), &later).await;
    let stale = take(answer("hiru@example.jp", "hiru@example.jp", &uid, "ACCEPTED", 0)).await;
    assert_eq!(stale, stored(inbound::Outcome::Refused), "it answers the day before the change");
    let fresh = take(answer("hiru@example.jp", "hiru@example.jp", &uid, "DECLINED", 1)).await;
    assert_eq!(fresh, stored(inbound::Outcome::Taken));
}

#[tokio::test]
async fn the_finder_proposes_days_with_its_reasons_leaves_out_what_is_taken_and_makes_candidates_of_what_is_ticked() {
    let world = World::new().await;
    seed::reference(world.db(), now()).await.unwrap();
    let staff = world.staff().await;
    let sea = kyodo::groups::Draft {
        name: "見本 海の会".to_owned(),
        kana: "ウミノカイ".to_owned(),
        town_key: "kamitsushima".to_owned(),
        ..kyodo::groups::Draft::default()
    };
    let sea = world.keep(sea).await.to_string();
    let groups = [sea.clone()];
    let more = [("items", ""), ("required", sea.as_str()), ("town", "izuhara")];
    let led = staff.done("/meetings/new", &form(&groups, &more)).await;
    let id = led.strip_prefix("/meetings/").unwrap().split('/').next().unwrap().to_owned();
    let busy = [
        ("do", "confirmed"),
        ("group", sea.as_str()),
        ("title", "見本 浜の清掃"),
        ("category", "environment"),
        ("from", "2026-12-16"),
        ("all_day", "1"),
        ("place", "竹敷の浜"),
    ];
    staff.done("/events/new", &busy).await;
    let page = staff.page(&format!("/meetings/{id}/finding")).await;
    let keys: Vec<&str> =
        page.split("name=\"date\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(
        !keys.is_empty() && keys.iter().all(|key| !key.starts_with("2026-12-16") && !key.starts_with("2026-12-30"))
    );
    for told in ["135分", "年末年始", "「見本 浜の清掃」"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let chosen: Vec<(&str, &str)> = keys.iter().take(2).map(|key| ("date", *key)).collect();
    staff.done(&format!("/meetings/{id}/finding"), &chosen).await;
    let dates = kyodo::meetings::poll::date::of_meeting(world.db(), id.parse().unwrap()).await.unwrap();
    assert_eq!(dates.len(), 2);
    assert!(dates[0].reasons().join(" ").contains("135分"), "{:?}", dates[0].reasons());
}

/// What waits for staff about meetings, in words.
async fn waits(world: &World, at: &str) -> Vec<String> {
    let (count, waiting) = meetings::waiting(world.db(), at.parse().unwrap(), 10).await.unwrap();
    assert_eq!(count, waiting.len() as i64);
    assert_eq!(meetings::waiting(world.db(), at.parse().unwrap(), 1).await.unwrap().0, count, "also those not listed");
    waiting.into_iter().map(|one| one.title).collect()
}

#[tokio::test]
async fn what_is_to_be_done_about_a_meeting_waits_on_the_desk_until_it_is_done() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (id, _) = polled(&world, &staff).await;
    let today = crate::world::NOW;
    assert!(waits(&world, today).await.is_empty(), "the groups are at work");
    staff.done(&format!("/meetings/{id}/poll/closure"), &[]).await;
    assert_eq!(waits(&world, today).await, ["日程を決める: 見本 連絡調整会議"]);
    let desk = staff.page("/staff?kind=会議").await;
    assert!(desk.contains(&format!("href=\"/meetings/{id}/poll\"")), "{desk}");
    let version = async || meeting::find(world.db(), id).await.unwrap().unwrap().version.to_string();
    let fix = async |on: &str| {
        let version = version().await;
        staff.done(&format!("/meetings/{id}/day"), &[("version", &version), ("on", on), DAY[2], DAY[3], DAY[4]]).await;
    };
    fix("2026-12-16").await;
    assert_eq!(waits(&world, today).await, ["開催通知を作る: 見本 連絡調整会議"]);
    notify(&staff, id).await;
    assert!(waits(&world, today).await.is_empty());
    // Replies are asked for until 9 December, 17:00.
    assert!(waits(&world, "2026-12-06T07:59:00Z").await.is_empty());
    let silent = ["返事のない団体に、もう一度お願いする: 見本 連絡調整会議"];
    assert_eq!(waits(&world, "2026-12-06T08:00:00Z").await, silent);
    assert!(waits(&world, "2026-12-09T08:00:00Z").await.is_empty(), "it is too late to ask again");
    fix("2026-12-23").await;
    assert_eq!(waits(&world, today).await, ["変更や中止のお知らせを作る: 見本 連絡調整会議"]);
}

#[tokio::test]
async fn a_group_that_convenes_sees_what_to_do_next_and_that_the_office_still_has_its_letters() {
    let world = World::new().await;
    let own = world.group("見本 森の会", "モリノカイ").await;
    world.join(own, "mori@example.jp", Duty::Member).await;
    let member = world.member("mori@example.jp").await;
    let id = convened(&world, &member, &[("items", ""), ("convener", &own.to_string())]).await;
    let other = world.group("見本 川の会", "カワノカイ").await;
    world.join(other, "kawa@example.jp", Duty::Member).await;
    member.done(&format!("/meetings/{id}/day"), &DAY).await;
    let path = meetings::group_path(own);
    let page = member.page(&path).await;
    assert!(page.contains("つぎにすること") && page.contains("開催通知を作る: 見本 連絡調整会議"), "{page}");
    assert!(waits(&world, crate::world::NOW).await.is_empty(), "that is the group's work, not the office's");
    assert!(!world.member("kawa@example.jp").await.page(&meetings::group_path(other)).await.contains("開催通知を作る"));
    let sea = "SELECT id FROM groups WHERE name = '見本 海の会'";
    let row = db::statement(world.db().get_database_backend(), sea, vec![]);
    let sea: Uuid = world.db().query_one_raw(row).await.unwrap().unwrap().try_get("", "id").unwrap();
    world.join(sea, "umi@example.jp", Duty::Member).await;
    notify(&member, id).await;
    let page = member.page(&path).await;
    assert!(!page.contains("開催通知を作る") && page.contains("市の担当者が確かめてから送ります。"), "{page}");
}
