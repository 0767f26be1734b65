//! The steps of an application on the screen of whoever has the personal link; every step is kept, faults and all.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::application::Application;
use super::keeping::{self, Kept};
use super::link::Opened;
use super::reading::{self, Manner, Read, Words};
use super::step::Step;
use super::summary;
use super::typed::{self, Part, Typed};
use super::{Choices, pages};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// How far a step is, for the list of steps.
pub(super) struct Progress {
    pub step: Step,
    pub path: String,
    pub words: &'static str,
}

/// How far each step is.
pub(super) fn progress(base: &str, typed: &Typed, read: &Read) -> Vec<Progress> {
    let words = |step: Step| match (typed.part(step), read.forms.get(&step)) {
        (Some(_), Some(form)) if form.is_fine() => "書きました",
        (Some(_), Some(_)) => "直すところがあります",
        _ => "これから",
    };
    Step::ALL.map(|step| Progress { step, path: format!("{base}/{}", step.key()), words: words(step) }).into()
}

/// Why a step was not kept.
enum Clash {
    /// Other texts were kept meanwhile: label and text of each that differs.
    Other(Vec<(&'static str, String)>),
    /// The application is with the office, or decided.
    Closed,
}

#[derive(Template)]
#[template(path = "groups/application/step.html")]
struct StepPage<'a> {
    page: Frame,
    base: String,
    step: Step,
    version: i32,
    steps: Vec<Progress>,
    can_confirm: bool,
    verified: bool,
    mail: String,
    clash: Option<Clash>,
    choices: Choices<'a>,
    form: Form,
}

fn step_page<'a>(
    app: &App,
    (opened, step): (&Opened, Step),
    words: &'a Words<'a>,
    form: Form,
    clash: Option<Clash>,
) -> StepPage<'a> {
    let application = &opened.application;
    let typed = application.typed();
    let read = reading::all(&typed, words, Manner::of(application));
    StepPage {
        page: Frame::new(app, super::NEW),
        base: opened.path(),
        version: typed.version(step),
        steps: progress(&opened.path(), &typed, &read),
        can_confirm: typed.part(Step::Requirements).is_some(),
        verified: application.is_verified(),
        mail: application.mail.clone(),
        choices: Choices::of(words),
        step,
        clash,
        form,
    }
}

/// `GET /groups/applications/{token}/{step}`: a step with what was typed so far.
pub(super) async fn show(
    State(app): State<App>,
    Path((token, key)): Path<(String, String)>,
    mut query: Query,
) -> Result<Response, Error> {
    let step = Step::from_key(&key).ok_or(Error::NotFound)?;
    let opened = pages::opened(&app, &token).await?;
    if !opened.application.is_open() || opened.must_verify() {
        return Ok(see(&opened.path()));
    }
    let city = app.city();
    let words = super::words(&app, &city).await?;
    let mut form = opened.application.typed().form(step);
    if step == Step::Contacts && !form.sent("mail") {
        form.set("mail", opened.application.mail.clone());
    }
    let mut page = step_page(&app, (&opened, step), &words, form, None);
    page.page = page.page.saying(&mut query, &[("begun", BEGUN)]);
    html(&page)
}

const BEGUN: &str = "確認のメールを送りました。このまま続けて書けます。申請を出すまでに、届いたメールのリンクを開いて、アドレスの確認をしてください。";

/// `POST /groups/applications/{token}/{step}`: keeps what was typed, then goes on, back or away.
pub(super) async fn keep(
    State(app): State<App>,
    Path((token, key)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Error> {
    let step = Step::from_key(&key).filter(|step| *step != Step::Confirm).ok_or(Error::NotFound)?;
    let opened = pages::opened(&app, &token).await?;
    if opened.must_verify() {
        return Ok(see(&opened.path()));
    }
    let city = app.city();
    let words = super::words(&app, &city).await?;
    let Some(values) = typed::sent(step, &form) else {
        return too_long(&app, (&opened, step), &words, form);
    };
    let seen = form.get("version").parse().unwrap_or_default();
    let transaction = db::begin(&app.db).await?;
    let kept = keeping::step(&transaction, opened.application.id, (step, seen), values, app.clock.now()).await?;
    transaction.commit().await?;
    let opened = pages::opened(&app, &token).await?;
    let clash = match kept {
        Kept::Done => return went_on(&app, (&opened, step), &words, form),
        Kept::Closed => Clash::Closed,
        Kept::Other(part) => Clash::Other(differing(&opened.application, step, &words, (&form, &part))),
    };
    let page = step_page(&app, (&opened, step), &words, form, Some(clash));
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Where one goes after a step was kept; only going on asks for a step without faults.
fn went_on(app: &App, (opened, step): (&Opened, Step), words: &Words<'_>, form: Form) -> Result<Response, Error> {
    let to = |step: Step| format!("{}/{}", opened.path(), step.key());
    match form.get("go") {
        "back" => return Ok(see(&to(step.before()))),
        "later" => return Ok(see(&format!("{}?done=kept", opened.path()))),
        "confirm" => return Ok(see(&to(Step::Confirm))),
        _ => {}
    }
    let read = reading::all(&opened.application.typed(), words, Manner::of(&opened.application));
    match read.forms.get(&step) {
        Some(read) if !read.is_fine() => unfit(&step_page(app, (opened, step), words, read.clone(), None)),
        _ => Ok(see(&to(step.next()))),
    }
}

fn too_long(app: &App, (opened, step): (&Opened, Step), words: &Words<'_>, mut form: Form) -> Result<Response, Error> {
    let first = step.fields().first().map_or("name", |field| field.name);
    form.fault(first, "文字が多すぎるため、保存できませんでした。短くしてから、もう一度お試しください。");
    let manner = Manner::of(&opened.application);
    let mut read = reading::all(&Typed::default(), words, manner);
    reading::one(step, &mut form, words, manner, &mut read);
    unfit(&step_page(app, (opened, step), words, form, None))
}

/// The fields in which what somebody else kept differs from what was sent.
fn differing(
    application: &Application,
    step: Step,
    words: &Words<'_>,
    (form, part): (&Form, &Part),
) -> Vec<(&'static str, String)> {
    let lines = |values: Vec<(String, String)>| {
        let mut typed = Typed::default();
        typed.put(step, values);
        let read = reading::all(&typed, words, Manner::of(application));
        summary::of(&read, words).into_iter().filter(|part| part.step == step).flat_map(|part| part.lines)
    };
    let own = lines(typed::sent(step, form).unwrap_or_default());
    let pairs = own.zip(lines(part.values.clone()));
    let other = pairs.filter(|(own, other)| (&own.text, own.is_public) != (&other.text, other.is_public));
    other
        .map(|(_, other)| (other.label, if other.text.is_empty() { "(なし)".to_owned() } else { other.text }))
        .collect()
}
