//! Sources for `bin/bench`: 200 calendars of one local server, read when nothing changed and when everything did.
//!
//! `sources DATABASE` adds 200 sources of 20 events each to an empty, migrated database. A line each tells a word, the milliseconds and the
//! statements put to the database: `first` when all are new, `tag` where every answer is 304, `bytes` where the same bytes come again,
//! `changed` where every file changed; at last `alone`, the same 200 requests made one after the other with nothing else done.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context;
use kyodo::aggregation::{self, Asked, Draft, Room, State, Turn};
use kyodo::app::App;
use kyodo::audit::Actor;
use kyodo::clock::Clock;
use kyodo::config::Config;
use kyodo::db;
use sea_orm::ConnectionTrait;

const SOURCES: usize = 200;
const EVENTS: usize = 20;
const RUNS: usize = 5;

/// Statements put to the database since the start.
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
/// How the server answers: 0 with 304, 1 with the same bytes, 2 and more with other ones.
static ANSWER: AtomicUsize = AtomicUsize::new(1);

fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("usage: sources DATABASE")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for line in listener.incoming().flatten() {
            std::thread::spawn(move || answer(line));
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&url, port))
}

fn answer(mut line: TcpStream) -> Option<()> {
    let mut request = Vec::new();
    let mut bytes = [0; 2048];
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = line.read(&mut bytes).ok()?;
        request.extend_from_slice(bytes.get(..read).filter(|piece| !piece.is_empty())?);
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    let state = ANSWER.load(Ordering::Relaxed);
    if state == 0 {
        return line.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n").ok();
    }
    let body = file(&path, state);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nETag: \"{state}\"\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).ok()?;
    line.write_all(body.as_bytes()).ok()
}

fn file(path: &str, state: usize) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".to_owned();
    for number in 0..EVENTS {
        let day = number % 28 + 1;
        text.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{number}{path}@example.com\r\nSUMMARY:見本{number} {path} {state}\r\nDTSTART:202701{day:02}T010000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        ));
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

async fn measure(url: &str, port: u16) -> anyhow::Result<()> {
    let mut config = Config::load()?;
    url.clone_into(&mut config.database_url);
    config.fetch_allow = vec!["127.0.0.1".parse().map_err(|_| anyhow::anyhow!("permit"))?];
    let mut connection = db::connect(url, false).await?;
    connection.set_metric_callback(|_| {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
    });
    let app = Arc::new(App::new(config, connection, Clock::System).await?);
    add(&app, port).await?;
    let taken = Turn { taken: SOURCES, ..Turn::default() };
    let same = Turn { same: SOURCES, ..Turn::default() };
    tell("first", &app, taken).await?;
    for _ in 0..RUNS {
        ANSWER.store(0, Ordering::Relaxed);
        tell("tag", &app, same).await?;
        ANSWER.store(1, Ordering::Relaxed);
        tell("bytes", &app, same).await?;
    }
    ANSWER.store(2, Ordering::Relaxed);
    tell("changed", &app, taken).await?;
    let began = Instant::now();
    for number in 0..SOURCES {
        let mut line = TcpStream::connect(("127.0.0.1", port))?;
        line.write_all(format!("GET /{number}.ics HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        line.read_to_end(&mut Vec::new())?;
    }
    println!("alone {:.0} 0", began.elapsed().as_secs_f64() * 1000.0);
    Ok(())
}

/// Adds the sources, each whole.
async fn add(app: &App, port: u16) -> anyhow::Result<()> {
    let room = Room::open(app);
    let desk = room.desk(app);
    for number in 0..SOURCES {
        let draft = Draft::plain(&format!("見本{number}"), &format!("http://127.0.0.1:{port}/{number}.ics"));
        let asked = Asked { account_id: None, name: "見本", now: desk.now };
        let id = draft.add(&app.db, State::Trial, &asked).await?;
        let source = aggregation::find(&app.db, id).await?.context("source")?;
        aggregation::approve(&app.db, &desk, &source, (&Actor::named("見本"), "")).await?;
    }
    Ok(())
}

/// One turn in which all of them are due, and which has to go as said.
async fn tell(word: &str, app: &App, expected: Turn) -> anyhow::Result<()> {
    app.db.execute_unprepared("UPDATE sources SET next_check_at = '2020-01-01T00:00:00+00:00'").await?;
    let room = Room::open(app);
    let (before, began) = (STATEMENTS.load(Ordering::Relaxed), Instant::now());
    let turn = aggregation::refresh_due(&app.db, &room.desk(app)).await?;
    let passed = began.elapsed().as_secs_f64() * 1000.0;
    anyhow::ensure!(turn == expected, "{word}: {turn:?}");
    println!("{word} {passed:.0} {}", STATEMENTS.load(Ordering::Relaxed) - before);
    Ok(())
}
