//! The page with somebody's town, telephone and hours of work.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::person::{self, Draft, Person};
use super::person_form::{self, Weekday};
use super::{calendar_path, duties_path, found, person_path, trail};
use crate::app::App;
use crate::city::{City, outreach_rules};
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("saved", "勤務時間などを保存しました。")];

#[derive(Template)]
#[template(path = "outreach/availability/person.html")]
struct PersonPage<'a> {
    page: Frame,
    person: &'a Person,
    form: &'a Form,
    city: &'a City,
    week: Vec<Weekday>,
    rest_hours: i32,
    may_see_calendar: bool,
    stale: bool,
}

impl PersonPage<'_> {
    fn towns(&self) -> Vec<(String, &str)> {
        self.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn action(&self) -> String {
        person_path(self.person.account_id)
    }

    fn duties(&self) -> String {
        duties_path(self.person.account_id)
    }

    fn calendar(&self) -> String {
        calendar_path(self.person.account_id)
    }
}

fn person_page<'a>(
    app: &App,
    member: &Member,
    person: &'a Person,
    (form, city): (&'a Form, &'a City),
) -> PersonPage<'a> {
    PersonPage {
        page: Frame::own(app, &person_path(person.account_id), member),
        person,
        form,
        city,
        week: person_form::week(),
        rest_hours: city.settings.number(outreach_rules::REST_HOURS),
        may_see_calendar: super::calendar_pages::may_see(member, person),
        stale: false,
    }
}

/// `GET /staff/outreach/people/{account}`.
pub async fn show(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut query: Query,
) -> Result<Response, Error> {
    let (person, city) = (found(&app, &account).await?, app.city());
    let form = person_form::filled(person.record.as_ref());
    let shown = person_page(&app, &member, &person, (&form, &city));
    let page = shown.page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&PersonPage { page, ..shown })
}

/// `POST /staff/outreach/people/{account}`.
pub async fn change(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let (person, city, now) = (found(&app, &account).await?, app.city(), app.clock.now());
    let Some(draft) = person_form::read(&mut form, &city) else {
        return unfit(&person_page(&app, &member, &person, (&form, &city)));
    };
    let seen = person_form::read_seen(&form);
    let transaction = db::begin(&app.db).await?;
    if !person::set(&transaction, (person.account_id, seen), &draft, now).await? {
        drop(transaction);
        let person = found(&app, &account).await?;
        form.set("seen", person_form::seen(person.record.as_ref()));
        return unfit(&PersonPage { stale: true, ..person_page(&app, &member, &person, (&form, &city)) });
    }
    let before = person.record.as_ref().map(|record| Draft {
        base_town: record.base_town.clone(),
        phone: record.phone.clone(),
        is_active: record.is_active,
        hours: record.hours,
    });
    let told = (before.map_or(Json::Null, |draft| told(&draft, &city)), told(&draft, &city));
    trail::record(&transaction, &member.actor(), (&person, "勤務時間などの変更"), told, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=saved", person_path(person.account_id))))
}

fn told(draft: &Draft, city: &City) -> Json {
    json!({
        "出発する町": city.town_name(&draft.base_town),
        "電話番号": draft.phone,
        "出前説明会に行く": if draft.is_active { "行く" } else { "行かない" },
        "勤務時間": draft.hours.words(),
    })
}
