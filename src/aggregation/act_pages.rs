//! What is done with a source by a button.

use axum::extract::{Path, State as Extracted};
use axum::response::Response;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::desk::Desk;
use super::form_pages::counted;
use super::refresh::{Done, refresh_one};
use super::source::Source;
use super::source_page::unfit_file;
use super::{Fault, Room, rights, source_path, states};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Member, Staff, see};

/// What a button stands for, with what was chosen or written beside it.
enum Act {
    Ask,
    Approve(String),
    Refuse(String),
    Pause,
    Resume,
    /// Whether what is coming leaves the calendar.
    End(bool),
    TakeHeld,
    DropHeld,
}

impl Act {
    /// The field beside which a refusal is said.
    fn field(&self) -> &'static str {
        if matches!(self, Self::Approve(_)) { "note" } else { "do" }
    }

    /// Does it and returns the word for what was done.
    async fn perform(
        &self,
        db: &DatabaseTransaction,
        desk: &Desk<'_>,
        (source, member): (&Source, &Member),
    ) -> Result<&'static str, Fault> {
        let actor = member.actor();
        let (word, done) = match self {
            Self::Ask => ("asked", states::ask(db, desk, source, &actor).await?),
            Self::Approve(note) => ("approved", states::approve(db, desk, source, (&actor, note)).await?),
            Self::Refuse(why) => ("refused", states::refuse(db, desk, source, (&actor, why)).await?),
            Self::Pause => ("paused", states::pause(db, desk, source, &actor).await?),
            Self::Resume => ("resumed", states::resume(db, desk, source, &actor).await?),
            Self::End(leaves) => ("ended", states::end(db, desk, source, (&actor, *leaves)).await?),
            Self::TakeHeld => ("taken", states::accept(db, desk, source, &actor).await?),
            Self::DropHeld => ("dropped", states::discard(db, desk, source, &actor).await?),
        };
        Ok(if done { word } else { "late" })
    }
}

/// Does what a button stands for and shows the source again.
async fn act(app: &App, id: &str, (member, mut form): (&Member, Form), act: Option<Act>) -> Result<Response, Error> {
    let room = Room::open(app);
    let transaction = db::begin(&app.db).await?;
    let source = rights::held(&transaction, member, id).await?;
    let Some(act) = act.filter(|_| form.is_fine()) else {
        drop(transaction);
        return unfit_file(app, member, &source, &form).await;
    };
    let shown = form.get("seen").to_owned();
    if !shown.is_empty() && shown != states::seen(&transaction, &source).await? {
        drop(transaction);
        form.fault(act.field(), "見ているあいだに、内容が変わりました。いまの内容を確かめて、もう一度押してください。");
        return unfit_file(app, member, &source, &form).await;
    }
    match act.perform(&transaction, &room.desk(app), (&source, member)).await {
        Ok(word) => {
            transaction.commit().await?;
            Ok(told(source.id, word))
        }
        Err(Fault::Refused(sentences)) => {
            transaction.rollback().await?;
            form.fault(act.field(), sentences);
            unfit_file(app, member, &source, &form).await
        }
        Err(fault) => Err(fault.into()),
    }
}

fn told(id: Uuid, done: &str) -> Response {
    see(&format!("{}?done={done}", source_path(id)))
}

/// `POST /sources/{id}/request`: hands a tried source in to the office.
pub async fn ask(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    act(&app, &id, (&member, form), Some(Act::Ask)).await
}

/// `POST /sources/{id}/approval`: takes in what came and reads it from now on.
pub async fn approve(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let note = form.block("note", "ひとこと", 500);
    act(&app, &id, (&member, form), Some(Act::Approve(note))).await
}

/// `POST /sources/{id}/refusal`: does not read it, and says why.
pub async fn refuse(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let why = form.needed_block("reason", "見送りの理由", 1_000);
    act(&app, &id, (&member, form), Some(Act::Refuse(why))).await
}

/// `POST /sources/{id}/reading`: reads it now.
pub async fn read_now(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    let room = Room::open(&app);
    if !member.is_staff() && !counted(&app, &member, app.clock.now()).await? {
        return Ok(told(source.id, "often"));
    }
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
pub async fn pause(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    act(&app, &id, (&member, form), Some(Act::Pause)).await
}

/// `POST /sources/{id}/resumption`.
pub async fn resume(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    act(&app, &id, (&member, form), Some(Act::Resume)).await
}

/// `POST /sources/{id}/end`.
pub async fn end(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let leaves = form
        .choice("entries", "これからの予定", |key| ["leave", "stay"].contains(&key).then_some(key == "leave"));
    if leaves.is_none() {
        form.fault("entries", "取り込んだ予定を、載せたままにするか、やめるかを選んでください。");
    }
    act(&app, &id, (&member, form), leaves.map(Act::End)).await
}

/// `POST /sources/{id}/held`: takes in what waits, or leaves everything as it is.
pub async fn decide_held(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let done = if form.get("do") == "take" { Act::TakeHeld } else { Act::DropHeld };
    act(&app, &id, (&member, form), Some(done)).await
}
