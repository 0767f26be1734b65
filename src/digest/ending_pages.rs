//! Stopping what a letter was about: the page behind its last link, and the one click of mail programs.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::own_pages::{forgotten, gone, opened, said};
use super::way::{Subject, Way};
use super::{INDEX, choices, end_path, own_path, reader, star, subscription, taker};
use crate::app::App;
use crate::error::Error;
use crate::web::{Form, Frame, html};
use crate::{db, mail};

#[derive(Template)]
#[template(path = "digest/end.html")]
struct EndPage {
    page: Frame,
    path: String,
    own: String,
    address: String,
    /// What stops; nothing where it has stopped already.
    what: Option<String>,
}

/// What a letter was about, in words, while it is still sent.
async fn about(app: &App, way: &Way) -> Result<Option<String>, Error> {
    match way.subject() {
        Subject::Subscription(id) => {
            let all = subscription::of_reader(&app.db, way.reader_id).await?;
            let Some(found) = all.into_iter().find(|one| one.id == id) else { return Ok(None) };
            let title = choices::title(app, &found.feed).await?.unwrap_or_default();
            Ok(Some(format!("「{title}」のお知らせメール({})", found.cadence().label())))
        }
        Subject::Star(id) => {
            let found = star::of_reader(&app.db, way.reader_id).await?.into_iter().find(|one| one.id == id);
            Ok(found.map(|star| format!("「{}」の中止・変更のお知らせ", star.title)))
        }
        Subject::Page => Ok(None),
    }
}

/// `GET …/end`: what the letters are, and a button; a program that follows links changes nothing.
pub async fn ending(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let Some((way, reader)) = opened(&app, &token).await? else { return gone(&app) };
    html(&EndPage {
        page: Frame::new(&app, INDEX),
        what: about(&app, &way).await?,
        path: end_path(&token),
        own: own_path(&token),
        address: mail::hinted(&reader.mail),
    })
}

/// `POST …/end`: stops what the letter was about; also takes the one-click post of mail programs.
pub async fn end(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    // RFC 8058 §3.1: a provider's post is answered at once, never led on; nothing comes by a secret that is forgotten.
    let by_program = form.sent("List-Unsubscribe");
    let Some((way, _)) = opened(&app, &token).await? else {
        return if by_program { Ok("止まっています。\n".into_response()) } else { gone(&app) };
    };
    let transaction = db::begin(&app.db).await?;
    let was_there = taker::stop(&transaction, &way).await?;
    transaction.commit().await?;
    let is_left = reader::find(&app.db, way.reader_id).await?.is_some();
    Ok(match (by_program, is_left) {
        (true, _) => "止めました。\n".into_response(),
        (false, true) => said(&token, if was_there { "ended" } else { "over" }),
        (false, false) => forgotten(),
    })
}
