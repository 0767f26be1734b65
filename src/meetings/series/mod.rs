//! The yearly plan of meetings (年間計画) and the series in it: made by a rule such as 第2水曜 that steps aside from holidays; each
//! meeting can be changed for itself, the later ones together, and a series can end before its time.

mod dates;
mod desk_pages;
mod form;
mod later;
mod later_pages;
mod making;
pub mod numbering;
mod plan_pages;
mod record;
mod rule;

use axum::Router;
use axum::routing::get;

use crate::app::App;
pub use dates::{Dated, Shift, dates};
pub use record::{Draft, Series, find, insert, join};
pub use rule::{LAST, Rule, Which, months_of_year};

/// The plan of a year, for staff.
pub const PLAN: &str = "/staff/meetings/plan";
/// What the addresses of series begin with.
pub const SERIES: &str = "/meetings/series";
/// Where a series is made.
pub const NEW: &str = "/meetings/series/new";

/// The pages of the yearly plan; all of them are somebody's own.
pub fn routes() -> Router<App> {
    Router::new()
        .route(PLAN, get(plan_pages::of_all))
        .route("/staff/meetings/plan/new", get(desk_pages::staff_new))
        .route("/me/groups/{id}/meetings/plan", get(plan_pages::of_group))
        .route(NEW, get(desk_pages::new).post(desk_pages::make))
        .route("/meetings/series/{id}/later", get(later_pages::ask).post(later_pages::change))
        .route("/meetings/series/{id}/end", get(later_pages::ask_end).post(later_pages::end))
}
