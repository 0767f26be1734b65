//! Adding an entry: an empty form or a copy, and keeping what was typed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::super::clash::{self, Sight};
use super::super::draft::{Draft, Span};
use super::super::entry::{self, Kind};
use super::super::family::OWN;
use super::super::review;
use super::fields::Vocabulary;
use super::form::{self, Scope};
use super::form_page::{FormPage, Room, confirm};
use super::rights::{self, Host};
use super::write;
use super::{NEW, group_path, staff_path};
use crate::app::App;
use crate::audit::Channel;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::groups;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

#[derive(Template)]
#[template(path = "calendar/desk/none.html")]
struct NonePage {
    page: Frame,
}

/// `GET /events/new`: an empty form, or the copy of an entry.
pub async fn new(State(app): State<App>, mut query: Query, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let hosts = rights::hosts(&app.db, &member, &room.city.profile.name).await?;
    if hosts.is_empty() {
        return html(&NonePage { page: Frame::own(&app, NEW, &member) });
    }
    let id = |typed: &str| Uuid::parse_str(typed).ok();
    let mut form = Form::new();
    let mut group = query.choice("group", "団体", id);
    if let Some(copied) = query.choice("copy", "もとの予定", id)
        && let Some(family) = rights::copied(&app.db, &member, copied).await?
    {
        let changed = family.changes.iter().find(|change| change.id == copied);
        let draft = family.draft(changed.unwrap_or(&family.master));
        group = group.or(draft.group_id);
        form = form::filled(&Draft { items: draft.items.clone(), ..draft }, &room.vocabulary());
        for name in ["from", "to", "repeat_until", "except"] {
            form.set(name, "");
        }
    }
    form.set("key", new_id().to_string());
    let chosen = group.filter(|group| hosts.iter().any(|host| host.group_id == Some(*group)));
    let only = if hosts.len() == 1 { hosts[0].group_id } else { None };
    if let Some(group) = chosen.or(only) {
        form.set("group", group.to_string());
    }
    let page = blank(&app, &member, &room, &hosts, &form).await?;
    html(&FormPage { page: page.page.ignoring(query.into_ignored()), ..page })
}

async fn blank<'a>(
    app: &App,
    member: &Member,
    room: &'a Room,
    hosts: &'a [Host],
    form: &'a Form,
) -> Result<FormPage<'a>, Error> {
    Ok(FormPage {
        page: Frame::own(app, NEW, member),
        room,
        form,
        heading: "予定を載せる",
        action: NEW.to_owned(),
        hosts,
        is_staff: member.is_staff(),
        waits: waits(&app.db, member, Uuid::parse_str(form.get("group")).ok()).await?,
        scope: &Scope::Whole,
        scope_words: String::new(),
        kept_rule: String::new(),
        followed: false,
        differing: Vec::new(),
        conflict: Vec::new(),
        version: String::new(),
    })
}

/// Whether a new entry of a group waits until staff have looked at it.
async fn waits(db: &impl ConnectionTrait, member: &Member, group: Option<Uuid>) -> Result<bool, Error> {
    let Some(group) = group.filter(|_| !member.is_staff()) else { return Ok(false) };
    Ok(!groups::is_trusted(db, group).await?)
}

/// `POST /events/new`: shows, asks about clashes, or keeps a new entry.
pub async fn add(State(app): State<App>, member: Member, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let hosts = rights::hosts(&app.db, &member, &room.city.profile.name).await?;
    let typed = form.get("group").to_owned();
    let Some(host) = hosts.iter().find(|host| host.key() == typed) else {
        form.fault("group", "主催する団体を選んでください。");
        return unfit(&blank(&app, &member, &room, &hosts, &form).await?);
    };
    let base = base(host, &vocabulary, form.get("key"));
    keep_kind(&member, &mut form, base.kind);
    let Some(mut draft) = form::read(&mut form, &base, &Scope::Whole, &vocabulary) else {
        return unfit(&blank(&app, &member, &room, &hosts, &form).await?);
    };
    let step = form.get("do").to_owned();
    if step == "rewrite" {
        return html(&blank(&app, &member, &room, &hosts, &form).await?);
    }
    let waits = waits(&app.db, &member, host.group_id).await?;
    let done = if waits { "waiting" } else { "added" };
    if let Some(made) = made(&app.db, &draft).await? {
        return Ok(see(&after(&member, host.group_id, made, done)));
    }
    let version = String::new();
    if step != "confirmed" {
        let hints = clash::hints(&app.db, &vocabulary.desk, &draft, None, sight(&member)).await?;
        if step == "preview" || !hints.clashes.is_empty() {
            return confirm(&app, &member, &form, &draft, (NEW.to_owned(), waits, version, hints));
        }
    }
    draft.public = !waits;
    let id = keep(&app, &member, &vocabulary, draft).await?;
    Ok(see(&after(&member, host.group_id, id, done)))
}

/// What the same form has made already.
async fn made(db: &impl ConnectionTrait, draft: &Draft) -> Result<Option<Uuid>, Error> {
    let made = entry::find_own(db, &draft.source_uid).await?;
    Ok(made.filter(|made| made.group_id == draft.group_id).map(|made| made.id))
}

/// Keeps a new entry, once: the same form sent again leads to what it made.
async fn keep(app: &App, member: &Member, vocabulary: &Vocabulary<'_>, mut draft: Draft) -> Result<Uuid, Error> {
    let transaction = db::begin(&app.db).await?;
    match entry::find_own(&transaction, &draft.source_uid).await? {
        Some(made) if made.group_id == draft.group_id => return Ok(made.id),
        // Somebody else's name for somebody else's entry is no name for this one.
        Some(_) => draft.source_uid = new_id().to_string(),
        None => {}
    }
    let id = write::add(&transaction, vocabulary, (&member.actor(), Channel::Screen), &draft).await?;
    if let Some(group) = draft.group_id.filter(|_| !draft.public) {
        let asked = (Some(member.account.id), member.account.shown_name());
        review::ask(&transaction, (id, Some(group)), asked, vocabulary.desk.now).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// Only staff say what kind of entry it is.
pub(super) fn keep_kind(member: &Member, form: &mut Form, kind: Kind) {
    if !member.is_staff() {
        form.set("kind", kind.key());
    }
}

/// An empty entry of an organiser; `key` is the name that the form was given when it was opened.
fn base(host: &Host, vocabulary: &Vocabulary<'_>, key: &str) -> Draft {
    let key = Uuid::parse_str(key).unwrap_or_else(|_| new_id());
    let desk = &vocabulary.desk;
    let span = Span::Days { first: desk.today, last: desk.today };
    let office = &desk.city.profile.office;
    let mut draft = Draft::new(OWN, &key.to_string(), "", span, desk.city.profile.zone);
    draft.group_id = host.group_id;
    draft.organiser = match host.group_id {
        Some(_) => host.name.clone(),
        None => format!("{} {}", host.name, office.section),
    };
    draft
}

/// How far somebody sees when clashes are looked for.
pub(super) fn sight(member: &Member) -> Sight {
    if member.is_staff() { Sight::All } else { Sight::Own }
}

/// Where one goes after something was kept.
pub(super) fn after(member: &Member, group: Option<Uuid>, id: Uuid, done: &str) -> String {
    let path = match group {
        Some(group) if !member.is_staff() => group_path(group),
        _ => staff_path(id),
    };
    format!("{path}?done={done}")
}
