//! Until when groups may propose, and deciding about what they proposed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::changing_pages::OnItem;
use super::form;
use super::item::{self, Draft, Item};
use super::pages::{agenda_page, moment, note, overtaken, told, told_of, was};
use super::stage::Stage;
use super::{letters, proposal_path, work_path};
use crate::app::App;
use crate::db::{self, statement};
use crate::error::Error;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::{self, Meeting};
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::web::{Form, Frame, html, see, unfit};

/// `POST /meetings/{id}/agenda/until`: sets the deadline, or ends the proposals by leaving it empty.
pub async fn set_until(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let zone = app.city().profile.zone;
    let until = form::read_until(&mut form, zone);
    if until.zip(work.meeting.starts_at).is_some_and(|(until, starts)| until > starts) {
        form.fault("until", "提案の締切は、会議より前にしてください。");
    }
    if !form.is_fine() {
        form.set("id", crate::clock::new_id().to_string());
        return unfit(&agenda_page(&app, &work, &form).await?);
    }
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_open = item::hold(&transaction, work.meeting.id).await?;
    let current = meeting::find(&transaction, work.meeting.id).await?.ok_or(Error::NotFound)?;
    if !is_open || was(&current) != form.get("was") {
        return overtaken(&app, &work).await;
    }
    let sql = "UPDATE meetings SET agenda_until = ?, updated_at = ? WHERE id = ?";
    let values = vec![until.into(), now.into(), current.id.into()];
    transaction.execute_raw(statement(transaction.get_database_backend(), sql, values)).await?;
    let told = |until| json!({ "提案の締切": moment(until, zone) });
    note(&transaction, &work, "議題の提案の締切", (told(current.agenda_until), told(until)), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=until", work_path(work.meeting.id))))
}

#[derive(Template)]
#[template(path = "meetings/agenda/proposal.html")]
struct ProposalPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    item: &'a Item,
    seat: &'a Seat,
    form: &'a Form,
    /// Whether the group changed it, or somebody decided, meanwhile.
    stale: bool,
}

async fn seat_of(app: &App, item: &Item) -> Result<Seat, Error> {
    let id = item.seat_id.ok_or(Error::NotFound)?;
    seat::find(&app.db, item.meeting_id, id).await?.ok_or(Error::NotFound)
}

/// `GET /meetings/{id}/agenda/proposals/{item}`.
pub async fn proposal(State(app): State<App>, OnItem { work, item }: OnItem) -> Result<Response, Error> {
    let seat = seat_of(&app, &item).await?;
    let page = Frame::own(&app, &proposal_path(work.meeting.id, item.id), &work.member);
    let form = form::filled(&item);
    html(&ProposalPage { page, meeting: &work.meeting, item: &item, seat: &seat, form: &form, stale: false })
}

/// `POST /meetings/{id}/agenda/proposals/{item}`: takes a proposal, changed or not, or declines it; the group is told in any case.
pub async fn decide(State(app): State<App>, OnItem { work, item }: OnItem, mut form: Form) -> Result<Response, Error> {
    let seat = seat_of(&app, &item).await?;
    let decision = read_decision(&mut form, &item);
    let meeting = &work.meeting;
    let page = Frame::own(&app, &proposal_path(meeting.id, item.id), &work.member);
    let Some((stage, draft, words)) = decision else {
        return unfit(&ProposalPage { page, meeting, item: &item, seat: &seat, form: &form, stale: false });
    };
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if !item::hold(&transaction, meeting.id).await? {
        return overtaken(&app, &work).await;
    }
    let (version, by) = (form::version(&form), (work.member.account.shown_name(), desk.now));
    if !item::decide(&transaction, (&item, version), (stage, &draft, &words), by).await? {
        let current = item::find(&transaction, meeting.id, item.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&ProposalPage { page, meeting, item: &current, seat: &seat, form: &form, stale: true });
    }
    let letters = letters::tell(&transaction, &desk, (meeting, &seat), (stage, &draft, &words)).await?;
    let accepted = stage == Stage::Listed;
    let (action, done) = if accepted { ("提案の採用", "accepted") } else { ("提案の見送り", "declined") };
    let mut after = told(&draft);
    after["団体"] = json!(seat.name);
    after["団体へのひとこと"] = json!(words);
    note(&transaction, &work, action, (told_of(&item), after), desk.now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", work_path(meeting.id), if letters > 0 { done } else { "paper" })))
}

/// What is decided, what the item says from now on, and the word to the group; nothing while something is wrong.
fn read_decision(form: &mut Form, item: &Item) -> Option<(Stage, Draft, String)> {
    if form.has("do", "decline") {
        let words = form.block("note", "団体へのひとこと", 1_000);
        if words.is_empty() {
            form.fault("note", "見送る理由を、団体へのひとことに書いてください。");
        }
        let (title, speaker) = (item.title.clone(), item.speaker.clone());
        let draft = Draft { title, words: item.words.clone(), minutes: item.minutes, speaker };
        return form.is_fine().then_some((Stage::Declined, draft, words));
    }
    let words = form.block("note", "団体へのひとこと", 1_000);
    form::read(form).map(|draft| (Stage::Listed, draft, words))
}
