//! One's own page: the groups somebody looks after, their name, and the browsers in which they are signed in.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::accounts::shown::{self, ShownSession};
use crate::accounts::{ME, account, session};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::groups::{self, Membership};
use crate::mail::{self, TopicChoice};
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 5] = [
    ("named", "名前を保存しました。"),
    ("ended", "その端末のサインインを終えました。"),
    ("others", "ほかの端末のサインインを、すべて終えました。"),
    ("sent", "送信しました。"),
    ("topics", "メールの希望を保存しました。"),
];

/// One's own page and what is done on it.
pub fn routes() -> Router<App> {
    Router::new()
        .route(ME, get(show))
        .route("/me/name", get(back).post(rename))
        .route("/me/sessions/others", get(back).post(end_others))
        .route("/me/sessions/{id}", post(end))
}

#[derive(Template)]
#[template(path = "me/me.html")]
struct MePage {
    page: Frame,
    form: Form,
    member: Member,
    groups: Vec<Membership>,
    topics: Vec<TopicChoice>,
    sessions: Vec<ShownSession>,
}

async fn page(app: &App, frame: Frame, member: Member, form: Form) -> Result<MePage, Error> {
    let (now, zone) = (app.clock.now(), app.city().profile.zone);
    let sessions = session::of_account(&app.db, &member.account, now).await?;
    Ok(MePage {
        page: frame,
        form,
        groups: groups::member::of_account(&app.db, member.account.id).await?,
        topics: mail::choices(&app.db, &member.account.mail).await?,
        sessions: shown::sessions(sessions, Some(member.session.id), zone),
        member,
    })
}

async fn show(State(app): State<App>, member: Member, mut query: Query) -> Result<Response, Error> {
    let frame = Frame::own(&app, ME, &member).saying(&mut query, &DONE);
    let form = Form::filled([("name", member.account.name.clone())]);
    html(&page(&app, frame, member, form).await?)
}

async fn back() -> Response {
    see(ME)
}

async fn rename(State(app): State<App>, member: Member, mut form: Form) -> Result<Response, Error> {
    let name = form.line("name", "名前", 100);
    if name.is_empty() && member.is_staff() {
        form.fault("name", "職員は、名前を書いてください。");
    }
    if !form.is_fine() {
        return unfit(&page(&app, Frame::own(&app, ME, &member), member, form).await?);
    }
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if account::set_name(&transaction, member.account.id, &name).await? {
        let (before, after) = (json!({"氏名": member.account.name}), json!({"氏名": name}));
        record(&transaction, &member, "名前の変更", (before, after), now).await?;
    }
    transaction.commit().await?;
    Ok(see("/me?done=named"))
}

async fn end(State(app): State<App>, member: Member, Path(id): Path<String>) -> Result<Response, Error> {
    let (id, now) = (Uuid::parse_str(&id).map_err(|_| Error::NotFound)?, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if !session::end(&transaction, member.account.id, id, now).await? {
        return Err(Error::NotFound);
    }
    record(&transaction, &member, "端末のサインインの終了", (json!(null), json!(null)), now).await?;
    transaction.commit().await?;
    Ok(see("/me?done=ended"))
}

async fn end_others(State(app): State<App>, member: Member) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let ended = session::end_others(&transaction, member.account.id, member.session.id, now).await?;
    if ended > 0 {
        let after = json!({"終えた端末": ended});
        record(&transaction, &member, "ほかの端末のサインインの終了", (json!(null), after), now).await?;
    }
    transaction.commit().await?;
    Ok(see("/me?done=others"))
}

async fn record(
    tx: &impl ConnectionTrait,
    member: &Member,
    action: &str,
    (before, after): (serde_json::Value, serde_json::Value),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let event = Event {
        actor: &member.actor(),
        channel: Channel::Screen,
        action,
        noun: "account",
        noun_id: member.account.id.to_string(),
        group_id: None,
        title: member.account.shown_name(),
        before,
        after,
        reason: "",
    };
    Ok(audit::record(tx, event, now).await?)
}
