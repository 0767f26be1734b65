//! The page with somebody's leave and other duties: added, taken out, put back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono_tz::Tz;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::duty::{self, Duty, Kind};
use super::person::Person;
use super::{duties_path, duty_form, found, person_path, trail};
use crate::app::App;
use crate::city::City;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("added", "書き加えました。この時間は、出前説明会に割り当てません。"),
    ("removed", "取り消しました。下の「取り消したもの」から戻せます。"),
    ("returned", "戻しました。この時間は、出前説明会に割り当てません。"),
];

#[derive(Template)]
#[template(path = "outreach/availability/duties.html")]
struct DutiesPage<'a> {
    page: Frame,
    person: &'a Person,
    form: &'a Form,
    city: &'a City,
    duties: Vec<Duty>,
    removed: Vec<Duty>,
    zone: Tz,
}

impl DutiesPage<'_> {
    fn towns(&self) -> Vec<(String, &str)> {
        self.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::ALL.into_iter().map(|kind| (kind.key(), kind.label())).collect()
    }

    fn when(&self, duty: &Duty) -> String {
        duty_form::words(duty, self.zone)
    }

    fn action(&self) -> String {
        duties_path(self.person.account_id)
    }

    fn back(&self) -> String {
        person_path(self.person.account_id)
    }
}

async fn duties_page<'a>(
    app: &App,
    member: &Member,
    person: &'a Person,
    (form, city): (&'a Form, &'a City),
) -> Result<DutiesPage<'a>, Error> {
    let all = duty::ahead(&app.db, person.account_id, app.clock.now()).await?;
    let (duties, removed) = all.into_iter().partition(|duty| duty.removed_at.is_none());
    let page = Frame::own(app, &duties_path(person.account_id), member);
    Ok(DutiesPage { page, person, form, city, duties, removed, zone: city.profile.zone })
}

/// `GET /staff/outreach/people/{account}/duties`.
pub async fn list(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut query: Query,
) -> Result<Response, Error> {
    let (person, city) = (found(&app, &account).await?, app.city());
    let form = Form::filled([("id", new_id().to_string())]);
    let shown = duties_page(&app, &member, &person, (&form, &city)).await?;
    let page = shown.page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&DutiesPage { page, ..shown })
}

/// `POST /staff/outreach/people/{account}/duties`.
pub async fn add(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let (person, city, now) = (found(&app, &account).await?, app.city(), app.clock.now());
    let Some(draft) = duty_form::read(&mut form, &city, app.today()) else {
        return unfit(&duties_page(&app, &member, &person, (&form, &city)).await?);
    };
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let actor = member.actor();
    let transaction = db::begin(&app.db).await?;
    // The same form sent twice adds one.
    if duty::insert(&transaction, (person.account_id, id), &draft, (&actor.name, now)).await?
        && let Some(kept) = duty::find(&transaction, person.account_id, id).await?
    {
        let told = (Json::Null, told(&kept, &city));
        trail::record(&transaction, &actor, (&person, "休み・ほかの仕事の追加"), told, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=added", duties_path(person.account_id))))
}

/// `POST /staff/outreach/people/{account}/duties/{duty}/removal`.
pub async fn remove(
    State(app): State<App>,
    Path((account, duty)): Path<(String, Uuid)>,
    Staff(member): Staff,
) -> Result<Response, Error> {
    taken(&app, &member, (&account, duty), true).await
}

/// `POST /staff/outreach/people/{account}/duties/{duty}/return`.
pub async fn put_back(
    State(app): State<App>,
    Path((account, duty)): Path<(String, Uuid)>,
    Staff(member): Staff,
) -> Result<Response, Error> {
    taken(&app, &member, (&account, duty), false).await
}

async fn taken(app: &App, member: &Member, (account, id): (&str, Uuid), removed: bool) -> Result<Response, Error> {
    let (person, now, actor) = (found(app, account).await?, app.clock.now(), member.actor());
    let kept = duty::find(&app.db, person.account_id, id).await?.ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    if duty::remove(&transaction, (person.account_id, id), removed, (&actor.name, now)).await? {
        let told = told(&kept, &app.city());
        let (action, told) = match removed {
            true => ("休み・ほかの仕事の取消し", (told, Json::Null)),
            false => ("休み・ほかの仕事を戻す", (Json::Null, told)),
        };
        trail::record(&transaction, &actor, (&person, action), told, now).await?;
        transaction.commit().await?;
    }
    let done = if removed { "removed" } else { "returned" };
    Ok(see(&format!("{}?done={done}", duties_path(person.account_id))))
}

/// What goes into the trail: not the note, which may tell of an illness and would stay for ever.
fn told(duty: &Duty, city: &City) -> Json {
    json!({
        "種類": duty.kind().label(),
        "日時": duty_form::words(duty, city.profile.zone),
        "町": city.town_name(&duty.town_key),
    })
}
