//! The first page: what is on soon, how to subscribe, the groups and the plan at a glance.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::calendar::{self, DayList, Filter};
use crate::error::Error;
use crate::plan::{self, Item, Mark, Plan, Policy};
use crate::web::{Frame, html};
use crate::{feeds, groups};

/// Entries shown on the first page.
const SOON: u64 = 8;

/// The first page.
pub fn routes() -> Router<App> {
    Router::new().route("/", get(home))
}

struct PolicyCount {
    policy: Policy,
    items: usize,
}

struct PlanGlance {
    plan: Plan,
    total: usize,
    marks: Vec<(Mark, usize)>,
    policies: Vec<PolicyCount>,
}

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage {
    page: Frame,
    days: Vec<DayList>,
    groups: u64,
    plan: Option<PlanGlance>,
    subscribe: &'static str,
}

async fn home(State(app): State<App>) -> Result<Response, Error> {
    let upcoming = calendar::upcoming(&app.db, &app.city(), &Filter::default(), app.today(), SOON).await?;
    html(&HomePage {
        page: Frame::new(&app, "/"),
        days: calendar::by_day(upcoming),
        groups: groups::count_listed(&app.db).await?,
        plan: glance(&app).await?,
        subscribe: feeds::SUBSCRIBE,
    })
}

async fn glance(app: &App) -> Result<Option<PlanGlance>, Error> {
    let Some(whole) = plan::current(app).await? else { return Ok(None) };
    let count = |wanted: &dyn Fn(&Item) -> bool| whole.items.iter().filter(|item| wanted(item)).count();
    let marks = Mark::ALL.into_iter().map(|mark| (mark, count(&|item| item.mark() == mark))).collect();
    let policies = whole.policies.iter().map(|policy| {
        let items = count(&|item| item.policy_number == policy.number);
        PolicyCount { policy: policy.clone(), items }
    });
    Ok(Some(PlanGlance { total: whole.items.len(), marks, policies: policies.collect(), plan: whole.plan.clone() }))
}
