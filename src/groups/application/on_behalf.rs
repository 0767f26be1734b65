//! The office types in an application that came on paper or by telephone, and corrects one that waits.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::application::{self, Application, Stage};
use super::letters::{self, About};
use super::reading::{self, Manner, Read, Words};
use super::step::Step;
use super::typed::{self, Typed};
use super::{Choices, keeping, link, staff, story};
use crate::accounts::checked_address;
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::mail;
use crate::web::{Form, Frame, Staff, html, see, unfit};

#[derive(Template)]
#[template(path = "groups/application/desk/enter.html")]
struct EnterPage<'a> {
    page: Frame,
    /// The application that is corrected; nothing for a new one.
    application: Option<Application>,
    channels: Vec<(&'static str, &'static str)>,
    choices: Choices<'a>,
    late: bool,
    form: Form,
}

fn enter_page<'a>(
    app: &App,
    staff: &Staff,
    words: &'a Words<'a>,
    (application, form): (Option<Application>, Form),
    late: bool,
) -> EnterPage<'a> {
    EnterPage {
        page: Frame::own(app, super::DESK, &staff.0),
        application,
        channels: Channel::ON_BEHALF.map(|channel| (channel.key(), channel.label())).into(),
        choices: Choices::of(words),
        late,
        form,
    }
}

/// `GET /staff/applications/new`: the whole form on one page, as the sheet of paper has it.
pub(super) async fn new(State(app): State<App>, staff: Staff) -> Result<Response, Error> {
    let city = app.city();
    let words = super::words(&app, &city).await?;
    html(&enter_page(&app, &staff, &words, (None, Form::new()), false))
}

/// The texts of a sent form, step by step; one that has more than can be kept gets a fault.
fn typed(form: &mut Form) -> Typed {
    let mut all = Typed::default();
    for step in Step::TYPED {
        match typed::sent(step, form) {
            Some(values) => all.put(step, values),
            None => form.fault("name", format!("「{}」の文字が多すぎて保存できません。", step.label())),
        }
    }
    all
}

/// Puts the faults of every step beside the fields of the one form.
fn mark(form: &mut Form, read: &Read) {
    for (name, sentence) in read.forms.values().flat_map(|form| form.faults()) {
        form.fault(name, sentence.clone());
    }
}

/// `POST /staff/applications/new`: the application waits at once, marked with the way it came.
pub(super) async fn enter(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let words = super::words(&app, &city).await?;
    let on_behalf = |key: &str| Channel::from_key(key).filter(|channel| Channel::ON_BEHALF.contains(channel));
    let channel = form.choice("channel", "受付の方法", on_behalf).unwrap_or_default();
    let address = form.get("applicant_mail").trim().to_owned();
    let mail = if address.is_empty() { Some(String::new()) } else { checked_address(&address) };
    if mail.is_none() {
        form.fault("applicant_mail", "メールアドレスを確かめてください。ないときは、空けておきます。");
    }
    let typed = typed(&mut form);
    let read = reading::all(&typed, &words, Manner { channel, strict: false, handed_in: None });
    mark(&mut form, &read);
    let Some(mail) = mail.filter(|_| form.is_fine()) else {
        return unfit(&enter_page(&app, &staff, &words, (None, form), false));
    };
    let transaction = db::begin(&app.db).await?;
    let actor = staff.actor();
    let id = application::begin(&transaction, &mail, (channel, &actor.name), now).await?;
    let application = hand_in(&transaction, id, &typed, now).await?;
    let change = (serde_json::Value::Null, json!({ "form": keeping::told(&typed) }));
    let told = (&actor, channel, "登録の申請(代わりに入力)", "");
    story::tell(&transaction, &application, told, change, now).await?;
    post_received(&transaction, &app, (&application, &read)).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=entered", super::desk_path(id))))
}

/// Keeps the texts of a new application and hands it in.
async fn hand_in(
    db: &impl ConnectionTrait,
    id: uuid::Uuid,
    typed: &Typed,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Application, Error> {
    for step in Step::TYPED {
        let values = typed.part(step).map(|part| part.values.clone()).unwrap_or_default();
        keeping::step(db, id, (step, 0), values, now).await?;
    }
    let application = application::find(db, id).await?.ok_or(Error::NotFound)?;
    keeping::submit(db, &application, (&[], ""), now).await?;
    application::find(db, id).await?.ok_or(Error::NotFound)
}

async fn post_received(
    db: &impl ConnectionTrait,
    app: &App,
    (application, read): (&Application, &Read),
) -> Result<(), Error> {
    if application.mail.is_empty() {
        return Ok(());
    }
    let (now, city) = (app.clock.now(), app.city());
    let token = link::make(db, application.id, (&application.mail, ""), now).await?;
    let link = format!("{}{}", app.config.base_url, super::path(&token));
    let (mail, name) = (&application.mail, &read.draft.name);
    let about = About { city: &city, mail, applicant: &read.applicant, name, link: &link };
    Ok(mail::post(db, &about.letter(&letters::RECEIVED, &[])?, &app.config.host(), now).await?)
}

/// `GET /staff/applications/{id}/edit`: the whole form with what was sent.
pub(super) async fn edit(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Result<Response, Error> {
    let application = staff::seen(&app.db, &id).await?;
    if application.stage() != Stage::Submitted {
        return Ok(see(&super::desk_path(application.id)));
    }
    let city = app.city();
    let words = super::words(&app, &city).await?;
    let mut form = application.typed().whole();
    form.set("version", application.version.to_string());
    html(&enter_page(&app, &staff, &words, (Some(application), form), false))
}

/// `POST /staff/applications/{id}/edit`: keeps the correction beside what was sent.
pub(super) async fn correct(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let mut application = staff::seen(&app.db, &id).await?;
    let (city, now) = (app.city(), app.clock.now());
    let words = super::words(&app, &city).await?;
    let typed = typed(&mut form);
    let manner = Manner { strict: false, ..Manner::of(&application) };
    mark(&mut form, &reading::all(&typed, &words, manner));
    if !form.is_fine() {
        return unfit(&enter_page(&app, &staff, &words, (Some(application), form), false));
    }
    let before = application.typed();
    application.version = form.get("version").parse().unwrap_or_default();
    let transaction = db::begin(&app.db).await?;
    if application.stage() != Stage::Submitted || !keeping::correct(&transaction, &application, &typed, now).await? {
        drop(transaction);
        let current = staff::seen(&app.db, &id).await?;
        form.set("version", current.version.to_string());
        let page = enter_page(&app, &staff, &words, (Some(current), form), true);
        return Ok((StatusCode::CONFLICT, html(&page)?).into_response());
    }
    let change = (keeping::told(&before), keeping::told(&typed));
    let told = (&staff.actor(), Channel::Screen, "申請内容の修正(事務局)", "");
    story::tell(&transaction, &application, told, change, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=corrected", super::desk_path(application.id))))
}
