//! What meetings are written with: the city, the address of the site, and the moment.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::App;
use crate::calendar;
use crate::city::City;
use crate::error::Error;
use crate::mail::Unfilled;

/// The desk of a meeting at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city and its settings.
    pub city: &'a City,
    /// Address of the site.
    pub base_url: &'a str,
    /// Name that ends identifiers of letters and entries.
    pub host: &'a str,
    /// The moment.
    pub now: DateTime<Utc>,
    /// The day where the city is.
    pub today: NaiveDate,
}

impl<'a> Desk<'a> {
    /// The desk as it stands now.
    pub fn open(app: &'a App, city: &'a City, host: &'a str) -> Self {
        Self { city, base_url: &app.config.base_url, host, now: app.clock.now(), today: app.today() }
    }

    /// The same desk for the calendar.
    pub fn calendar(&self) -> calendar::Desk<'a> {
        calendar::Desk { city: self.city, host: self.host, now: self.now, today: self.today }
    }

    /// The whole address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.trim_end_matches('/'))
    }
}

/// Why something about a meeting is not written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The office's own wording names a place that has no value.
    #[error(transparent)]
    Wording(#[from] Unfilled),
    /// The calendar does not take the entry.
    #[error(transparent)]
    Entry(#[from] calendar::StoreFault),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wording(fault) => fault.into(),
            Fault::Entry(fault) => fault.into(),
            Fault::Database(fault) => fault.into(),
        }
    }
}
