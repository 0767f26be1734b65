//! A group's profile: what shows at once and what waits, two people at one field, the office's decision, old versions, the photo.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kyodo::groups::{self, Contact, ContactKind, Draft, Duty, history, proposal};
use uuid::Uuid;

use crate::world::{Answer, Browser, World, now};

/// Address of the member of the first group.
const HANAKO: &str = "hanako@example.jp";

fn contact(kind: ContactKind, value: &str, published: bool) -> Contact {
    Contact {
        kind,
        value: value.to_owned(),
        published,
        consented_on: published.then(|| "2026-04-01".parse().unwrap()),
        method: if published { "書面".to_owned() } else { String::new() },
        by: String::new(),
    }
}

/// The sea group, kept with a telephone number and a representative that everybody may see.
async fn sea(world: &World) -> Uuid {
    let draft = Draft {
        name: "見本 海の会".to_owned(),
        kana: "ミホン ウミノカイ".to_owned(),
        purpose: "海をきれいにする。".to_owned(),
        fee: "なし".to_owned(),
        contacts: vec![
            contact(ContactKind::Representative, "見本 太郎", true),
            contact(ContactKind::Phone, "0920-99-0001", true),
        ],
        ..Draft::default()
    };
    let id = world.keep(draft).await;
    world.join(id, HANAKO, Duty::Representative).await;
    id
}

fn profile(id: Uuid) -> String {
    format!("/me/groups/{id}/profile")
}

fn own(id: Uuid, rest: &str) -> String {
    format!("/me/groups/{id}{rest}")
}

/// The value of the hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let behind = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    behind.split('"').next().unwrap().to_owned()
}

/// What the form of a profile was made from.
async fn base(browser: &Browser<'_>, path: &str) -> String {
    hidden(&browser.page(path).await, "base")
}

/// Changes some fields of the sea group as a member does, from a fresh form.
async fn change(browser: &Browser<'_>, id: Uuid, fields: &[(&str, &str)]) -> String {
    let base = base(browser, &profile(id)).await;
    browser.done(&profile(id), &[&[("base", base.as_str())], fields].concat()).await
}

async fn open(world: &World, id: Uuid) -> Option<proposal::Proposal> {
    proposal::open_of(world.db(), id).await.unwrap()
}

#[tokio::test]
async fn a_fee_shows_at_once_and_a_name_waits_while_the_approved_one_stays() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    let leads =
        change(&hanako, id, &[("name", "見本 新しい海の会"), ("fee", "年1,000円"), ("purpose", "海をきれいにする。")])
            .await;
    assert_eq!(leads, format!("/me/groups/{id}?done=both"));
    let page = world.page(&format!("/groups/{id}")).await;
    assert!(page.contains("年1,000円") && page.contains("見本 海の会") && !page.contains("見本 新しい海の会"));
    assert!(world.page("/groups").await.contains("見本 海の会"));
    let hub = hanako.page(&own(id, "")).await;
    assert!(hub.contains("事務局の確認を待っている変更があります") && hub.contains("見本 新しい海の会"));
    assert!(
        hanako.page(&profile(id)).await.contains("value=\"見本 新しい海の会\""),
        "the form shows what was asked for"
    );
    let asked = open(&world, id).await.unwrap().asked();
    assert_eq!(asked.iter().map(|asked| asked.key.as_str()).collect::<Vec<_>>(), ["name"]);
}

#[tokio::test]
async fn every_field_that_needs_approval_waits_and_no_other() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    let fields = [
        ("name", "見本 山の会"),
        ("kana", "みほん やまのかい"),
        ("website", "https://example.jp/yama"),
        ("fields", "environment"),
        ("purpose", "山を守る。"),
        ("representative_title", "会長"),
        ("representative", "見本 次郎"),
        ("representative.open", "open"),
        ("activities", "下草刈り"),
        ("places", "見本の山"),
        ("members", "２４人"),
        ("recruiting", "募集中"),
        ("phone", "0920-99-0002"),
        ("phone.open", "open"),
    ];
    let key = world.app.city().fields[6].key.clone();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, if *name == "fields" { key.as_str() } else { *value })).collect();
    change(&hanako, id, &fields).await;
    let waiting: Vec<String> = open(&world, id).await.unwrap().asked().into_iter().map(|asked| asked.key).collect();
    assert_eq!(waiting, ["name", "kana", "website", "fields", "purpose", "representative_title", "representative"]);
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.activities.as_str(), kept.members, kept.recruiting.as_str()), ("下草刈り", Some(24), "募集中"));
    assert_eq!((kept.name.as_str(), kept.purpose.as_str()), ("見本 海の会", "海をきれいにする。"));
    let phone = kept.contact(ContactKind::Phone).unwrap();
    assert_eq!((phone.value.as_str(), phone.published), ("0920-99-0002", true));
    assert_eq!(phone.consented_on, Some("2026-11-23".parse().unwrap()), "consent is recorded with its day");
    assert_eq!((phone.method.as_str(), phone.by.as_str()), ("画面", HANAKO), "and with its way and its person");
    let page = world.page(&format!("/groups/{id}")).await;
    assert!(page.contains("見本 太郎") && !page.contains("見本 次郎") && page.contains("0920-99-0002"));
}

#[tokio::test]
async fn a_consent_that_is_withdrawn_hides_at_once_even_what_waits_otherwise() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("representative", "見本 太郎"), ("representative.open", "office")]).await;
    assert!(open(&world, id).await.is_none());
    assert!(!world.page(&format!("/groups/{id}")).await.contains("見本 太郎"));
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_everything_typed_stays() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    let base = base(&hanako, &profile(id)).await;
    let fields = [
        ("base", base.as_str()),
        ("name", ""),
        ("kana", "漢字"),
        ("website", "javascript:alert(1)"),
        ("phone", "123"),
        ("phone.open", "open"),
        ("fax", "0920-99-0003"),
        ("fax.open", "たぶん"),
        ("members", "たくさん"),
        ("fee", "書きかけの会費"),
    ];
    let answer = hanako.post(&profile(id), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    for fault in [
        "団体名を書いてください",
        "ひらがなかカタカナで",
        "https:// で始まる",
        "電話: ",
        "FAXを公開するか",
        "会員数は0から",
    ] {
        assert!(page.contains(fault), "{fault}");
    }
    assert!(page.contains("書きかけの会費") && page.contains("javascript:alert(1)") && page.contains("たくさん"));
    assert_eq!(history::load(world.db(), id).await.unwrap().unwrap().fee, "なし");
}

#[tokio::test]
async fn nobody_else_reads_or_writes_what_waits() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("name", "見本 秘密の会")]).await;
    let other = world.group("見本 山の会", "ヤマノカイ").await;
    world.join(other, "jiro@example.jp", Duty::Representative).await;
    let jiro = world.member("jiro@example.jp").await;
    let number = history::version(world.db(), id).await.unwrap();
    for path in ["", "/profile", "/photo", "/history", &format!("/history/{number}")] {
        let answer = jiro.get(&own(id, path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("秘密"), "{path}");
        let stranger = world.visitor().get(&own(id, path)).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
    }
    for path in ["/profile", "/withdrawal", "/photo", "/photo/removal", &format!("/history/{number}")] {
        let answer = jiro.post(&own(id, path), &[("name", "見本 のっとり"), ("alt", "x")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let staff_path = proposal::path(open(&world, id).await.unwrap().id);
    assert_eq!(jiro.get(&staff_path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(jiro.post(&staff_path, &[("act", "approve"), ("field", "name")]).await.status, StatusCode::NOT_FOUND);
    for path in ["/profile", "/history", "/photo"] {
        assert_eq!(jiro.get(&format!("/staff/groups/{id}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(open(&world, id).await.unwrap().asked()[0].new, "見本 秘密の会");
    for path in ["/groups".to_owned(), format!("/groups/{id}"), "/opendata/groups.csv".to_owned()] {
        assert!(!world.page(&path).await.contains("秘密"), "{path}");
    }
}

#[tokio::test]
async fn two_people_at_one_field_see_both_texts_and_nothing_is_lost() {
    let world = World::new().await;
    let id = sea(&world).await;
    world.join(id, "jiro@example.jp", Duty::Member).await;
    let (hanako, jiro) = (world.member(HANAKO).await, world.member("jiro@example.jp").await);
    let (first, second) = (base(&hanako, &profile(id)).await, base(&jiro, &profile(id)).await);
    hanako.done(&profile(id), &[("base", &first), ("fee", "年千円"), ("places", "")]).await;
    let mine = [("base", second.as_str()), ("fee", "年二千円"), ("places", "公民館"), ("name", "見本 海の会")];
    let answer = jiro.post(&profile(id), &mine).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("年千円") && page.contains("value=\"年二千円\"") && page.contains("value=\"公民館\""));
    assert!(page.contains(&format!("{HANAKO} さんが先に変えました")) && page.contains("令和8年11月23日"));
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.fee.as_str(), kept.places.as_str()), ("年千円", ""), "nothing of it is kept before it is settled");
    let seen = hidden(&page, "base");
    jiro.done(&profile(id), &[("base", &seen), ("fee", "年二千円"), ("places", "公民館")]).await;
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.fee.as_str(), kept.places.as_str()), ("年二千円", "公民館"));
}

#[tokio::test]
async fn what_two_people_write_into_different_fields_is_kept_of_both() {
    let world = World::new().await;
    let id = sea(&world).await;
    world.join(id, "jiro@example.jp", Duty::Member).await;
    let (hanako, jiro) = (world.member(HANAKO).await, world.member("jiro@example.jp").await);
    let (first, second) = (base(&hanako, &profile(id)).await, base(&jiro, &profile(id)).await);
    let whole = |base: &str, changed: &[(&'static str, &'static str)]| {
        let value = |name: &str, otherwise: &str| {
            let changed = changed.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
            changed.unwrap_or(otherwise).to_owned()
        };
        vec![
            ("base", base.to_owned()),
            ("name", value("name", "見本 海の会")),
            ("purpose", value("purpose", "海をきれいにする。")),
            ("fee", value("fee", "なし")),
        ]
    };
    let send = async |browser: &Browser<'_>, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.done(&profile(id), &fields).await
    };
    send(&hanako, whole(&first, &[("name", "見本 波の会"), ("fee", "年千円")])).await;
    send(&jiro, whole(&second, &[("purpose", "波を楽しむ。")])).await;
    let asked: Vec<(String, String)> =
        open(&world, id).await.unwrap().asked().into_iter().map(|asked| (asked.key, asked.by)).collect();
    let told = |key: &str, by: &str| (key.to_owned(), by.to_owned());
    assert_eq!(asked, [told("name", HANAKO), told("purpose", "jiro@example.jp")], "one proposal, two authors");
    assert_eq!(history::load(world.db(), id).await.unwrap().unwrap().fee, "年千円");
}

#[tokio::test]
async fn a_member_and_the_office_at_one_field_see_both_texts() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (hanako, staff) = (world.member(HANAKO).await, world.staff().await);
    let path = format!("/staff/groups/{id}/profile");
    let (theirs, ours) = (base(&hanako, &profile(id)).await, base(&staff, &path).await);
    let cause = [("channel", "phone"), ("reason", "電話で連絡")];
    hanako.done(&profile(id), &[("base", &theirs), ("fee", "年千円")]).await;
    let answer = staff.post(&path, &[&[("base", ours.as_str()), ("fee", "年五百円")], &cause[..]].concat()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("年千円") && answer.text().contains("value=\"年五百円\""));
    assert!(answer.text().contains("value=\"電話で連絡\""));
    // The other way round: the office changes a name at once, the member asks for another one.
    let (theirs, ours) = (base(&hanako, &profile(id)).await, base(&staff, &path).await);
    staff.done(&path, &[&[("base", ours.as_str()), ("name", "見本 海と空の会")], &cause[..]].concat()).await;
    let answer = hanako.post(&profile(id), &[("base", &theirs), ("name", "見本 海と川の会")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("見本 職員 さんが先に変えました") && answer.text().contains("見本 海と空の会"));
}

#[tokio::test]
async fn the_office_edits_for_a_group_only_with_channel_and_reason() {
    let world = World::new().await;
    let id = sea(&world).await;
    let staff = world.staff().await;
    let path = format!("/staff/groups/{id}/profile");
    let base = base(&staff, &path).await;
    let answer = staff.post(&path, &[("base", &base), ("name", "見本 電話の会")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("受け付けた方法を選んでください") && answer.text().contains("理由を書いてください"));
    let fields = [
        ("base", base.as_str()),
        ("name", "見本 電話の会"),
        ("phone", "0920-99-0002"),
        ("phone.open", "open"),
        ("remark", "代表は日中不在"),
        ("channel", "phone"),
        ("reason", "代表者から電話"),
    ];
    staff.done(&path, &fields).await;
    assert!(world.page(&format!("/groups/{id}")).await.contains("見本 電話の会"), "it shows at once");
    let newest = history::versions(world.db(), id).await.unwrap().remove(0);
    assert_eq!((newest.channel().label(), newest.reason.as_str()), ("電話", "代表者から電話"));
    let phone = newest.draft().unwrap().contact(ContactKind::Phone).unwrap().clone();
    assert_eq!((phone.method.as_str(), phone.by.as_str()), ("電話", "見本 職員"), "the consent came by telephone");
    let hanako = world.member(HANAKO).await;
    for page in ["/history", "/history/2", "/profile"] {
        assert!(
            !hanako.page(&own(id, page)).await.contains("日中不在"),
            "{page} shows nothing of the office's remarks"
        );
    }
}

/// The proposal of a new name and a new purpose, and the office looking at it.
async fn proposed(world: &World, id: Uuid) -> (Browser<'_>, String, String) {
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("name", "見本 海と山の会"), ("purpose", "海と山をきれいにする。")]).await;
    let path = proposal::path(open(world, id).await.unwrap().id);
    let staff = world.staff().await;
    let page = staff.page(&path).await;
    (staff, path, page)
}

#[tokio::test]
async fn the_office_compares_field_by_field_and_approves_half() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (waiting, listed) = {
        let (staff, path, page) = proposed(&world, id).await;
        assert!(page.contains("<ins><span class=\"unseen\">[加わる文字 </span>と山"), "{page}");
        assert!(page.contains("name=\"field\" value=\"name\" checked") && page.contains("value=\"purpose\" checked"));
        let waiting = proposal::waiting(world.db(), 10).await.unwrap();
        let counter = hidden(&page, "counter");
        let partly = [("counter", counter.as_str()), ("act", "approve"), ("field", "name")];
        let answer = staff.post(&path, &partly).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "half an approval needs a word on the other half");
        let noted = [&partly[..], &[("note", "目的は総会のあとで。")]].concat();
        let leads = staff.done(&path, &noted).await;
        assert_eq!(leads, format!("{path}?done=approved"));
        (waiting, world.page(&format!("/groups/{id}")).await)
    };
    assert_eq!((waiting.0, waiting.1[0].kind, waiting.1[0].title.as_str()), (1, "変更", "見本 海の会"));
    assert!(listed.contains("見本 海と山の会") && listed.contains("海をきれいにする。"));
    assert!(open(&world, id).await.is_none());
    assert_eq!(proposal::waiting(world.db(), 10).await.unwrap().0, 0);
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].kind.as_str(), letters[0].to_mail.as_str()), ("groups.proposal_partly", HANAKO));
    assert!(letters[0].body.contains("目的は総会のあとで。") && letters[0].body.contains("■ 承認した項目\n団体名\n"));
    let hub = world.member(HANAKO).await.page(&own(id, "")).await;
    assert!(hub.contains("団体名: 承認しました。") && hub.contains("活動の目的: 見送りました。"));
    let version = history::versions(world.db(), id).await.unwrap().remove(0);
    assert_eq!(version.actor, "見本 職員");
    assert!(version.reason.contains(&format!("{HANAKO} さんの申し出を承認しました。 目的は")), "{}", version.reason);
}

#[tokio::test]
async fn an_approval_of_all_and_a_refusal_each_send_their_letter() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path, page) = proposed(&world, id).await;
    let counter = hidden(&page, "counter");
    let none = [("counter", counter.as_str()), ("act", "approve")];
    assert_eq!(staff.post(&path, &none).await.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is ticked");
    let all = [("counter", counter.as_str()), ("act", "approve"), ("field", "name"), ("field", "purpose")];
    staff.done(&path, &all).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("name", "見本 空の会")]).await;
    let path = proposal::path(open(&world, id).await.unwrap().id);
    let refuse = [("counter", "1"), ("act", "refuse")];
    assert_eq!(staff.post(&path, &refuse).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal needs its reason");
    staff.done(&path, &[&refuse[..], &[("note", "すでに同じ名前の団体があります。")]].concat()).await;
    let kinds: Vec<String> = world.letters().await.into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["groups.proposal_approved", "groups.proposal_refused"]);
    assert_eq!(history::load(world.db(), id).await.unwrap().unwrap().name, "見本 海と山の会");
}

#[tokio::test]
async fn two_of_the_office_cannot_both_decide() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path, page) = proposed(&world, id).await;
    let admin = world.admin().await;
    let counter = hidden(&page, "counter");
    let approve = [("counter", counter.as_str()), ("act", "approve"), ("field", "name"), ("field", "purpose")];
    let refuse = [("counter", counter.as_str()), ("act", "refuse"), ("note", "だめです")];
    let (one, other) = tokio::join!(staff.post(&path, &approve), admin.post(&path, &refuse));
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let approved = one.status == StatusCode::SEE_OTHER;
    let name = history::load(world.db(), id).await.unwrap().unwrap().name;
    assert_eq!(name, if approved { "見本 海と山の会" } else { "見本 海の会" });
    assert_eq!(world.letters().await.len(), 1);
}

#[tokio::test]
async fn a_decision_counts_only_for_what_was_looked_at() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path, page) = proposed(&world, id).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("name", "見本 まったく別の会")]).await;
    let counter = hidden(&page, "counter");
    let approve = [("counter", counter.as_str()), ("act", "approve"), ("field", "name"), ("field", "purpose")];
    let answer = staff.post(&path, &approve).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let told = answer
        .text()
        .replace("<ins><span class=\"unseen\">[加わる文字 </span>", "")
        .replace("<span class=\"unseen\">]</span></ins>", "");
    assert!(told.contains("見本 まったく別の会"), "the page shows what is asked for now");
    assert_eq!(history::load(world.db(), id).await.unwrap().unwrap().name, "見本 海の会");
    assert_eq!(world.letters().await.len(), 0);
}

#[tokio::test]
async fn what_was_approved_meanwhile_survives_a_later_decision() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, path, page) = proposed(&world, id).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("fee", "年千円")]).await;
    let counter = hidden(&page, "counter");
    let approve = [("counter", counter.as_str()), ("act", "approve"), ("field", "name"), ("field", "purpose")];
    staff.done(&path, &approve).await;
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.fee.as_str()), ("見本 海と山の会", "年千円"));
}

#[tokio::test]
async fn a_group_has_one_open_proposal_and_may_take_it_back() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("name", "見本 波の会")]).await;
    let first = open(&world, id).await.unwrap();
    change(&hanako, id, &[("purpose", "波を見る。")]).await;
    let second = open(&world, id).await.unwrap();
    assert_eq!((first.id, second.counter, second.asked().len()), (second.id, 2, 2));
    change(&hanako, id, &[("name", "見本 海の会")]).await;
    assert_eq!(open(&world, id).await.unwrap().asked().len(), 1, "the old name again is nothing to ask for");
    assert_eq!(hanako.done(&own(id, "/withdrawal"), &[]).await, format!("/me/groups/{id}?done=withdrawn"));
    assert!(open(&world, id).await.is_none());
    let staff = world.staff().await;
    let late = [("counter", "3"), ("act", "approve"), ("field", "purpose")];
    assert_eq!(staff.post(&proposal::path(first.id), &late).await.status, StatusCode::CONFLICT);
    assert_eq!(history::load(world.db(), id).await.unwrap().unwrap().purpose, "海をきれいにする。");
}

#[tokio::test]
async fn the_history_tells_who_changed_what_and_an_old_version_comes_back() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    change(&hanako, id, &[("fee", "年千円"), ("phone", "0920-99-0001"), ("phone.open", "office")]).await;
    let list = hanako.page(&own(id, "/history")).await;
    assert!(list.contains(HANAKO) && list.contains("画面") && list.contains("年千円") && list.contains("第2版"));
    let version = hanako.page(&own(id, "/history/1")).await;
    assert!(version.contains("見本 太郎") && version.contains("この版に戻す"));
    let staff = world.staff().await;
    let path = format!("/staff/groups/{id}/history/1");
    assert_eq!(staff.post(&path, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff.done(&path, &[("reason", "入力の誤り")]).await;
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!(kept.fee, "なし");
    let phone = kept.contact(ContactKind::Phone).unwrap();
    assert_eq!((phone.value.as_str(), phone.published), ("0920-99-0001", false), "a withdrawn consent stays withdrawn");
    assert!(!world.page(&format!("/groups/{id}")).await.contains("0920-99-0001"));
    let newest = history::versions(world.db(), id).await.unwrap().remove(0);
    assert_eq!((newest.number, newest.reason.as_str()), (3, "第1版に戻しました。入力の誤り"));
}

#[tokio::test]
async fn a_member_brings_a_version_back_as_any_edit() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (staff, hanako) = (world.staff().await, world.member(HANAKO).await);
    let path = format!("/staff/groups/{id}/profile");
    let base = base(&staff, &path).await;
    let cause = [("channel", "fax"), ("reason", "変更届")];
    staff
        .done(&path, &[&[("base", base.as_str()), ("name", "見本 山の会"), ("fee", "年千円")], &cause[..]].concat())
        .await;
    assert_eq!(hanako.done(&own(id, "/history/1"), &[]).await, format!("/me/groups/{id}?done=both"));
    let kept = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.fee.as_str()), ("見本 山の会", "なし"), "the name waits, the fee is back");
    assert_eq!(open(&world, id).await.unwrap().asked()[0].new, "見本 海の会");
    assert_eq!(hanako.get(&own(id, "/history/99")).await.status, StatusCode::NOT_FOUND);
}

/// A form with a file, as a browser sends it.
fn parts(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
        );
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(*b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let (kind, body) = parts(fields, file);
    browser.send(Request::post(path).header("content-type", kind), Body::from(body)).await
}

/// A JPEG, 400 by 200, red on its left half, that says it was taken on its side and where.
fn telling_jpeg() -> Vec<u8> {
    let image =
        image::RgbImage::from_fn(400, 200, |x, _| image::Rgb(if x < 200 { [220, 20, 20] } else { [20, 20, 220] }));
    let mut plain = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut plain, 95).encode_image(&image).unwrap();
    // One IFD with Orientation 6 (turn right by 90 degrees) and a GPS IFD with a latitude of 34 degrees (Exif 2.3 §4.6).
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend(*b"\x02\0");
    exif.extend(*b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend(*b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0");
    exif.extend(*b"\0\0\0\0");
    exif.extend(*b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    exif.extend(*b"SECRET-CAMERA-SERIAL");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
}

fn files(world: &World) -> usize {
    std::fs::read_dir(world.folder().join("photos")).map_or(0, Iterator::count)
}

fn photo_url(page: &str) -> String {
    let behind = page.split("<img src=\"/groups/").nth(1).expect("a photo");
    format!("/groups/{}", behind.split('"').next().unwrap())
}

#[tokio::test]
async fn a_photo_is_turned_upright_and_tells_nothing_of_where_it_was_taken() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    let sent = telling_jpeg();
    assert!(sent.windows(6).any(|bytes| bytes == b"SECRET"));
    let before = world.page(&format!("/groups/{id}")).await;
    assert!(!before.contains("<figure"));
    let answer = send(&hanako, &own(id, "/photo"), &[("alt", "赤と青の見本")], Some(("x.png", &sent))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = world.page(&format!("/groups/{id}")).await;
    assert!(page.contains("alt=\"赤と青の見本\" width=\"200\" height=\"400\""), "{page}");
    let url = photo_url(&page);
    let picture = world.get(&url).await;
    assert_eq!((picture.header("content-type"), picture.header("x-content-type-options")), ("image/jpeg", "nosniff"));
    assert_eq!(picture.header("cache-control"), "public, max-age=31536000, immutable");
    for secret in [&b"SECRET"[..], b"Exif", b"GPS"] {
        assert!(!picture.bytes.windows(secret.len()).any(|bytes| bytes == secret));
    }
    let shown = image::load_from_memory(&picture.bytes).unwrap().into_rgb8();
    assert_eq!(shown.dimensions(), (200, 400));
    let (top, bottom) = (shown.get_pixel(100, 50), shown.get_pixel(100, 350));
    assert!(top.0[0] > 150 && bottom.0[2] > 150, "left became top: {top:?} {bottom:?}");
    assert_eq!(world.get(&url.replace(".jpg", "-small.jpg")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_photo_has_a_new_address_and_a_removed_one_has_none() {
    let world = World::new().await;
    let id = sea(&world).await;
    let (hanako, staff) = (world.member(HANAKO).await, world.staff().await);
    let path = own(id, "/photo");
    send(&hanako, &path, &[("alt", "一枚め")], Some(("a.jpg", &telling_jpeg()))).await;
    let first = photo_url(&world.page(&format!("/groups/{id}")).await);
    let mut other = Vec::new();
    image::DynamicImage::new_rgb8(300, 300)
        .write_to(&mut std::io::Cursor::new(&mut other), image::ImageFormat::Png)
        .unwrap();
    send(&hanako, &path, &[("alt", "二枚め")], Some(("b.jpg", &other))).await;
    let second = photo_url(&world.page(&format!("/groups/{id}")).await);
    assert_ne!(first, second);
    assert_eq!(world.get(&first).await.status, StatusCode::NOT_FOUND);
    send(&hanako, &path, &[("alt", "説明だけ")], None).await;
    assert!(world.page(&format!("/groups/{id}")).await.contains("alt=\"説明だけ\""));
    let removal = format!("/staff/groups/{id}/photo/removal");
    assert_eq!(staff.post(&removal, &[("removal", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff.done(&removal, &[("removal", "写っている方から申し出がありました。")]).await;
    assert!(!world.page(&format!("/groups/{id}")).await.contains("<figure"));
    assert_eq!(world.get(&second).await.status, StatusCode::NOT_FOUND);
    let letters = world.letters().await;
    assert_eq!((letters[0].kind.as_str(), letters[0].to_mail.as_str()), ("groups.photo_removed", HANAKO));
    assert!(letters[0].body.contains("申し出がありました。"));
    let page = staff.page(&format!("/staff/groups/{id}/photo")).await;
    let earlier = hidden(&page, "photo");
    staff.done(&format!("/staff/groups/{id}/photo/return"), &[("photo", &earlier)]).await;
    assert_eq!(photo_url(&world.page(&format!("/groups/{id}")).await), second, "the office can put it back");
}

#[tokio::test]
async fn what_is_no_photo_is_refused_in_words_and_leaves_nothing_behind() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    let path = own(id, "/photo");
    let good = telling_jpeg();
    let alt = [("alt", "書いた説明")];
    // The header of a PNG of 30,000 by 30,000 pixels, with a right checksum and nothing behind it.
    let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0\x9b\x90\xee\xd2".to_vec();
    let too_large = vec![0xFF; 10 * 1024 * 1024 + 1];
    let cases: [(&str, &[u8], StatusCode, &str); 5] = [
        ("text.jpg", b"<script>alert(1)</script>", StatusCode::UNPROCESSABLE_ENTITY, "JPEG、PNG、WebP"),
        ("animation.jpg", b"GIF89a\x0a\0\x0a\0\0\0\0", StatusCode::UNPROCESSABLE_ENTITY, "JPEG、PNG、WebP"),
        ("half.jpg", &good[..200], StatusCode::UNPROCESSABLE_ENTITY, "こわれているようです"),
        ("bomb.png", &bomb, StatusCode::UNPROCESSABLE_ENTITY, "写真"),
        ("large.jpg", &too_large, StatusCode::PAYLOAD_TOO_LARGE, "写真は10MBまでです"),
    ];
    for (name, bytes, status, sentence) in cases {
        let answer = send(&hanako, &path, &alt, Some((name, bytes))).await;
        assert_eq!(answer.status, status, "{name}");
        let page = answer.text();
        assert!(page.contains(sentence) && page.contains("value=\"書いた説明\""), "{name}: {page}");
    }
    let huge = vec![0xFF; 12 * 1024 * 1024];
    let answer = send(&hanako, &path, &alt, Some(("huge.jpg", &huge))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("10MBまで"));
    let nothing = send(&hanako, &path, &alt, None).await;
    assert!(nothing.text().contains("写真のファイルを選んでください"));
    let blind = send(&hanako, &path, &[("alt", " 　")], Some(("a.jpg", &good))).await;
    assert!(blind.text().contains("写真の説明を書いてください"));
    assert_eq!(files(&world), 0);
    assert!(!world.page(&format!("/groups/{id}")).await.contains("<figure"));
}

#[tokio::test]
async fn the_photo_of_a_group_that_is_not_listed_is_nobodys_but_its_own() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    send(&hanako, &own(id, "/photo"), &[("alt", "見本")], Some(("a.jpg", &telling_jpeg()))).await;
    let url = photo_url(&world.page(&format!("/groups/{id}")).await);
    let staff = world.staff().await;
    let path = format!("/staff/groups/{id}/profile");
    let base = base(&staff, &path).await;
    staff.done(&path, &[("base", &base), ("state", "dormant"), ("channel", "phone"), ("reason", "休会の連絡")]).await;
    assert_eq!(world.get(&url).await.status, StatusCode::NOT_FOUND);
    let file = url.rsplit('/').next().unwrap();
    assert_eq!(hanako.get(&own(id, &format!("/photo/{file}"))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn files_that_no_group_shows_are_swept_and_no_other() {
    let world = World::new().await;
    let id = sea(&world).await;
    let hanako = world.member(HANAKO).await;
    send(&hanako, &own(id, "/photo"), &[("alt", "見本")], Some(("a.jpg", &telling_jpeg()))).await;
    // What a process leaves behind that was killed between the file and the row.
    world.app.storage.put("orphan.jpg", bytes::Bytes::from_static(b"left over")).await.unwrap();
    let soon = groups::photo::sweep(world.db(), &world.app.storage, now()).await.unwrap();
    assert_eq!((soon, files(&world)), (0, 3), "a change may still be on its way");
    // The files carry the time of the machine, whatever the day of the test is.
    let later = chrono::DateTime::<chrono::Utc>::from(std::fs::metadata(world.folder()).unwrap().modified().unwrap());
    let swept = groups::photo::sweep(world.db(), &world.app.storage, later + chrono::Duration::days(2)).await.unwrap();
    assert_eq!((swept, files(&world)), (1, 2));
    let url = photo_url(&world.page(&format!("/groups/{id}")).await);
    assert_eq!(world.get(&url).await.status, StatusCode::OK);
}
