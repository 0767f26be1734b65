//! The week and the month: a lane for each person with places, times and driving; the month with everything that stands.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

use super::session_path;
use crate::app::App;
use crate::error::Error;
use crate::outreach::availability::{self, Available};
use crate::outreach::request::{self, wish};
use crate::outreach::rules::Rules;
use crate::outreach::session::driving::{self, Stay};
use crate::outreach::session::{self, Going, Session, State as SessionState, crew};
use crate::text::{day, wareki};
use crate::web::{Frame, Query, Staff, html};

/// A session in a lane or in the month.
pub(super) struct Mark {
    path: String,
    words: String,
    is_held: bool,
}

/// What somebody does on a day.
struct Cell {
    hours: String,
    marks: Vec<Mark>,
    duties: Vec<String>,
    drive: Vec<String>,
}

struct Lane {
    name: String,
    base: String,
    cells: Vec<(String, Cell)>,
}

#[derive(Template)]
#[template(path = "outreach/desk/week.html")]
struct WeekPage {
    page: Frame,
    title: String,
    before: NaiveDate,
    after: NaiveDate,
    days: Vec<(String, &'static str)>,
    lanes: Vec<Lane>,
}

/// What stands in a span of days, read once.
struct Standing {
    sessions: Vec<(Session, String)>,
    going: Vec<Going>,
}

async fn standing(app: &App, first: NaiveDate, last: NaiveDate) -> Result<Standing, Error> {
    let zone = app.city().profile.zone;
    let span = (wish::moment(first, NaiveTime::MIN, zone), wish::moment(last + Days::new(1), NaiveTime::MIN, zone));
    let sessions = session::standing(&app.db, span).await?;
    let ids: Vec<_> = sessions.iter().map(|one| one.request_id).collect();
    let requests = request::find_all(&app.db, &ids).await?;
    let body = |one: &Session| {
        requests.iter().find(|request| request.id == one.request_id).map(|request| request.body_name.clone())
    };
    let going = crew::standing(&app.db, span).await?;
    Ok(Standing {
        sessions: sessions
            .into_iter()
            .map(|one| {
                let body = body(&one).unwrap_or_default();
                (one, body)
            })
            .collect(),
        going,
    })
}

/// A body with the town of its place, which the names of districts begin with already.
fn with_town(town: &str, body: &str) -> String {
    if body.starts_with(town) { body.to_owned() } else { format!("{town} {body}") }
}

impl Standing {
    fn mark(app: &App, (one, body): &(Session, String)) -> Mark {
        let city = app.city();
        let clock =
            |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&city.profile.zone).format("%-H:%M").to_string();
        Mark {
            path: session_path(one.id),
            words: format!(
                "{}〜{} {}",
                clock(one.starts_at),
                clock(one.ends_at),
                with_town(city.town_name(&one.town_key), body)
            ),
            is_held: one.state() == SessionState::Tentative,
        }
    }

    fn on(&self, on: NaiveDate, zone: chrono_tz::Tz) -> impl Iterator<Item = &(Session, String)> {
        self.sessions.iter().filter(move |(one, _)| one.starts_at.with_timezone(&zone).date_naive() == on)
    }

    fn goes(&self, session: &Session, person: &Available) -> bool {
        self.going.iter().any(|go| go.session_id == session.id && go.account_id == person.account_id)
    }
}

/// `GET /staff/outreach/week?day=`.
pub async fn week(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let asked = query.day("day", "日").unwrap_or_else(|| app.today());
    let first = asked - Days::new(asked.weekday().num_days_from_monday().into());
    let days: Vec<NaiveDate> = first.iter_days().take(7).collect();
    let city = app.city();
    let standing = standing(&app, first, days[6]).await?;
    let people = availability::of(&app.db, &city, first, 7).await?;
    let lanes = people.iter().map(|person| Lane {
        name: person.name.clone(),
        base: city.town_name(&person.base_town).to_owned(),
        cells: days
            .iter()
            .enumerate()
            .map(|(at, on)| (day::short(*on), cell(&app, &standing, person, (at, *on))))
            .collect(),
    });
    let page = Frame::own(&app, "/staff/outreach/week", &member);
    html(&WeekPage {
        page: page.ignoring(query.into_ignored()),
        title: format!("{}からの週", day::long(first)),
        before: first - Days::new(7),
        after: first + Days::new(7),
        days: days.iter().map(|on| (day::short(*on), day::mark(*on))).collect(),
        lanes: lanes.collect(),
    })
}

fn cell(app: &App, standing: &Standing, person: &Available, (at, on): (usize, NaiveDate)) -> Cell {
    let city = app.city();
    let zone = city.profile.zone;
    let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone);
    let own: Vec<&(Session, String)> = standing.on(on, zone).filter(|(one, _)| standing.goes(one, person)).collect();
    let stays: Vec<Stay> = own
        .iter()
        .map(|(one, body)| Stay {
            starts: one.starts_at,
            ends: one.ends_at,
            town_key: one.town_key.clone(),
            words: body.clone(),
        })
        .collect();
    let duties = person.duties.iter().filter(|duty| {
        local(duty.starts).date_naive() <= on && on <= local(duty.ends - chrono::Duration::seconds(1)).date_naive()
    });
    Cell {
        hours: person.windows.get(at).copied().flatten().map_or_else(
            || "勤務なし".to_owned(),
            |(opens, closes)| format!("{}〜{}", wish::clock(opens), wish::clock(closes)),
        ),
        marks: own.iter().map(|one| Standing::mark(app, one)).collect(),
        duties: duties
            .map(|duty| {
                let town = duty.town_key.as_deref().map_or("", |key| city.town_name(key));
                let (from, to) = (local(duty.starts), local(duty.ends));
                let clock = |at: chrono::DateTime<chrono_tz::Tz>, edge: &str| {
                    if at.date_naive() == on { at.format("%-H:%M").to_string() } else { edge.to_owned() }
                };
                format!("{}〜{} 用務 {town}", clock(from, "0:00"), clock(to, "24:00"))
            })
            .collect(),
        drive: driving::plan(&city, &person.base_town, &stays, Rules::of(&city).around)
            .into_iter()
            .filter(|line| line.contains("車で"))
            .collect(),
    }
}

struct MonthDay {
    on: NaiveDate,
    words: String,
    mark: &'static str,
    is_other: bool,
    marks: Vec<Mark>,
}

#[derive(Template)]
#[template(path = "outreach/desk/month.html")]
struct MonthPage {
    page: Frame,
    title: String,
    before: NaiveDate,
    after: NaiveDate,
    weeks: Vec<Vec<MonthDay>>,
}

/// `GET /staff/outreach/month?day=`.
pub async fn month(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let asked = query.day("day", "日").unwrap_or_else(|| app.today());
    let first = asked.with_day(1).unwrap_or(asked);
    let begin = first - Days::new(first.weekday().num_days_from_sunday().into());
    let next = first + Months::new(1);
    let zone = app.city().profile.zone;
    let days: Vec<NaiveDate> = begin.iter_days().take(42).collect();
    let standing = standing(&app, begin, days[41]).await?;
    let of_day = |on: &NaiveDate| MonthDay {
        words: day::short(*on),
        mark: day::mark(*on),
        is_other: on.month() != first.month(),
        marks: standing.on(*on, zone).map(|one| Standing::mark(&app, one)).collect(),
        on: *on,
    };
    let weeks = days.chunks(7).filter(|week| week[0] < next).map(|week| week.iter().map(of_day).collect());
    let page = Frame::own(&app, "/staff/outreach/month", &member);
    html(&MonthPage {
        page: page.ignoring(query.into_ignored()),
        title: wareki::month(first.year(), first.month()),
        before: first - Months::new(1),
        after: next,
        weeks: weeks.collect(),
    })
}
