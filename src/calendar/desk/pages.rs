//! The form of an entry: adding one, changing one, and what is shown before it is kept.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::super::clash::{self, Hints, Sight};
use super::super::draft::{Draft, Span};
use super::super::entry::Kind;
use super::super::family::{Family, Instance, OWN};
use super::super::repeat::{self, Every};
use super::super::review;
use super::super::store::Desk;
use super::fields::{self, Vocabulary};
use super::form::{self, Scope};
use super::rights::{self, Host};
use super::write::{self, Told};
use super::{NEW, edit_path, group_path, staff_path, when};
use crate::app::App;
use crate::city::{City, Facility, facility};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::groups;
use crate::plan::{self, Item};
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// Occurrences that are offered to choose from.
const OFFERED: u64 = 60;

/// What all pages of the form need, read once.
pub(super) struct Room {
    app: App,
    city: std::sync::Arc<City>,
    facilities: Vec<Facility>,
    items: Vec<Item>,
    host: String,
}

impl Room {
    pub(super) async fn open(app: &App) -> Result<Self, Error> {
        let items = plan::current(app).await?.map(|whole| whole.items.clone()).unwrap_or_default();
        let facilities = facility::all(&app.db).await?;
        Ok(Self { city: app.city(), facilities, items, host: app.config.host(), app: app.clone() })
    }

    pub(super) fn vocabulary(&self) -> Vocabulary<'_> {
        let desk = Desk { city: &self.city, host: &self.host, now: self.app.clock.now(), today: self.app.today() };
        Vocabulary { desk, facilities: &self.facilities, items: &self.items }
    }
}

#[derive(Template)]
#[template(path = "calendar/desk/form.html")]
struct FormPage<'a> {
    page: Frame,
    room: &'a Room,
    form: &'a Form,
    heading: &'static str,
    action: String,
    hosts: &'a [Host],
    is_staff: bool,
    /// Whether the entry will wait for the office.
    waits: bool,
    scope: &'a Scope,
    scope_words: String,
    kept_rule: String,
    /// What somebody else changed meanwhile: label, theirs, one's own.
    conflict: Vec<(&'static str, String, String)>,
    version: String,
}

impl FormPage<'_> {
    fn kinds(&self) -> Vec<(String, &str)> {
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), kind.label())).collect()
    }

    fn categories(&self) -> Vec<(String, &str)> {
        self.room.city.categories.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    fn repeats(&self) -> Vec<(String, &str)> {
        let kept = Some(("keep", self.kept_rule.as_str())).filter(|(_, words)| !words.is_empty());
        let all = Every::ALL.into_iter().map(|every| (every.key(), every.label()));
        all.chain(kept).map(|(key, words)| (key.to_owned(), words)).collect()
    }

    fn organisers(&self) -> Vec<(String, &str)> {
        self.hosts.iter().map(|host| (host.key(), host.name.as_str())).collect()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn has_repeat(&self) -> bool {
        !matches!(self.scope, Scope::One(_))
    }

    fn policies(&self) -> Vec<(&str, Vec<&Item>)> {
        let mut policies: Vec<(&str, Vec<&Item>)> = Vec::new();
        for item in &self.room.items {
            match policies.last_mut() {
                Some((policy, items)) if *policy == item.policy => items.push(item),
                _ => policies.push((&item.policy, vec![item])),
            }
        }
        policies
    }
}

#[derive(Template)]
#[template(path = "calendar/desk/confirm.html")]
struct ConfirmPage<'a> {
    page: Frame,
    form: &'a Form,
    action: String,
    hints: Hints,
    facts: Vec<(&'static str, String)>,
    organiser: String,
    waits: bool,
    version: String,
    /// Whether somebody asked to see it; otherwise the clashes are why it is shown.
    asked: bool,
}

#[derive(Template)]
#[template(path = "calendar/desk/which.html")]
struct WhichPage {
    page: Frame,
    title: String,
    words: String,
    action: String,
    instances: Vec<Instance>,
    begun: bool,
}

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
    let base = base(host, &vocabulary);
    keep_kind(&member, &mut form, base.kind);
    let Some(mut draft) = form::read(&mut form, &base, &Scope::Whole, &vocabulary) else {
        return unfit(&blank(&app, &member, &room, &hosts, &form).await?);
    };
    let step = form.get("do").to_owned();
    if step == "rewrite" {
        return html(&blank(&app, &member, &room, &hosts, &form).await?);
    }
    let waits = waits(&app.db, &member, host.group_id).await?;
    let version = String::new();
    if step != "confirmed" {
        let hints = clash::hints(&app.db, &vocabulary.desk, &draft, None, sight(&member)).await?;
        if step == "preview" || !hints.clashes.is_empty() {
            return confirm(&app, &member, &form, &draft, (NEW.to_owned(), waits, version, hints));
        }
    }
    draft.public = !waits;
    let transaction = db::begin(&app.db).await?;
    let id = write::add(&transaction, &vocabulary, &member.actor(), &draft).await?;
    if let Some(group) = host.group_id.filter(|_| waits) {
        let asked = (Some(member.account.id), member.account.shown_name());
        review::ask(&transaction, (id, group), asked, vocabulary.desk.now).await?;
    }
    transaction.commit().await?;
    Ok(see(&after(&member, draft.group_id, id, if waits { "waiting" } else { "added" })))
}

/// Only staff say what kind of entry it is.
fn keep_kind(member: &Member, form: &mut Form, kind: Kind) {
    if !member.is_staff() {
        form.set("kind", kind.key());
    }
}

fn base(host: &Host, vocabulary: &Vocabulary<'_>) -> Draft {
    let desk = &vocabulary.desk;
    let span = Span::Days { first: desk.today, last: desk.today };
    let office = &desk.city.profile.office;
    let mut draft = Draft::new(OWN, &new_id().to_string(), "", span, desk.city.profile.zone);
    draft.group_id = host.group_id;
    draft.organiser = match host.group_id {
        Some(_) => host.name.clone(),
        None => format!("{} {}", host.name, office.section),
    };
    draft
}

fn sight(member: &Member) -> Sight {
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

fn confirm(
    app: &App,
    member: &Member,
    form: &Form,
    draft: &Draft,
    (action, waits, version, hints): (String, bool, String, Hints),
) -> Result<Response, Error> {
    let city = app.city();
    let zone = city.profile.zone;
    let stretch = when::stretch(&draft.span, zone);
    let clock = match (stretch.begins.as_str(), stretch.ends.as_str()) {
        ("", _) => "終日".to_owned(),
        (begins, "") => begins.to_owned(),
        (begins, ends) => format!("{begins}〜{ends}"),
    };
    let days = crate::text::day::span(stretch.first_day, stretch.last_day);
    let category = draft.categories.first().and_then(|key| city.category(key)).map(|term| term.name.clone());
    let repeat = match draft.rrule.as_str() {
        "" => String::new(),
        rule => repeat::words(rule, stretch.first_day, zone),
    };
    let facts = [
        ("日時", format!("{days} {clock}")),
        ("日時の補足", draft.time_note.clone()),
        ("くり返し", repeat),
        ("分類", category.unwrap_or_default()),
        ("場所", draft.place.clone()),
        ("住所", draft.address.clone()),
        ("町", city.town_name(&draft.town_key).to_owned()),
        ("内容", draft.description.clone()),
        ("対象", draft.audience.clone()),
        ("料金", draft.fee.clone()),
        ("定員", draft.capacity.clone()),
        ("申し込み", draft.apply.clone()),
        ("問い合わせ先", draft.contact.clone()),
        ("ホームページ", draft.url.clone()),
        ("計画の項目", form.all("items").join("、")),
    ];
    html(&ConfirmPage {
        page: Frame::own(app, NEW, member),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        organiser: draft.organiser.clone(),
        asked: form.get("do") == "preview",
        form,
        action,
        hints,
        waits,
        version,
    })
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
    let Some(scope) = scope else {
        let instances = family.instances(&app.db, app.today(), OFFERED).await?;
        let zone = room.city.profile.zone;
        return html(&WhichPage {
            page: Frame::own(&app, &edit_path(id), &member).ignoring(query.into_ignored()),
            title: family.master.title.clone(),
            words: repeat::words(&family.master.rrule, family.master.starts_on, zone),
            action: edit_path(id),
            begun: family.master.starts_on < app.today(),
            instances,
        });
    };
    exists(&app, &family, &scope).await?;
    let vocabulary = room.vocabulary();
    let form = form::filled(&write::shown(&family, &scope, &vocabulary.desk), &vocabulary);
    let version = fields::version(&form);
    html(&filled(&app, &member, &room, (&family, &scope), (&form, version)))
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
    let told = Told { actor: &actor, action: "予定の変更", reason: "", now: vocabulary.desk.now };
    let written = write::change(&transaction, &vocabulary, (&family, &scope), &draft, &told).await?;
    ask_again(&transaction, &member, &family, vocabulary.desk.now).await?;
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
    if begun && *scope == Scope::Whole && (draft.span != current.span || rule(&draft) != rule(current)) {
        let sentence = "もう始まっているくり返しの日時とくり返し方は、「この回からあと」を選んで直してください。終わった回の記録を残すためです。";
        form.fault(if draft.span != current.span { "from" } else { "repeat" }, sentence);
        return None;
    }
    Some(draft)
}

/// An entry that was refused, or waits, comes before the office again when its group changes it.
async fn ask_again(
    db: &impl ConnectionTrait,
    member: &Member,
    family: &Family,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let master = &family.master;
    let Some(group) = master.group_id.filter(|_| !master.public && !member.is_staff()) else { return Ok(()) };
    let asked = (Some(member.account.id), member.account.shown_name());
    Ok(review::ask(db, (master.id, group), asked, now).await?)
}
