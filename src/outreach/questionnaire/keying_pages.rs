//! Keying in sheets of paper, one after the other: after each the empty form again, with the next number.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::answer::{self, Answer};
use super::form;
use super::path;
use super::question::{AGES, Scale};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::outreach::report::{AtVisit, Visit, record as note};
use crate::web::{Form, Frame, Query, html, see, unfit};

/// Sheets that are shown under the form.
const LATEST: i64 = 10;
/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("saved", "1枚、入力しました。"),
    ("removed", "この回答を数えないことにしました。"),
    ("returned", "この回答を数えることにしました。"),
];

#[derive(Template)]
#[template(path = "outreach/questionnaire/keying.html")]
struct KeyingPage<'a> {
    page: Frame,
    visit: &'a Visit,
    when: String,
    path: String,
    form: &'a Form,
    number: i32,
    has_begun: bool,
    latest: Vec<Answer>,
}

impl KeyingPage<'_> {
    fn scales(&self) -> [Scale; 4] {
        Scale::ALL
    }

    fn ages(&self) -> Vec<(&'static str, &'static str)> {
        AGES.to_vec()
    }

    fn chose(&self, name: &str, number: &i32) -> bool {
        self.form.has(name, &number.to_string())
    }
}

async fn keying_page<'a>(app: &App, at: &'a AtVisit, form: &'a Form) -> Result<KeyingPage<'a>, Error> {
    let id = at.visit.session.id;
    Ok(KeyingPage {
        page: Frame::own(app, &format!("{}/keying", path(id)), &at.member),
        visit: &at.visit,
        when: at.visit.when(app.city().profile.zone),
        path: path(id),
        form,
        number: answer::next_number(&app.db, id).await?,
        has_begun: at.visit.has_begun(app.clock.now()),
        latest: answer::latest(&app.db, id, LATEST).await?,
    })
}

/// `GET /staff/outreach/sessions/{id}/questionnaire/keying`.
pub(super) async fn show(State(app): State<App>, mut query: Query, at: AtVisit) -> Result<Response, Error> {
    let form = form::empty();
    let shown = keying_page(&app, &at, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&KeyingPage { page, ..shown })
}

/// `POST /staff/outreach/sessions/{id}/questionnaire/keying`.
pub(super) async fn keep(State(app): State<App>, at: AtVisit, mut form: Form) -> Result<Response, Error> {
    let (visit, now) = (&at.visit, app.clock.now());
    if !visit.has_begun(now) {
        return unfit(&keying_page(&app, &at, &form).await?);
    }
    let Some((id, draft)) = form::read(&mut form, visit.session.id) else {
        return unfit(&keying_page(&app, &at, &form).await?);
    };
    let transaction = db::begin(&app.db).await?;
    let by = at.member.account.shown_name();
    if answer::insert(&transaction, (id, &draft), Some(by), now).await? {
        let kept = answer::find(&transaction, (visit.session.id, id)).await?;
        let told = kept.map(|one| json!({ "紙の番号": one.number, "答え": one.in_short() }));
        let about = (visit.session.id, visit.title());
        let told = (json!(null), told.unwrap_or_default());
        note(&transaction, &at.member.actor(), (about.0, &about.1), "アンケート: 紙の入力", told, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}/keying?done=saved", path(visit.session.id))))
}
