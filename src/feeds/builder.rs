//! The form in which several things are combined into one feed.

use std::sync::Arc;

use crate::app::App;
use crate::calendar::{self, Filter, Kind};
use crate::city::City;
use crate::error::Error;
use crate::groups::{self, Named};
use crate::plan::{self, WholePlan};
use crate::web::query::link;
use crate::web::{Form, Query};

/// Most groups that the form offers; of more, one is chosen on its own page.
const OFFERED: usize = 300;
/// The parameters of a filter, under the names of the calendar's own address.
const NAMES: [&str; 7] = ["q", "town", "category", "kind", "group", "item", "policy"];

/// What can be combined, and what is chosen.
pub(super) struct Builder {
    pub form: Form,
    city: Arc<City>,
    plan: Option<Arc<WholePlan>>,
    groups: Vec<Named>,
}

impl Builder {
    /// The form as somebody sent it.
    pub async fn sent(app: &App, form: Form) -> Result<Self, Error> {
        let mut groups = groups::listed_names(&app.db).await?;
        if groups.len() > OFFERED {
            groups.clear();
        }
        if let Some(chosen) = form.get("group").parse().ok().filter(|id| groups.iter().all(|group| group.id != *id))
            && let Some(group) = groups::find_listed(&app.db, chosen).await?
        {
            groups.push(Named { id: group.id, name: group.name, kana: group.kana });
        }
        Ok(Self { form, city: app.city(), plan: plan::current(app).await?, groups })
    }

    /// The form with a filter in it.
    pub async fn filled(app: &App, filter: &Filter) -> Result<Self, Error> {
        let mut form = Form::new();
        for (name, value) in filter.pairs() {
            // A list stands in one parameter; words and identifiers have no commas that divide them.
            let many = matches!(name, "town" | "category" | "kind");
            for one in value.split(',').filter(|_| many) {
                form.add(name, one);
            }
            if !many {
                form.set(name, value);
            }
        }
        Self::sent(app, form).await
    }

    pub fn towns(&self) -> Vec<(String, &str)> {
        self.city.towns.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    pub fn categories(&self) -> Vec<(String, &str)> {
        self.city.categories.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    pub fn kinds(&self) -> Vec<(String, &str)> {
        Kind::ALL.iter().map(|kind| (kind.key().to_owned(), kind.label())).collect()
    }

    pub fn groups(&self) -> Vec<(String, &str)> {
        self.groups.iter().map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    pub fn policies(&self) -> Vec<(String, String)> {
        let policies = self.plan.iter().flat_map(|plan| &plan.policies);
        policies.map(|policy| (policy.number.to_string(), format!("施策{} {}", policy.number, policy.title))).collect()
    }

    pub fn items(&self) -> Vec<(String, String)> {
        let items = self.plan.iter().flat_map(|plan| &plan.items);
        items.map(|item| (item.code.clone(), format!("{} {}", item.code, item.title))).collect()
    }
}

/// The filter that a form asks for; whatever cannot be meant is a fault beside its field.
pub(super) async fn filter(app: &App, form: &mut Form) -> Result<Filter, Error> {
    let sent: Vec<(&str, &str)> =
        NAMES.iter().flat_map(|name| form.all(name).into_iter().map(move |value| (*name, value))).collect();
    let mut query = Query::parse(link("", &sent).trim_start_matches('?'));
    let filter = Filter::read(&mut query, &app.city());
    for sentence in query.into_ignored() {
        let name = if sentence.starts_with("ことば") { "q" } else { "town" };
        form.fault(name, format!("{sentence}もう一度選んでください。"));
    }
    if form.is_fine() && calendar::filter_words(app, &filter).await?.is_none() {
        form.fault("group", "選ばれた団体、項目または施策は、今はありません。もう一度選んでください。");
    }
    Ok(filter)
}
