//! What is done with a source by a button.

use axum::extract::{Path, State as Extracted};
use axum::response::Response;

use super::refresh::{Done, refresh_one};
use super::source_page::unfit_file;
use super::{Fault, Room, rights, source_path, states};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Member, Staff, see};

fn told(id: uuid::Uuid, done: &str) -> Response {
    see(&format!("{}?done={done}", source_path(id)))
}

/// `POST /sources/{id}/request`: hands a tried source in to the office.
pub async fn ask(Extracted(app): Extracted<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    states::ask(&transaction, &room.desk(&app), &source, &member.actor()).await?;
    transaction.commit().await?;
    Ok(told(source.id, "asked"))
}

/// `POST /sources/{id}/approval`: takes in what came and reads it from now on.
pub async fn approve(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let room = Room::open(&app);
    let note = form.block("note", "ひとこと", 500);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    if !form.is_fine() {
        drop(transaction);
        return unfit_file(&app, &member, &source, &form).await;
    }
    match states::approve(&transaction, &room.desk(&app), &source, (&member.actor(), &note)).await {
        Ok(_) => transaction.commit().await?,
        Err(Fault::Refused(sentences)) => {
            transaction.rollback().await?;
            form.fault("note", sentences);
            return unfit_file(&app, &member, &source, &form).await;
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(told(source.id, "approved"))
}

/// `POST /sources/{id}/refusal`: does not read it, and says why.
pub async fn refuse(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let room = Room::open(&app);
    let why = form.needed_block("reason", "見送りの理由", 1_000);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    if !form.is_fine() {
        drop(transaction);
        return unfit_file(&app, &member, &source, &form).await;
    }
    states::refuse(&transaction, &room.desk(&app), &source, (&member.actor(), &why)).await?;
    transaction.commit().await?;
    Ok(told(source.id, "refused"))
}

/// `POST /sources/{id}/reading`: reads it now.
pub async fn read_now(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    let room = Room::open(&app);
    let done = match refresh_one(&app.db, &room.desk(&app), source.id).await? {
        None | Some(Done::Overtaken) => "busy",
        Some(Done::Same) => "same",
        Some(Done::Taken(_)) => "taken",
        Some(Done::Held(_)) => "held",
        Some(Done::Failed(_)) => "",
    };
    Ok(told(source.id, done))
}

/// `POST /sources/{id}/pause`.
pub async fn pause(Extracted(app): Extracted<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    states::pause(&transaction, &room.desk(&app), &source, &member.actor()).await?;
    transaction.commit().await?;
    Ok(told(source.id, "paused"))
}

/// `POST /sources/{id}/resumption`.
pub async fn resume(Extracted(app): Extracted<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    states::resume(&transaction, &room.desk(&app), &source, &member.actor()).await?;
    transaction.commit().await?;
    Ok(told(source.id, "resumed"))
}

/// `POST /sources/{id}/end`.
pub async fn end(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let room = Room::open(&app);
    let leaves = form
        .choice("entries", "これからの予定", |key| ["leave", "stay"].contains(&key).then_some(key == "leave"));
    if leaves.is_none() {
        form.fault("entries", "これからの予定をどうするか、選んでください。");
    }
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    let Some(leaves) = leaves.filter(|_| form.is_fine()) else {
        drop(transaction);
        return unfit_file(&app, &member, &source, &form).await;
    };
    states::end(&transaction, &room.desk(&app), &source, (&member.actor(), leaves)).await?;
    transaction.commit().await?;
    Ok(told(source.id, "ended"))
}

/// `POST /sources/{id}/held`: takes in what waits, or leaves everything as it is.
pub async fn decide_held(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let room = Room::open(&app);
    let desk = room.desk(&app);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, &member, &id).await?;
    let is_open = source.held_at.is_some() && matches!(source.state(), super::State::Active | super::State::Paused);
    if !is_open {
        return Ok(see(&source_path(source.id)));
    }
    let actor = member.actor();
    let done = match form.get("do") {
        "take" => match states::accept(&transaction, &desk, &source, &actor).await {
            Ok(_) => "taken",
            Err(Fault::Refused(sentences)) => {
                transaction.rollback().await?;
                form.fault("do", sentences);
                return unfit_file(&app, &member, &source, &form).await;
            }
            Err(fault) => return Err(fault.into()),
        },
        _ => {
            states::discard(&transaction, &desk, &source, &actor).await?;
            ""
        }
    };
    transaction.commit().await?;
    Ok(told(source.id, done))
}
