//! The form that narrows the calendar, filled in as it was sent, and addresses that keep the narrowing.

use std::sync::Arc;

use super::INDEX;
use super::entry::Kind;
use super::filter::Filter;
use crate::app::App;
use crate::city::Term;
use crate::error::Error;
use crate::groups::{self, Named};
use crate::plan::{self, Item, WholePlan};
use crate::web::Query;
use crate::web::query::link;

/// Most groups that a form offers; of more, one is chosen on its own page.
const OFFERED: usize = 300;

/// The form that narrows the calendar, as it was filled in.
pub(super) struct FilterForm {
    pub filter: Filter,
    pub towns: Vec<Term>,
    pub categories: Vec<Term>,
    pub kinds: [Kind; 3],
    pub plan: Option<Arc<WholePlan>>,
    pub groups: Vec<Named>,
    /// First and last day, as a date field wants them.
    pub days: (String, String),
    /// What else the calendar is narrowed to, in words.
    pub further: Vec<String>,
    /// Parameters that the form sends along unseen.
    pub hidden: Vec<(&'static str, String)>,
    /// The calendar without any narrowing.
    pub open_url: String,
    pub subscribe_url: String,
    /// The month to print, with the same narrowing.
    pub print_url: String,
}

impl FilterForm {
    /// Whether this one alone is chosen of a list.
    pub fn is_chosen(&self, chosen: &[String], term: &Term) -> bool {
        *chosen == [term.key.as_str()]
    }

    /// Several chosen towns as one choice: its value and its words; nothing for one or none.
    pub fn several_towns(&self) -> Option<(String, String)> {
        several(&self.filter.towns, &self.towns)
    }

    /// Several chosen categories as one choice.
    pub fn several_categories(&self) -> Option<(String, String)> {
        several(&self.filter.categories, &self.categories)
    }

    /// Several chosen kinds as one choice.
    pub fn several_kinds(&self) -> Option<(String, String)> {
        let (keys, words): (Vec<_>, Vec<_>) = self.filter.kinds.iter().map(|kind| (kind.key(), kind.label())).unzip();
        (keys.len() > 1).then(|| (keys.join(","), words.join("・")))
    }

    /// The items of the current plan.
    pub fn items(&self) -> &[Item] {
        self.plan.as_ref().map_or(&[], |plan| &plan.items)
    }

    pub fn is_item(&self, item: &Item) -> bool {
        self.filter.item.as_deref() == Some(item.code.as_str())
    }

    pub fn is_group(&self, group: &Named) -> bool {
        self.filter.group == Some(group.id)
    }

    pub fn is_kind(&self, kind: &Kind) -> bool {
        self.filter.kinds == [*kind]
    }
}

/// What a filter lets through in words, such as 厳原町・峰町、音楽; nothing when its group, item or policy is not there.
pub async fn words(app: &App, filter: &Filter) -> Result<Option<String>, Error> {
    let mut query = Query::default();
    let (kept, mut names) = with_names(app, filter.clone(), &mut query).await?;
    if kept != *filter {
        return Ok(None);
    }
    let city = app.city();
    let named = |chosen: &[String], terms: &[Term]| {
        let names = terms.iter().filter(|term| chosen.contains(&term.key)).map(|term| term.name.as_str());
        names.collect::<Vec<_>>().join("・")
    };
    let kinds = Kind::ALL.iter().filter(|kind| filter.kinds.contains(kind)).map(|kind| kind.label());
    let lists = [
        named(&filter.towns, &city.towns),
        kinds.collect::<Vec<_>>().join("・"),
        named(&filter.categories, &city.categories),
    ];
    names.extend(lists.into_iter().filter(|list| !list.is_empty()));
    if !filter.words.is_empty() {
        names.push(format!("「{}」", filter.words));
    }
    Ok(Some(names.join("、")))
}

fn several(chosen: &[String], terms: &[Term]) -> Option<(String, String)> {
    let words: Vec<&str> =
        terms.iter().filter(|term| chosen.contains(&term.key)).map(|term| term.name.as_str()).collect();
    (chosen.len() > 1).then(|| (chosen.join(","), words.join("・")))
}

/// Looks up the group, item and policy that the calendar is narrowed to; what does not exist is told and left out.
pub(super) async fn with_names(
    app: &App,
    mut filter: Filter,
    query: &mut Query,
) -> Result<(Filter, Vec<String>), Error> {
    let plan = plan::current(app).await?;
    let mut names = Vec::new();
    if let Some(group) = filter.group {
        match groups::find_listed(&app.db, group).await? {
            Some(group) => names.push(format!("団体「{}」", group.name)),
            None => {
                query.ignore("選ばれた団体は、名簿にありません。".to_owned());
                filter.group = None;
            }
        }
    }
    if let Some(code) = &filter.item {
        match plan.as_ref().and_then(|plan| plan.item(code)) {
            Some(item) => names.push(format!("項目{} {}", item.code, item.title)),
            None => {
                query.ignore(format!("計画の項目「{code}」はありません。"));
                filter.item = None;
            }
        }
    }
    if let Some(number) = filter.policy {
        match plan.as_ref().and_then(|plan| plan.policy(number)) {
            Some(policy) => names.push(format!("施策{number} {}", policy.title)),
            None => {
                query.ignore(format!("計画に施策{number}はありません。"));
                filter.policy = None;
            }
        }
    }
    Ok((filter, names))
}

/// An address of the calendar with the same narrowing and further parameters.
pub(super) fn address(filter: &Filter, further: &[(&str, &str)]) -> String {
    let pairs = filter.pairs();
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (*name, value.as_str())).chain(further.iter().copied()).collect();
    link(INDEX, &pairs)
}

pub(super) async fn form(
    app: &App,
    filter: Filter,
    further: Vec<String>,
    mut hidden: Vec<(&'static str, String)>,
) -> Result<FilterForm, Error> {
    let pairs: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let open_url = link(INDEX, &pairs);
    let plan = plan::current(app).await?;
    let mut groups = groups::listed_names(&app.db).await?;
    if groups.len() > OFFERED {
        groups.clear();
    }
    let is_unseen = |name: &str| name == "policy" || (name == "group" && groups.is_empty());
    let unseen = filter.pairs().into_iter().filter(|(name, _)| is_unseen(name));
    hidden.extend(unseen);
    let narrowing = filter.pairs();
    let narrowing: Vec<(&str, &str)> = narrowing.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let month: Vec<(&str, &str)> =
        hidden.iter().filter(|(name, _)| *name == "month").map(|(name, value)| (*name, value.as_str())).collect();
    let print_url = link("/events/print", &[narrowing.as_slice(), &month].concat());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Ok(FilterForm {
        plan,
        groups,
        days: (day(filter.from), day(filter.to)),
        towns: app.city().towns.clone(),
        categories: app.city().categories.clone(),
        kinds: Kind::ALL,
        further,
        hidden,
        open_url,
        print_url,
        subscribe_url: link("/subscribe", &narrowing),
        filter,
    })
}
