//! A whole town per test: its own database on the engine under test, the real routes, a fixed day.
//!
//! `KYODO_TEST_DATABASE` names a PostgreSQL server (`postgres://…/postgres`); without it each test has a SQLite file.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use kyodo::app::App;
use kyodo::clock::Clock;
use kyodo::config::Config;
use kyodo::{db, seed};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::sync::OnceCell;
use tower::ServiceExt;

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
