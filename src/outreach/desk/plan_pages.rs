//! `/staff/outreach/plan`: the planner's proposal for everything that waits, taken with one press, or a part of it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Duration, NaiveDate};
use uuid::Uuid;

use super::acting_pages::told;
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::decision::{self, Visit};
use crate::outreach::dispatch::{self, Proposal, Proposed};
use crate::outreach::request::{self, Stage, wish};
use crate::text::{day, times};
use crate::web::{Form, Frame, Member, Query, Staff, html};

const PATH: &str = "/staff/outreach/plan";

#[derive(Template)]
#[template(path = "outreach/desk/plan.html")]
struct PlanPage {
    page: Frame,
    plan: Proposed,
    /// What became of what was taken.
    taken: Vec<String>,
}

impl PlanPage {
    fn when(&self, one: &Proposal) -> String {
        format!("{} {}から", day::long(one.day), one.starts.trim_start_matches('0'))
    }

    fn names(&self, one: &Proposal) -> String {
        one.people.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// What stands in the form for a proposal: request, day, start and people.
    fn key(&self, one: &Proposal) -> String {
        let people: Vec<String> = one.people.iter().map(|(id, _)| id.to_string()).collect();
        format!("{}|{}|{}|{}", one.request.id, one.day, one.starts, people.join(","))
    }
}

async fn page(app: &App, member: &Member, (page, taken): (Option<Frame>, Vec<String>)) -> Result<Response, Error> {
    let plan = dispatch::propose(app).await?;
    html(&PlanPage { page: page.unwrap_or_else(|| Frame::own(app, PATH, member)), plan, taken })
}

/// `GET /staff/outreach/plan`.
pub async fn show(State(app): State<App>, Staff(member): Staff, query: Query) -> Result<Response, Error> {
    let frame = Frame::own(&app, PATH, &member).ignoring(query.into_ignored());
    page(&app, &member, (Some(frame), Vec::new())).await
}

/// `POST /staff/outreach/plan`: holds what is ticked, each by itself; what somebody else took meanwhile is told.
pub async fn take(State(app): State<App>, Staff(member): Staff, form: Form) -> Result<Response, Error> {
    let mut taken = Vec::new();
    for key in form.all("take") {
        taken.push(take_one(&app, &member, key).await?);
    }
    if taken.is_empty() {
        taken.push("仮押さえする申込を選んでください。".to_owned());
    }
    page(&app, &member, (None, taken)).await
}

/// Holds one proposal, judged again as things stand now; says in a sentence what became of it.
async fn take_one(app: &App, member: &Member, key: &str) -> Result<String, Error> {
    let Some((id, visit_of)) = parsed(key) else { return Err(Error::NotFound) };
    let found = request::find_received(&app.db, id).await?.filter(|one| one.stage() == Stage::Received);
    let Some(request) = found else {
        return Ok("決定か取下げが済んだ申込がありました。".to_owned());
    };
    let city = app.city();
    let (on, start, people) = visit_of;
    let starts = wish::moment(on, start, city.profile.zone);
    let ends = starts + Duration::minutes(request.length_minutes.into());
    let visit = Visit { starts, ends, place: request.venue(), people };
    let trouble = super::acting_pages::trouble(app, &request, (&visit, &[]), &Form::new()).await?;
    if !trouble.is_empty() {
        return Ok(format!("{}: 仮押さえできませんでした。{}", request.body_name, trouble.join("")));
    }
    let host = app.config.host();
    let desk = Desk::open(app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    match decision::hold(&transaction, &desk, (&request, new_id()), &visit, member.account.shown_name()).await {
        Ok(()) => {
            transaction.commit().await?;
            Ok(format!("{}: 仮押さえしました。", request.body_name))
        }
        Err(refused) => {
            transaction.rollback().await?;
            Ok(format!("{}: {}", request.body_name, told(refused)?))
        }
    }
}

type When = (NaiveDate, chrono::NaiveTime, Vec<Uuid>);

fn parsed(key: &str) -> Option<(Uuid, When)> {
    let mut parts = key.split('|');
    let id = Uuid::parse_str(parts.next()?).ok()?;
    let on = parts.next()?.parse().ok()?;
    let start = times::parse_time(parts.next()?).ok()?;
    let people = parts.next()?.split(',').filter(|id| !id.is_empty()).map(Uuid::parse_str).collect::<Result<_, _>>();
    Some((id, (on, start, people.ok()?)))
}
