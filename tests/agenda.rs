//! The agenda of a meeting: its order, proposals of the groups, what is carried over, and the materials.

use std::io::{Cursor, Write};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use kyodo::clock::new_id;
use kyodo::db;
use kyodo::groups::Duty;
use kyodo::meetings::{self, agenda, meeting};
use sea_orm::ConnectionTrait;
use uuid::Uuid;
use zip::write::SimpleFileOptions;

use crate::world::{Answer, Browser, World, now};

/// Runs a statement on the test's database.
async fn run(world: &World, sql: &str, values: Vec<sea_orm::Value>) {
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
}

/// A public meeting of the city with two groups, whose day is fixed and whose invitations are made; its identifier.
async fn invited(world: &World, staff: &Browser<'_>, more: &[(&str, &str)]) -> Uuid {
    let mut groups = Vec::new();
    for (name, mail) in [("見本 朝の会", "asa@example.jp"), ("見本 昼の会", "hiru@example.jp")] {
        let group = world.group(name, "ミホン").await;
        world.join(group, mail, Duty::Member).await;
        groups.push(group.to_string());
    }
    let id = convened(staff, &groups, more).await;
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    invite(staff, id).await;
    id
}

const DAY: [(&str, &str); 5] =
    [("version", "1"), ("on", "2026-12-16"), ("begins", "10:00"), ("ends", "11:30"), ("place", "見本会館")];

async fn convened(browser: &Browser<'_>, groups: &[String], more: &[(&str, &str)]) -> Uuid {
    let id = new_id().to_string();
    let mut fields = vec![
        ("id", id.as_str()),
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
    ];
    fields.extend(groups.iter().map(|group| ("group", group.as_str())));
    for (name, value) in more {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    browser.done("/meetings/new", &fields).await;
    id.parse().unwrap()
}

async fn invite(staff: &Browser<'_>, id: Uuid) {
    let fields = [("seen", "0"), ("until", "2026-12-09"), ("until_time", "17:00"), ("do", "make")];
    staff.done(&format!("/meetings/{id}/notice"), &fields).await;
}

/// The secret of the newest personal link in a letter of this kind to an address.
async fn token(world: &World, kind: &str, mail: &str) -> String {
    let letters = world.letters().await;
    let letter = letters.iter().rev().find(|one| one.kind == kind && one.to_mail == mail).unwrap();
    letter.secret("リンク").rsplit('/').next().unwrap().to_owned()
}

/// What stands between two texts of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}")).split(after).next().unwrap()
}

async fn add(staff: &Browser<'_>, id: Uuid, title: &str, minutes: &str) {
    let page = staff.page(&format!("/meetings/{id}/agenda")).await;
    let own = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    let fields = [("id", own.as_str()), ("title", title), ("minutes", minutes), ("speaker", "見本 太郎")];
    for _ in 0..2 {
        let led = staff.done(&format!("/meetings/{id}/agenda"), &fields).await;
        assert_eq!(led, format!("/meetings/{id}/agenda?done=added"), "sent twice, added once");
    }
}

async fn titles(world: &World, id: Uuid) -> Vec<String> {
    agenda::item::listed(world.db(), id).await.unwrap().into_iter().map(|item| item.title).collect()
}

async fn item(world: &World, id: Uuid, title: &str) -> agenda::Item {
    let items = agenda::item::of_meeting(world.db(), id).await.unwrap();
    items.into_iter().find(|item| item.title == title).unwrap_or_else(|| panic!("no item {title}"))
}

/// The actions of the trail about a meeting, the oldest first.
async fn trail(world: &World, id: Uuid) -> Vec<String> {
    let sql = "SELECT action FROM audit WHERE noun = 'meeting' AND noun_id = ? ORDER BY at, id";
    let values = vec![id.to_string().into()];
    let statement = db::statement(world.db().get_database_backend(), sql, values);
    let rows = world.db().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "action").unwrap()).collect()
}

async fn open_proposals(staff: &Browser<'_>, id: Uuid) {
    let fields = [("was", ""), ("until", "2026-12-08"), ("until_time", "17:00")];
    staff.done(&format!("/meetings/{id}/agenda/until"), &fields).await;
}

#[tokio::test]
async fn items_stand_in_their_order_with_clock_times_and_too_many_minutes_are_told() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    for (title, minutes) in [("はじめの議題", "20分"), ("つぎの議題", "30"), ("おわりの議題", "60")] {
        add(&staff, id, title, minutes).await;
    }
    let page = staff.page(&format!("/meetings/{id}/agenda")).await;
    for told in ["10:00〜10:20", "10:20〜10:50", "10:50〜11:50", "会議の長さ(90分)より20分長く"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (first, next) = (item(&world, id, "はじめの議題").await, item(&world, id, "つぎの議題").await);
    let down = [("version", "1"), ("beside", &next.id.to_string()), ("way", "down")];
    staff.done(&format!("/meetings/{id}/agenda/items/{}/move", first.id), &down).await;
    assert_eq!(titles(&world, id).await, ["つぎの議題", "はじめの議題", "おわりの議題"]);
    let again = staff.post(&format!("/meetings/{id}/agenda/items/{}/move", first.id), &down).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "the same press twice moves once");
    assert!(again.text().contains("ほかの人が議題を変えました"));
    let removal = format!("/meetings/{id}/agenda/items/{}/removal", next.id);
    staff.done(&removal, &[("version", &next.version.to_string())]).await;
    assert_eq!(titles(&world, id).await, ["はじめの議題", "おわりの議題"]);
    let back = format!("/meetings/{id}/agenda/items/{}/return", next.id);
    staff.done(&back, &[("version", &(next.version + 1).to_string())]).await;
    assert_eq!(titles(&world, id).await, ["はじめの議題", "おわりの議題", "つぎの議題"]);
    let actions = trail(&world, id).await;
    for action in ["議題の追加", "議題の順番の変更", "議題を外す", "議題を戻す"] {
        assert!(actions.iter().any(|one| one == action), "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn two_editors_of_one_item_do_not_write_over_each_other_and_keep_what_they_typed() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    add(&staff, id, "清掃の日程", "20").await;
    let path = format!("/meetings/{id}/agenda/items/{}", item(&world, id, "清掃の日程").await.id);
    staff.done(&path, &[("version", "1"), ("title", "清掃の日程(春)")]).await;
    let late = staff.post(&path, &[("version", "1"), ("title", "清掃の日程(秋)"), ("words", "秋の案です。")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["清掃の日程(春)", "清掃の日程(秋)", "秋の案です。", "ほかの人がこの議題を変えました"]
    {
        assert!(late.text().contains(told), "{told}");
    }
    assert_eq!(titles(&world, id).await, ["清掃の日程(春)"]);
    let version = between(&late.text(), "name=\"version\" value=\"", "\"").to_owned();
    staff.done(&path, &[("version", &version), ("title", "清掃の日程(秋)")]).await;
    assert_eq!(titles(&world, id).await, ["清掃の日程(秋)"], "seen and sent once more, it is written");
    let wrong = staff.post(&format!("/meetings/{id}/agenda"), &[("title", ""), ("words", "説明だけ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("議題を書いてください。") && wrong.text().contains("説明だけ"));
}

#[tokio::test]
async fn only_those_who_convene_or_chair_write_the_agenda() {
    let world = World::new().await;
    let staff = world.staff().await;
    let chair = world.group("見本 議長の会", "ギチョウ").await;
    world.join(chair, "gicho@example.jp", Duty::Member).await;
    let id = invited(&world, &staff, &[("chair_group", &chair.to_string())]).await;
    let (stranger, chairing) = (world.member("asa@example.jp").await, world.member("gicho@example.jp").await);
    for path in ["agenda", "agenda/print", "materials"] {
        let path = format!("/meetings/{id}/{path}");
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(chairing.get(&path).await.status, StatusCode::OK, "{path}");
        assert_eq!(world.get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    let refused = stranger.post(&format!("/meetings/{id}/agenda"), &[("title", "勝手な議題")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(titles(&world, id).await.is_empty());
}

#[tokio::test]
async fn a_group_proposes_by_its_link_changes_and_withdraws_and_learns_what_became_of_it() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let path = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    let visitor = world.visitor();
    let closed = visitor.post(&path, &[("title", "早すぎる提案")]).await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody asked for proposals yet");
    open_proposals(&staff, id).await;
    assert!(visitor.page(&path).await.contains("令和8年12月8日(火) 17:00まで"));
    for title in ["海岸の清掃", "夏祭りの日程", "取り下げる提案"] {
        let own = new_id().to_string();
        visitor.done(&path, &[("id", &own), ("title", title), ("minutes", "15")]).await;
    }
    let clean = item(&world, id, "海岸の清掃").await;
    let own = format!("{path}/items/{}", clean.id);
    visitor.done(&own, &[("version", "1"), ("title", "海岸の清掃の日程"), ("words", "春と秋に行います。")]).await;
    let gone = item(&world, id, "取り下げる提案").await;
    visitor.done(&format!("{path}/items/{}", gone.id), &[("version", "1"), ("do", "withdraw")]).await;
    assert!(titles(&world, id).await.is_empty(), "a proposal is no item yet");
    let public = world.page(&meetings::path(id)).await;
    assert!(!public.contains("海岸の清掃"), "nor does anybody else see it");
    assert!(staff.page("/staff").await.contains("海岸の清掃の日程(見本 連絡調整会議)"));
    let proposal = format!("/meetings/{id}/agenda/proposals/{}", clean.id);
    let stale = [("version", "1"), ("do", "accept"), ("title", "x"), ("note", "お願いします。")];
    let stale = staff.post(&proposal, &stale).await;
    assert!(stale.status == StatusCode::UNPROCESSABLE_ENTITY && stale.text().contains("団体が提案を直しました"));
    let accept =
        [("version", "2"), ("do", "accept"), ("title", "海岸の清掃"), ("minutes", "20"), ("note", "20分とります。")];
    let led = staff.done(&proposal, &accept).await;
    assert_eq!(led, format!("/meetings/{id}/agenda?done=accepted"));
    let festival = format!("/meetings/{id}/agenda/proposals/{}", item(&world, id, "夏祭りの日程").await.id);
    let silent = staff.post(&festival, &[("version", "1"), ("do", "decline")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal says why");
    staff.done(&festival, &[("version", "1"), ("do", "decline"), ("note", "次の会議で話します。")]).await;
    assert_eq!(titles(&world, id).await, ["海岸の清掃"]);
    let page = visitor.page(&path).await;
    for told in ["採用", "20分とります。", "見送り", "次の会議で話します。", "取り下げ", "10:00〜10:20"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let letters = world.letters().await;
    let told: Vec<(&str, &str, &str)> = letters
        .iter()
        .filter(|one| one.kind.starts_with("meetings.agenda"))
        .map(|one| (one.kind.as_str(), one.to_mail.as_str(), one.state.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("meetings.agenda_accepted", "asa@example.jp", "queued"),
            ("meetings.agenda_declined", "asa@example.jp", "queued")
        ]
    );
    let late = visitor.post(&own, &[("version", "3"), ("title", "あとから変える")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "what is decided is not changed");
    assert!(late.text().contains("あとから変える") && late.text().contains("採用か見送りかが決まりました"));
    let link = token(&world, "meetings.agenda_accepted", "asa@example.jp").await;
    assert!(visitor.page(&format!("/agenda/{link}")).await.contains("海岸の清掃"));
}

#[tokio::test]
async fn after_the_deadline_or_the_end_of_a_meeting_nothing_is_taken_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let path = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    open_proposals(&staff, id).await;
    let visitor = world.visitor();
    visitor.done(&path, &[("id", &new_id().to_string()), ("title", "間に合った提案")]).await;
    let until = "UPDATE meetings SET agenda_until = ? WHERE id = ?";
    run(&world, until, vec![(now() - Duration::minutes(1)).into(), id.into()]).await;
    let late = visitor.post(&path, &[("title", "おそい提案"), ("words", "長い説明です。")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["おそい提案", "長い説明です。", "保存していません", "締め切りました"] {
        assert!(late.text().contains(told), "{told}: {}", late.text());
    }
    let page = visitor.page(&path).await;
    assert!(page.contains("間に合った提案") && !page.contains("この議題を提案する"));
    run(&world, until, vec![(now() + Duration::days(3)).into(), id.into()]).await;
    run(&world, "UPDATE meetings SET held_at = ? WHERE id = ?", vec![now().into(), id.into()]).await;
    assert!(visitor.post(&path, &[("title", "終わったあと")]).await.text().contains("終わったあと"));
    assert!(visitor.page(&path).await.contains("始まったか、終わりました"));
    run(&world, "UPDATE meetings SET held_at = NULL WHERE id = ?", vec![id.into()]).await;
    staff.done(&format!("/meetings/{id}/cancellation"), &[("reason", "台風のため")]).await;
    let stopped = visitor.post(&path, &[("title", "中止のあと")]).await;
    assert!(stopped.status == StatusCode::UNPROCESSABLE_ENTITY && stopped.text().contains("中止になりました"));
    assert_eq!(agenda::item::of_meeting(world.db(), id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_of_another_meeting_a_revoked_one_and_a_group_taken_out_lead_nowhere() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let asa = token(&world, "meetings.invitation", "asa@example.jp").await;
    let hiru = token(&world, "meetings.invitation", "hiru@example.jp").await;
    open_proposals(&staff, id).await;
    let visitor = world.visitor();
    let own = new_id().to_string();
    visitor.done(&format!("/agenda/{asa}"), &[("id", &own), ("title", "朝の提案")]).await;
    let others = format!("/agenda/{hiru}/items/{own}");
    assert_eq!(visitor.get(&others).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post(&others, &[("version", "1"), ("do", "withdraw")]).await.status, StatusCode::NOT_FOUND);
    let group = world.group("見本 夕の会", "ミホン").await;
    world.join(group, "yu@example.jp", Duty::Member).await;
    let other = convened(&staff, &[group.to_string()], &[("title", "見本 別の会議")]).await;
    staff.done(&format!("/meetings/{other}/day"), &DAY).await;
    invite(&staff, other).await;
    let foreign = token(&world, "meetings.invitation", "yu@example.jp").await;
    assert!(!visitor.page(&format!("/agenda/{foreign}")).await.contains("見本 連絡調整会議"));
    assert_eq!(visitor.get(&format!("/agenda/{foreign}/items/{own}")).await.status, StatusCode::NOT_FOUND);
    run(&world, "DELETE FROM memberships WHERE group_id = ?", vec![group.into()]).await;
    let revoked = visitor.get(&format!("/agenda/{foreign}")).await;
    assert!(revoked.status == StatusCode::GONE && revoked.text().contains("いまは団体の担当者ではありません"));
    assert_eq!(visitor.get("/agenda/wrong-token").await.status, StatusCode::GONE);
    let sql = "UPDATE meeting_seats SET removed_at = ? WHERE meeting_id = ?";
    run(&world, sql, vec![now().into(), id.into()]).await;
    let out = visitor.post(&format!("/agenda/{asa}"), &[("title", "外れたあと")]).await;
    assert!(out.status == StatusCode::UNPROCESSABLE_ENTITY && out.text().contains("ご案内から外れました"));
}

#[tokio::test]
async fn a_group_that_convenes_is_told_of_a_proposal_once_and_decides_about_it() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (own, guest) = (world.group("見本 森の会", "モリ").await, world.group("見本 朝の会", "アサ").await);
    world.join(own, "mori@example.jp", Duty::Member).await;
    world.join(guest, "asa@example.jp", Duty::Member).await;
    let member = world.member("mori@example.jp").await;
    let id = convened(&member, &[guest.to_string()], &[("convener", &own.to_string())]).await;
    member.done(&format!("/meetings/{id}/day"), &DAY).await;
    invite(&member, id).await;
    open_proposals(&member, id).await;
    let path = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    let once = new_id().to_string();
    for _ in 0..2 {
        world.visitor().done(&path, &[("id", &once), ("title", "海岸の清掃")]).await;
    }
    let letters = world.letters().await;
    let told: Vec<&str> =
        letters.iter().filter(|one| one.kind == "meetings.agenda_proposed").map(|one| one.to_mail.as_str()).collect();
    assert_eq!(told, ["mori@example.jp"]);
    assert_eq!(trail(&world, id).await.iter().filter(|one| *one == "議題の提案").count(), 1);
    assert!(!staff.page("/staff").await.contains("海岸の清掃"), "it is the group's to decide");
    let page = member.page(&format!("/meetings/{id}/agenda")).await;
    assert!(page.contains("見本 朝の会") && page.contains("海岸の清掃"), "{page}");
    for turn in 1..10 {
        world.visitor().done(&path, &[("id", &new_id().to_string()), ("title", &format!("提案{turn}"))]).await;
    }
    let many = world.visitor().post(&path, &[("title", "十一番め")]).await;
    assert!(many.status == StatusCode::UNPROCESSABLE_ENTITY && many.text().contains("提案が10件あります"));
}

#[tokio::test]
async fn members_propose_signed_in_and_find_it_from_their_own_meetings() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    open_proposals(&staff, id).await;
    let member = world.member("asa@example.jp").await;
    let seats = kyodo::meetings::seat::of_meeting(world.db(), id).await.unwrap();
    let group = seats.iter().find(|seat| seat.name == "見本 朝の会").unwrap().group_id;
    let path = format!("/me/groups/{group}/meetings/{id}/agenda");
    assert!(member.page(&format!("/me/groups/{group}/meetings")).await.contains(&path));
    member.done(&path, &[("id", &new_id().to_string()), ("title", "ログインした提案")]).await;
    assert!(member.page(&path).await.contains("ログインした提案"));
    let stranger = world.member("hiru@example.jp").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let told = visitor_links(&world, "asa@example.jp").await;
    assert!(world.visitor().page(&told).await.contains("議題と資料を見る"));
}

async fn visitor_links(world: &World, mail: &str) -> String {
    format!("/rsvp/{}", token(world, "meetings.invitation", mail).await)
}

/// Writes an open decision of a meeting down, as its minutes do.
async fn decided(world: &World, meeting: Uuid, words: &str) -> Uuid {
    let id = new_id();
    let sql = "INSERT INTO decisions (id, meeting_id, position, kind, words, owner, due_on, state, outcome, settled_by,
        chases, version, created_at, updated_at) VALUES (?, ?, 1, 'task', ?, '見本課', ?, 'open', '', '', 0, 1, ?, ?)";
    let due: chrono::NaiveDate = "2026-12-01".parse().unwrap();
    run(world, sql, vec![id.into(), meeting.into(), words.into(), due.into(), now().into(), now().into()]).await;
    id
}

/// A meeting of the same groups that was held a month ago.
async fn held(world: &World, staff: &Browser<'_>, like: Uuid, public: bool) -> Uuid {
    let seats = kyodo::meetings::seat::of_meeting(world.db(), like).await.unwrap();
    let groups: Vec<String> = seats.iter().map(|seat| seat.group_id.to_string()).collect();
    let id = convened(staff, &groups, &[("title", "見本 前の会議")]).await;
    let sql = "UPDATE meetings SET starts_at = ?, ends_at = ?, fixed_at = ?, held_at = ?, public = ? WHERE id = ?";
    let at = now() - Duration::days(30);
    run(world, sql, vec![at.into(), at.into(), at.into(), at.into(), public.into(), id.into()]).await;
    id
}

#[tokio::test]
async fn open_decisions_stand_on_the_next_agenda_by_themselves_and_leave_it_once_settled() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let before = held(&world, &staff, id, true).await;
    let one = decided(&world, before, "清掃用具を数える").await;
    let page = staff.page(&format!("/meetings/{id}/agenda")).await;
    for told in ["清掃用具を数える", "担当: 見本課", "令和8年12月1日(火)まで", "見本 前の会議"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let print = staff.page(&format!("/meetings/{id}/agenda/print")).await;
    assert!(print.contains("前回からの持ち越し") && print.contains("清掃用具を数える"));
    let link = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    assert!(world.visitor().page(&link).await.contains("清掃用具を数える"), "the groups were there");
    assert!(!world.page(&meetings::path(id)).await.contains("清掃用具を数える"), "its minutes are not published");
    run(&world, "UPDATE meetings SET published_at = ? WHERE id = ?", vec![now().into(), before.into()]).await;
    kyodo::revision::bump(world.db(), kyodo::revision::Scope::Calendar, now()).await.unwrap();
    assert!(world.page(&meetings::path(id)).await.contains("清掃用具を数える"));
    run(&world, "UPDATE decisions SET state = 'done' WHERE id = ?", vec![one.into()]).await;
    assert!(!staff.page(&format!("/meetings/{id}/agenda")).await.contains("清掃用具を数える"));
}

#[tokio::test]
async fn what_is_carried_over_is_taken_up_once_left_out_or_kept_when_the_meeting_is_held() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let before = held(&world, &staff, id, true).await;
    let mut ids = Vec::new();
    for words in ["取り上げる", "取り上げない", "そのまま"] {
        ids.push(decided(&world, before, words).await);
    }
    add(&staff, id, "ふつうの議題", "20").await;
    let carried = format!("/meetings/{id}/agenda/carried");
    staff.done(&format!("{carried}/{}", ids[0]), &[("do", "take")]).await;
    let again = staff.post(&format!("{carried}/{}", ids[0]), &[("do", "take")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "it is taken up once");
    staff.done(&format!("{carried}/{}", ids[1]), &[("do", "leave")]).await;
    assert_eq!(titles(&world, id).await, ["ふつうの議題", "取り上げる"]);
    let whole = meeting::find(world.db(), id).await.unwrap().unwrap();
    let left: Vec<String> =
        agenda::carried(world.db(), &whole).await.unwrap().into_iter().map(|one| one.words).collect();
    assert_eq!(left, ["そのまま"]);
    assert_eq!(agenda::keep_carried(world.db(), &whole, now()).await.unwrap(), 1);
    assert_eq!(titles(&world, id).await, ["そのまま", "ふつうの議題", "取り上げる"]);
    run(&world, "UPDATE meetings SET held_at = ? WHERE id = ?", vec![now().into(), id.into()]).await;
    let whole = meeting::find(world.db(), id).await.unwrap().unwrap();
    assert!(agenda::carried(world.db(), &whole).await.unwrap().is_empty(), "a held meeting carries nothing more");
}

#[tokio::test]
async fn decisions_of_other_conveners_and_of_meetings_that_a_group_did_not_attend_stay_out_of_its_sight() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let group = world.group("見本 別の会", "ベツノカイ").await.to_string();
    let theirs = convened(&staff, std::slice::from_ref(&group), &[("convener", &group)]).await;
    let closed = convened(&staff, std::slice::from_ref(&group), &[("title", "見本 内々の会議")]).await;
    let sql = "UPDATE meetings SET starts_at = ?, ends_at = ?, fixed_at = ?, held_at = ? WHERE id = ?";
    let at = now() - Duration::days(9);
    for meeting in [theirs, closed] {
        run(&world, sql, vec![at.into(), at.into(), at.into(), at.into(), meeting.into()]).await;
    }
    decided(&world, theirs, "よその招集").await;
    decided(&world, closed, "内々の宿題").await;
    let page = staff.page(&format!("/meetings/{id}/agenda")).await;
    assert!(!page.contains("よその招集"), "another convener");
    assert!(page.contains("内々の宿題") && page.contains("前の会議に出ていない団体がいて"), "{page}");
    let link = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    assert!(!world.visitor().page(&link).await.contains("内々の宿題"));
    assert!(!staff.page(&format!("/meetings/{id}/agenda/print")).await.contains("内々の宿題"));
    assert!(!world.page(&meetings::path(id)).await.contains("内々の宿題"));
}

#[tokio::test]
async fn the_agenda_stands_in_the_notice_on_its_paper_and_on_the_public_page_without_who_speaks() {
    let world = World::new().await;
    let staff = world.staff().await;
    let group = world.group("見本 朝の会", "ミホン").await;
    world.join(group, "asa@example.jp", Duty::Member).await;
    let id = convened(&staff, &[group.to_string()], &[]).await;
    staff.done(&format!("/meetings/{id}/day"), &DAY).await;
    assert!(!world.page(&meetings::path(id)).await.contains("議題"));
    add(&staff, id, "海岸の清掃", "20").await;
    let public = world.page(&meetings::path(id)).await;
    assert!(public.contains("海岸の清掃") && public.contains("10:00〜10:20"), "{public}");
    assert!(!public.contains("見本 太郎"), "who speaks is not for everybody");
    invite(&staff, id).await;
    let letters = world.letters().await;
    assert!(letters[0].body.contains("3 内容　予定を知らせ合う。\n　(1) 海岸の清掃\n4 その他"), "{}", letters[0].body);
    let sheets = staff.post(&format!("/meetings/{id}/notice/sheets"), &[("which", "all")]).await.text();
    assert!(sheets.contains("(1) 海岸の清掃"));
    let print = staff.page(&format!("/meetings/{id}/agenda/print")).await;
    let order: Vec<usize> =
        ["<li>開会</li>", "海岸の清掃", "<li>閉会</li>"].iter().map(|one| print.find(one).unwrap()).collect();
    assert!(order.is_sorted(), "{print}");
}

/// A form with a file, as a browser sends it.
async fn upload(browser: &Browser<'_>, id: Uuid, fields: &[(&str, &str)], (name, bytes): (&str, &[u8])) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n--edge--\r\n"));
    let request = Request::post(format!("/meetings/{id}/materials"));
    browser.send(request.header("content-type", "multipart/form-data; boundary=edge"), Body::from(body)).await
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn office(main: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let types =
        format!("<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.{main}+xml\"/></Types>");
    let mut files = vec![("[Content_Types].xml", types.as_str()), ("_rels/.rels", "<Relationships/>")];
    files.extend(more);
    zipped(&files)
}

fn picture(format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::DynamicImage::new_rgb8(120, 80).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0\x3b";

/// A Word file of 1997 with one stream.
fn old_word(storage: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512 * 11];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[0x1E] = 9;
    let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    (0..109).for_each(|at| put(0x4C + at * 4, u32::MAX));
    for (at, number) in [(0x30, 1), (0x44, 0xFFFF_FFFE), (0x4C, 0), (512, 0xFFFF_FFFD), (516, 0xFFFF_FFFE)] {
        put(at, number);
    }
    for (at, name) in ["WordDocument", storage].into_iter().enumerate() {
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let begins = 1024 + at * 128;
        bytes[begins..begins + letters.len()].copy_from_slice(&letters);
        (bytes[begins + 64], bytes[begins + 66]) = (letters.len() as u8 + 2, 2);
    }
    bytes
}

async fn material(world: &World, id: Uuid, title: &str) -> meetings::materials::Material {
    let found = meetings::materials::of_meeting(world.db(), id).await.unwrap();
    found.into_iter().find(|one| one.title == title).unwrap_or_else(|| panic!("no material {title}"))
}

#[tokio::test]
async fn files_of_each_kind_are_taken_by_their_bytes_and_sent_safely_under_their_own_names() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("令和8年度 予定(案).pdf", PDF.to_vec(), "application/pdf"),
        ("a.docx", office("wordprocessingml.document.main", &[]), "wordprocessingml.document"),
        ("b.docx", office("spreadsheetml.sheet.main", &[]), "spreadsheetml.sheet"),
        ("c.pptx", office("presentationml.presentation.main", &[]), "presentationml.presentation"),
        ("d.doc", old_word("1Table"), "application/msword"),
        ("e.jpg", picture(image::ImageFormat::Jpeg), "image/jpeg"),
        ("f.jpg", picture(image::ImageFormat::Png), "image/png"),
        ("g.webp", picture(image::ImageFormat::WebP), "image/webp"),
        ("h.gif", GIF.to_vec(), "image/gif"),
    ];
    for (turn, (name, bytes, kind)) in files.iter().enumerate() {
        let title = format!("資料{turn}");
        let fields = [("id", &*new_id().to_string()), ("title", &title), ("public", "1")];
        for _ in 0..2 {
            let answer = upload(&staff, id, &fields, (name, bytes)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text());
        }
        let path = format!("/meetings/{id}/materials/{}", material(&world, id, &title).await.id);
        let sent = world.get(&path).await;
        assert_eq!(sent.status, StatusCode::OK, "{name}");
        assert!(sent.header("content-type").ends_with(kind), "{name}: {}", sent.header("content-type"));
        assert_eq!(sent.header("x-content-type-options"), "nosniff");
        assert!(sent.header("content-security-policy").contains("sandbox"), "{name}");
        assert_eq!(&sent.bytes, bytes, "{name}");
        assert_eq!(sent.header("content-length"), bytes.len().to_string());
        assert!(world.page(&meetings::path(id)).await.contains(&title));
    }
    let kept = meetings::materials::of_meeting(world.db(), id).await.unwrap();
    assert_eq!(kept.len(), files.len(), "each form sent twice adds one");
    let sent = world.get(&format!("/meetings/{id}/materials/{}", kept[0].id)).await;
    assert_eq!(
        sent.header("content-disposition"),
        "attachment; filename=\"document.pdf\"; filename*=UTF-8''%E4%BB%A4%E5%92%8C8%E5%B9%B4%E5%BA%A6%20%E4%BA%88%E5%AE%9A%28%E6%A1%88%29.pdf"
    );
    let sent = world.get(&format!("/meetings/{id}/materials/{}", kept[2].id)).await;
    assert!(sent.header("content-disposition").ends_with("filename*=UTF-8''b.xlsx"), "named by what it is");
}

#[tokio::test]
async fn pictures_lose_where_they_were_taken_and_stay_upright() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let plain = picture(image::ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend(*b"SECRET-PLACE");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let telling = [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat();
    let answer = upload(&staff, id, &[("title", "写真"), ("public", "1")], ("a.jpg", &telling)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let one = material(&world, id, "写真").await;
    let sent = world.get(&format!("/meetings/{id}/materials/{}", one.id)).await.bytes;
    assert!(!sent.windows(6).any(|part| part == b"SECRET"));
    let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&sent)).unwrap();
    let way = image::ImageDecoder::orientation(&mut decoder).unwrap();
    assert_eq!(way, image::metadata::Orientation::Rotate90);
    assert_eq!(image::load_from_memory(&sent).unwrap().width(), 120);
}

#[tokio::test]
async fn what_is_disguised_runs_by_itself_or_is_too_large_is_refused_in_words_and_leaves_nothing_behind() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    let docx = office("wordprocessingml.document.main", &[]);
    let gif = [GIF, b"<script>alert(1)</script>"].concat();
    let png = [&picture(image::ImageFormat::Png)[..], &docx].concat();
    let active =
        String::from_utf8_lossy(PDF).replace("/Catalog", "/Catalog /OpenAction << /S /JavaScript >>").into_bytes();
    let sized = |bytes: usize| [&PDF[..9], b"%", &vec![b' '; bytes - PDF.len() - 2], b"\n", &PDF[9..]].concat();
    let large = sized(20 * 1024 * 1024 + 1);
    let cases: [(&str, Vec<u8>, &str); 14] = [
        ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "どれとしても読めません"),
        ("b.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), "どれとしても読めません"),
        ("c.docx", zipped(&[("a.txt", "x")]), "どれとしても読めません"),
        ("d.xlsx", office("spreadsheetml.sheet.main", &[("xl/vbaProject.bin", "x")]), "マクロ"),
        ("e.docx", office("wordprocessingml.document.main", &[("word/VBAPROJECT.BIN", "x")]), "マクロ"),
        ("f.doc", old_word("_VBA_PROJECT"), "マクロ"),
        ("g.docx", [&docx[..], PDF].concat(), "まざっています"),
        ("h.pdf", [PDF, &docx[..]].concat(), "まざっています"),
        ("i.gif", gif, "まざっています"),
        ("j.png", png, "まざっています"),
        ("k.pdf", active, "自動で動くプログラム"),
        ("l.jpg", picture(image::ImageFormat::Jpeg)[..200].to_vec(), "こわれているようです"),
        ("m.exe", b"MZ\x90\0".to_vec(), "どれとしても読めません"),
        ("n.pdf", large, "1件20MBまで"),
    ];
    for (name, bytes, told) in cases {
        let answer = upload(&staff, id, &[("title", "書いた題名")], (name, &bytes)).await;
        let wanted = if name == "n.pdf" { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(answer.status, wanted, "{name}: {}", answer.text());
        assert!(answer.text().contains(told) && answer.text().contains("書いた題名"), "{name}: {}", answer.text());
    }
    let none = upload(&staff, id, &[("title", "題名だけ")], ("", b"")).await;
    assert!(none.text().contains("資料のファイルを選んでください。"));
    assert!(meetings::materials::of_meeting(world.db(), id).await.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(world.folder().join("materials")).map_or(0, Iterator::count), 0);
    let answer = upload(&staff, id, &[("title", "ちょうど")], ("o.pdf", &sized(20 * 1024 * 1024))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let beyond = vec![b' '; 22 * 1024 * 1024];
    let answer = upload(&staff, id, &[("title", "大きすぎる")], ("p.pdf", &beyond)).await;
    assert!(answer.status == StatusCode::PAYLOAD_TOO_LARGE && answer.text().contains("会議の資料は20MBまで"));
}

#[tokio::test]
async fn what_is_for_the_invited_is_found_by_nobody_else_nor_by_a_group_taken_out() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    upload(&staff, id, &[("title", "内部の資料")], ("a.pdf", PDF)).await;
    let one = material(&world, id, "内部の資料").await.id;
    let path = format!("/meetings/{id}/materials/{one}");
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!world.page(&meetings::path(id)).await.contains("内部の資料"));
    let (asa, hiru) = (world.member("asa@example.jp").await, world.member("hiru@example.jp").await);
    let outside = world.group("見本 外の会", "ソトノカイ").await;
    world.join(outside, "soto@example.jp", Duty::Member).await;
    assert_eq!(world.member("soto@example.jp").await.get(&path).await.status, StatusCode::NOT_FOUND);
    for browser in [&staff, &asa, &hiru] {
        let sent = browser.get(&path).await;
        assert_eq!((sent.status, sent.header("cache-control")), (StatusCode::OK, "no-store"));
    }
    let link = format!("/agenda/{}", token(&world, "meetings.invitation", "asa@example.jp").await);
    let shown = world.visitor().page(&link).await;
    assert!(shown.contains(&format!("{link}/materials/{one}")), "{shown}");
    assert_eq!(world.visitor().get(&format!("{link}/materials/{one}")).await.bytes, PDF);
    let other = convened(&staff, &[outside.to_string()], &[("title", "見本 別の会議")]).await;
    staff.done(&format!("/meetings/{other}/day"), &DAY).await;
    invite(&staff, other).await;
    let foreign = token(&world, "meetings.invitation", "soto@example.jp").await;
    let through = world.visitor().get(&format!("/agenda/{foreign}/materials/{one}")).await;
    assert_eq!(through.status, StatusCode::NOT_FOUND, "a link of another meeting");
    assert_eq!(world.get(&format!("/meetings/{other}/materials/{one}")).await.status, StatusCode::NOT_FOUND);
    let seats = kyodo::meetings::seat::of_meeting(world.db(), id).await.unwrap();
    let seat = seats.iter().find(|seat| seat.name == "見本 朝の会").unwrap().id;
    staff.done(&format!("/meetings/{id}/seats/{seat}/removal"), &[("reason", "二重に招いたため")]).await;
    assert_eq!(asa.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.visitor().get(&format!("{link}/materials/{one}")).await.status, StatusCode::NOT_FOUND);
    assert!(!world.visitor().page(&link).await.contains("内部の資料"));
    assert_eq!(hiru.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_removed_material_is_gone_at_once_its_line_stays_and_its_file_is_swept_later() {
    let world = World::new().await;
    let staff = world.staff().await;
    let id = invited(&world, &staff, &[]).await;
    upload(&staff, id, &[("title", "古い資料"), ("public", "1")], ("a.pdf", PDF)).await;
    let one = material(&world, id, "古い資料").await;
    let path = format!("/meetings/{id}/materials/{}", one.id);
    assert_eq!(world.get(&path).await.status, StatusCode::OK);
    let was = format!("1 {}", one.title);
    let hidden = [("was", was.as_str()), ("title", "古い資料(案)")];
    staff.done(&format!("{path}/edit"), &hidden).await;
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND, "for the invited from now on");
    let late = staff.post(&format!("{path}/edit"), &hidden).await;
    assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.text().contains("ほかの人がこの資料を変えました"));
    for _ in 0..2 {
        staff.done(&format!("{path}/removal"), &[]).await;
    }
    assert_eq!(staff.get(&path).await.status, StatusCode::NOT_FOUND);
    let actions = trail(&world, id).await;
    for action in ["資料の追加", "資料の変更", "資料を外す"] {
        assert_eq!(actions.iter().filter(|one| *one == action).count(), 1, "{action}: {actions:?}");
    }
    world.app.materials.put("orphan.pdf", bytes::Bytes::from_static(b"left over")).await.unwrap();
    let later = kyodo::clock::Clock::System.now() + Duration::days(2);
    let sweep = async |at| meetings::materials::sweep(world.db(), &world.app.materials, at).await.unwrap();
    assert_eq!(sweep(now()).await, 0, "what came in just now may still get its row");
    run(&world, "UPDATE meeting_materials SET removed_at = ? WHERE meeting_id = ?", vec![later.into(), id.into()])
        .await;
    assert_eq!(sweep(later).await, 1, "the file of what was removed a moment ago stays");
    assert_eq!(sweep(later + Duration::days(31)).await, 1);
    assert_eq!(std::fs::read_dir(world.folder().join("materials")).unwrap().count(), 0);
}
