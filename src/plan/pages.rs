//! The public pages of the plan.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::fulfilment::{self, Evidence};
use super::item::{self, Item, Mark};
use super::plan::{self, Plan, Policy};
use super::script::Preface;
use crate::app::App;
use crate::error::Error;
use crate::text::wareki;
use crate::web::{Frame, Query, html};

/// What the list of a plan's items is narrowed to.
#[derive(Default)]
struct Filter {
    mark: Option<Mark>,
    policy: Option<i32>,
    department: Option<String>,
    flag: Option<&'static str>,
}

/// Flags by their key in addresses.
const FLAGS: [(&str, &str); 3] = [("new", "新規"), ("repeated", "再掲"), ("continued", "継続")];

impl Filter {
    fn read(query: &mut Query, policies: &[Policy], departments: &[String]) -> Self {
        Self {
            mark: query.choice("mark", "主体", Mark::from_key),
            policy: query.choice("policy", "施策", |typed| {
                policies.iter().map(|policy| policy.number).find(|number| number.to_string() == typed)
            }),
            department: query
                .choice("department", "関係部署", |typed| departments.iter().find(|name| *name == typed).cloned()),
            flag: query.choice("flag", "印", |typed| {
                FLAGS.into_iter().find(|(key, word)| *key == typed || *word == typed).map(|(_, word)| word)
            }),
        }
    }

    fn takes(&self, item: &Item) -> bool {
        self.mark.is_none_or(|mark| mark == item.mark())
            && self.policy.is_none_or(|number| number == item.policy_number)
            && self.department.as_ref().is_none_or(|name| item.departments().contains(name))
            && self.flag.is_none_or(|flag| item.flags().contains(&flag))
    }

    fn chose_mark(&self, mark: &Mark) -> bool {
        self.mark == Some(*mark)
    }

    fn chose_policy(&self, number: &i32) -> bool {
        self.policy == Some(*number)
    }

    fn chose_department(&self, name: &str) -> bool {
        self.department.as_deref() == Some(name)
    }

    fn chose_flag(&self, word: &str) -> bool {
        self.flag == Some(word)
    }

    fn is_empty(&self) -> bool {
        self.mark.is_none() && self.policy.is_none() && self.department.is_none() && self.flag.is_none()
    }
}

/// An item with how much stands under its activity.
struct Line {
    item: Item,
    groups: i64,
    entries: i64,
    unnamed: i64,
}

struct ThemeLines {
    heading: String,
    flag: String,
    lines: Vec<Line>,
}

struct PolicyLines {
    number: i32,
    title: String,
    count: usize,
    themes: Vec<ThemeLines>,
}

struct MarkCount {
    mark: Mark,
    count: usize,
}

#[derive(Template)]
#[template(path = "plan/plan.html")]
struct PlanPage {
    page: Frame,
    plan: Plan,
    published: String,
    preface: Preface,
    marks: Vec<MarkCount>,
    flags: [(&'static str, &'static str); 3],
    all_policies: Vec<Policy>,
    departments: Vec<String>,
    filter: Filter,
    shown: usize,
    total: usize,
    policies: Vec<PolicyLines>,
}

#[derive(Template)]
#[template(path = "plan/index.html")]
struct IndexPage {
    page: Frame,
    plans: Vec<(Plan, String)>,
}

#[derive(Template)]
#[template(path = "plan/item.html")]
struct ItemPage {
    page: Frame,
    plan: Plan,
    fiscal_year: String,
    item: Item,
    twins: Vec<Item>,
    evidence: Evidence,
    previous: Option<Item>,
    next: Option<Item>,
}

/// `GET /plans`: the plans, or the only one.
pub async fn index(State(app): State<App>) -> Result<Response, Error> {
    let plans = plan::all(&app.db).await?;
    if let [only] = plans.as_slice() {
        return Ok(Redirect::to(&super::plan_path(&only.key)).into_response());
    }
    let plans = plans.into_iter().map(|plan| {
        let year = wareki::fiscal_year_label(plan.fiscal_year);
        (plan, year)
    });
    html(&IndexPage { page: Frame::new(&app, super::INDEX), plans: plans.collect() })
}

/// `GET /plans/{plan}`: the items of a plan, narrowed by mark, policy, department and flag.
pub async fn plan(State(app): State<App>, Path(key): Path<String>, mut query: Query) -> Result<Response, Error> {
    let plan = plan::by_key(&app.db, &key).await?.ok_or(Error::NotFound)?;
    let items = item::of_plan(&app.db, plan.id).await?;
    let tallies = fulfilment::tallies(&app.db, plan.id).await?;
    let all_policies = plan::policies(&app.db, plan.id).await?;
    let mut departments: Vec<String> = Vec::new();
    for name in items.iter().flat_map(Item::departments) {
        if !departments.contains(&name) {
            departments.push(name);
        }
    }
    let filter = Filter::read(&mut query, &all_policies, &departments);
    let marks = Mark::ALL.into_iter().map(|mark| {
        let count = items.iter().filter(|item| item.mark() == mark).count();
        MarkCount { mark, count }
    });
    let marks = marks.collect();
    let total = items.len();
    let chosen: Vec<Line> = items
        .into_iter()
        .filter(|item| filter.takes(item))
        .map(|item| {
            let tally = tallies.iter().find(|tally| tally.activity_id == item.activity_id);
            let (groups, entries) = (tally.map_or(0, |t| t.groups), tally.map_or(0, |t| t.entries));
            Line { groups, entries, unnamed: tally.map_or(0, |t| t.unnamed), item }
        })
        .collect();
    html(&PlanPage {
        page: Frame::new(&app, &super::plan_path(&plan.key)).ignoring(query.into_ignored()),
        published: crate::text::dates::wareki_of_iso(&plan.published),
        preface: plan.preface(),
        marks,
        flags: FLAGS,
        all_policies,
        departments,
        shown: chosen.len(),
        total,
        policies: by_policy(chosen),
        filter,
        plan,
    })
}

fn by_policy(lines: Vec<Line>) -> Vec<PolicyLines> {
    let mut policies: Vec<PolicyLines> = Vec::new();
    for line in lines {
        let item = &line.item;
        if policies.last().is_none_or(|policy| policy.number != item.policy_number) {
            let (number, title) = (item.policy_number, item.policy.clone());
            policies.push(PolicyLines { number, title, count: 0, themes: Vec::new() });
        }
        // A policy has just been pushed where there was none.
        let Some(policy) = policies.last_mut() else { continue };
        policy.count += 1;
        if policy.themes.last().is_none_or(|theme| theme.heading != item.theme) {
            let (heading, flag) = (item.theme.clone(), item.theme_flag.clone());
            policy.themes.push(ThemeLines { heading, flag, lines: Vec::new() });
        }
        if let Some(theme) = policy.themes.last_mut() {
            theme.lines.push(line);
        }
    }
    policies
}

/// `GET /plans/{plan}/items/{code}`: one item and everything that fulfils it.
pub async fn item(State(app): State<App>, Path((key, code)): Path<(String, String)>) -> Result<Response, Error> {
    let plan = plan::by_key(&app.db, &key).await?.ok_or(Error::NotFound)?;
    let mut items = item::of_plan(&app.db, plan.id).await?;
    let at = items.iter().position(|item| item.code == code).ok_or(Error::NotFound)?;
    let next = (at + 1 < items.len()).then(|| items.remove(at + 1));
    let item = items.remove(at);
    let previous = (at > 0).then(|| items.remove(at - 1));
    html(&ItemPage {
        page: Frame::new(&app, &item.path()),
        fiscal_year: wareki::fiscal_year_label(plan.fiscal_year),
        twins: item::twins(&app.db, &item).await?,
        evidence: fulfilment::of_activity(&app.db, item.activity_id, app.today()).await?,
        plan,
        item,
        previous,
        next,
    })
}
