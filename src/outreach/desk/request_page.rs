//! `/staff/outreach/requests/{id}`: one request with everything that can be done about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::board_page::Clock;
use crate::app::App;
use crate::audit::Channel;
use crate::error::Error;
use crate::outreach::decision::{self, Decision};
use crate::outreach::dispatch::{self, Candidate, Judged, Offer};
use crate::outreach::request::summary::{self, Line};
use crate::outreach::request::{self, Request, Stage, Wish, wish};
use crate::outreach::rules::{Rules, minutes, of_minutes};
use crate::outreach::session::{self, State as SessionState, crew};
use crate::outreach::telling;
use crate::web::{Form, Frame, Member, Query, Staff, html};

/// What was just done.
const DONE: [(&str, &str); 10] = [
    ("entered", "申込を受け付けました。"),
    ("changed", "申込の内容を直しました。"),
    ("held", "仮押さえしました。申し込んだ方には、まだ何も届きません。"),
    ("released", "仮押さえを外しました。"),
    ("approved", "決定しました。手紙は、送り出すまで届きません。下の「手紙を確かめて送り出す」から送ってください。"),
    ("refused", "否決しました。手紙は、送り出すまで届きません。"),
    ("offered", "別の日時の提案を作りました。手紙は、送り出すまで届きません。"),
    ("moved", "変更しました。手紙は、送り出すまで届きません。"),
    ("cancelled", "中止にしました。手紙は、送り出すまで届きません。"),
    ("withdrawn", "取下げを受け付けました。"),
];

/// The grounds on which a request is refused (domain facts: 政治・宗教・営利・公序良俗, 苦情や陳情の場).
pub(super) const GROUNDS: [&str; 5] = [
    "ご希望の日時に、伺える職員がいないため。",
    "政治、宗教または営利を目的とする集まりのため。",
    "苦情または陳情を目的とする集まりのため。",
    "集まる人数が、決まりの人数に足りないため。",
    "市が説明できる内容ではないため。",
];

/// A session of the request, as staff see it.
pub(super) struct Visit {
    pub id: Uuid,
    pub version: i32,
    pub state: SessionState,
    pub when: String,
    pub people: Vec<(String, String)>,
    pub offer: String,
    /// What calendars answered: who, and what.
    pub answers: Vec<(String, &'static str)>,
    pub is_over: bool,
}

#[derive(Template)]
#[template(path = "outreach/desk/request.html")]
pub(super) struct RequestPage<'a> {
    pub(super) page: Frame,
    request: &'a Request,
    lines: Vec<Line>,
    clock: Clock,
    wishes: Vec<(Wish, String)>,
    visits: Vec<Visit>,
    decisions: Vec<Decision>,
    form: &'a Form,
    judged: Judged,
    /// When else somebody could go; for open requests.
    offer: Option<Offer>,
    /// Why the time could not be held, or the request not decided.
    pub(super) trouble: Vec<String>,
}

impl RequestPage<'_> {
    fn is_ticked(&self, one: &Candidate) -> bool {
        self.form.has("person", &one.account_id.to_string())
    }

    fn is_open(&self) -> bool {
        self.request.stage() == Stage::Received
    }

    fn held(&self) -> Vec<&Visit> {
        self.visits.iter().filter(|one| one.state == SessionState::Tentative).collect()
    }

    fn decided(&self) -> Option<&Visit> {
        self.visits.iter().find(|one| one.state == SessionState::Confirmed)
    }

    fn grounds(&self) -> [&'static str; 5] {
        GROUNDS
    }

    fn channels(&self) -> Vec<(&'static str, &'static str)> {
        Channel::ON_BEHALF.iter().map(|channel| (channel.key(), channel.label())).collect()
    }

    fn batch(&self, decision: &Decision) -> Option<String> {
        decision.batch_id.map(crate::mail::batch_path)
    }

    fn when_asked(&self) -> String {
        format!("{} {}", self.form.get("day"), self.form.get("starts"))
    }
}

/// The request, if the office may see it.
pub(super) async fn found(app: &App, id: Uuid) -> Result<Request, Error> {
    request::find_received(&app.db, id).await?.ok_or(Error::NotFound)
}

/// `GET /staff/outreach/requests/{id}`: with `?wish=2` the time of a wish stands in the form.
pub async fn show(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut query: Query,
) -> Result<Response, Error> {
    let request = found(&app, id).await?;
    let wishes = wish::of_request(&app.db, id).await?;
    let rank = query.choice("wish", "希望", |key| key.parse::<usize>().ok().filter(|at| *at < wishes.len()));
    let mut form = Form::new();
    let on = query.day("day", "日");
    let chosen = wishes.get(rank.unwrap_or(0));
    if let Some(day) = on.or(chosen.map(|wish| wish.day)) {
        form.set("day", day.to_string());
    }
    let typed = query.text("starts", "始める時刻");
    let starts = if typed.is_empty() { chosen.map(|wish| padded(wish.starts)).unwrap_or_default() } else { typed };
    form.set("starts", starts);
    let mut shown = page(&app, &member, &request, &form).await?;
    shown.page = shown.page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&shown)
}

/// A time of day as fields of forms have it.
pub(super) fn padded(time: NaiveTime) -> String {
    format!("{:0>5}", of_minutes(minutes(time)))
}

pub(super) async fn page<'a>(
    app: &App,
    member: &Member,
    request: &'a Request,
    form: &'a Form,
) -> Result<RequestPage<'a>, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let rules = Rules::load(&app.db, &city).await?;
    let received = request.received_at.unwrap_or(now).with_timezone(&city.profile.zone).date_naive();
    let mut wishes = Vec::new();
    for wish in wish::of_request(&app.db, request.id).await? {
        let free = dispatch::who_could(&app.db, (&city, rules.clone()), &dispatch::need_of(request), wish).await?;
        wishes.push((wish, free));
    }
    let judged = match starts(form, city.profile.zone) {
        Some(at) if request.stage() == Stage::Received => {
            dispatch::judge(&app.db, (&city, rules.clone()), &dispatch::need_of(request), (at, &[]), &[]).await?
        }
        _ => Judged::default(),
    };
    Ok(RequestPage {
        page: Frame::own(app, &request.desk_path(), member),
        lines: summary::of(&app.db, &city, request).await?,
        clock: Clock::of(&rules, received, app.today()),
        visits: visits(app, request, now).await?,
        decisions: decision::of_request(&app.db, request.id).await?,
        offer: match request.stage() {
            Stage::Received => Some(dispatch::free_for(app, request, &rules).await?),
            _ => None,
        },
        trouble: Vec::new(),
        judged,
        wishes,
        request,
        form,
    })
}

/// The start that stands in a form.
pub(super) fn starts(form: &Form, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let day: NaiveDate = form.get("day").trim().parse().ok()?;
    let time = crate::text::times::parse_time(form.get("starts")).ok()?;
    Some(wish::moment(day, time, zone))
}

async fn visits(app: &App, request: &Request, now: DateTime<Utc>) -> Result<Vec<Visit>, Error> {
    let city = app.city();
    let zone = city.profile.zone;
    let mut visits = Vec::new();
    for one in session::of_request(&app.db, request.id).await? {
        if one.state() == SessionState::Cancelled && one.confirmed_at.is_none() {
            continue;
        }
        let mut people = Vec::new();
        for person in crew::of_session(&app.db, one.id).await? {
            let drive = telling::driving(&app.db, &city, &one, &person).await?;
            people.push((person.name, drive));
        }
        let told = decision::invitees(&app.db, one.id).await?.into_iter();
        let answers =
            told.map(|one| (one.name, decision::answer_label(&one.answer))).filter(|(_, words)| !words.is_empty());
        let until = one.offer_until.filter(|_| one.is_on_offer(now));
        visits.push(Visit {
            id: one.id,
            version: one.version,
            state: one.state(),
            when: telling::when((one.starts_at, one.ends_at), zone),
            offer: until.map(|at| crate::text::day::short(at.with_timezone(&zone).date_naive())).unwrap_or_default(),
            is_over: one.is_over(now),
            answers: answers.collect(),
            people,
        });
    }
    Ok(visits)
}
