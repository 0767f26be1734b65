//! `kill -9` of the real site at any moment: what was answered is there, and a change never stands without its letter.

mod calendar;
mod digest;
mod duplicates;
mod meetings;
mod minutes;
mod others;
mod outreach;
mod people;
mod rounds;
mod sources;
mod submissions;

use std::collections::HashSet;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kyodo::accounts::{Role, account, session};
use kyodo::app::App;
use kyodo::clock::Clock;
use kyodo::db;
use kyodo::groups::{Duty, history, proposal};
use reqwest::{Client, StatusCode};
use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::Mutex;

use crate::world::World;

/// How often the site is killed in each test.
const ROUNDS: usize = 6;
/// People who send at the same time.
const PEOPLE: usize = 4;

/// The real binary, serving a world's database until it is killed.
struct Site {
    process: Child,
    base: String,
}

impl Site {
    async fn start(world: &World) -> Self {
        Self::start_with(world, &[]).await
    }

    /// The same with further settings.
    async fn start_with(world: &World, more: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}");
        let process = Command::new(env!("CARGO_BIN_EXE_kyodo"))
            .arg("serve")
            .current_dir(world.folder())
            .env("KYODO_LISTEN", format!("127.0.0.1:{port}"))
            .env("KYODO_DATABASE_URL", &world.database_url)
            .env("KYODO_DATA_DIR", world.folder())
            .env("KYODO_TRUSTED_PROXIES", "127.0.0.1")
            .envs(more.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let site = Self { process, base };
        for _ in 0..400 {
            if client().get(format!("{}/readyz", site.base)).send().await.is_ok_and(|answer| answer.status() == 200) {
                return site;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the site does not start");
    }

    /// SIGKILL: no signal handler, no flush, no good-bye.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn client() -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn number(world: &World, sql: &str) -> i64 {
    let statement = Statement::from_string(world.db().get_database_backend(), sql.to_owned());
    world.db().query_one_raw(statement).await.unwrap().unwrap().try_get("", "number").unwrap()
}

/// Lets people act on the site while it is killed again and again; `act` sends one request and says under which name it was
/// answered well. Returns the names.
async fn under_fire<F, W>(world: &World, act: F) -> Vec<String>
where
    F: Fn(Client, String, usize) -> W + Send + Sync + 'static,
    W: Future<Output = Option<String>> + Send + 'static,
{
    let (act, turn) = (Arc::new(act), Arc::new(AtomicUsize::new(0)));
    let answered = Arc::new(Mutex::new(Vec::new()));
    for round in 0..ROUNDS {
        let site = Site::start(world).await;
        let before = answered.lock().await.len();
        let people: Vec<_> = (0..PEOPLE)
            .map(|_| {
                let (act, turn, answered, base) = (act.clone(), turn.clone(), answered.clone(), site.base.clone());
                tokio::spawn(async move {
                    let client = client();
                    loop {
                        let turn = turn.fetch_add(1, Ordering::Relaxed);
                        if let Some(name) = act(client.clone(), base.clone(), turn).await {
                            answered.lock().await.push(name);
                        }
                    }
                })
            })
            .collect();
        // Another moment in every round, but not before somebody was answered.
        tokio::time::sleep(Duration::from_millis(150 + 67 * u64::try_from(round).unwrap())).await;
        for _ in 0..200 {
            if answered.lock().await.len() > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        site.kill();
        people.iter().for_each(tokio::task::JoinHandle::abort);
    }
    let names = answered.lock().await.clone();
    let names: Vec<String> = names.into_iter().collect::<HashSet<_>>().into_iter().collect();
    assert!(names.len() >= ROUNDS, "hardly anything was answered: {}", names.len());
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_way_in_it_promised_together_with_its_letter() {
    let world = World::new().await;
    let answered =
        under_fire(
            &world,
            |client, base, turn| async move { send_address(&client, format!("{base}/sign-in"), turn).await },
        )
        .await;
    let letters: Vec<String> = world.letters().await.into_iter().map(|letter| letter.to_mail).collect();
    for mail in &answered {
        assert!(letters.contains(mail), "{mail} was told that a letter comes");
    }
    assert_eq!(number(&world, "SELECT COUNT(*) AS number FROM sign_ins").await, letters.len() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_change_it_confirmed_with_its_version_and_its_line_in_the_trail() {
    let world = World::new().await;
    let group = world.group("見本 海の会", "ウミノカイ").await;
    world.join(group, "mihon@example.jp", Duty::Representative).await;
    let now = Clock::System.now();
    let account = account::find_by_mail(world.db(), "mihon@example.jp").await.unwrap().unwrap();
    let token = session::open(world.db(), account.id, ("test", "local"), now).await.unwrap();
    let answered = under_fire(&world, move |client, base, turn| {
        let token = token.clone();
        async move {
            let path = format!("{base}/me/groups/{group}/profile");
            let cookie = format!("kyodo={token}");
            let page = client.get(&path).header("cookie", &cookie).send().await.ok()?.text().await.ok()?;
            let mut fields = crate::faults::fields(&page);
            let fee = format!("年額{turn}円");
            fields.retain(|(name, _)| name != "fee");
            fields.push(("fee".to_owned(), fee.clone()));
            let body = form(&fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>());
            let kind = "application/x-www-form-urlencoded";
            let sent = client.post(&path).header("cookie", cookie).header("content-type", kind).body(body).send();
            (sent.await.ok()?.status() == StatusCode::SEE_OTHER).then_some(fee)
        }
    })
    .await;
    let versions = history::versions(world.db(), group).await.unwrap();
    let kept: Vec<String> = versions.iter().filter_map(|version| Some(version.draft()?.fee)).collect();
    for fee in &answered {
        assert!(kept.contains(fee), "{fee} was confirmed");
    }
    assert_eq!(versions.len() as i32, versions[0].number, "no version is missing");
    assert_eq!(history::load(world.db(), group).await.unwrap().unwrap().fee, kept[0]);
    let sql = "SELECT COUNT(*) AS number FROM audit WHERE noun = 'group'";
    assert_eq!(number(&world, sql).await, versions.len() as i64);
    let sql = "SELECT version AS number FROM groups WHERE id = ?";
    let row = db::statement(world.db().get_database_backend(), sql, vec![group.into()]);
    let version: i32 = world.db().query_one_raw(row).await.unwrap().unwrap().try_get("", "number").unwrap();
    assert_eq!(version, versions[0].number);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_application_it_took_together_with_the_letter_that_goes_on() {
    let world = World::new().await;
    let answered = under_fire(&world, |client, base, turn| async move {
        send_address(&client, format!("{base}/groups/applications"), turn).await
    })
    .await;
    let letters: Vec<String> = world.letters().await.into_iter().map(|letter| letter.to_mail).collect();
    for mail in &answered {
        assert!(letters.contains(mail), "{mail} was told that a letter comes");
    }
    assert_eq!(number(&world, "SELECT COUNT(*) AS number FROM applications").await, letters.len() as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_site_keeps_every_decision_with_the_record_the_version_and_the_letter() {
    let world = World::new().await;
    let member = world.member("mihon@example.jp").await;
    for turn in 0..60 {
        let group = world.group(&format!("見本 {turn}の会"), "ミホンノカイ").await;
        world.join(group, "mihon@example.jp", Duty::Representative).await;
        let path = format!("/me/groups/{group}/profile");
        let mut fields = fields(&member.page(&path).await);
        fields.retain(|(name, _)| name != "purpose");
        fields.push(("purpose".to_owned(), "新しい目的です。".to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        member.done(&path, &fields).await;
    }
    let waiting = proposal::waiting(world.db(), 100).await.unwrap().1;
    let (cookie, paths) = (staff_cookie(&world).await, Arc::new(waiting));
    let answered = under_fire(&world, move |client, base, turn| {
        let (cookie, paths) = (cookie.clone(), paths.clone());
        async move {
            let path = format!("{base}{}", paths[turn % paths.len()].path);
            let page = client.get(&path).header("cookie", &cookie).send().await.ok()?.text().await.ok()?;
            let mut fields = fields(&page);
            fields.push(("act".to_owned(), "approve".to_owned()));
            let body = form(&fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>());
            let kind = "application/x-www-form-urlencoded";
            let sent = client.post(&path).header("cookie", cookie).header("content-type", kind).body(body).send();
            (sent.await.ok()?.status() == StatusCode::SEE_OTHER).then_some(path)
        }
    })
    .await;
    let decided = number(&world, "SELECT COUNT(*) AS number FROM proposals WHERE state = 'decided'").await;
    assert!(decided >= answered.len() as i64, "{decided} of {}", answered.len());
    for sql in [
        "SELECT COUNT(*) AS number FROM letters WHERE kind = 'groups.proposal_approved'",
        "SELECT COUNT(*) AS number FROM groups WHERE purpose <> ''",
        "SELECT COUNT(*) AS number FROM group_versions WHERE number = 2",
    ] {
        assert_eq!(number(&world, sql).await, decided, "{sql}");
    }
}

/// The same town on the real clock, which the killed site goes by.
async fn real_world() -> World {
    let mut world = World::new().await;
    world.app = App::new(world.app.config.clone(), world.db().clone(), Clock::System).await.unwrap();
    world
}

/// The cookie of a member on the real site.
async fn member_cookie(world: &World, mail: &str) -> String {
    let now = Clock::System.now();
    let account = account::find_by_mail(world.db(), mail).await.unwrap().unwrap();
    format!("kyodo={}", session::open(world.db(), account.id, ("test", "local"), now).await.unwrap())
}

/// Sends a form and says where it leads, if it was taken.
async fn led(client: &Client, url: &str, cookie: &str, fields: &[(&str, &str)], turn: usize) -> Option<String> {
    let request = client
        .post(url)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", format!("10.{}.{}.1", turn / 250 % 250, turn % 250))
        .body(form(fields));
    let answer = request.send().await.ok().filter(|answer| answer.status() == StatusCode::SEE_OTHER)?;
    Some(answer.headers()["location"].to_str().unwrap().to_owned())
}

/// Sends a form and says whether it was taken.
async fn sent(client: &Client, url: &str, cookie: &str, fields: &[(&str, &str)], turn: usize) -> bool {
    led(client, url, cookie, fields, turn).await.is_some()
}

/// The page under an address.
async fn shown(client: &Client, url: &str, cookie: &str) -> Option<String> {
    client.get(url).header("cookie", cookie).send().await.ok()?.text().await.ok()
}

/// Sends an address of its own for each turn, each from another network; tells it once it was taken.
async fn send_address(client: &Client, path: String, turn: usize) -> Option<String> {
    let mail = format!("mihon{turn}@example.jp");
    let request = client
        .post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", format!("10.{}.{}.1", turn / 250, turn % 250))
        .body(form(&[("mail", &mail)]));
    let status = request.send().await.ok()?.status();
    (status.is_success() || status == StatusCode::SEE_OTHER).then_some(mail)
}

/// The only value of a question, under the name `it`.
async fn one<T: sea_orm::TryGetable>(world: &World, sql: &str) -> T {
    let statement = Statement::from_string(world.db().get_database_backend(), sql.to_owned());
    world.db().query_one_raw(statement).await.unwrap().unwrap().try_get("", "it").unwrap()
}

/// All values of a question, under the name `it`.
async fn texts(world: &World, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(world.db().get_database_backend(), sql.to_owned());
    let rows = world.db().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "it").unwrap()).collect()
}

/// The cookie of a member of staff on the real site, one-time password given.
async fn staff_cookie(world: &World) -> String {
    office_cookie(world, "shokuin@example.jp", Role::Staff).await
}

/// The cookie of an administrator on the real site, one-time password given.
async fn admin_cookie(world: &World) -> String {
    office_cookie(world, "kanri@example.jp", Role::Admin).await
}

async fn office_cookie(world: &World, mail: &str, role: Role) -> String {
    let now = Clock::System.now();
    account::insert(world.db(), mail, "見本 職員", role, now).await.unwrap();
    let account = account::find_by_mail(world.db(), mail).await.unwrap().unwrap();
    let token = session::open(world.db(), account.id, ("test", "local"), now).await.unwrap();
    let (session, _) = session::find(world.db(), &token, now).await.unwrap().unwrap();
    session::pass_second_factor(world.db(), session.id, now).await.unwrap();
    format!("kyodo={token}")
}

/// The fields of the page's own form as a browser would send them unchanged: inputs, ticked boxes, texts and choices.
pub fn fields(page: &str) -> Vec<(String, String)> {
    let main = page.split("<main").nth(1).unwrap_or_default();
    let form = main.split("method=\"post\"").nth(1).unwrap_or_default().split("</form>").next().unwrap_or_default();
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(plain(rest.split('"').next()?))
    };
    let mut fields = Vec::new();
    let mut select = String::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = attribute(tag, "name");
        match (tag.split_whitespace().next().unwrap_or_default(), name) {
            ("input", Some(name)) => {
                let kind = attribute(tag, "type").unwrap_or_default();
                if !matches!(kind.as_str(), "checkbox" | "radio") || tag.contains(" checked") {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            ("textarea", Some(name)) => fields.push((name, plain(text.strip_prefix('\n').unwrap_or(text)))),
            ("select", Some(name)) => select = name,
            ("option", _) if tag.contains(" selected") => {
                fields.push((select.clone(), attribute(tag, "value").unwrap_or_default()));
            }
            _ => {}
        }
    }
    fields
}

/// The text behind the few escapes that templates write.
fn plain(html: &str) -> String {
    let pairs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    pairs.into_iter().fold(html.to_owned(), |text, (escape, letter)| text.replace(escape, letter))
}
