//! Leaving a group, and removing somebody from it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};

use super::Kept;
use crate::accounts::ME;
use crate::app::App;
use crate::audit::Channel;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::member::{self, Duty, Membership};
use crate::groups::people::duty::{self, By};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, path};
use crate::web::{Form, Frame, Member, html, see, unfit};

#[derive(Template)]
#[template(path = "groups/people/leave.html")]
struct LeavePage {
    page: Frame,
    own: Membership,
    base: String,
    kept: Option<&'static str>,
}

async fn leave_page(app: &App, member: &Member, own: Membership) -> Result<LeavePage, Error> {
    let base = path(own.group_id);
    let kept = super::kept(&member::of_group(&app.db, own.group_id).await?, &own).map(Kept::sentence);
    Ok(LeavePage { page: Frame::own(app, &format!("{base}/leave"), member), own, base, kept })
}

/// `GET /me/groups/{id}/people/leave`: what leaving means.
pub async fn leave(State(app): State<App>, member: Member, Path(group): Path<String>) -> Result<Response, Error> {
    let own = people::own(&app, &member, &group).await?;
    html(&leave_page(&app, &member, own).await?)
}

/// `POST /me/groups/{id}/people/leave`: leaves a group.
pub async fn left(State(app): State<App>, member: Member, Path(group): Path<String>) -> Result<Response, Error> {
    let own = people::own(&app, &member, &group).await?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, own.group_id).await?;
    let people = member::of_group(&transaction, own.group_id).await?;
    let person = people.iter().find(|person| person.id == own.id).ok_or(Error::NotFound)?;
    if super::kept(&people, person).is_some() {
        transaction.rollback().await?;
        return unfit(&leave_page(&app, &member, own).await?);
    }
    super::end(&transaction, person, now).await?;
    let actor = member.actor();
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    noted(&transaction, person, "担当から抜ける", by, now).await?;
    if let Some(head) = duty::representative(&people) {
        let city = app.city();
        let values = [("抜けた方", people::shown(&person.name, &person.mail))];
        let letter = desk(&app, &city, person).about_people(&letters::LEFT, (&head.mail, &head.name), &values)?;
        people::post_letters(&transaction, &app, &[letter]).await?;
    }
    transaction.commit().await?;
    Ok(see(ME))
}

fn desk<'a>(app: &'a App, city: &'a City, person: &'a Membership) -> Desk<'a> {
    Desk { city, base_url: &app.config.base_url, group: (person.group_id, &person.group_name) }
}

/// Writes down that somebody no longer looks after a group.
pub async fn noted(
    db: &impl ConnectionTrait,
    person: &Membership,
    action: &str,
    by: By<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let before = json!({ "担当する人": person.mail, "役割": person.duty().label() });
    let group = (person.group_id, person.group_name.as_str());
    Ok(duty::note(db, group, (action, "membership", person.id), (before, Json::Null), by, now).await?)
}

#[derive(Template)]
#[template(path = "groups/people/remove.html")]
struct RemovePage {
    page: Frame,
    person: Membership,
    base: String,
    form: Form,
}

/// The other 担当者 whom the representative may remove; for everybody else the page is not there.
async fn removable(app: &App, member: &Member, (group, person): (&str, &str)) -> Result<Membership, Error> {
    let own = people::own(app, member, group).await?;
    let id = people::id(person)?;
    let others = member::of_group(&app.db, own.group_id).await?;
    let person = others.into_iter().find(|other| other.id == id && other.duty() == Duty::Member);
    person.filter(|_| own.duty() == Duty::Representative).ok_or(Error::NotFound)
}

fn remove_page(app: &App, member: &Member, person: Membership, form: Form) -> RemovePage {
    let base = path(person.group_id);
    RemovePage { page: Frame::own(app, &format!("{base}/remove"), member), person, base, form }
}

/// `GET /me/groups/{id}/people/{person}/remove`: asks for the reason.
pub async fn remove(
    State(app): State<App>,
    member: Member,
    Path((group, person)): Path<(String, String)>,
) -> Result<Response, Error> {
    let person = removable(&app, &member, (&group, &person)).await?;
    html(&remove_page(&app, &member, person, Form::new()))
}

/// `POST /me/groups/{id}/people/{person}/remove`: the representative removes a 担当者 and the person is told why.
pub async fn removed(
    State(app): State<App>,
    member: Member,
    Path((group, person)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Error> {
    let person = removable(&app, &member, (&group, &person)).await?;
    let reason = form.needed_block("reason", "理由", 500);
    if !form.is_fine() {
        return unfit(&remove_page(&app, &member, person, form));
    }
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, person.group_id).await?;
    // Nothing may have changed while the group was waited for.
    let own = member::of(&transaction, member.account.id, person.group_id).await?;
    own.filter(|own| own.duty() == Duty::Representative).ok_or(Error::NotFound)?;
    let actor = member.actor();
    let by = By { actor: &actor, channel: Channel::Screen, reason: &reason };
    take_out(&transaction, &app, (&person, &actor.name), by).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=removed", path(person.group_id))))
}

/// Takes somebody out of a group, writes it down and tells them by whom and why.
pub async fn take_out(
    db: &impl ConnectionTrait,
    app: &App,
    (person, remover): (&Membership, &str),
    by: By<'_>,
) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    if !super::end(db, person, now).await? {
        return Err(Error::NotFound);
    }
    noted(db, person, "担当から外す", by, now).await?;
    let values = [("外した方", remover), ("理由", by.reason)];
    let letter = desk(app, &city, person).write(&letters::REMOVED, (&person.mail, &person.name), &values)?;
    people::post_letters(db, app, &[letter]).await
}
