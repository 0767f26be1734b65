//! `/staff/outreach`: the requests by state, those that are due first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::error::Error;
use crate::outreach::request::{self, Request, wish};
use crate::outreach::rules::Rules;
use crate::outreach::session::{self, Session, State as SessionState, crew};
use crate::outreach::telling;
use crate::text::{day, office_days};
use crate::web::{Frame, Query, Staff, html};

/// Most closed requests on the page.
const MOST_CLOSED: u64 = 40;

/// A request that waits for a decision.
pub(super) struct Open {
    request: Request,
    town: String,
    wishes: Vec<String>,
    /// What is held for it.
    held: Vec<String>,
    /// Whether the applicant has an offer to answer.
    is_offered: bool,
    clock: Clock,
}

/// The decision clock: by which day, and how many open days are left.
pub(in crate::outreach) struct Clock {
    pub due: String,
    pub left: i64,
}

impl Clock {
    pub(in crate::outreach) fn of(rules: &Rules, received: chrono::NaiveDate, today: chrono::NaiveDate) -> Self {
        let due = rules.due(received);
        Self { due: day::short(due), left: office_days::between(today, due) }
    }

    /// As people read it.
    pub(in crate::outreach) fn words(&self) -> String {
        match self.left {
            left if left < 0 => format!("期限を{}開庁日すぎています", -left),
            0 => "きょうまで".to_owned(),
            left => format!("あと{left}開庁日"),
        }
    }

    /// Whether it is late, or nearly.
    pub(in crate::outreach) fn is_pressing(&self) -> bool {
        self.left <= 2
    }
}

/// A session that stands.
struct Ahead {
    session: Session,
    request: Request,
    when: String,
    town: String,
    people: String,
}

#[derive(Template)]
#[template(path = "outreach/desk/board.html")]
struct BoardPage {
    page: Frame,
    open: Vec<Open>,
    ahead: Vec<Ahead>,
    to_report: Vec<Ahead>,
    closed: Vec<(Request, &'static str)>,
}

/// `GET /staff/outreach`.
pub async fn show(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let now = app.clock.now();
    let mut open = Vec::new();
    let all = wish::of_open(&app.db).await?;
    let rules = Rules::load(&app.db, &app.city()).await?;
    for request in request::open(&app.db).await? {
        let own = all.iter().filter(|(id, _)| *id == request.id).map(|(_, wish)| wish.words()).collect();
        open.push(waiting(&app, request, own, &rules, now).await?);
    }
    open.sort_by_key(|one| one.clock.left);
    let (ahead, to_report) = sessions(&app, now).await?;
    let closed = request::closed(&app.db, MOST_CLOSED).await?;
    let done = [("closed", "まとめて中止にしました。手紙は、送り出すまで届きません。")];
    let page = Frame::own(&app, crate::outreach::DESK, &member).saying(&mut query, &done);
    html(&BoardPage {
        page: page.ignoring(query.into_ignored()),
        closed: closed
            .into_iter()
            .map(|one| {
                let label = one.stage().label();
                (one, label)
            })
            .collect(),
        open,
        ahead,
        to_report,
    })
}

async fn waiting(
    app: &App,
    request: Request,
    wishes: Vec<String>,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Open, Error> {
    let city = app.city();
    let zone = city.profile.zone;
    let sessions = session::of_request(&app.db, request.id).await?;
    let held = sessions.iter().filter(|one| one.state() == SessionState::Tentative);
    let received = request.received_at.unwrap_or(now).with_timezone(&zone).date_naive();
    Ok(Open {
        town: city.town_name(&request.town_key).to_owned(),
        held: held.clone().map(|one| telling::when((one.starts_at, one.ends_at), zone)).collect(),
        is_offered: held.clone().any(|one| one.is_on_offer(now)),
        clock: Clock::of(rules, received, app.today()),
        wishes,
        request,
    })
}

/// The decided sessions ahead, and those that are over and have no report.
async fn sessions(app: &App, now: DateTime<Utc>) -> Result<(Vec<Ahead>, Vec<Ahead>), Error> {
    let city = app.city();
    let (mut ahead, mut over) = (Vec::new(), Vec::new());
    for session in session::unreported(&app.db).await? {
        let Some(request) = request::find(&app.db, session.request_id).await? else { continue };
        let people = crew::of_session(&app.db, session.id).await?;
        let one = Ahead {
            when: telling::when((session.starts_at, session.ends_at), city.profile.zone),
            town: city.town_name(&session.town_key).to_owned(),
            people: people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("、"),
            session,
            request,
        };
        if one.session.is_over(now) { over.push(one) } else { ahead.push(one) }
    }
    Ok((ahead, over))
}
