//! The applicant's own page: where the application stands, and what can be done from there.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::application::{Application, Stage};
use super::filling::{self, Progress};
use super::link::{self, Opened};
use super::reading::{self, Manner};
use super::step::Step;
use super::summary::{self, Part};
use super::{beginning, decision, keeping, moment, story};
use crate::accounts;
use crate::app::App;
use crate::audit::Channel;
use crate::city::settings;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Network, Query, html, see, unfit};

/// The application behind a personal link; one that is mistyped, forged or out of date is gone.
pub(super) async fn opened(app: &App, token: &str) -> Result<Opened, Error> {
    let days = app.city().settings.number(settings::APPLICATION_DAYS);
    link::open(&app.db, token, days, app.clock.now()).await?.ok_or(Error::LinkGone)
}

#[derive(Template)]
#[template(path = "groups/application/state.html")]
struct StatePage {
    page: Frame,
    base: String,
    /// Where the steps are; empty while nothing can be changed.
    edit: String,
    application: Application,
    by_letter: bool,
    must_verify: bool,
    steps: Vec<Progress>,
    on: Step,
    parts: Vec<Part>,
    corrections: Vec<(&'static str, String, String)>,
    submitted: String,
    decided: String,
    until: String,
    answer_days: i32,
    group: Option<String>,
    sign_in: &'static str,
}

/// `GET /groups/applications/{token}`: where the application stands and what comes next.
pub(super) async fn state(
    State(app): State<App>,
    Path(token): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let city = app.city();
    let words = super::words(&app, &city).await?;
    let application = opened.application.clone();
    let typed = application.typed();
    let read = reading::all(&typed, &words, Manner::of(&application));
    let told =
        |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, |at| moment(at, city.profile.zone));
    let days = city.settings.number(settings::APPLICATION_DAYS);
    let until = application.updated_at + chrono::Duration::days(days.into());
    let parts = summary::of(&read, &words);
    let corrections = match application.stage() {
        Stage::Approved => sent_otherwise(&application, &words, &parts),
        _ => Vec::new(),
    };
    let page = Frame::new(&app, super::NEW).saying(&mut query, &DONE);
    html(&StatePage {
        page: page.ignoring(query.into_ignored()),
        base: opened.path(),
        edit: if application.is_open() { opened.path() } else { String::new() },
        by_letter: opened.by_letter,
        must_verify: opened.must_verify(),
        steps: filling::progress(&opened.path(), &typed, &read),
        on: application.step(),
        submitted: told(application.submitted_at),
        decided: told(application.decided_at),
        until: crate::text::day::long(until.with_timezone(&city.profile.zone).date_naive()),
        answer_days: city.settings.number(settings::ANSWER_DAYS),
        group: application.group_id.map(crate::groups::path),
        sign_in: accounts::SIGN_IN,
        corrections,
        parts,
        application,
    })
}

const DONE: [(&str, &str); 6] = [
    ("kept", "ここまでの内容を保存しました。続きは、いつでもこのページから書けます。"),
    ("verified", "アドレスを確認しました。"),
    ("sent", "確認のメールを送りました。届いたメールのリンクを開いてください。"),
    ("submitted", "申請を受け付けました。受付のメールをお送りします。"),
    ("taken", "申請を手元に戻しました。直してから、もう一度申請してください。"),
    ("withdrawn", "申請を取り下げました。"),
];

/// What the office corrected since the application was handed in.
pub(super) fn sent_otherwise(
    application: &Application,
    words: &reading::Words<'_>,
    now: &[Part],
) -> Vec<(&'static str, String, String)> {
    let sent = reading::all(&application.typed_when_sent(), words, Manner::of(application));
    summary::corrections(&summary::of(&sent, words), now)
}

/// Leads back from the address of an act to the page of the application.
pub(super) async fn to_state(Path(token): Path<String>) -> Response {
    Redirect::to(&super::path(&token)).into_response()
}

/// `POST …/verification`: the owner of the address says that it is theirs; only the link of the letter can.
pub(super) async fn verify(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !opened.by_letter {
        return Err(Error::LinkGone);
    }
    let (application, now) = (&opened.application, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if keeping::verify(&transaction, application, now).await?
        && let Some(group_id) = application.group_id
    {
        // Approved from paper before the address was shown to be theirs: now they may look after the group.
        let name = application.typed().whole().get("applicant").to_owned();
        decision::join(&transaction, (application, group_id), &name, "アドレスの確認", now).await?;
        tell(&transaction, application, "アドレスの確認", now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=verified", opened.path())))
}

async fn tell(
    db: &impl ConnectionTrait,
    application: &Application,
    action: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let name = application.typed().whole().get("applicant").trim().to_owned();
    let change = (json!({ "state": application.stage().label() }), json!({ "state": action }));
    let actor = story::applicant(application, &name);
    story::tell(db, application, (&actor, Channel::Screen, action, ""), change, now).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "groups/application/address.html")]
struct AddressPage {
    page: Frame,
    base: String,
    current: String,
    verified: bool,
    form: Form,
}

fn address_page(app: &App, opened: &Opened, form: Form) -> AddressPage {
    AddressPage {
        page: Frame::new(app, super::NEW),
        base: opened.path(),
        current: opened.application.mail.clone(),
        verified: opened.application.is_verified(),
        form,
    }
}

/// `GET …/address`: send the letter again, or to another address.
pub(super) async fn address(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !opened.application.is_open() || opened.must_verify() {
        return Ok(see(&opened.path()));
    }
    let form = Form::filled([("mail", opened.application.mail.clone())]);
    html(&address_page(&app, &opened, form))
}

/// `POST …/address`: sends the letter, to the same address or to a new one that is still to be shown.
pub(super) async fn change_address(
    State(app): State<App>,
    Path(token): Path<String>,
    Network(network): Network,
    mut form: Form,
) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if opened.must_verify() {
        return Ok(see(&opened.path()));
    }
    let Some(mail) = beginning::address(&mut form) else { return unfit(&address_page(&app, &opened, form)) };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if !link::may_be_sent(&transaction, (&mail, &network), now).await? {
        return Err(Error::TooMany);
    }
    let mut application = opened.application.clone();
    let other = mail != application.mail;
    if other && !keeping::change_address(&transaction, &application, &mail, now).await? {
        return Ok(see(&opened.path()));
    }
    if other {
        (application.mail, application.verified_at) = (mail, None);
    }
    beginning::post_link(&transaction, &app, &application, &network).await?;
    // Whoever came by the letter to the old address goes on in this browser.
    let token = match other && opened.by_letter {
        true => link::make(&transaction, application.id, ("", &network), now).await?,
        false => token,
    };
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", super::path(&token))))
}

/// `POST …/taking-back`: the applicant wants to correct what waits for the office.
pub(super) async fn take_back(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let done = !opened.must_verify() && keeping::take_back(&transaction, &opened.application, now).await?;
    if done {
        tell(&transaction, &opened.application, "申請者が直すため取り戻し", now).await?;
    }
    transaction.commit().await?;
    Ok(see(&if done { format!("{}?done=taken", opened.path()) } else { opened.path() }))
}

/// `POST …/withdrawal`: the applicant gives it up.
pub(super) async fn withdraw(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let done = !opened.must_verify() && keeping::withdraw(&transaction, &opened.application, now).await?;
    if done && opened.application.submitted_at.is_some() {
        tell(&transaction, &opened.application, "申請の取り下げ", now).await?;
    }
    transaction.commit().await?;
    Ok(see(&if done { format!("{}?done=withdrawn", opened.path()) } else { opened.path() }))
}
