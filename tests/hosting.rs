//! A server of calendars on this machine: what others publish, and how they fail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What stands at one address.
#[derive(Clone)]
struct Page {
    status: u16,
    kind: String,
    body: Vec<u8>,
    /// Whether it knows tags.
    tags: bool,
}

/// A server with pages that can be changed at any time.
#[derive(Clone)]
pub struct Host {
    /// Its port.
    pub port: u16,
    pages: Arc<Mutex<HashMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    /// A server that has nothing yet.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Self { port: listener.local_addr().unwrap().port(), pages: Arc::default(), asked: Arc::default() };
        let own = host.clone();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = line.read_u8().await else { return };
                        request.push(byte);
                    }
                    let _ = line.write_all(&own.answer(&String::from_utf8_lossy(&request))).await;
                });
            }
        });
        host
    }

    fn answer(&self, request: &str) -> Vec<u8> {
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(path.clone());
        let Some(page) = self.pages.lock().unwrap().get(&path).cloned() else {
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
        };
        let sum = page.body.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
        let tag = format!("\"{sum:x}\"");
        if page.tags && page.status == 200 && request.contains(&format!("if-none-match: {tag}")) {
            return format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n").into_bytes();
        }
        if page.status / 100 == 3 {
            let place = String::from_utf8_lossy(&page.body);
            return format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n").into_bytes();
        }
        let tag = if page.tags { format!("ETag: {tag}\r\n") } else { String::new() };
        let (status, kind, length) = (page.status, page.kind, page.body.len());
        let head = format!("HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\n{tag}Content-Length: {length}\r\n\r\n");
        [head.into_bytes(), page.body].concat()
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Puts a page at an address.
    pub fn put(&self, path: &str, kind: &str, body: impl Into<Vec<u8>>) {
        self.set(path, Page { status: 200, kind: kind.to_owned(), body: body.into(), tags: true });
    }

    /// Puts a page at an address of a server that knows no tags.
    pub fn put_untagged(&self, path: &str, kind: &str, body: impl Into<Vec<u8>>) {
        self.set(path, Page { status: 200, kind: kind.to_owned(), body: body.into(), tags: false });
    }

    /// Lets an address answer with a status; of a redirect the body is where it leads.
    pub fn fail(&self, path: &str, status: u16, body: &str) {
        self.set(path, Page { status, kind: "text/plain".to_owned(), body: body.into(), tags: false });
    }

    fn set(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// How often an address was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }
}

/// A calendar file with these events, each given by its lines.
pub fn calendar(name: &str, events: &[&str]) -> String {
    let events: String = events
        .iter()
        .map(|lines| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.trim().replace('\n', "\r\n")))
        .collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:{name}\r\n{events}END:VCALENDAR\r\n")
}
