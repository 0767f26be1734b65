//! A plan for all open requests: who goes where when, what is proven about it, and why the rest is not served.

use std::time::Duration;

use chrono::NaiveDate;
use uuid::Uuid;

use super::free::need_of;
use super::names::Called;
use super::situation::Situation;
use crate::app::App;
use crate::error::Error;
use crate::outreach::planner::{self, Instance, Minute, Names, Plan};
use crate::outreach::request::{self, Request, Wish, wish};
use crate::outreach::rules::{Rules, minutes, of_minutes};
use crate::outreach::session::{self, State};

/// How long the office waits for a plan on a page.
const PATIENCE: Duration = Duration::from_secs(8);

/// How one request would be served.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The request.
    pub request: Request,
    /// Which of its wishes: 1 for the first.
    pub rank: usize,
    /// The day.
    pub day: NaiveDate,
    /// The start, as `HH:MM`.
    pub starts: String,
    /// Who goes.
    pub people: Vec<(Uuid, String)>,
}

/// A plan for everything that waits.
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// What can be served.
    pub served: Vec<Proposal>,
    /// What cannot, with the reasons.
    pub unserved: Vec<(Request, Vec<String>)>,
    /// The requests that have their time held already.
    pub held: Vec<Request>,
    /// What is proven.
    pub proof: String,
    /// Minutes of driving in all.
    pub driving: usize,
}

/// Plans for all open requests for which no time is held.
pub async fn propose(app: &App) -> Result<Proposed, Error> {
    let (city, today) = (app.city(), app.today());
    let rules = Rules::load(&app.db, &city).await?;
    let wishes = wish::of_open(&app.db).await?;
    let (mut asked, mut held) = (Vec::new(), Vec::new());
    for request in request::open(&app.db).await? {
        let sessions = session::of_request(&app.db, request.id).await?;
        if sessions.iter().any(|one| one.state() == State::Tentative) {
            held.push(request);
            continue;
        }
        let own: Vec<Wish> =
            wishes.iter().filter(|(id, wish)| *id == request.id && wish.day > today).map(|(_, wish)| *wish).collect();
        asked.push((request, own));
    }
    let last = asked.iter().flat_map(|(_, own)| own).map(|wish| wish.day).max().unwrap_or(today);
    let mut situation = Situation::read(&app.db, (&city, rules.clone()), (today, last), &[]).await?;
    for (request, own) in &asked {
        let starts = starts(&situation, &rules, own, request.length_minutes);
        situation.ask(&app.db, &need_of(request), starts).await?;
    }
    let plan = worked_out(situation.instance.clone()).await?;
    Ok(told(&situation, asked, &plan, held))
}

/// Every start that fulfils a wish, the first wishes first, and the rank of each.
fn starts(situation: &Situation<'_>, rules: &Rules, own: &[Wish], length: i32) -> (Vec<(usize, Minute)>, Vec<usize>) {
    let mut found = Vec::new();
    for (rank, wish) in own.iter().enumerate() {
        let Some(day) = situation.day(wish.day) else { continue };
        let fits =
            |start: &chrono::NaiveTime| rules.judge_start(wish.day, *start, length).is_ok() || wish.until.is_none();
        found.extend(wish.starts(length).into_iter().filter(fits).map(|start| ((day, minutes(start)), rank)));
    }
    found.into_iter().unzip()
}

/// The search takes all of a processor: it runs beside the pages.
async fn worked_out(instance: Instance) -> Result<Plan, Error> {
    let work = tokio::task::spawn_blocking(move || planner::plan(&instance, PATIENCE));
    work.await.map_err(|_| Error::Panic)
}

fn told(situation: &Situation<'_>, asked: Vec<(Request, Vec<Wish>)>, plan: &Plan, held: Vec<Request>) -> Proposed {
    let names: Vec<String> = asked.iter().map(|(request, _)| request.body_name.clone()).collect();
    let named = Called { situation, requests: &names, by_name: true };
    let mut proposed =
        Proposed { held, proof: proof(plan, asked.len()), driving: plan.score.driving, ..Proposed::default() };
    for (at, (request, _)) in asked.into_iter().enumerate() {
        match plan.served[at] {
            Some(served) => {
                let asked = &situation.instance.requests[at];
                let (day, start) = asked.wishes[served.wish];
                let people = (0..situation.people.len()).filter(|one| served.people >> one & 1 == 1);
                proposed.served.push(Proposal {
                    rank: asked.rank(served.wish) + 1,
                    day: situation.date(day),
                    starts: format!("{:0>5}", of_minutes(start)),
                    people: people.map(|one| (situation.people[one].account_id, named.person(one))).collect(),
                    request,
                });
            }
            None => {
                let reasons = planner::because(&situation.instance, plan, at);
                proposed.unserved.push((request, reasons.iter().map(|one| one.told(&named)).collect()));
            }
        }
    }
    proposed.served.sort_by_key(|one| (one.day, one.starts.clone()));
    proposed
}

/// What is proven about a plan, in words.
fn proof(plan: &Plan, asked: usize) -> String {
    let served = plan.score.served;
    match (asked, plan.is_optimal) {
        (0, _) => String::new(),
        (_, true) if served == 0 => "どの申込も、希望の日時には受けられません(確かめました)。".to_owned(),
        (_, true) => format!(
            "{asked}件のうち{served}件を受けられます。これより多く、また、よい希望で受ける案はありません(確かめました)。"
        ),
        (_, false) => format!(
            "{asked}件のうち{served}件を受ける案です。もっとよい案があるかもしれません(多くて{}件)。",
            plan.bound.0
        ),
    }
}
