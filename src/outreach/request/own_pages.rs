//! The applicant's own page, by personal link: where the request stands, confirming, changing and withdrawing it, and answering offers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::asking_pages::{checked, received, slots};
use super::draft::Draft;
use super::form;
use super::form_page::{Room, Whose, page};
use super::link::{self, Opened};
use super::request::Stage;
use super::summary::{self, Line};
use super::{keeping, letters, trail, wish};
use crate::app::App;
use crate::audit::Channel;
use crate::city::facility;
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::decision::{self, Decision, Hand, Saying};
use crate::outreach::rules::Rules;
use crate::outreach::session::{self, State as SessionState};
use crate::outreach::telling;
use crate::text::day;
use crate::web::{Form, Frame, Network, Query, html, see, unfit};

const DONE: [(&str, &str); 7] = [
    ("sent", "確認のメールを送りました。届いたメールのリンクを開き、「この内容で申し込む」を押すと、申込が届きます。"),
    ("received", "申込を受け付けました。受付のメールをお送りします。"),
    ("changed", "申込を直しました。"),
    ("withdrawn", "申込を取り下げました。"),
    ("accepted", "お答えありがとうございました。この日時に決まりました。"),
    ("declined", "お答えを受け取りました。あらためてご連絡します。"),
    ("gone", "この日時は、ほかの予定が入ったか、答えの期限をすぎたため、選べなくなりました。"),
];

/// The request behind a personal link.
pub(in crate::outreach) async fn opened(app: &App, token: &str) -> Result<Opened, Error> {
    link::open(&app.db, token, app.clock.now()).await?.ok_or(Error::LinkGone)
}

/// A session as the applicant may know it.
pub(super) struct Seen {
    pub id: Uuid,
    pub version: i32,
    pub when: String,
    pub place: String,
    pub people: String,
    pub reason: String,
    pub until: String,
}

#[derive(Template)]
#[template(path = "outreach/request/state.html")]
struct StatePage<'a> {
    page: Frame,
    opened: &'a Opened,
    /// Where the request stands as far as it was told: a decision whose letters are still held is not.
    stage: Stage,
    lines: Vec<Line>,
    due: String,
    decided: Option<Seen>,
    cancelled: Option<Seen>,
    offers: Vec<Seen>,
    decisions: Vec<Decision>,
    is_over: bool,
    phone: String,
}

/// `GET /outreach/requests/{token}`.
pub async fn state(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let city = app.city();
    let now = app.clock.now();
    let request = &opened.request;
    let rules = Rules::load(&app.db, &city).await?;
    let received = request.received_at.map(|at| at.with_timezone(&city.profile.zone).date_naive());
    let sessions = session::of_request(&app.db, request.id).await?;
    let find =
        |state: SessionState| sessions.iter().rev().find(|one| one.state() == state && one.confirmed_at.is_some());
    let decided = find(SessionState::Confirmed);
    let mut offers = Vec::new();
    for one in sessions.iter().filter(|one| one.is_on_offer(now) && one.declined_at.is_none()) {
        offers.push(seen(&app, one).await?);
    }
    let decisions = decision::told_of(&app.db, request.id).await?;
    let is_told = !decisions.is_empty() || decided.is_some_and(|one| one.offered_at.is_some());
    let page = Frame::new(&app, crate::outreach::REQUEST).saying(&mut query, &DONE);
    html(&StatePage {
        page: page.ignoring(query.into_ignored()),
        stage: match request.stage() {
            Stage::Approved | Stage::Refused if !is_told => Stage::Received,
            stage => stage,
        },
        lines: summary::of(&app.db, &city, request).await?,
        due: received.map(|on| day::long(rules.due(on))).unwrap_or_default(),
        is_over: decided.is_some_and(|one| one.is_over(now)),
        cancelled: match find(SessionState::Cancelled).filter(|_| decided.is_none()) {
            Some(one) => Some(seen(&app, one).await?),
            None => None,
        },
        decided: match decided {
            Some(one) => Some(seen(&app, one).await?),
            None => None,
        },
        offers,
        decisions,
        phone: city.profile.office.phone.clone(),
        opened: &opened,
    })
}

async fn seen(app: &App, one: &session::Session) -> Result<Seen, Error> {
    let city = app.city();
    let people = session::crew::of_session(&app.db, one.id).await?;
    let said = telling::of_session(&city, one, &people);
    let value =
        |name: &str| said.iter().find(|(key, _)| *key == name).map(|(_, text)| text.clone()).unwrap_or_default();
    let until = one.offer_until.map(|at| day::long(at.with_timezone(&city.profile.zone).date_naive()));
    Ok(Seen {
        id: one.id,
        version: one.version,
        when: value("日時"),
        people: value("職員"),
        place: telling::place(&app.db, &city, &one.venue()).await?,
        reason: one.cancel_reason.clone(),
        until: until.unwrap_or_default(),
    })
}

/// Leads back from the address of an act to the page of the request.
pub async fn back(Path(token): Path<String>) -> Response {
    Redirect::to(&crate::outreach::request_path(&token)).into_response()
}

/// `POST …/verification`: the owner of the address hands the request in; only the link of the letter can.
pub async fn verify(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !opened.by_letter {
        return Err(Error::LinkGone);
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let rules = Rules::load(&app.db, &city).await?;
    let draft = Draft::of(&opened.request, wish::of_request(&app.db, opened.request.id).await?);
    let transaction = db::begin(&app.db).await?;
    received(&transaction, &desk, (opened.request.id, &draft), (&opened.actor(), Channel::Screen), &rules).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=received", opened.path())))
}

/// `POST …/letter`: sends the letter that confirms it again.
pub async fn send_again(
    State(app): State<App>,
    Path(token): Path<String>,
    Network(network): Network,
) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if opened.request.stage() != Stage::Unverified {
        return Ok(see(&opened.path()));
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if !link::may_be_sent(&transaction, (&opened.request.mail, &network), desk.now).await? {
        return Err(Error::TooMany);
    }
    letters::post_link(&transaction, &desk, &opened.request, &network).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", opened.path())))
}

fn may_change(opened: &Opened) -> bool {
    matches!(opened.request.stage(), Stage::Received | Stage::Unverified) && !opened.must_verify()
}

/// `GET …/edit`.
pub async fn edit(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !may_change(&opened) {
        return Ok(see(&opened.path()));
    }
    let room = Room::open(&app).await?.with(&app, &opened.request).await?;
    let draft = Draft::of(&opened.request, wish::of_request(&app.db, opened.request.id).await?);
    let mut form = form::filled(&draft, &facility::all(&app.db).await?, &room.city);
    form.set("version", opened.request.version.to_string());
    html(&page(&app, &form, &room, Whose::Owner(&opened)))
}

/// `POST …/edit`: changes what is asked for. The address stays: it is what the request was confirmed by.
pub async fn change(State(app): State<App>, Path(token): Path<String>, mut form: Form) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !may_change(&opened) {
        return Ok(see(&opened.path()));
    }
    let room = Room::open(&app).await?.with(&app, &opened.request).await?;
    if form.get("go") == "slots" {
        return slots(&app, form, &room, Whose::Owner(&opened)).await;
    }
    form.set("mail", opened.request.mail.clone());
    let by_staff = opened.request.mail.is_empty();
    let Some(draft) = checked(&app, &mut form, &room, by_staff).await? else {
        return unfit(&page(&app, &form, &room, Whose::Owner(&opened)));
    };
    let version = form.get("version").parse().unwrap_or_default();
    let before = Draft::of(&opened.request, wish::of_request(&app.db, opened.request.id).await?);
    let transaction = db::begin(&app.db).await?;
    if !keeping::update(&transaction, (opened.request.id, version), &draft, app.clock.now()).await? {
        form.set("version", opened.request.version.to_string());
        let mut shown = page(&app, &form, &room, Whose::Owner(&opened));
        shown.stale = true;
        return unfit(&shown);
    }
    if opened.request.received_at.is_some() {
        let change = (trail::words(&before, &room.city), trail::words(&draft, &room.city));
        let who = (&opened.actor(), Channel::Screen, "出前説明会の申込の変更", "");
        trail::tell(&transaction, &opened.request, who, change, app.clock.now()).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=changed", opened.path())))
}

/// `POST …/withdrawal`: takes the request back; a decided session is called off with it.
pub async fn withdraw(State(app): State<App>, Path(token): Path<String>, mut form: Form) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if opened.must_verify() {
        return Ok(see(&opened.path()));
    }
    let reason = form.line("reason", "取り下げる理由", 300);
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    let (actor, sender) = (opened.actor(), crate::mail::answers_to(&app.config));
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let saying = Saying { by: &actor.name, ground: &reason, words: "", sender: &sender };
    let done = decision::withdraw(&transaction, &desk, &opened.request, hand, saying).await?;
    transaction.commit().await?;
    Ok(see(&if done { format!("{}?done=withdrawn", opened.path()) } else { opened.path() }))
}

/// `POST …/acceptance`: the applicant takes one of the times on offer: it is decided.
pub async fn accept(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let id = Uuid::parse_str(form.get("session")).map_err(|_| Error::NotFound)?;
    let version = form.get("version").parse().unwrap_or_default();
    let (actor, sender) = (opened.actor(), crate::mail::answers_to(&app.config));
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let saying = Saying { by: &actor.name, ground: "", words: "", sender: &sender };
    let transaction = db::begin(&app.db).await?;
    let on_offer = session::find(&transaction, id).await?.is_some_and(|one| one.is_on_offer(desk.now));
    let which = ((opened.request.id, opened.request.version), (id, version));
    let done = on_offer && decision::approve(&transaction, &desk, which, hand, saying).await?;
    if done {
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done={}", opened.path(), if done { "accepted" } else { "gone" })))
}

/// `POST …/declining`: none of the times on offer suits.
pub async fn decline(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let actor = opened.actor();
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    let done = decision::decline(&transaction, &desk, opened.request.id, hand).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", opened.path(), if done { "declined" } else { "gone" })))
}
