//! A group registers itself, and the office answers: from the first address to the public page.

use axum::http::StatusCode;
use chrono::Duration;
use kyodo::audit::Channel;
use kyodo::city::settings;
use kyodo::groups::{self, Contact, ContactKind, Draft, Duty, State, application, history};
use kyodo::{accounts, db};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::world::{Browser, World, now};

const MAIL: &str = "mihon@example.jp";

/// What a fitting group types, step by step.
const NAME: &[(&str, &str)] =
    &[("name", "見本 海の会"), ("kana", "みほんうみのかい"), ("kind", "voluntary"), ("corporate_number", "")];
const ACTIVITY: &[(&str, &str)] = &[
    ("purpose", "浜をきれいにします。"),
    ("activities", "月に一度、浜で\r\nごみを拾います。"),
    ("fields", "environment"),
    ("fields", "tourism"),
    ("town", "mitsushima"),
    ("towns", "mitsushima"),
    ("towns", "toyotama"),
    ("places", "竹敷の浜"),
    ("website", "https://example.jp/mihon/"),
    ("items", "3-05"),
];
const MEMBERS: &[(&str, &str)] = &[
    ("founded", "平成１５年６月"),
    ("members", "２４人"),
    ("members_on", "令和8年4月1日"),
    ("fee", "なし"),
    ("recruiting", "募集中"),
    ("joining", "どなたでも"),
];
const CONTACTS: &[(&str, &str)] = &[
    ("representative_title", "会長"),
    ("representative", "見本 太郎"),
    ("publish_representative", "public"),
    ("phone", "０９２０（００）００９９"),
    ("publish_phone", "office"),
    ("mail", "kai@example.jp"),
    ("publish_mail", "public"),
    ("postal", "８１７－００２２"),
    ("address", "厳原町国分0番地99"),
    ("publish_address", "office"),
    ("applicant", "見本 花子"),
];
const REQUIREMENTS: &[(&str, &str)] =
    &[("has_rules", "yes"), ("grants", "2024年度 見本財団 10万円"), ("local", "1"), ("aims", "1"), ("pledged", "1")];

/// Every step with what a fitting group types.
const STEPS: [(&str, &[(&str, &str)]); 5] = [
    ("name", NAME),
    ("activity", ACTIVITY),
    ("members", MEMBERS),
    ("contacts", CONTACTS),
    ("requirements", REQUIREMENTS),
];

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The fields of a step with the version that the page shows, and where to go.
fn with<'a>(fields: &[(&'a str, &'a str)], version: &'a str, go: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain([("version", version), ("go", go)]).collect()
}

/// Begins an application and returns its personal page.
async fn begin(browser: &Browser<'_>, mail: &str) -> String {
    let first = browser.done("/groups/applications", &[("mail", mail)]).await;
    first.split("/name").next().unwrap().to_owned()
}

/// Keeps a step as the page shows it and returns where it leads.
async fn keep(browser: &Browser<'_>, base: &str, step: &str, fields: &[(&str, &str)]) -> String {
    let path = format!("{base}/{step}");
    let version = hidden(&browser.page(&path).await, "version");
    browser.done(&path, &with(fields, &version, "next")).await
}

async fn fill(browser: &Browser<'_>, base: &str) {
    for (step, fields) in STEPS {
        keep(browser, base, step, fields).await;
    }
}

/// The path of the personal link in the newest letter of a kind.
async fn link(world: &World, kind: &str) -> String {
    let letters = world.letters().await;
    let letter = letters.iter().rfind(|letter| letter.kind == kind).unwrap_or_else(|| panic!("no letter {kind}"));
    letter.secret("リンク").trim_start_matches("https://kyodo.example.jp").to_owned()
}

/// Opens the link of the letter and says that the address is one's own.
async fn verify(world: &World) -> String {
    let link = link(world, "groups.application_link").await;
    world.visitor().done(&format!("{link}/verification"), &[]).await;
    link
}

async fn submit(browser: &Browser<'_>, base: &str, more: &[(&str, &str)]) -> axum::http::StatusCode {
    let path = format!("{base}/confirm");
    let version = hidden(&browser.page(&path).await, "version");
    browser.post(&path, &with(more, &version, "")).await.status
}

/// A whole application that waits for the office; returns the applicant's page and the page of the office.
async fn waiting(world: &World, browser: &Browser<'_>) -> (String, String) {
    let base = begin(browser, MAIL).await;
    fill(browser, &base).await;
    verify(world).await;
    assert_eq!(submit(browser, &base, &[("different", "1")]).await, StatusCode::SEE_OTHER);
    let (_, waiting) = application::waiting(world.db(), 10).await.unwrap();
    (base, waiting.last().unwrap().path.clone())
}

async fn decide(browser: &Browser<'_>, desk: &str, act: &str, more: &[(&str, &str)]) -> String {
    let version = hidden(&browser.page(desk).await, "version");
    browser.done(&format!("{desk}/{act}"), &with(more, &version, "")).await
}

async fn only_group(world: &World) -> Uuid {
    let sql = "SELECT id FROM groups";
    let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].try_get("", "id").unwrap()
}

async fn count(world: &World, sql: &str) -> i64 {
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    row.unwrap().try_get("", "count").unwrap()
}

#[tokio::test]
async fn a_group_registers_itself_from_the_first_address_to_its_public_page() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    assert!(visitor.page("/groups").await.contains("href=\"/groups/new\""));
    let explained = visitor.page("/groups/new").await;
    assert!(explained.contains("会員が5人以上いる") && explained.contains("電話・FAX・郵送・窓口"));
    let (base, desk) = waiting(&world, &visitor).await;
    assert!(visitor.page(&base).await.contains("職員が内容を確かめています"));

    let case = staff.page(&desk).await;
    for text in ["浜をきれいにします。", "0920-00-0099", "平成15年6月", "3-05", "誓約しました", "満たす"]
    {
        assert!(case.contains(text), "{text}");
    }
    assert_eq!(decide(&staff, &desk, "approval", &[]).await, format!("{desk}?done=approved"));

    let id = only_group(&world).await;
    let draft = history::load(world.db(), id).await.unwrap().unwrap();
    assert_eq!((draft.number.as_deref(), draft.state), (Some("2026-001"), State::Listed));
    assert_eq!(
        (draft.kana.as_str(), draft.members, draft.town_key.as_str()),
        ("ミホンウミノカイ", Some(24), "mitsushima")
    );
    assert_eq!((draft.registered_on, draft.confirmed_on), (Some(crate::world::today()), Some(crate::world::today())));
    assert_eq!(draft.activities, "月に一度、浜で\nごみを拾います。");
    assert_eq!((draft.fields.len(), draft.towns.len(), draft.items.len()), (2, 2, 1));
    assert_eq!((draft.has_rules, draft.pledged), (Some(true), Some(true)));

    let page = visitor.page(&groups::path(id)).await;
    for text in ["見本 海の会", "みほんうみのかい", "会長 見本 太郎", "kai@example.jp", "2026-001"] {
        assert!(page.contains(text), "{text}");
    }
    let people = groups::member::of_group(world.db(), id).await.unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(
        (people[0].mail.as_str(), people[0].name.as_str(), people[0].duty()),
        (MAIL, "見本 花子", Duty::Representative)
    );
    assert!(visitor.page(&base).await.contains("名簿に登録しました"));
    let kinds: Vec<String> = world.letters().await.into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["groups.application_link", "groups.application_received", "groups.application_approved"]);
}

#[tokio::test]
async fn consent_is_recorded_with_who_when_and_how_and_what_is_for_the_office_appears_nowhere() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (_, desk) = waiting(&world, &visitor).await;
    decide(&staff, &desk, "approval", &[]).await;
    let id = only_group(&world).await;
    let draft = history::load(world.db(), id).await.unwrap().unwrap();
    let contact = |kind| draft.contact(kind).unwrap().clone();
    let consented = Contact {
        kind: ContactKind::Representative,
        value: "見本 太郎".to_owned(),
        published: true,
        consented_on: Some(crate::world::today()),
        method: "画面".to_owned(),
        by: "見本 花子(申請者)".to_owned(),
    };
    assert_eq!(contact(ContactKind::Representative), consented);
    let (phone, postal) = (contact(ContactKind::Phone), contact(ContactKind::Postal));
    assert_eq!(
        (phone.value.as_str(), phone.published, phone.consented_on, phone.by.as_str()),
        ("0920-00-0099", false, None, "")
    );
    assert_eq!((postal.value.as_str(), postal.published), ("8170022", false));
    for path in [groups::path(id), "/groups".to_owned(), "/groups?q=0099".to_owned(), "/opendata/groups.csv".to_owned()]
    {
        let answer = visitor.get(&path).await;
        let text = answer.text();
        for secret in ["0920-00-0099", "0番地99", "見本財団", MAIL, "見本 花子"] {
            assert!(!text.contains(secret), "{secret} on {path}");
        }
    }
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_everything_typed_is_kept() {
    let world = World::new().await;
    let visitor = world.visitor();
    let wrong = visitor.post("/groups/applications", &[("mail", "mihon@@example")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"mihon@@example\""));

    let base = begin(&visitor, MAIL).await;
    let typed = [("name", " 見本　海の会 "), ("kana", "海の会"), ("kind", "circus"), ("corporate_number", "123")];
    let answer = visitor.post(&format!("{base}/name"), &with(&typed, "0", "next")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    for part in
        ["value=\" 見本　海の会 \"", "value=\"海の会\"", "value=\"123\"", "かなだけで", "13桁", "選んでください"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(visitor.page(&format!("{base}/name")).await.contains("value=\"海の会\""), "kept in spite of its faults");

    let contacts = [("representative", "見本 太郎"), ("phone", "12"), ("mail", "x"), ("postal", "81700")];
    let answer = visitor.post(&format!("{base}/contacts"), &with(&contacts, "0", "next")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["代表者の氏名を公開するか", "電話: ", "メール: ", "郵便番号: ", "申請する方のお名前を書いて"]
    {
        assert!(answer.text().contains(part), "{part}");
    }
    let members = [("members", "４人"), ("founded", "令和98年"), ("members_on", "きのう")];
    let answer = visitor.post(&format!("{base}/members"), &with(&members, "0", "next")).await;
    for part in ["会員が5人以上の団体", "会員数を数えた日は", "value=\"４人\"", "value=\"きのう\""]
    {
        assert!(answer.text().contains(part), "{part}");
    }
}

#[tokio::test]
async fn going_back_and_coming_later_lose_nothing() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, MAIL).await;
    let half = [("purpose", "書きかけの目的"), ("website", "まだない")];
    let back = visitor.done(&format!("{base}/activity"), &with(&half, "0", "back")).await;
    assert_eq!(back, format!("{base}/name"));
    assert!(visitor.page(&format!("{base}/activity")).await.contains("書きかけの目的"));
    let later = visitor.done(&format!("{base}/members"), &with(&[("fee", "月300円")], "0", "later")).await;
    assert_eq!(later, format!("{base}?done=kept"));
    let state = visitor.page(&base).await;
    assert!(state.contains("「会員と設立」から続ける") && state.contains("直すところがあります"));
    let summary = visitor.page(&format!("{base}/confirm")).await;
    assert!(summary.contains("まだない") && summary.contains("月300円") && summary.contains("団体名を書いてください"));
}

#[tokio::test]
async fn nobody_sees_an_application_before_its_address_is_shown_to_be_the_applicants() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let base = begin(&visitor, MAIL).await;
    fill(&visitor, &base).await;
    let refused = visitor
        .post(
            &format!("{base}/confirm"),
            &[("version", &hidden(&visitor.page(&format!("{base}/confirm")).await, "version"))],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("アドレスの確認がまだです"));
    assert_eq!(application::waiting(world.db(), 10).await.unwrap().0, 0);
    assert!(!staff.page("/staff/applications").await.contains("見本 海の会"));
    let sql = "SELECT id FROM applications";
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    let id: Uuid = row.unwrap().try_get("", "id").unwrap();
    assert_eq!(staff.get(&application::desk_path(id)).await.status, StatusCode::NOT_FOUND);
    // The browser that began it cannot verify the address for its owner.
    let forged = visitor.post(&format!("{base}/verification"), &[]).await;
    assert_eq!(forged.status, StatusCode::GONE);
    // Opening the link alone does nothing, as scanners of mail open links.
    let link = link(&world, "groups.application_link").await;
    let stranger = world.visitor();
    assert!(stranger.page(&link).await.contains("このアドレスを確認する"));
    // Whom the letter reached by mistake sees nothing of what was typed, and can change nothing.
    for step in ["contacts", "confirm", "address"] {
        assert_eq!(stranger.get(&format!("{link}/{step}")).await.header("location"), link, "{step}");
    }
    assert_eq!(stranger.done(&format!("{link}/withdrawal"), &[]).await, link);
    assert_eq!(stranger.done(&format!("{link}/name"), &with(NAME, "1", "next")).await, link);
    assert_eq!(submit(&visitor, &base, &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    verify(&world).await;
    assert_eq!(submit(&visitor, &base, &[]).await, StatusCode::SEE_OTHER);
    assert!(staff.page("/staff/applications").await.contains("見本 海の会"));
}

#[tokio::test]
async fn a_mistyped_address_can_be_corrected_and_its_letter_ends() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, "mihom@example.jp").await;
    let stranger = link(&world, "groups.application_link").await;
    visitor.done(&format!("{base}/address"), &[("mail", MAIL)]).await;
    assert_eq!(world.visitor().get(&stranger).await.status, StatusCode::GONE);
    let link = verify(&world).await;
    assert!(visitor.page(&link).await.contains("続きを書く"));
    assert_eq!(world.letters().await.last().unwrap().to_mail, MAIL);
}

#[tokio::test]
async fn letters_to_one_address_are_limited_and_a_lost_link_tells_nothing_about_who_applied() {
    let world = World::new().await;
    let visitor = world.visitor();
    for _ in 0..5 {
        begin(&visitor, MAIL).await;
    }
    let sixth = visitor.post("/groups/applications", &[("mail", MAIL)]).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
    let known = visitor.done("/groups/applications/links", &[("mail", MAIL)]).await;
    let unknown = visitor.done("/groups/applications/links", &[("mail", "nobody@example.jp")]).await;
    assert_eq!(known, unknown);
    assert_eq!(world.letters().await.len(), 5);
}

#[tokio::test]
async fn a_lost_link_comes_again_by_mail() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, MAIL).await;
    keep(&visitor, &base, "name", NAME).await;
    world.visitor().done("/groups/applications/links", &[("mail", " MIHON@example.jp ")]).await;
    let again = verify(&world).await;
    assert!(world.visitor().page(&format!("{again}/name")).await.contains("見本 海の会"));
}

#[tokio::test]
async fn forged_stale_and_foreign_links_open_nothing() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, MAIL).await;
    let forged = format!("/groups/applications/{}", "A".repeat(43));
    for path in [forged.clone(), format!("{forged}/name"), format!("{forged}/confirm"), format!("{forged}/address")] {
        assert_eq!(visitor.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    for act in ["name", "confirm", "verification", "withdrawal", "taking-back", "address"] {
        let answer = visitor.post(&format!("{forged}/{act}"), &[("mail", MAIL)]).await;
        assert_eq!(answer.status, StatusCode::GONE, "{act}");
    }
    assert_eq!(visitor.get(&format!("{base}/nonsense")).await.status, StatusCode::NOT_FOUND);
    let sql = "UPDATE applications SET updated_at = ?";
    let long_ago = now() - Duration::days(91);
    let backend = world.db().get_database_backend();
    world.db().execute_raw(db::statement(backend, sql, vec![long_ago.into()])).await.unwrap();
    assert_eq!(visitor.get(&base).await.status, StatusCode::GONE);
    assert_eq!(application::forget(world.db(), 90, now()).await.unwrap(), 1);
    assert_eq!(count(&world, "SELECT COUNT(*) AS count FROM application_links").await, 0);
}

#[tokio::test]
async fn the_desk_is_for_staff_alone() {
    let world = World::new().await;
    let (visitor, member) = (world.visitor(), world.member("other@example.jp").await);
    let (_, desk) = waiting(&world, &visitor).await;
    for path in ["/staff/applications", "/staff/applications/new", desk.as_str()] {
        assert_eq!(visitor.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for act in ["approval", "return", "refusal", "edit", "withdrawal"] {
        let path = format!("{desk}/{act}");
        assert_eq!(
            member.post(&path, &[("version", "7"), ("reason", "x")]).await.status,
            StatusCode::NOT_FOUND,
            "{act}"
        );
    }
    assert_eq!(application::waiting(world.db(), 10).await.unwrap().0, 1);
}

#[tokio::test]
async fn the_office_asks_and_the_group_answers_and_hands_in_again() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (base, desk) = waiting(&world, &visitor).await;
    let silent = staff.post(&format!("{desk}/return"), &[("version", "9"), ("question", "　")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text().contains("質問を書いてください"));
    decide(&staff, &desk, "return", &[("question", "集まる日を教えてください。")]).await;
    let letter = world.letters().await.pop().unwrap();
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("groups.application_returned", MAIL));
    assert!(letter.body.contains("集まる日を教えてください。"));
    let own = link(&world, "groups.application_returned").await;
    assert!(visitor.page(&own).await.contains("集まる日を教えてください。"));
    assert_eq!(submit(&visitor, &own, &[("answer", "毎月第一日曜です。")]).await, StatusCode::SEE_OTHER);
    let case = staff.page(&desk).await;
    assert!(case.contains("毎月第一日曜です。") && case.contains("登録の再申請"));
    decide(&staff, &desk, "approval", &[]).await;
    assert!(visitor.page(&base).await.contains("名簿に登録しました"));
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_ends_the_application() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (base, desk) = waiting(&world, &visitor).await;
    let silent = staff.post(&format!("{desk}/refusal"), &[("version", "9"), ("reason", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    decide(&staff, &desk, "refusal", &[("reason", "活動が市外だけのため")]).await;
    assert!(world.letters().await.pop().unwrap().body.contains("活動が市外だけのため"));
    assert!(visitor.page(&base).await.contains("活動が市外だけのため"));
    assert_eq!(count(&world, "SELECT COUNT(*) AS count FROM groups").await, 0);
    let mail = world.letters().await.pop().unwrap().to_mail;
    let found = staff.page(&format!("/staff/search?q={mail}")).await;
    assert!(found.contains(&format!("href=\"{desk}\"")) && found.contains("不承認"), "what was decided can be found");
    let path = format!("{base}/name");
    let late = visitor.post(&path, &with(&[("name", "書き直し")], "1", "next")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("value=\"書き直し\"") && late.text().contains("保存されていません"));
}

#[tokio::test]
async fn two_members_of_staff_at_once_decide_once_and_the_second_is_told() {
    let world = World::new().await;
    let (visitor, one, other) = (world.visitor(), world.staff().await, world.admin().await);
    let (_, desk) = waiting(&world, &visitor).await;
    let version = hidden(&one.page(&desk).await, "version");
    let sent = [("version", version.as_str())];
    let (approval, refusal) = (format!("{desk}/approval"), format!("{desk}/refusal"));
    let refused = [("version", version.as_str()), ("reason", "重複のため")];
    let (first, second) = tokio::join!(one.post(&approval, &sent), other.post(&refusal, &refused));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let told = if first.status == StatusCode::CONFLICT { first.text() } else { second.text() };
    assert!(told.contains("いまの操作は、行われていません") && told.contains("先に、見本 "));
    assert_eq!(world.letters().await.len(), 3);
    let decided = "SELECT COUNT(*) AS count FROM audit WHERE noun = 'application' AND action LIKE '登録申請の%'";
    assert_eq!(count(&world, decided).await, 1);
}

#[tokio::test]
async fn what_the_applicant_changed_meanwhile_is_not_approved_unseen() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (base, desk) = waiting(&world, &visitor).await;
    let version = hidden(&staff.page(&desk).await, "version");
    visitor.done(&format!("{base}/taking-back"), &[]).await;
    let late = staff.post(&format!("{desk}/approval"), &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("申請を取り戻しました") && !late.text().contains("浜をきれいにします。"));
    let changed: Vec<_> =
        NAME.iter().map(|(key, text)| if *key == "name" { ("name", "見本 海の仲間") } else { (*key, *text) }).collect();
    keep(&visitor, &base, "name", &changed).await;
    assert_eq!(submit(&visitor, &base, &[]).await, StatusCode::SEE_OTHER);
    let late = staff.post(&format!("{desk}/approval"), &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("見本 海の仲間"));
}

#[tokio::test]
async fn two_screens_at_once_show_both_texts_and_lose_neither() {
    let world = World::new().await;
    let (one, other) = (world.visitor(), world.visitor());
    let base = begin(&one, MAIL).await;
    keep(&one, &base, "members", MEMBERS).await;
    let path = format!("{base}/members");
    let version = hidden(&one.page(&path).await, "version");
    let typed = |fee| {
        MEMBERS.iter().map(|(key, text)| if *key == "fee" { ("fee", fee) } else { (*key, *text) }).collect::<Vec<_>>()
    };
    one.done(&path, &with(&typed("年額1,000円"), &version, "next")).await;
    let second = other.post(&path, &with(&typed("年額2,000円"), &version, "next")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    let text = second.text();
    assert!(text.contains("年額1,000円") && text.contains("value=\"年額2,000円\""));
    assert!(one.page(&path).await.contains("年額1,000円"), "the first stays until somebody decides");
    other.done(&path, &with(&typed("年額2,000円"), &hidden(&text, "version"), "next")).await;
    assert!(one.page(&path).await.contains("年額2,000円"));
    // Other steps do not stand in each other's way.
    other.done(&format!("{base}/name"), &with(NAME, "0", "next")).await;
}

#[tokio::test]
async fn the_applicant_can_withdraw_until_it_is_decided() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (base, desk) = waiting(&world, &visitor).await;
    visitor.done(&format!("{base}/withdrawal"), &[]).await;
    assert!(visitor.page(&base).await.contains("取り下げられています"));
    assert!(staff.page(&desk).await.contains("申請の取り下げ"));
    let again = visitor.done(&format!("{base}/withdrawal"), &[]).await;
    assert_eq!(again, base);
    let version = "99";
    let late = staff.post(&format!("{desk}/approval"), &[("version", version)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn groups_that_look_the_same_are_shown_to_both_sides_without_the_secrets_of_others() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let contact = |kind, value: &str, published| Contact {
        kind,
        value: value.to_owned(),
        published,
        consented_on: None,
        method: String::new(),
        by: String::new(),
    };
    let keep = async |name: &str, kana: &str, state, contacts| {
        let draft = Draft { name: name.to_owned(), kana: kana.to_owned(), state, contacts, ..Draft::default() };
        world.keep(draft).await
    };
    let core = keep("NPO法人 見本海クラブ", "エヌピーオーホウジンミホンウミクラブ", State::Listed, vec![]).await;
    let hidden_phone = vec![contact(ContactKind::Phone, "0920-00-0099", false)];
    keep("見本 別名の会", "ベツメイノカイ", State::Listed, hidden_phone).await;
    keep("見本 海の会", "ウミノカイ", State::Dormant, vec![]).await;
    keep("見本 山の会", "ヤマノカイ", State::Listed, vec![]).await;
    let base = begin(&visitor, MAIL).await;
    fill(&visitor, &base).await;
    verify(&world).await;
    let summary = visitor.page(&format!("{base}/confirm")).await;
    assert!(summary.contains("NPO法人 見本海クラブ") && summary.contains("href=\"/claim\""));
    for other in ["別名", "山の会", "休止"] {
        assert!(!summary.contains(other), "{other}");
    }
    assert_eq!(submit(&visitor, &base, &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(submit(&visitor, &base, &[("different", "1")]).await, StatusCode::SEE_OTHER);
    let (_, waiting) = application::waiting(world.db(), 1).await.unwrap();
    let case = staff.page(&waiting[0].path).await;
    for told in [
        "NPO法人 見本海クラブ",
        "見本 別名の会",
        "電話かFAXの番号が同じです",
        "休止",
        "申請者は「別の団体」と答えています",
    ] {
        assert!(case.contains(told), "{told}");
    }
    assert!(!case.contains("見本 山の会"));
    assert!(case.contains(&format!("/staff/groups/{core}")));
}

#[tokio::test]
async fn another_application_of_the_same_name_is_shown_to_the_office() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (_, first) = waiting(&world, &visitor).await;
    let (_, second) = waiting(&world, &world.visitor()).await;
    assert_ne!(first, second);
    assert!(staff.page(&second).await.contains(&format!("href=\"{first}\"")));
}

#[tokio::test]
async fn numbers_are_given_once_even_when_two_are_approved_at_once() {
    let world = World::new().await;
    let taken = Draft {
        name: "見本 先客の会".to_owned(),
        kana: "センキャクノカイ".to_owned(),
        number: Some("2026-002".to_owned()),
        ..Draft::default()
    };
    world.keep(taken).await;
    let (visitor, one, other) = (world.visitor(), world.staff().await, world.admin().await);
    let (_, first) = waiting(&world, &visitor).await;
    let (_, second) = waiting(&world, &world.visitor()).await;
    let (sea, hill) = tokio::join!(decide(&one, &first, "approval", &[]), decide(&other, &second, "approval", &[]));
    assert!(sea.ends_with("approved") && hill.ends_with("approved"));
    let sql = "SELECT number FROM groups ORDER BY number";
    let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    let numbers: Vec<String> = rows.iter().map(|row| row.try_get("", "number").unwrap()).collect();
    assert_eq!(numbers, ["2026-001", "2026-002", "2026-003"]);
}

#[tokio::test]
async fn the_city_decides_how_numbers_look_and_how_many_members_are_enough() {
    let world = World::new().await;
    settings::put(world.db(), "groups.number", Some("見{和暦}-{番号}"), "試験", now()).await.unwrap();
    settings::put(world.db(), "groups.min_members", Some("30"), "試験", now()).await.unwrap();
    let (visitor, staff) = (world.visitor(), world.staff().await);
    assert!(visitor.page("/groups/new").await.contains("会員が30人以上いる"));
    let base = begin(&visitor, MAIL).await;
    let answer = visitor.post(&format!("{base}/members"), &with(MEMBERS, "0", "next")).await;
    assert!(answer.text().contains("会員が30人以上の団体"));
    settings::put(world.db(), "groups.min_members", None, "試験", now()).await.unwrap();
    let (_, desk) = waiting(&world, &visitor).await;
    decide(&staff, &desk, "approval", &[]).await;
    let draft = history::load(world.db(), only_group(&world).await).await.unwrap().unwrap();
    assert_eq!(draft.number.as_deref(), Some("見R8-001"));
}

#[tokio::test]
async fn the_office_corrects_before_it_approves_and_the_applicant_is_told_what() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (base, desk) = waiting(&world, &visitor).await;
    let edit = format!("{desk}/edit");
    let page = staff.page(&edit).await;
    assert!(page.contains("０９２０（００）００９９"), "typed text is kept");
    let version = hidden(&page, "version");
    let all: Vec<(&str, &str)> = STEPS.iter().flat_map(|(_, fields)| fields.iter().copied()).collect();
    let corrected: Vec<_> = all
        .iter()
        .map(|(key, text)| if *key == "places" { ("places", "竹敷の浜と公民館") } else { (*key, *text) })
        .collect();
    let late = staff.post(&edit, &with(&corrected, "1", "")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    staff.done(&edit, &with(&corrected, &version, "")).await;
    assert!(staff.page(&desk).await.contains("竹敷の浜 → 竹敷の浜と公民館"));
    decide(&staff, &desk, "approval", &[]).await;
    let letter = world.letters().await.pop().unwrap();
    assert!(letter.body.contains("・活動場所: 竹敷の浜 → 竹敷の浜と公民館"), "{}", letter.body);
    assert!(visitor.page(&base).await.contains("竹敷の浜 → 竹敷の浜と公民館"));
}

#[tokio::test]
async fn a_sheet_of_paper_is_typed_in_by_the_office_and_needs_no_mail() {
    let world = World::new().await;
    let staff = world.staff().await;
    let none = staff.post("/staff/applications/new", &[("name", "見本 紙の会")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("受付の方法を選んで") && none.text().contains("value=\"見本 紙の会\""));
    let sheet = [
        ("channel", "fax"),
        ("name", "見本 紙の会"),
        ("kana", "カミノカイ"),
        ("members", "3"),
        ("representative", "見本 三郎"),
        ("publish_representative", "public"),
        ("phone", "0920-00-0077"),
        ("publish_phone", "office"),
        ("applicant", "見本 三郎"),
    ];
    let desk = staff.done("/staff/applications/new", &sheet).await.replace("?done=entered", "");
    let case = staff.page(&desk).await;
    assert!(
        case.contains("受付: FAX、入力: 見本 職員")
            && case.contains("メールアドレスなし")
            && case.contains("満たさない")
    );
    decide(&staff, &desk, "approval", &[]).await;
    let id = only_group(&world).await;
    let versions = history::versions(world.db(), id).await.unwrap();
    assert_eq!(versions[0].channel(), Channel::Fax);
    let draft = versions[0].draft().unwrap();
    let consent = draft.contact(ContactKind::Representative).unwrap();
    assert_eq!((consent.method.as_str(), consent.consented_on), ("FAX", Some(crate::world::today())));
    assert_eq!(world.letters().await.len(), 0);
    assert!(groups::member::of_group(world.db(), id).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_that_the_office_typed_gives_access_only_after_its_owner_says_so() {
    let world = World::new().await;
    let staff = world.staff().await;
    let sheet = [
        ("channel", "counter"),
        ("applicant_mail", MAIL),
        ("name", "見本 窓の会"),
        ("kana", "マドノカイ"),
        ("applicant", "見本 四郎"),
    ];
    let desk = staff.done("/staff/applications/new", &sheet).await.replace("?done=entered", "");
    decide(&staff, &desk, "approval", &[]).await;
    let id = only_group(&world).await;
    assert!(groups::member::of_group(world.db(), id).await.unwrap().is_empty());
    let own = link(&world, "groups.application_approved").await;
    assert!(world.visitor().page(&own).await.contains("これから団体のページをお世話なさる方"));
    world.visitor().done(&format!("{own}/verification"), &[]).await;
    world.visitor().done(&format!("{own}/verification"), &[]).await;
    let people = groups::member::of_group(world.db(), id).await.unwrap();
    assert_eq!(
        people.iter().map(|one| (one.mail.as_str(), one.duty())).collect::<Vec<_>>(),
        [(MAIL, Duty::Representative)]
    );
}

#[tokio::test]
async fn hostile_and_oversized_input_is_refused_with_a_sentence_and_breaks_nothing() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let base = begin(&visitor, MAIL).await;
    let long = "あ".repeat(5_000);
    let typed = [("name", "<script>alert(1)</script>\u{0}\u{202E}"), ("kana", long.as_str()), ("kind", "voluntary")];
    let answer = visitor.post(&format!("{base}/name"), &with(&typed, "0", "next")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains("<script>alert"));
    assert!(answer.text().contains("200文字以内") && answer.text().contains(&long));
    let huge = "い".repeat(30_000);
    let answer = visitor.post(&format!("{base}/activity"), &with(&[("purpose", &huge)], "0", "next")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("文字が多すぎる") && answer.text().contains(&huge));
    let flood = "う".repeat(400_000);
    let answer = visitor.post(&format!("{base}/activity"), &with(&[("purpose", &flood)], "0", "next")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let header = visitor.post("/groups/applications", &[("mail", "a@example.jp\r\nBcc: b@example.jp")]).await;
    assert_eq!(header.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, desk) = waiting(&world, &visitor).await;
    for id in ["x", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(staff.get(&format!("/staff/applications/{id}")).await.status, StatusCode::NOT_FOUND);
    }
    let strange = staff.post(&format!("{desk}/approval"), &[("version", "いち")]).await;
    assert_eq!(strange.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_corporate_number_of_the_register_is_not_registered_twice() {
    let world = World::new().await;
    let number = Some("9999000000001".to_owned());
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let fitting = (0..10).map(|check| format!("{check}999000000001")).find(|number| {
        let draft =
            Draft { name: "a".into(), kana: "ア".into(), corporate_number: Some(number.clone()), ..Draft::default() };
        draft.faults().is_empty()
    });
    let fitting = fitting.or(number).unwrap();
    let held = Draft {
        name: "見本 法人".into(),
        kana: "ホウジン".into(),
        corporate_number: Some(fitting.clone()),
        ..Draft::default()
    };
    world.keep(held).await;
    let base = begin(&visitor, MAIL).await;
    fill(&visitor, &base).await;
    let own: Vec<_> = NAME
        .iter()
        .map(|(key, text)| if *key == "corporate_number" { (*key, fitting.as_str()) } else { (*key, *text) })
        .collect();
    keep(&visitor, &base, "name", &own).await;
    verify(&world).await;
    assert_eq!(submit(&visitor, &base, &[("different", "1")]).await, StatusCode::SEE_OTHER);
    let desk = application::waiting(world.db(), 1).await.unwrap().1[0].path.clone();
    let version = hidden(&staff.page(&desk).await, "version");
    let answer = staff.post(&format!("{desk}/approval"), &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("すでに名簿にあります"));
    assert_eq!(application::waiting(world.db(), 1).await.unwrap().0, 1, "it still waits");
    assert_eq!(accounts::account::find_by_mail(world.db(), MAIL).await.unwrap().map(|account| account.mail), None);
}

#[tokio::test]
async fn links_are_kept_as_digests_and_letters_never_show_them_to_the_office() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, MAIL).await;
    let token = base.rsplit('/').next().unwrap();
    let sql = format!("SELECT COUNT(*) AS count FROM application_links WHERE token_hash = '{token}'");
    assert_eq!(count(&world, &sql).await, 0);
    let letter = &world.letters().await[0];
    assert!(letter.body.contains("{{secret:リンク}}") && !letter.body.contains("/groups/applications/"));
    let answer = visitor.get(&base).await;
    assert_eq!((answer.header("cache-control"), answer.header("x-robots-tag")), ("no-store", "noindex"));
    assert_eq!(answer.header("referrer-policy"), "same-origin");
}

#[tokio::test]
async fn every_letter_is_plain_addressed_by_name_and_complete() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let (_, desk) = waiting(&world, &visitor).await;
    decide(&staff, &desk, "refusal", &[("reason", "{{署名}} と\nその他の理由")]).await;
    let letters = world.letters().await;
    let told: Vec<(&str, &str, &str, &str)> = letters
        .iter()
        .map(|letter| (letter.subject.as_str(), letter.to_name.as_str(), letter.state.as_str(), letter.topic.as_str()))
        .collect();
    let address = "【対馬市】団体登録の申請: メールアドレスの確認をお願いします";
    assert_eq!(
        told,
        [
            (address, "", "queued", ""),
            ("【対馬市】「見本 海の会」の登録申請を受け付けました", "見本 花子", "queued", ""),
            ("【対馬市】「見本 海の会」の登録申請について", "見本 花子", "queued", ""),
        ]
    );
    // A stranger whose address somebody typed gets no words of theirs.
    assert!(!letters[0].body.contains("見本 海の会"));
    for letter in &letters {
        assert!(
            letter.body.contains("電話 0920-53-6111") && letter.body.contains("{{secret:リンク}}"),
            "{}",
            letter.body
        );
        assert!(!letter.body.replace("{{secret:リンク}}", "").contains("{{"), "{}", letter.body);
    }
    assert!(letters[2].body.contains("見本 花子 様") && letters[2].body.contains("{ {署名}} と\nその他の理由"));
    for wording in application::letters::WORDINGS {
        let places: Vec<(&str, &str)> = wording.places.iter().map(|place| (place.name, place.example)).collect();
        assert!(wording.fill(&world.app.city().settings, &places).is_ok(), "{}", wording.key);
    }
}

#[tokio::test]
async fn a_name_of_several_lines_cannot_reach_the_head_of_a_letter() {
    let world = World::new().await;
    let visitor = world.visitor();
    let base = begin(&visitor, MAIL).await;
    fill(&visitor, &base).await;
    let swap = |key: &'static str, text: &'static str, fields: &'static [(&str, &str)]| {
        fields.iter().map(|(name, typed)| if *name == key { (key, text) } else { (*name, *typed) }).collect::<Vec<_>>()
    };
    keep(&visitor, &base, "name", &swap("name", "見本 海の会\r\nBcc: other@example.jp", NAME)).await;
    keep(&visitor, &base, "contacts", &swap("applicant", "見本\r\n花子\u{0}", CONTACTS)).await;
    verify(&world).await;
    assert_eq!(submit(&visitor, &base, &[]).await, StatusCode::SEE_OTHER);
    let letter = world.letters().await.pop().unwrap();
    assert!(!letter.subject.contains('\n') && !letter.to_name.contains(['\r', '\n', '\u{0}']));
    assert_eq!((letter.to_mail.as_str(), letter.to_name.as_str()), (MAIL, "見本 花子"));
}
