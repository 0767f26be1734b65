//! A real mail server beside a test: `tests/readers/smtp.py` in a process of its own, and what it got.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kyodo::mail::{Post, Server};
use serde::Deserialize;

/// A mail server that runs until it is dropped.
pub struct Smtp {
    child: Child,
    file: PathBuf,
    /// Port on 127.0.0.1.
    pub port: u16,
}

/// A letter as the server got it, read by Python's own mail library.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    /// Name and address it comes from.
    pub from: Vec<(String, String)>,
    /// Name and address it goes to.
    pub to: Vec<(String, String)>,
    /// Addresses of the envelope.
    pub recipients: Vec<String>,
    /// Fields of its head by name in small letters.
    pub headers: BTreeMap<String, String>,
    /// Its Message-ID.
    pub message_id: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// Charset of the text.
    pub charset: String,
    /// Invitation for calendars.
    pub calendar: String,
    /// Content-Type of the invitation.
    pub calendar_type: String,
    /// Kind of the whole.
    pub kind: String,
    /// Kinds of all parts, outermost first.
    pub parts: Vec<String>,
    /// What icalendar reads of the invitation: METHOD of the part, METHOD of the calendar, then name and address of each who is asked.
    pub asked: Vec<String>,
    /// Invitations as files.
    pub kept: Vec<String>,
    /// Octets of its longest line.
    pub longest: usize,
    /// Whether every octet is ASCII.
    pub ascii: bool,
    /// Whether it came over an encrypted line.
    pub encrypted: bool,
    /// Whether the connection was closed instead of an answer.
    pub dropped: bool,
    /// Whether its signature is good, where that was asked for.
    pub signed: Option<bool>,
    /// What Python found wrong with its form.
    pub defects: Vec<String>,
}

impl Smtp {
    /// Starts a server that behaves as `options` say; what it gets is written into `folder`.
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        Self::start_on(folder, 0, options)
    }

    /// The same on a port that is known before.
    pub fn start_on(folder: &Path, port: u16, options: &[&str]) -> Self {
        let file = folder.join("letters.jsonl");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/smtp.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg("-B")
            .arg(script)
            .arg(&file)
            .args(["--port", &port.to_string()])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { port: line.trim().parse().expect("the mail server starts (python3-aiosmtpd)"), child, file }
    }

    /// Address of the server for the settings.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The settings with which a courier sends to this server.
    pub fn post(&self) -> Post {
        post(&self.url())
    }

    /// Every letter it got, in order.
    pub fn taken(&self) -> Vec<Taken> {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        // The last line may not be whole yet.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Waits until it has got so many letters.
    pub async fn wait_for(&self, count: usize, most: Duration) -> Vec<Taken> {
        let began = Instant::now();
        loop {
            let taken = self.taken();
            if taken.len() >= count {
                return taken;
            }
            assert!(began.elapsed() < most, "only {} of {count} letters came", taken.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The settings of a server under any address.
pub fn post(url: &str) -> Post {
    let from = kyodo::mail::sender("協働のひろば <kyodo@city.example.jp>").unwrap();
    Post { server: Server::parse(url).unwrap(), from, key: None }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
