//! Signing in, second factors, sessions, kept forms and the accounts of the office, as people and intruders meet them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, Duration, Utc};
use kyodo::accounts::{Role, account, limit, second_factor, session, sign_in};
use kyodo::{accounts, db};
use sea_orm::{ConnectionTrait, Value};

use crate::world::{Answer, Browser, Posted, World, now, said};

async fn sql(world: &World, sql: &str, values: Vec<Value>) {
    world.db().execute_raw(db::statement(world.db().get_database_backend(), sql, values)).await.unwrap();
}

async fn count(world: &World, rest: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {rest}");
    let row = world.db().query_one_raw(db::statement(world.db().get_database_backend(), &sql, vec![])).await.unwrap();
    row.unwrap().try_get("", "count").unwrap()
}

async fn trail(world: &World) -> Vec<(String, String)> {
    let sql = "SELECT action, channel FROM audit ORDER BY at, id";
    let rows = world.db().query_all_raw(db::statement(world.db().get_database_backend(), sql, vec![])).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "action").unwrap(), row.try_get("", "channel").unwrap())).collect()
}

/// The time itself stands still in a test, so what is kept is made older instead.
async fn let_pass(world: &World, span: Duration) {
    for (table, columns) in
        [("sign_ins", "created_at,expires_at"), ("sessions", "seen_at"), ("kept_forms", "created_at")]
    {
        for column in columns.split(',') {
            let backend = world.db().get_database_backend();
            let rows = world.db().query_all_raw(db::statement(
                backend,
                &format!("SELECT DISTINCT {column} AS at FROM {table}"),
                vec![],
            ));
            for row in rows.await.unwrap() {
                let at: DateTime<Utc> = row.try_get("", "at").unwrap();
                let update = format!("UPDATE {table} SET {column} = ? WHERE {column} = ?");
                sql(world, &update, vec![(at - span).into(), at.into()]).await;
            }
        }
    }
}

async fn known(world: &World, mail: &str) -> account::Account {
    account::ensure(world.db(), mail, "見本 花子", now()).await.unwrap()
}

/// Asks for a way in and returns the letter.
async fn asked(world: &World, browser: &Browser<'_>, mail: &str) -> Posted {
    assert_eq!(browser.done("/sign-in", &[("mail", mail), ("next", "")]).await, "/sign-in/code");
    world.letters().await.pop().unwrap()
}

fn path_of(letter: &Posted) -> String {
    letter.secret("リンク").strip_prefix("https://kyodo.example.jp").unwrap().to_owned()
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// The one-time password of a secret, some steps of thirty seconds from now.
fn password(secret: &str, steps: i64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now().timestamp() + 30 * steps).unwrap()).to_string()
}

fn is_signed_out(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/sign-in?")
}

#[tokio::test]
async fn six_digits_of_the_letter_sign_in_the_browser_that_asked() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let letter = asked(&world, &browser, " Hanako@Example.JP ").await;
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("accounts.sign_in", "hanako@example.jp"));
    assert_eq!(letter.to_name, "見本 花子");
    assert_eq!(letter.subject, "協働のひろば サインインのご案内");
    let (code, link) = (letter.secret("番号"), letter.secret("リンク"));
    assert!(letter.body.contains("見本 花子 様") && letter.body.contains("9時30分まで"), "{}", letter.body);
    assert!(!letter.body.contains(&code) && !letter.body.contains(&link), "secrets are not in the text");
    assert!(browser.page("/sign-in/code").await.contains("hanako@example.jp"));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(browser.done("/sign-in/code", &[("code", &spaced)]).await, "/me");
    assert!(browser.page("/me").await.contains("hanako@example.jp でサインインしています"));
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_code_typed_in_full_width_letters_is_the_same_code() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let code = asked(&world, &browser, "hanako@example.jp").await.secret("番号");
    let wide: String =
        code.chars().map(|digit| char::from_u32(digit as u32 - '0' as u32 + '０' as u32).unwrap()).collect();
    assert_eq!(browser.done("/sign-in/code", &[("code", &wide)]).await, "/me");
}

#[tokio::test]
async fn a_code_is_no_good_in_another_browser() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let code = asked(&world, &world.visitor(), "hanako@example.jp").await.secret("番号");
    let other = world.visitor();
    assert_eq!(other.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::GONE);
    known(&world, "other@example.jp").await;
    asked(&world, &other, "other@example.jp").await;
    assert_eq!(other.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_signed_out(&other.get("/me").await));
}

#[tokio::test]
async fn a_link_opens_a_page_with_a_button_and_is_good_once_in_any_browser() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let path = path_of(&asked(&world, &world.visitor(), "hanako@example.jp").await);
    let phone = world.visitor();
    for _ in 0..3 {
        assert!(phone.page(&path).await.contains("サインインする"), "scanners that follow the link use nothing up");
    }
    assert_eq!(phone.done(&path, &[]).await, "/me");
    assert!(phone.page("/me").await.contains("hanako@example.jp"));
    for again in [world.visitor().get(&path).await, world.visitor().post(&path, &[]).await] {
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.text().contains("href=\"/sign-in\""), "leads to a new request");
    }
}

#[tokio::test]
async fn two_who_press_the_button_at_once_are_one_session() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let path = path_of(&asked(&world, &world.visitor(), "hanako@example.jp").await);
    let (a, b) = (world.visitor(), world.visitor());
    let (a, b) = tokio::join!(a.post(&path, &[]), b.post(&path, &[]));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_eq!(count(&world, "sessions").await, 1);
}

#[tokio::test]
async fn forged_and_expired_links_and_codes_are_refused() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let letter = asked(&world, &browser, "hanako@example.jp").await;
    let path = path_of(&letter);
    let mut forged = path.clone();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    let long = format!("/sign-in/{}", "a".repeat(5000));
    for wrong in [forged.as_str(), "/sign-in/x", "/sign-in/%00", "/sign-in/%E6%B5%B7", &long] {
        assert_eq!(browser.get(wrong).await.status, StatusCode::GONE, "{wrong}");
        assert_eq!(browser.post(wrong, &[]).await.status, StatusCode::GONE, "{wrong}");
    }
    let_pass(&world, Duration::minutes(30)).await;
    assert_eq!(browser.post(&path, &[]).await.status, StatusCode::GONE);
    let code = letter.secret("番号");
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::GONE);
    assert_eq!(count(&world, "sessions").await, 0);
}

#[tokio::test]
async fn five_wrong_codes_close_a_way_in_for_good() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let letter = asked(&world, &browser, "hanako@example.jp").await;
    let code = letter.secret("番号");
    for _ in 0..4 {
        let answer = browser.post("/sign-in/code", &[("code", &wrong(&code))]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("数字が違います") && answer.text().contains(&wrong(&code)));
    }
    assert_eq!(browser.post("/sign-in/code", &[("code", "")]).await.status, StatusCode::GONE);
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::GONE);
    assert_eq!(browser.post(&path_of(&letter), &[]).await.status, StatusCode::GONE, "the link has gone with it");
}

#[tokio::test]
async fn many_codes_at_once_are_no_more_than_five_tries() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let code = asked(&world, &browser, "hanako@example.jp").await.secret("番号");
    let bad = wrong(&code);
    let fields = [("code", bad.as_str())];
    let tries = tokio::join!(
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields),
        browser.post("/sign-in/code", &fields)
    );
    let again = [tries.0, tries.1, tries.2, tries.3, tries.4, tries.5, tries.6, tries.7];
    let again = again.iter().filter(|answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert!(again <= 4, "{again} may try again");
    assert_eq!(browser.post("/sign-in/code", &[("code", &code)]).await.status, StatusCode::GONE);
    assert_eq!(count(&world, "sign_ins WHERE tries > 5").await, 0);
}

#[tokio::test]
async fn guessing_over_and_over_stops_a_network() {
    let world = World::new().await;
    let most = limit::CODES_FROM_NETWORK.most;
    let mut refused = None;
    for round in 0..=most {
        let mail = format!("m{round}@example.jp");
        let browser = world.visitor();
        sql(&world, "DELETE FROM counts WHERE key LIKE 'letters-%'", vec![]).await;
        let letter = asked(&world, &browser, &mail).await;
        assert_eq!(letter.kind, "accounts.unknown");
        let answer = browser.post("/sign-in/code", &[("code", "000000")]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((round, answer));
            break;
        }
    }
    let (round, answer) = refused.unwrap();
    assert_eq!(round, most);
    assert_eq!(answer.header("retry-after"), "3600");
}

#[tokio::test]
async fn known_unknown_and_stopped_addresses_are_answered_alike() {
    let world = World::new().await;
    known(&world, "known@example.jp").await;
    let stopped = known(&world, "stopped@example.jp").await;
    account::set_active(world.db(), stopped.id, false).await.unwrap();
    let mut answers = Vec::new();
    for mail in ["known@example.jp", "nobody@example.jp", "stopped@example.jp"] {
        let browser = world.visitor();
        let answer = browser.post("/sign-in", &[("mail", mail)]).await;
        let names: Vec<String> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        let cookie = answer.header("set-cookie").split_once('=').unwrap().1;
        let attributes = cookie.split_once(';').unwrap().1.to_owned();
        let page = browser.page("/sign-in/code").await.replace(mail, "ADDRESS");
        let first_guess = browser.post("/sign-in/code", &[("code", "12345")]).await;
        let guess = first_guess.text().replace(mail, "ADDRESS");
        answers.push((answer.status, answer.header("location").to_owned(), names, attributes, page, guess));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let letters = world.letters().await;
    let told: Vec<(&str, &str)> = letters.iter().map(|l| (l.to_mail.as_str(), l.kind.as_str())).collect();
    assert_eq!(
        told,
        [
            ("known@example.jp", "accounts.sign_in"),
            ("nobody@example.jp", "accounts.unknown"),
            ("stopped@example.jp", "accounts.unknown"),
        ]
    );
    assert!(letters[1].body.contains("https://kyodo.example.jp/groups/new"), "says what to do next");
    assert_eq!(letters[1].secrets, serde_json::json!({}), "and gives no way in");
    assert_eq!(count(&world, "sign_ins").await, 3);
    assert_eq!(count(&world, "accounts").await, 2, "asking makes no account");
}

#[tokio::test]
async fn an_address_gets_five_letters_an_hour_whether_known_or_not() {
    let world = World::new().await;
    known(&world, "known@example.jp").await;
    for mail in ["known@example.jp", "nobody@example.jp"] {
        for round in 0..8 {
            let answer = world.visitor().post("/sign-in", &[("mail", mail)]).await;
            let wanted = if round < 5 { StatusCode::SEE_OTHER } else { StatusCode::TOO_MANY_REQUESTS };
            assert_eq!(answer.status, wanted, "{mail} {round}");
            if round == 7 {
                assert_eq!(answer.header("retry-after"), "3600");
                assert!(answer.text().contains("お電話ください"));
            }
        }
    }
    assert_eq!(world.letters().await.len(), 10);
    sql(&world, "UPDATE counts SET slot = slot - 6", vec![]).await;
    asked(&world, &world.visitor(), "known@example.jp").await;
}

#[tokio::test]
async fn a_network_gets_thirty_letters_an_hour() {
    let world = World::new().await;
    for number in 0..30 {
        asked(&world, &world.visitor(), &format!("m{number}@example.jp")).await;
    }
    let answer = world.visitor().post("/sign-in", &[("mail", "m99@example.jp")]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.letters().await.len(), 30);
}

#[tokio::test]
async fn what_is_no_address_is_a_fault_beside_the_field_and_stays_typed() {
    let world = World::new().await;
    let long = format!("{}@example.jp", "a".repeat(300));
    for typed in ["", "hanako", "a@b@c", "a@example.jp\r\nBcc: b@example.jp", "<script>@example.jp", &long] {
        let answer = world.visitor().post("/sign-in", &[("mail", typed), ("next", "/me/groups")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        let text = answer.text();
        assert!(text.contains("半角で書いてください") && text.contains("value=\"/me/groups\""), "{typed}");
        assert!(!text.contains("<script>@"), "what was typed is text");
    }
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn one_is_led_on_to_a_page_of_this_site_and_nowhere_else() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    for (next, wanted) in [
        ("/me/groups?x=1", "/me/groups?x=1"),
        ("//evil.example", "/me"),
        ("/\\evil.example", "/me"),
        ("https://evil.example/", "/me"),
        ("/\t/evil.example", "/me"),
        ("/sign-out", "/me"),
        ("javascript:alert(1)", "/me"),
    ] {
        let browser = world.visitor();
        sql(&world, "DELETE FROM counts", vec![]).await;
        browser.done("/sign-in", &[("mail", "hanako@example.jp"), ("next", next)]).await;
        let code = world.letters().await.pop().unwrap().secret("番号");
        assert_eq!(browser.done("/sign-in/code", &[("code", &code)]).await, wanted, "{next}");
    }
}

#[tokio::test]
async fn posts_from_another_site_change_nothing() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let path = path_of(&asked(&world, &world.visitor(), "hanako@example.jp").await);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        for address in [path.as_str(), "/sign-in", "/sign-out", "/me/name", "/staff/accounts"] {
            let request = Request::post(address).header(name, value).header("host", "kyodo.example.jp");
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = world.ask(request.body(Body::from("mail=a%40example.jp")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value} {address}");
            assert!(answer.text().contains("ほかのサイトからは送信できません"));
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    assert_eq!((count(&world, "sessions").await, world.letters().await.len()), (0, 1));
    assert_eq!(count(&world, "kept_forms").await, 0);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    let path = path_of(&asked(&world, &world.visitor(), "hanako@example.jp").await);
    let answer = world.visitor().post(&path, &[]).await;
    let line = answer.header("set-cookie");
    assert!(line.starts_with("__Host-kyodo="), "{line}");
    for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(line.contains(flag), "{flag} in {line}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    let value = line.split(['=', ';']).nth(1).unwrap();
    assert_eq!(count(&world, &format!("sessions WHERE token_hash = '{value}'")).await, 0, "kept as a digest alone");
    assert_eq!(count(&world, "sessions").await, 1);
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    browser.page("/me").await;
    assert_eq!(browser.done("/sign-out", &[]).await, "/");
    assert_eq!(count(&world, "sessions WHERE ended_at IS NULL").await, 0);
    assert!(is_signed_out(&browser.get("/me").await));
}

#[tokio::test]
async fn staff_are_out_after_twelve_idle_hours_and_members_after_ninety_days() {
    for (is_staff, fine, over) in
        [(true, Duration::hours(12), Duration::seconds(1)), (false, Duration::days(90), Duration::seconds(1))]
    {
        let world = World::new().await;
        let browser = if is_staff { world.staff().await } else { world.member("hanako@example.jp").await };
        let_pass(&world, fine).await;
        browser.page("/me").await;
        let_pass(&world, fine + over).await;
        assert!(is_signed_out(&browser.get("/me").await), "staff: {is_staff}");
    }
}

#[tokio::test]
async fn sessions_are_listed_in_plain_words_and_end_one_by_one_or_all_but_this() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    let owner = account::find_by_mail(world.db(), "hanako@example.jp").await.unwrap().unwrap();
    let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0";
    for network in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        session::open(world.db(), owner.id, (edge, network), now()).await.unwrap();
    }
    let page = browser.page("/me").await;
    assert_eq!(page.matches("Windows の Edge</strong>").count(), 3);
    assert_eq!(page.matches("この端末").count(), 1);
    assert!(page.contains("ネットワーク 192.0.2.2") && page.contains("令和8年11月23日(月・勤労感謝の日) 9時00分"));
    let id = page.split("/me/sessions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let stranger = world.member("other@example.jp").await;
    assert_eq!(stranger.post(&format!("/me/sessions/{id}"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.done(&format!("/me/sessions/{id}"), &[]).await, "/me?done=ended");
    assert_eq!(browser.post(&format!("/me/sessions/{id}"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.page("/me").await.matches("Windows の Edge</strong>").count(), 2);
    assert_eq!(browser.done("/me/sessions/others", &[]).await, "/me?done=others");
    let page = browser.page("/me").await;
    assert!(!page.contains("Windows の Edge") && !page.contains("ほかの端末をすべて終える"));
    stranger.page("/me").await;
}

#[tokio::test]
async fn staff_set_up_a_second_factor_before_they_reach_anything() {
    let world = World::new().await;
    account::insert(world.db(), "s@example.jp", "見本 職員", Role::Admin, now()).await.unwrap();
    let browser = world.visitor();
    let letter = asked(&world, &browser, "s@example.jp").await;
    assert_eq!(browser.done("/sign-in/code", &[("code", &letter.secret("番号"))]).await, "/sign-in/totp");
    for path in ["/me", "/staff/accounts", "/me/kept"] {
        let answer = browser.get(path).await;
        assert!(answer.header("location").starts_with("/sign-in/totp?next="), "{path}");
    }
    assert!(browser.post("/sign-in/totp/noted", &[]).await.header("location").starts_with("/sign-in/totp"));
    let page = browser.page("/sign-in/totp").await;
    let secret = page.split("data-totp-secret=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(secret.len(), 32);
    assert!(page.contains("<svg class=\"qr ") && page.contains(&format!("<span>{}</span>", &secret[..4])));
    assert!(!page.contains("見本データのため"), "the password is shown in the demo alone");
    assert!(browser.page("/sign-in/totp").await.contains(&secret), "looking again changes nothing");
    let answer = browser.post("/sign-in/totp", &[("code", &password(&secret, 3))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes = browser.post("/sign-in/totp", &[("code", &password(&secret, 0)), ("next", "/staff/accounts")]).await;
    assert_eq!(codes.status, StatusCode::OK);
    let list = codes.text().split("<ol class=\"codes\">").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    assert_eq!(list.matches("<li>").count(), 10);
    assert!(codes.text().contains("控えました"));
    assert_eq!(browser.done("/sign-in/totp/noted", &[("next", "/staff/accounts")]).await, "/staff/accounts");
    assert!(browser.page("/staff/accounts").await.contains("s@example.jp"));
    assert!(trail(&world).await.iter().any(|(action, _)| action == "ワンタイムパスワードの設定"));
}

/// A member of staff with a second factor, and its secret.
async fn armed(world: &World, mail: &str) -> (account::Account, String, Vec<String>) {
    account::insert(world.db(), mail, "見本 職員", Role::Staff, now()).await.unwrap();
    let account = account::find_by_mail(world.db(), mail).await.unwrap().unwrap();
    second_factor::prepare(world.db(), account.id).await.unwrap();
    let account = account::find(world.db(), account.id).await.unwrap().unwrap();
    let secret = account.totp_secret.clone();
    assert!(second_factor::confirm(world.db(), &account, &password(&secret, -1), now()).await.unwrap());
    let codes = second_factor::make_codes(world.db(), account.id).await.unwrap();
    (account::find(world.db(), account.id).await.unwrap().unwrap(), secret, codes)
}

/// A browser in which the first factor was given.
async fn half_way<'a>(world: &'a World, mail: &str) -> Browser<'a> {
    sql(world, "DELETE FROM counts WHERE key LIKE 'letters-%'", vec![]).await;
    let browser = world.visitor();
    let path = path_of(&asked(world, &browser, mail).await);
    assert_eq!(browser.done(&path, &[]).await, "/sign-in/totp");
    browser
}

#[tokio::test]
async fn a_one_time_password_is_good_once_and_one_step_early_or_late() {
    let world = World::new().await;
    let (_, secret, _) = armed(&world, "s@example.jp").await;
    let first = half_way(&world, "s@example.jp").await;
    for steps in [-2, 2, -1] {
        let answer = first.post("/sign-in/totp", &[("code", &password(&secret, steps))]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{steps}: too far off, or used for the set-up");
    }
    assert_eq!(first.done("/sign-in/totp", &[("code", &password(&secret, 0))]).await, "/staff");
    let second = half_way(&world, "s@example.jp").await;
    let replayed = second.post("/sign-in/totp", &[("code", &password(&secret, 0))]).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(replayed.text().contains("すでに使われています"));
    assert_eq!(second.done("/sign-in/totp", &[("code", &password(&secret, 1))]).await, "/staff");
    second.page("/me").await;
}

#[tokio::test]
async fn of_two_with_the_same_password_at_once_one_comes_in() {
    let world = World::new().await;
    let (_, secret, _) = armed(&world, "s@example.jp").await;
    let (a, b) = (half_way(&world, "s@example.jp").await, half_way(&world, "s@example.jp").await);
    let code = password(&secret, 0);
    let fields = [("code", code.as_str())];
    let (a, b) = tokio::join!(a.post("/sign-in/totp", &fields), b.post("/sign-in/totp", &fields));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[tokio::test]
async fn wrong_passwords_and_recovery_codes_stop_after_ten_in_an_hour() {
    let world = World::new().await;
    let (_, secret, codes) = armed(&world, "s@example.jp").await;
    let browser = half_way(&world, "s@example.jp").await;
    for round in 0..limit::PASSWORDS_OF_ACCOUNT.most {
        let field = if round % 2 == 0 { ("code", "123") } else { ("recovery", "AAAA-BBBB-CCCC") };
        let answer = browser.post("/sign-in/totp", &[field]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{round}");
    }
    for field in [("code", password(&secret, 0)), ("recovery", codes[0].clone())] {
        let answer = browser.post("/sign-in/totp", &[(field.0, &field.1)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(browser.get("/me").await.header("location").starts_with("/sign-in/totp"));
}

#[tokio::test]
async fn a_recovery_code_works_once_in_place_of_a_password() {
    let world = World::new().await;
    let (account, _, codes) = armed(&world, "s@example.jp").await;
    let (other, _, others) = armed(&world, "t@example.jp").await;
    let browser = half_way(&world, "s@example.jp").await;
    let answer = browser.post("/sign-in/totp", &[("recovery", &others[0])]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "another person's code");
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(browser.done("/sign-in/totp", &[("recovery", &typed)]).await, "/staff");
    assert_eq!(second_factor::codes_left(world.db(), account.id).await.unwrap(), 9);
    assert_eq!(second_factor::codes_left(world.db(), other.id).await.unwrap(), 10);
    let again = half_way(&world, "s@example.jp").await.post("/sign-in/totp", &[("recovery", &codes[3])]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("この回復コードは使えません"));
}

#[tokio::test]
async fn new_recovery_codes_take_the_place_of_the_old_for_a_fresh_password() {
    let world = World::new().await;
    let (account, secret, old) = armed(&world, "s@example.jp").await;
    let browser = half_way(&world, "s@example.jp").await;
    assert!(browser.get("/me/recovery-codes").await.header("location").starts_with("/sign-in/totp"));
    browser.done("/sign-in/totp", &[("code", &password(&secret, 0))]).await;
    assert!(browser.page("/me").await.contains("href=\"/me/recovery-codes\""));
    assert!(browser.page("/me/recovery-codes").await.contains("残り10個"));
    let replayed = browser.post("/me/recovery-codes", &[("code", &password(&secret, 0))]).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser.post("/me/recovery-codes", &[("code", &password(&secret, 1))]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!old.iter().any(|code| answer.text().contains(code)));
    assert!(!second_factor::take_code(world.db(), account.id, &old[0], now()).await.unwrap());
    let new =
        answer.text().split("<ol class=\"codes\">").nth(1).unwrap().split("<li>").nth(1).unwrap()[..14].to_owned();
    assert!(second_factor::take_code(world.db(), account.id, &new, now()).await.unwrap());
    let member = world.member("hanako@example.jp").await;
    assert_eq!(member.get("/me/recovery-codes").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_takes_a_lost_second_factor_away() {
    let world = World::new().await;
    let (account, _, codes) = armed(&world, "s@example.jp").await;
    let lost = half_way(&world, "s@example.jp").await;
    lost.done("/sign-in/totp", &[("recovery", &codes[0])]).await;
    let staff = world.staff().await;
    let path = format!("/staff/accounts/{}/totp", account.id);
    assert_eq!(staff.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "clerks cannot");
    let admin = world.admin().await;
    admin.done(&path, &[]).await;
    assert!(is_signed_out(&lost.get("/me").await));
    let letter = world.letters().await.pop().unwrap();
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("accounts.changed", "s@example.jp"));
    assert!(letter.body.contains("ワンタイムパスワードの設定を消しました"));
    assert!(trail(&world).await.contains(&("ワンタイムパスワードの取消し".to_owned(), "screen".to_owned())));
    let again = half_way(&world, "s@example.jp").await;
    assert!(again.page("/sign-in/totp").await.contains("data-totp-secret"));
    assert_eq!(again.post("/sign-in/totp", &[("recovery", &codes[1])]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_session_that_ended_in_the_middle_of_a_form_loses_no_text() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    let_pass(&world, Duration::days(91)).await;
    let answer = browser.post("/me/name", &[("name", "見本 <b>はなこ</b>"), ("note", "一行目\n二行目")]).await;
    assert_eq!(answer.header("location"), "/sign-in?kept=1");
    assert!(answer.header("set-cookie").starts_with("__Host-kyodo-kept="));
    assert!(browser.page("/sign-in").await.contains("書いたものは残っています"));
    let code = asked(&world, &browser, "hanako@example.jp").await.secret("番号");
    assert_eq!(browser.done("/sign-in/code", &[("code", &code)]).await, "/me/kept");
    let page = browser.page("/me/kept").await;
    assert!(page.contains("action=\"/me/name\"") && page.contains("一行目\n二行目"));
    assert!(page.contains("&#60;b&#62;はなこ") && !page.contains("<b>はなこ"), "what was typed is text");
    let fields = [("name", "見本 <b>はなこ</b>"), ("note", "一行目\r\n二行目")];
    assert_eq!(browser.done("/me/name", &fields).await, "/me?done=named");
    assert_eq!(count(&world, "kept_forms").await, 0, "sent, so nothing stays");
    assert_eq!(browser.get("/me/kept").await.header("location"), "/me");
    let named = account::find_by_mail(world.db(), "hanako@example.jp").await.unwrap().unwrap();
    assert_eq!(named.name, "見本 <b>はなこ</b>");
}

#[tokio::test]
async fn a_kept_form_is_its_writers_alone_and_can_be_thrown_away() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    let_pass(&world, Duration::days(91)).await;
    browser.post("/me/name", &[("name", "内緒の下書き")]).await;
    known(&world, "other@example.jp").await;
    let code = asked(&world, &browser, "other@example.jp").await.secret("番号");
    browser.done("/sign-in/code", &[("code", &code)]).await;
    let answer = browser.get("/me/kept").await;
    assert_eq!(answer.header("location"), "/me", "the next person at the same machine sees nothing of it");
    assert_eq!(count(&world, "kept_forms").await, 1);

    let own = world.member("taro@example.jp").await;
    own.done("/sign-out", &[]).await;
    own.post("/me/name", &[("name", "太郎の下書き")]).await;
    known(&world, "taro@example.jp").await;
    let code = asked(&world, &own, "taro@example.jp").await.secret("番号");
    assert_eq!(own.done("/sign-in/code", &[("code", &code)]).await, "/me/kept");
    assert!(own.page("/me/kept").await.contains("太郎の下書き"));
    assert_eq!(own.done("/me/kept", &[]).await, "/me");
    assert_eq!(own.get("/me/kept").await.header("location"), "/me");
    assert_eq!(count(&world, "kept_forms").await, 1);
    let_pass(&world, Duration::hours(25)).await;
    accounts::sweep(&world.app).await.unwrap();
    assert_eq!(count(&world, "kept_forms").await, 0);
}

#[tokio::test]
async fn the_texts_of_a_form_with_files_are_kept_and_staff_find_them_after_their_second_factor() {
    let world = World::new().await;
    let (_, secret, _) = armed(&world, "s@example.jp").await;
    let browser = half_way(&world, "s@example.jp").await;
    let body = "--X\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\n見本の名\r\n--X\r\ncontent-disposition: form-data; \
        name=\"photo\"; filename=\"a.jpg\"\r\ncontent-type: image/jpeg\r\n\r\nJPEGBYTES\r\n--X--\r\n";
    let request = Request::post("/me/name").header("content-type", "multipart/form-data; boundary=X");
    let request = request.header("content-length", body.len());
    let answer = browser.send(request, Body::from(body)).await;
    assert_eq!(answer.header("location"), "/sign-in/totp?kept=1");
    assert_eq!(
        browser.done("/sign-in/totp", &[("code", &password(&secret, 0)), ("next", "/me/kept")]).await,
        "/me/kept"
    );
    let page = browser.page("/me/kept").await;
    assert!(page.contains("見本の名") && page.contains("もう一度選んでください") && !page.contains("JPEGBYTES"));
}

#[tokio::test]
async fn what_is_too_large_or_no_form_is_not_kept_and_leads_to_the_sign_in_all_the_same() {
    let world = World::new().await;
    let browser = world.visitor();
    let large = "a".repeat(600 * 1024);
    let answer = browser.post("/me/name", &[("name", &large)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    let answer = browser.post("/me/name", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(count(&world, "kept_forms").await, 0);
    for _ in 0..limit::FORMS_FROM_NETWORK.most + 5 {
        browser.post("/me/name", &[("name", "x")]).await;
    }
    assert_eq!(count(&world, "kept_forms").await, limit::FORMS_FROM_NETWORK.most, "nobody fills the table up");
}

#[tokio::test]
async fn a_person_names_themselves_and_finds_their_groups() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    let page = browser.page("/me").await;
    assert!(
        page.contains("まだありません") && page.contains("href=\"/claim\"") && page.contains("href=\"/groups/new\"")
    );
    let mut ids = Vec::new();
    for (name, kana) in [("見本 海の会", "ウミノカイ"), ("見本 丘の会", "オカノカイ"), ("見本 空の会", "ソラノカイ")]
    {
        let id = world.group(name, kana).await;
        world.join(id, "hanako@example.jp", kyodo::groups::Duty::Member).await;
        ids.push(id);
    }
    world.group("見本 他人の会", "タニンノカイ").await;
    let page = browser.page("/me").await;
    for id in ids {
        assert!(page.contains(&format!("href=\"/me/groups/{id}\"")));
    }
    assert!(!page.contains("他人の会"));
    let long = "あ".repeat(101);
    let answer = browser.post("/me/name", &[("name", &long)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("100文字以内") && answer.text().contains(&long));
    assert_eq!(browser.done("/me/name", &[("name", "見本 花子")]).await, "/me?done=named");
    assert!(browser.page("/me?done=named").await.contains("名前を保存しました。"));
    assert_eq!(trail(&world).await.last().unwrap().0, "名前の変更");
}

#[tokio::test]
async fn an_administrator_adds_changes_and_stops_accounts() {
    let world = World::new().await;
    let admin = world.admin().await;
    let path = admin
        .done("/staff/accounts", &[("mail", "new@city.example.jp"), ("name", "見本 新人"), ("role", "staff")])
        .await;
    let letter = world.letters().await.pop().unwrap();
    assert_eq!((letter.kind.as_str(), letter.to_mail.as_str()), ("accounts.added", "new@city.example.jp"));
    assert!(letter.body.contains("https://kyodo.example.jp/sign-in"));
    let path = path.split('?').next().unwrap().to_owned();
    assert!(admin.page(&path).await.contains("見本 新人"));
    let again =
        admin.post("/staff/accounts", &[("mail", "NEW@city.example.jp"), ("name", "x"), ("role", "staff")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("もうアカウントがあります"));
    let empty = admin.post("/staff/accounts", &[("mail", "x"), ("role", "member")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("3か所を直してください"));

    let account = account::find_by_mail(world.db(), "new@city.example.jp").await.unwrap().unwrap();
    session::open(world.db(), account.id, ("x", "y"), now()).await.unwrap();
    admin.done(&path, &[("name", "見本 新人"), ("role", "admin"), ("active", "1")]).await;
    let letter = world.letters().await.pop().unwrap();
    assert!(letter.body.contains("役割を「管理者」に変えました。"), "{}", letter.body);
    assert_eq!(count(&world, "sessions WHERE ended_at IS NULL").await, 1, "only the administrator's own");
    admin.done(&path, &[("name", "見本 新人"), ("role", "admin")]).await;
    let browser = world.visitor();
    assert_eq!(asked(&world, &browser, "new@city.example.jp").await.kind, "accounts.unknown");
    let letters = world.letters().await.len();
    assert!(admin.done(&path, &[("name", "見本 新人"), ("role", "admin")]).await.ends_with("done=same"));
    assert_eq!(world.letters().await.len(), letters, "nothing changed, so nothing is sent");
    let actions: Vec<String> = trail(&world).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(actions, ["アカウントの登録", "アカウントの変更", "アカウントの変更"]);
}

#[tokio::test]
async fn an_account_stopped_between_letter_and_button_does_not_come_in() {
    let world = World::new().await;
    let account = known(&world, "hanako@example.jp").await;
    let browser = world.visitor();
    let letter = asked(&world, &browser, "hanako@example.jp").await;
    account::set_active(world.db(), account.id, false).await.unwrap();
    assert_eq!(browser.post(&path_of(&letter), &[]).await.status, StatusCode::GONE);
    assert_eq!(browser.post("/sign-in/code", &[("code", &letter.secret("番号"))]).await.status, StatusCode::GONE);
    assert_eq!(count(&world, "sessions").await, 0);
}

#[tokio::test]
async fn the_last_administrator_stays_one_also_when_two_stop_each_other() {
    let world = World::new().await;
    let admin = world.admin().await;
    let own = account::find_by_mail(world.db(), "kanri@city.example.jp").await.unwrap().unwrap();
    let path = format!("/staff/accounts/{}", own.id);
    for fields in
        [&[("name", "見本 管理"), ("role", "staff"), ("active", "1")][..], &[("name", "見本 管理"), ("role", "admin")]]
    {
        let answer = admin.post(&path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("管理者がいなくなってしまいます"));
    }
    account::insert(world.db(), "two@city.example.jp", "見本 二人目", Role::Admin, now()).await.unwrap();
    let two = account::find_by_mail(world.db(), "two@city.example.jp").await.unwrap().unwrap();
    let other = format!("/staff/accounts/{}", two.id);
    let fields = [("name", "見本"), ("role", "staff"), ("active", "1")];
    let (a, b) = tokio::join!(admin.post(&path, &fields), admin.post(&other, &fields));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses.contains(&303), "{statuses:?}");
    assert_eq!(count(&world, "accounts WHERE role = 'admin' AND active = TRUE").await, 1);
}

#[tokio::test]
async fn accounts_are_the_administrators_business_alone_and_members_are_found_by_address() {
    let world = World::new().await;
    known(&world, "hanako@example.jp").await;
    known(&world, "100%_sure@example.jp").await;
    let staff = world.staff().await;
    let id = account::find_by_mail(world.db(), "hanako@example.jp").await.unwrap().unwrap().id;
    for path in ["/staff/accounts".to_owned(), format!("/staff/accounts/{id}")] {
        assert_eq!(staff.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.post(&path, &[("role", "admin")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.member("hanako@example.jp").await.get(&path).await.status, StatusCode::NOT_FOUND);
        assert!(is_signed_out(&world.visitor().get(&path).await));
    }
    let admin = world.admin().await;
    let list = admin.page("/staff/accounts").await;
    assert!(list.contains("shokuin@city.example.jp") && !list.contains("hanako@example.jp"));
    assert!(admin.page("/staff/accounts?q=HANAKO").await.contains("hanako@example.jp"));
    let found = admin.page("/staff/accounts?q=%25_").await;
    assert!(found.contains("100%_sure@example.jp") && !found.contains("hanako@example.jp"), "marks are only letters");
    for wrong in ["/staff/accounts/x", "/staff/accounts/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(admin.get(wrong).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_commands_make_staff_and_a_way_in_without_mail() {
    let world = World::new().await;
    let refused = world.kyodo(&["staff", "add", "だれか", "--name", "x", "--role", "staff"]);
    assert!(!refused.status.success() && said(&refused).contains("使えません"));
    let nobody = world.kyodo(&["sign-in-link", "kanri@city.example.jp"]);
    assert!(!nobody.status.success() && said(&nobody).contains("kyodo staff add"), "{}", said(&nobody));
    for _ in 0..2 {
        let made = world.kyodo(&["staff", "add", "Kanri@city.example.jp", "--name", "見本 管理", "--role", "admin"]);
        assert!(made.status.success() && said(&made).contains("管理者"), "{}", said(&made));
    }
    let less = ["staff", "add", "kanri@city.example.jp", "--name", "見本 管理", "--role", "staff"];
    let last = world.kyodo(&less);
    assert!(!last.status.success() && said(&last).contains("管理者がいなくなって"), "{}", said(&last));
    world.kyodo(&["staff", "add", "two@city.example.jp", "--name", "見本 二人目", "--role", "admin"]);
    assert!(world.kyodo(&less).status.success());
    let account = account::find_by_mail(world.db(), "kanri@city.example.jp").await.unwrap().unwrap();
    assert_eq!((account.role(), account.name.as_str()), (Role::Staff, "見本 管理"));
    let output = world.kyodo(&["sign-in-link", "KANRI@city.example.jp"]);
    let url = String::from_utf8(output.stdout).unwrap();
    let path = url.trim().strip_prefix("http://127.0.0.1:8080").unwrap();
    assert!(path.starts_with("/sign-in/") && path.len() == "/sign-in/".len() + 43, "{url}");
    let told = trail(&world).await;
    assert_eq!(
        told.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(),
        ["アカウントの登録", "アカウントの登録", "アカウントの変更", "サインインのリンクの発行"]
    );
    assert!(told.iter().all(|(_, channel)| channel == "command"));
    // The commands ask the real clock; the town of this test stands still, so the way in is made good for it.
    sql(&world, "UPDATE sign_ins SET expires_at = ?", vec![(now() + Duration::minutes(30)).into()]).await;
    let browser = world.visitor();
    assert_eq!(browser.done(path, &[]).await, "/sign-in/totp");
    assert_eq!(browser.post(path, &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_is_over_is_swept_and_what_is_not_stays() {
    let world = World::new().await;
    let browser = world.member("hanako@example.jp").await;
    sign_in::open(world.db(), "a@example.jp", "", None, now()).await.unwrap();
    limit::count(world.db(), limit::LETTERS_TO_ADDRESS, "a@example.jp", now()).await.unwrap();
    browser.done("/sign-out", &[]).await;
    accounts::sweep(&world.app).await.unwrap();
    for table in ["sign_ins", "counts", "sessions"] {
        assert_eq!(count(&world, table).await, 1, "{table}");
    }
    let_pass(&world, Duration::days(98)).await;
    sql(&world, "UPDATE counts SET slot = slot - 6", vec![]).await;
    accounts::sweep(&world.app).await.unwrap();
    for table in ["sign_ins", "counts", "sessions"] {
        assert_eq!(count(&world, table).await, 0, "{table}");
    }
}
