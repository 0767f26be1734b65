//! A group's own pages for its members: the hub, and the form over the whole profile.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::{ConnectionTrait, SqlErr};
use uuid::Uuid;

use super::edit::{self, Editing, Outcome, Present};
use super::field::{self, Audience, Field};
use super::rows::{self, Other, Part};
use super::{form as forms, hub_path, merging, words};
use crate::app::App;
use crate::audit::Channel;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::photo::{self, Photo};
use crate::groups::proposal::{self, Proposal};
use crate::groups::store::Refused;
use crate::groups::{Membership, member, renewal, state};
use crate::text::day;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What the hub says after a redirect.
const SENTENCES: [(&str, &str); 7] = [
    ("shown", "公開のページに反映しました。"),
    ("waits", "事務局に送りました。確認がすむまで、公開のページは今のままです。"),
    ("both", "公開のページに反映しました。一部は事務局の確認がすんでから公開されます。"),
    ("withdrawn", "変更の申し出を取り下げました。"),
    ("nothing", "変わったところはありませんでした。"),
    ("restored", "以前の版に戻しました。事務局の確認が要るところは、確認がすんでから公開されます。"),
    ("photo", "写真を公開しました。"),
];

/// The membership behind a request; for anybody else there is no such group.
pub(in crate::groups) async fn membership(
    db: &impl ConnectionTrait,
    who: &Member,
    id: &str,
) -> Result<Membership, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    member::of(db, who.account.id, id).await?.ok_or(Error::NotFound)
}

/// One field of a proposal as its readers see it.
struct Asked {
    label: &'static str,
    old: String,
    new: String,
    accepted: bool,
}

fn asked(proposal: &Proposal, city: &City) -> Vec<Asked> {
    let accepted = proposal.accepted();
    let fields = proposal.asked().into_iter().filter_map(|asked| Some((field::find(&asked.key)?, asked)));
    let line = |(field, asked): (&'static Field, proposal::Asked)| Asked {
        label: field.label,
        old: words::shown_or_nothing(field, &asked.old, city),
        new: words::shown_or_nothing(field, &asked.new, city),
        accepted: accepted.contains(&asked.key),
    };
    fields.map(line).collect()
}

/// A proposal as the hub tells of it.
struct Told {
    when: String,
    by: String,
    note: String,
    asked: Vec<Asked>,
}

#[derive(Template)]
#[template(path = "groups/profile/hub.html")]
struct HubPage {
    page: Frame,
    id: Uuid,
    name: String,
    state: state::State,
    confirmed: Option<String>,
    duty: &'static str,
    open: Option<Told>,
    decided: Option<Told>,
    photo: Option<Photo>,
    question: Option<renewal::Question>,
}

/// `GET /me/groups/{id}`: where the group stands, what waits, and the ways to everything its members do.
pub(super) async fn hub(
    State(app): State<App>,
    who: Member,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let membership = membership(&app.db, &who, &id).await?;
    let id = membership.group_id;
    let city = app.city();
    let zone = city.profile.zone;
    let present = Present::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let decided = proposal::latest_decided(&app.db, id).await?;
    html(&HubPage {
        page: Frame::own(&app, &hub_path(id), &who).saying(&mut query, &SENTENCES),
        id,
        name: present.draft.name.clone(),
        state: present.draft.state,
        confirmed: present.draft.confirmed_on.map(day::long),
        duty: membership.duty().label(),
        open: present.open.as_ref().map(|open| Told {
            when: words::moment(open.updated_at, zone),
            by: open.actor.clone(),
            note: String::new(),
            asked: asked(open, &city),
        }),
        decided: decided.map(|decided| Told {
            when: words::moment(decided.updated_at, zone),
            by: decided.decided_by.clone(),
            asked: asked(&decided, &city),
            note: decided.note,
        }),
        photo: photo::of_group(&app.db, id).await?,
        question: renewal::open_question(&app.db, id).await?,
    })
}

#[derive(Template)]
#[template(path = "groups/profile/edit.html")]
struct EditPage {
    page: Frame,
    id: Uuid,
    name: String,
    form: Form,
    parts: Vec<Part>,
    conflicts: Vec<(&'static Field, Other)>,
}

impl EditPage {
    fn new(app: &App, who: &Member, present: &Present, form: Form, conflicts: Vec<(&'static Field, Other)>) -> Self {
        Self {
            page: Frame::own(app, &super::path(present.group_id), who),
            id: present.group_id,
            name: present.draft.name.clone(),
            form,
            parts: rows::parts(&app.city(), present, Audience::Member, &conflicts),
            conflicts,
        }
    }
}

/// `GET /me/groups/{id}/profile`: the form over the whole profile.
pub(super) async fn edit(State(app): State<App>, who: Member, Path(id): Path<String>) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    let present = Present::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let form = forms::filled(&present.asked_texts(), Audience::Member);
    html(&EditPage::new(&app, &who, &present, form, Vec::new()))
}

/// `POST /me/groups/{id}/profile`: keeps what may show at once and asks for the rest; never over what another wrote meanwhile.
pub(super) async fn save(
    State(app): State<App>,
    who: Member,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, id).await?.ok_or(Error::NotFound)?;
    let texts = present.asked_texts();
    let mine = forms::read(&mut form, &texts, &city, Audience::Member);
    let merged = merging::merge(form.get(forms::BASE), &mine, &texts, Audience::Member);
    let conflicts = rows::others(&transaction, &city, &present, &merged.conflicts, Audience::Member).await?;
    if !form.is_fine() || !conflicts.is_empty() {
        return again(&app, &who, &present, form, conflicts);
    }
    let editing = Editing {
        actor: &who.actor(),
        channel: Channel::Screen,
        action: "変更",
        reason: "",
        zone: city.profile.zone,
        now,
    };
    match edit::by_member(&transaction, &city, &present, &merged.changes, editing).await {
        Ok(outcome) => {
            transaction.commit().await?;
            Ok(see(&format!("{}?done={}", hub_path(id), done(outcome))))
        }
        Err(fault) => again(&app, &who, &present, refused(form, fault)?, conflicts),
    }
}

/// The form once more: with faults beside the fields (422), or with the texts of others beside one's own (409).
fn again(
    app: &App,
    who: &Member,
    present: &Present,
    mut form: Form,
    conflicts: Vec<(&'static Field, Other)>,
) -> Result<Response, Error> {
    if conflicts.is_empty() {
        return unfit(&EditPage::new(app, who, present, form, conflicts));
    }
    // Whoever sends the form again has seen what the others wrote.
    form.set(forms::BASE, seen(form.get(forms::BASE), &conflicts, &merging::base(&present.asked_texts())));
    let status = if form.is_fine() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&EditPage::new(app, who, present, form, conflicts))?).into_response())
}

/// The fingerprints of a form once the fields in conflict have been shown: only those count as seen.
pub(super) fn seen(base: &str, conflicts: &[(&'static Field, Other)], present: &str) -> String {
    let key = |mark: &str| mark.rsplit_once('-').map(|(key, _)| key.to_owned()).unwrap_or_default();
    let shown = |mark: &&str| conflicts.iter().any(|(field, _)| field.key == key(mark));
    let kept = base.split('.').filter(|mark| !shown(mark) && !mark.is_empty());
    kept.chain(present.split('.').filter(|mark| shown(mark))).collect::<Vec<_>>().join(".")
}

/// The faults of a record that cannot be stored, as faults of the form.
pub(in crate::groups) fn refused(mut form: Form, fault: Refused) -> Result<Form, Error> {
    match fault {
        Refused::Database(fault) if matches!(fault.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            form.fault("number", "この登録番号は、ほかの団体が使っています。番号を確かめてください。");
            Ok(form)
        }
        Refused::Database(fault) => Err(fault.into()),
        Refused::Invalid(sentences) => {
            form.fault("name", sentences.join(" "));
            Ok(form)
        }
    }
}

/// Which sentence says what came of an edit.
pub(in crate::groups) fn done(outcome: Outcome) -> &'static str {
    match (outcome.shown, outcome.waits) {
        (true, true) => "both",
        (true, false) => "shown",
        (false, true) => "waits",
        (false, false) if outcome.withdrawn => "withdrawn",
        (false, false) => "nothing",
    }
}

/// `POST /me/groups/{id}/withdrawal`: takes back what waits for the office.
pub(super) async fn withdraw(State(app): State<App>, who: Member, Path(id): Path<String>) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, id).await?.ok_or(Error::NotFound)?;
    let approved = present.texts(Audience::Member);
    let asked = present.open.iter().flat_map(Proposal::asked);
    let back = asked.filter_map(|asked| field::find(&asked.key)).map(|field| (field, approved[field.key].clone()));
    let editing = Editing {
        actor: &who.actor(),
        channel: Channel::Screen,
        action: "変更の取下げ",
        reason: "",
        zone: city.profile.zone,
        now,
    };
    let outcome = edit::by_member(&transaction, &city, &present, &back.collect::<Vec<_>>(), editing).await;
    let outcome = outcome.map_err(|fault| Error::Database(fault.to_string()))?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", hub_path(id), done(outcome))))
}
