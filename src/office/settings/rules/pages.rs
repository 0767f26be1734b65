//! `/staff/settings/rules`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::city::settings::{OUTREACH, PHRASES, Phrase, RULES, SOURCES};
use crate::city::{City, Rule};
use crate::db;
use crate::error::Error;
use crate::office::settings::kept::{self, Change};
use crate::office::settings::{SETTINGS, pages::done};
use crate::web::{Admin, Form, Frame, html, unfit};

const PATH: &str = "/staff/settings/rules";

/// Every rule of the city, in the order of the page.
fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(&OUTREACH).chain(&SOURCES)
}

#[derive(Template)]
#[template(path = "office/rules.html")]
struct RulesPage<'a> {
    page: Frame,
    city: &'a City,
    form: Form,
}

impl RulesPage<'_> {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        all()
    }

    fn phrases(&self) -> &'static [Phrase] {
        &PHRASES
    }

    fn is_own(&self, key: &str) -> bool {
        self.city.settings.own(key).is_some()
    }

    fn label(&self, rule: &Rule) -> String {
        format!("{}({})", rule.label, rule.unit)
    }

    fn hint(&self, rule: &Rule) -> String {
        format!("{} はじめの値は{}{}。{}から{}まで。", rule.hint, rule.default, rule.unit, rule.least, rule.most)
    }
}

/// `GET /staff/settings/rules`.
pub(in crate::office::settings) async fn rules(State(app): State<App>, admin: Admin) -> Result<Response, Error> {
    let city = app.city();
    let numbers = all().map(|rule| (rule.key, city.settings.number(*rule).to_string()));
    let phrases = PHRASES.iter().map(|phrase| (phrase.key, city.settings.phrase(*phrase).to_owned()));
    let form = Form::filled(numbers.chain(phrases));
    html(&RulesPage { page: Frame::own(&app, PATH, &admin.0), city: &city, form })
}

/// `POST /staff/settings/rules`: keeps every number; an empty field brings its default back.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    mut form: Form,
) -> Result<Response, Error> {
    let city = app.city();
    let reset = form.get("reset").to_owned();
    let mut changes = Vec::new();
    for rule in all() {
        let typed = form.number(rule.key, rule.label, rule.least, rule.most);
        let wanted = if reset == rule.key { rule.default } else { typed.unwrap_or(rule.default) };
        changes.extend(changed(&city, *rule, wanted));
    }
    for phrase in PHRASES {
        let typed = form.line(phrase.key, phrase.label, phrase.most);
        let wanted = if reset == phrase.key || typed.is_empty() { phrase.default } else { &typed };
        changes.extend(rephrased(&city, phrase, wanted));
    }
    if !reset.is_empty() {
        // A button beside one rule is about that rule alone, whatever stands in the other fields.
        changes.retain(|change| change.key == reset);
    } else if !form.is_fine() {
        return unfit(&RulesPage { page: Frame::own(&app, PATH, &admin.0), city: &city, form });
    }
    let transaction = db::begin(&app.db).await?;
    kept::keep(&transaction, &admin.0.actor(), ("設定の変更", "きまり"), &changes, app.clock.now()).await?;
    transaction.commit().await?;
    Ok(done(SETTINGS, !changes.is_empty()))
}

/// What changes when a rule gets this number; nothing if it has it already.
fn changed(city: &City, rule: Rule, wanted: i32) -> Option<Change> {
    let now = city.settings.number(rule);
    (now != wanted).then(|| Change {
        key: rule.key.to_owned(),
        label: rule.label.to_owned(),
        before: json!(now),
        after: json!(wanted),
        own: (wanted != rule.default).then(|| wanted.to_string()),
    })
}

/// What changes when a phrase gets this text; nothing if it has it already.
fn rephrased(city: &City, phrase: Phrase, wanted: &str) -> Option<Change> {
    let now = city.settings.phrase(phrase);
    (now != wanted).then(|| Change {
        key: phrase.key.to_owned(),
        label: phrase.label.to_owned(),
        before: json!(now),
        after: json!(wanted),
        own: (wanted != phrase.default).then(|| wanted.to_owned()),
    })
}
