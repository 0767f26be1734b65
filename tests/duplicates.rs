//! One event from several sources: found, made one by staff, kept by every source, and parted again.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kyodo::aggregation::duplicates::{self, candidate};
use kyodo::calendar::union::{self, Released};
use kyodo::calendar::{self, Desk, Draft, Span, Status};
use kyodo::city::City;
use kyodo::db;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use crate::world::{World, now, today};

const DESK: &str = "/staff/duplicates";
const PAIR: &str = "/staff/duplicates/pair";

fn desk<'a>(city: &'a City) -> Desk<'a> {
    Desk { city, host: "kyodo.example.jp", now: now(), today: today() }
}

/// A source of this name in the list of sources, as the calendar writes it.
async fn source(world: &World, number: u128, name: &str, trust: i32) -> String {
    let id = Uuid::from_u128(number);
    let sql = "INSERT INTO sources (id, name, way, url, host, home_url, institution, contact_mail, town_key, categories,
        items, shows, takes, leaves, trust, vanished, every_minutes, state, version, asked_by, asked_at, decided_by, note,
        next_check_at, failures, fault, etag, last_modified, digest, held, form, found, coming, left_out, months)
        VALUES (?, ?, 'ics', '', '', '', '', '', '', ?, ?, 'public', '', '', ?, 'cancel', 60, 'active', 1, '見本', ?, '',
        '', ?, 0, '', '', '', '', '', '', 0, 0, 0, ?)";
    let list = || Value::from(serde_json::json!([]));
    let values: Vec<Value> =
        vec![id.into(), name.into(), list(), list(), trust.into(), now().into(), now().into(), list()];
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
    calendar::source_name(id)
}

/// The festival of a source, on 2026-12-05 at this hour in Japan.
fn festival(source: &str, title: &str, hour: u32) -> Draft {
    let starts = format!("2026-12-05T{:02}:00:00Z", hour - 9).parse().unwrap();
    let ends = format!("2026-12-05T{:02}:00:00Z", hour - 6).parse().unwrap();
    let span = Span::Times { starts, ends: Some(ends) };
    Draft {
        place: "見本港広場".to_owned(),
        organiser: "見本まつり実行委員会".to_owned(),
        ..Draft::new(source, "matsuri", title, span, chrono_tz::Tz::Asia__Tokyo)
    }
}

async fn store(world: &World, draft: &Draft) -> Uuid {
    let city = world.app.city();
    let transaction = db::begin(world.db()).await.unwrap();
    let stored = calendar::store(&transaction, &desk(&city), draft).await.unwrap();
    transaction.commit().await.unwrap();
    stored.id
}

async fn search(world: &World) -> duplicates::Turn {
    let city = world.app.city();
    duplicates::search(world.db(), &desk(&city)).await.unwrap()
}

async fn release(world: &World, id: Uuid) -> Released {
    let city = world.app.city();
    let transaction = db::begin(world.db()).await.unwrap();
    let released = union::release(&transaction, &desk(&city), id).await.unwrap();
    transaction.commit().await.unwrap();
    released
}

async fn rows(world: &World, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
    world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap()
}

/// UID and SEQUENCE of an entry's row.
async fn stands(world: &World, id: Uuid) -> (String, i32, bool) {
    let row =
        rows(world, "SELECT uid, sequence, public FROM calendar_entries WHERE id = ?", vec![id.into()]).await.pop();
    let row = row.unwrap();
    (row.try_get("", "uid").unwrap(), row.try_get("", "sequence").unwrap(), row.try_get("", "public").unwrap())
}

/// The events of the public feed: their text by UID.
async fn feed(world: &World) -> BTreeMap<String, String> {
    let text = world.page("/calendar.ics").await.replace("\r\n ", "");
    let mut events = BTreeMap::new();
    for event in text.split("BEGIN:VEVENT").skip(1) {
        let event = event.split("END:VEVENT").next().unwrap().to_owned();
        let uid = event.lines().find_map(|line| line.strip_prefix("UID:")).unwrap().to_owned();
        assert_eq!(events.insert(uid, event), None, "one UID twice");
    }
    events
}

/// Two sources with the same festival.
async fn two(world: &World) -> (Uuid, Uuid) {
    let (one, other) = (source(world, 1, "見本観光協会", 3).await, source(world, 2, "見本まつりの会", 2).await);
    let first = store(world, &festival(&one, "第10回 見本港まつり", 10)).await;
    (first, store(world, &festival(&other, "【お知らせ】港まつり", 10)).await)
}

/// Makes two entries one on the page, as staff do.
async fn merge(world: &World, lead: Uuid, other: Uuid) -> Uuid {
    let fields = [("first", lead.to_string()), ("second", other.to_string()), ("lead", lead.to_string())];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("do", "merge"));
    assert_eq!(world.staff().await.done(PAIR, &fields).await, format!("{DESK}?done=merged"));
    union::of_entry(world.db(), lead).await.unwrap().unwrap().id
}

#[tokio::test]
async fn the_same_festival_from_two_sources_is_found_and_shown_with_its_reasons() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    store(&world, &Draft { source_uid: "other".to_owned(), ..festival("import:x", "見本 書道教室", 10) }).await;
    let turn = search(&world).await;
    assert_eq!((turn.compared, turn.found, turn.merged), (3, 1, 0));
    let page = world.staff().await.page(DESK).await;
    for words in [
        "第10回 見本港まつり",
        "【お知らせ】港まつり",
        "見本観光協会",
        "見本まつりの会",
        "令和8年12月5日(土) 10:00〜13:00",
        "同じ日の同じ時刻に始まります。",
        "場所の名前が同じです。",
        "主催が同じです。",
        "同じ予定と思われます",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let one = candidate::find(world.db(), first, second).await.unwrap().unwrap();
    assert_eq!((one.score, one.state()), (85, candidate::State::Open));
    let desk = world.staff().await.page("/staff").await;
    assert!(desk.contains("同じ予定かもしれません"), "it waits on the desk");
    // Nothing new, nothing done.
    let sql = "UPDATE calendar_entries SET updated_at = ?";
    let old = now() - chrono::Duration::days(2);
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![old.into()])).await.unwrap();
    assert_eq!(search(&world).await, duplicates::Turn::default());
    assert!(candidate::find(world.db(), first, second).await.unwrap().is_some(), "it still waits");
}

#[tokio::test]
async fn the_name_of_an_institution_that_only_tells_of_an_event_says_nothing_of_who_holds_it() {
    let world = World::new().await;
    let (one, other) = (source(&world, 1, "見本観光協会", 3).await, source(&world, 2, "見本図書館", 2).await);
    let named = |source: &str, organiser: &str| Draft {
        organiser: organiser.to_owned(),
        ..festival(source, "見本港まつり", 10)
    };
    let first = store(&world, &named(&one, "見本観光協会")).await;
    let second = store(&world, &named(&other, "見本図書館")).await;
    let against = async || {
        let backend = world.db().get_database_backend();
        // What was found is compared anew.
        for sql in ["DELETE FROM entry_likenesses", "UPDATE likeness_search SET since = NULL"] {
            world.db().execute_raw(db::statement(backend, sql, vec![])).await.unwrap();
        }
        search(&world).await;
        candidate::find(world.db(), first, second).await.unwrap().unwrap().likeness().against.join(" ")
    };
    assert!(against().await.contains("主催"), "groups of their own that differ");
    let sql = "UPDATE sources SET institution = name";
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    assert_eq!(against().await, "", "filled in where the calendars named nobody");
}

#[tokio::test]
async fn merged_entries_are_one_in_every_feed_and_the_one_that_leads_keeps_every_byte() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    search(&world).await;
    let before = feed(&world).await;
    assert_eq!(before.len(), 2);
    let (uid, _, _) = stands(&world, first).await;
    merge(&world, first, second).await;
    let after = feed(&world).await;
    assert_eq!(after.keys().collect::<Vec<_>>(), [&uid]);
    assert_eq!(after[&uid], before[&uid]);
    let answer = world.get(&calendar::path(second)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*calendar::path(first)));
    assert_eq!(
        world.staff().await.page(DESK).await.matches("1つの予定にまとめる").count(),
        0,
        "nothing is left to decide"
    );
    let trail = rows(&world, "SELECT action FROM audit WHERE noun = 'entry'", vec![]).await;
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0].try_get::<String>("", "action").unwrap(), "予定のまとめ");
}

#[tokio::test]
async fn what_is_kept_out_of_sight_is_nowhere_in_public_whatever_its_source_says_later() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    merge(&world, first, second).await;
    let other = calendar::source_name(Uuid::from_u128(2));
    let secret = Draft {
        description: "ヒミツノモジ".to_owned(), ..festival(&other, "ヒミツノモジ港まつり", 10)
    };
    assert_eq!(store(&world, &secret).await, second);
    assert!(!stands(&world, second).await.2);
    for path in [
        "/",
        "/events?month=2026-12",
        "/events?month=2026-12&view=list",
        "/events?q=%E3%83%92%E3%83%9F%E3%83%84%E3%83%8E%E3%83%A2%E3%82%B8&view=list",
        "/calendar.ics",
        "/feeds/kind/event.ics",
        "/opendata/events.csv",
        &calendar::path(first),
    ] {
        let page = world.page(path).await;
        let shown = page.replace("value=\"ヒミツノモジ\"", "").replace("「ヒミツノモジ」", "");
        assert!(!shown.contains("ヒミツノモジ"), "{path}");
        assert!(!page.contains(&second.to_string()), "{path}");
    }
    // Whoever kept the address of its file is sent to the one that is seen in its place.
    let answer = world.get(&format!("/feeds/event/{second}.ics")).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, format!("/feeds/event/{first}.ics").as_str())
    );
    let found =
        rows(&world, "SELECT entry_id FROM occurrences WHERE entry_id = ? AND public = TRUE", vec![second.into()]);
    assert_eq!(found.await.len(), 0);
    let found = rows(&world, "SELECT id FROM calendar_entries WHERE id = ? AND search_text <> ''", vec![second.into()]);
    assert_eq!(found.await.len(), 0);
}

#[tokio::test]
async fn nothing_that_nobody_may_see_takes_over_what_everybody_saw() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    merge(&world, first, second).await;
    let other = calendar::source_name(Uuid::from_u128(2));
    let hidden = Draft { public: false, ..festival(&other, "【お知らせ】港まつり", 10) };
    assert_eq!(store(&world, &hidden).await, second);
    let before = stands(&world, first).await;
    assert_eq!(release(&world, first).await, Released::Alone, "it tells by itself that it is gone");
    assert_eq!(stands(&world, first).await, before);
    assert!(!stands(&world, second).await.2);
    assert!(union::of_entry(world.db(), second).await.unwrap().is_none());
}

#[tokio::test]
async fn when_the_source_of_what_leads_is_gone_another_takes_over_under_the_same_uid() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let union = merge(&world, first, second).await;
    let (uid, sequence, _) = stands(&world, first).await;
    let other_uid = stands(&world, second).await.0;
    assert_eq!(release(&world, first).await, Released::HandedOver(second));
    // The address of the one that led was printed and mailed.
    let answer = world.get(&calendar::path(first)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*calendar::path(second)));
    assert_eq!(stands(&world, second).await, (uid.clone(), sequence + 1, true));
    let (fresh, _, public) = stands(&world, first).await;
    assert!(!public && fresh != uid && fresh != other_uid, "{fresh}");
    let events = feed(&world).await;
    assert_eq!(events.keys().collect::<Vec<_>>(), [&uid]);
    assert!(events[&uid].contains(&format!("SEQUENCE:{}", sequence + 1)));
    assert!(events[&uid].contains("【お知らせ】港まつり"));
    assert!(union::find(world.db(), union).await.unwrap().is_none(), "one alone is no union");
    // Its source writes on under the UID that phones know.
    let draft = festival(&calendar::source_name(Uuid::from_u128(2)), "港まつり", 11);
    assert_eq!(store(&world, &draft).await, second);
    assert_eq!(stands(&world, second).await, (uid, sequence + 2, true));
    assert_eq!(release(&world, second).await, Released::Alone);
}

#[tokio::test]
async fn of_three_one_may_go_and_come_apart_and_the_rest_stays_one() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let own = store(&world, &festival("own", "見本港まつり", 10)).await;
    let uids = [stands(&world, first).await.0, stands(&world, second).await.0, stands(&world, own).await.0];
    assert_eq!(search(&world).await.found, 3);
    let order = union::candidates_for_lead(world.db(), &[second, first, own]).await.unwrap();
    assert_eq!(order, [own, first, second], "what was written here, then who is trusted more");
    merge(&world, first, second).await;
    search(&world).await;
    let union = merge(&world, own, first).await;
    let members = union::members(world.db(), union).await.unwrap();
    assert_eq!(members.len(), 3);
    assert_eq!(feed(&world).await.keys().collect::<Vec<_>>(), [&uids[2]]);
    // A member that is not seen leaves without a trace in the feeds.
    let before = feed(&world).await;
    assert_eq!(release(&world, second).await, Released::Left);
    assert_eq!(feed(&world).await, before);
    assert!(!stands(&world, second).await.2);
    // The lead goes; of the one that is left nothing is to be parted any more.
    assert_eq!(release(&world, own).await, Released::HandedOver(first));
    assert_eq!(feed(&world).await.keys().collect::<Vec<_>>(), [&uids[2]]);
}

#[tokio::test]
async fn parted_again_every_entry_is_what_its_source_says_and_is_not_asked_about_until_it_changes() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    search(&world).await;
    let uids = (stands(&world, first).await.0, stands(&world, second).await.0);
    let union = merge(&world, first, second).await;
    let draft = festival(&calendar::source_name(Uuid::from_u128(2)), "【お知らせ】港まつり", 10);
    store(&world, &Draft { description: "新しい説明".to_owned(), ..draft.clone() }).await;
    let staff = world.staff().await;
    assert_eq!(staff.done(&format!("{}/parting", union::path(union)), &[]).await, format!("{DESK}?done=parted"));
    let events = feed(&world).await;
    assert_eq!(events.len(), 2);
    assert!(events[&uids.1].contains("新しい説明"));
    assert!(events.contains_key(&uids.0));
    search(&world).await;
    let state = async || candidate::find(world.db(), first, second).await.unwrap().map(|one| one.state());
    assert_eq!(state().await, Some(candidate::State::Distinct));
    // Another description is no reason to ask again, another title is.
    store(&world, &Draft { description: "また別の説明".to_owned(), ..draft.clone() }).await;
    search(&world).await;
    assert_eq!(state().await, Some(candidate::State::Distinct));
    store(&world, &Draft { title: "見本港まつり".to_owned(), ..draft }).await;
    search(&world).await;
    assert_eq!(state().await, Some(candidate::State::Open));
}

#[tokio::test]
async fn what_a_source_hides_or_shows_meanwhile_holds_when_it_is_parted() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let union = merge(&world, first, second).await;
    let draft = festival(&calendar::source_name(Uuid::from_u128(2)), "港まつり", 10);
    store(&world, &Draft { public: false, ..draft }).await;
    let staff = world.staff().await;
    staff.done(&format!("{}/parting", union::path(union)), &[]).await;
    assert_eq!(feed(&world).await.len(), 1);
    assert_eq!(world.get(&calendar::path(second)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sources_that_do_not_agree_are_shown_and_another_can_be_chosen_or_left_alone() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let union = merge(&world, first, second).await;
    assert_eq!(union::differences(world.db(), today()).await.unwrap().len(), 0);
    let draft = festival(&calendar::source_name(Uuid::from_u128(1)), "第10回 見本港まつり", 10);
    store(&world, &Draft { status: Status::Cancelled, ..draft }).await;
    let staff = world.staff().await;
    assert!(staff.page("/staff").await.contains("表示している予定は中止ですが、ほかの取り込み元では行われます"));
    let page = staff.page(&union::path(union)).await;
    assert!(page.contains("取り込み元で食い違いがあります"));
    let (uid, sequence, _) = stands(&world, first).await;
    assert!(feed(&world).await[&uid].contains("STATUS:CANCELLED"));
    let lead = format!("{}/lead", union::path(union));
    staff.done(&lead, &[("entry", &second.to_string())]).await;
    assert_eq!(stands(&world, second).await, (uid.clone(), sequence + 1, true));
    let events = feed(&world).await;
    assert_eq!(events.keys().collect::<Vec<_>>(), [&uid]);
    assert!(!events[&uid].contains("STATUS:CANCELLED"));
    assert!(staff.page("/staff").await.contains("取り込み元の1つで、中止になっています"));
    staff.done(&format!("{}/acceptance", union::path(union)), &[]).await;
    assert!(!staff.page("/staff").await.contains("取り込み元の1つで"));
    // And back: the first one has the UID again, further on.
    let draft = festival(&calendar::source_name(Uuid::from_u128(1)), "第10回 見本港まつり", 10);
    store(&world, &draft).await;
    staff.done(&lead, &[("entry", &first.to_string())]).await;
    let (back, later, public) = stands(&world, first).await;
    assert!(back == uid && later > sequence + 1 && public, "{back} {later}");
}

#[tokio::test]
async fn of_two_people_who_decide_at_once_the_second_is_told_and_nothing_is_lost() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    search(&world).await;
    let staff = world.staff().await;
    let ids = (first.to_string(), second.to_string());
    let fields = |act| {
        [
            ("first", ids.0.as_str()),
            ("second", ids.1.as_str()),
            ("lead", ids.0.as_str()),
            ("do", act),
            ("stands", "open"),
        ]
    };
    staff.done(PAIR, &fields("merge")).await;
    let answer = staff.post(PAIR, &fields("merge")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("ほかの職員が、先に決めました"));
    assert_eq!(union::newest(world.db(), 10, 0).await.unwrap().len(), 1);
    assert_eq!(feed(&world).await.len(), 1);
}

#[tokio::test]
async fn what_is_not_public_cannot_be_chosen_and_the_page_keeps_the_choice() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let other = calendar::source_name(Uuid::from_u128(2));
    store(&world, &Draft { public: false, ..festival(&other, "港まつり", 10) }).await;
    let staff = world.staff().await;
    let ids = (first.to_string(), second.to_string());
    let fields = [("first", ids.0.as_str()), ("second", ids.1.as_str()), ("lead", ids.1.as_str()), ("do", "merge")];
    let answer = staff.post(PAIR, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("まだ公開されていません"));
    assert!(answer.text().contains(&format!("value=\"{}\" checked", ids.1)));
    assert_eq!(union::newest(world.db(), 10, 0).await.unwrap().len(), 0);
    assert!(candidate::find(world.db(), first, second).await.unwrap().is_none());
}

#[tokio::test]
async fn any_two_entries_can_be_compared_by_the_addresses_of_their_pages() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let staff = world.staff().await;
    let address = |id: Uuid| format!("https%3A%2F%2Fkyodo.example.jp%2Fevents%2F{id}");
    let page = staff.page(&format!("{PAIR}?first={}&second={}", address(first), address(second))).await;
    assert!(page.contains("85点") && page.contains("見本観光協会"));
    for wrong in ["first=x&second=y", &format!("first={first}&second={first}"), &format!("first={first}")] {
        let answer = staff.get(&format!("{PAIR}?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    assert_eq!(staff.get(PAIR).await.status, StatusCode::OK);
    for path in [DESK, PAIR] {
        assert_ne!(world.get(path).await.status, StatusCode::OK, "{path} is for staff");
    }
}

#[tokio::test]
async fn beyond_the_citys_rule_entries_become_one_by_themselves_and_can_be_parted() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let sql = "INSERT INTO settings VALUES ('duplicates.merge_score', '80', ?, '')";
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![now().into()])).await.unwrap();
    let city = City::load(world.db()).await.unwrap();
    let turn = duplicates::search(world.db(), &desk(&city)).await.unwrap();
    assert_eq!((turn.found, turn.merged), (1, 1));
    let union = union::of_entry(world.db(), second).await.unwrap().unwrap();
    assert_eq!((union.lead_id, union.by_itself, union.made_by.as_str()), (first, true, "自動処理"));
    let staff = world.staff().await;
    assert!(staff.page(DESK).await.contains("自動</span>"));
    staff.done(&format!("{}/parting", union::path(union.id)), &[]).await;
    assert_eq!(feed(&world).await.len(), 2);
    let turn = duplicates::search(world.db(), &desk(&city)).await.unwrap();
    assert_eq!(turn.merged, 0, "what people parted stays apart");
}

#[tokio::test]
async fn a_series_with_a_changed_day_is_hidden_and_shown_as_a_whole() {
    let world = World::new().await;
    let (one, other) = (source(&world, 1, "見本一", 2).await, source(&world, 2, "見本二", 2).await);
    let weekly =
        |source: &str| Draft { rrule: "FREQ=WEEKLY;COUNT=6".to_owned(), ..festival(source, "見本ヨガの会", 10) };
    let first = store(&world, &weekly(&one)).await;
    let second = store(&world, &weekly(&other)).await;
    let moved = Draft {
        recurrence_id: "2026-12-12T01:00:00Z".to_owned(),
        rrule: String::new(),
        span: festival(&other, "", 14).span,
        ..weekly(&other)
    };
    let change = store(&world, &moved).await;
    assert_eq!(search(&world).await.found, 1);
    let union = merge(&world, first, second).await;
    assert_eq!(feed(&world).await.len(), 1);
    let answer = world.get(&calendar::path(change)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*calendar::path(first)));
    let staff = world.staff().await;
    let lead = format!("{}/lead", union::path(union));
    staff.done(&lead, &[("entry", &second.to_string())]).await;
    let text = world.page("/calendar.ics").await;
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "the series and its changed day");
    let uids = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("UID:"))
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(uids(&text).len(), 1);
}

#[tokio::test]
async fn a_group_can_change_and_cancel_what_is_kept_out_of_sight() {
    let world = World::new().await;
    let group = world.group("見本 まつりの会", "マツリノカイ").await;
    world.join(group, "a@example.jp", kyodo::groups::Duty::Member).await;
    let member = world.member("a@example.jp").await;
    let city = store(&world, &festival("own", "見本港まつり", 10)).await;
    let draft = Draft { source_uid: "group".to_owned(), group_id: Some(group), ..festival("own", "港まつり", 10) };
    let id = store(&world, &draft).await;
    search(&world).await;
    merge(&world, city, id).await;
    let list = member.page(&format!("/me/groups/{group}/events")).await;
    assert!(list.contains("1つにまとめた予定") && list.contains(&calendar::path(city)));
    member.done(&format!("/events/{id}/cancel"), &[("reason", "台風のため")]).await;
    let reviews = rows(&world, "SELECT entry_id FROM entry_reviews", vec![]).await;
    assert_eq!(reviews.len(), 0, "it does not wait for the office");
    let status = rows(&world, "SELECT status FROM calendar_entries WHERE id = ?", vec![id.into()]).await;
    assert_eq!(status[0].try_get::<String>("", "status").unwrap(), "cancelled");
    assert!(!stands(&world, id).await.2);
    let differences = union::differences(world.db(), today()).await.unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].entry_id, differences[0].in_status()), (id, true));
}

#[tokio::test]
async fn a_pair_that_is_no_longer_alike_or_gone_vanishes() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    search(&world).await;
    let other = calendar::source_name(Uuid::from_u128(2));
    store(&world, &festival(&other, "見本 囲碁の会", 19)).await;
    search(&world).await;
    assert!(candidate::find(world.db(), first, second).await.unwrap().is_none());
    store(&world, &festival(&other, "港まつり", 10)).await;
    search(&world).await;
    assert!(candidate::find(world.db(), first, second).await.unwrap().is_some());
    let sql = "DELETE FROM calendar_entries WHERE id = ?";
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![second.into()])).await.unwrap();
    assert!(candidate::find(world.db(), first, second).await.unwrap().is_none());
}

#[tokio::test]
async fn a_lead_whose_row_is_lost_is_replaced_at_the_next_search() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    merge(&world, first, second).await;
    let (uid, ..) = stands(&world, first).await;
    let sql = "DELETE FROM calendar_entries WHERE id = ?";
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![first.into()])).await.unwrap();
    search(&world).await;
    let (now, _, public) = stands(&world, second).await;
    assert_eq!((now, public), (uid, true));
}

#[tokio::test]
async fn one_search_runs_at_a_time_and_one_that_was_killed_lets_the_next_begin() {
    let world = World::new().await;
    two(&world).await;
    let hold = async |at: chrono::DateTime<chrono::Utc>| {
        let sql = "UPDATE likeness_search SET held_until = ? WHERE id = 1";
        let statement = db::statement(world.db().get_database_backend(), sql, vec![at.into()]);
        world.db().execute_raw(statement).await.unwrap();
    };
    hold(now() + chrono::Duration::minutes(5)).await;
    assert_eq!(search(&world).await, duplicates::Turn::default());
    hold(now() - chrono::Duration::minutes(1)).await;
    assert_eq!(search(&world).await.found, 1);
}

#[tokio::test]
async fn the_trail_tells_who_made_one_of_what_and_who_parted_it() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let union = merge(&world, first, second).await;
    let staff = world.staff().await;
    staff.done(&format!("{}/parting", union::path(union)), &[("entry", &second.to_string())]).await;
    let sql = "SELECT actor, action, channel FROM audit WHERE noun = 'entry' ORDER BY at, id";
    let lines: Vec<(String, String)> = rows(&world, sql, vec![])
        .await
        .iter()
        .map(|row| (row.try_get("", "actor").unwrap(), row.try_get("", "action").unwrap()))
        .collect();
    let told = |action: &str| ("見本 職員".to_owned(), action.to_owned());
    assert_eq!(lines, [told("予定のまとめ"), told("予定のまとめの取り消し")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_is_read_while_staff_merge_does_not_bring_anything_back_into_sight() {
    let world = World::new().await;
    let (one, other) = (source(&world, 1, "見本一", 2).await, source(&world, 2, "見本二", 2).await);
    let staff = world.staff().await;
    for round in 0..12 {
        let name = format!("{round}");
        let named = |source: &str, text: &str| Draft {
            source_uid: name.clone(),
            description: text.to_owned(),
            ..festival(source, &format!("見本港まつり{round}の部"), 10)
        };
        let lead = store(&world, &named(&one, "")).await;
        let second = store(&world, &named(&other, "")).await;
        let ids = (lead.to_string(), second.to_string());
        let fields = [("first", &*ids.0), ("second", &*ids.1), ("lead", &*ids.0), ("do", "merge"), ("stands", "open")];
        let draft = named(&other, "新しい説明");
        let (read, merged) = tokio::join!(store(&world, &draft), staff.post(PAIR, &fields));
        assert_eq!((read, merged.status), (second, StatusCode::SEE_OTHER), "{}", merged.text());
        let (.., public) = stands(&world, second).await;
        assert!(!public, "round {round}");
        let shown =
            rows(&world, "SELECT day FROM occurrences WHERE entry_id = ? AND public = TRUE", vec![second.into()]);
        assert_eq!(shown.await.len(), 0, "round {round}");
    }
    assert_eq!(feed(&world).await.len(), 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_people_at_the_very_same_moment_one_merges_and_the_other_is_told() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    search(&world).await;
    let staff = world.staff().await;
    let ids = (first.to_string(), second.to_string());
    let fields = |lead, act| [("first", &*ids.0), ("second", &*ids.1), ("lead", lead), ("do", act), ("stands", "open")];
    let (one, other) = (fields(&*ids.0, "merge"), fields(&*ids.1, "distinct"));
    let (one, other) = tokio::join!(staff.post(PAIR, &one), staff.post(PAIR, &other));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    let stood = candidate::find(world.db(), first, second).await.unwrap().unwrap().state();
    let together = union::of_entry(world.db(), first).await.unwrap().is_some();
    assert_eq!(together, stood == candidate::State::Merged);
}

#[tokio::test]
async fn three_alike_become_one_by_themselves_under_the_uid_of_the_first() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let third = source(&world, 3, "見本三", 1).await;
    let third = store(&world, &festival(&third, "見本港まつり 開催のお知らせ", 10)).await;
    let (uid, ..) = stands(&world, first).await;
    let sql = "INSERT INTO settings VALUES ('duplicates.merge_score', '80', ?, '')";
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![now().into()])).await.unwrap();
    let city = City::load(world.db()).await.unwrap();
    duplicates::search(world.db(), &desk(&city)).await.unwrap();
    duplicates::search(world.db(), &desk(&city)).await.unwrap();
    let union = union::of_entry(world.db(), third).await.unwrap().unwrap();
    assert_eq!(union::members(world.db(), union.id).await.unwrap().len(), 3);
    assert_eq!(feed(&world).await.keys().collect::<Vec<_>>(), [&uid]);
    assert!(!stands(&world, second).await.2);
}
