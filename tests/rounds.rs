//! The yearly confirmation, as groups and staff see it: by mail, on paper, by the calendar and by age.

use std::collections::HashSet;

use axum::http::StatusCode;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kyodo::audit::{Actor, Channel};
use kyodo::clock::Clock;
use kyodo::groups::renewal::{self, Answer, Desk, Narrowed};
use kyodo::groups::{self, Contact, ContactKind, Draft, Duty, State, history};
use kyodo::mail::Courier;
use kyodo::{db, mail};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::smtp::Smtp;
use crate::world::{Browser, Posted, World, now, today};

const ROUND: &str = "0199d1b0-0000-7000-8000-000000000001";

/// The 66 sample groups of the demo, without anything else of it.
async fn sample_groups() -> World {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let bytes = include_bytes!("../seeds/demo/groups.csv");
    groups::import(&transaction, &world.app.city(), "groups.csv", bytes, now() - Duration::days(30)).await.unwrap();
    transaction.commit().await.unwrap();
    world
}

fn contact(kind: ContactKind, value: &str, published: bool) -> Contact {
    Contact { kind, value: value.to_owned(), published, consented_on: None, method: String::new(), by: String::new() }
}

fn sea() -> Draft {
    Draft {
        number: Some("見本001".to_owned()),
        name: "見本 海の会".to_owned(),
        kana: "ウミノカイ".to_owned(),
        representative_title: "会長".to_owned(),
        purpose: "海を守ります。".to_owned(),
        registered_on: Some(today() - Duration::days(100)),
        contacts: vec![
            contact(ContactKind::Representative, "見本 太郎", true),
            contact(ContactKind::Phone, "0920-00-0001", false),
            contact(ContactKind::Mail, "umi@example.jp", false),
            contact(ContactKind::Postal, "8170022", true),
            contact(ContactKind::Address, "厳原町国分0番地", true),
        ],
        ..Draft::default()
    }
}

fn hill() -> Draft {
    Draft {
        number: Some("見本002".to_owned()),
        name: "見本 丘の会".to_owned(),
        kana: "オカノカイ".to_owned(),
        contacts: vec![contact(ContactKind::Phone, "0920-00-0002", false)],
        ..Draft::default()
    }
}

/// A town with a group that has mail, one that has none, and a round of both.
async fn small_round() -> (World, Uuid, Uuid) {
    let world = World::new().await;
    let (sea, hill) = (world.keep(sea()).await, world.keep(hill()).await);
    start(&world.staff().await, "all").await;
    (world, sea, hill)
}

async fn start(staff: &Browser<'_>, whom: &str) -> String {
    let fields = [("id", ROUND), ("title", "令和8年度 更新確認"), ("due_on", "2026-12-23"), ("whom", whom)];
    staff.done("/staff/rounds", &fields).await
}

fn round_id() -> Uuid {
    ROUND.parse().unwrap()
}

fn link(letter: &Posted) -> String {
    let url = letter.secret("リンク");
    url.strip_prefix("https://kyodo.example.jp").unwrap().to_owned()
}

async fn one<T: sea_orm::TryGetable>(world: &World, sql: &str, values: Vec<sea_orm::Value>) -> T {
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
    row.unwrap().try_get("", "it").unwrap()
}

async fn run(world: &World, sql: &str, values: Vec<sea_orm::Value>) {
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
}

async fn updated_at(world: &World, id: Uuid) -> DateTime<Utc> {
    one(world, "SELECT updated_at AS it FROM groups WHERE id = ?", vec![id.into()]).await
}

async fn draft(world: &World, id: Uuid) -> Draft {
    history::load(world.db(), id).await.unwrap().unwrap()
}

async fn answer(world: &World, group: Uuid) -> Answer {
    renewal::find_asked(world.db(), round_id(), group).await.unwrap().unwrap().answer()
}

/// Lets every held letter go, as staff do.
async fn release(world: &World) {
    for batch in renewal::batches(world.db(), round_id()).await.unwrap() {
        let batch = mail::find_batch(world.db(), batch).await.unwrap().unwrap();
        let actor = Actor::named("見本 職員");
        mail::decide_all(world.db(), &batch, mail::Decision::Release, &actor, now()).await.unwrap();
    }
}

/// Does something at the office's desk on another day.
macro_rules! on {
    ($world:expr, $day:expr, $desk:ident, $work:expr) => {{
        let city = $world.app.city();
        let day: NaiveDate = $day.parse().unwrap();
        let $desk = Desk {
            city: &city,
            base_url: "https://kyodo.example.jp",
            host: "kyodo.example.jp",
            now: day.and_hms_opt(0, 0, 0).unwrap().and_utc(),
            today: day,
        };
        $work
    }};
}

#[tokio::test]
async fn a_round_asks_all_66_groups_at_once_by_mail_or_on_paper_and_its_letters_wait() {
    let world = sample_groups().await;
    let staff = world.staff().await;
    let form = staff.page("/staff/rounds/new").await;
    assert!(form.contains("66団体 = メールで 47団体(手紙 47通)、用紙で 19団体"), "{form}");
    assert!(form.contains("令和8年度 更新確認") && form.contains("2026-12-23"));
    assert_eq!(start(&staff, "all").await, format!("/staff/rounds/{ROUND}?done=started"));
    assert_eq!(start(&staff, "all").await, format!("/staff/rounds/{ROUND}?done=started"), "sent twice");
    let letters = world.letters().await;
    assert_eq!(letters.len(), 47);
    assert!(letters.iter().all(|letter| (letter.state.as_str(), letter.topic.as_str()) == ("held", "renewal")));
    let letter = letters.iter().find(|letter| letter.to_mail == "mihon01@example.jp").unwrap();
    assert_eq!(letter.subject, "【更新確認のお願い】見本 浅茅湾きれいにし隊の掲載内容（令和8年12月23日(水)まで）");
    for text in [
        "・電話［事務局のみ］\n　　0920-00-0001",
        "・会員数［公開］\n　　48人（令和8年4月1日現在）",
        "{{secret:リンク}}",
    ] {
        assert!(letter.body.contains(text), "{text}: {}", letter.body);
    }
    assert!(!letter.body.contains("書庫の見本の棚"), "the office's remarks stay in the office");
    let page = staff.page(&format!("/staff/rounds/{ROUND}")).await;
    assert!(page.contains("66団体のうち 0団体から回答(0%)") && page.contains("手紙が保留されています"));
    let trail: i64 = one(&world, "SELECT COUNT(*) AS it FROM audit WHERE action = '更新確認の開始'", vec![]).await;
    assert_eq!(trail, 1);
}

#[tokio::test]
async fn a_round_of_66_groups_leaves_through_a_real_mail_server_and_its_letters_lead_to_answers() {
    let world = sample_groups().await;
    let (staff, smtp) = (world.staff().await, Smtp::start(world.folder(), &[]));
    start(&staff, "all").await;
    let batch = renewal::batches(world.db(), round_id()).await.unwrap()[0];
    let courier = Courier::new(world.db().clone(), smtp.post(), &world.app.config.base_url, Clock::Fixed(now()));
    courier.carry_due().await;
    assert_eq!(smtp.taken().len(), 0, "nothing leaves before staff have looked at it");
    staff.done(&format!("{}/release", mail::batch_path(batch)), &[]).await;
    courier.carry_due().await;
    let taken = smtp.taken();
    assert_eq!(taken.len(), 47);
    let ids: HashSet<&str> = taken.iter().map(|letter| letter.message_id.as_str()).collect();
    assert_eq!(ids.len(), 47, "each letter has a name of its own");
    let mut links = HashSet::new();
    for letter in &taken {
        assert!(letter.subject.starts_with("【更新確認のお願い】見本 "), "{}", letter.subject);
        assert!(
            letter.text.contains("内容に変更ありません") && letter.text.contains("電話 0920-53-6111"),
            "{}",
            letter.text
        );
        assert!(!letter.text.contains("{{"), "every place and every secret is filled: {}", letter.text);
        assert_eq!(letter.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
        assert!(letter.headers["list-unsubscribe"].contains("https://kyodo.example.jp/unsubscribe/"));
        assert_eq!((letter.headers["auto-submitted"].as_str(), letter.defects.len()), ("auto-generated", 0));
        let url = letter.text.split_whitespace().find(|word| word.contains("/confirm/")).expect("the personal link");
        links.insert(url.strip_prefix("https://kyodo.example.jp").unwrap().to_owned());
    }
    assert_eq!(links.len(), 47);
    let visitor = world.visitor();
    for link in links.iter().take(5) {
        assert_eq!(visitor.done(link, &[("answer", "unchanged")]).await, format!("{link}?done=unchanged"));
    }
    assert!(staff.page(&format!("/staff/rounds/{ROUND}")).await.contains("66団体のうち 5団体から回答"));
    assert!(world.letters().await.iter().all(|letter| letter.secrets == serde_json::json!({})), "no secret stays");
}

#[tokio::test]
async fn an_edit_by_a_member_or_by_staff_on_behalf_answers_the_round() {
    let (world, sea, hill) = small_round().await;
    world.join(sea, "a@example.jp", Duty::Representative).await;
    let member = world.member("a@example.jp").await;
    assert!(member.page(&format!("/me/groups/{sea}")).await.contains("登録内容の確認をお願いします"));
    let path = format!("/me/groups/{sea}/profile");
    let mut fields = crate::faults::fields(&member.page(&path).await);
    fields.retain(|(name, _)| name != "fee");
    fields.push(("fee".to_owned(), "年額500円".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    member.done(&path, &fields).await;
    assert_eq!((answer(&world, sea).await, draft(&world, sea).await.confirmed_on), (Answer::Edited, Some(today())));
    assert!(!member.page(&format!("/me/groups/{sea}")).await.contains("登録内容の確認をお願いします"));
    let (staff, path) = (world.staff().await, format!("/staff/groups/{hill}/profile"));
    let mut fields = crate::faults::fields(&staff.page(&path).await);
    fields.retain(|(name, _)| !matches!(name.as_str(), "fee" | "channel" | "reason"));
    for (name, value) in [("fee", "なし"), ("channel", "fax"), ("reason", "FAXの回答")] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    staff.done(&path, &fields).await;
    assert_eq!(answer(&world, hill).await, Answer::Edited);
    let channel: String =
        one(&world, "SELECT channel AS it FROM round_groups WHERE group_id = ?", vec![hill.into()]).await;
    assert_eq!(channel, "fax");
}

#[tokio::test]
async fn every_member_of_a_group_gets_a_letter_and_those_who_declined_get_paper() {
    let world = World::new().await;
    let (sea, hill) = (world.keep(sea()).await, world.keep(hill()).await);
    world.join(sea, "a@example.jp", Duty::Member).await;
    world.join(sea, "b@example.jp", Duty::Representative).await;
    world.join(hill, "no@example.jp", Duty::Representative).await;
    let sql = "INSERT INTO declined_topics (mail, topic, declined_at) VALUES (?, ?, ?)";
    run(&world, sql, vec!["no@example.jp".into(), "renewal".into(), now().into()]).await;
    start(&world.staff().await, "all").await;
    let letters = world.letters().await;
    let to: Vec<&str> = letters.iter().map(|letter| letter.to_mail.as_str()).collect();
    assert_eq!(to, ["b@example.jp", "a@example.jp"], "members instead of the address on file");
    assert_ne!(link(&letters[0]), link(&letters[1]));
    let asked = renewal::list_asked(world.db(), round_id(), Narrowed::default(), (0, 9)).await.unwrap();
    let ways: Vec<(&str, bool)> = asked.iter().map(|asked| (asked.name.as_str(), asked.by_mail)).collect();
    assert_eq!(ways, [("見本 海の会", true), ("見本 丘の会", false)]);
}

#[tokio::test]
async fn one_button_confirms_the_record_apart_from_its_last_change_and_a_second_press_does_no_harm() {
    let (world, sea, hill) = small_round().await;
    run(&world, "UPDATE groups SET updated_at = ?", vec![(now() - Duration::days(50)).into()]).await;
    let (path, visitor) = (link(&world.letters().await[0]), world.visitor());
    let page = visitor.get(&path).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let page = page.text();
    assert!(page.contains("内容に変更ありません") && page.contains("令和8年12月23日(水)"));
    assert!(page.contains("0920-00-0001") && !page.contains("0920-00-0002"), "its own record and no other");
    assert_eq!(draft(&world, sea).await.confirmed_on, None, "looking changes nothing");
    assert_eq!(visitor.done(&path, &[("answer", "unchanged")]).await, format!("{path}?done=unchanged"));
    assert_eq!(draft(&world, sea).await.confirmed_on, Some(today()));
    assert_eq!(updated_at(&world, sea).await, now() - Duration::days(50));
    assert_eq!(draft(&world, hill).await.confirmed_on, None);
    assert!(world.page(&groups::path(sea)).await.contains("最終確認日"));
    assert!(visitor.page(&format!("{path}?done=unchanged")).await.contains("お答えをいただいています"));
    assert_eq!(visitor.done(&path, &[("answer", "dissolved")]).await, format!("{path}?done=already"));
    assert_eq!((answer(&world, sea).await, answer(&world, hill).await), (Answer::Unchanged, Answer::Open));
    assert_eq!(world.letters().await[0].state, "cancelled", "a letter that has not left is dropped");
}

#[tokio::test]
async fn two_answers_at_once_count_once() {
    let (world, sea, _) = small_round().await;
    let path = link(&world.letters().await[0]);
    let (one_browser, other) = (world.visitor(), world.visitor());
    let (first, second) = tokio::join!(
        one_browser.done(&path, &[("answer", "unchanged")]),
        other.done(&path, &[("answer", "unchanged")])
    );
    let mut told = [first, second];
    told.sort();
    assert_eq!(told, [format!("{path}?done=already"), format!("{path}?done=unchanged")]);
    let sql = "SELECT COUNT(*) AS it FROM audit WHERE group_id = ? AND action = '更新確認の回答'";
    assert_eq!(one::<i64>(&world, sql, vec![sea.into()]).await, 1);
}

#[tokio::test]
async fn forged_links_lead_nowhere_and_good_ones_end_with_the_round() {
    let (world, _, hill) = small_round().await;
    let (path, visitor) = (link(&world.letters().await[0]), world.visitor());
    let forged = format!("/confirm/{}", kyodo::chance::token());
    for path in [forged.as_str(), "/confirm/x", "/confirm/7KQM-3XVA-PR5T", "/confirm/%00"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(visitor.post(path, &[("answer", "unchanged")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let elsewhere = axum::http::Request::post(&path).header("sec-fetch-site", "cross-site");
    let elsewhere = elsewhere.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(world.ask(elsewhere.body("answer=unchanged".into()).unwrap()).await.status, StatusCode::FORBIDDEN);
    let staff = world.staff().await;
    assert!(staff.done(&format!("/staff/rounds/{ROUND}/close"), &[]).await.ends_with("too-early"));
    run(&world, "UPDATE rounds SET due_on = ?", vec![(today() - Duration::days(1)).into()]).await;
    assert!(staff.done(&format!("/staff/rounds/{ROUND}/close"), &[]).await.ends_with("closed"));
    let gone = visitor.get(&path).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text().contains("この更新確認は締め切りました"));
    assert_eq!(visitor.post(&path, &[("answer", "unchanged")]).await.status, StatusCode::GONE);
    let page = staff.page(&format!("/staff/rounds/{ROUND}?answer=open")).await;
    assert!(page.contains("見本 丘の会") && page.contains("0920-00-0002"), "what is unanswered stays listed");
    assert_eq!(answer(&world, hill).await, Answer::Open);
}

#[tokio::test]
async fn what_a_group_writes_goes_to_staff_and_they_decide() {
    let (world, sea, hill) = small_round().await;
    let (path, visitor, staff) = (link(&world.letters().await[0]), world.visitor(), world.staff().await);
    let empty = visitor.post(&path, &[("answer", "told"), ("told_words", "　")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "海".repeat(1_001);
    let long = visitor.post(&path, &[("answer", "told"), ("told_words", &long)]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text().contains(&"海".repeat(1_001)), "what was typed stays");
    visitor.done(&path, &[("answer", "told"), ("told_words", "電話が変わりました <b>")]).await;
    let (count, waiting) = renewal::waiting(world.db(), 10).await.unwrap();
    assert_eq!((count, waiting[0].title.as_str()), (1, "見本 海の会（直す連絡）"));
    let detail = staff.page(&waiting[0].path).await;
    assert!(detail.contains("電話が変わりました &#60;b&#62;") && detail.contains("登録内容を直す"));
    assert_eq!(draft(&world, sea).await.confirmed_on, None, "not before it is put right");
    let by = (&Actor::named("見本 職員"), Channel::Phone);
    assert!(renewal::answered_by_edit(world.db(), sea, by, today(), now()).await.unwrap());
    assert_eq!((answer(&world, sea).await, draft(&world, sea).await.confirmed_on), (Answer::Edited, Some(today())));
    assert!(!renewal::answered_by_edit(world.db(), sea, by, today(), now()).await.unwrap(), "once");
    assert_eq!(renewal::waiting(world.db(), 10).await.unwrap().0, 0);

    let code = sheet_codes(&staff, "open").await.remove(0);
    let path = visitor.done("/confirm", &[("code", &code)]).await;
    visitor.done(&path, &[("answer", "dissolved"), ("ending_words", "4月に解散しました。")]).await;
    assert_eq!(draft(&world, hill).await.state, State::Listed, "not at once");
    staff.done(&format!("/staff/rounds/{ROUND}/groups/{hill}"), &[("action", "dissolve")]).await;
    assert_eq!(draft(&world, hill).await.state, State::Dissolved);
    let versions = history::versions(world.db(), hill).await.unwrap();
    assert_eq!(versions[0].reason, "更新確認の回答: 解散の連絡 4月に解散しました。");
    assert_eq!(renewal::waiting(world.db(), 10).await.unwrap().0, 0);
}

/// Prints sheets and returns the codes on them.
async fn sheet_codes(staff: &Browser<'_>, which: &str) -> Vec<String> {
    let answer = staff.post(&format!("/staff/rounds/{ROUND}/sheets"), &[("which", which)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = answer.text();
    let parts = text.split("番号<br><strong>").skip(1);
    parts.map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_sheet_of_paper_leads_to_the_same_question_until_a_new_one_is_printed() {
    let (world, _, hill) = small_round().await;
    let (staff, visitor) = (world.staff().await, world.visitor());
    let sheets = staff.post(&format!("/staff/rounds/{ROUND}/sheets"), &[("which", "paper")]).await.text();
    assert!(sheets.contains("見本 丘の会") && !sheets.contains("見本 海の会"), "only those without mail");
    for text in
        ["令和8年12月23日(水)までにお返しください", "□ 変更ありません", "0920-00-0002", "<svg class=\"sheet-qr\""]
    {
        assert!(sheets.contains(text), "{text}");
    }
    assert_eq!(sheets.matches("<article class=\"sheet\"").count(), 1);
    let old = sheets.split("番号<br><strong>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let stored: String =
        one(&world, "SELECT code_hash AS it FROM round_groups WHERE group_id = ?", vec![hill.into()]).await;
    assert!(!stored.contains(&old) && stored.len() == 64, "only a digest is kept");
    let typed = visitor.done("/confirm", &[("code", &old.to_lowercase().replace('-', " "))]).await;
    assert!(visitor.page(&typed).await.contains("見本 丘の会"));
    assert_eq!(visitor.get(&format!("/confirm?code={old}")).await.header("location"), typed);
    let new = sheet_codes(&staff, "open").await;
    assert_eq!(new.len(), 2);
    let refused = visitor.post("/confirm", &[("code", &old)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains(&old), "what was typed stays");
    assert_eq!(visitor.get(&typed).await.status, StatusCode::NOT_FOUND);
    visitor.done(&format!("/confirm/{}", new[1].replace('-', "")), &[("answer", "unchanged")]).await;
    assert_eq!(answer(&world, hill).await, Answer::Unchanged);
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let (world, _, _) = small_round().await;
    let visitor = world.visitor();
    let mut last = StatusCode::OK;
    for number in 0..61 {
        last = visitor.post("/confirm", &[("code", &format!("2222-2222-{number:04}"))]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn answers_on_paper_are_keyed_in_by_code_number_or_name_and_can_be_taken_back() {
    let (world, sea, hill) = small_round().await;
    let staff = world.staff().await;
    let code = sheet_codes(&staff, "all").await.remove(0);
    let key_in = format!("/staff/rounds/{ROUND}/key-in");
    for typed in [code.as_str(), "見本001", "うみの", "ウミ", "海"] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
        let page = staff.page(&format!("{key_in}?channel=post&{query}")).await;
        assert!(page.contains("value=\"unchanged\" autofocus>変更なし"), "{typed}: {page}");
        assert!(page.contains("<option value=\"post\" selected>"), "the channel stays");
        assert!(page.contains("<h2 id=\"one\">見本 海の会</h2>"), "{typed}");
    }
    let several = staff.page(&format!("{key_in}?q=%E8%A6%8B%E6%9C%AC")).await;
    assert!(several.contains("どの団体ですか"));
    assert!(staff.page(&format!("{key_in}?q=%25")).await.contains("見つかりません"), "no wild cards");
    let (sea_id, hill_id) = (sea.to_string(), hill.to_string());
    let fields = [("group", sea_id.as_str()), ("channel", "fax"), ("answer", "unchanged")];
    assert_eq!(staff.done(&key_in, &fields).await, format!("{key_in}?channel=fax&done=taken"));
    assert_eq!(staff.done(&key_in, &fields).await, format!("{key_in}?channel=fax&done=already"));
    assert_eq!(draft(&world, sea).await.confirmed_on, Some(today()));
    let page = staff.page(&key_in).await;
    assert!(page.contains("取り消す") && page.contains("未回答 1団体"));
    let fields = [("group", sea_id.as_str()), ("channel", "fax")];
    assert!(staff.done(&format!("{key_in}/undo"), &fields).await.ends_with("done=undone"));
    assert_eq!((answer(&world, sea).await, draft(&world, sea).await.confirmed_on), (Answer::Open, None));
    assert!(staff.done(&format!("{key_in}/undo"), &fields).await.ends_with("done=stood"), "only once");
    let fields = [("group", hill_id.as_str()), ("channel", "phone"), ("answer", "told")];
    assert_eq!(staff.done(&key_in, &fields).await, format!("/staff/groups/{hill}/profile?channel=phone"));
    let form = staff.page(&format!("/staff/groups/{hill}/profile?channel=phone")).await;
    let chosen: Vec<&str> =
        form.lines().filter(|line| line.contains("name=\"channel\"") && line.contains(" checked")).collect();
    assert!(
        chosen.len() == 1 && chosen[0].contains("value=\"phone\""),
        "the way it came is not asked twice: {chosen:?}"
    );
    let channel: String =
        one(&world, "SELECT channel AS it FROM round_groups WHERE group_id = ?", vec![hill.into()]).await;
    assert_eq!(channel, "phone");
    let fields = [("group", hill_id.as_str()), ("channel", "phone"), ("answer", "open")];
    assert_eq!(staff.post(&key_in, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.visitor().get(&key_in).await.status, StatusCode::SEE_OTHER, "staff only");
    assert_eq!(world.member("umi@example.jp").await.get(&key_in).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reminders_go_to_those_who_have_not_answered_and_only_once_for_each_press() {
    let world = sample_groups().await;
    let staff = world.staff().await;
    start(&staff, "all").await;
    let remind = format!("/staff/rounds/{ROUND}/remind");
    assert!(staff.done(&remind, &[("reminders", "0")]).await.ends_with("done=held"), "first let the letters go");
    release(&world).await;
    let answered = world.letters().await.remove(0);
    world.visitor().done(&link(&answered), &[("answer", "unchanged")]).await;
    assert!(staff.done(&remind, &[("reminders", "0")]).await.ends_with("done=reminded"));
    let reminders: Vec<Posted> =
        world.letters().await.into_iter().filter(|letter| letter.kind == "groups.renewal_remind").collect();
    assert_eq!(reminders.len(), 46);
    assert!(reminders.iter().all(|letter| letter.state == "held" && letter.to_mail != answered.to_mail));
    release(&world).await;
    assert!(staff.done(&remind, &[("reminders", "0")]).await.ends_with("done=reminded-before"), "an old page");
    let late = link(&reminders[0]);
    let first = world.letters().await.into_iter().find(|letter| letter.to_mail == reminders[0].to_mail).unwrap();
    for path in [late, link(&first)] {
        assert_eq!(world.visitor().get(&path).await.status, StatusCode::OK, "both links are good");
    }
}

#[tokio::test]
async fn the_calendar_reminds_twice_before_the_day_and_not_while_letters_are_held() {
    let (world, _, _) = small_round().await;
    let due = async |day: &str| on!(world, day, desk, renewal::remind_due(world.db(), &desk).await.unwrap());
    assert_eq!(due("2026-12-13").await, 0, "the first letters are held");
    release(&world).await;
    assert_eq!(due("2026-12-12").await, 0, "too early");
    assert_eq!((due("2026-12-13").await, due("2026-12-14").await), (1, 0), "once");
    assert_eq!(due("2026-12-20").await, 0, "held again");
    release(&world).await;
    assert_eq!((due("2026-12-20").await, due("2026-12-21").await), (1, 0));
    assert_eq!(due("2026-12-24").await, 0, "never after the day");
}

#[tokio::test]
async fn the_round_of_a_year_begins_by_itself_once_whoever_looks_first() {
    let world = sample_groups().await;
    let begin = async |day: &str| on!(world, day, desk, renewal::start_yearly(world.db(), &desk).await.unwrap());
    assert!(!begin("2026-11-23").await, "not its month");
    let (first, second) = tokio::join!(begin("2026-05-01"), begin("2026-05-01"));
    assert!(first != second, "one of two replicas");
    assert!(!begin("2026-05-02").await);
    assert!(begin("2027-05-31").await, "the next year");
    let rounds = renewal::all(world.db()).await.unwrap();
    assert_eq!(rounds.len(), 2);
    let round = rounds.iter().find(|round| round.fiscal_year == 2026).unwrap();
    assert_eq!((round.title.as_str(), round.due_on.to_string().as_str()), ("令和8年度 更新確認", "2026-05-31"));
    let (count, waiting) = renewal::waiting(world.db(), 10).await.unwrap();
    assert_eq!(count, 2);
    assert_eq!(waiting[0].title, "令和8年度 更新確認（手紙が保留中です。送り出してください）");
    run(&world, "INSERT INTO settings VALUES ('rounds.month', '0', ?, '')", vec![now().into()]).await;
    run(&world, "UPDATE revisions SET number = number + 1 WHERE scope = 'city'", vec![]).await;
    world.app.revisions().await.unwrap();
    assert!(!begin("2028-05-01").await, "never when the city does not want it");
}

#[tokio::test]
async fn a_round_past_its_day_waits_for_the_office() {
    let (world, _, _) = small_round().await;
    release(&world).await;
    assert_eq!(renewal::waiting(world.db(), 10).await.unwrap().0, 0);
    run(&world, "UPDATE rounds SET due_on = ?", vec![(today() - Duration::days(1)).into()]).await;
    renewal::keep_rounds(world.app.clone()).await.unwrap();
    let (count, waiting) = renewal::waiting(world.db(), 10).await.unwrap();
    assert_eq!((count, waiting[0].title.as_str()), (1, "令和8年度 更新確認（期限をすぎて未回答 2団体）"));
    assert!(world.staff().await.page("/staff/rounds").await.contains("期限をすぎています"));
}

#[tokio::test]
async fn an_old_confirmation_becomes_renewal_then_a_warning_then_rest_and_never_in_silence() {
    let world = World::new().await;
    let confirmed: NaiveDate = "2025-08-31".parse().unwrap();
    let id = world.keep(Draft { confirmed_on: Some(confirmed), ..sea() }).await;
    let other = world.keep(Draft { confirmed_on: Some(today()), ..hill() }).await;
    let age = async |day: &str| on!(world, day, desk, renewal::age_all(world.db(), &desk).await.unwrap());
    let done = |renewal, warned, dormant| renewal::Aged { renewal, warned, dormant };
    assert_eq!(age("2026-11-30").await, done(0, 0, 0), "15 months are over at the end of the month");
    assert_eq!(age("2026-12-01").await, done(1, 0, 0));
    assert_eq!(age("2026-12-01").await, done(0, 0, 0), "once");
    assert_eq!(draft(&world, id).await.state, State::Renewal);
    let page = world.page(&groups::path(id)).await;
    assert!(page.contains("更新待ち") && page.contains("令和7年8月31日(日)"));
    assert_eq!(age("2027-08-01").await, done(0, 0, 0));
    assert_eq!(age("2027-08-02").await, done(0, 1, 0), "30 days before");
    let letters = world.letters().await;
    assert_eq!((letters.len(), letters[0].state.as_str()), (1, "held"));
    assert_eq!(letters[0].subject, "【大切なお知らせ】見本 海の会は令和9年9月1日(水)に休止の扱いになります");
    assert_eq!(renewal::waiting(world.db(), 9).await.unwrap().1[0].title, "見本 海の会（9月1日(水)に休止になります）");
    assert_eq!(age("2027-09-01").await, done(0, 0, 0), "not before its warning has left");
    run(&world, "UPDATE letters SET state = 'sent'", vec![]).await;
    let (first, second) = tokio::join!(age("2027-09-01"), age("2027-09-01"));
    assert_eq!(first.dormant + second.dormant, 1, "one of two replicas");
    assert_eq!(draft(&world, id).await.state, State::Dormant);
    let page = world.page(&groups::path(id)).await;
    assert!(
        page.contains("見本 海の会") && page.contains("休止") && !page.contains("海を守ります"),
        "name and no more"
    );
    assert!(!world.page("/groups").await.contains("見本 海の会"));
    let staff = world.staff().await;
    assert!(staff.page("/staff/rounds").await.contains("休止になりました"));
    staff.done(&format!("/staff/rounds/rest/{id}"), &[]).await;
    assert!(!staff.page("/staff/rounds").await.contains("休止になりました"));

    world.join(id, "umi@example.jp", Duty::Representative).await;
    let member = world.member("umi@example.jp").await;
    member.done(&format!("/me/groups/{id}/confirm"), &[("answer", "unchanged")]).await;
    let back = draft(&world, id).await;
    assert_eq!((back.state, back.confirmed_on), (State::Listed, Some(today())));
    assert!(world.page(&groups::path(id)).await.contains("海を守ります"));
    assert_eq!(draft(&world, other).await.confirmed_on, Some(today()));
}

#[tokio::test]
async fn a_register_that_was_just_imported_is_warned_before_anything_rests() {
    let world = World::new().await;
    let registered = Some("2009-05-11".parse().unwrap());
    let id = world.keep(Draft { registered_on: registered, ..hill() }).await;
    let age = async |day: &str| on!(world, day, desk, renewal::age_all(world.db(), &desk).await.unwrap());
    let aged = age("2026-11-23").await;
    assert_eq!((aged.renewal, aged.warned, aged.dormant), (1, 1, 0));
    assert_eq!(age("2026-12-22").await.dormant, 0);
    assert_eq!(age("2026-12-23").await.dormant, 1, "a month after the warning, told to the office as it has no mail");
    assert_eq!(draft(&world, id).await.state, State::Dormant);
}

#[tokio::test]
async fn members_answer_signed_in_and_nobody_else_does() {
    let (world, sea, _) = small_round().await;
    world.join(sea, "umi@example.jp", Duty::Representative).await;
    let question = renewal::open_question(world.db(), sea).await.unwrap().unwrap();
    assert_eq!(question.due_on.unwrap().to_string(), "2026-12-23");
    let path = question.path();
    let stranger = world.member("x@example.jp").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&path, &[("answer", "unchanged")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(answer(&world, sea).await, Answer::Open);
    let member = world.member("umi@example.jp").await;
    assert!(member.page(&path).await.contains("0920-00-0001"));
    assert_eq!(member.done(&path, &[]).await, format!("{path}?done=unchanged"));
    assert_eq!(member.done(&path, &[]).await, format!("{path}?done=already"));
    assert_eq!(renewal::open_question(world.db(), sea).await.unwrap(), None);
    assert_eq!(answer(&world, sea).await, Answer::Unchanged);
}

#[tokio::test]
async fn labels_and_files_are_for_the_office_alone() {
    let (world, _, _) = small_round().await;
    let staff = world.staff().await;
    let labels = staff.page(&format!("/staff/rounds/{ROUND}/labels?which=all")).await;
    assert!(labels.contains("〒817-0022") && labels.contains("会長 見本 太郎 様"));
    assert!(labels.contains("ラベルに入っていません: 見本 丘の会"));
    assert_eq!(labels.matches("class=\"label\"").count(), 1);
    let csv = staff.get(&format!("/staff/rounds/{ROUND}/list.csv?answer=open")).await;
    assert!(csv.header("content-disposition").contains("rounds_2026_1.csv"));
    let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
    assert!(lines[1].contains("見本001,見本 海の会") && lines[1].contains("umi@example.jp"), "{lines:?}");
    assert_eq!(lines.len(), 3);
    assert_eq!(&staff.get(&format!("/staff/rounds/{ROUND}/list.xlsx")).await.bytes[..2], b"PK");
    let member = world.member("umi@example.jp").await;
    for page in ["", "/labels", "/sheets", "/list.csv", "/list.xlsx", "/key-in"] {
        let path = format!("/staff/rounds/{ROUND}{page}");
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_round_that_cannot_begin_keeps_what_was_typed_and_writes_nothing() {
    let world = World::new().await;
    world.keep(sea()).await;
    let staff = world.staff().await;
    let fields = [("id", ROUND), ("title", "試しの回"), ("due_on", "2026-11-23"), ("whom", "nobody")];
    let refused = staff.post("/staff/rounds", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("試しの回") && text.contains("明日から1年以内の日") && text.contains("お願いする団体を選んで")
    );
    let broken = "件名: x\n\n{{存在しない}}\n{{署名}}";
    let sql = "INSERT INTO settings VALUES ('letter.groups.renewal_ask', ?, ?, '')";
    run(&world, sql, vec![broken.into(), now().into()]).await;
    run(&world, "UPDATE revisions SET number = number + 1 WHERE scope = 'city'", vec![]).await;
    let fields = [("id", ROUND), ("title", "試しの回"), ("due_on", "2026-12-23"), ("whom", "all")];
    assert_eq!(staff.post("/staff/rounds", &fields).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(renewal::all(world.db()).await.unwrap().len(), 0, "no round without its letters");
    assert_eq!(one::<i64>(&world, "SELECT COUNT(*) AS it FROM letter_batches", vec![]).await, 0);
}

#[tokio::test]
async fn a_thousand_letters_of_a_round_are_written_in_one_go() {
    let world = World::new().await;
    let transaction = db::begin(world.db()).await.unwrap();
    let mut csv = "登録番号,団体名,団体名ふりがな,メール,メールの公開,活動の内容\n".to_owned();
    for number in 0..1_000 {
        let text = "海と山の活動を続けています。".repeat(10);
        csv.push_str(&format!("大{number},見本 会{number},かい,kai{number}@example.jp,事務局のみ,{text}\n"));
    }
    groups::import(&transaction, &world.app.city(), "groups.csv", csv.as_bytes(), now()).await.unwrap();
    transaction.commit().await.unwrap();
    let staff = world.staff().await;
    let began = std::time::Instant::now();
    start(&staff, "all").await;
    let took = began.elapsed();
    assert_eq!(world.letters().await.len(), 1_000);
    println!("1,000 letters of a round: {} ms", took.as_millis());
    // Under a second as it is built for use; a build for tests on a busy machine gets more.
    let most = if cfg!(debug_assertions) { 5_000 } else { 1_000 };
    assert!(took.as_millis() < most, "{took:?}");
}
