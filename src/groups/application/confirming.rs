//! The last step: everything once more, groups that look the same, and the button that hands the application in.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::application::{Application, Stage};
use super::filling::{self, Progress};
use super::letters::{self, About};
use super::link::{self, Opened};
use super::pages::opened;
use super::reading::{self, Manner, Read};
use super::step::Step;
use super::summary::{self, Part};
use super::{keeping, story};
use crate::app::App;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::duplicates::{self, Audience, Duplicate};
use crate::mail;
use crate::web::{Form, Frame, Network, html, see};

#[derive(Template)]
#[template(path = "groups/application/confirm.html")]
struct ConfirmPage<'a> {
    page: Frame,
    city: &'a City,
    base: String,
    application: Application,
    steps: Vec<Progress>,
    parts: Vec<Part>,
    faults: Vec<(Step, String)>,
    duplicates: Vec<Duplicate>,
    returned: bool,
    stale: bool,
    form: Form,
}

/// What the last step looks at.
struct Look {
    opened: Opened,
    read: Read,
    duplicates: Vec<Duplicate>,
}

async fn look(app: &App, token: &str) -> Result<Look, Error> {
    let opened = opened(app, token).await?;
    let city = app.city();
    let words = super::words(app, &city).await?;
    let read = reading::all(&opened.application.typed(), &words, Manner::of(&opened.application));
    let duplicates = duplicates::find(&app.db, &read.draft, Audience::Applicant).await?;
    Ok(Look { opened, read, duplicates })
}

async fn page(app: &App, look: Look, form: Form, (status, stale): (StatusCode, bool)) -> Result<Response, Error> {
    let city = app.city();
    let words = super::words(app, &city).await?;
    let Look { opened, read, duplicates } = look;
    let page = ConfirmPage {
        page: Frame::new(app, super::NEW),
        city: &city,
        steps: filling::progress(&opened.path(), &opened.application.typed(), &read),
        parts: summary::of(&read, &words),
        faults: read.faults(),
        base: opened.path(),
        returned: opened.application.stage() == Stage::Returned,
        application: opened.application,
        duplicates,
        stale,
        form,
    };
    Ok((status, html(&page)?).into_response())
}

/// `GET …/confirm`: everything that was typed, with ways to put it right.
pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let look = look(&app, &token).await?;
    if !look.opened.application.is_open() || look.opened.must_verify() {
        return Ok(see(&look.opened.path()));
    }
    let form = Form::filled([("answer", look.opened.application.answer.clone())]);
    page(&app, look, form, (StatusCode::OK, false)).await
}

/// `POST …/confirm`: hands the application in, unless something is still to be put right.
pub(super) async fn submit(
    State(app): State<App>,
    Path(token): Path<String>,
    Network(network): Network,
    mut form: Form,
) -> Result<Response, Error> {
    let look = look(&app, &token).await?;
    if !look.opened.application.is_open() || look.opened.must_verify() {
        return Ok(see(&look.opened.path()));
    }
    if form.get("version") != look.opened.application.version.to_string() {
        return page(&app, look, form, (StatusCode::CONFLICT, true)).await;
    }
    let answer = check(&look, &mut form);
    if !form.is_fine() || !look.read.is_fine() {
        return page(&app, look, form, (StatusCode::UNPROCESSABLE_ENTITY, false)).await;
    }
    match hand_in(&app, &look, &answer, &network).await? {
        true => Ok(see(&format!("{}?done=submitted", look.opened.path()))),
        false => page(&app, look, form, (StatusCode::CONFLICT, true)).await,
    }
}

/// Checks what stands beside the summary and gives the answer to the office's question.
fn check(look: &Look, form: &mut Form) -> String {
    if !look.opened.application.is_verified() {
        form.fault("address", "アドレスの確認がまだです。届いたメールのリンクを開いて、確認のボタンを押してください。");
    }
    if !look.duplicates.is_empty() && !form.has("different", "1") {
        form.fault("different", "よく似た団体が名簿にあります。別の団体であることを確かめて、印を付けてください。");
    }
    form.block("answer", "お返事", 4_000)
}

async fn hand_in(app: &App, look: &Look, answer: &str, network: &str) -> Result<bool, Error> {
    let Look { opened, read, duplicates } = look;
    let (application, now, city) = (&opened.application, app.clock.now(), app.city());
    let others: Vec<Uuid> = duplicates.iter().map(|duplicate| duplicate.group_id).collect();
    let transaction = db::begin(&app.db).await?;
    if !keeping::submit(&transaction, application, (&others, answer), now).await? {
        return Ok(false);
    }
    story::tell_handed_in(&transaction, application, answer, now).await?;
    let token = link::make(&transaction, application.id, (&application.mail, network), now).await?;
    let link = format!("{}{}", app.config.base_url, super::path(&token));
    let about =
        About { city: &city, mail: &application.mail, applicant: &read.applicant, name: &read.draft.name, link: &link };
    mail::post(&transaction, &about.letter(&letters::RECEIVED, &[])?, &app.config.host(), now).await?;
    transaction.commit().await?;
    Ok(true)
}
