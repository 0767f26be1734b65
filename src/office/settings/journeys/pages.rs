//! `/staff/settings/travel`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::city::{City, travel};
use crate::db;
use crate::error::Error;
use crate::office::settings::kept::{self, Change};
use crate::office::settings::{SETTINGS, pages::done};
use crate::web::{Admin, Form, Frame, html, unfit};

const PATH: &str = "/staff/settings/travel";
/// What a button sends that brings every shipped value back.
const ALL: &str = "all";

/// One journey, there or back.
struct Journey {
    key: String,
    from: String,
    to: String,
    /// Minutes that are valid now; empty where none are known.
    now: String,
    /// Minutes that ship with the program.
    shipped: Option<i32>,
    is_own: bool,
}

impl Journey {
    fn label(&self) -> String {
        format!("{}から{}まで", self.from, self.to)
    }

    /// Name of the field that says what the page showed.
    fn was(&self) -> String {
        format!("was.{}", self.key)
    }
}

fn journeys(city: &City) -> Vec<Journey> {
    let journey = |(from, to): (&crate::city::Term, &crate::city::Term)| {
        let key = travel::key(&from.key, &to.key);
        Journey {
            from: from.name.clone(),
            to: to.name.clone(),
            now: city.travel.minutes(&from.key, &to.key).map(|minutes| minutes.to_string()).unwrap_or_default(),
            shipped: travel::shipped(&from.key, &to.key),
            is_own: city.settings.own(&key).is_some(),
            key,
        }
    };
    travel::pairs(&city.towns).map(journey).collect()
}

#[derive(Template)]
#[template(path = "office/journeys.html")]
struct JourneysPage {
    page: Frame,
    journeys: Vec<Journey>,
    form: Form,
    most: i32,
}

impl JourneysPage {
    fn has_own(&self) -> bool {
        self.journeys.iter().any(|journey| journey.is_own)
    }
}

fn page(app: &App, admin: &Admin, form: Form) -> JourneysPage {
    let (page, journeys) = (Frame::own(app, PATH, &admin.0), journeys(&app.city()));
    JourneysPage { page, journeys, form, most: travel::MOST }
}

/// `GET /staff/settings/travel`.
pub(in crate::office::settings) async fn show(State(app): State<App>, admin: Admin) -> Result<Response, Error> {
    let journeys = journeys(&app.city());
    let form = Form::filled(journeys.iter().map(|journey| (journey.key.as_str(), journey.now.clone())));
    html(&page(&app, &admin, form))
}

/// `POST /staff/settings/travel`: keeps the minutes that were changed on the page; the finder goes by them at once.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    mut form: Form,
) -> Result<Response, Error> {
    // What is valid now may have been set by somebody else since the page was made.
    app.revisions().await?;
    let journeys = journeys(&app.city());
    let reset = form.get("reset").to_owned();
    let mut changes = Vec::new();
    for journey in &journeys {
        let wanted = match reset.as_str() {
            "" => wanted(&mut form, journey),
            ALL => Some(journey.shipped),
            key => (key == journey.key).then_some(journey.shipped),
        };
        changes.extend(wanted.and_then(|wanted| changed(journey, wanted)));
    }
    if !form.is_fine() {
        return unfit(&page(&app, &admin, form));
    }
    let transaction = db::begin(&app.db).await?;
    kept::keep(&transaction, &admin.0.actor(), ("設定の変更", "町の間の所要時間"), &changes, app.clock.now()).await?;
    transaction.commit().await?;
    Ok(done(SETTINGS, !changes.is_empty()))
}

/// The minutes that a field asks for; nothing where it was not touched, or is faulty. An empty field brings the shipped ones back.
fn wanted(form: &mut Form, journey: &Journey) -> Option<Option<i32>> {
    let (key, was) = (journey.key.as_str(), form.get(&journey.was()).to_owned());
    if !form.sent(key) || form.get(key) == was {
        form.set(key, journey.now.clone());
        return None;
    }
    let typed = form.number(key, &journey.label(), 0, travel::MOST);
    if was != journey.now && form.get(key) != journey.now {
        let told = format!(
            "{}は、この間にほかの人が{}分に変えました。それでも変えるときは、もう一度保存してください。",
            journey.label(),
            journey.now
        );
        form.fault(key, told);
    }
    (form.fault_of(key).is_none()).then_some(typed.or(journey.shipped))
}

/// What changes for a journey; nothing if it takes so long already.
fn changed(journey: &Journey, wanted: Option<i32>) -> Option<Change> {
    let now: Option<i32> = journey.now.parse().ok();
    let is_shipped = wanted == journey.shipped;
    // The city's own value that says the same as the shipped one is taken back as well.
    (now != wanted || (is_shipped && journey.is_own)).then(|| Change {
        key: journey.key.clone(),
        label: journey.label(),
        before: json!(now),
        after: json!(wanted),
        own: wanted.filter(|_| !is_shipped).map(|minutes| minutes.to_string()),
    })
}
