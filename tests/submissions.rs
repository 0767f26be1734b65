//! Events that anybody may have published: no account, an address shown to be theirs, and the office looks first.

use axum::http::StatusCode;
use kyodo::calendar;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::world::{Browser, Posted, World, now, today};

const FORM: [(&str, &str); 11] = [
    ("id", "0192f3a4-0000-7000-8000-000000000001"),
    ("title", "見本 浜の餅つき"),
    ("organiser", "見本 浜の会"),
    ("category", "culture"),
    ("from", "2026-12-20"),
    ("begins", "10:00"),
    ("place", "見本の浜"),
    ("contact", "会場の受付"),
    ("name", "見本 花子"),
    ("mail", "Hanako@Example.jp"),
    ("relation", "host"),
];

/// The form with some fields in place of others.
fn with<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FORM.into_iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    kept.chain(fields.iter().copied()).collect()
}

async fn count(world: &World, sql: &str) -> i64 {
    #[derive(FromQueryResult)]
    struct Row {
        number: i64,
    }
    let backend = world.db().get_database_backend();
    Row::find_by_statement(Statement::from_string(backend, sql)).one(world.db()).await.unwrap().unwrap().number
}

/// The page behind the link of a letter, as a path.
fn own(letter: &Posted) -> String {
    let link = letter.secret("リンク");
    link.strip_prefix("https://kyodo.example.jp").unwrap_or(&link).to_owned()
}

/// Sends the form and opens the link of its letter.
async fn confirmed(world: &World, browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    browser.done("/events/submit", &with(fields)).await;
    let own = own(&world.letters().await.pop().unwrap());
    assert!(browser.done(&format!("{own}/verification"), &[]).await.ends_with("?done=received"));
    own
}

#[tokio::test]
async fn somebody_without_an_account_has_an_event_published() {
    let world = World::new().await;
    let visitor = world.visitor();
    assert!(world.page("/events").await.contains("/events/submit"));
    let form = visitor.get("/events/submit").await;
    assert_eq!((form.status, form.header("cache-control")), (StatusCode::OK, "no-store"));
    let browser = visitor.done("/events/submit", &with(&[])).await;
    let page = visitor.page(&browser).await;
    assert!(page.contains("確認のメールを送りました") && page.contains("hanako@example.jp"), "{page}");
    // Nobody sees anything before the owner of the address has pressed the button, and the browser that sent it cannot.
    let staff = world.staff().await;
    assert!(!staff.page("/staff").await.contains("見本 浜の餅つき"));
    let there = browser.split('?').next().unwrap();
    assert_eq!(visitor.post(&format!("{there}/verification"), &[]).await.status, StatusCode::GONE);
    let letter = world.letters().await.pop().unwrap();
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("calendar.submission_link", "hanako@example.jp"));
    // Whoever gets a letter that was never asked for learns nothing but the event, and reads no words of a stranger's.
    assert!(!letter.body.contains("餅つき"));
    let own = own(&letter);
    let page = visitor.page(&own).await;
    assert!(page.contains("この内容で申し込みますか") && page.contains("見本の浜") && !page.contains("見本 花子"));
    assert!(!visitor.page(&format!("{own}/again")).await.contains("見本 花子"));
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM calendar_entries").await, 0);
    visitor.done(&format!("{own}/verification"), &[]).await;
    // Pressed twice it is one.
    visitor.done(&format!("{own}/verification"), &[]).await;
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM calendar_entries").await, 1);
    assert!(visitor.page(&own).await.contains("事務局が内容を確かめています"));
    assert!(!world.page("/events?month=2026-12").await.contains("餅つき"));

    let (waiting, list) = calendar::waiting(world.db(), 10).await.unwrap();
    assert_eq!((waiting, list[0].title.as_str()), (1, "見本 浜の餅つき（見本 浜の会）"));
    let shown = staff.page(&list[0].path).await;
    for words in [
        "見本 花子 さんから",
        "mailto:hanako@example.jp",
        "主催している",
        "画面で受付",
        "申し込んだ方へメールで届きます。",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    assert!(!shown.contains("name=\"trust\""), "there is no group to trust");
    let version = shown.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    staff.done(&format!("{}/approval", list[0].path), &[("version", &version)]).await;
    let month = world.page("/events?month=2026-12").await;
    assert!(month.contains("見本 浜の餅つき"));
    // Public is what was said of the event, and nothing of who said it.
    let feed = world.page("/calendar.ics").await;
    let entry = list[0].path.replace("/staff", "");
    let detail = world.page(&entry).await;
    for public in [&month, &feed, &detail] {
        assert!(!public.contains("花子") && !public.contains("hanako"));
    }
    let letter = world.letters().await.pop().unwrap();
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("calendar.submission_approved", "hanako@example.jp"));
    assert!(letter.body.contains(&entry));
    let page = visitor.page(&self::own(&letter)).await;
    assert!(page.contains("予定表に載っています") && page.contains("/report?page=%2Fevents%2F"), "{page}");
    // Whoever asked is found by name, address and title.
    for words in ["花子", "hanako@example.jp", "餅つき"] {
        let found = staff.page(&format!("/staff/search?q={words}")).await;
        assert!(found.contains("予定の掲載の申込み") && found.contains("見本 花子さんから（画面）"), "{words}");
    }
    // The trail says who asked.
    assert!(staff.page("/staff/audit").await.contains("見本 花子"));
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_strangers_may_not_say_is_left_out() {
    let world = World::new().await;
    let visitor = world.visitor();
    for (fields, sentence) in [
        (vec![("title", "")], "名称を書いてください。"),
        (vec![("organiser", "")], "主催を書いてください。"),
        (vec![("category", "zzz")], "分類を選んでください。"),
        (vec![("from", "2026-11-22")], "終わった催しは載せられません。"),
        (vec![("from", "きょう")], "はじめの日は「2026-11-26」"),
        (vec![("place", "")], "場所を書くか、会場を一覧から選んでください。"),
        (vec![("mail", "hanako")], "メールアドレスを、「mihon@example.jp」のように"),
        (vec![("relation", "")], "催しとの関わりを選んでください。"),
        (vec![("name", "")], "お名前を書いてください。"),
        (vec![("url", "javascript:alert(1)")], "http"),
    ] {
        let answer = visitor.post("/events/submit", &with(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let page = answer.text();
        assert!(page.contains(sentence), "{fields:?}");
        assert!(page.contains("value=\"見本の浜\"") || fields[0].0 == "place", "what was typed stays");
    }
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM entry_submissions").await, 0);
    assert_eq!(world.letters().await.len(), 0);
    confirmed(&world, &visitor, &[("kind", "meeting"), ("items", "3-05"), ("public", "1"), ("group", "city")]).await;
    let made = "SELECT COUNT(*) AS number FROM calendar_entries WHERE kind = 'event' AND public = FALSE";
    assert_eq!(count(&world, made).await, 1);
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM entry_items").await, 0);
}

#[tokio::test]
async fn what_no_text_may_hold_is_taken_out_before_it_is_kept() {
    let world = World::new().await;
    let visitor = world.visitor();
    let odd =
        [("place", "\u{202E}見本の\u{0}浜"), ("title", "<script>alert(1)</script>"), ("organiser", "=見本\u{7}の会")];
    let own = confirmed(&world, &visitor, &odd).await;
    let page = visitor.page(&own).await;
    assert!(page.contains("見本の浜") && page.contains("=見本の会") && !page.contains("<script>"), "{page}");
    let staff = world.staff().await.page("/staff/search?q=alert").await;
    assert!(staff.contains("予定の掲載の申込み") && !staff.contains("<script>alert"));
}

#[tokio::test]
async fn the_office_refuses_with_a_reason_and_it_is_asked_for_once_more() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    confirmed(&world, &visitor, &[]).await;
    let path = calendar::waiting(world.db(), 1).await.unwrap().1.remove(0).path;
    assert_eq!(staff.post(&format!("{path}/refusal"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff.done(&format!("{path}/refusal"), &[("reason", "会場の許可を確かめてください。")]).await;
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(letter.kind, "calendar.submission_refused");
    assert!(letter.body.contains("会場の許可を確かめてください。"));
    let own = own(&letter);
    assert!(visitor.page(&own).await.contains("会場の許可を確かめてください。"));
    let form = visitor.page(&format!("{own}/again")).await;
    for typed in
        ["value=\"見本 浜の餅つき\"", "value=\"見本 浜の会\"", "value=\"2026-12-20\"", "value=\"hanako@example.jp\""]
    {
        assert!(form.contains(typed), "{typed}");
    }
    assert!(!form.contains(FORM[0].1), "it is a new one");
    assert!(!world.page("/events?month=2026-12").await.contains("餅つき"));
}

#[tokio::test]
async fn what_waits_can_be_taken_back_and_then_nobody_decides_about_it() {
    let world = World::new().await;
    let (visitor, staff) = (world.visitor(), world.staff().await);
    let own = confirmed(&world, &visitor, &[]).await;
    let path = calendar::waiting(world.db(), 1).await.unwrap().1.remove(0).path;
    let version = staff.page(&path).await;
    let version = version.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    visitor.done(&format!("{own}/withdrawal"), &[]).await;
    assert!(visitor.page(&own).await.contains("取り下げられました"));
    assert_eq!(calendar::waiting(world.db(), 1).await.unwrap().0, 0);
    // The button of the letter does not bring it back.
    assert_eq!(visitor.done(&format!("{own}/verification"), &[]).await, own);
    assert_eq!(calendar::waiting(world.db(), 1).await.unwrap().0, 0);
    let late = staff.post(&format!("{path}/approval"), &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(!world.page("/events?month=2026-12").await.contains("餅つき"));
    // A link that nobody made opens nothing.
    assert_eq!(visitor.get("/events/submissions/0").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn staff_type_in_what_came_by_telephone() {
    let world = World::new().await;
    let staff = world.staff().await;
    assert!(staff.page("/staff/events").await.contains("/staff/events/submit"));
    let paper = world.visitor().page("/events/submit/paper").await;
    assert!(paper.contains("申込書") && paper.contains("文化・芸術") && paper.contains("<svg"));
    let unfit = staff.post("/staff/events/submit", &with(&[("mail", "")])).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().contains("受け付けた方法を選んでください。"));
    let typed = with(&[("mail", ""), ("phone", "0920-00-0000"), ("channel", "phone")]);
    let to = staff.done("/staff/events/submit", &typed).await;
    assert_eq!(staff.done("/staff/events/submit", &typed).await, to, "sent twice it is one");
    let page = staff.page(&to).await;
    for words in ["電話で受付（入力: ", "0920-00-0000", "電話などで伝えてください。", "見本 浜の会"]
    {
        assert!(page.contains(words), "{words}");
    }
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let path = to.split('?').next().unwrap();
    staff.done(&format!("{path}/approval"), &[("version", version)]).await;
    assert!(world.page("/events?month=2026-12").await.contains("見本 浜の餅つき"));
    assert_eq!(world.letters().await.len(), 0);
    let trail = "SELECT COUNT(*) AS number FROM audit WHERE action = '予定の追加' AND channel = 'phone'";
    assert_eq!(count(&world, trail).await, 1);
    let member = world.member("mihon01@example.jp").await;
    assert_eq!(member.get("/staff/events/submit").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn letters_have_a_limit_and_what_nobody_confirms_is_forgotten() {
    let world = World::new().await;
    let visitor = world.visitor();
    let id = |number: usize| format!("0192f3a4-0000-7000-8000-0000000001{number:02}");
    for number in 0..5 {
        visitor.done("/events/submit", &with(&[("id", &id(number))])).await;
    }
    let sixth = visitor.post("/events/submit", &with(&[("id", &id(6))])).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(sixth.text().contains("1時間ほどたってから") && sixth.text().contains("value=\"見本の浜\""));
    assert_eq!(world.letters().await.len(), 5);
    let first = id(0);
    let other = with(&[("id", &first), ("mail", "taro@example.jp")]);
    assert_eq!(visitor.done("/events/submit", &other).await, "/events/submit?done=twice");
    assert!(visitor.page("/events/submit?done=twice").await.contains("すでに受け取っています"));
    let own = own(&world.letters().await.pop().unwrap());
    visitor.done(&format!("{own}/verification"), &[]).await;
    let later = now() + chrono::Duration::days(8);
    calendar::forget_submissions(world.db(), (later, later.date_naive())).await.unwrap();
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM entry_submissions").await, 1);
    let named = "SELECT COUNT(*) AS number FROM entry_reviews WHERE asked_by = '見本 花子'";
    assert_eq!(count(&world, named).await, 1);
    // Long after the event nothing is left of who asked for it.
    let later = now() + chrono::Duration::days(460);
    calendar::forget_submissions(world.db(), (later, today() + chrono::Duration::days(460))).await.unwrap();
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM entry_submissions").await, 0);
    assert_eq!(count(&world, "SELECT COUNT(*) AS number FROM calendar_entries").await, 1);
    assert_eq!(count(&world, named).await, 0);
    assert_eq!(visitor.get(&own).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_became_impossible_meanwhile_is_said_and_not_taken() {
    let world = World::new().await;
    let visitor = world.visitor();
    visitor.done("/events/submit", &with(&[("from", "2026-11-23")])).await;
    let own = own(&world.letters().await.pop().unwrap());
    let backend = world.db().get_database_backend();
    let sql = "UPDATE entry_submissions SET fields = '[[\"organiser\",\"見本\"],[\"title\",\"見本\"]]'";
    world.db().execute_raw(Statement::from_string(backend, sql)).await.unwrap();
    visitor.done(&format!("{own}/verification"), &[]).await;
    let page = visitor.page(&own).await;
    assert!(page.contains("このままでは申し込めなくなりました") && page.contains("はじめの日を書いてください。"));
    assert_eq!(calendar::waiting(world.db(), 1).await.unwrap().0, 0);
}
