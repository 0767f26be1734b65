//! `/staff/outreach/sessions/{id}`: moving a session to another time, place or people, letting go of it, calling it off.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Duration;
use uuid::Uuid;

use super::acting_pages::{CHANGED, number, people, told, trouble};
use super::request_page::{padded, starts};
use super::session_path;
use crate::app::App;
use crate::audit::Channel;
use crate::city::{Facility, facility};
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::decision::{self, Hand, Saying, Visit};
use crate::outreach::dispatch::{self, Candidate, Judged, Need};
use crate::outreach::request::{self, Request};
use crate::outreach::rules::Rules;
use crate::outreach::session::{self, Place, Session, State as SessionState, crew};
use crate::outreach::telling;
use crate::web::{Form, Frame, Member, Staff, html, see};

#[derive(Template)]
#[template(path = "outreach/desk/session.html")]
struct SessionPage<'a> {
    page: Frame,
    session: &'a Session,
    request: &'a Request,
    when: String,
    place: String,
    is_over: bool,
    facilities: Vec<Facility>,
    towns: Vec<(String, String)>,
    form: &'a Form,
    judged: Judged,
    trouble: Vec<String>,
}

impl SessionPage<'_> {
    fn is_ticked(&self, one: &Candidate) -> bool {
        self.form.has("person", &one.account_id.to_string())
    }

    fn is_decided(&self) -> bool {
        self.session.state() == SessionState::Confirmed
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }
}

async fn found(app: &App, id: Uuid) -> Result<(Session, Request), Error> {
    let session = session::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let request = request::find_received(&app.db, session.request_id).await?.ok_or(Error::NotFound)?;
    Ok((session, request))
}

/// `GET /staff/outreach/sessions/{id}`.
pub async fn show(State(app): State<App>, Path(id): Path<Uuid>, Staff(member): Staff) -> Result<Response, Error> {
    let (session, request) = found(&app, id).await?;
    let facilities = facility::all(&app.db).await?;
    let local = session.starts_at.with_timezone(&app.city().profile.zone);
    let hall = facilities.iter().find(|one| Some(one.id) == session.facility_id);
    let mut form = Form::filled([
        ("day", local.date_naive().to_string()),
        ("starts", padded(local.time())),
        ("version", session.version.to_string()),
        ("facility", hall.map(|hall| hall.key.clone()).unwrap_or_default()),
        ("place", session.place.clone()),
        ("place_address", session.place_address.clone()),
        ("town", session.town_key.clone()),
    ]);
    for one in crew::of_session(&app.db, id).await? {
        form.add("person", one.account_id.to_string());
    }
    page(&app, &member, (&session, &request), &form, (StatusCode::OK, Vec::new())).await
}

async fn page(
    app: &App,
    member: &Member,
    (session, request): (&Session, &Request),
    form: &Form,
    (status, trouble): (StatusCode, Vec<String>),
) -> Result<Response, Error> {
    let city = app.city();
    let rules = Rules::load(&app.db, &city).await?;
    let facilities = facility::all(&app.db).await?;
    let place = typed_place(form, &facilities);
    let judged = match starts(form, city.profile.zone) {
        Some(at) if session.state() != SessionState::Cancelled => {
            let need = Need { town_key: place.town_key, facility_id: place.facility_id, ..dispatch::need_of(request) };
            dispatch::judge(&app.db, (&city, rules), &need, (at, &[]), &[session.id]).await?
        }
        _ => Judged::default(),
    };
    let shown = SessionPage {
        page: Frame::own(app, &session_path(session.id), member),
        when: telling::when((session.starts_at, session.ends_at), city.profile.zone),
        place: telling::place(&app.db, &city, &session.venue()).await?,
        is_over: session.is_over(app.clock.now()),
        towns: city.towns.iter().map(|town| (town.key.clone(), town.name.clone())).collect(),
        facilities,
        session,
        request,
        form,
        judged,
        trouble,
    };
    Ok((status, html(&shown)?).into_response())
}

fn typed_place(form: &Form, facilities: &[Facility]) -> Place {
    let place = form.get("place").trim().to_owned();
    match facilities.iter().find(|hall| hall.key == form.get("facility")) {
        Some(hall) => {
            Place { town_key: hall.town_key.clone(), facility_id: Some(hall.id), place, address: hall.address.clone() }
        }
        None => Place {
            town_key: form.get("town").to_owned(),
            facility_id: None,
            place,
            address: form.get("place_address").trim().to_owned(),
        },
    }
}

/// `POST /staff/outreach/sessions/{id}`: shows who could go at another time, or moves the session.
pub async fn shift(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let (session, request) = found(&app, id).await?;
    let both = (&session, &request);
    if form.get("go") == "look" {
        return page(&app, &member, both, &form, (StatusCode::OK, Vec::new())).await;
    }
    let (reason, words) = (form.block("ground", "変更の理由", 500), form.block("words", "その他", 1_000));
    form.line("place", "会場", 200);
    form.line("place_address", "会場の所在地", 200);
    let place = typed_place(&form, &facility::all(&app.db).await?);
    let city = app.city();
    let mut faults: Vec<String> = form.faults().iter().map(|(_, sentence)| sentence.clone()).collect();
    if city.town(&place.town_key).is_none() {
        faults.push("会場の施設か、会場のある町を選んでください。".to_owned());
    }
    let Some(starts) = starts(&form, city.profile.zone).filter(|_| faults.is_empty()) else {
        faults.push("日にちと始める時刻を確かめてください。".to_owned());
        return page(&app, &member, both, &form, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    };
    let ends = starts + Duration::minutes(request.length_minutes.into());
    let visit = Visit { starts, ends, place, people: people(&form) };
    let trouble = trouble(&app, &request, (&visit, &[id]), &form).await?;
    if !trouble.is_empty() {
        return page(&app, &member, both, &form, (StatusCode::UNPROCESSABLE_ENTITY, trouble)).await;
    }
    let host = app.config.host();
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &reason, words: &words, sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    let which = (id, number(&form, "version"));
    match decision::shift(&transaction, &desk, which, &visit, hand, saying).await {
        Ok(()) => transaction.commit().await?,
        Err(refused) => {
            transaction.rollback().await?;
            let sentence = told(refused)?;
            return page(&app, &member, both, &form, (StatusCode::CONFLICT, vec![sentence])).await;
        }
    }
    Ok(see(&format!("{}?done=moved", request.desk_path())))
}

/// Leads back from the address of an act.
pub async fn back(Path(id): Path<Uuid>) -> Response {
    Redirect::to(&session_path(id)).into_response()
}

/// `POST …/release`: lets go of what was held.
pub async fn release(State(app): State<App>, Path(id): Path<Uuid>, Staff(member): Staff) -> Result<Response, Error> {
    let (_, request) = found(&app, id).await?;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    decision::release(&transaction, &desk, (&request, id), member.account.shown_name()).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=released", request.desk_path())))
}

/// `POST …/cancellation`: calls a decided session off; with `again` the request waits for a new day.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let (session, request) = found(&app, id).await?;
    let both = (&session, &request);
    let reason = form.needed_block("reason", "中止の理由", 500);
    if !form.is_fine() {
        let faults = form.faults().iter().map(|(_, sentence)| sentence.clone()).collect();
        return page(&app, &member, both, &form, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    }
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &reason, words: "", sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    let count = decision::cancel(&transaction, &desk, (&[id], form.has("again", "1")), hand, saying).await?;
    if count == 0 {
        transaction.rollback().await?;
        return page(&app, &member, both, &form, (StatusCode::CONFLICT, vec![CHANGED.to_owned()])).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=cancelled", request.desk_path())))
}
