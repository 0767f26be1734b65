//! The plan (計画): policies, themes and action items as published, and what has been done for each.

mod export;
mod fulfilment;
mod import;
mod item;
mod pages;
mod plan;
mod script;
mod shelf;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use export::table as export_table;
pub use fulfilment::{Evidence, of_activity as evidence_of_activity};
pub use import::{PlanFault, import};
pub use item::of_plan as items_of_plan;
pub use item::{Item, Mark, by_codes, find as find_item, of_entry as items_of_entry, of_group as items_of_group};
pub use plan::{Plan, Policy, by_key, export, newest, policies};
pub use shelf::{Shelf, WholePlan, current};

/// Path pattern of the list of plans.
pub const INDEX: &str = "/plans";
/// Path pattern of one plan.
pub const PLAN: &str = "/plans/{plan}";
/// Path pattern of one action item.
pub const ITEM: &str = "/plans/{plan}/items/{code}";

/// Address of an action item's page.
pub fn item_path(plan: &str, code: &str) -> String {
    format!("/plans/{plan}/items/{code}")
}

/// Address of a plan's page.
pub fn plan_path(plan: &str) -> String {
    format!("/plans/{plan}")
}

/// The pages of the plan.
pub fn routes() -> Router<App> {
    Router::new().route(INDEX, get(pages::index)).route(PLAN, get(pages::plan)).route(ITEM, get(pages::item))
}
