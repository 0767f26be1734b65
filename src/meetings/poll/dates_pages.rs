//! The candidates as those who convene choose them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::answer_pages::{Line, Room};
use super::date;
use super::desk_pages::DONE;
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::{convening, form, work_pages};
use crate::web::{Form, Frame, Query, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/poll/dates.html")]
struct DatesPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    choices: convening::Room,
    lines: Vec<Line>,
}

impl DatesPage<'_> {
    fn halls(&self) -> Vec<(String, &str)> {
        self.choices.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.choices.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }
}

async fn dates_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<DatesPage<'a>, Error> {
    let room = Room::open(app, work.meeting.id).await?;
    let host = app.config.host();
    let lines = room.lines(&Desk::open(app, &room.city, &host));
    Ok(DatesPage {
        page: Frame::own(app, &format!("{}/dates", work.meeting.path()), &work.member),
        meeting: &work.meeting,
        form,
        choices: convening::Room::open(app, &work.member).await?,
        lines,
    })
}

/// `GET /meetings/{id}/dates`: the candidates.
pub async fn dates(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let choices = convening::Room::open(&app, &work.member).await?;
    let mut form = form::filled(&work.meeting, &[], &[], &choices.choices());
    form.set("begins", work.meeting.opens.clone());
    let shown = dates_page(&app, &work, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&DatesPage { page, ..shown })
}

/// `POST /meetings/{id}/dates`: adds a candidate by hand.
pub async fn add_date(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let choices = convening::Room::open(&app, &work.member).await?;
    let on = form.day("on", "日にち");
    if on.is_none() {
        form.fault("on", "日にちを書いてください。");
    } else if on.is_some_and(|on| on < app.today()) {
        form.fault("on", "これからの日にちを書いてください。");
    }
    let begins = form::clock(&mut form, "begins");
    let venue = form::read_venue(&mut form, &choices.choices());
    if date::of_meeting(&app.db, work.meeting.id).await?.len() >= date::MOST {
        form.fault("on", format!("候補日は{}までです。どれかを取り下げてください。", date::MOST));
    }
    let (Some(on), Some(begins), true) = (on, begins, form.is_fine()) else {
        return unfit(&dates_page(&app, &work, &form).await?);
    };
    let starts = work_pages::moment(on, begins, app.city().profile.zone);
    let ends = starts + chrono::Duration::minutes(work.meeting.length_minutes.into());
    let by = (work.member.account.shown_name(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    date::add(&transaction, work.meeting.id, (starts, ends), (&venue, &[]), by).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/dates?done=added", work.meeting.path())))
}

/// `POST /meetings/{id}/dates/{date}/withdrawal`.
pub async fn withdraw_date(
    State(app): State<App>,
    Path((_, date)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let transaction = db::begin(&app.db).await?;
    date::withdraw(&transaction, work.meeting.id, date, app.clock.now()).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/dates?done=withdrawn", work.meeting.path())))
}
