//! Who of the office can be sent when (availability): hours of work, leave and other duties, and the busy times of each person's own
//! calendar, of which nothing is kept but from when until when.

mod available;
pub mod busy;
pub mod calendar;
mod calendar_pages;
mod checking;
pub mod duty;
mod duty_form;
mod duty_pages;
pub mod hours;
pub mod letters;
mod people_pages;
pub mod person;
mod person_form;
mod person_pages;
mod reading;
mod trail;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::fetching::Guard;
pub use available::{Available, Engaged, of};
pub use checking::{Desk, Fault, Turn, read_due};
pub use hours::Hours;
pub use person::Person;
pub use reading::{Counts, Reading, Unreadable};

/// The people of the office who may be sent.
pub const PEOPLE: &str = "/staff/outreach/people";

/// Address of the page with somebody's hours.
pub fn person_path(account_id: Uuid) -> String {
    format!("{PEOPLE}/{account_id}")
}

/// Address of the page with somebody's leave and other duties.
pub fn duties_path(account_id: Uuid) -> String {
    format!("{PEOPLE}/{account_id}/duties")
}

/// Address of the page with somebody's own calendar.
pub fn calendar_path(account_id: Uuid) -> String {
    format!("{PEOPLE}/{account_id}/calendar")
}

/// The pages of staff about one another's time.
pub fn own_routes() -> Router<App> {
    Router::new()
        .route(PEOPLE, get(people_pages::index))
        .route("/staff/outreach/people/{account}", get(person_pages::show).post(person_pages::change))
        .route("/staff/outreach/people/{account}/duties", get(duty_pages::list).post(duty_pages::add))
        .route("/staff/outreach/people/{account}/duties/{duty}/removal", post(duty_pages::remove))
        .route("/staff/outreach/people/{account}/duties/{duty}/return", post(duty_pages::put_back))
        .route("/staff/outreach/people/{account}/calendar", get(calendar_pages::show).post(calendar_pages::set))
        .route("/staff/outreach/people/{account}/calendar/removal", post(calendar_pages::remove))
}

/// Reads every calendar of the office whose turn it is.
pub async fn read_calendars(app: &App) -> Result<Turn, Fault> {
    let (guard, city, host) = (Guard::new(&app.config), app.city(), app.config.host());
    read_due(&app.db, &Desk::open(app, (&guard, &city, &host))).await
}

/// Somebody of the office by the text of an address.
async fn found(app: &App, account: &str) -> Result<Person, Error> {
    let id = Uuid::parse_str(account).map_err(|_| Error::NotFound)?;
    person::find(&app.db, id).await?.ok_or(Error::NotFound)
}
