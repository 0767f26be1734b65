//! Reading a mailbox: what nobody has seen is stored first and put away afterwards.
//!
//! Killed in between, the mail is read again and known by its digest. A mail that cannot be read is listed and put away like
//! any other, so that it never stands in the way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use async_imap::{Client, Session};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use sea_orm::DatabaseConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::reading::MOST;
use super::server::{Mailbox, Tls};
use super::stored::Channel;
use super::taking::{Taken, Takers, note_unreadable, take_cut};

/// Longest time for one answer of the server.
const ANSWER: Duration = Duration::from_secs(60);
/// Mails of one turn; the next turn goes on.
const TURN: usize = 200;
/// The folder into which mails are put away.
const DONE: [&str; 2] = ["Kyodo", "done"];

trait Line: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Line for T {}
type Open = Session<Box<dyn Line>>;

/// What one look into the mailbox brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Mails stored.
    pub stored: usize,
    /// Mails that were stored before and only had to be put away.
    pub known: usize,
}

/// Takes in every mail that nobody has seen, oldest first, and puts it away.
pub async fn empty<'a>(
    mailbox: &Mailbox,
    db: &DatabaseConnection,
    takers: impl Into<Takers<'a>>,
    (zone, now): (Tz, DateTime<Utc>),
) -> anyhow::Result<Turn> {
    let takers = takers.into();
    let mut session = open(mailbox).await?;
    let away = within(away(&mut session)).await?;
    let mut unseen: Vec<u32> = within(session.uid_search("UNSEEN UNDELETED")).await?.into_iter().collect();
    unseen.sort_unstable();
    let mut turn = Turn::default();
    for uid in unseen.into_iter().take(TURN) {
        let Some((bytes, length)) = within(fetch(&mut session, uid)).await? else { continue };
        match take_cut(db, (&bytes, length), Channel::Imap, takers, (zone, now)).await {
            // It stays unseen for the next turn and keeps no other mail waiting.
            Err(fault) => {
                tracing::error!(%fault, uid, "a mail could not be taken in");
                continue;
            }
            Ok(Taken::Stored(_)) => turn.stored += 1,
            Ok(Taken::Known) => turn.known += 1,
            Ok(Taken::NoMail) => {
                note_unreadable(db, &bytes, Channel::Imap, now).await?;
                turn.stored += 1;
            }
        }
        within(put_away(&mut session, uid, away.as_deref())).await?;
    }
    let _ = within(session.logout()).await;
    Ok(turn)
}

/// Opens the mailbox and closes it again; tells how many mails wait there.
pub async fn try_mailbox(mailbox: &Mailbox) -> anyhow::Result<usize> {
    let mut session = open(mailbox).await?;
    let unseen = within(session.uid_search("UNSEEN UNDELETED")).await?.len();
    let _ = within(session.logout()).await;
    Ok(unseen)
}

/// A step with an end.
async fn within<T, E: Into<anyhow::Error>>(step: impl Future<Output = Result<T, E>>) -> anyhow::Result<T> {
    let done = timeout(ANSWER, step).await.context("メールボックスのサーバーから60秒以内に返事がありませんでした")?;
    done.map_err(Into::into)
}

async fn open(mailbox: &Mailbox) -> anyhow::Result<Open> {
    let address = (mailbox.host.as_str(), mailbox.port);
    let line = within(TcpStream::connect(address)).await.context("メールボックスのサーバーにつながりません")?;
    let line: Box<dyn Line> = match mailbox.tls {
        Tls::None => Box::new(line),
        Tls::Implicit => within(encrypted(&mailbox.host, line)).await?,
        Tls::Required => {
            let mut plain = Client::new(line);
            within(plain.read_response()).await?;
            within(plain.run_command_and_check_ok("STARTTLS", None))
                .await
                .context("メールボックスのサーバーが暗号化(STARTTLS)に応じません")?;
            within(encrypted(&mailbox.host, plain.into_inner())).await?
        }
    };
    let mut client = Client::new(line);
    if mailbox.tls != Tls::Required {
        within(client.read_response()).await?;
    }
    let (user, password) = &mailbox.login;
    let login = timeout(ANSWER, client.login(user, password)).await.context("サインインに返事がありません")?;
    let mut session = match login {
        Ok(session) => session,
        Err((fault, _)) => bail!("メールボックスにサインインできません: {fault}"),
    };
    within(session.select(&mailbox.folder)).await.context("メールボックスのフォルダを開けません")?;
    Ok(session)
}

async fn encrypted(host: &str, line: TcpStream) -> anyhow::Result<Box<dyn Line>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())?;
    let line = TlsConnector::from(Arc::new(config)).connect(name, line).await;
    Ok(Box::new(line.context("メールボックスのサーバーと暗号化できません(証明書を確かめてください)")?))
}

/// The folder for what is done, made where it lacks; none where the server cannot move or make it.
async fn away(session: &mut Open) -> anyhow::Result<Option<String>> {
    if !session.capabilities().await?.has_str("MOVE") {
        return Ok(None);
    }
    let delimiter = {
        let names: Vec<_> = session.list(None, None).await?.try_collect().await?;
        names.first().and_then(|name| name.delimiter().map(str::to_owned)).unwrap_or_else(|| "/".to_owned())
    };
    let folder = DONE.join(&delimiter);
    let found: Vec<_> = session.list(Some(""), Some(&folder)).await?.try_collect().await?;
    if !found.is_empty() {
        return Ok(Some(folder));
    }
    Ok(session.create(&folder).await.is_ok().then_some(folder))
}

/// The bytes of a mail without marking it as seen, one more than are taken, and how many there are in all; none when it is gone.
async fn fetch(session: &mut Open, uid: u32) -> anyhow::Result<Option<(Vec<u8>, u64)>> {
    let query = format!("(RFC822.SIZE BODY.PEEK[]<0.{}>)", MOST + 1);
    let found: Vec<_> = session.uid_fetch(uid.to_string(), query).await?.try_collect().await?;
    let mail = found.iter().find(|mail| mail.uid == Some(uid));
    Ok(mail.and_then(|mail| {
        let bytes = mail.body()?.to_vec();
        let length = u64::from(mail.size.unwrap_or_default()).max(bytes.len() as u64);
        Some((bytes, length))
    }))
}

/// Moves a mail that is stored, or marks it as seen.
async fn put_away(session: &mut Open, uid: u32, away: Option<&str>) -> anyhow::Result<()> {
    if let Some(folder) = away {
        match session.uid_mv(uid.to_string(), folder).await {
            // The server does not want to.
            Err(async_imap::error::Error::No(_) | async_imap::error::Error::Bad(_)) => {}
            moved => return Ok(moved?),
        }
    }
    let marked: Vec<_> = session.uid_store(uid.to_string(), "+FLAGS (\\Seen)").await?.try_collect().await?;
    drop(marked);
    Ok(())
}
