//! Applications (登録の申請): a group registers itself step by step, the office approves, asks or refuses, and both see where it stands.
//!
//! What is typed is kept as typed ([`typed`]), read into a record whenever somebody looks ([`reading`]), and becomes a group only by
//! an approval ([`decision`]). Until the address is shown to be the applicant's, the office sees nothing of it.

mod application;
mod beginning;
mod confirming;
mod decision;
mod filling;
mod keeping;
pub mod letters;
mod link;
mod listing;
mod number;
mod on_behalf;
mod pages;
mod reading;
mod requirement;
mod staff;
mod step;
mod story;
mod summary;
mod typed;
mod waiting;

use axum::Router;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::app::App;
use crate::city::City;
use crate::error::Error;
use crate::plan;
use crate::text::day;
pub use application::{Application, Stage, begin, find, forget};
pub use beginning::new;
pub use decision::{Desk, Undecided, approve, refuse, send_back};
pub use keeping::{step as keep_step, submit, verify};
pub use reading::{Manner, Read, Words, all as read};
pub use step::Step;
pub use story::tell_handed_in;
pub use waiting::waiting;

/// Path of the page that explains registration and begins it.
pub const NEW: &str = "/groups/new";
/// Path to which an application is begun.
pub const APPLICATIONS: &str = "/groups/applications";
/// Path of the page that sends a lost personal link again.
pub const LINKS: &str = "/groups/applications/links";
/// Path of the applications as the office sees them.
pub const DESK: &str = "/staff/applications";

/// Address of the applicant's own page.
pub fn path(token: &str) -> String {
    format!("{APPLICATIONS}/{token}")
}

/// Address of an application's page for the office.
pub fn desk_path(id: Uuid) -> String {
    format!("{DESK}/{id}")
}

/// The pages of applicants, by personal link, and of the office.
pub fn routes() -> Router<App> {
    Router::new()
        .route(APPLICATIONS, get(beginning::back).post(beginning::begin))
        .route(LINKS, get(beginning::lost).post(beginning::send_links))
        .route("/groups/applications/{token}", get(pages::state))
        .route("/groups/applications/{token}/address", get(pages::address).post(pages::change_address))
        .route("/groups/applications/{token}/verification", get(pages::to_state).post(pages::verify))
        .route("/groups/applications/{token}/taking-back", get(pages::to_state).post(pages::take_back))
        .route("/groups/applications/{token}/withdrawal", get(pages::to_state).post(pages::withdraw))
        .route("/groups/applications/{token}/confirm", get(confirming::show).post(confirming::submit))
        .route("/groups/applications/{token}/{step}", get(filling::show).post(filling::keep))
        .route(DESK, get(listing::list))
        .route("/staff/applications/new", get(on_behalf::new).post(on_behalf::enter))
        .route("/staff/applications/{id}", get(staff::show))
        .route("/staff/applications/{id}/edit", get(on_behalf::edit).post(on_behalf::correct))
        .route("/staff/applications/{id}/approval", get(staff::back).post(staff::approve))
        .route("/staff/applications/{id}/return", get(staff::back).post(staff::send_back))
        .route("/staff/applications/{id}/refusal", get(staff::back).post(staff::refuse))
        .route("/staff/applications/{id}/withdrawal", post(staff::withdraw))
}

/// The city's words and the items of the plan, with which an application is read.
async fn words<'a>(app: &App, city: &'a City) -> Result<Words<'a>, Error> {
    let whole = plan::current(app).await?;
    let items = whole.iter().flat_map(|whole| &whole.items);
    let items = items.map(|item| (item.code.clone(), item.title.clone(), item.id)).collect();
    Ok(Words { city, items, today: app.today() })
}

/// A moment as people read it.
fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day::long(local.date_naive()), local.format("%-H:%M"))
}

/// The choices of the form, as pairs of key and words.
struct Choices<'a> {
    kinds: Vec<(&'a str, &'a str)>,
    fields: Vec<(&'a str, &'a str)>,
    town: Vec<(&'a str, &'a str)>,
    towns: Vec<(&'a str, &'a str)>,
    items: Vec<(&'a str, String)>,
    publish: [(&'static str, &'static str); 2],
    yes_no: [(&'static str, &'static str); 2],
    least: i32,
}

impl<'a> Choices<'a> {
    fn of(words: &'a Words<'a>) -> Self {
        let city = words.city;
        let pairs = |terms: &'a [crate::city::Term]| {
            terms.iter().map(|term| (term.key.as_str(), term.name.as_str())).collect::<Vec<_>>()
        };
        let mut town = pairs(&city.towns);
        town.push((reading::ELSEWHERE, "市外"));
        Self {
            kinds: pairs(&city.group_kinds),
            fields: city.fields.iter().map(|term| (term.key.as_str(), term.short.as_str())).collect(),
            town,
            towns: pairs(&city.towns),
            items: words.items.iter().map(|(code, title, _)| (code.as_str(), format!("{code} {title}"))).collect(),
            publish: [("public", "公開する(本人の同意を得ました)"), ("office", "事務局のみ(公開しない)")],
            yes_no: [("yes", "ある"), ("no", "ない")],
            least: city.settings.number(crate::city::settings::MIN_MEMBERS),
        }
    }
}
