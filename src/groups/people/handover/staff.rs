//! Staff name the representative of a group, with a reason: when nobody else can, or when it came by telephone or on paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::pages::{naming, next};
use crate::accounts::account;
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::member::{self, Membership};
use crate::groups::people::duty::{self, By, Naming};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, staff};
use crate::groups::store::Refused;
use crate::web::{Form, Frame, Staff, html, see, unfit};

#[derive(Template)]
#[template(path = "groups/people/staff_representative.html")]
struct PlanPage {
    page: Frame,
    group: String,
    base: String,
    head: Option<Membership>,
    others: Vec<Membership>,
    channels: Vec<(&'static str, &'static str)>,
    form: Form,
}

async fn plan_page(app: &App, staff: &Staff, id: Uuid, form: Form) -> Result<PlanPage, Error> {
    let people = member::of_group(&app.db, id).await?;
    let head = duty::representative(&people).cloned();
    let base = people::staff_path(id);
    Ok(PlanPage {
        page: Frame::own(app, &format!("{base}/representative"), &staff.0),
        group: staff::group_name(&app.db, id).await?,
        base,
        others: people.into_iter().filter(|person| head.as_ref().is_none_or(|head| head.id != person.id)).collect(),
        head,
        channels: staff::channels(),
        form,
    })
}

/// `GET /staff/groups/{id}/people/representative`: who is to be the representative.
pub async fn plan(State(app): State<App>, staff: Staff, Path(group): Path<String>) -> Result<Response, Error> {
    let id = people::id(&group)?;
    let draft = history::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut form = Form::filled([("title", draft.representative_title)]);
    if let Some(open) = super::open_of(&app.db, id).await? {
        form.set("name", open.name.clone());
        let people = member::of_group(&app.db, id).await?;
        let known = people.iter().find(|person| person.mail == open.mail);
        form.set("who", known.map_or("new".to_owned(), |person| person.id.to_string()));
        form.set("mail", if known.is_some() { String::new() } else { open.mail });
    }
    html(&plan_page(&app, &staff, id, form).await?)
}

/// `POST /staff/groups/{id}/people/representative`: changes the representative; the old and the new one are told why.
pub async fn force(
    State(app): State<App>,
    staff: Staff,
    Path(group): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = people::id(&group)?;
    let people = member::of_group(&app.db, id).await?;
    let next = next(&mut form, &people, duty::representative(&people));
    let naming = naming(&mut form);
    let channel = staff::channel(&mut form);
    let reason = form.needed_block("reason", "理由", 500);
    let (Some((mail, _)), Some(channel), true) = (next, channel, form.is_fine()) else {
        return unfit(&plan_page(&app, &staff, id, form).await?);
    };
    let actor = staff.actor();
    let by = By { actor: &actor, channel, reason: &reason };
    match change(&app, id, (&mail, &naming), by).await? {
        Ok(()) => Ok(see(&format!("{}?done=represents", people::staff_path(id)))),
        Err(sentences) => {
            form.fault("name", sentences.join(" "));
            unfit(&plan_page(&app, &staff, id, form).await?)
        }
    }
}

/// Changes the representative and ends a hand-over that was under way; the sentences say why the record cannot be kept.
async fn change(
    app: &App,
    id: Uuid,
    (mail, naming): (&str, &Naming),
    by: By<'_>,
) -> Result<Result<(), Vec<String>>, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, id).await?;
    let group = staff::group_name(&transaction, id).await?;
    if let Some(open) = super::open_of(&transaction, id).await? {
        super::close(&transaction, open.id, "withdrawn", now).await?;
    }
    let account = account::ensure(&transaction, mail, &naming.name, now).await?;
    let old = match duty::appoint(&transaction, &city, (id, account.id), naming, by, now).await {
        Ok(old) => old,
        Err(Refused::Invalid(sentences)) => return Ok(Err(sentences)),
        Err(Refused::Database(fault)) => return Err(fault.into()),
    };
    let desk = Desk { city: &city, base_url: &app.config.base_url, group: (id, &group) };
    let why = [("受けた方法", by.channel.label()), ("理由", by.reason)];
    let mut letters = vec![desk.welcome(&letters::FORCED_NEW, (mail, &naming.name), &why)?];
    if let Some(old) = old {
        let values = [&why[..], &[("新しい代表者", naming.name.as_str())]].concat();
        letters.push(desk.write(&letters::FORCED_OLD, (&old.mail, &old.name), &values)?);
    }
    people::post_letters(&transaction, app, &letters).await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// `POST /staff/groups/{id}/people/hand-over/withdraw`: ends a hand-over that nobody confirms.
pub async fn withdraw(State(app): State<App>, staff: Staff, Path(group): Path<String>) -> Result<Response, Error> {
    let (id, actor) = (people::id(&group)?, staff.actor());
    super::pages::take_back(&app, id, By { actor: &actor, channel: Channel::Screen, reason: "" }).await?;
    Ok(see(&format!("{}?done=handover-withdrawn", people::staff_path(id))))
}
