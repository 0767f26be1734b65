//! Changing an entry: which of its occurrences are meant, the form, and what happens when two people are at it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::super::clash;
use super::super::draft::Draft;
use super::super::family::{Family, Instance};
use super::super::{repeat, review};
use super::edit_path;
use super::fields::{self, Vocabulary};
use super::form::{self, Scope};
use super::form_page::{FormPage, Room, confirm};
use super::original_pages::Differing;
use super::pages::{after, keep_kind, sight};
use super::rights;
use super::write::{self, Told};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// Occurrences that are offered to choose from.
const OFFERED: u64 = 60;

#[derive(Template)]
#[template(path = "calendar/desk/which.html")]
struct WhichPage {
    page: Frame,
    title: String,
    words: String,
    action: String,
    instances: Vec<Instance>,
    begun: bool,
    /// Whether it follows a calendar elsewhere, which alone can end the series or move it.
    followed: bool,
}

/// `GET /events/{id}/edit`: the form of an entry; for a series first which of its occurrences are meant.
pub async fn edit(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    member: Member,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let room = Room::open(&app).await?;
    let family = rights::editable(&app.db, &member, id).await?;
    let at = query.text("at", "回");
    let scope = query.choice("scope", "直す回", |key| Scope::read(key, &at)).or_else(|| natural(&family, id));
    let scope = scope.filter(|scope| !family.is_followed() || !matches!(scope, Scope::Later(_)));
    let Some(scope) = scope else {
        let instances = family.instances(&app.db, app.today(), OFFERED).await?;
        let zone = room.city.profile.zone;
        return html(&WhichPage {
            page: Frame::own(&app, &edit_path(id), &member).ignoring(query.into_ignored()),
            title: family.master.title.clone(),
            words: repeat::words(&family.master.rrule, family.master.starts_on, zone),
            action: edit_path(id),
            begun: family.master.starts_on < app.today(),
            followed: family.is_followed(),
            instances,
        });
    };
    exists(&app, &family, &scope).await?;
    let vocabulary = room.vocabulary();
    let form = form::filled(&write::shown(&family, &scope, &vocabulary.desk), &vocabulary);
    let version = fields::version(&form);
    let differing = Differing::of(&app.db, &family, &room.city).await?;
    html(&FormPage { differing, ..filled(&app, &member, &room, (&family, &scope), (&form, version)) })
}

/// What is meant where there is nothing to choose: a single entry, or an occurrence with a row of its own.
fn natural(family: &Family, id: Uuid) -> Option<Scope> {
    let changed = family.changes.iter().find(|change| change.id == id);
    match changed {
        Some(change) => Some(Scope::One(change.recurrence_id.clone())),
        None => (!family.master.is_recurring()).then_some(Scope::Whole),
    }
}

/// An occurrence that the series does not have is no page.
pub(super) async fn exists(app: &App, family: &Family, scope: &Scope) -> Result<(), Error> {
    let at = scope.at();
    let mut known = family.instances(&app.db, super::super::occurrence::first_day(), 20_000).await?.into_iter();
    if at.is_empty() || known.any(|one| one.instance == at) { Ok(()) } else { Err(Error::NotFound) }
}

fn filled<'a>(
    app: &App,
    member: &Member,
    room: &'a Room,
    (family, scope): (&Family, &'a Scope),
    (form, version): (&'a Form, String),
) -> FormPage<'a> {
    let zone = room.city.profile.zone;
    let rule = &family.master.rrule;
    let readable = rule.is_empty() || repeat::Repeat::read(rule, family.master.starts_on, zone).is_some();
    FormPage {
        page: Frame::own(app, &edit_path(family.master.id), member),
        room,
        form,
        heading: "予定を直す",
        action: edit_path(family.master.id),
        hosts: &[],
        is_staff: member.is_staff(),
        waits: false,
        scope,
        scope_words: if family.master.is_recurring() { scope.label().to_owned() } else { String::new() },
        kept_rule: if readable { String::new() } else { "今のくり返しのまま".to_owned() },
        followed: family.is_followed(),
        differing: Vec::new(),
        conflict: Vec::new(),
        version,
    }
}

/// `POST /events/{id}/edit`: keeps what was changed, unless somebody else was faster.
pub async fn change(
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
    let scope = Scope::read(form.get("scope"), form.get("at")).or_else(|| natural(&family, id));
    let scope = scope.filter(|scope| !family.is_followed() || !matches!(scope, Scope::Later(_)));
    let scope = scope.ok_or(Error::NotFound)?;
    exists(&app, &family, &scope).await?;
    let current = write::shown(&family, &scope, &vocabulary.desk);
    let now = form::filled(&current, &vocabulary);
    let (version, typed) = (fields::version(&now), form.get("version").to_owned());
    keep_kind(&member, &mut form, current.kind);
    let Some(draft) = checked(&mut form, &current, (&family, &scope), &vocabulary) else {
        return unfit(&filled(&app, &member, &room, (&family, &scope), (&form, typed)));
    };
    if version != typed {
        let conflict = fields::differences(&now, &form, &vocabulary);
        let page = FormPage { conflict, ..filled(&app, &member, &room, (&family, &scope), (&form, version)) };
        return Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response());
    }
    let step = form.get("do").to_owned();
    if step == "rewrite" {
        return html(&filled(&app, &member, &room, (&family, &scope), (&form, version)));
    }
    if step != "confirmed" {
        let uid = Some(family.master.uid.as_str());
        let hints = clash::hints(&transaction, &vocabulary.desk, &draft, uid, sight(&member)).await?;
        if step == "preview" || !hints.clashes.is_empty() {
            return confirm(&app, &member, &form, &draft, (edit_path(id), false, version, hints));
        }
    }
    let actor = member.actor();
    let told =
        Told {
            actor: &actor, channel: Channel::Screen, action: "予定の変更", reason: "", now: vocabulary.desk.now
        };
    let written = write::change(&transaction, &vocabulary, (&family, &scope), &draft, &told).await?;
    ask_again(&transaction, &member, (&family, &scope), written, vocabulary.desk.now).await?;
    transaction.commit().await?;
    Ok(see(&after(&member, draft.group_id, written, "saved")))
}

/// The typed form as a draft; what has already taken place cannot be moved.
fn checked(
    form: &mut Form,
    current: &Draft,
    (family, scope): (&Family, &Scope),
    vocabulary: &Vocabulary<'_>,
) -> Option<Draft> {
    let draft = form::read(form, current, scope, vocabulary)?;
    let begun = family.master.is_recurring() && family.master.starts_on < vocabulary.desk.today;
    let rule = |draft: &Draft| {
        let parts = draft.rrule.split(';').filter(|part| !part.starts_with("UNTIL=") && !part.starts_with("COUNT="));
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    if family.is_followed()
        && family.master.is_recurring()
        && *scope == Scope::Whole
        && (draft.span != current.span || draft.rrule != current.rrule)
    {
        let sentence = "くり返しの日時は、取り込み元のカレンダーで直してください。1回だけのときは、「この回だけ」を選ぶと、ここで直せます。";
        form.fault(if draft.span != current.span { "from" } else { "repeat" }, sentence);
        return None;
    }
    if begun && *scope == Scope::Whole && (draft.span != current.span || rule(&draft) != rule(current)) {
        let sentence = "もう始まっているくり返しの日時とくり返し方は、「この回からあと」を選んで直してください。終わった回の記録を残すためです。";
        form.fault(if draft.span != current.span { "from" } else { "repeat" }, sentence);
        return None;
    }
    Some(draft)
}

/// An entry that was refused, or waits, comes before the office again when its group changes it; so does what is
/// parted from it.
async fn ask_again(
    db: &impl ConnectionTrait,
    member: &Member,
    (family, scope): (&Family, &Scope),
    written: Uuid,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let master = &family.master;
    let Some(group) = master.group_id.filter(|_| !master.public && !family.is_hidden()) else { return Ok(()) };
    let asked = (Some(member.account.id), member.account.shown_name());
    if !member.is_staff() {
        review::ask(db, (master.id, Some(group)), asked, now).await?;
    }
    if matches!(scope, Scope::Later(_)) && written != master.id {
        review::ask(db, (written, Some(group)), asked, now).await?;
    }
    Ok(())
}
