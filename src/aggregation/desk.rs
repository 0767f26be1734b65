//! What sources are read with: the guard, the city, the site's address, and the moment.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::App;
use crate::calendar;
use crate::city::City;
use crate::clock::Clock;
use crate::fetching::Guard;

/// What a desk is opened over; it lives as long as the desk.
pub struct Room {
    guard: Guard,
    city: Arc<City>,
    host: String,
}

impl Room {
    /// The room of this site.
    pub fn open(app: &App) -> Self {
        Self { guard: Guard::new(&app.config), city: app.city(), host: app.config.host() }
    }

    /// The desk as it stands now.
    pub fn desk<'a>(&'a self, app: &'a App) -> Desk<'a> {
        Desk {
            guard: &self.guard,
            city: &self.city,
            host: &self.host,
            base_url: &app.config.base_url,
            clock: app.clock,
            now: app.clock.now(),
            today: app.today(),
        }
    }
}

/// What sources are read with.
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
    /// What tells the moment.
    pub clock: Clock,
    /// The moment at which the desk was opened.
    pub now: DateTime<Utc>,
    /// The day, where the city is.
    pub today: NaiveDate,
}

impl<'a> Desk<'a> {
    /// The same desk as it stands now: reading hundreds of sources takes its time.
    pub fn anew(&self) -> Self {
        Self { now: self.clock.now(), today: self.clock.today(self.city.profile.zone), ..*self }
    }

    /// The desk of the calendar, for what is written there.
    pub fn calendar(&self) -> calendar::Desk<'a> {
        calendar::Desk { city: self.city, host: self.host, now: self.now, today: self.today }
    }
}
