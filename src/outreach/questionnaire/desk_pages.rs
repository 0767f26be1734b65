//! `/staff/outreach/sessions/{id}/questionnaire`: what those who listened said, and the QR code.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::answer::{self, Answer, Marks};
use super::question::Scale;
use super::record::{self, Questionnaire};
use super::sums::Sum;
use super::{path, public_path};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::outreach::report::{AtVisit, Visit, moment, record as note};
use crate::web::{Form, Frame, Query, html, qr, see};

/// Sheets that were taken out of the count and are still shown.
const REMOVED: i64 = 50;
/// What was just done.
const DONE: [(&str, &str); 5] = [
    ("made", "QRコードを作りました。"),
    ("hidden", "ひとことを隠しました。"),
    ("shown", "ひとことを戻しました。"),
    ("removed", "この回答を数えないことにしました。"),
    ("returned", "この回答を数えることにしました。"),
];

#[derive(Template)]
#[template(path = "outreach/questionnaire/desk.html")]
struct DeskPage<'a> {
    page: Frame,
    visit: &'a Visit,
    when: String,
    path: String,
    url: String,
    qr: String,
    until: String,
    sum: Sum,
    paper: usize,
    comments: Vec<Answer>,
    removed: Vec<Answer>,
}

impl DeskPage<'_> {
    fn scales(&self) -> [Scale; 4] {
        Scale::ALL
    }
}

/// The whole address behind the QR code of a questionnaire.
pub(super) fn url(app: &App, found: &Questionnaire) -> String {
    format!("{}{}", app.config.base_url.trim_end_matches('/'), public_path(&found.code))
}

/// `GET /staff/outreach/sessions/{id}/questionnaire`.
pub(super) async fn show(State(app): State<App>, mut query: Query, at: AtVisit) -> Result<Response, Error> {
    let (visit, zone) = (&at.visit, app.city().profile.zone);
    let id = visit.session.id;
    let found = record::find(&app.db, id).await?;
    let mut answers = answer::of_session(&app.db, id).await?;
    let marks: Vec<Marks> = answers.iter().map(|one| one.marks(id)).collect();
    let paper = answers.iter().filter(|one| one.is_paper()).count();
    answers.retain(|one| !one.words.is_empty());
    let url = found.as_ref().map(|found| url(&app, found)).unwrap_or_default();
    let page = Frame::own(&app, &path(id), &at.member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&DeskPage {
        page,
        visit,
        when: visit.when(zone),
        path: path(id),
        qr: if url.is_empty() { String::new() } else { qr(&url, "qr", "アンケートを開くQRコード") },
        url,
        until: found.map(|found| moment(found.until(), zone)).unwrap_or_default(),
        sum: Sum::of(&marks),
        paper,
        comments: answers,
        removed: answer::removed(&app.db, id, REMOVED).await?,
    })
}

/// `POST /staff/outreach/sessions/{id}/questionnaire/code`: makes the code, unless there is one.
pub(super) async fn make_code(State(app): State<App>, at: AtVisit) -> Result<Response, Error> {
    let id = at.visit.session.id;
    record::ensure(&app.db, id, app.clock.now()).await?;
    Ok(see(&format!("{}?done=made", path(id))))
}

/// `POST /staff/outreach/sessions/{id}/questionnaire/answers/{answer}`: hides words that are unfit, takes a sheet out of
/// the count, or undoes either.
pub(super) async fn change(
    State(app): State<App>,
    Path((_, answer)): Path<(String, String)>,
    at: AtVisit,
    form: Form,
) -> Result<Response, Error> {
    let (session, now) = (&at.visit.session, app.clock.now());
    let answer: Uuid = answer.parse().map_err(|_| Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let found = answer::find(&transaction, (session.id, answer)).await?.ok_or(Error::NotFound)?;
    let by = (at.member.account.shown_name(), now);
    let (action, done, is_done) = match form.get("do") {
        "hide" => ("ひとことを隠す", "hidden", answer::hide(&transaction, (found.id, true), by).await?),
        "show" => ("ひとことを戻す", "shown", answer::hide(&transaction, (found.id, false), by).await?),
        "remove" => ("回答を数えない", "removed", answer::remove(&transaction, (found.id, true), by).await?),
        "return" => ("回答を数える", "returned", answer::remove(&transaction, (found.id, false), by).await?),
        _ => return Err(Error::NotFound),
    };
    if is_done {
        let told = json!({ "紙の番号": found.number, "答え": found.in_short() });
        let about = (session.id, at.visit.title());
        let action = format!("アンケート: {action}");
        note(&transaction, &at.member.actor(), (about.0, &about.1), &action, (json!(null), told), now).await?;
        transaction.commit().await?;
    }
    let back = if form.has("from", "keying") { "/keying" } else { "" };
    Ok(see(&format!("{}{back}?done={done}", path(session.id))))
}
