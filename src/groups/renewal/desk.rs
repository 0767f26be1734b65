//! What a round is written with: the city, the address of the site, and the moment.

use chrono::{DateTime, NaiveDate, Utc};

use crate::city::City;
use crate::mail::Unfilled;

/// The office's desk at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The city and its settings.
    pub city: &'a City,
    /// Address of the site, without a slash at its end.
    pub base_url: &'a str,
    /// Name that ends identifiers of letters.
    pub host: &'a str,
    /// The moment.
    pub now: DateTime<Utc>,
    /// The day where the city is.
    pub today: NaiveDate,
}

impl Desk<'_> {
    /// The whole address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.trim_end_matches('/'))
    }
}

/// Why letters of a round are not written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The office's own wording names a place that has no value.
    #[error(transparent)]
    Wording(#[from] Unfilled),
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
    /// A record does not pass its checks.
    #[error(transparent)]
    Record(#[from] crate::groups::Refused),
}

impl From<Fault> for crate::error::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wording(fault) => fault.into(),
            Fault::Database(fault) => fault.into(),
            Fault::Record(fault) => Self::Database(fault.to_string()),
        }
    }
}
