//! The agenda for a group that is invited, and proposing an item: by personal link without an account, or signed in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::form;
use super::item::{self, Item};
use super::pages::{moment, told, told_of};
use super::proposing::{self, Gate, Outcome, gate};
use super::shown::{self, Agenda, Eye};
use super::stage::Stage;
use super::{letters, own_path, path};
use crate::app::App;
use crate::audit::Actor;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::group_path;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::rights;
use crate::meetings::seat::{self, Seat};
use crate::meetings::work_pages::when;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("proposed", "議題の提案を受け取りました。採用か見送りかが決まると、このページに出ます。"),
    ("changed", "提案を直しました。"),
    ("withdrawn", "提案を取り下げました。"),
];

/// Whoever reads the agenda for a seat.
pub(in crate::meetings) struct Proposing {
    pub(in crate::meetings) meeting: Meeting,
    pub(in crate::meetings) seat: Seat,
    actor: Actor,
    /// Address of the agenda.
    action: String,
    /// Under which address materials are read.
    materials: String,
    /// Where the reply is given.
    reply: String,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "meetings/agenda/propose.html")]
struct ProposePage<'a> {
    page: Frame,
    proposing: &'a Proposing,
    meeting: &'a Meeting,
    form: &'a Form,
    when: String,
    agenda: Agenda,
    /// What the group proposed, the newest first.
    own: Vec<Item>,
    until: String,
    gate: Gate,
    /// The proposal that is changed; nothing while a new one is written.
    changed: Option<Item>,
    /// Why what was sent is not written down; what was typed stays.
    refused: &'static str,
}

impl ProposePage<'_> {
    fn action(&self) -> String {
        match &self.changed {
            Some(item) => format!("{}/items/{}", self.proposing.action, item.id),
            None => self.proposing.action.clone(),
        }
    }

    fn material_path(&self, id: &Uuid) -> String {
        format!("{}/materials/{id}", self.proposing.materials)
    }
}

/// Who opens the agenda by a personal link.
pub(in crate::meetings) async fn by_link(app: &App, token: &str) -> Result<Proposing, Error> {
    let opened = rights::holder(app, token).await?;
    let actor = opened.actor();
    Ok(Proposing {
        meeting: opened.meeting,
        seat: opened.seat,
        actor,
        action: path(token),
        materials: path(token),
        reply: crate::meetings::reply_path(token),
        frame: Frame::new(app, &path(token)),
    })
}

async fn signed_in(app: &App, group: Uuid, id: Uuid, who: &Member) -> Result<Proposing, Error> {
    member::of(&app.db, who.account.id, group).await?.ok_or(Error::NotFound)?;
    let is_told = |meeting: &Meeting| meeting.poll_opened_at.is_some() || meeting.fixed_at.is_some();
    let meeting = meeting::find(&app.db, id).await?.filter(is_told).ok_or(Error::NotFound)?;
    let seat = seat::of_group(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    Ok(Proposing {
        materials: meeting.path(),
        meeting,
        seat,
        actor: who.actor(),
        action: own_path(group, id),
        reply: format!("{}/{id}/reply", group_path(group)),
        frame: Frame::own(app, &group_path(group), who),
    })
}

async fn page<'a>(
    app: &App,
    proposing: &'a Proposing,
    (form, changed, refused): (&'a Form, Option<Item>, &'static str),
) -> Result<ProposePage<'a>, Error> {
    let (meeting, zone) = (&proposing.meeting, app.city().profile.zone);
    let gate = gate(meeting, &proposing.seat, app.clock.now());
    let agenda = match proposing.seat.is_taken() {
        true => shown::read(&app.db, meeting, Eye::Group(proposing.seat.group_id), zone).await?,
        false => Agenda::default(),
    };
    let mut own = item::of_seat(&app.db, proposing.seat.id).await?;
    own.reverse();
    Ok(ProposePage {
        page: proposing.frame.clone(),
        when: when(meeting, zone),
        until: moment(meeting.agenda_until, zone),
        agenda,
        own,
        gate,
        changed,
        refused,
        meeting,
        form,
        proposing,
    })
}

async fn shown_to(app: &App, proposing: &Proposing, mut query: Query) -> Result<Response, Error> {
    let form = Form::filled([("id", new_id().to_string())]);
    let shown = page(app, proposing, (&form, None, "")).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&ProposePage { page, ..shown })
}

async fn edited(app: &App, proposing: &Proposing, item: Uuid) -> Result<Response, Error> {
    let item = own_item(app, proposing, item).await?;
    if item.stage() != Stage::Proposed || gate(&proposing.meeting, &proposing.seat, app.clock.now()) != Gate::Open {
        return Ok(see(&proposing.action));
    }
    html(&page(app, proposing, (&form::filled(&item), Some(item), "")).await?)
}

async fn own_item(app: &App, proposing: &Proposing, id: Uuid) -> Result<Item, Error> {
    let item = item::find(&app.db, proposing.meeting.id, id).await?.ok_or(Error::NotFound)?;
    if item.seat_id == Some(proposing.seat.id) { Ok(item) } else { Err(Error::NotFound) }
}

/// Why something sent is not written down.
fn refusal(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done | Outcome::Known => "",
        Outcome::Closed => {
            "提案の受付が終わったため、保存していません。お書きになった内容は、下に残っています。お急ぎのときは、下の連絡先へお電話ください。"
        }
        Outcome::Many => {
            "決まっていない提案が10件あります。どれかを直すか、決まるまでお待ちください。まだ保存していません。"
        }
        Outcome::Stale => {
            "直しているあいだに、この提案が変わったか、採用か見送りかが決まりました。まだ保存していません。"
        }
    }
}

async fn proposed(app: &App, proposing: &Proposing, mut form: Form) -> Result<Response, Error> {
    let Some(draft) = form::read(&mut form) else {
        return unfit(&page(app, proposing, (&form, None, "")).await?);
    };
    let (id, now) = (Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id()), app.clock.now());
    let (seat, actor) = (&proposing.seat, &proposing.actor);
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let outcome = proposing::propose(&transaction, (id, seat), (&draft, &actor.name), now).await?;
    if outcome == Outcome::Known {
        return Ok(see(&format!("{}?done=proposed", proposing.action)));
    }
    if outcome != Outcome::Done {
        return unfit(&page(app, proposing, (&form, None, refusal(outcome))).await?);
    }
    let about = (proposing.meeting.id, proposing.meeting.title.as_str(), Some(seat.group_id));
    record(&transaction, actor, about, "議題の提案", (json!(null), told(&draft)), now).await?;
    letters::ask(&transaction, &desk, (&proposing.meeting, seat), &draft).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=proposed", proposing.action)))
}

async fn changed(app: &App, proposing: &Proposing, item: Uuid, mut form: Form) -> Result<Response, Error> {
    let item = own_item(app, proposing, item).await?;
    let withdraws = form.has("do", "withdraw");
    let draft = if withdraws { None } else { form::read(&mut form) };
    if !withdraws && draft.is_none() {
        return unfit(&page(app, proposing, (&form, Some(item), "")).await?);
    }
    let (now, seat, version) = (app.clock.now(), &proposing.seat, form::version(&form));
    let transaction = db::begin(&app.db).await?;
    let outcome = match &draft {
        Some(draft) => proposing::change(&transaction, (item.id, version, seat), draft, now).await?,
        None => proposing::withdraw(&transaction, (item.id, version, seat), now).await?,
    };
    if outcome != Outcome::Done {
        let current = item::find(&transaction, item.meeting_id, item.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&page(app, proposing, (&form, Some(current), refusal(outcome))).await?);
    }
    let about = (proposing.meeting.id, proposing.meeting.title.as_str(), Some(seat.group_id));
    let after = draft.as_ref().map_or(json!(null), told);
    let (action, done) =
        if withdraws { ("提案の取り下げ", "withdrawn") } else { ("議題の提案の変更", "changed") };
    record(&transaction, &proposing.actor, about, action, (told_of(&item), after), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={done}", proposing.action)))
}

/// `GET /agenda/{token}`.
pub async fn show(State(app): State<App>, Path(token): Path<String>, query: Query) -> Result<Response, Error> {
    shown_to(&app, &by_link(&app, &token).await?, query).await
}

/// `POST /agenda/{token}`.
pub async fn propose(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    proposed(&app, &by_link(&app, &token).await?, form).await
}

/// `GET /agenda/{token}/items/{item}`.
pub async fn edit(State(app): State<App>, Path((token, item)): Path<(String, Uuid)>) -> Result<Response, Error> {
    edited(&app, &by_link(&app, &token).await?, item).await
}

/// `POST /agenda/{token}/items/{item}`: changes a proposal, or takes it back.
pub async fn change(
    State(app): State<App>,
    Path((token, item)): Path<(String, Uuid)>,
    form: Form,
) -> Result<Response, Error> {
    changed(&app, &by_link(&app, &token).await?, item, form).await
}

/// `GET /me/groups/{group}/meetings/{id}/agenda`.
pub async fn own(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    query: Query,
    who: Member,
) -> Result<Response, Error> {
    shown_to(&app, &signed_in(&app, group, id, &who).await?, query).await
}

/// `POST /me/groups/{group}/meetings/{id}/agenda`.
pub async fn own_propose(
    State(app): State<App>,
    Path((group, id)): Path<(Uuid, Uuid)>,
    who: Member,
    form: Form,
) -> Result<Response, Error> {
    proposed(&app, &signed_in(&app, group, id, &who).await?, form).await
}

/// `GET /me/groups/{group}/meetings/{id}/agenda/items/{item}`.
pub async fn own_edit(
    State(app): State<App>,
    Path((group, id, item)): Path<(Uuid, Uuid, Uuid)>,
    who: Member,
) -> Result<Response, Error> {
    edited(&app, &signed_in(&app, group, id, &who).await?, item).await
}

/// `POST /me/groups/{group}/meetings/{id}/agenda/items/{item}`.
pub async fn own_change(
    State(app): State<App>,
    Path((group, id, item)): Path<(Uuid, Uuid, Uuid)>,
    who: Member,
    form: Form,
) -> Result<Response, Error> {
    changed(&app, &signed_in(&app, group, id, &who).await?, item, form).await
}
