//! The current plan, read once for as long as no plan changes; most pages name something of it.

use std::sync::{Arc, RwLock};

use sea_orm::DbErr;

use super::item::{self, Item};
use super::plan::{self, Plan, Policy};
use crate::app::App;

/// A plan with its policies and its items.
#[derive(Debug)]
pub struct WholePlan {
    /// The plan.
    pub plan: Plan,
    /// Its policies in order.
    pub policies: Vec<Policy>,
    /// Its items by code.
    pub items: Vec<Item>,
}

impl WholePlan {
    /// The item under a code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// The policy under a number.
    pub fn policy(&self, number: i32) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.number == number)
    }
}

/// The plan as it was read at a revision; nothing where the city has none.
type Read = (i64, Option<Arc<WholePlan>>);

/// Where this process keeps the current plan; only ever as good as the revision of the plans.
#[derive(Debug, Default)]
pub struct Shelf(RwLock<Option<Read>>);

/// The plan that codes belong to unless another is named, or nothing while none is there.
pub async fn current(app: &App) -> Result<Option<Arc<WholePlan>>, DbErr> {
    let revision = app.revisions().await?.plan;
    // A poisoned lock only means that nothing is kept.
    let kept = app.plans.0.read().ok().and_then(|kept| kept.clone());
    if let Some((_, whole)) = kept.filter(|(made, _)| *made == revision) {
        return Ok(whole);
    }
    let whole = match plan::by_key(&app.db, &app.city().profile.plan_key()).await? {
        Some(plan) => Some(Arc::new(WholePlan {
            policies: plan::policies(&app.db, plan.id).await?,
            items: item::of_plan(&app.db, plan.id).await?,
            plan,
        })),
        None => None,
    };
    if let Ok(mut kept) = app.plans.0.write() {
        *kept = Some((revision, whole.clone()));
    }
    Ok(whole)
}
