//! `/outreach/q/{code}`: the questionnaire behind the QR code, for whoever sat in the hall.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::answer;
use super::form;
use super::public_path;
use super::question::{AGES, Scale};
use super::record::{self, Opening, Questionnaire};
use crate::accounts::limit::{self, ANSWERS_FROM_NETWORK};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::text::day;
use crate::web::{Form, Frame, Network, Query, html, see, unfit};

/// Said where the time of a questionnaire is over.
const OVER: &str = "このアンケートの受付は終わりました。説明会についてのご意見は、下の連絡先でお聞きします。";

#[derive(Template)]
#[template(path = "outreach/questionnaire/answer.html")]
struct AnswerPage<'a> {
    page: Frame,
    topic: &'a str,
    day: String,
    form: &'a Form,
    is_early: bool,
    is_taken: bool,
}

impl AnswerPage<'_> {
    fn scales(&self) -> [Scale; 4] {
        Scale::ALL
    }

    fn options(&self, scale: &Scale) -> Vec<(String, &'static str)> {
        scale.options().iter().map(|(number, words)| (number.to_string(), *words)).collect()
    }

    fn ages(&self) -> Vec<(&'static str, &'static str)> {
        AGES.to_vec()
    }
}

/// The questionnaire under a code; one whose time is over says so.
async fn opened(app: &App, code: &str) -> Result<(Questionnaire, Opening), Error> {
    let found = record::by_code(&app.db, code).await?.ok_or(Error::NotFound)?;
    match found.opening(app.clock.now()) {
        Opening::Over => Err(Error::LinkOver(OVER)),
        opening => Ok((found, opening)),
    }
}

fn answer_page<'a>(app: &App, found: &'a Questionnaire, form: &'a Form) -> AnswerPage<'a> {
    let on = found.starts_at.with_timezone(&app.city().profile.zone).date_naive();
    AnswerPage {
        page: Frame::new(app, &public_path(&found.code)),
        topic: &found.topic,
        day: day::long(on),
        form,
        is_early: false,
        is_taken: false,
    }
}

/// `GET /outreach/q/{code}`: the questions, without saying for whom the session was.
pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let (found, opening) = opened(&app, &code).await?;
    let is_taken = query.choice("done", "お知らせ", |key| (key == "taken").then_some(true)).unwrap_or(false);
    let form = form::empty();
    let shown = answer_page(&app, &found, &form);
    let page = shown.page.clone().ignoring(query.into_ignored());
    html(&AnswerPage { page, is_early: opening == Opening::Early, is_taken, ..shown })
}

/// `POST /outreach/q/{code}`: takes one sheet; the same form sent twice counts once.
pub(super) async fn take(
    State(app): State<App>,
    Path(code): Path<String>,
    network: Network,
    mut form: Form,
) -> Result<Response, Error> {
    let (found, opening) = opened(&app, &code).await?;
    let thanks = format!("{}?done=taken", public_path(&found.code));
    if opening == Opening::Early {
        return Ok(see(&public_path(&found.code)));
    }
    let Some((id, draft)) = form::read(&mut form, found.session_id) else {
        return unfit(&answer_page(&app, &found, &form));
    };
    // A field that no person sees: whatever fills it is a machine, and is thanked like everybody else.
    if !form.get("website").trim().is_empty() {
        return Ok(see(&thanks));
    }
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if answer::insert(&transaction, (id, &draft), None, now).await? {
        if !limit::count(&transaction, ANSWERS_FROM_NETWORK, &network.0, now).await? {
            return Err(Error::TooMany);
        }
        transaction.commit().await?;
    }
    Ok(see(&thanks))
}
