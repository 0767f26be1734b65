//! The list of everybody in the office: who is sent, from where, at which hours, and what lies ahead of them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;
use chrono_tz::Tz;

use super::calendar::{self, Calendar};
use super::person::{self, Person};
use super::{PEOPLE, calendar_pages, calendar_path, duties_path, duty, person_path};
use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::text::day;
use crate::web::{Frame, Query, Staff, html};

/// Days ahead within which leave and other duties are counted.
const AHEAD: i64 = 3_650;

/// One of the office.
struct Line {
    person: Person,
    town: String,
    hours: String,
    is_sent: bool,
    ahead: usize,
    calendar: String,
    may_see_calendar: bool,
}

impl Line {
    fn path(&self) -> String {
        person_path(self.person.account_id)
    }

    fn duties(&self) -> String {
        duties_path(self.person.account_id)
    }

    fn calendar_path(&self) -> String {
        calendar_path(self.person.account_id)
    }
}

#[derive(Template)]
#[template(path = "outreach/availability/people.html")]
struct PeoplePage {
    page: Frame,
    lines: Vec<Line>,
}

/// `GET /staff/outreach/people`.
pub async fn index(State(app): State<App>, Staff(member): Staff, query: Query) -> Result<Response, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let duties = duty::within(&app.db, (now, now + TimeDelta::days(AHEAD))).await?;
    let calendars = calendar::all(&app.db).await?;
    let line = |person: Person| Line {
        ahead: duties.iter().filter(|duty| duty.account_id == person.account_id).count(),
        calendar: state(calendars.iter().find(|one| one.account_id == person.account_id), city.profile.zone),
        may_see_calendar: calendar_pages::may_see(&member, &person),
        ..bare(person, &city)
    };
    let lines = person::all(&app.db).await?.into_iter().map(line).collect();
    let page = Frame::own(&app, PEOPLE, &member).ignoring(query.into_ignored());
    html(&PeoplePage { page, lines })
}

fn bare(person: Person, city: &City) -> Line {
    let record = person.record.as_ref();
    Line {
        town: record.map(|record| city.town_name(&record.base_town).to_owned()).unwrap_or_default(),
        hours: record.map(|record| record.hours.words()).unwrap_or_default(),
        is_sent: record.is_some_and(|record| record.is_active),
        ahead: 0,
        calendar: String::new(),
        may_see_calendar: false,
        person,
    }
}

/// How reading somebody's calendar goes, in a word for everybody in the office.
fn state(calendar: Option<&Calendar>, zone: Tz) -> String {
    match calendar {
        None => "登録なし".to_owned(),
        Some(calendar) if !calendar.fault.is_empty() => "いま読めていません".to_owned(),
        Some(calendar) => {
            let on = calendar.checked_at.map(|at| day::short(at.with_timezone(&zone).date_naive()));
            format!("読めています({})", on.unwrap_or_default())
        }
    }
}
