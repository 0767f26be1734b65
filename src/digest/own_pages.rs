//! A reader's own page, by the secret of any letter: confirming an order, other days, resting, ending, being forgotten.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::cadence::{self, Cadence};
use super::order::{self, Wanted};
use super::reader::{self, Reader};
use super::sign_up_pages::{of_entry, of_feed};
use super::star::{self, Star};
use super::subscription::{self, Act, Subscription};
use super::way::{self, Way};
use super::{INDEX, choices, own_path, sending};
use crate::app::App;
use crate::city::settings::DIGEST_ORDER_DAYS;
use crate::error::Error;
use crate::text::day;
use crate::web::query::link;
use crate::web::{Form, Frame, Query, html, see};
use crate::{calendar, db, mail};

/// What a redirect to the page may say.
const DONE: [(&str, &str); 7] = [
    ("confirmed", "お知らせメールを始めました。"),
    ("moved", "届く日を変えました。"),
    ("paused", "お休みにしました。再開するまで届きません。"),
    ("resumed", "再開しました。"),
    ("ended", "このお知らせメールをやめました。"),
    ("starless", "この予定のお知らせをやめました。"),
    ("over", "その登録は、すでに終わっています。"),
];

/// Said when something was over before its order was confirmed.
const OVER: &str = "この予定は、終わったか、掲載がなくなったため、お知らせを始められません。ほかの予定は「予定」のページからお選びください。";

#[derive(Template)]
#[template(path = "digest/gone.html")]
struct GonePage {
    page: Frame,
    form: Form,
}

/// The answer to a link that is good no more, or whose reader was forgotten.
pub(super) fn gone(app: &App) -> Result<Response, Error> {
    let page = GonePage { page: Frame::new(app, INDEX), form: Form::new() };
    Ok((StatusCode::GONE, Html(page.render()?)).into_response())
}

#[derive(Template)]
#[template(path = "digest/confirm.html")]
struct ConfirmPage {
    page: Frame,
    path: String,
    what: String,
    address: String,
}

/// A subscription as its reader sees it.
struct Line {
    id: Uuid,
    title: String,
    is_there: bool,
    cadence: String,
    label: String,
    next: String,
    is_paused: bool,
}

#[derive(Template)]
#[template(path = "digest/own.html")]
struct OwnPage {
    page: Frame,
    path: String,
    address: String,
    is_refused: bool,
    lines: Vec<Line>,
    stars: Vec<Star>,
}

impl OwnPage {
    fn cadences(&self) -> Vec<(String, String)> {
        Cadence::all().map(|cadence| (cadence.key(), cadence.label())).collect()
    }

    fn until(&self, star: &Star) -> String {
        day::long(star.ends_on)
    }

    fn entry_path(&self, star: &Star) -> String {
        calendar::path(star.entry_id)
    }
}

pub(super) async fn opened(app: &App, token: &str) -> Result<Option<(Way, Reader)>, Error> {
    let Some(way) = way::find(&app.db, token, app.clock.now()).await? else { return Ok(None) };
    Ok(reader::find(&app.db, way.reader_id).await?.map(|reader| (way, reader)))
}

/// `GET /subscribe/mail/{token}`: the order to confirm, or everything that the reader gets.
pub async fn show(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let days = app.city().settings.number(DIGEST_ORDER_DAYS);
    if let Some(order) = order::find(&app.db, &token, days, app.clock.now()).await? {
        let what = match order.wanted() {
            Wanted::Feed(feed, cadence) => {
                let title = choices::title(&app, &feed).await?;
                title.map(|title| of_feed(&title, cadence, sending::hour(&app)))
            }
            Wanted::Entry(id) => calendar::find_public(&app.db, id).await?.map(|entry| of_entry(&entry.title)),
        };
        let Some(what) = what else { return gone(&app) };
        let page = Frame::new(&app, INDEX).ignoring(query.into_ignored());
        return html(&ConfirmPage { page, path: own_path(&token), what, address: mail::hinted(&order.mail) });
    }
    let Some((_, reader)) = opened(&app, &token).await? else { return gone(&app) };
    let page = Frame::new(&app, INDEX).saying(&mut query, &DONE);
    let mut lines = Vec::new();
    for subscription in subscription::of_reader(&app.db, reader.id).await? {
        lines.push(line(&app, subscription).await?);
    }
    html(&OwnPage {
        page: page.ignoring(query.into_ignored()),
        path: own_path(&token),
        address: mail::hinted(&reader.mail),
        is_refused: reader.refused_at.is_some(),
        stars: star::of_reader(&app.db, reader.id).await?,
        lines,
    })
}

async fn line(app: &App, subscription: Subscription) -> Result<Line, Error> {
    let title = choices::title(app, &subscription.feed).await?;
    let local = cadence::local(app.clock.now(), app.city().profile.zone);
    let cadence = subscription.cadence();
    let hour = sending::hour(app);
    Ok(Line {
        id: subscription.id,
        is_there: title.is_some(),
        title: title.unwrap_or_else(|| "(掲載がなくなった予定)".to_owned()),
        cadence: cadence.key(),
        label: cadence.label(),
        next: format!("{} {hour}時ごろ", day::long(cadence.next(local, hour))),
        is_paused: subscription.paused_at.is_some(),
    })
}

/// Leads back to the page of a secret from the address of an act.
pub async fn back(Path(token): Path<String>) -> Response {
    see(&own_path(&token))
}

/// The same from the address of an act on one of the things.
pub async fn back_from(Path((token, _)): Path<(String, String)>) -> Response {
    see(&own_path(&token))
}

pub(super) fn said(token: &str, key: &str) -> Response {
    see(&link(&own_path(token), &[("done", key)]))
}

/// `POST …/confirmation`: the owner of the address confirms the order; the same secret opens the page from then on.
pub async fn confirm(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let (now, days) = (app.clock.now(), app.city().settings.number(DIGEST_ORDER_DAYS));
    let transaction = db::begin(&app.db).await?;
    let order = order::find(&transaction, &token, days, now).await?;
    let is_first = order.is_some() && order::take(&transaction, &token).await?;
    let Some(order) = order.filter(|_| is_first) else {
        transaction.rollback().await?;
        return if opened(&app, &token).await?.is_some() { Ok(said(&token, "confirmed")) } else { gone(&app) };
    };
    let reader = reader::ensure(&transaction, &order.mail, now).await?;
    reader::accept(&transaction, &reader).await?;
    if !begin(&transaction, &app, reader.id, order.wanted()).await? {
        return Err(Error::LinkOver(OVER));
    }
    way::open(&transaction, &way::hash(&token), reader.id, now).await?;
    transaction.commit().await?;
    Ok(said(&token, "confirmed"))
}

/// Begins what was ordered; says whether there is anything to tell of.
async fn begin(db: &impl ConnectionTrait, app: &App, reader: Uuid, wanted: Wanted) -> Result<bool, Error> {
    let now = app.clock.now();
    match wanted {
        Wanted::Feed(feed, cadence) => {
            let slot = cadence.slot(cadence::local(now, app.city().profile.zone), sending::hour(app));
            subscription::put(db, reader, (&feed, cadence), slot, now).await?;
            Ok(true)
        }
        Wanted::Entry(id) => match calendar::find_public(db, id).await? {
            Some(entry) => Ok(star::put(db, reader, &entry, (app.today(), now)).await?),
            None => Ok(false),
        },
    }
}

/// `POST …/digests/{id}`: sends a subscription on other days, lets it rest or go on, or ends it.
pub async fn change(
    State(app): State<App>,
    Path((token, id)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Error> {
    let Some((_, reader)) = opened(&app, &token).await? else { return gone(&app) };
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let local = cadence::local(app.clock.now(), app.city().profile.zone);
    let hour = sending::hour(&app);
    let found = subscription::of_reader(&app.db, reader.id).await?.into_iter().find(|one| one.id == id);
    let Some(found) = found else { return Ok(said(&token, "over")) };
    let chosen = Cadence::from_key(form.get("cadence")).unwrap_or(found.cadence());
    let (act, done) = match form.get("act") {
        "move" => (Act::Move(chosen, chosen.slot(local, hour)), "moved"),
        "pause" => (Act::Pause(app.clock.now()), "paused"),
        "resume" => (Act::Resume(found.cadence().slot(local, hour)), "resumed"),
        "end" => (Act::End, "ended"),
        _ => return Err(Error::UnknownForm),
    };
    let transaction = db::begin(&app.db).await?;
    let was_there = subscription::act(&transaction, reader.id, id, act).await?;
    if matches!(act, Act::Resume(_)) {
        reader::accept(&transaction, &reader).await?;
    }
    let is_done = act == Act::End && reader::forget_if_done(&transaction, reader.id).await?;
    transaction.commit().await?;
    Ok(if is_done { forgotten() } else { said(&token, if was_there { done } else { "over" }) })
}

/// `POST …/stars/{id}`: ends a star.
pub async fn end_star(State(app): State<App>, Path((token, id)): Path<(String, String)>) -> Result<Response, Error> {
    let Some((_, reader)) = opened(&app, &token).await? else { return gone(&app) };
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let was_there = star::end(&transaction, reader.id, id).await?;
    let is_done = reader::forget_if_done(&transaction, reader.id).await?;
    transaction.commit().await?;
    Ok(if is_done { forgotten() } else { said(&token, if was_there { "starless" } else { "over" }) })
}

/// `POST …/forgetting`: ends everything and forgets the address.
pub async fn forget(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    if let Some((_, reader)) = opened(&app, &token).await? {
        let transaction = db::begin(&app.db).await?;
        reader::forget(&transaction, &reader).await?;
        transaction.commit().await?;
    }
    Ok(forgotten())
}

pub(super) fn forgotten() -> Response {
    see(&link(INDEX, &[("done", "forgotten")]))
}
