//! The dispatch problem and its answer as JSON, so that the planner can be tried and compared on its own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::because::because;
use super::day::people;
use super::instance::{Instance, MOST_PEOPLE, Minute, Person, Request, Window};
use super::plan::Plan;
use super::told::Numbers;

/// Most days, requests and minutes that a file may name.
const MOST_DAYS: usize = 3_660;
const MOST_REQUESTS: usize = 5_000;
const MOST_MINUTES: Minute = 10_000;

/// Why a file is no dispatch problem; as text, a sentence for whoever wrote it.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Not the JSON that is asked for.
    #[error("JSONとして読めません: {0}")]
    Json(#[from] serde_json::Error),
    /// Something in it cannot be.
    #[error("{0}")]
    Wrong(String),
}

#[derive(Deserialize)]
struct InstanceFile {
    travel: Vec<Vec<Minute>>,
    session: Minute,
    setup: Minute,
    teardown: Minute,
    staff_per_session: usize,
    max_per_day: usize,
    max_per_week: usize,
    staff: Vec<PersonFile>,
    requests: Vec<RequestFile>,
}

#[derive(Deserialize)]
struct PersonFile {
    id: i64,
    base: usize,
    windows: BTreeMap<String, (Minute, Minute)>,
}

#[derive(Deserialize)]
struct RequestFile {
    id: i64,
    town: usize,
    slots: Vec<(usize, Minute)>,
}

/// Reads a dispatch problem; unknown keys are ignored.
pub fn read(text: &str) -> Result<Instance, Broken> {
    let file: InstanceFile = serde_json::from_str(text)?;
    check(&file)?;
    let speakers: Vec<usize> = (0..file.staff.len()).collect();
    let people = file.staff.iter().map(person).collect::<Result<_, _>>()?;
    let request = |one: RequestFile| Request {
        id: one.id,
        place: one.town,
        site: None,
        minutes: file.session,
        need: file.staff_per_session,
        speakers: speakers.clone(),
        wishes: one.slots,
        ranks: Vec::new(),
    };
    Ok(Instance {
        travel: file.travel,
        setup: file.setup,
        teardown: file.teardown,
        most_per_day: file.max_per_day,
        most_per_week: file.max_per_week,
        people,
        requests: file.requests.into_iter().map(request).collect(),
        taken: Vec::new(),
    })
}

fn person(one: &PersonFile) -> Result<Person, Broken> {
    let window = |(day, (from, to)): (&String, &(Minute, Minute))| match day.parse::<usize>() {
        Ok(day) if day < MOST_DAYS && *to <= MOST_MINUTES => Ok(Window { day, time: *from..*to }),
        _ => Err(Broken::Wrong(format!("staff {}: windowsの「{day}」は、日の番号と時刻になっていません。", one.id))),
    };
    let windows = one.windows.iter().map(window).collect::<Result<_, _>>()?;
    Ok(Person { id: one.id, base: one.base, windows, ..Person::default() })
}

fn check(file: &InstanceFile) -> Result<(), Broken> {
    let places = file.travel.len();
    let wrong = |what: String| Err(Broken::Wrong(what));
    if file.travel.iter().any(|row| row.len() != places || row.iter().any(|minutes| *minutes > MOST_MINUTES)) {
        return wrong(format!("travelは、町の数だけの行と列の、{MOST_MINUTES}分までの表にしてください。"));
    }
    if [file.session, file.setup, file.teardown].iter().any(|minutes| *minutes > MOST_MINUTES) {
        return wrong(format!("session、setup、teardownは{MOST_MINUTES}分までです。"));
    }
    if file.staff_per_session == 0 {
        return wrong("staff_per_sessionは1以上にしてください。".to_owned());
    }
    if file.staff.len() > MOST_PEOPLE || file.requests.len() > MOST_REQUESTS {
        return wrong(format!("staffは{MOST_PEOPLE}人、requestsは{MOST_REQUESTS}件までです。"));
    }
    if let Some(one) = file.staff.iter().find(|one| one.base >= places) {
        return wrong(format!("staff {}: baseの町{}がtravelにありません。", one.id, one.base));
    }
    if let Some(one) = file.requests.iter().find(|one| one.town >= places) {
        return wrong(format!("request {}: 町{}がtravelにありません。", one.id, one.town));
    }
    let is_wrong = |(day, start): &(usize, Minute)| *day >= MOST_DAYS || *start > MOST_MINUTES;
    if let Some(one) = file.requests.iter().find(|one| one.slots.iter().any(is_wrong)) {
        return wrong(format!("request {}: slotsの日か時刻が大きすぎます。", one.id));
    }
    Ok(())
}

/// The answer to a dispatch problem.
pub fn answer(instance: &Instance, plan: &Plan) -> Value {
    let each = || instance.requests.iter().zip(&plan.served).enumerate();
    let assigned = each().filter_map(|(_, (request, served))| {
        let served = (*served)?;
        let staff: Vec<i64> = people(served.people).map(|person| instance.people[person].id).collect();
        Some(json!({ "request": request.id, "slot": served.wish, "staff": staff }))
    });
    let unserved = each().filter(|(_, (_, served))| served.is_none()).map(|(at, (request, _))| {
        let told: Vec<String> = because(instance, plan, at).iter().map(|one| one.told(&Numbers(instance))).collect();
        json!({ "request": request.id, "because": told })
    });
    json!({
        "assign": assigned.collect::<Vec<_>>(),
        "served": plan.score.served,
        "rank_sum": plan.score.ranks,
        "sumsq": plan.score.squares,
        "driving": plan.score.driving,
        "driving_is_least": plan.is_shortest,
        "status": if plan.is_optimal { "optimal" } else { "feasible" },
        "bound": { "served": plan.bound.0, "rank_sum": plan.bound.1 },
        "seconds": (plan.took.as_secs_f64() * 1000.0).round() / 1000.0,
        "unserved": unserved.collect::<Vec<_>>(),
    })
}
