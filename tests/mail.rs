//! Mail: letters leave through a real mail server, and no fault of it loses one or sends one twice knowingly.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, Utc};
use kyodo::clock::Clock;
use kyodo::ics::{Entry, Invitation, Method, Party, Zone, invitation};
use kyodo::mail::{self, Batch, Courier, Letter, Post, Recipient, State, StoredLetter, Topic};
use kyodo::{accounts::Role, db};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::smtp::{Smtp, post};
use crate::world::{World, now, said};

fn letter(mail: &str) -> Letter {
    let to = Recipient { mail: mail.to_owned(), name: "見本 太郎".to_owned() };
    Letter::new("test.letter", to, ("見本の件名".to_owned(), "見本の本文です。\n".to_owned()))
}

async fn put(world: &World, letters: &[Letter]) {
    mail::post_all(world.db(), letters, "kyodo.example.jp", now()).await.unwrap();
}

/// Puts letters of a batch into the outbox; they are held.
async fn put_batch(world: &World, topic: Topic, mails: &[&str]) -> Batch {
    let batch = mail::open_batch(world.db(), topic, "見本の一斉送信", "見本 職員", now()).await.unwrap();
    let letters: Vec<Letter> =
        mails.iter().map(|mail| Letter { batch: Some(batch), ..letter(mail) }.with_secret("リンク", "x")).collect();
    put(world, &letters).await;
    batch
}

fn courier(world: &World, post: Post, at: DateTime<Utc>) -> Courier {
    Courier::new(world.db().clone(), post, &world.app.config.base_url, Clock::Fixed(at))
}

/// Carries what is due at a moment.
async fn carry(world: &World, smtp: &Smtp, at: DateTime<Utc>) {
    courier(world, smtp.post(), at).carry_due().await;
}

async fn ids(world: &World) -> Vec<Uuid> {
    let sql = "SELECT id FROM letters ORDER BY created_at, id";
    let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    rows.iter().map(|row| row.try_get("", "id").unwrap()).collect()
}

async fn stored(world: &World) -> Vec<StoredLetter> {
    let mut letters = Vec::new();
    for id in ids(world).await {
        letters.push(mail::find(world.db(), id).await.unwrap().unwrap());
    }
    letters
}

async fn only(world: &World) -> StoredLetter {
    let mut letters = stored(world).await;
    assert_eq!(letters.len(), 1);
    letters.remove(0)
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {table}");
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), &sql, vec![])).await.unwrap();
    row.unwrap().try_get("", "count").unwrap()
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written_whatever_its_names_hold() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let long = "対馬市協働のひろばからのとても長いお知らせ".repeat(12);
    let cases = [
        ("株式会社\"A\", B", "見本: 「見本の会」の登録"),
        ("雞知・鷄 の会 <本部>", "雞知の浜辺 \u{1f30a}そうじ, \"みんなで\""),
        ("\u{1f469}\u{200d}\u{1f33e} 農園 (旧: 山)", long.as_str()),
        ("Plain Name", "plain subject"),
        ("", "=?UTF-8?B?44GC?= は符号ではありません"),
    ];
    let letters: Vec<Letter> = cases
        .iter()
        .enumerate()
        .map(|(number, (name, subject))| {
            let to = Recipient { mail: format!("a{number}@example.jp"), name: (*name).to_owned() };
            let body = format!("{name} 様\n\n.\n..点で始まる行\n{}\n{{{{secret:リンク}}}}\n", "長い行".repeat(400));
            Letter::new("test.letter", to, ((*subject).to_owned(), body))
                .with_secret("リンク", format!("https://kyodo.example.jp/x/{number}"))
        })
        .collect();
    put(&world, &letters).await;
    carry(&world, &smtp, now()).await;
    let mut taken = smtp.taken();
    taken.sort_by_key(|letter| letter.recipients.clone());
    let rows = stored(&world).await;
    assert_eq!(taken.len(), cases.len());
    for (number, ((name, subject), letter)) in cases.iter().zip(&taken).enumerate() {
        assert_eq!(letter.to, [((*name).to_owned(), format!("a{number}@example.jp"))]);
        assert_eq!(letter.from, [("協働のひろば".to_owned(), "kyodo@city.example.jp".to_owned())]);
        // What reads as an encoded word is taken apart, so that no reader decodes what was never encoded.
        assert_eq!(letter.subject, subject.replace("=?", "= ?"));
        let text = letters[number].body.replace("{{secret:リンク}}", &format!("https://kyodo.example.jp/x/{number}"));
        assert_eq!(letter.text.replace("\r\n", "\n"), text);
        assert_eq!((letter.charset.as_str(), letter.kind.as_str()), ("utf-8", "text/plain"));
        assert_eq!(letter.message_id, rows[number].message_id);
        assert_eq!(letter.headers["auto-submitted"], "auto-generated");
        assert_eq!(letter.headers["date"], "Mon, 23 Nov 2026 00:00:00 +0000");
        assert!(!letter.headers.contains_key("list-unsubscribe"));
        assert!(letter.ascii && letter.longest <= 998 && letter.defects.is_empty(), "{letter:?}");
    }
    for row in world.letters().await {
        assert_eq!((row.state.as_str(), row.secrets), ("sent", serde_json::json!({})));
    }
}

#[tokio::test]
async fn a_letter_without_one_of_its_values_refuses_to_leave() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let mut lacking = letter("a@example.jp");
    lacking.body = "次のリンクを開いてください。{{secret:リンク}}".to_owned();
    let mut unaddressed = letter("見本@example.jp");
    unaddressed.to.mail = "見本＠example.jp".to_owned();
    put(&world, &[lacking, unaddressed, letter("b@example.jp")]).await;
    carry(&world, &smtp, now()).await;
    assert_eq!(smtp.taken().iter().map(|letter| letter.recipients[0].as_str()).collect::<Vec<_>>(), ["b@example.jp"]);
    let rows = stored(&world).await;
    assert_eq!(rows.iter().map(|row| row.state()).collect::<Vec<_>>(), [State::Failed, State::Failed, State::Sent]);
    assert!(rows[0].fault.contains("リンク") && rows[1].fault.contains("アドレス"), "{rows:?}");
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again_after_its_pause_and_the_letter_arrives_once() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--answer", "@=451 4.7.1 Try again later*2"]);
    put(&world, &[letter("a@example.jp").with_secret("リンク", "x")]).await;
    carry(&world, &smtp, now()).await;
    let row = only(&world).await;
    assert_eq!((row.state(), row.tries, row.next_at), (State::Queued, 1, now() + chrono::Duration::minutes(1)));
    assert!(
        row.fault.contains("いまは受け取れない") && row.fault.contains("451 4.7.1 Try again later"),
        "{}",
        row.fault
    );
    carry(&world, &smtp, now() + chrono::Duration::seconds(59)).await;
    assert_eq!(only(&world).await.tries, 1);
    carry(&world, &smtp, now() + chrono::Duration::minutes(1)).await;
    assert_eq!(only(&world).await.next_at, now() + chrono::Duration::minutes(6));
    assert_eq!(world.letters().await[0].secret("リンク"), "x");
    carry(&world, &smtp, now() + chrono::Duration::minutes(6)).await;
    let row = only(&world).await;
    assert_eq!((row.state(), row.tries, row.fault.as_str()), (State::Sent, 3, ""));
    assert_eq!(smtp.taken().len(), 1);
}

#[tokio::test]
async fn after_48_hours_of_refusals_a_letter_is_given_up_with_the_reason() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--answer", "@=451 4.7.1 Try again later"]);
    put(&world, &[letter("a@example.jp")]).await;
    let mut at = now();
    for attempt in 1..=12 {
        carry(&world, &smtp, at).await;
        let row = only(&world).await;
        assert_eq!((row.tries, row.state() == State::Queued), (attempt, attempt < 12), "{}", row.fault);
        at = row.next_at;
    }
    assert_eq!(at, now() + chrono::Duration::hours(48));
    let row = only(&world).await;
    assert!(row.state() == State::Failed && row.fault.contains("48時間") && row.fault.contains("451"), "{}", row.fault);
}

#[tokio::test]
async fn a_permanent_refusal_stops_at_once_and_staff_read_why_and_try_again() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--answer", "gone=550 5.1.1 No such user*1"]);
    put(&world, &[letter("gone@example.jp"), letter("here@example.jp")]).await;
    carry(&world, &smtp, now()).await;
    let rows = stored(&world).await;
    assert_eq!((rows[0].state(), rows[0].tries, rows[1].state()), (State::Failed, 1, State::Sent));
    let staff = world.staff().await;
    let page = staff.page(&rows[0].path()).await;
    assert!(page.contains("宛先のアドレスがないか、受け取りを断られました。"), "{page}");
    assert!(page.contains("550 5.1.1 No such user"), "{page}");
    let list = staff.page("/staff/mail").await;
    let (failed, all) = (list.find("id=\"failed\"").unwrap(), list.find("id=\"all\"").unwrap());
    assert!(list[failed..all].contains("gone@example.jp") && !list[failed..all].contains("here@example.jp"));
    let (waits, waiting) = mail::waiting(world.db(), 10).await.unwrap();
    assert_eq!((waits, waiting[0].path.clone(), waiting[0].kind), (1, rows[0].path(), "メール"));
    let to = staff.done(&format!("{}/retry", rows[0].path()), &[]).await;
    assert_eq!(to, format!("{}?done=retry", rows[0].path()));
    carry(&world, &smtp, now()).await;
    assert_eq!(stored(&world).await[0].state(), State::Sent);
    assert_eq!(smtp.taken().len(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_text_is_tried_again_under_the_same_message_id() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--drop", "@*1"]);
    put(&world, &[letter("a@example.jp")]).await;
    carry(&world, &smtp, now()).await;
    let row = only(&world).await;
    assert_eq!((row.state(), row.next_at), (State::Queued, now() + chrono::Duration::minutes(1)));
    assert!(row.fault.contains("届いているかもしれない"), "{}", row.fault);
    carry(&world, &smtp, row.next_at).await;
    let taken = smtp.taken();
    assert_eq!(taken.iter().map(|letter| letter.dropped).collect::<Vec<_>>(), [true, false]);
    assert_eq!(taken[0].message_id, taken[1].message_id);
    assert_eq!(taken[0].headers["date"], taken[1].headers["date"]);
    assert_eq!(only(&world).await.state(), State::Sent);
}

#[tokio::test]
async fn a_server_that_is_down_costs_no_letter_its_attempts() {
    let world = World::new().await;
    let port = free_port();
    let letters: Vec<Letter> = (0..10).map(|number| letter(&format!("a{number}@example.jp"))).collect();
    put(&world, &letters).await;
    let down = post(&format!("smtp://127.0.0.1:{port}"));
    courier(&world, down.clone(), now()).carry_due().await;
    let rows = stored(&world).await;
    assert!(rows.iter().all(|row| row.state() == State::Queued && row.tries == 0 && row.next_at == now()));
    let told = rows.iter().filter(|row| row.fault.contains("メールサーバーにつながりません。")).count();
    assert!((1..=4).contains(&told), "{told} letters tried the door");
    let smtp = Smtp::start_on(world.folder(), port, &[]);
    courier(&world, down, now()).carry_due().await;
    assert_eq!(smtp.taken().len(), 10);
    assert!(
        stored(&world).await.iter().all(|row| row.state() == State::Sent && row.tries == 1 && row.fault.is_empty())
    );
}

#[tokio::test]
async fn a_running_courier_goes_on_by_itself_once_the_server_is_back() {
    let world = World::new().await;
    let port = free_port();
    put(&world, &[letter("a@example.jp"), letter("b@example.jp")]).await;
    let running = courier(&world, post(&format!("smtp://127.0.0.1:{port}")), now()).start();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let smtp = Smtp::start_on(world.folder(), port, &[]);
    smtp.wait_for(2, Duration::from_secs(20)).await;
    let fresh = Instant::now();
    put(&world, &[letter("c@example.jp")]).await;
    smtp.wait_for(3, Duration::from_secs(20)).await;
    assert!(fresh.elapsed() < Duration::from_secs(4), "a fresh letter took {:?}", fresh.elapsed());
    running.stop(Duration::from_secs(10)).await;
    assert!(stored(&world).await.iter().all(|row| row.state() == State::Sent));
}

#[tokio::test]
async fn two_couriers_at_once_send_each_letter_once() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--delay", "0.02"]);
    let letters: Vec<Letter> = (0..60).map(|number| letter(&format!("a{number}@example.jp"))).collect();
    put(&world, &letters).await;
    let (one, other) = (courier(&world, smtp.post(), now()), courier(&world, smtp.post(), now()));
    tokio::join!(one.carry_due(), other.carry_due());
    let mut taken: Vec<String> = smtp.taken().into_iter().map(|letter| letter.message_id).collect();
    assert_eq!(taken.len(), 60);
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 60);
}

#[tokio::test]
async fn a_letter_whose_carrier_vanished_is_sent_again_and_marked_as_uncertain() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    put(&world, &[letter("a@example.jp")]).await;
    let sql = "UPDATE letters SET state = 'sending', claimed_by = 'gone', claimed_until = ?, tries = 1";
    let until = now() + chrono::Duration::seconds(30);
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, vec![until.into()])).await.unwrap();
    carry(&world, &smtp, now()).await;
    assert_eq!((smtp.taken().len(), only(&world).await.state()), (0, State::Sending));
    carry(&world, &smtp, until + chrono::Duration::seconds(1)).await;
    let row = only(&world).await;
    assert_eq!((row.state(), smtp.taken()[0].message_id.clone()), (State::Sent, row.message_id.clone()));
    assert!(row.fault.contains("2通届いたかもしれません"), "{}", row.fault);
}

#[tokio::test]
async fn letters_to_many_can_be_left_by_their_mail_program_and_by_their_page_for_ever() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let batch = put_batch(&world, Topic::Renewal, &["Yes@example.jp"]).await;
    let staff = world.staff().await;
    staff.done(&format!("{}/release", mail::batch_path(batch.id)), &[]).await;
    carry(&world, &smtp, now()).await;
    let taken = smtp.taken();
    let head = &taken[0].headers;
    assert_eq!(head["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    assert_eq!(head["list-id"], "<renewal.kyodo.example.jp>");
    let ways: Vec<&str> = head["list-unsubscribe"].split(", ").collect();
    let url = ways[0].trim_matches(['<', '>']);
    let path = url.strip_prefix("https://kyodo.example.jp").unwrap();
    assert!(ways[1].starts_with("<mailto:kyodo@city.example.jp?subject=unsubscribe%20"), "{ways:?}");
    assert!(taken[0].text.contains(url), "the text names the way out as well");
    assert_eq!(world.letters().await[0].secrets, serde_json::json!({}));
    // A program that follows links changes nothing.
    let page = world.page(path).await;
    assert!(
        page.contains("このメールを止める") && page.contains("Ye***@example.jp") && !page.contains("Yes@"),
        "{page}"
    );
    assert_eq!(count(&world, "declined_topics").await, 0);
    // A mail provider has no cookie, says no origin, and takes no redirect for an answer.
    let one_click = || {
        Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("List-Unsubscribe=One-Click"))
            .unwrap()
    };
    for _ in 0..2 {
        assert_eq!(world.ask(one_click()).await.status, StatusCode::OK);
    }
    assert_eq!((count(&world, "declined_topics").await, count(&world, "audit").await), (1, 2));
    put_batch(&world, Topic::Renewal, &["yes@example.jp"]).await;
    put_batch(&world, Topic::Notices, &["yes@example.jp"]).await;
    assert_eq!(world.letters().await.iter().map(|row| row.topic.as_str()).collect::<Vec<_>>(), ["renewal", "notices"]);
    let visitor = world.visitor();
    assert!(visitor.page(path).await.contains("このメールは止まっています"));
    assert_eq!(visitor.done(path, &[("choice", "back")]).await, format!("{path}?done=back"));
    assert_eq!(count(&world, "declined_topics").await, 0);
    assert_eq!(visitor.done(path, &[("choice", "leave")]).await, format!("{path}?done=left"));
    assert!(visitor.page(&format!("{path}?done=left")).await.contains("もう届きません"));
    assert_eq!(visitor.get("/unsubscribe/forged").await.status, StatusCode::GONE);
    assert_eq!(visitor.post("/unsubscribe/forged", &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn who_leaves_a_topic_while_its_letters_wait_gets_none_of_them() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let batch = put_batch(&world, Topic::Meetings, &["No@example.jp", "yes@example.jp"]).await;
    let member = world.member("no@example.jp").await;
    assert_eq!(member.done("/me/topics", &[("topic", "renewal"), ("topic", "notices")]).await, "/me?done=topics");
    let wanted: Vec<bool> =
        mail::choices(world.db(), "NO@example.jp").await.unwrap().iter().map(|choice| choice.wanted).collect();
    assert_eq!(wanted, [true, false, true]);
    world.staff().await.done(&format!("{}/release", mail::batch_path(batch.id)), &[]).await;
    carry(&world, &smtp, now()).await;
    assert_eq!(smtp.taken().iter().map(|letter| letter.recipients[0].as_str()).collect::<Vec<_>>(), ["yes@example.jp"]);
    let rows = stored(&world).await;
    assert_eq!((rows[0].state(), rows[1].state()), (State::Cancelled, State::Sent));
    assert!(rows[0].fault.contains("受け取らない"));
    member.done("/me/topics", &[("topic", "meetings"), ("topic", "renewal"), ("topic", "notices")]).await;
    assert_eq!(count(&world, "declined_topics").await, 0);
}

#[tokio::test]
async fn letters_to_many_wait_until_staff_release_all_of_them_once() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let batch = put_batch(&world, Topic::Renewal, &["a@example.jp", "b@example.jp", "c@example.jp"]).await;
    carry(&world, &smtp, now()).await;
    assert!(smtp.taken().is_empty());
    let (waits, waiting) = mail::waiting(world.db(), 10).await.unwrap();
    assert_eq!((waits, waiting[0].title.as_str()), (1, "送信前の確認: 見本の一斉送信(3通)"));
    let (staff, path) = (world.staff().await, mail::batch_path(batch.id));
    assert_eq!(waiting[0].path, path);
    assert!(staff.page(&path).await.contains("3通をすべて送信する"));
    // One of them stays back.
    let first = stored(&world).await.remove(0);
    staff.done(&format!("{}/cancel", first.path()), &[]).await;
    assert_eq!(world.letters().await[0].secrets, serde_json::json!({}));
    assert_eq!(staff.done(&format!("{path}/release"), &[]).await, format!("{path}?done=release"));
    assert_eq!(staff.done(&format!("{path}/release"), &[]).await, format!("{path}?done=none"));
    carry(&world, &smtp, now()).await;
    assert_eq!(smtp.taken().len(), 2);
    assert_eq!(staff.done(&format!("{path}/cancel"), &[]).await, format!("{path}?done=none"));
    assert_eq!(count(&world, "audit").await, 2);
    assert_eq!(mail::waiting(world.db(), 10).await.unwrap().0, 0);
}

#[tokio::test]
async fn staff_hold_release_and_cancel_a_letter_and_each_click_counts_once() {
    let world = World::new().await;
    put(&world, &[letter("a@example.jp").with_secret("リンク", "x")]).await;
    let (path, staff) = (only(&world).await.path(), world.staff().await);
    for (decision, said, state) in [
        ("release", "late", State::Queued),
        ("retry", "late", State::Queued),
        ("hold", "hold", State::Held),
        ("hold", "late", State::Held),
        ("release", "release", State::Queued),
        ("cancel", "cancel", State::Cancelled),
        ("cancel", "late", State::Cancelled),
        ("release", "late", State::Cancelled),
    ] {
        assert_eq!(staff.done(&format!("{path}/{decision}"), &[]).await, format!("{path}?done={said}"), "{decision}");
        assert_eq!(only(&world).await.state(), state, "{decision}");
    }
    assert_eq!(count(&world, "audit").await, 3);
    assert_eq!(world.letters().await[0].secrets, serde_json::json!({}));
    assert_eq!(staff.post(&format!("{path}/burn"), &[]).await.status, StatusCode::NOT_FOUND);
    let sent = Request::post(format!("{path}/hold")).header("sec-fetch-site", "cross-site").body(Body::empty());
    assert_eq!(world.ask(sent.unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_staff_see_the_outbox() {
    let world = World::new().await;
    put(&world, &[letter("a@example.jp")]).await;
    let (member, path) = (world.member("a@example.jp").await, only(&world).await.path());
    for path in ["/staff/mail", path.as_str()] {
        assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(world.visitor().get(path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for decision in ["hold", "cancel", "retry", "release"] {
        let path = format!("{path}/{decision}");
        assert_eq!(member.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.visitor().post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(only(&world).await.state(), State::Queued);
    assert!(world.admin().await.page(&path).await.contains("見本の件名"));
}

#[tokio::test]
async fn without_a_server_staff_pass_on_the_links_of_members_but_never_those_of_their_own_kind() {
    let world = World::new().await;
    let secret = |mail: &str| {
        let mut letter = letter(mail);
        letter.subject = "番号 {{secret:番号}}".to_owned();
        letter.body = "リンク {{secret:リンク}}".to_owned();
        letter.with_secret("リンク", "https://kyodo.example.jp/geheim").with_secret("番号", "123456")
    };
    let staff = world.staff().await;
    kyodo::accounts::account::insert(world.db(), "kanri@city.example.jp", "", Role::Admin, now()).await.unwrap();
    let admin = kyodo::accounts::account::find_by_mail(world.db(), "kanri@city.example.jp").await.unwrap().unwrap();
    let mut elsewhere = secret("other@example.jp");
    elsewhere.account_id = Some(admin.id);
    put(&world, &[secret("member@example.jp"), secret("Kanri@City.example.jp"), elsewhere]).await;
    let rows = stored(&world).await;
    let page = staff.page(&rows[0].path()).await;
    assert!(page.contains("/geheim") && page.contains("123456") && page.contains("本人だけに伝えて"), "{page}");
    for row in &rows[1..] {
        let page = staff.page(&row.path()).await;
        assert!(!page.contains("geheim") && !page.contains("123456") && page.contains("●●●●"), "{page}");
    }
    let list = staff.page("/staff/mail").await;
    assert!(list.contains("番号 ●●●●") && !list.contains("123456") && list.contains("KYODO_SMTP_URL"), "{list}");
}

#[tokio::test]
async fn with_a_server_staff_see_marks_in_place_of_links() {
    let mut world = World::new().await;
    let mut config = world.app.config.clone();
    config.smtp_url = Some("smtp://127.0.0.1:9".to_owned());
    config.mail_from = Some("協働 <kyodo@city.example.jp>".to_owned());
    world.app = kyodo::app::App::new(config, world.db().clone(), Clock::Fixed(now())).await.unwrap();
    let mut secret = letter("member@example.jp");
    secret.body = "リンク {{secret:リンク}}".to_owned();
    put(&world, &[secret.with_secret("リンク", "geheim")]).await;
    put_batch(&world, Topic::Renewal, &["member@example.jp"]).await;
    let staff = world.staff().await;
    for row in stored(&world).await {
        let page = staff.page(&row.path()).await;
        assert!(!page.contains("geheim") && page.contains("●●●●"), "{page}");
        assert!(page.contains("協働 &#60;kyodo@city.example.jp&#62;"), "{page}");
        assert!(page.contains(&row.message_id.replace('<', "&#60;").replace('>', "&#62;")), "{page}");
    }
    let token = world.letters().await[1].secret("unsubscribe");
    assert!(!staff.page(&stored(&world).await[1].path()).await.contains(&token));
    staff.done("/staff/mail/test", &[]).await;
    let letter = world.letters().await.remove(2);
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("mail.test", "shokuin@city.example.jp"));
    assert_eq!((letter.to_name.as_str(), letter.subject.as_str()), ("見本 職員", "試しのメール"));
    assert!(letter.body.contains("見本 職員 様") && letter.body.contains("対馬市"), "{}", letter.body);
}

#[tokio::test]
async fn letters_are_found_by_address_name_subject_group_and_state_page_by_page() {
    let world = World::new().await;
    let group = world.group("見本 磯の会", "イソノカイ").await;
    let mut letters: Vec<Letter> = (0..53).map(|number| letter(&format!("a{number}@example.jp"))).collect();
    letters[7].subject = "100%の_特別な!件名".to_owned();
    letters[9].to.name = "見本 花子".to_owned();
    letters[11] = letters[11].clone().about(group);
    put(&world, &letters).await;
    let staff = world.staff().await;
    let found = async |path: &str| {
        let page = staff.page(path).await;
        page.matches("class=\"item-title\"").count()
    };
    assert_eq!(found("/staff/mail").await, 50);
    let page = staff.page("/staff/mail").await;
    let at = page.find("/staff/mail?after=").expect("the list goes on");
    let next: String = page[at..].chars().take_while(|letter| *letter != '"').collect();
    assert_eq!(found(&next).await, 3);
    for (path, count) in [
        ("/staff/mail?q=A42%40Example", 1),
        ("/staff/mail?q=100%25%E3%81%AE_", 1),
        ("/staff/mail?q=%25%25", 0),
        ("/staff/mail?q=%E8%A6%8B%E6%9C%AC%20%E8%8A%B1%E5%AD%90", 1),
        ("/staff/mail?q=%E7%A3%AF%E3%81%AE%E4%BC%9A", 1),
        (&format!("/staff/mail?group={group}"), 1),
        ("/staff/mail?state=failed", 0),
        ("/staff/mail?state=queued&q=a1%40", 1),
    ] {
        assert_eq!(found(path).await, count, "{path}");
    }
    assert!(staff.page("/staff/mail?state=burnt&after=x").await.contains("状態「burnt」は選べません。"));
}

/// A meeting with a secret link, and who is asked.
fn invited(name: &str, mail: &str) -> Invitation {
    let at = |text: &str| Zone::Iana(chrono_tz::Tz::Asia__Tokyo).at(text.parse().unwrap());
    Invitation {
        meeting: Entry {
            uid: "meeting-1@kyodo.example.jp".into(),
            recurrence_id: None,
            and_future: false,
            sequence: 1,
            stamp: now(),
            created: Some(now()),
            status: None,
            summary: "見本 連絡調整会議".into(),
            description: Some("お返事はページからもできます。".into()),
            location: Some("見本会館".into()),
            geo: None,
            url: Some("https://kyodo.example.jp/r/{{secret:reply}}".into()),
            categories: Vec::new(),
            start: at("2026-12-01T10:00:00"),
            end: Some(at("2026-12-01T12:00:00")),
            rules: Vec::new(),
            rdates: Vec::new(),
            exdates: Vec::new(),
            transparent: false,
        },
        organizer: Party { name: "協働のひろば".into(), mail: "kyodo@city.example.jp".into() },
        attendee: Party { name: name.into(), mail: mail.into() },
        is_required: true,
    }
}

#[tokio::test]
async fn an_invitation_is_for_calendars_and_for_people_and_asks_one_person_alone() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &[]);
    let name = "\u{1F33B}\"見本\"; 会: 花子";
    let mut letters = Vec::new();
    for (method, secret) in [(Method::Request, "a".repeat(90)), (Method::Cancel, "b".repeat(90))] {
        let mut letter = letter("a@example.jp").with_secret("reply", secret);
        letter.calendar = Some((invitation(method, &invited(name, "a@example.jp")), method.name()));
        letters.push(letter);
    }
    let mut wrong = letter("b@example.jp");
    wrong.calendar = Some((invitation(Method::Request, &invited("", "b@example.jp")), "PUBLISH\r\nX: y"));
    let mut spent = letter("c@example.jp");
    spent.calendar = Some((invitation(Method::Request, &invited("", "c@example.jp")), "REQUEST"));
    letters.extend([wrong, spent]);
    put(&world, &letters).await;
    carry(&world, &smtp, now()).await;
    let mut taken = smtp.taken();
    taken.sort_by_key(|letter| letter.asked[0] == "CANCEL");
    assert_eq!(taken.len(), 2);
    for (letter, (method, secret)) in taken.iter().zip([("REQUEST", "a".repeat(90)), ("CANCEL", "b".repeat(90))]) {
        let parts = ["multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "application/ics"];
        assert_eq!(letter.parts, parts);
        assert_eq!(letter.calendar_type, format!("text/calendar; method=\"{method}\"; charset=\"utf-8\""));
        // This icalendar shows RFC 6868 as it is written.
        assert_eq!(letter.asked, [method, method, &name.replace('"', "^'"), "mailto:a@example.jp"]);
        assert_eq!(letter.kept.len(), 1);
        assert_eq!(letter.kept[0].replace("\r\n", "\n"), letter.calendar.replace("\r\n", "\n"));
        let unfolded = kyodo::ics::unfolded(&letter.kept[0]);
        assert!(unfolded.contains(&format!("\r\nURL:https://kyodo.example.jp/r/{secret}\r\n")), "{unfolded}");
        assert!(letter.kept[0].split("\r\n").all(|line| line.len() <= 75));
        assert_eq!((letter.text.replace("\r\n", "\n").as_str(), letter.defects.len()), ("見本の本文です。\n", 0));
    }
    let stored = stored(&world).await;
    assert_eq!([stored[2].state(), stored[3].state()], [State::Failed, State::Failed]);
    assert!(stored[3].fault.contains("reply") && stored[3].is_spent());
}

/// Runs openssl in a folder.
fn openssl(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    output.stdout
}

#[tokio::test]
async fn a_signed_letter_satisfies_another_reader_of_dkim() {
    let world = World::new().await;
    for (kind, options) in [("rsa", ["-algorithm", "RSA"]), ("ed25519", ["-algorithm", "ED25519"])] {
        let file = format!("{kind}.pem");
        openssl(world.folder(), &["genpkey", options[0], options[1], "-out", &file]);
        let public = openssl(world.folder(), &["pkey", "-in", &file, "-pubout", "-outform", "DER"]);
        // RFC 8463 §4: an Ed25519 record holds the 32 bytes of the key alone.
        let public = if kind == "rsa" { &public[..] } else { &public[public.len() - 32..] };
        let record =
            format!("kyodo._domainkey.city.example.jp=v=DKIM1; k={kind}; p={}", data_encoding::BASE64.encode(public));
        let folder = world.folder().join(kind);
        std::fs::create_dir(&folder).unwrap();
        let smtp = Smtp::start(&folder, &["--dkim", &record]);
        let setting = format!("city.example.jp:kyodo:{}", world.folder().join(&file).display());
        let post = Post { key: Some(mail::Key::read(&setting).unwrap()), ..smtp.post() };
        let batch = put_batch(&world, Topic::Renewal, &["a@example.jp"]).await;
        let long = Letter {
            body: format!("  空白  の \t多い行 \n\n{}\n\n\n", "長い行".repeat(300)),
            ..letter("b@example.jp")
        };
        put(&world, &[letter("c@example.jp"), long]).await;
        world.staff().await.done(&format!("{}/release", mail::batch_path(batch.id)), &[]).await;
        courier(&world, post, now()).carry_due().await;
        let taken = smtp.taken();
        assert_eq!(taken.iter().map(|letter| letter.signed).collect::<Vec<_>>(), [Some(true); 3], "{kind}");
        let bulk = taken.iter().find(|letter| letter.recipients[0] == "a@example.jp").unwrap();
        let signature = bulk.headers["dkim-signature"].replace([' ', '\r', '\n'], "");
        for part in
            ["a=", "d=city.example.jp", "s=kyodo", ":list-unsubscribe:list-unsubscribe-post:", "c=relaxed/relaxed"]
        {
            assert!(signature.contains(part), "{signature}");
        }
    }
}

/// Runs the real binary with settings of mail.
fn kyodo(world: &World, arguments: &[&str], settings: &[(&str, &str)]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_kyodo"))
        .args(arguments)
        .current_dir(world.folder())
        .env("KYODO_DATABASE_URL", &world.database_url)
        .env("KYODO_DATA_DIR", world.folder())
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

#[tokio::test]
async fn check_says_whether_the_mail_server_lets_us_in() {
    let world = World::new().await;
    let request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem";
    let mut arguments: Vec<&str> = request.split(' ').collect();
    arguments.extend([
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ]);
    openssl(world.folder(), &arguments);
    let file = |name: &str| world.folder().join(name).display().to_string();
    let (cert, key) = (file("cert.pem"), file("key.pem"));
    let smtp = Smtp::start(world.folder(), &["--tls", &cert, &key, "--login", "kyodo:pass/word"]);
    let check = |login: &str, rest: &str, trusted: bool| {
        let url = format!("smtp://{login}localhost:{}{rest}", smtp.port);
        let mut settings = vec![("KYODO_SMTP_URL", url.as_str()), ("KYODO_MAIL_FROM", "kyodo@city.example.jp")];
        settings.extend(trusted.then_some(("SSL_CERT_FILE", cert.as_str())));
        let output = kyodo(&world, &["check"], &settings);
        (output.status.code(), said(&output))
    };
    let (code, told) = check("kyodo:pass%2Fword@", "?tls=required", true);
    assert!(code == Some(0) && told.contains("つながりました(暗号化)"), "{told}");
    let (code, told) = check("kyodo:pass%2Fword@", "", false);
    assert!(code == Some(2) && told.contains("通信を暗号化できません"), "{told}");
    let (code, told) = check("kyodo:wrong@", "", true);
    assert!(code == Some(2) && told.contains("利用者名とパスワードを受け付けません") && told.contains("535"), "{told}");
    assert!(!told.contains("wrong"), "{told}");
    let (code, told) = check("", "?tls=opportunistic", false);
    assert!(code == Some(0) && told.contains("つながりました(暗号化)"), "{told}");
    let (code, told) = check("", "?tls=none", false);
    assert!(code == Some(0) && told.contains("つながりました(暗号化なし)"), "{told}");
}

#[tokio::test]
async fn a_letter_goes_over_an_encrypted_line_where_the_server_offers_one() {
    let world = World::new().await;
    let request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem";
    openssl(world.folder(), &request.split(' ').collect::<Vec<_>>());
    let file = |name: &str| world.folder().join(name).display().to_string();
    let smtp = Smtp::start(world.folder(), &["--tls", &file("cert.pem"), &file("key.pem")]);
    put(&world, &[letter("a@example.jp"), letter("b@example.jp")]).await;
    carry(&world, &smtp, now()).await;
    assert_eq!(smtp.taken().iter().map(|letter| letter.encrypted).collect::<Vec<_>>(), [true, true]);
    // Who demands a certificate that holds gets no letter out.
    put(&world, &[letter("c@example.jp")]).await;
    courier(&world, post(&format!("{}?tls=required", smtp.url())), now()).carry_due().await;
    let row = stored(&world).await.remove(2);
    assert!(row.state() == State::Queued && row.fault.contains("暗号化できません"), "{}", row.fault);
}

#[tokio::test]
async fn a_setting_of_mail_that_cannot_be_used_stops_the_start_and_names_its_key() {
    let world = World::new().await;
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("KYODO_SMTP_URL", "mail.example.jp"), ("KYODO_MAIL_FROM", "a@example.jp")], "KYODO_SMTP_URL"),
        (&[("KYODO_SMTP_URL", "smtp://mail.example.jp")], "KYODO_MAIL_FROM"),
        (&[("KYODO_MAIL_FROM", "協働のひろば")], "KYODO_MAIL_FROM"),
        (&[("KYODO_DKIM", "city.example.jp:kyodo:nowhere.pem")], "KYODO_DKIM"),
    ];
    for (settings, key) in cases {
        for command in ["serve", "check"] {
            let output = kyodo(&world, &[command], settings);
            assert_eq!(output.status.code(), Some(1), "{command} {settings:?}");
            assert!(said(&output).contains(&format!("設定 {key} が使えません。")), "{}", said(&output));
        }
    }
    let output = kyodo(&world, &["check"], &[]);
    assert!(output.status.success() && said(&output).contains("/staff/mail"), "{}", said(&output));
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The real site with its courier, ended with `kill -9` when dropped.
struct Site(Child);

impl Site {
    fn start(world: &World, smtp: &Smtp) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_kyodo"))
            .arg("serve")
            .current_dir(world.folder())
            .env("KYODO_DATABASE_URL", &world.database_url)
            .env("KYODO_DATA_DIR", world.folder())
            .env("KYODO_LISTEN", format!("127.0.0.1:{}", free_port()))
            .env("KYODO_BASE_URL", "https://kyodo.example.jp")
            .env("KYODO_SMTP_URL", smtp.url())
            .env("KYODO_MAIL_FROM", "協働のひろば <kyodo@city.example.jp>")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    fn stop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn put_many(world: &World, count: usize) {
    let letters: Vec<Letter> = (0..count).map(|number| letter(&format!("a{number}@example.jp"))).collect();
    mail::post_all(world.db(), &letters, "kyodo.example.jp", Clock::System.now()).await.unwrap();
}

fn distinct(taken: &[crate::smtp::Taken]) -> usize {
    taken.iter().map(|letter| letter.message_id.as_str()).collect::<std::collections::HashSet<_>>().len()
}

#[tokio::test]
async fn killed_in_the_middle_of_200_letters_the_site_sends_all_and_repeats_only_those_under_way() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--delay", "0.05"]);
    put_many(&world, 200).await;
    let mut site = Site::start(&world, &smtp);
    smtp.wait_for(60, Duration::from_secs(60)).await;
    site.kill();
    let at_death = smtp.taken().len();
    assert!(at_death < 200, "the site was killed too late to show anything");
    let mut site = Site::start(&world, &smtp);
    let began = Instant::now();
    loop {
        let rows = world.letters().await;
        if rows.iter().all(|row| row.state == "sent") {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(150), "not all letters were sent");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    site.stop();
    let taken = smtp.taken();
    assert_eq!(distinct(&taken), 200);
    assert!(taken.len() - 200 <= 4, "{} letters came twice", taken.len() - 200);
    // Whoever came twice was marked as uncertain before the second time.
    let told = stored(&world).await.iter().filter(|row| row.fault.contains("2通届いたかもしれません")).count();
    assert!(told >= taken.len() - 200 && told <= 4, "{told} letters are marked");
}

#[tokio::test]
async fn told_to_stop_the_site_brings_the_letters_under_way_to_an_end() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--delay", "0.3"]);
    put_many(&world, 40).await;
    let mut site = Site::start(&world, &smtp);
    smtp.wait_for(8, Duration::from_secs(60)).await;
    site.stop();
    let rows = world.letters().await;
    let (sent, queued) = ["sent", "queued"].map(|state| rows.iter().filter(|row| row.state == state).count()).into();
    assert_eq!((sent + queued, sent), (40, smtp.taken().len()));
    assert!(queued > 0, "the site was stopped too late to show anything");
}

#[tokio::test]
async fn links_of_letters_that_failed_are_forgotten_after_a_while() {
    let world = World::new().await;
    let smtp = Smtp::start(world.folder(), &["--answer", "@=550 5.1.1 No such user"]);
    let mut secret = letter("a@example.jp");
    secret.body = "リンク {{secret:リンク}}".to_owned();
    put(&world, &[secret.with_secret("リンク", "geheim")]).await;
    carry(&world, &smtp, now()).await;
    mail::forget_old_secrets(world.db(), now() + chrono::Duration::days(mail::KEPT_DAYS)).await.unwrap();
    assert_eq!(world.letters().await[0].secret("リンク"), "geheim");
    mail::forget_old_secrets(world.db(), now() + chrono::Duration::days(mail::KEPT_DAYS + 3)).await.unwrap();
    assert_eq!(world.letters().await[0].secrets, serde_json::json!({}));
    let (row, staff) = (only(&world).await, world.staff().await);
    let page = staff.page(&row.path()).await;
    assert!(page.contains("送り直せません") && !page.contains("もう一度送信する"), "{page}");
    assert_eq!(staff.done(&format!("{}/retry", row.path()), &[]).await, format!("{}?done=late", row.path()));
}
