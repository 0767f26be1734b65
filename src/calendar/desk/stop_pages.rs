//! Cancelling an entry and bringing it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::super::entry::Status;
use super::super::family::{Family, Instance};
use super::super::repeat;
use super::super::review::{self, ReviewState};
use super::edit_pages::exists;
use super::form::Scope;
use super::form_page::Room;
use super::pages::after;
use super::rights;
use super::write::{self, Told};
use super::{cancel_path, restore_path};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// Occurrences that are offered to choose from.
const OFFERED: u64 = 60;

#[derive(Template)]
#[template(path = "calendar/desk/cancel.html")]
struct CancelPage<'a> {
    page: Frame,
    form: &'a Form,
    title: String,
    words: String,
    action: String,
    restore: Option<String>,
    instances: Vec<Instance>,
    recurring: bool,
    begun: bool,
    /// Whether it follows a calendar elsewhere, which alone can end the series.
    followed: bool,
    /// Whether nobody but the group and the office sees it yet.
    hidden: bool,
}

async fn page<'a>(
    app: &App,
    member: &Member,
    family: &Family,
    id: Uuid,
    form: &'a Form,
) -> Result<CancelPage<'a>, Error> {
    let changed = family.changes.iter().find(|change| change.id == id);
    let entry = changed.unwrap_or(&family.master);
    let recurring = family.master.is_recurring() && changed.is_none();
    let instances = if recurring { family.instances(&app.db, app.today(), OFFERED).await? } else { Vec::new() };
    let zone = app.city().profile.zone;
    Ok(CancelPage {
        page: Frame::own(app, &cancel_path(id), member),
        form,
        title: entry.title.clone(),
        words: match recurring {
            true => repeat::words(&entry.rrule, entry.starts_on, zone),
            false => crate::text::day::span(entry.starts_on, entry.ends_on),
        },
        action: cancel_path(id),
        restore: (entry.status() == Status::Cancelled).then(|| restore_path(id)),
        instances: instances.into_iter().filter(|one| !one.is_cancelled()).collect(),
        recurring,
        followed: family.is_followed(),
        begun: recurring && entry.starts_on < app.today(),
        hidden: !family.master.public && !family.is_hidden(),
    })
}

/// `GET /events/{id}/cancel`: asks which occurrences, and why.
pub async fn ask(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Query,
    member: Member,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let family = rights::editable(&app.db, &member, id).await?;
    let form = Form::new();
    let page = page(&app, &member, &family, id, &form).await?;
    html(&CancelPage { page: page.page.ignoring(query.into_ignored()), ..page })
}

/// `POST /events/{id}/cancel`: cancels; what nobody has seen yet is taken back instead.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    let family = rights::editable(&transaction, &member, id).await?;
    let actor = member.actor();
    let group = family.master.group_id;
    if !family.master.public && !family.is_hidden() {
        let decided = (member.account.shown_name(), "");
        let now = vocabulary.desk.now;
        if review::decide(&transaction, family.master.id, ReviewState::Withdrawn, decided, now).await? {
            let told =
                Told { actor: &actor, channel: Channel::Screen, action: "予定の取り下げ", reason: "", now };
            let draft = family.draft(&family.master);
            write::state(&transaction, &told, (family.master.id, &draft), "確認待ち", "取り下げ").await?;
        }
        transaction.commit().await?;
        return Ok(see(&after(&member, group, family.master.id, "withdrawn")));
    }
    let reason = form.needed_block("reason", "お知らせの文", 1000);
    let scope = scope(&mut form, &family, id);
    if scope == Scope::Whole && family.master.is_recurring() && family.master.starts_on < vocabulary.desk.today {
        form.fault(
            "scope",
            if family.is_followed() {
                "もう始まっているくり返しは、1回ずつ選んでください。終わった回の記録を残すためです。"
            } else {
                "もう始まっているくり返しは、「この回からあと」を選んでください。終わった回の記録を残すためです。"
            },
        );
    }
    if matches!(scope, Scope::Later(_)) && family.is_followed() {
        form.fault("scope", "これからの回をすべてやめるときは、取り込み元のカレンダーで直してください。");
    }
    if !form.is_fine() {
        return unfit(&page(&app, &member, &family, id, &form).await?);
    }
    exists(&app, &family, &scope).await?;
    let told = Told {
        actor: &actor,
        channel: Channel::Screen,
        action: "予定の中止",
        reason: &reason,
        now: vocabulary.desk.now,
    };
    let written = write::cancel(&transaction, &vocabulary, (&family, &scope), &told).await?;
    transaction.commit().await?;
    Ok(see(&after(&member, group, written, "cancelled")))
}

/// Which occurrences are meant; what has already taken place stays as it was.
fn scope(form: &mut Form, family: &Family, id: Uuid) -> Scope {
    if let Some(change) = family.changes.iter().find(|change| change.id == id) {
        return Scope::One(change.recurrence_id.clone());
    }
    if !family.master.is_recurring() {
        return Scope::Whole;
    }
    let (key, at) = (form.get("scope").to_owned(), form.get("at").to_owned());
    Scope::read(&key, &at).unwrap_or_else(|| {
        if key.is_empty() {
            form.fault("scope", "どの回を中止するかを選んでください。");
        } else {
            form.fault("at", "中止する回の日を選んでください。");
        }
        Scope::Whole
    })
}

/// `POST /events/{id}/restore`: brings a cancelled entry back.
pub async fn restore(State(app): State<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    let family = rights::editable(&transaction, &member, id).await?;
    let all = std::iter::once(&family.master).chain(&family.changes);
    let entry = all.into_iter().find(|entry| entry.id == id).ok_or(Error::NotFound)?;
    if entry.status() == Status::Cancelled {
        let actor = member.actor();
        let told = Told {
            actor: &actor,
            channel: Channel::Screen,
            action: "中止の取り消し",
            reason: "",
            now: vocabulary.desk.now,
        };
        write::restore(&transaction, &vocabulary, (&family, entry), &told).await?;
    }
    transaction.commit().await?;
    Ok(see(&after(&member, family.master.group_id, id, "restored")))
}
