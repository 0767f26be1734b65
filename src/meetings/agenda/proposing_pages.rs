//! The agenda for a group that is invited, and proposing an item.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::form;
use super::item::{self, Item};
use super::letters;
use super::pages::{moment, told, told_of};
use super::proposing::{self, Gate, Outcome, gate};
use super::shown::{self, Agenda, Eye};
use super::stage::Stage;
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::record;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::voice::Voice;
use crate::meetings::work_pages::when;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("proposed", "議題の提案を受け取りました。採用か見送りかが決まると、このページに出ます。"),
    ("changed", "提案を直しました。"),
    ("withdrawn", "提案を取り下げました。"),
];

/// Which proposal.
#[derive(serde::Deserialize)]
pub struct At {
    item: Uuid,
}

#[derive(Template)]
#[template(path = "meetings/agenda/propose.html")]
struct ProposePage<'a> {
    page: Frame,
    voice: &'a Voice,
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
            Some(item) => format!("{}/items/{}", self.voice.agenda(), item.id),
            None => self.voice.agenda(),
        }
    }

    fn material_path(&self, id: &Uuid) -> String {
        format!("{}/{id}", self.voice.materials())
    }
}

async fn page<'a>(
    app: &App,
    voice: &'a Voice,
    (form, changed, refused): (&'a Form, Option<Item>, &'static str),
) -> Result<ProposePage<'a>, Error> {
    let (meeting, zone) = (&voice.meeting, app.city().profile.zone);
    let gate = gate(meeting, &voice.seat, app.clock.now());
    let agenda = match voice.seat.is_taken() {
        true => shown::read(&app.db, meeting, Eye::Group(voice.seat.group_id), zone).await?,
        false => Agenda::default(),
    };
    let mut own = item::of_seat(&app.db, voice.seat.id).await?;
    own.reverse();
    Ok(ProposePage {
        page: voice.frame(),
        when: when(meeting, zone),
        until: moment(meeting.agenda_until, zone),
        agenda,
        own,
        gate,
        changed,
        refused,
        meeting,
        form,
        voice,
    })
}

/// `GET /agenda/{token}`.
pub async fn show(State(app): State<App>, voice: Voice, query: Query) -> Result<Response, Error> {
    let form = Form::filled([("id", new_id().to_string())]);
    let shown = page(&app, &voice, (&form, None, "")).await?;
    html(&ProposePage { page: voice.frame_saying(query, &DONE), ..shown })
}

/// `GET /agenda/{token}/items/{item}`.
pub async fn edit(State(app): State<App>, voice: Voice, Path(At { item }): Path<At>) -> Result<Response, Error> {
    let item = own_item(&app, &voice, item).await?;
    if item.stage() != Stage::Proposed || gate(&voice.meeting, &voice.seat, app.clock.now()) != Gate::Open {
        return Ok(see(&voice.agenda()));
    }
    html(&page(&app, &voice, (&form::filled(&item), Some(item), "")).await?)
}

async fn own_item(app: &App, voice: &Voice, id: Uuid) -> Result<Item, Error> {
    let item = item::find(&app.db, voice.meeting.id, id).await?.ok_or(Error::NotFound)?;
    if item.seat_id == Some(voice.seat.id) { Ok(item) } else { Err(Error::NotFound) }
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

/// `POST /agenda/{token}`.
pub async fn propose(State(app): State<App>, voice: Voice, mut form: Form) -> Result<Response, Error> {
    let Some(draft) = form::read(&mut form) else {
        return unfit(&page(&app, &voice, (&form, None, "")).await?);
    };
    let (id, now) = (Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id()), app.clock.now());
    let (seat, actor) = (&voice.seat, &voice.actor);
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let outcome = proposing::propose(&transaction, (id, seat), (&draft, &actor.name), now).await?;
    if outcome == Outcome::Known {
        return Ok(see(&format!("{}?done=proposed", voice.agenda())));
    }
    if outcome != Outcome::Done {
        return unfit(&page(&app, &voice, (&form, None, refusal(outcome))).await?);
    }
    let about = (voice.meeting.id, voice.meeting.title.as_str(), Some(seat.group_id));
    record(&transaction, actor, about, "議題の提案", (json!(null), told(&draft)), now).await?;
    letters::ask(&transaction, &desk, (&voice.meeting, seat), &draft).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=proposed", voice.agenda())))
}

/// `POST /agenda/{token}/items/{item}`: changes a proposal, or takes it back.
pub async fn change(
    State(app): State<App>,
    voice: Voice,
    Path(At { item }): Path<At>,
    mut form: Form,
) -> Result<Response, Error> {
    let item = own_item(&app, &voice, item).await?;
    let withdraws = form.has("do", "withdraw");
    let draft = if withdraws { None } else { form::read(&mut form) };
    if !withdraws && draft.is_none() {
        return unfit(&page(&app, &voice, (&form, Some(item), "")).await?);
    }
    let (now, seat, version) = (app.clock.now(), &voice.seat, form::version(&form));
    let transaction = db::begin(&app.db).await?;
    let outcome = match &draft {
        Some(draft) => proposing::change(&transaction, (item.id, version, seat), draft, now).await?,
        None => proposing::withdraw(&transaction, (item.id, version, seat), now).await?,
    };
    if outcome != Outcome::Done {
        let current = item::find(&transaction, item.meeting_id, item.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&page(&app, &voice, (&form, Some(current), refusal(outcome))).await?);
    }
    let about = (voice.meeting.id, voice.meeting.title.as_str(), Some(seat.group_id));
    let after = draft.as_ref().map_or(json!(null), told);
    let (action, done) =
        if withdraws { ("提案の取り下げ", "withdrawn") } else { ("議題の提案の変更", "changed") };
    record(&transaction, &voice.actor, about, action, (told_of(&item), after), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={done}", voice.agenda())))
}
