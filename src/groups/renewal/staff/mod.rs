//! Rounds as staff see them: the list, beginning one, reminding and closing.

mod detail;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Days, NaiveDate};
use serde_json::json;
use uuid::Uuid;

pub(super) use detail::{asked, csv, round, settle, workbook};

use super::desk::Desk;
use super::notice::{self, Notice};
use super::remind::Turn;
use super::round::{Kind, NewRound, Progress, Round};
use super::start::{self, Counts};
use super::whom::Whom;
use super::{ROUNDS, jobs};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::city::{City, settings};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::text::{day, wareki};
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// Most warnings listed at once.
const NOTICES: u64 = 200;

/// A desk for one request; `city` and `host` are held by the caller.
pub(super) fn desk<'a>(app: &'a App, city: &'a City, host: &'a str) -> Desk<'a> {
    Desk { city, base_url: &app.config.base_url, host, now: app.clock.now(), today: app.today() }
}

/// A day of the city for a moment.
pub(super) fn local_day(app: &App, at: chrono::DateTime<chrono::Utc>) -> String {
    day::long(at.with_timezone(&app.city().profile.zone).date_naive())
}

/// One round of the list.
struct Listed {
    round: Round,
    started: String,
    due: String,
    progress: Progress,
    is_held: bool,
}

#[derive(Template)]
#[template(path = "groups/renewal/rounds.html")]
struct IndexPage {
    page: Frame,
    rounds: Vec<Listed>,
    notices: Vec<(Notice, String)>,
    month: i32,
}

/// `GET /staff/rounds`: every round with its progress, and the groups that will rest.
pub(super) async fn index(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let mut rounds = Vec::new();
    for round in super::round::all(&app.db).await? {
        rounds.push(Listed {
            started: local_day(&app, round.started_at),
            due: day::long(round.due_on),
            progress: super::round::progress(&app.db, round.id).await?,
            is_held: round.is_open() && super::round::has_held_letters(&app.db, round.id).await?,
            round,
        });
    }
    let notices = notice::unseen(&app.db, NOTICES).await?;
    let done = [("seen", "一覧から外しました。"), ("already", "その年度の更新確認は、すでに始まっています。")];
    html(&IndexPage {
        page: Frame::own(&app, ROUNDS, &staff.0).saying(&mut query, &done).ignoring(query.into_ignored()),
        rounds,
        notices: notices.into_iter().map(|notice| (notice.clone(), day::long(notice.rest_on))).collect(),
        month: app.city().settings.number(settings::ROUND_MONTH),
    })
}

/// `POST /staff/rounds/rest/{group}`: takes a warning off the list.
pub(super) async fn see_rest(State(app): State<App>, staff: Staff, Path(group): Path<Uuid>) -> Result<Response, Error> {
    let (actor, now) = (staff.actor(), app.clock.now());
    let standing = super::confirmation::standing(&app.db, group).await?.ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    if notice::see(&transaction, group, &actor.name, now).await? {
        let event = Event {
            actor: &actor,
            channel: Channel::Screen,
            action: "休止の予告を確認",
            noun: "group",
            noun_id: group.to_string(),
            group_id: Some(group),
            title: &standing.name,
            before: json!(null),
            after: json!(null),
            reason: "",
        };
        audit::record(&transaction, event, now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{ROUNDS}?done=seen")))
}

#[derive(Template)]
#[template(path = "groups/renewal/new.html")]
struct NewPage {
    page: Frame,
    form: Form,
    choices: Vec<(Whom, Counts)>,
    open: Vec<Round>,
}

async fn new_page(app: &App, staff: &Staff, form: Form) -> Result<NewPage, Error> {
    let (city, host) = (app.city(), app.config.host());
    let desk = desk(app, &city, &host);
    let mut choices = Vec::new();
    for whom in Whom::ALL {
        choices.push((whom, start::preview(&app.db, whom, &desk).await?));
    }
    let page = Frame::own(app, ROUNDS, &staff.0);
    Ok(NewPage { page, form, choices, open: super::round::open(&app.db).await? })
}

/// `GET /staff/rounds/new`: what a round would do.
pub(super) async fn new_round(State(app): State<App>, staff: Staff) -> Result<Response, Error> {
    let days = app.city().settings.number(settings::ROUND_DAYS).unsigned_abs();
    let due = app.today().checked_add_days(Days::new(days.into())).unwrap_or(app.today());
    let form = Form::filled([
        ("id", new_id().to_string()),
        ("title", jobs::title(wareki::fiscal_year(app.today()))),
        ("due_on", due.to_string()),
        ("whom", Whom::All.key().to_owned()),
    ]);
    html(&new_page(&app, &staff, form).await?)
}

/// `POST /staff/rounds`: begins a round; its letters are held.
pub(super) async fn start(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    let Some((id, title, due_on, whom)) = read(&mut form, app.today()) else {
        return unfit(&new_page(&app, &staff, form).await?);
    };
    let (city, host, actor) = (app.city(), app.config.host(), staff.actor());
    let fiscal_year = wareki::fiscal_year(app.today());
    let transaction = db::begin(&app.db).await?;
    let is_yearly = whom == Whom::All && !super::round::has_yearly(&transaction, fiscal_year).await?;
    let kind = if is_yearly { Kind::Yearly } else { Kind::Extra };
    let round = NewRound { id, title: &title, kind, fiscal_year, due_on, by: &actor.name };
    let begun =
        start::begin(&transaction, &desk(&app, &city, &host), (&round, whom), (&actor, Channel::Screen)).await?;
    transaction.commit().await?;
    if begun.is_none() && super::round::find(&app.db, id).await?.is_none() {
        return Ok(see(&format!("{ROUNDS}?done=already")));
    }
    Ok(see(&format!("{}?done=started", super::round_path(id))))
}

fn read(form: &mut Form, today: NaiveDate) -> Option<(Uuid, String, NaiveDate, Whom)> {
    let id = form.get("id").parse().unwrap_or_else(|_| new_id());
    let title = form.needed_line("title", "名前", 60);
    let due_on = form.day("due_on", "回答期限");
    let year = Days::new(366);
    match due_on {
        None => form.fault("due_on", "回答期限を書いてください。"),
        Some(day) if day <= today || today.checked_add_days(year).is_none_or(|last| day > last) => {
            form.fault("due_on", "回答期限は、明日から1年以内の日にしてください。");
        }
        Some(_) => {}
    }
    let whom = form.choice("whom", "お願いする団体", Whom::from_key)?;
    form.is_fine().then_some((id, title, due_on?, whom))
}

/// `POST /staff/rounds/{id}/remind`: writes to those who have not answered; the letters are held.
pub(super) async fn remind(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    form: Form,
) -> Result<Response, Error> {
    let round = super::round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let said = |done: &str| Ok(see(&format!("{}?done={done}", super::round_path(id))));
    if super::round::has_held_letters(&app.db, id).await? {
        return said("held");
    }
    let (city, host, actor) = (app.city(), app.config.host(), staff.actor());
    let turn = Turn::Button(form.get("reminders").parse().unwrap_or(-1));
    let transaction = db::begin(&app.db).await?;
    let by = (&actor, Channel::Screen);
    let written = super::remind::remind(&transaction, &desk(&app, &city, &host), (&round, turn), by).await?;
    transaction.commit().await?;
    said(match written {
        None => "reminded-before",
        Some(0) => "nobody",
        Some(_) => "reminded",
    })
}

/// `POST /staff/rounds/{id}/close`: ends a round whose day is past; what is unanswered stays listed.
pub(super) async fn close(State(app): State<App>, staff: Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let round = super::round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let path = super::round_path(id);
    let open = super::round::progress(&app.db, id).await?.count(super::Answer::Open);
    if round.due_on >= app.today() && open > 0 {
        return Ok(see(&format!("{path}?done=too-early")));
    }
    let (actor, now) = (staff.actor(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if super::round::close(&transaction, id, &actor.name, now).await? {
        let event = Event {
            actor: &actor,
            channel: Channel::Screen,
            action: "更新確認の締め切り",
            noun: "round",
            noun_id: id.to_string(),
            group_id: None,
            title: &round.title,
            before: json!({ "closed_at": null }),
            after: json!({ "closed_at": now, "unanswered": open }),
            reason: "",
        };
        audit::record(&transaction, event, now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{path}?done=closed")))
}
