//! A whole town per test: its own database on the engine under test, the real routes, a fixed day.
//!
//! `KYODO_TEST_DATABASE` names a PostgreSQL server (`postgres://…/postgres`); without it each test has a SQLite file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use kyodo::accounts::{Role, account, session};
use kyodo::app::App;
use kyodo::audit::{Actor, Channel};
use kyodo::clock::Clock;
use kyodo::config::Config;
use kyodo::web::who::cookie_name;
use kyodo::{db, groups, seed};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use tokio::sync::OnceCell;
use tower::ServiceExt;
use uuid::Uuid;

/// The moment at which every test takes place: 令和8年11月23日(月・勤労感謝の日) 9:00 in Japan.
pub const NOW: &str = "2026-11-23T00:00:00Z";

static NUMBER: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A city with its reference data, alone in its database.
pub struct World {
    /// The application behind the pages.
    pub app: App,
    /// Address of the database, for commands.
    pub database_url: String,
    folder: PathBuf,
}

/// What the site answered.
pub struct Answer {
    /// Status code.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header's value, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The fixed moment.
pub fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// The fixed day.
pub fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

/// Address of the PostgreSQL server under test, if it is the one.
pub fn postgres() -> Option<String> {
    std::env::var("KYODO_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

impl World {
    /// A city with plan, vocabularies, places and facilities, and nothing else.
    pub async fn new() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("kyodo-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let template = TEMPLATE.get_or_init(make_template).await;
        let database_url = match postgres() {
            Some(server) => copy_postgres(&server, template, number).await,
            None => copy_sqlite(template, &folder),
        };
        let db = db::connect(&database_url, false).await.unwrap();
        let config = Config {
            listen: "127.0.0.1:8080".parse().unwrap(),
            base_url: "https://kyodo.example.jp".to_owned(),
            database_url: database_url.clone(),
            data_dir: folder.clone(),
            smtp_url: None,
            mail_from: None,
            dkim: None,
            imap_url: None,
            storage_url: None,
            storage_keys: None,
            trusted_proxies: Vec::new(),
            fetch_allow: vec!["127.0.0.1".parse().unwrap()],
            demo: false,
        };
        let app = App::new(config, db, Clock::Fixed(now())).await.unwrap();
        Self { app, database_url, folder }
    }

    /// The database.
    pub fn db(&self) -> &DatabaseConnection {
        &self.app.db
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Opens a page that must be there, and returns its text.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.text()
    }

    /// Sends any request.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser<'_> {
        Browser { world: self, cookies: Mutex::default() }
    }

    /// A browser that holds the session of this cookie, `NAME=VALUE`.
    pub fn browser(&self, cookie: &str) -> Browser<'_> {
        let browser = self.visitor();
        let token = cookie.split_once('=').unwrap().1.to_owned();
        browser.cookies.lock().unwrap().insert(cookie_name(&self.app, ""), token);
        browser
    }

    /// A browser in which the owner of this address is signed in, as a member of groups.
    pub async fn member(&self, mail: &str) -> Browser<'_> {
        self.signed_in(mail, "", Role::Member).await
    }

    /// A browser in which a member of staff is signed in, one-time password given.
    pub async fn staff(&self) -> Browser<'_> {
        self.signed_in("shokuin@city.example.jp", "見本 職員", Role::Staff).await
    }

    /// A browser in which an administrator is signed in, one-time password given.
    pub async fn admin(&self) -> Browser<'_> {
        self.signed_in("kanri@city.example.jp", "見本 管理", Role::Admin).await
    }

    async fn signed_in(&self, mail: &str, name: &str, role: Role) -> Browser<'_> {
        account::insert(self.db(), mail, name, role, now()).await.unwrap();
        let account = account::find_by_mail(self.db(), mail).await.unwrap().unwrap();
        let token = session::open(self.db(), account.id, ("test", "local"), now()).await.unwrap();
        let (session, _) = session::find(self.db(), &token, now()).await.unwrap().unwrap();
        if role.is_staff() {
            session::pass_second_factor(self.db(), session.id, now()).await.unwrap();
        }
        let browser = self.visitor();
        browser.cookies.lock().unwrap().insert(cookie_name(&self.app, ""), token);
        browser
    }

    /// The group of this name, kept as approved, with these fields and nothing else.
    pub async fn group(&self, name: &str, kana: &str) -> Uuid {
        let draft = groups::Draft { name: name.to_owned(), kana: kana.to_owned(), ..groups::Draft::default() };
        self.keep(draft).await
    }

    /// Keeps a whole record as a new approved group.
    pub async fn keep(&self, draft: groups::Draft) -> Uuid {
        let (actor, city) = (Actor::named("試験"), self.app.city());
        let change = groups::Change {
            group_id: None,
            draft: &draft,
            actor: &actor,
            channel: Channel::Counter,
            action: "登録",
            reason: "",
        };
        let transaction = db::begin(self.db()).await.unwrap();
        let id = groups::keep(&transaction, &city, change, now()).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// Makes the owner of an address a member of a group.
    pub async fn join(&self, group: Uuid, mail: &str, duty: groups::Duty) {
        let account = account::ensure(self.db(), mail, "", now()).await.unwrap();
        groups::member::join(self.db(), (group, account.id), duty, "試験", now()).await.unwrap();
    }

    /// The letters of the outbox, oldest first.
    pub async fn letters(&self) -> Vec<Posted> {
        let sql =
            "SELECT kind, to_mail, to_name, subject, body, secrets, state, topic FROM letters ORDER BY created_at, id";
        Posted::find_by_statement(db::statement(self.db().get_database_backend(), sql, vec![]))
            .all(self.db())
            .await
            .unwrap()
    }

    /// Writes a file into the test's own folder.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The test's own folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs the real binary on this test's database.
    pub fn kyodo(&self, arguments: &[&str]) -> Output {
        kyodo(&self.folder, &self.database_url, arguments)
    }
}

/// A letter in the outbox.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Posted {
    /// Key of its wording.
    pub kind: String,
    /// Address it goes to.
    pub to_mail: String,
    /// Name it goes to.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Text; secrets stand as `{{secret:NAME}}`.
    pub body: String,
    /// The secrets.
    pub secrets: serde_json::Value,
    /// held, queued, sent …
    pub state: String,
    /// Topic of a letter to many.
    pub topic: String,
}

impl Posted {
    /// A secret of the letter.
    pub fn secret(&self, name: &str) -> String {
        self.secrets[name].as_str().unwrap_or_else(|| panic!("no secret {name} in {self:?}")).to_owned()
    }
}

/// A browser with its cookies, as one person uses it.
pub struct Browser<'a> {
    world: &'a World,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser<'_> {
    /// Opens an address, without following what it leads to.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Opens a page that must be there, and returns its text.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.header("location"));
        answer.text()
    }

    /// Sends a form as a browser does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, body.into()).await
    }

    /// Sends a form that must be accepted, and returns the address it leads to.
    pub async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        answer.header("location").to_owned()
    }

    /// Sends any request of this browser; the cookies of the answer are kept.
    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match cookies.is_empty() {
            true => request,
            false => request.header("cookie", cookies.join("; ")),
        };
        let request = request.header("sec-fetch-site", "same-origin").header("host", "kyodo.example.jp");
        let answer = self.world.ask(request.body(body).unwrap()).await;
        for line in answer.headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            match value {
                "" => cookies.remove(name),
                value => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs the real binary on a database.
pub fn kyodo(folder: &Path, database_url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kyodo"))
        .args(arguments)
        .current_dir(folder)
        .env("KYODO_DATABASE_URL", database_url)
        .env("KYODO_DATA_DIR", folder)
        .output()
        .unwrap()
}

/// Standard output of a command as text.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn make_template() -> String {
    let name = format!("kyodo_template_{}", std::process::id());
    let url = match postgres() {
        Some(server) => {
            admin(&server, &format!("CREATE DATABASE {name}")).await;
            with_database(&server, &name)
        }
        None => format!("sqlite://{}", std::env::temp_dir().join(format!("{name}.sqlite")).display()),
    };
    let db = db::connect(&url, true).await.unwrap();
    db::migrate_up(&db).await.unwrap();
    seed::reference(&db, now()).await.unwrap();
    db.close().await.unwrap();
    if postgres().is_some() { name } else { url }
}

fn copy_sqlite(template: &str, folder: &Path) -> String {
    let path = folder.join("kyodo.sqlite");
    std::fs::copy(template.trim_start_matches("sqlite://"), &path).unwrap();
    format!("sqlite://{}", path.display())
}

async fn copy_postgres(server: &str, template: &str, number: u32) -> String {
    let name = format!("kyodo_test_{}_{number}", std::process::id());
    admin(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    with_database(server, &name)
}

async fn admin(server: &str, sql: &str) {
    let db = db::connect(server, false).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}

/// The same server address with another database name.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, None), |(a, o)| (a, Some(o)));
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    options.map_or_else(|| format!("{host}/{name}"), |options| format!("{host}/{name}?{options}"))
}
