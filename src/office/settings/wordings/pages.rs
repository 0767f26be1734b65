//! `/staff/settings/letters`: the list of wordings, and one of them with its preview.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::check::{self, BODY, SUBJECT};
use super::difference::{self, Line};
use crate::app::App;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::letters;
use crate::mail::Wording;
use crate::office::settings::kept::{self, Change};
use crate::web::{Admin, Form, Frame, Query, html, see, unfit};

const PATH: &str = "/staff/settings/letters";

#[derive(Template)]
#[template(path = "office/wordings.html")]
struct WordingsPage {
    page: Frame,
    wordings: Vec<(&'static Wording, String, bool)>,
}

/// `GET /staff/settings/letters`.
pub(in crate::office::settings) async fn wordings(
    State(app): State<App>,
    admin: Admin,
    mut query: Query,
) -> Result<Response, Error> {
    let city = app.city();
    let sentences =
        [("saved", "文面を保存しました。"), ("reset", "元の文面に戻しました。"), ("same", "文面は変わっていません。")];
    let page = Frame::own(&app, PATH, &admin.0).saying(&mut query, &sentences);
    let wordings = letters::all().into_iter().map(|wording| {
        let own = city.settings.own(&wording.setting());
        (wording, check::parts(own.unwrap_or(wording.text)).0, own.is_some())
    });
    html(&WordingsPage { page: page.ignoring(query.into_ignored()), wordings: wordings.collect() })
}

#[derive(Template)]
#[template(path = "office/wording.html")]
struct WordingPage {
    page: Frame,
    wording: &'static Wording,
    form: Form,
    preview: Option<(String, String)>,
    is_own: bool,
    lines: Vec<Line>,
}

fn find(key: &str) -> Result<&'static Wording, Error> {
    letters::all().into_iter().find(|wording| wording.key == key).ok_or(Error::NotFound)
}

/// The page of a wording as its form stands now.
fn page(app: &App, admin: &Admin, wording: &'static Wording, form: Form) -> WordingPage {
    let city = app.city();
    let typed = check::whole(form.get("subject"), form.get("body"));
    let lines = difference::lines(wording.text, &typed);
    WordingPage {
        page: Frame::own(app, &format!("{PATH}/{}", wording.key), &admin.0),
        preview: check::preview(wording, &city.settings, &typed).filter(|_| form.is_fine()),
        is_own: city.settings.own(&wording.setting()).is_some(),
        lines: if lines.iter().all(|line| matches!(line, Line::Same(_))) { Vec::new() } else { lines },
        wording,
        form,
    }
}

/// `GET /staff/settings/letters/{key}`.
pub(in crate::office::settings) async fn wording(
    State(app): State<App>,
    admin: Admin,
    Path(key): Path<String>,
) -> Result<Response, Error> {
    let (wording, city) = (find(&key)?, app.city());
    let (subject, body) = check::parts(city.settings.own(&wording.setting()).unwrap_or(wording.text));
    html(&page(&app, &admin, wording, Form::filled([("subject", subject), ("body", body)])))
}

/// `POST /staff/settings/letters/{key}`: shows a preview, keeps the text, or brings the shipped one back.
pub(in crate::office::settings) async fn change(
    State(app): State<App>,
    admin: Admin,
    Path(key): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let wording = find(&key)?;
    if form.get("do") == "reset" {
        let is_changed = keep(&app, &admin, wording, wording.text).await?;
        return Ok(see(&format!("{PATH}?done={}", if is_changed { "reset" } else { "same" })));
    }
    let subject = form.needed_line("subject", "件名", SUBJECT);
    let body = form.needed_block("body", "本文", BODY);
    for (field, sentence) in check::faults(wording, &subject, &body) {
        form.fault(field, sentence);
    }
    if !form.is_fine() {
        return unfit(&page(&app, &admin, wording, form));
    }
    if form.get("do") == "preview" {
        return html(&page(&app, &admin, wording, form));
    }
    let is_changed = keep(&app, &admin, wording, &check::whole(&subject, &body)).await?;
    Ok(see(&format!("{PATH}?done={}", if is_changed { "saved" } else { "same" })))
}

/// Keeps a text of a wording; says whether it is another than before.
async fn keep(app: &App, admin: &Admin, wording: &Wording, text: &str) -> Result<bool, Error> {
    let city: &City = &app.city();
    let now = city.settings.own(&wording.setting()).unwrap_or(wording.text);
    // Trailing spaces and line ends make no other letter.
    let is_same = |one: &str, other: &str| check::parts(one) == check::parts(other);
    if is_same(now, text) {
        return Ok(false);
    }
    let change = Change {
        key: wording.setting(),
        label: "文面".to_owned(),
        before: json!(now),
        after: json!(text),
        own: (!is_same(text, wording.text)).then(|| text.to_owned()),
    };
    let action = if change.own.is_some() { "手紙の文面の変更" } else { "手紙の文面を元に戻す" };
    let transaction = db::begin(&app.db).await?;
    kept::keep(&transaction, &admin.0.actor(), (action, wording.title), &[change], app.clock.now()).await?;
    transaction.commit().await?;
    Ok(true)
}
