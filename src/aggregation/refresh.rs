//! Reading sources when their turn comes: fetch, read, take in; one transaction for each, so that a source is as before or as after.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use sea_orm::DatabaseConnection;
use uuid::Uuid;

use super::claim::{claim, claim_one};
use super::contents::{self, Slot};
use super::desk::Desk;
use super::reading::{self, Reading};
use super::report::Report;
use super::settling::{self, Outcome, Tags};
use super::source::{self, Source};
use super::{Fault, letters, states, taking};
use crate::calendar::Sent;
use crate::city::settings::sources::PAUSE_AFTER;
use crate::fetching::{Ask, Fetched, fetch};
use crate::{db, mail};

/// Servers that are asked at the same time.
const HOSTS: usize = 8;
/// Sources of one server that are asked for at the same time.
const OF_A_HOST: usize = 2;
/// Days after which what did not change is read once more.
const STALE_DAYS: i64 = 90;
/// What is said where the fault is none of the source.
const OURS: &str = "読み取りの途中で、このサイトの側に問題が起きました。続くときは、事務局へお知らせください。";

/// How one source went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is as it was.
    Same,
    /// It was taken in.
    Taken(taking::Taken),
    /// It waits to be looked at, and why.
    Held(String),
    /// It could not be read, and why.
    Failed(String),
    /// Somebody changed it meanwhile; it is read at its next turn.
    Overtaken,
}

/// How a turn went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Sources that were as before.
    pub same: usize,
    /// Sources that were taken in.
    pub taken: usize,
    /// Sources that wait to be looked at.
    pub held: usize,
    /// Sources that could not be read.
    pub failed: usize,
}

impl Turn {
    fn count(&mut self, done: &Done) {
        match done {
            Done::Same | Done::Overtaken => self.same += 1,
            Done::Taken(_) => self.taken += 1,
            Done::Held(_) => self.held += 1,
            Done::Failed(_) => self.failed += 1,
        }
    }
}

/// Reads every source whose turn it is. One that goes wrong does not keep the others from going on.
pub async fn refresh_due(connection: &DatabaseConnection, desk: &Desk<'_>) -> Result<Turn, Fault> {
    let mut turn = Turn::default();
    loop {
        let claimed = claim(connection, desk.anew().now).await?;
        if claimed.is_empty() {
            return Ok(turn);
        }
        let mut hosts: BTreeMap<String, Vec<Source>> = BTreeMap::new();
        for source in claimed {
            hosts.entry(source.host.clone()).or_default().push(source);
        }
        let of_host = |sources: Vec<Source>| {
            let each = futures_util::stream::iter(sources).map(async |source| settled(connection, desk, &source).await);
            each.buffer_unordered(OF_A_HOST).collect::<Vec<_>>()
        };
        let all = futures_util::stream::iter(hosts.into_values()).map(of_host).buffer_unordered(HOSTS);
        for done in all.collect::<Vec<_>>().await.into_iter().flatten() {
            match done {
                Ok(done) => turn.count(&done),
                Err(fault) => {
                    tracing::error!(%fault, "what became of a source could not be noted");
                    turn.failed += 1;
                }
            }
        }
    }
}

/// Reads one source; what goes wrong, there or here, is noted, so that it is tried ever more rarely and somebody hears of it.
async fn settled(connection: &DatabaseConnection, desk: &Desk<'_>, source: &Source) -> Result<Done, Fault> {
    match refresh(connection, &desk.anew(), source).await {
        Err(Fault::Refused(why)) => failed(connection, &desk.anew(), source, &why).await,
        Err(fault) => {
            tracing::error!(%fault, "a source could not be settled");
            failed(connection, &desk.anew(), source, OURS).await
        }
        done => done,
    }
}

/// Reads one source by hand, whenever its turn would be; nothing where somebody is reading it just now, or it is not read at all.
pub async fn refresh_one(connection: &DatabaseConnection, desk: &Desk<'_>, id: Uuid) -> Result<Option<Done>, Fault> {
    let Some(source) = claim_one(connection, id, desk.now).await? else { return Ok(None) };
    Ok(Some(settled(connection, desk, &source).await?))
}

async fn refresh(connection: &DatabaseConnection, desk: &Desk<'_>, source: &Source) -> Result<Done, Fault> {
    let ask = Ask { url: source.url.clone(), etag: source.etag.clone(), last_modified: source.last_modified.clone() };
    let fetched = fetch(desk.guard, &ask).await;
    let desk = &desk.anew();
    match fetched {
        Ok(Fetched::Same) if is_stale(source, desk) => once_more(connection, desk, source).await,
        Ok(Fetched::Same) => same(connection, desk, source, (&source.etag, &source.last_modified)).await,
        Ok(Fetched::Changed { bytes, content_type, etag, last_modified }) => {
            let digest = contents::digest(&bytes);
            if digest == source.digest && is_stale(source, desk) {
                return once_more(connection, desk, source).await;
            }
            if digest == source.digest {
                return same(connection, desk, source, (&etag, &last_modified)).await;
            }
            let sent = Sent { file: source.url.clone(), content_type, bytes };
            came(connection, desk, source, (&sent, &Tags { etag, last_modified, digest })).await
        }
        Err(refused) => Err(Fault::Refused(refused.to_string())),
    }
}

/// Whether what did not change was read so long ago that it is read once more: some series are kept date by date, two years ahead.
fn is_stale(source: &Source, desk: &Desk<'_>) -> bool {
    source.held_at.is_none() && source.read_on.is_some_and(|day| (desk.today - day).num_days() > STALE_DAYS)
}

async fn once_more(connection: &DatabaseConnection, desk: &Desk<'_>, source: &Source) -> Result<Done, Fault> {
    let transaction = db::begin(connection).await?;
    let Some(current) = held(&transaction, source).await? else { return Ok(Done::Overtaken) };
    let done = states::take_again(&transaction, desk, &current).await?.unwrap_or(Done::Overtaken);
    transaction.commit().await?;
    Ok(done)
}

async fn same(
    connection: &DatabaseConnection,
    desk: &Desk<'_>,
    source: &Source,
    tags: (&str, &str),
) -> Result<Done, Fault> {
    let done = settling::same(connection, source, tags, (desk.city, desk.now)).await?;
    Ok(if done { Done::Same } else { Done::Overtaken })
}

/// What came is read, looked at, and taken in or held.
async fn came(
    connection: &DatabaseConnection,
    desk: &Desk<'_>,
    source: &Source,
    (sent, tags): (&Sent, &Tags),
) -> Result<Done, Fault> {
    let mut reading = reading::read(connection, &desk.calendar(), source, sent).await?;
    let transaction = db::begin(connection).await?;
    let Some(current) = held(&transaction, source).await? else { return Ok(Done::Overtaken) };
    let done = match taking::suspicion(&transaction, &current, &mut reading, &desk.calendar()).await? {
        Some(why) => hold(&transaction, desk, &current, (sent, tags, &reading.report, why)).await?,
        None => take(&transaction, desk, &current, reading, (sent, tags)).await?,
    };
    transaction.commit().await?;
    Ok(done)
}

/// The source as it is now, if it is still its reader's.
async fn held(db: &impl sea_orm::ConnectionTrait, source: &Source) -> Result<Option<Source>, Fault> {
    let current = source::hold(db, source.id).await?;
    Ok(current.filter(|now| now.claimed_until == source.claimed_until && now.version == source.version))
}

/// Takes a reading in and keeps what it was made from.
pub(super) async fn take(
    db: &impl sea_orm::ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    reading: Reading,
    (sent, tags): (&Sent, &Tags),
) -> Result<Done, Fault> {
    let report = Report { gone: Vec::new(), ..reading.report.clone() };
    let taken = taking::take(db, source, reading, &desk.calendar()).await?;
    contents::put(db, (source.id, Slot::Taken), (sent, &report), desk.now).await?;
    contents::drop_waiting(db, source.id).await?;
    settling::taken(db, source, (tags, &report, taken), (desk.city, desk.now, desk.today)).await?;
    let is_news = taken != taking::Taken::default()
        || source.good_at.is_none()
        || source.failures > 0
        || source.held_at.is_some()
        || usize::try_from(source.left_out).ok() != Some(report.left_total);
    if is_news {
        settling::note(db, source.id, (Outcome::Taken(taken), &report), desk.now).await?;
    }
    Ok(Done::Taken(taken))
}

async fn hold(
    db: &impl sea_orm::ConnectionTrait,
    desk: &Desk<'_>,
    source: &Source,
    (sent, tags, report, why): (&Sent, &Tags, &Report, String),
) -> Result<Done, Fault> {
    contents::put(db, (source.id, Slot::Waiting), (sent, report), desk.now).await?;
    settling::held(db, source, (tags, &why), (desk.city, desk.now)).await?;
    settling::note(db, source.id, (Outcome::Held(&why), report), desk.now).await?;
    Ok(Done::Held(why))
}

async fn failed(connection: &DatabaseConnection, desk: &Desk<'_>, source: &Source, fault: &str) -> Result<Done, Fault> {
    let transaction = db::begin(connection).await?;
    let Some(current) = held(&transaction, source).await? else { return Ok(Done::Overtaken) };
    let pauses = current.is_read() && current.failures + 1 >= desk.city.settings.number(PAUSE_AFTER);
    settling::failed(&transaction, &current, (fault, pauses), (desk.city, desk.now)).await?;
    settling::note(&transaction, source.id, (Outcome::Failed(fault), &Report::default()), desk.now).await?;
    if pauses {
        let letters = letters::paused(&transaction, desk, &current, fault).await?;
        mail::post_all(&transaction, &letters, desk.host, desk.now).await?;
    }
    transaction.commit().await?;
    Ok(Done::Failed(fault.to_owned()))
}
