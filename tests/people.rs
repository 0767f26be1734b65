//! Who looks after a group: inviting, leaving, handing over, and claiming a group with a code on paper.

use axum::http::StatusCode;
use chrono::{Duration, NaiveDate};
use kyodo::app::App;
use kyodo::clock::Clock;
use kyodo::groups::people::{claim, handover};
use kyodo::groups::{self, Contact, ContactKind, Draft, Duty, history, member};
use kyodo::{accounts::account, db};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::world::{Browser, Posted, World, now};

async fn count(world: &World, sql: &str, values: Vec<Value>) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {sql}");
    let statement = db::statement(world.db().get_database_backend(), &sql, values);
    world.db().query_one_raw(statement).await.unwrap().unwrap().try_get("", "count").unwrap()
}

async fn people(world: &World, group: Uuid) -> Vec<(String, &'static str)> {
    let people = member::of_group(world.db(), group).await.unwrap();
    people.into_iter().map(|person| (person.mail.clone(), person.duty().label())).collect()
}

async fn representatives(world: &World, group: Uuid) -> i64 {
    count(world, "memberships WHERE group_id = ? AND duty = 'representative'", vec![group.into()]).await
}

/// The newest letter of a kind.
async fn letter(world: &World, kind: &str) -> Posted {
    let letters = world.letters().await;
    letters.into_iter().rev().find(|letter| letter.kind == kind).unwrap_or_else(|| panic!("no letter {kind}"))
}

async fn how_many(world: &World, kind: &str) -> usize {
    world.letters().await.iter().filter(|letter| letter.kind == kind).count()
}

/// The path of the personal link in the newest letter of a kind.
async fn link(world: &World, kind: &str) -> String {
    let url = letter(world, kind).await.secret("リンク");
    url.strip_prefix("https://kyodo.example.jp").unwrap().to_owned()
}

fn at(group: Uuid, rest: &str) -> String {
    format!("/me/groups/{group}/people{rest}")
}

fn staff_at(group: Uuid, rest: &str) -> String {
    format!("/staff/groups/{group}/people{rest}")
}

/// A group with a representative, a 担当者, and a representative's name that everybody may read.
async fn sea(world: &World) -> Uuid {
    let contact = |kind, value: &str, published| Contact {
        kind,
        value: value.to_owned(),
        published,
        consented_on: published.then(|| "2026-04-01".parse::<NaiveDate>().unwrap()),
        method: if published { "書面".to_owned() } else { String::new() },
        by: String::new(),
    };
    let draft = Draft {
        name: "見本 海の会".to_owned(),
        kana: "ウミノカイ".to_owned(),
        representative_title: "会長".to_owned(),
        contacts: vec![
            contact(ContactKind::Representative, "見本 太郎", true),
            contact(ContactKind::Mail, "umi@example.jp", false),
            contact(ContactKind::Postal, "8170022", false),
            contact(ContactKind::Address, "長崎県対馬市厳原町国分0番地（見本）", false),
        ],
        ..Draft::default()
    };
    world.keep(draft).await
}

async fn led(world: &World) -> Uuid {
    let group = sea(world).await;
    world.join(group, "taro@example.jp", Duty::Representative).await;
    world.join(group, "jiro@example.jp", Duty::Member).await;
    group
}

/// The same town some time later.
async fn later(world: &mut World, days: i64) {
    let clock = Clock::Fixed(now() + Duration::days(days));
    world.app = App::new(world.app.config.clone(), world.db().clone(), clock).await.unwrap();
}

async fn invite(browser: &Browser<'_>, group: Uuid, mail: &str) {
    let to = browser.done(&at(group, "/invitations"), &[("mail", mail), ("name", "見本 花子")]).await;
    assert_eq!(to, at(group, "?done=invited"));
}

#[tokio::test]
async fn an_invited_person_becomes_one_of_the_people_and_the_inviter_is_told() {
    let world = World::new().await;
    let group = led(&world).await;
    let jiro = world.member("jiro@example.jp").await;
    invite(&jiro, group, "Hanako@example.jp").await;
    assert!(jiro.page(&at(group, "")).await.contains("hanako@example.jp"));
    let letter = letter(&world, "groups.invitation").await;
    assert_eq!((letter.to_mail.as_str(), letter.to_name.as_str()), ("hanako@example.jp", "見本 花子"));
    assert_eq!(letter.subject, "「見本 海の会」のページを一緒に担当してほしいとのご招待");
    assert!(letter.body.contains("令和8年12月7日(月)"), "{}", letter.body);
    let path = link(&world, "groups.invitation").await;
    let guest = world.visitor();
    assert!(guest.page(&path).await.contains("担当者を引き受ける"));
    assert_eq!(people(&world, group).await.len(), 2, "looking changes nothing");
    let answer = guest.post(&format!("{path}/accept"), &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/invitations/accepted"));
    assert_eq!(answer.header("set-cookie"), "", "a link that can be forwarded opens no session");
    assert!(guest.page("/invitations/accepted").await.contains("サインインへ進む"));
    assert_eq!(
        people(&world, group).await,
        [("taro@example.jp", "代表者"), ("jiro@example.jp", "担当者"), ("hanako@example.jp", "担当者")]
            .map(|(mail, duty)| (mail.to_owned(), duty))
    );
    assert_eq!(self::letter(&world, "groups.invitation_accepted").await.to_mail, "jiro@example.jp");
    for path in [path.clone(), format!("{path}/accept"), format!("{path}/decline")] {
        let again = if path.contains("cept") || path.contains("decl") {
            guest.post(&path, &[]).await
        } else {
            guest.get(&path).await
        };
        assert_eq!(again.status, StatusCode::GONE, "{path}");
    }
    let trail = "audit WHERE group_id = ? AND noun = 'invitation'";
    assert_eq!(count(&world, trail, vec![group.into()]).await, 2);
    // The token is in the letter alone.
    let token = path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(count(&world, "invitations WHERE token_hash = ?", vec![token.into()]).await, 0);
}

#[tokio::test]
async fn somebody_who_is_signed_in_goes_on_at_once_and_keeps_other_groups() {
    let world = World::new().await;
    let (group, hill) = (led(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    world.join(hill, "hanako@example.jp", Duty::Representative).await;
    invite(&world.member("taro@example.jp").await, group, "hanako@example.jp").await;
    let hanako = world.member("hanako@example.jp").await;
    let path = link(&world, "groups.invitation").await;
    let to = hanako.done(&format!("{path}/accept"), &[]).await;
    assert_eq!(to, at(group, "?done=joined"));
    assert!(hanako.page(&to).await.contains("担当者になりました。"));
    assert!(hanako.page(&at(hill, "")).await.contains("hanako@example.jp"));
    let own =
        member::of_account(world.db(), account::ensure(world.db(), "hanako@example.jp", "", now()).await.unwrap().id);
    assert_eq!(own.await.unwrap().len(), 2);
}

#[tokio::test]
async fn declined_withdrawn_expired_and_forged_invitations_open_nothing() {
    let mut world = World::new().await;
    let group = led(&world).await;
    let (taro, guest) = (world.member("taro@example.jp").await, world.visitor());
    invite(&taro, group, "a@example.jp").await;
    let declined = link(&world, "groups.invitation").await;
    assert_eq!(guest.done(&format!("{declined}/decline"), &[]).await, "/invitations/declined");
    assert_eq!(letter(&world, "groups.invitation_declined").await.to_mail, "taro@example.jp");
    invite(&taro, group, "b@example.jp").await;
    let withdrawn = link(&world, "groups.invitation").await;
    let page = taro.page(&at(group, "")).await;
    let act = page.split("action=\"").find(|part| part.contains("/withdraw\"")).unwrap();
    taro.done(act.split('"').next().unwrap(), &[]).await;
    invite(&taro, group, "c@example.jp").await;
    let old = link(&world, "groups.invitation").await;
    let page = taro.page(&at(group, "")).await;
    let act = page.split("action=\"").find(|part| part.contains("/again\"")).unwrap();
    assert_eq!(taro.done(act.split('"').next().unwrap(), &[]).await, at(group, "?done=again"));
    let new = link(&world, "groups.invitation").await;
    assert_ne!(old, new);
    for (path, status) in [
        (declined, StatusCode::GONE),
        (withdrawn, StatusCode::GONE),
        (old, StatusCode::NOT_FOUND),
        ("/invitations/forged".to_owned(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(guest.get(&path).await.status, status, "{path}");
        assert_eq!(guest.post(&format!("{path}/accept"), &[]).await.status, status, "{path}");
    }
    drop((taro, guest));
    later(&mut world, 15).await;
    let guest = world.visitor();
    assert_eq!(guest.get(&new).await.status, StatusCode::GONE);
    assert_eq!(guest.post(&format!("{new}/accept"), &[]).await.status, StatusCode::GONE);
    assert_eq!(people(&world, group).await.len(), 2);
    let taro = world.member("taro@example.jp").await;
    assert!(taro.page(&at(group, "")).await.contains("期限が切れました"));
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_keeps_what_was_typed() {
    let world = World::new().await;
    let group = led(&world).await;
    let taro = world.member("taro@example.jp").await;
    let path = at(group, "/invitations");
    let answer = taro.post(&path, &[("mail", "花子"), ("name", "見本 花子")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("value=\"花子\"") && answer.text().contains("value=\"見本 花子\""));
    let answer = taro.post(&path, &[("mail", "jiro@example.jp")]).await;
    assert!(answer.text().contains("すでにこの団体を担当しています"));
    invite(&taro, group, "hanako@example.jp").await;
    let answer = taro.post(&path, &[("mail", "hanako@example.jp")]).await;
    assert!(answer.text().contains("すでに招待を送っています"));
    let answer = taro.post(&path, &[("mail", "a@example.jp"), ("name", &"あ".repeat(100))]).await;
    assert!(answer.text().contains("60文字以内"));
    assert_eq!(how_many(&world, "groups.invitation").await, 1);
}

#[tokio::test]
async fn nobody_can_flood_an_address_with_invitations() {
    let world = World::new().await;
    let mut refused = 0;
    for number in 0..8 {
        let group = world.group(&format!("見本 第{number}の会"), "ダイノカイ").await;
        world.join(group, "taro@example.jp", Duty::Representative).await;
        let taro = world.member("taro@example.jp").await;
        let answer = taro.post(&at(group, "/invitations"), &[("mail", "hanako@example.jp")]).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!((refused, how_many(&world, "groups.invitation").await), (3, 5));
}

#[tokio::test]
async fn the_last_person_and_the_representative_stay_until_they_have_handed_over() {
    let world = World::new().await;
    let group = led(&world).await;
    let (taro, jiro) = (world.member("taro@example.jp").await, world.member("jiro@example.jp").await);
    let answer = taro.post(&at(group, "/leave"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("先に新しい代表者へ引き継いでください"));
    assert!(jiro.page(&at(group, "/leave")).await.contains("担当から抜ける"));
    assert_eq!(jiro.done(&at(group, "/leave"), &[]).await, "/me");
    assert_eq!(letter(&world, "groups.left").await.to_mail, "taro@example.jp");
    assert_eq!(jiro.get(&at(group, "")).await.status, StatusCode::NOT_FOUND);
    let answer = taro.post(&at(group, "/leave"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("あなた一人です"));
    assert_eq!(people(&world, group).await, [("taro@example.jp".to_owned(), "代表者")]);
}

#[tokio::test]
async fn two_who_leave_at_once_do_not_leave_a_group_alone() {
    let world = World::new().await;
    let group = sea(&world).await;
    world.join(group, "jiro@example.jp", Duty::Member).await;
    world.join(group, "saburo@example.jp", Duty::Member).await;
    let (jiro, saburo) = (world.member("jiro@example.jp").await, world.member("saburo@example.jp").await);
    let leave = at(group, "/leave");
    let (one, other) = tokio::join!(jiro.post(&leave, &[]), saburo.post(&leave, &[]));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(people(&world, group).await.len(), 1);
}

#[tokio::test]
async fn the_representative_removes_somebody_who_is_told_why_and_has_no_way_back() {
    let world = World::new().await;
    let group = led(&world).await;
    let (taro, jiro) = (world.member("taro@example.jp").await, world.member("jiro@example.jp").await);
    invite(&jiro, group, "back@example.jp").await;
    let back = link(&world, "groups.invitation").await;
    let all = member::of_group(world.db(), group).await.unwrap();
    let (head, other) = (all[0].id, all[1].id);
    let remove = |id: Uuid| at(group, &format!("/{id}/remove"));
    assert_eq!(jiro.post(&remove(head), &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(taro.post(&remove(head), &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
    let answer = taro.post(&remove(other), &[("reason", "　")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taro.page(&remove(other)).await.contains("jiro@example.jp"));
    taro.done(&remove(other), &[("reason", "役員の交代のため")]).await;
    let told = letter(&world, "groups.removed").await;
    assert_eq!(told.to_mail, "jiro@example.jp");
    assert!(told.body.contains("理由: 役員の交代のため"));
    assert_eq!(jiro.get(&at(group, "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.visitor().get(&back).await.status, StatusCode::GONE, "what the removed one invited is void");
    let trail = "audit WHERE group_id = ? AND action = '担当から外す' AND reason = '役員の交代のため'";
    assert_eq!(count(&world, trail, vec![group.into()]).await, 1);
}

async fn hand_over(taro: &Browser<'_>, group: Uuid, stay: &str) -> String {
    let fields = [("who", "new"), ("name", "見本 花子"), ("mail", "hanako@example.jp"), ("stay", stay)];
    taro.done(&at(group, "/hand-over"), &fields).await
}

#[tokio::test]
async fn a_hand_over_takes_place_when_the_new_representative_confirms_it() {
    let world = World::new().await;
    let group = led(&world).await;
    let (taro, guest) = (world.member("taro@example.jp").await, world.visitor());
    assert!(taro.page(&at(group, "/hand-over")).await.contains("jiro@example.jp"));
    assert_eq!(hand_over(&taro, group, "stays").await, at(group, "?done=handover"));
    assert!(taro.page(&at(group, "")).await.contains("引継ぎの途中です"));
    let told = letter(&world, "groups.handover").await;
    assert_eq!((told.to_mail.as_str(), told.to_name.as_str()), ("hanako@example.jp", "見本 花子"));
    let path = link(&world, "groups.handover").await;
    let page = guest.page(&path).await;
    assert!(page.contains("value=\"見本 花子\"") && page.contains("value=\"会長\""));
    assert!(world.page(&groups::path(group)).await.contains("見本 太郎"), "nothing changes before");
    let answer = guest.post(&path, &[("name", ""), ("title", "世話人")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("value=\"世話人\""));
    assert_eq!(guest.done(&path, &[("name", "見本 花子"), ("title", "世話人")]).await, "/handovers/confirmed");
    assert_eq!(
        people(&world, group).await,
        [("hanako@example.jp", "代表者"), ("taro@example.jp", "担当者"), ("jiro@example.jp", "担当者")]
            .map(|(mail, duty)| (mail.to_owned(), duty))
    );
    let draft = history::load(world.db(), group).await.unwrap().unwrap();
    let name = draft.contact(ContactKind::Representative).unwrap();
    assert_eq!((name.value.as_str(), name.published, name.consented_on), ("見本 花子", false, None));
    assert_eq!(draft.representative_title, "世話人");
    let page = world.page(&groups::path(group)).await;
    assert!(!page.contains("見本 太郎") && !page.contains("見本 花子"), "consent does not pass on");
    let told = letter(&world, "groups.handover_done").await;
    assert_eq!(told.to_mail, "taro@example.jp");
    assert!(told.body.contains("担当者として"));
    assert_eq!(guest.get(&path).await.status, StatusCode::GONE);
    assert_eq!(guest.post(&path, &[("name", "見本 悪子")]).await.status, StatusCode::GONE);
    assert_eq!(guest.get("/handovers/forged").await.status, StatusCode::NOT_FOUND);
    assert_eq!(history::versions(world.db(), group).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_old_representative_may_leave_with_it_and_the_new_one_may_publish_the_name() {
    let world = World::new().await;
    let group = led(&world).await;
    let taro = world.member("taro@example.jp").await;
    let jiro = member::of_group(world.db(), group).await.unwrap()[1].id.to_string();
    taro.done(&at(group, "/hand-over"), &[("who", &jiro), ("stay", "leaves")]).await;
    let path = link(&world, "groups.handover").await;
    let browser = world.member("jiro@example.jp").await;
    let to = browser.done(&path, &[("name", "見本 次郎"), ("title", "会長"), ("publish", "1")]).await;
    assert_eq!(to, at(group, "?done=represents"));
    assert_eq!(people(&world, group).await, [("jiro@example.jp".to_owned(), "代表者")]);
    let draft = history::load(world.db(), group).await.unwrap().unwrap();
    let name = draft.contact(ContactKind::Representative).unwrap();
    assert_eq!((name.published, name.consented_on, name.method.as_str()), (true, "2026-11-23".parse().ok(), "画面"));
    assert!(world.page(&groups::path(group)).await.contains("会長 見本 次郎"));
    assert!(letter(&world, "groups.handover_done").await.body.contains("あなたは団体の担当から抜けました"));
}

#[tokio::test]
async fn a_hand_over_can_be_declined_and_withdrawn_and_there_is_one_at_a_time() {
    let world = World::new().await;
    let group = led(&world).await;
    let (taro, jiro, guest) =
        (world.member("taro@example.jp").await, world.member("jiro@example.jp").await, world.visitor());
    hand_over(&taro, group, "stays").await;
    let first = link(&world, "groups.handover").await;
    let fields = [("who", "new"), ("name", "見本 秋子"), ("mail", "aki@example.jp"), ("stay", "stays")];
    let answer = taro.post(&at(group, "/hand-over"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("引継ぎの途中です") && answer.text().contains("value=\"見本 秋子\""));
    for path in ["/hand-over", "/hand-over/withdraw"] {
        assert_eq!(jiro.post(&at(group, path), &fields).await.status, StatusCode::NOT_FOUND);
    }
    taro.done(&at(group, "/hand-over/withdraw"), &[]).await;
    assert_eq!(guest.post(&first, &[("name", "見本 花子")]).await.status, StatusCode::GONE);
    hand_over(&taro, group, "stays").await;
    let second = link(&world, "groups.handover").await;
    assert_eq!(guest.done(&format!("{second}/decline"), &[]).await, "/handovers/declined");
    assert_eq!(letter(&world, "groups.handover_declined").await.to_mail, "taro@example.jp");
    assert_eq!(people(&world, group).await[0], ("taro@example.jp".to_owned(), "代表者"));
}

#[tokio::test]
async fn two_who_confirm_at_once_make_one_change() {
    let world = World::new().await;
    let group = led(&world).await;
    hand_over(&world.member("taro@example.jp").await, group, "stays").await;
    let path = link(&world, "groups.handover").await;
    let (one, other) = (world.visitor(), world.visitor());
    let fields = [("name", "見本 花子")];
    let (one, other) = tokio::join!(one.post(&path, &fields), other.post(&path, &fields));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_eq!((representatives(&world, group).await, how_many(&world, "groups.handover_done").await), (1, 1));
}

#[tokio::test]
async fn two_hand_overs_at_once_become_one() {
    let world = World::new().await;
    let group = led(&world).await;
    let (one, other) = (world.member("taro@example.jp").await, world.member("taro@example.jp").await);
    let fields = |mail| [("who", "new"), ("name", "見本 秋子"), ("mail", mail), ("stay", "stays")];
    let (path, first, second) = (at(group, "/hand-over"), fields("aki@example.jp"), fields("hanako@example.jp"));
    let (one, other) = tokio::join!(one.post(&path, &first), other.post(&path, &second));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(count(&world, "handovers WHERE state = 'open'", vec![]).await, 1);
    assert_eq!(how_many(&world, "groups.handover").await, 1);
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_representative() {
    let world = World::new().await;
    let (group, hill) = (led(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    let jiro = account::ensure(world.db(), "jiro@example.jp", "", now()).await.unwrap();
    let second = member::join(world.db(), (group, jiro.id), Duty::Representative, "試験", now()).await;
    assert!(second.unwrap_err().to_string().to_lowercase().contains("unique"));
    world.join(hill, "jiro@example.jp", Duty::Representative).await;
    assert_eq!((representatives(&world, group).await, representatives(&world, hill).await), (1, 1));
}

#[tokio::test]
async fn staff_force_a_change_with_a_reason_that_both_are_told() {
    let world = World::new().await;
    let group = led(&world).await;
    hand_over(&world.member("taro@example.jp").await, group, "leaves").await;
    let path = link(&world, "groups.handover").await;
    let staff = world.staff().await;
    let page = staff.page(&staff_at(group, "/representative")).await;
    assert!(page.contains("value=\"hanako@example.jp\""), "the hand-over under way is filled in");
    let fields = [("who", "new"), ("mail", "aki@example.jp"), ("name", "見本 秋子"), ("title", "会長")];
    let answer = staff.post(&staff_at(group, "/representative"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("理由を書いてください") && answer.text().contains("受けた方法を選んでください"));
    let fields = [&fields[..], &[("channel", "post"), ("reason", "総会の届出"), ("publish", "1")]].concat();
    assert_eq!(staff.done(&staff_at(group, "/representative"), &fields).await, staff_at(group, "?done=represents"));
    assert_eq!(people(&world, group).await[0], ("aki@example.jp".to_owned(), "代表者"));
    assert_eq!(representatives(&world, group).await, 1);
    for (kind, to) in
        [("groups.handover_forced_old", "taro@example.jp"), ("groups.handover_forced_new", "aki@example.jp")]
    {
        let letter = letter(&world, kind).await;
        assert_eq!(letter.to_mail, to);
        assert!(letter.body.contains("理由: 総会の届出") && letter.body.contains("受けた方法: 郵送"));
    }
    assert_eq!(world.visitor().post(&path, &[("name", "見本 花子")]).await.status, StatusCode::GONE);
    let draft = history::load(world.db(), group).await.unwrap().unwrap();
    let name = draft.contact(ContactKind::Representative).unwrap();
    assert_eq!((name.value.as_str(), name.published, name.method.as_str()), ("見本 秋子", true, "郵送"));
    let trail = "audit WHERE group_id = ? AND action = '代表者の交代' AND reason = '総会の届出' AND channel = 'post'";
    assert_eq!(count(&world, trail, vec![group.into()]).await, 1);
}

#[tokio::test]
async fn staff_and_the_new_representative_at_once_leave_one_representative() {
    let world = World::new().await;
    let group = led(&world).await;
    hand_over(&world.member("taro@example.jp").await, group, "stays").await;
    let path = link(&world, "groups.handover").await;
    let (staff, guest) = (world.staff().await, world.visitor());
    let force = staff_at(group, "/representative");
    let fields = [
        ("who", "new"),
        ("mail", "aki@example.jp"),
        ("name", "見本 秋子"),
        ("channel", "phone"),
        ("reason", "電話で確かめた"),
    ];
    let (forced, confirmed) = tokio::join!(staff.post(&force, &fields), guest.post(&path, &[("name", "見本 花子")]));
    assert_eq!(forced.status, StatusCode::SEE_OTHER);
    assert!([StatusCode::SEE_OTHER, StatusCode::GONE].contains(&confirmed.status));
    assert_eq!(representatives(&world, group).await, 1);
    // Staff had the last word, whoever came first.
    assert_eq!(people(&world, group).await[0].0, "aki@example.jp");
}

#[tokio::test]
async fn an_invitation_that_is_accepted_late_takes_no_duty_away() {
    let world = World::new().await;
    let group = led(&world).await;
    invite(&world.member("taro@example.jp").await, group, "aki@example.jp").await;
    let path = link(&world, "groups.invitation").await;
    let fields = [
        ("who", "new"),
        ("mail", "aki@example.jp"),
        ("name", "見本 秋子"),
        ("channel", "phone"),
        ("reason", "電話で確かめた"),
    ];
    world.staff().await.done(&staff_at(group, "/representative"), &fields).await;
    world.visitor().done(&format!("{path}/accept"), &[]).await;
    assert_eq!(people(&world, group).await[0], ("aki@example.jp".to_owned(), "代表者"));
}

#[tokio::test]
async fn staff_add_and_remove_on_behalf_and_the_person_is_told() {
    let world = World::new().await;
    let group = led(&world).await;
    let staff = world.staff().await;
    let answer = staff.post(&staff_at(group, "/add"), &[("name", "見本 夏子"), ("mail", "natsu@example.jp")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("value=\"見本 夏子\""));
    let fields = [("name", "見本 夏子"), ("mail", "natsu@example.jp"), ("channel", "phone"), ("reason", "会長から")];
    staff.done(&staff_at(group, "/add"), &fields).await;
    let told = letter(&world, "groups.added").await;
    assert_eq!(told.to_mail, "natsu@example.jp");
    assert!(told.body.contains("電話でいただいたご連絡により"));
    let page = staff.page(&staff_at(group, "")).await;
    assert!(page.contains("見本 夏子") && page.contains("jiro@example.jp"));
    let all = member::of_group(world.db(), group).await.unwrap();
    let remove = |id: Uuid| staff_at(group, &format!("/{id}/remove"));
    let why = [("channel", "fax"), ("reason", "退会の届出")];
    let answer = staff.post(&remove(all[0].id), &why).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("先に、新しい代表者を決めてください"));
    staff.done(&remove(all[2].id), &why).await;
    let told = letter(&world, "groups.removed").await;
    assert_eq!(told.to_mail, "natsu@example.jp");
    assert!(told.body.contains("外した人: 事務局"));
    assert_eq!(people(&world, group).await.len(), 2);
    let trail = "audit WHERE group_id = ? AND channel IN ('phone', 'fax') AND noun = 'membership'";
    assert_eq!(count(&world, trail, vec![group.into()]).await, 2);
}

#[tokio::test]
async fn a_hand_over_that_nobody_confirms_waits_for_the_office() {
    let world = World::new().await;
    let group = led(&world).await;
    hand_over(&world.member("taro@example.jp").await, group, "stays").await;
    handover::mark_late(world.db(), 7, now() + Duration::days(6)).await.unwrap();
    assert_eq!(handover::waiting(world.db(), 10).await.unwrap(), (0, vec![]));
    handover::mark_late(world.db(), 7, now() + Duration::days(8)).await.unwrap();
    let (count, waiting) = handover::waiting(world.db(), 10).await.unwrap();
    let told: Vec<_> = waiting.iter().map(|one| (one.kind, one.title.as_str(), one.since, one.group_id)).collect();
    assert_eq!((count, told), (1, vec![("引継ぎ", "見本 海の会", now(), Some(group))]));
    let staff = world.staff().await;
    assert!(staff.page(&waiting[0].path).await.contains("hanako@example.jp"));
    staff.done(&staff_at(group, "/hand-over/withdraw"), &[]).await;
    assert_eq!(handover::waiting(world.db(), 10).await.unwrap(), (0, vec![]));
}

/// Prints the letter of a group and returns its code.
async fn print(staff: &Browser<'_>, group: Uuid) -> String {
    let path = format!("/staff/groups/{group}/claim");
    let page = staff.page(&path).await;
    let known = page.split("name=\"known\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = staff.post(&path, &[("known", known)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    code_of(&answer.text())
}

fn code_of(page: &str) -> String {
    let fours = page.split("claim-fours\">").nth(1).unwrap().split("</p>").next().unwrap();
    let fours: Vec<&str> = fours.split("<span>").skip(1).map(|part| part.split('<').next().unwrap()).collect();
    assert_eq!(fours.len(), 3);
    fours.join("-")
}

const CLAIMANT: [(&str, &str); 3] = [("name", "見本 太郎"), ("part", "会長"), ("mail", "taro@example.jp")];

async fn apply(guest: &Browser<'_>, code: &str) -> String {
    guest.done("/claim/apply", &[&[("code", code)], &CLAIMANT[..]].concat()).await
}

#[tokio::test]
async fn a_group_is_claimed_with_a_printed_code_and_staff_confirm() {
    let world = World::new().await;
    let group = sea(&world).await;
    let (staff, guest) = (world.staff().await, world.visitor());
    let code = print(&staff, group).await;
    let stored = "claim_codes WHERE code_hash LIKE ?";
    assert_eq!(count(&world, stored, vec![format!("%{code}%").into()]).await, 0, "only the digest is kept");
    assert!(!staff.page(&format!("/staff/groups/{group}/claim")).await.contains(&code), "shown once");
    assert!(guest.page(&format!("/claim?code={code}")).await.contains(&format!("value=\"{code}\"")));
    let wide: String =
        code.chars().map(|c| if c == '-' { '－' } else { char::from_u32(c as u32 + 0xFEE0).unwrap() }).collect();
    for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), code.replace('-', " "), wide] {
        let answer = guest.post("/claim", &[("code", &typed)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{typed}");
        assert!(answer.text().contains("「見本 海の会」のページを受け取る"));
        assert!(!answer.text().contains("umi@example.jp"), "nothing but the public name is shown");
    }
    let answer = guest.post("/claim/apply", &[("code", &code), ("name", "見本 太郎"), ("mail", "x")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("value=\"見本 太郎\"") && answer.text().contains("団体での役割を書いてください"));
    assert_eq!(apply(&guest, &code.to_lowercase()).await, "/claim/sent");
    assert_eq!(claim::waiting(world.db(), 10).await.unwrap().0, 0, "the address is not verified yet");
    let path = link(&world, "groups.claim_verify").await;
    assert!(guest.page(&path).await.contains("このメールアドレスで申し込む"));
    assert_eq!(claim::waiting(world.db(), 10).await.unwrap().0, 0, "looking changes nothing");
    assert_eq!(guest.done(&path, &[]).await, path);
    assert!(guest.page(&path).await.contains("事務局が確かめています"));
    assert_eq!(guest.post(&path, &[]).await.status, StatusCode::GONE);
    let (count, waiting) = claim::waiting(world.db(), 10).await.unwrap();
    assert_eq!((count, waiting[0].kind, waiting[0].title.as_str()), (1, "受取り", "見本 海の会"));
    assert_eq!(people(&world, group).await, []);
    let page = staff.page(&waiting[0].path).await;
    assert!(page.contains("申込みと違う") && page.contains("申込みと同じ名前"));
    assert_eq!(staff.post(&format!("{}/confirm", waiting[0].path), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff.done(&format!("{}/confirm", waiting[0].path), &[("duty", "representative")]).await;
    assert_eq!(people(&world, group).await, [("taro@example.jp".to_owned(), "代表者")]);
    assert_eq!(letter(&world, "groups.claim_confirmed").await.to_mail, "taro@example.jp");
    assert_eq!(letter(&world, "groups.claim_told").await.to_mail, "umi@example.jp");
    assert!(guest.page(&path).await.contains("受取りが認められました"));
    assert!(world.member("taro@example.jp").await.page(&at(group, "")).await.contains("あなた"));
    let trail = "audit WHERE group_id = ? AND noun IN ('claim', 'claim_code')";
    assert_eq!(self::count(&world, trail, vec![group.into()]).await, 3);
}

const WRONG: &str = "この番号は使えません。";

#[tokio::test]
async fn used_replaced_ended_expired_and_unknown_codes_get_the_same_sentence() {
    let mut world = World::new().await;
    let (group, hill) = (sea(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    let (staff, guest) = (world.staff().await, world.visitor());
    let replaced = print(&staff, group).await;
    let used = print(&staff, group).await;
    apply(&guest, &used).await;
    let verify = link(&world, "groups.claim_verify").await;
    guest.done(&verify, &[]).await;
    let ended = print(&staff, hill).await;
    staff.done(&format!("/staff/groups/{hill}/claim/end"), &[]).await;
    let expired = print(&staff, hill).await;
    let mut told = Vec::new();
    for code in [&replaced, &used, &ended, &"2222-2222-2222".to_owned()] {
        let answer = guest.post("/claim", &[("code", code)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(WRONG) && answer.text().contains(&format!("value=\"{code}\"")));
        told.push(answer.text().replace(code.as_str(), ""));
    }
    drop((staff, guest));
    later(&mut world, 61).await;
    let guest = world.visitor();
    let answer = guest.post("/claim", &[("code", &expired)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.push(answer.text().replace(expired.as_str(), ""));
    told.dedup();
    assert_eq!(told.len(), 1);
}

#[tokio::test]
async fn a_letter_made_anew_ends_a_claim_that_is_not_verified_yet() {
    let world = World::new().await;
    let group = sea(&world).await;
    let (staff, guest) = (world.staff().await, world.visitor());
    let code = print(&staff, group).await;
    apply(&guest, &code).await;
    let path = link(&world, "groups.claim_verify").await;
    print(&staff, group).await;
    assert_eq!(guest.get(&path).await.status, StatusCode::GONE);
    assert_eq!(guest.post(&path, &[]).await.status, StatusCode::GONE);
    assert_eq!(claim::waiting(world.db(), 10).await.unwrap().0, 0);
}

#[tokio::test]
async fn a_button_pressed_twice_prints_one_letter() {
    let world = World::new().await;
    let group = sea(&world).await;
    let staff = world.staff().await;
    let path = format!("/staff/groups/{group}/claim");
    let (one, other) = tokio::join!(staff.post(&path, &[("known", "")]), staff.post(&path, &[("known", "")]));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 303]);
    let printed = if one.status == StatusCode::OK { one } else { other };
    let guest = world.visitor();
    let answer = guest.post("/claim", &[("code", &code_of(&printed.text()))]).await;
    assert_eq!(answer.status, StatusCode::OK, "the letter on the screen is the one that counts");
}

#[tokio::test]
async fn guessing_codes_is_stopped_and_then_even_a_right_one_waits() {
    let world = World::new().await;
    let group = sea(&world).await;
    let code = print(&world.staff().await, group).await;
    let guest = world.visitor();
    for _ in 0..15 {
        assert_eq!(guest.post("/claim", &[("code", &code)]).await.status, StatusCode::OK, "right codes are no guesses");
    }
    let mut statuses = Vec::new();
    for number in 0..12 {
        let path = if number % 2 == 0 { "/claim" } else { "/claim/apply" };
        let guess = format!("2222-2222-{number:04}");
        statuses.push(guest.post(path, &[&[("code", guess.as_str())], &CLAIMANT[..]].concat()).await.status.as_u16());
    }
    assert_eq!(statuses, [[422; 10].as_slice(), &[429; 2]].concat());
    assert_eq!(guest.post("/claim", &[("code", &code)]).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(how_many(&world, "groups.claim_verify").await, 0);
}

#[tokio::test]
async fn of_two_people_with_one_letter_the_first_who_verifies_claims_the_group() {
    let world = World::new().await;
    let group = sea(&world).await;
    let code = print(&world.staff().await, group).await;
    let guest = world.visitor();
    apply(&guest, &code).await;
    let first = link(&world, "groups.claim_verify").await;
    let other = [("code", code.as_str()), ("name", "見本 花子"), ("part", "会計"), ("mail", "hanako@example.jp")];
    guest.done("/claim/apply", &other).await;
    let second = link(&world, "groups.claim_verify").await;
    let guests = (world.visitor(), world.visitor());
    let (one, other) = tokio::join!(guests.0.post(&first, &[]), guests.1.post(&second, &[]));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_eq!(claim::waiting(world.db(), 10).await.unwrap().0, 1);
}

#[tokio::test]
async fn two_of_the_staff_decide_once() {
    let world = World::new().await;
    let group = sea(&world).await;
    let (staff, admin, guest) = (world.staff().await, world.admin().await, world.visitor());
    apply(&guest, &print(&staff, group).await).await;
    let verify = link(&world, "groups.claim_verify").await;
    guest.done(&verify, &[]).await;
    let path = claim::waiting(world.db(), 1).await.unwrap().1[0].path.clone();
    let (confirm, refuse) = (format!("{path}/confirm"), format!("{path}/refuse"));
    let (one, other) = tokio::join!(
        staff.post(&confirm, &[("duty", "member")]),
        admin.post(&refuse, &[("reason", "確かめられなかったため")])
    );
    assert_eq!((one.status, other.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let told = how_many(&world, "groups.claim_confirmed").await + how_many(&world, "groups.claim_refused").await;
    assert_eq!(told, 1);
    let is_in = people(&world, group).await.len();
    assert_eq!(is_in, how_many(&world, "groups.claim_confirmed").await);
    let decisions = "audit WHERE action IN ('受取りの承認', '受取りのお断り')";
    assert_eq!(count(&world, decisions, vec![]).await, 1);
}

#[tokio::test]
async fn a_refused_claimant_reads_why_and_a_new_letter_can_be_sent() {
    let world = World::new().await;
    let group = sea(&world).await;
    let (staff, guest) = (world.staff().await, world.visitor());
    apply(&guest, &print(&staff, group).await).await;
    let verify = link(&world, "groups.claim_verify").await;
    guest.done(&verify, &[]).await;
    let path = claim::waiting(world.db(), 1).await.unwrap().1[0].path.clone();
    let answer = staff.post(&format!("{path}/refuse"), &[("reason", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = [("reason", "会長に電話で確かめたところ、お心当たりがないとのことでした。")];
    staff.done(&format!("{path}/refuse"), &reason).await;
    let told = letter(&world, "groups.claim_refused").await;
    assert!(told.to_mail == "taro@example.jp" && told.body.contains("お心当たりがない"));
    assert!(guest.page(&verify).await.contains("お心当たりがない"));
    assert_eq!(people(&world, group).await, []);
    assert_eq!(claim::waiting(world.db(), 10).await.unwrap().0, 0);
    print(&staff, group).await;
}

#[tokio::test]
async fn letters_for_many_groups_are_printed_at_once_each_with_its_own_code() {
    let world = World::new().await;
    let (group, hill) = (sea(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    let taken = world.group("見本 谷の会", "タニノカイ").await;
    world.join(taken, "tani@example.jp", Duty::Representative).await;
    let staff = world.staff().await;
    let page = staff.page("/staff/claims/letters").await;
    assert!(page.contains("見本 海の会") && page.contains("見本 丘の会") && !page.contains("見本 谷の会"));
    let answer = staff.post("/staff/claims/letters", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ids = [group, hill, taken].map(|id| id.to_string());
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("group", id.as_str())).collect();
    let answer = staff.post("/staff/claims/letters", &fields).await;
    let text = answer.text();
    assert_eq!((answer.status, text.matches("<article").count()), (StatusCode::OK, 2));
    for words in [
        "〒817-0022",
        "長崎県対馬市厳原町国分0番地（見本）",
        "会長 見本 太郎 様",
        "令和8年11月23日",
        "令和8年度-1",
        "令和8年度-2",
        "令和9年1月22日(金)まで",
        "0920-53-6111",
        "https://kyodo.example.jp/claim",
        "<svg class=\"qr\"",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let guest = world.visitor();
    let found = guest.post("/claim", &[("code", &code_of(&text))]).await.text();
    assert!(found.contains("見本 海の会"));
    // A group that has people gets no letter, whatever is sent.
    assert_eq!(
        staff.done(&format!("/staff/groups/{taken}/claim"), &[("known", "")]).await,
        format!("/staff/groups/{taken}/claim")
    );
    assert!(staff.page(&format!("/staff/groups/{taken}/claim")).await.contains("手紙はいりません"));
}

#[tokio::test]
async fn one_button_prints_a_letter_for_every_group_that_has_none_yet() {
    let world = World::new().await;
    let (group, hill) = (sea(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    let staff = world.staff().await;
    print(&staff, group).await;
    let page = staff.page("/staff/claims/letters").await;
    assert!(page.contains("まだ手紙のない1団体の手紙をすべて作る"));
    assert_eq!(page.matches("name=\"fresh\"").count(), 1);
    let fields = [("fresh", &*hill.to_string()), ("group", &*group.to_string()), ("all", "1")];
    let text = staff.post("/staff/claims/letters", &fields).await.text();
    assert_eq!((text.matches("<article").count(), text.contains("見本 丘の会")), (1, true));
    let page = staff.page("/staff/claims/letters").await;
    assert!(!page.contains("手紙をすべて作る"), "nobody is left without a letter");
}

#[tokio::test]
async fn a_member_of_another_group_sees_and_changes_nothing() {
    let world = World::new().await;
    let (group, hill) = (led(&world).await, world.group("見本 丘の会", "オカノカイ").await);
    world.join(hill, "yoso@example.jp", Duty::Representative).await;
    let (taro, other) = (world.member("taro@example.jp").await, world.member("yoso@example.jp").await);
    invite(&taro, group, "himitsu@example.jp").await;
    hand_over(&taro, group, "stays").await;
    let page = taro.page(&at(group, "")).await;
    let act = page.split("action=\"").find(|part| part.contains("/again\"")).unwrap().split('"').next().unwrap();
    let invitation = act.split('/').rev().nth(1).unwrap().to_owned();
    let jiro = member::of_group(world.db(), group).await.unwrap()[1].id;
    for rest in ["", "/leave", "/hand-over", &format!("/{jiro}/remove")] {
        let answer = other.get(&at(group, rest)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{rest}");
        assert!(!answer.text().contains("himitsu"));
    }
    let fields = [("mail", "x@example.jp"), ("reason", "x"), ("who", "new"), ("name", "x"), ("stay", "stays")];
    for rest in [
        "/invitations",
        "/leave",
        "/hand-over",
        "/hand-over/withdraw",
        &format!("/{jiro}/remove"),
        &format!("/invitations/{invitation}/again"),
        &format!("/invitations/{invitation}/withdraw"),
    ] {
        assert_eq!(other.post(&at(group, rest), &fields).await.status, StatusCode::NOT_FOUND, "{rest}");
    }
    // Nor through one's own group.
    for rest in [
        format!("/invitations/{invitation}/again"),
        format!("/invitations/{invitation}/withdraw"),
        format!("/{jiro}/remove"),
    ] {
        assert_eq!(other.post(&at(hill, &rest), &fields).await.status, StatusCode::NOT_FOUND, "{rest}");
    }
    for path in [staff_at(group, ""), "/staff/claims".to_owned(), format!("/staff/groups/{group}/claim")] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(world.visitor().get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    assert_eq!(world.visitor().get(&at(group, "")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(count(&world, "invitations WHERE state = 'open' AND sends = 1", vec![]).await, 1);
    assert_eq!(people(&world, group).await.len(), 2);
}

#[tokio::test]
async fn every_wording_ships_filled_by_its_own_examples() {
    let world = World::new().await;
    let city = world.app.city();
    for wording in groups::people::letters::WORDINGS {
        let values: Vec<(&str, &str)> = wording.places.iter().map(|place| (place.name, place.example)).collect();
        let (subject, body) = wording.fill(&city.settings, &values).unwrap();
        assert!(subject.contains("見本 海の会") && body.contains("0920-53-6111"), "{}", wording.key);
    }
}
