//! Looking for candidates (日程さがし): the days that suit the groups best, with the reasons, and why the others do not.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{NaiveDate, NaiveTime, Timelike, Weekday};

use super::date;
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::finder::{self, Findings, Invited, Place, Possible, Sight, Verdict, Wish};
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::seat;
use crate::meetings::subject::Venue;
use crate::meetings::work_pages::moment;
use crate::web::{Form, Frame, html, see};

/// Proposals on the page.
const BEST: usize = 6;
/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// A proposal in words.
struct Line {
    key: String,
    when: String,
    place: String,
    points: Vec<String>,
}

/// A day on which no proposal is, and why.
struct Left {
    day: String,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "meetings/poll/finding.html")]
struct FindingPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    /// Why nothing could be looked for.
    refused: String,
    lines: Vec<Line>,
    count: usize,
    left: Vec<Left>,
    /// Where least would have to change, with what.
    nearest: Option<(String, Vec<String>)>,
}

/// `GET /meetings/{id}/finding`.
pub async fn show(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let found = found(&app, &work).await?;
    let page = Frame::own(&app, &format!("{}/finding", work.meeting.path()), &work.member);
    let meeting = &work.meeting;
    let empty =
        FindingPage { page, meeting, refused: String::new(), lines: vec![], count: 0, left: vec![], nearest: None };
    html(&match found {
        Err(refused) => FindingPage { refused, ..empty },
        Ok(findings) => FindingPage {
            lines: findings.best(BEST).iter().map(line).collect(),
            count: findings.count(),
            left: left(&findings),
            nearest: nearest(&findings),
            ..empty
        },
    })
}

async fn found(app: &App, work: &Work) -> Result<Result<Findings, String>, Error> {
    let (meeting, city) = (&work.meeting, app.city());
    let seats = seat::of_meeting(&app.db, meeting.id).await?;
    let wish = wish(meeting, seats.iter().map(|seat| Invited { id: seat.group_id, required: seat.required }).collect());
    let sight = match work.member.is_staff() {
        true => Sight::Staff,
        false => {
            let own = member::of_account(&app.db, work.member.account.id).await?;
            Sight::Groups(own.into_iter().map(|one| one.group_id).collect())
        }
    };
    match finder::find(&app.db, &city, wish, &sight, app.today()).await {
        Ok(findings) => Ok(Ok(findings)),
        Err(finder::Refused::Database(fault)) => Err(fault.into()),
        Err(refused) => Ok(Err(refused.to_string())),
    }
}

fn wish(meeting: &Meeting, groups: Vec<Invited>) -> Wish {
    let minute =
        |clock: &str| NaiveTime::parse_from_str(clock, "%H:%M").map_or(0, |time| time.hour() * 60 + time.minute());
    let weekday = |day: u32| u8::try_from(day).ok().and_then(|day| Weekday::try_from(day.checked_sub(1)?).ok());
    Wish {
        minutes: meeting.length_minutes.unsigned_abs(),
        opens: minute(&meeting.opens),
        closes: minute(&meeting.closes),
        weekdays: meeting.weekdays().into_iter().filter_map(weekday).collect(),
        place: match (meeting.facility_id, meeting.town_key.as_str()) {
            (Some(facility), _) => Place::Facility(facility),
            (None, "") => Place::Open,
            (None, town) => Place::Town(town.to_owned()),
        },
        least: usize::try_from(meeting.least_groups).unwrap_or_default(),
        meeting: Some(meeting.id),
        moving: meeting.entry_id,
        ..Wish::new(meeting.first_day, meeting.last_day, groups)
    }
}

fn line(one: &Possible) -> Line {
    let facility = one.venue.facility_id.map(|id| id.to_string()).unwrap_or_default();
    Line {
        key: format!("{} {} {} {facility}", one.day, one.begins.rem_euclid(DAY), one.venue.town),
        when: one.when(),
        place: one.venue.name.clone(),
        points: one.points.iter().map(ToString::to_string).collect(),
    }
}

/// The days without a possible start, each with what stands against it.
fn left(findings: &Findings) -> Vec<Left> {
    let days = findings.days().filter(|day| findings.starts_on(*day).all(|start| !start.is_possible()));
    days.map(|day| {
        let against: Vec<String> = findings.against_day(day).iter().map(ToString::to_string).collect();
        let reasons = if against.is_empty() { of_start(findings, day) } else { against };
        Left { day: crate::text::day::short(day), reasons }
    })
    .collect()
}

/// What stands against the start of a day that is least in the way.
fn of_start(findings: &Findings, day: NaiveDate) -> Vec<String> {
    let Some(start) = findings.nearest_on(day) else { return Vec::new() };
    match start.verdict() {
        Verdict::Rejected { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        Verdict::Possible(_) => Vec::new(),
    }
}

fn nearest(findings: &Findings) -> Option<(String, Vec<String>)> {
    let start = findings.nearest().filter(|_| findings.count() == 0)?;
    match start.verdict() {
        Verdict::Rejected { reasons, .. } => Some((start.when(), reasons.iter().map(|one| one.change()).collect())),
        Verdict::Possible(_) => None,
    }
}

/// `POST /meetings/{id}/finding`: makes the ticked proposals candidates, each as it is found now.
pub async fn take(State(app): State<App>, work: Work, form: Form) -> Result<Response, Error> {
    let Ok(findings) = found(&app, &work).await? else { return Ok(see(&format!("{}/finding", work.meeting.path()))) };
    let zone = app.city().profile.zone;
    let by = (work.member.account.shown_name(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let known = date::of_meeting(&transaction, work.meeting.id).await?.len();
    let chosen = findings.best(BEST);
    let room = date::MOST.saturating_sub(known);
    for one in chosen.iter().filter(|one| form.has("date", &line(one).key)).take(room) {
        let at = |moment: i64| {
            let minute = u32::try_from(moment.rem_euclid(DAY)).unwrap_or_default();
            NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap_or_default()
        };
        let span = (moment(one.day, at(one.begins), zone), moment(one.day, at(one.ends), zone));
        let place = if one.venue.facility_id.is_none() { String::new() } else { work.meeting.place.clone() };
        let place = if work.meeting.town_key == one.venue.town { work.meeting.place.clone() } else { place };
        let venue = Venue { facility_id: one.venue.facility_id, town_key: one.venue.town.clone(), place };
        let reasons: Vec<String> = one.points.iter().map(ToString::to_string).collect();
        date::add(&transaction, work.meeting.id, span, (&venue, &reasons), by).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}/dates?done=added", work.meeting.path())))
}
