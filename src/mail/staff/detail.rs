//! One letter as staff see it: exactly as it leaves, but for its secrets, and what to do about it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as From};
use axum::response::Response;
use uuid::Uuid;

use super::SAID;
use crate::app::App;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::mail::OUTBOX;
use crate::mail::compose::{self, MASK, Sheet};
use crate::mail::deciding::{self, Decision};
use crate::mail::letter::{self, StoredLetter};
use crate::mail::transport::sender;
use crate::web::query::link;
use crate::web::{Frame, Query, Staff, html, see};

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterPage {
    page: Frame,
    city: Arc<City>,
    letter: StoredLetter,
    sheet: Sheet,
    from: String,
    to: String,
    head: Vec<(&'static str, String)>,
    has_server: bool,
    shows_secrets: bool,
    has_secrets: bool,
    decisions: Vec<Decision>,
}

/// `GET /staff/mail/{id}`: a letter as it leaves.
pub(in crate::mail) async fn letter(
    From(app): From<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let letter = letter::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let shows_secrets = may_pass_on(&app, &letter).await?;
    let secrets = letter.secrets();
    let secret = |name: &str| {
        let value = secrets.get(name).filter(|_| shows_secrets).cloned();
        Some(value.unwrap_or_else(|| MASK.to_owned()))
    };
    let sheet =
        compose::sheet(&letter, &app.config.base_url, secret).map_err(|fault| Error::Template(fault.to_string()))?;
    let from = app.config.mail_from.as_deref().and_then(|from| sender(from).ok());
    let page = Frame::own(&app, OUTBOX, &staff.0).saying(&mut query, &SAID).ignoring(query.into_ignored());
    html(&LetterPage {
        page,
        city: app.city(),
        head: from.as_ref().map(|from| compose::headers(&sheet, from)).unwrap_or_default(),
        from: from.map_or_else(
            || "(未設定: KYODO_MAIL_FROM)".to_owned(),
            |from| shown(from.name.as_deref(), from.email.as_ref()),
        ),
        to: shown(Some(&letter.to_name), &letter.to_mail),
        has_server: app.config.smtp_url.is_some(),
        shows_secrets,
        has_secrets: [&letter.body, &letter.subject, &letter.calendar].iter().any(|text| text.contains("{{secret:")),
        decisions: decisions(&letter),
        sheet,
        letter,
    })
}

/// Without a mail server staff pass letters on, links included; those to their own kind they never see.
async fn may_pass_on(app: &App, letter: &StoredLetter) -> Result<bool, Error> {
    if app.config.smtp_url.is_some() {
        return Ok(false);
    }
    let accounts = letter.addressee(&app.db).await?;
    Ok(accounts.iter().all(|account| !account.role().is_staff()))
}

fn shown(name: Option<&str>, address: &str) -> String {
    match name.unwrap_or_default() {
        "" => address.to_owned(),
        name => format!("{name} <{address}>"),
    }
}

fn decisions(letter: &StoredLetter) -> Vec<Decision> {
    let fits = |decision: &Decision| {
        decision.applies_to().contains(&letter.state()) && !(*decision == Decision::Retry && letter.is_spent())
    };
    Decision::ALL.into_iter().filter(fits).collect()
}

/// `POST /staff/mail/{id}/{decision}`: hold, release, retry or cancel one letter.
pub(in crate::mail) async fn decide(
    From(app): From<App>,
    staff: Staff,
    Path((id, decision)): Path<(Uuid, String)>,
) -> Result<Response, Error> {
    let decision = Decision::from_key(&decision).ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let letter = letter::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    let is_done = decisions(&letter).contains(&decision)
        && deciding::decide(&transaction, &letter, decision, &staff.actor(), app.clock.now()).await?;
    transaction.commit().await?;
    Ok(see(&link(&letter.path(), &[("done", if is_done { decision.key() } else { "late" })])))
}
