//! Sending what is due: each subscription is claimed together with its letter, so that none is sent twice or lost.

use chrono::{NaiveDate, Timelike};
use sea_orm::DbErr;
use uuid::Uuid;

use super::cadence::{self, Cadence};
use super::letters::{Desk, EDITION};
use super::reading::Issue;
use super::subscription::{self, Cohort};
use super::text::Links;
use super::way::Subject;
use super::{posting, told};
use crate::app::App;
use crate::city::settings::DIGEST_HOUR;
use crate::db;
use crate::error::Error;
use crate::mail::Unfilled;

/// Letters written in one transaction.
const AT_ONCE: i64 = 100;

/// Why letters could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A wording has a place that nothing fills.
    #[error(transparent)]
    Wording(#[from] Unfilled),
    /// The feed cannot be read.
    #[error(transparent)]
    Feed(#[from] Error),
}

/// What a turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Letters written.
    pub letters: usize,
    /// Subscriptions that got none, as nothing was new.
    pub quiet: usize,
    /// Feeds that could not be told of; they are tried again.
    pub failed: usize,
}

/// Writes every letter that is due. Before the hour that the city has set nothing is sent, whatever was missed in the night.
pub async fn send_due(app: &App) -> Result<Turn, Fault> {
    let city = app.city();
    let local = cadence::local(app.clock.now(), city.profile.zone);
    let hour = hour(app);
    let mut turn = Turn::default();
    if local.hour() < hour {
        return Ok(turn);
    }
    for cadence in Cadence::all() {
        let slot = cadence.slot(local, hour);
        let cohorts = subscription::due(&app.db, cadence, slot).await?;
        for cohorts in cohorts.chunk_by(|one, other| one.feed == other.feed) {
            if let Err(fault) = send_feed(app, (cadence, slot), cohorts, &mut turn).await {
                // One feed that cannot be told of keeps no other waiting.
                tracing::error!(%fault, feed = cohorts[0].feed, "a feed could not be sent by mail");
                turn.failed += 1;
            }
        }
    }
    Ok(turn)
}

/// The hour of sending that the city has set.
pub(super) fn hour(app: &App) -> u32 {
    u32::try_from(app.city().settings.number(DIGEST_HOUR)).unwrap_or_default()
}

async fn send_feed(app: &App, due: (Cadence, NaiveDate), cohorts: &[Cohort], turn: &mut Turn) -> Result<(), Fault> {
    let issue = match cohorts.first() {
        Some(cohort) => Issue::read(app, &cohort.feed, due.0).await?,
        None => None,
    };
    let known = match &issue {
        Some(issue) => told::put(&app.db, &issue.known, app.clock.now()).await?,
        None => String::new(),
    };
    for cohort in cohorts {
        match &issue {
            Some(issue) => send_cohort(app, due, cohort, (issue, &known), turn).await?,
            // The group has left the register, or the town its name: there is nothing to tell.
            None => turn.quiet += skip(app, due, cohort, (&cohort.told, &cohort.known)).await?,
        }
    }
    Ok(())
}

async fn send_cohort(
    app: &App,
    due: (Cadence, NaiveDate),
    cohort: &Cohort,
    (issue, known): (&Issue, &str),
    turn: &mut Turn,
) -> Result<(), Fault> {
    let mut edition = issue.edition(&app.db, cohort).await?;
    let told = told::put(&app.db, &told::written(&mut edition.memory), app.clock.now()).await?;
    if !edition.is_news {
        turn.quiet += skip(app, due, cohort, (&told, known)).await?;
        return Ok(());
    }
    let city = app.city();
    let desk = Desk { city: &city, base_url: &app.config.base_url };
    let links = Links { base_url: desk.base_url, window: &issue.window_url, ahead: &issue.ahead_url };
    let text = desk.edition(&edition, &issue.title, &links, issue.days)?;
    loop {
        let transaction = db::begin(&app.db).await?;
        let claimed = subscription::claim(&transaction, due, cohort, (&told, known), AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let subjects: Vec<(Uuid, Subject)> =
            claimed.iter().map(|one| (one.reader_id, Subject::Subscription(one.id))).collect();
        turn.letters += posting::post(&transaction, app, (EDITION.key, &text), &subjects).await?;
        transaction.commit().await?;
    }
}

/// Passes over a cohort to which there is nothing new to say.
async fn skip(app: &App, due: (Cadence, NaiveDate), cohort: &Cohort, remembered: (&str, &str)) -> Result<usize, DbErr> {
    let mut count = 0;
    loop {
        let claimed = subscription::claim(&app.db, due, cohort, remembered, 10 * AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        count += claimed.len();
    }
}
