//! A proposal as the office sees it: old and new side by side, a box to tick for each field, and the decision.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::proposal::{self, Decision, Proposal, Standing};
use super::{Decided, deciding};
use crate::app::App;
use crate::audit::Channel;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::profile::edit::{Editing, Present};
use crate::groups::profile::letters;
use crate::groups::profile::pages::refused;
use crate::groups::profile::{field, words};
use crate::mail;
use crate::text::diff::{self, Piece};
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// What the page says after a decision.
const SENTENCES: [(&str, &str); 2] = [
    ("approved", "承認して公開のページに反映し、団体にメールを用意しました。"),
    ("refused", "差し戻し、団体にメールを用意しました。"),
];
/// Longest note, in characters.
const NOTE: usize = 1_000;

/// A field of a proposal, with what changes in it.
struct Compared {
    key: String,
    label: &'static str,
    /// The text that the public sees now.
    old: Vec<Piece>,
    new: Vec<Piece>,
    by: String,
    when: String,
    /// The text has changed since the proposal was made; what it was then.
    moved: Option<String>,
    accepted: bool,
}

#[derive(Template)]
#[template(path = "groups/proposal/staff.html")]
struct ProposalPage {
    page: Frame,
    proposal: Proposal,
    is_open: bool,
    withdrawn: bool,
    since: String,
    decided: String,
    compared: Vec<Compared>,
    form: Form,
    /// Somebody changed or decided it while the page was open.
    overtaken: bool,
}

impl ProposalPage {
    async fn new(app: &App, who: &Staff, proposal: Proposal, form: Form) -> Result<Self, Error> {
        let present = Present::load(&app.db, proposal.group_id).await?.ok_or(Error::NotFound)?;
        let city = app.city();
        let zone = city.profile.zone;
        Ok(Self {
            page: Frame::own(app, &super::path(proposal.id), &who.0),
            is_open: proposal.standing() == Standing::Open,
            withdrawn: proposal.standing() == Standing::Withdrawn,
            since: words::moment(proposal.created_at, zone),
            decided: proposal.decided_at.map(|at| words::moment(at, zone)).unwrap_or_default(),
            compared: compared(&proposal, &present, &city),
            proposal,
            form,
            overtaken: false,
        })
    }
}

fn compared(proposal: &Proposal, present: &Present, city: &City) -> Vec<Compared> {
    let (is_open, accepted) = (proposal.standing() == Standing::Open, proposal.accepted());
    let line = |asked: proposal::Asked| {
        let field = field::find(&asked.key)?;
        let now = field.of(&present.draft);
        // What was decided is told as it was asked for, whatever came after it.
        let old = if is_open { &now } else { &asked.old };
        let (old_pieces, new_pieces) =
            diff::diff(&words::shown(field, old, city), &words::shown(field, &asked.new, city));
        Some(Compared {
            label: field.label,
            old: old_pieces,
            new: new_pieces,
            moved: (is_open && now != asked.old).then(|| words::shown_or_nothing(field, &asked.old, city)),
            accepted: accepted.contains(&asked.key),
            by: asked.by,
            when: words::moment(asked.at, city.profile.zone),
            key: asked.key,
        })
    };
    proposal.asked().into_iter().filter_map(line).collect()
}

async fn find(app: &App, id: &str) -> Result<Proposal, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    proposal::find(&app.db, id).await?.ok_or(Error::NotFound)
}

/// Every box ticked, as the office finds them.
fn fresh(proposal: &Proposal) -> Form {
    let mut form = Form::new();
    proposal.asked().into_iter().for_each(|asked| form.add("field", asked.key));
    form.set("counter", proposal.counter.to_string());
    form
}

/// `GET /staff/proposals/{id}`: the comparison field by field.
pub(super) async fn show(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let proposal = find(&app, &id).await?;
    let form = fresh(&proposal);
    let mut page = ProposalPage::new(&app, &who, proposal, form).await?;
    page.page = page.page.saying(&mut query, &SENTENCES);
    html(&page)
}

/// What the office sent: keys of the accepted fields and the note.
fn read(form: &mut Form, proposal: &Proposal) -> (Vec<String>, String) {
    let asked: Vec<String> = proposal.asked().into_iter().map(|asked| asked.key).collect();
    let note = form.block("note", "団体への説明", NOTE);
    let act = form.choice("act", "承認するか差し戻すか", |act| {
        ["approve", "refuse"].into_iter().find(|one| *one == act)
    });
    let ticked: Vec<String> = asked.iter().filter(|key| form.has("field", key)).cloned().collect();
    let accepted = if act == Some("approve") { ticked } else { Vec::new() };
    if act == Some("approve") && accepted.is_empty() {
        form.fault("field", "承認する項目に印を付けてください。どれも承認しないときは「差し戻す」を押してください。");
    }
    if note.is_empty() && accepted.len() < asked.len() {
        form.fault("note", "承認しない項目があるときは、そのわけを団体への説明に書いてください。");
    }
    (accepted, note)
}

/// `POST /staff/proposals/{id}`: decides; whoever comes second is shown what has happened instead.
pub(super) async fn decide(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let proposal = find(&app, &id).await?;
    let (accepted, note) = read(&mut form, &proposal);
    if !form.is_fine() && proposal.standing() == Standing::Open {
        return unfit(&ProposalPage::new(&app, &who, proposal, form).await?);
    }
    let counter = form.get("counter").parse().unwrap_or_default();
    let actor = who.actor();
    let decision = Decision { counter, accepted: &accepted, note: &note, by: &actor.name };
    let editing = Editing {
        actor: &actor,
        channel: Channel::Screen,
        action: "変更の承認",
        reason: &note,
        zone: app.city().profile.zone,
        now: app.clock.now(),
    };
    match made(&app, &proposal, &decision, editing).await? {
        Ok(true) => Ok(see(&format!(
            "{}?done={}",
            super::path(proposal.id),
            if accepted.is_empty() { "refused" } else { "approved" }
        ))),
        Ok(false) => overtaken(&app, &who, &id, note).await,
        Err(sentences) => {
            let form = refused(form, sentences)?;
            unfit(&ProposalPage::new(&app, &who, proposal, form).await?)
        }
    }
}

/// Makes the decision with its letters; says whether it was still there to be made.
async fn made(
    app: &App,
    proposal: &Proposal,
    decision: &Decision<'_>,
    editing: Editing<'_>,
) -> Result<Result<bool, crate::groups::Refused>, Error> {
    let city = app.city();
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, proposal.group_id).await?.ok_or(Error::NotFound)?;
    if present.open.as_ref().is_none_or(|open| open.id != proposal.id) {
        return Ok(Ok(false));
    }
    let decided: Decided = match deciding::decide(&transaction, &city, &present, decision, editing).await {
        Ok(Some(decided)) => decided,
        Ok(None) => return Ok(Ok(false)),
        Err(fault) => return Ok(Err(fault)),
    };
    for letter in letters::decided(app, &city, &present, &decided, decision.note)? {
        mail::post(&transaction, &letter, &app.config.host(), editing.now).await?;
    }
    transaction.commit().await?;
    Ok(Ok(true))
}

/// The page as it is now, with the note still typed.
async fn overtaken(app: &App, who: &Staff, id: &str, note: String) -> Result<Response, Error> {
    let proposal = find(app, id).await?;
    let mut form = fresh(&proposal);
    form.set("note", note);
    let page = ProposalPage { overtaken: true, ..ProposalPage::new(app, who, proposal, form).await? };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}
