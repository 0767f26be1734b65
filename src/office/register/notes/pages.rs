//! `/staff/groups/{id}/notes`: all notes of a group, and the form for one more.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::contact_note::{self, Draft, Note};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::office::register::{channels, id, path};
use crate::text::day;
use crate::web::{Form, Frame, Staff, html, see, unfit};

/// Notes on the page.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "office/notes.html")]
struct NotesPage {
    page: Frame,
    name: String,
    back: String,
    form: Form,
    channels: Vec<(&'static str, &'static str)>,
    notes: Vec<Note>,
}

async fn page(app: &App, staff: &Staff, typed: &str, form: Form) -> Result<NotesPage, Error> {
    let id = id(typed)?;
    let group = history::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    Ok(NotesPage {
        page: Frame::own(app, &format!("{}/notes", path(id)), &staff.0),
        name: group.name,
        back: path(id),
        form,
        channels: channels(),
        notes: contact_note::of_group(&app.db, id, MOST).await?,
    })
}

/// `GET /staff/groups/{id}/notes`.
pub(in crate::office::register) async fn notes(
    State(app): State<App>,
    staff: Staff,
    Path(typed): Path<String>,
) -> Result<Response, Error> {
    let form = Form::filled([("noted_on", app.today().to_string())]);
    html(&page(&app, &staff, &typed, form).await?)
}

/// `POST /staff/groups/{id}/notes`: keeps a note.
pub(in crate::office::register) async fn note(
    State(app): State<App>,
    staff: Staff,
    Path(typed): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let Some(draft) = check(&app, id(&typed)?, &mut form) else {
        return unfit(&page(&app, &staff, &typed, form).await?);
    };
    let group = history::load(&app.db, draft.group_id).await?.ok_or(Error::NotFound)?;
    let (actor, now) = (staff.actor(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let note = contact_note::keep(&transaction, &draft, (staff.0.account.id, &actor.name), now).await?;
    let event = Event {
        actor: &actor,
        channel: draft.channel,
        action: "連絡の記録",
        noun: "note",
        noun_id: note.to_string(),
        group_id: Some(draft.group_id),
        title: &group.name,
        before: serde_json::Value::Null,
        after: json!({ "noted_on": draft.noted_on, "text": draft.text }),
        reason: "",
    };
    audit::record(&transaction, event, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=noted", path(draft.group_id))))
}

fn check(app: &App, group_id: uuid::Uuid, form: &mut Form) -> Option<Draft> {
    let noted_on = form.day("noted_on", "連絡のあった日");
    let channel = form.choice("channel", "連絡の方法", Channel::from_key);
    let text = form.needed_block("text", "内容", 2_000);
    if noted_on.is_none() {
        form.fault("noted_on", "連絡のあった日を書いてください。");
    }
    if noted_on.is_some_and(|day| day > app.today()) {
        form.fault("noted_on", "連絡のあった日は、今日か、それより前の日にしてください。");
    }
    let draft = Draft { group_id, noted_on: noted_on?, channel: channel?, text };
    form.is_fine().then_some(draft)
}
