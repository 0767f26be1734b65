//! A line to the mail server: one SMTP conversation after another, each step of it with an end.
//!
//! lettre forgets its own time limit once it is connected, so each step here runs under one of ours.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::{Instant, timeout};

use super::transport::{Server, Tls};

/// Longest time until a server has greeted and let us in.
const GREETING: Duration = Duration::from_secs(30);
/// Longest time for one answer before the text (RFC 5321 §4.5.3.2 allows five minutes, a relay of one's own needs none of it).
const ANSWER: Duration = Duration::from_secs(60);
/// Longest time until the text is taken. Giving up earlier than the server would make it arrive twice (RFC 5321 §4.5.3.2.6).
const TAKING: Duration = Duration::from_secs(600);
/// A line that was not used for this long is not used again.
const IDLE: Duration = Duration::from_secs(15);
/// Begins the fault of a letter whose addressee the server refuses for good.
pub(super) const NO_SUCH_ADDRESS: &str = "宛先のアドレスがないか、受け取りを断られました。";
/// Letters after which a line is closed; many servers close it themselves at a hundred.
const MOST: u32 = 50;

/// Why a letter could not be handed over: a sentence, and the server's own words behind a line break where there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server cannot be reached, or takes no letter at all.
    NoServer(String),
    /// It does not take this letter now.
    Now(String),
    /// It never takes this letter.
    Ever(String),
}

/// An open line.
pub(super) struct Line {
    connection: AsyncSmtpConnection,
    letters: u32,
    used_at: Instant,
    is_broken: bool,
    was_cut_early: bool,
}

impl Line {
    /// Opens a line: connects, encrypts, signs in.
    pub(super) async fn open(server: &Server) -> Result<Self, Refusal> {
        match timeout(GREETING, connect(server)).await {
            Ok(Ok(connection)) => {
                Ok(Self { connection, letters: 0, used_at: Instant::now(), is_broken: false, was_cut_early: false })
            }
            Ok(Err((sentence, fault))) => Err(Refusal::NoServer(told(sentence, &fault))),
            Err(_) => Err(Refusal::NoServer("メールサーバーから30秒以内に返事がありませんでした。".to_owned())),
        }
    }

    /// Whether the way to the server is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.connection.is_encrypted()
    }

    /// Whether another letter may go over this line.
    pub(super) fn is_good(&self) -> bool {
        !self.is_broken && self.letters < MOST && self.used_at.elapsed() < IDLE
    }

    /// Whether the server had closed the line since the letter before, so that this one has not even begun.
    pub(super) fn was_stale(&self) -> bool {
        self.was_cut_early && self.letters > 1
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        let _ = timeout(Duration::from_secs(2), self.connection.command(Quit)).await;
    }

    /// Hands one letter over. After a refusal of the letter itself the line can be used again.
    pub(super) async fn hand_over(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Refusal> {
        let result = self.converse(envelope, message).await;
        self.letters += 1;
        self.used_at = Instant::now();
        if result.is_err() && !self.is_broken {
            self.is_broken = !matches!(timeout(ANSWER, self.connection.command(Rset)).await, Ok(Ok(_)));
        }
        result
    }

    async fn converse(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Refusal> {
        self.say(Mail::new(envelope.from().cloned(), Vec::new()), ANSWER, Step::Sender).await?;
        for address in envelope.to() {
            self.say(Rcpt::new(address.clone(), Vec::new()), ANSWER, Step::Recipient).await?;
        }
        self.say(Data, ANSWER, Step::Text).await?;
        self.say(stuffed(message), TAKING, Step::Taken).await
    }

    async fn say(&mut self, words: impl std::fmt::Display, limit: Duration, step: Step) -> Result<(), Refusal> {
        match timeout(limit, self.connection.command(words)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(fault)) => {
                self.is_broken = fault.status().is_none() || code(&fault) == 421;
                self.was_cut_early = self.is_broken && step == Step::Sender;
                Err(step.refusal(&fault))
            }
            Err(_) => {
                self.is_broken = true;
                let perhaps = if step == Step::Taken { "すでに届いているかもしれません。" } else { "" };
                let told = format!("メールサーバーの返事が{}秒たってもありませんでした。{perhaps}", limit.as_secs());
                Err(Refusal::Now(told))
            }
        }
    }
}

/// The letter as it goes over the line: leading dots doubled, a lone dot at its end (RFC 5321 §4.5.2).
///
/// Text and dot go out together: apart, the dot would wait for the receipt of the text, 40 ms for each letter.
fn stuffed(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let text = text.strip_suffix("\r\n").unwrap_or(&text);
    let first = if text.starts_with('.') { "." } else { "" };
    format!("{first}{}\r\n.\r\n", text.replace("\r\n.", "\r\n.."))
}

async fn connect(server: &Server) -> Result<AsyncSmtpConnection, (&'static str, SmtpError)> {
    let name = ClientId::default();
    let tls = |strict: bool| {
        let builder = TlsParameters::builder(server.host.clone())
            .dangerous_accept_invalid_certs(!strict)
            .dangerous_accept_invalid_hostnames(!strict);
        builder.build().map_err(|fault| ("暗号化の準備ができません。", fault))
    };
    let implicit = if server.tls == Tls::Implicit { Some(tls(true)?) } else { None };
    let address = (server.host.as_str(), server.port);
    let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(GREETING), &name, implicit, None);
    let mut connection = connecting.await.map_err(|fault| ("メールサーバーにつながりません。", fault))?;
    let starting = match server.tls {
        Tls::Required => Some(tls(true)?),
        Tls::Opportunistic if connection.can_starttls() => Some(tls(false)?),
        _ => None,
    };
    if let Some(tls) = starting {
        connection
            .starttls(tls, &name)
            .await
            .map_err(|fault| ("メールサーバーとの通信を暗号化できません(STARTTLS)。", fault))?;
    }
    if let Some((user, password)) = &server.login {
        let login = Credentials::new(user.clone(), password.clone());
        connection
            .auth(DEFAULT_MECHANISMS, &login)
            .await
            .map_err(|fault| ("メールサーバーが、利用者名とパスワードを受け付けません。", fault))?;
    }
    Ok(connection)
}

/// How far the conversation about one letter was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Sender,
    Recipient,
    Text,
    Taken,
}

impl Step {
    /// What an answer of the server, or its silence, means at this step.
    fn refusal(self, fault: &SmtpError) -> Refusal {
        let code = code(fault);
        let sentence = match code {
            421 => "メールサーバーが混み合っているか、止まるところです。",
            530 | 534 | 535 | 538 => "メールサーバーが、利用者名とパスワードを求めています。",
            450 | 451 if self == Self::Recipient => "宛先のメールサーバーが、いまは受け取れないと答えました。",
            452 | 552 if self == Self::Recipient => "宛先の受信箱がいっぱいです。",
            400..=499 => "メールサーバーが、いまは受け取れないと答えました。",
            500.. if self == Self::Sender => "メールサーバーが、差出人のアドレス(MAIL_FROM)を受け付けません。",
            500.. if self == Self::Recipient => NO_SUCH_ADDRESS,
            500.. => "メールサーバーに、受け取りを断られました。",
            _ if self == Self::Taken => {
                "送っている途中で接続が切れました。すでに届いているかもしれないため、同じ番号(Message-ID)で送り直します。"
            }
            _ => "送り始めたところで接続が切れました。",
        };
        let told = told(sentence, fault);
        match code {
            530 | 534 | 535 | 538 => Refusal::NoServer(told),
            500.. => Refusal::Ever(told),
            _ => Refusal::Now(told),
        }
    }
}

/// The code of an answer; 0 where there was none.
fn code(fault: &SmtpError) -> u16 {
    fault.status().map_or(0, u16::from)
}

/// The sentence, and behind a line break what the server said.
fn told(sentence: &str, fault: &SmtpError) -> String {
    let words = std::error::Error::source(fault).map(ToString::to_string).unwrap_or_default();
    let words = match code(fault) {
        0 => words,
        code => format!("{code} {words}"),
    };
    let words: String = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(500).collect();
    if words.trim().is_empty() { sentence.to_owned() } else { format!("{sentence}\n{}", words.trim()) }
}

#[cfg(test)]
mod tests {
    use super::stuffed;

    #[test]
    fn a_line_that_begins_with_a_dot_does_not_end_the_letter() {
        assert_eq!(stuffed(b".a\r\n.\r\nb\r\n"), "..a\r\n..\r\nb\r\n.\r\n");
        assert_eq!(stuffed(b"a"), "a\r\n.\r\n");
    }
}
