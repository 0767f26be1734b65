//! `/staff/outreach/closing`: everything that a typhoon day or a lost venue calls off, in one go.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use super::request_page::padded;
use crate::app::App;
use crate::audit::Channel;
use crate::city::{Facility, Term, facility};
use crate::db;
use crate::error::Error;
use crate::meetings::Desk;
use crate::outreach::decision::{self, Hand, Saying};
use crate::outreach::request::{self, wish};
use crate::outreach::session::{self, Session, State as SessionState};
use crate::outreach::telling;
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

const PATH: &str = "/staff/outreach/closing";

/// A session that would be called off.
struct Hit {
    id: Uuid,
    when: String,
    body: String,
    town: String,
}

#[derive(Template)]
#[template(path = "outreach/desk/closing.html")]
struct ClosingPage<'a> {
    page: Frame,
    form: &'a Form,
    towns: Vec<(String, String)>,
    facilities: Vec<Facility>,
    /// What would be called off; nothing before somebody looked.
    hits: Option<Vec<Hit>>,
}

impl ClosingPage<'_> {
    fn halls(&self) -> Vec<(String, &str)> {
        self.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }
}

async fn page<'a>(app: &App, member: &Member, form: &'a Form) -> Result<ClosingPage<'a>, Error> {
    let term = |town: &Term| (town.key.clone(), town.name.clone());
    Ok(ClosingPage {
        page: Frame::own(app, PATH, member),
        towns: app.city().towns.iter().map(term).collect(),
        facilities: facility::all(&app.db).await?,
        form,
        hits: None,
    })
}

/// `GET /staff/outreach/closing`.
pub async fn ask(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let day = query.day("day", "日").unwrap_or_else(|| app.today());
    let start = padded(NaiveTime::MIN);
    let form = Form::filled([
        ("first", day.to_string()),
        ("last", day.to_string()),
        ("from", start),
        ("again", "1".to_owned()),
    ]);
    let mut shown = page(&app, &member, &form).await?;
    shown.page = shown.page.ignoring(query.into_ignored());
    html(&shown)
}

/// `POST /staff/outreach/closing`: shows what would be called off, or calls it off; all letters are held in one batch.
pub async fn close(State(app): State<App>, Staff(member): Staff, mut form: Form) -> Result<Response, Error> {
    let (first, last) = (form.day("first", "いつから"), form.day("last", "いつまで"));
    let reason = form.needed_block("reason", "中止の理由", 500);
    let (Some(first), Some(last)) = (first, last) else {
        form.fault("first", "日にちを書いてください。");
        return unfit(&page(&app, &member, &form).await?);
    };
    if last < first {
        form.fault("last", "「いつまで」は「いつから」と同じ日か、あとの日にしてください。");
    }
    if form.all("town").is_empty() && form.get("facility").is_empty() {
        form.fault("town", "町か会場を選んでください。");
    }
    if !form.is_fine() {
        return unfit(&page(&app, &member, &form).await?);
    }
    let found = found(&app, &form, (first, last)).await?;
    if form.get("go") != "close" {
        let hits = hits(&app, &found).await?;
        let mut shown = page(&app, &member, &form).await?;
        shown.hits = Some(hits);
        return html(&shown);
    }
    // Only what was shown is called off: what came in since stays for another look.
    let chosen: Vec<Uuid> = found.iter().map(|one| one.id).filter(|id| form.has("session", &id.to_string())).collect();
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let (actor, sender) = (member.actor(), crate::mail::answers_to(&app.config));
    let saying = Saying { by: &actor.name, ground: &reason, words: "", sender: &sender };
    let hand = Hand { actor: &actor, channel: Channel::Screen };
    let transaction = db::begin(&app.db).await?;
    decision::cancel(&transaction, &desk, (&chosen, form.has("again", "1")), hand, saying).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=closed", crate::outreach::DESK)))
}

/// The decided sessions of these days in the chosen towns or at the chosen venue.
async fn found(app: &App, form: &Form, (first, last): (NaiveDate, NaiveDate)) -> Result<Vec<Session>, Error> {
    let zone = app.city().profile.zone;
    let span =
        (wish::moment(first, NaiveTime::MIN, zone), wish::moment(last + chrono::Days::new(1), NaiveTime::MIN, zone));
    let hall = facility::all(&app.db).await?.into_iter().find(|one| one.key == form.get("facility"));
    let mut sessions = session::standing(&app.db, span).await?;
    sessions.retain(|one| {
        let in_town = form.has("town", &one.town_key);
        let at_hall = hall.as_ref().is_some_and(|hall| one.facility_id == Some(hall.id));
        one.state() == SessionState::Confirmed && !one.is_over(app.clock.now()) && (in_town || at_hall)
    });
    Ok(sessions)
}

async fn hits(app: &App, sessions: &[Session]) -> Result<Vec<Hit>, Error> {
    let city = app.city();
    let ids: Vec<Uuid> = sessions.iter().map(|one| one.request_id).collect();
    let requests = request::find_all(&app.db, &ids).await?;
    let body = |id: Uuid| requests.iter().find(|one| one.id == id).map(|one| one.body_name.clone()).unwrap_or_default();
    Ok(sessions
        .iter()
        .map(|one| Hit {
            id: one.id,
            when: telling::when((one.starts_at, one.ends_at), city.profile.zone),
            body: body(one.request_id),
            town: city.town_name(&one.town_key).to_owned(),
        })
        .collect())
}
