//! Reading the calendars of the office when their turn comes, each by one replica alone.

use std::ops::Range;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

use super::calendar::{self, Calendar, Came};
use super::person::{self, Person};
use super::reading::{self, Owner, Unreadable};
use super::{busy, letters};
use crate::app::App;
use crate::city::{City, outreach_rules};
use crate::db;
use crate::fetching::{Ask, Fetched, Guard, Refused, fetch};
use crate::mail::{self, Unfilled};
use crate::outreach::request::wish::moment;

/// Days ahead for which a calendar is read at least.
const DAYS: i64 = 200;
/// Failures in a row after which the owner is told, once.
const TOLD_AFTER: i32 = 10;
/// What is said where a calendar that had something ahead is suddenly empty.
const EMPTY: &str = "カレンダーに予定が1件もありませんでした。まちがいかもしれないので、前に読んだ予定を残しています。本当に空のときは、登録をやめてから、登録し直してください。";

/// What calendars are read with: the guard, the city, the address of the site, and the moment.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// What may be fetched.
    pub guard: &'a Guard,
    /// The city and its settings.
    pub city: &'a City,
    /// Name that ends identifiers of letters and entries.
    pub host: &'a str,
    /// Address of the site.
    pub base_url: &'a str,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl<'a> Desk<'a> {
    /// The desk as it stands now.
    pub fn open(app: &'a App, (guard, city, host): (&'a Guard, &'a City, &'a str)) -> Self {
        Self { guard, city, host, base_url: &app.config.base_url, now: app.clock.now() }
    }

    /// From yesterday to as far as anybody may ask for a session, and some days more.
    fn window(&self) -> Range<DateTime<Utc>> {
        let zone = self.city.profile.zone;
        let today = self.now.with_timezone(&zone).date_naive();
        let ahead = i64::from(self.city.settings.number(outreach_rules::AHEAD_DAYS));
        let midnight = |days: i64| {
            let day = today.checked_add_signed(TimeDelta::days(days)).unwrap_or(today);
            moment(day, NaiveTime::MIN, zone)
        };
        midnight(-1)..midnight(DAYS.max(ahead + 20) + 1)
    }
}

/// Why a calendar was not read, told to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It did not come.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It came and is of no use.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It holds nothing, where it held something before.
    #[error("{EMPTY}")]
    Empty,
}

/// Why a turn of reading ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The office's own wording names a place that has no value.
    #[error(transparent)]
    Wording(#[from] Unfilled),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// How a turn of reading went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Calendars that could be read.
    pub read: usize,
    /// Calendars that could not.
    pub failed: usize,
}

/// Fetches and reads the calendar of somebody; nothing where it did not change.
pub(super) async fn look(desk: &Desk<'_>, mail: &str, ask: &Ask) -> Result<Option<Came>, Unread> {
    let (bytes, etag, last_modified) = match fetch(desk.guard, ask).await? {
        Fetched::Same => return Ok(None),
        Fetched::Changed { bytes, etag, last_modified, .. } => (bytes, etag, last_modified),
    };
    let (mail, host) = (mail.to_owned(), desk.host.to_owned());
    let (window, zone) = (desk.window(), desk.city.profile.zone);
    // Ten megabytes of rules take their time, and nobody else should wait for them.
    let read =
        tokio::task::spawn_blocking(move || reading::read(&bytes, Owner { mail: &mail, host: &host }, &window, zone));
    let reading = read.await.unwrap_or(Err(Unreadable::NoCalendar))?;
    Ok(Some(Came { reading, etag, last_modified }))
}

/// Reads every calendar whose turn it is.
pub async fn read_due(connection: &DatabaseConnection, desk: &Desk<'_>) -> Result<Turn, Fault> {
    let mut turn = Turn::default();
    for mut calendar in calendar::due(connection, desk.now).await? {
        let Some(person) = person::find(connection, calendar.account_id).await? else { continue };
        if !calendar::claim(connection, &mut calendar, desk.now).await? {
            continue;
        }
        let found = look(desk, &person.mail, &calendar.ask(desk.now)).await;
        let transaction = db::begin(connection).await?;
        let found = match found {
            Ok(Some(came)) if is_suspicious(&transaction, &calendar, &came, desk).await? => Err(Unread::Empty),
            found => found,
        };
        let done = match &found {
            Ok(came) => calendar::settle(&transaction, &calendar, came.as_ref(), desk.now).await?,
            Err(fault) => failed(&transaction, desk, (&calendar, &person), *fault).await?,
        };
        transaction.commit().await?;
        turn.read += usize::from(done && found.is_ok());
        turn.failed += usize::from(done && found.is_err());
    }
    Ok(turn)
}

/// Whether a calendar is suddenly empty although something of it lies ahead.
async fn is_suspicious(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    came: &Came,
    desk: &Desk<'_>,
) -> Result<bool, DbErr> {
    let ahead = (desk.now, desk.window().end);
    Ok(came.reading.is_empty && !busy::of(db, calendar.account_id, ahead).await?.is_empty())
}

async fn failed(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (calendar, person): (&Calendar, &Person),
    fault: Unread,
) -> Result<bool, Fault> {
    let done = calendar::fail(db, calendar, &fault.to_string(), desk.now).await?;
    if done && calendar.failures + 1 == TOLD_AFTER {
        mail::post(db, &letters::unread(desk, person, calendar, fault)?, desk.host, desk.now).await?;
    }
    Ok(done)
}
