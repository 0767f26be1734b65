//! Making a series of meetings: the form, all its dates with their reasons, and only then the meetings.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::dates::{Dated, Shift};
use super::form::{self, Wanted};
use super::{NEW, making, record};
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::Room;
use crate::meetings::desk::Desk;
use crate::meetings::{group_path, rights};
use crate::text::{day, wareki};
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/series/new.html")]
struct NewPage<'a> {
    page: Frame,
    form: &'a Form,
    room: &'a Room,
    years: Vec<(String, String)>,
}

impl NewPage<'_> {
    fn conveners(&self) -> Vec<(String, &str)> {
        self.room.conveners.iter().map(|one| (one.key(), one.name.as_str())).collect()
    }

    fn groups(&self) -> Vec<(String, &str)> {
        self.room.groups.iter().map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn items(&self) -> Vec<(String, String)> {
        self.room.items.iter().map(|item| (item.code.clone(), format!("{} {}", item.code, item.title))).collect()
    }

    fn often(&self) -> [(&'static str, &'static str); 4] {
        form::OFTEN
    }

    fn nths(&self) -> Vec<(String, String)> {
        form::nths()
    }

    fn months(&self) -> Vec<(String, String)> {
        form::months()
    }

    fn weekdays(&self) -> Vec<(String, String)> {
        form::weekdays()
    }

    fn shifts(&self) -> Vec<(&'static str, &'static str)> {
        Shift::ALL.into_iter().map(|shift| (shift.key(), shift.label())).collect()
    }
}

fn new_page<'a>(app: &App, member: &Member, form: &'a Form, room: &'a Room) -> NewPage<'a> {
    NewPage { page: Frame::own(app, NEW, member), form, room, years: form::years(app.today()) }
}

/// `GET /staff/meetings/plan/new`.
pub async fn staff_new(state: State<App>, query: Query, Staff(member): Staff) -> Result<Response, Error> {
    new(state, query, member).await
}

/// `GET /meetings/series/new`.
pub async fn new(State(app): State<App>, mut query: Query, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app, &member).await?;
    if room.conveners.is_empty() {
        return Err(Error::NotFound);
    }
    let mut form = form::empty(&room.choices(), app.today());
    form.set("id", new_id().to_string());
    let group = query.choice("group", "団体", |typed| room.conveners.iter().find(|one| one.key() == typed));
    let only = room.conveners.iter().find(|one| room.conveners.len() == 1 || one.group_id.is_none());
    if let Some(convener) = group.or(only) {
        form.set("convener", convener.key());
    }
    let shown = new_page(&app, &member, &form, &room);
    html(&NewPage { page: shown.page.ignoring(query.into_ignored()), ..shown })
}

/// One date of the preview.
struct Line {
    dated: Dated,
    key: String,
    ticked: bool,
    is_past: bool,
}

impl Line {
    fn on(&self) -> String {
        self.dated.on.map(day::long).unwrap_or_default()
    }

    fn by_rule(&self) -> String {
        day::short(self.dated.by_rule)
    }
}

#[derive(Template)]
#[template(path = "meetings/series/preview.html")]
struct PreviewPage<'a> {
    page: Frame,
    form: &'a Form,
    kept: Vec<&'a (String, String)>,
    title: String,
    year: String,
    rule: String,
    convener: String,
    fixes: bool,
    groups: usize,
    lines: Vec<Line>,
    without: Vec<u32>,
}

/// `POST /meetings/series/new`: shows the dates, leads back to the form, or makes what is ticked.
pub async fn make(State(app): State<App>, member: Member, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app, &member).await?;
    let Some(wanted) = form::read(&mut form, &room.choices(), app.today()) else {
        return unfit(&new_page(&app, &member, &form, &room));
    };
    let dates = form::dates(&wanted.draft, &room.city.settings);
    match form.get("step") {
        "back" => html(&new_page(&app, &member, &form, &room)),
        "make" => made(&app, &member, &room, (form, &wanted, dates)).await,
        _ => html(&preview(&app, &member, &form, &wanted, dates)),
    }
}

async fn made(
    app: &App,
    member: &Member,
    room: &Room,
    (mut form, wanted, dates): (Form, &Wanted, Vec<Dated>),
) -> Result<Response, Error> {
    let days: Vec<NaiveDate> =
        dates.iter().filter_map(|one| one.on).filter(|on| form.has("on", &on.to_string())).collect();
    if days.is_empty() {
        form.fault("on", "会議を開く日を、一つ以上選んでください。");
        return unfit(&preview(app, member, &form, wanted, dates));
    }
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let host = app.config.host();
    let desk = Desk::open(app, &room.city, &host);
    let transaction = db::begin(&app.db).await?;
    if making::make(&transaction, &desk, id, (wanted, &days), &member.actor()).await? {
        transaction.commit().await?;
    } else {
        // Somebody else's series is not shown to whoever knows its identifier.
        let known = record::find(&transaction, id).await?.ok_or(Error::NotFound)?;
        if !rights::may_convene_for(&transaction, member, known.convener_group).await? {
            return Err(Error::NotFound);
        }
    }
    let place = match (member.is_staff(), wanted.draft.convener_group) {
        (false, Some(group)) => format!("{}/plan", group_path(group)),
        _ => super::PLAN.to_owned(),
    };
    Ok(see(&format!("{place}?year={}&done=made", wanted.draft.fiscal_year)))
}

fn preview<'a>(app: &App, member: &Member, form: &'a Form, wanted: &Wanted, dates: Vec<Dated>) -> PreviewPage<'a> {
    let asked_before = form.sent("ticked");
    let today = app.today();
    let days: Vec<NaiveDate> = dates.iter().map(|one| one.by_rule).collect();
    let line = |dated: Dated| {
        let key = dated.on.map(|on| on.to_string()).unwrap_or_default();
        let is_past = dated.on.is_some_and(|on| on < today);
        Line { ticked: if asked_before { form.has("on", &key) } else { !is_past }, key, is_past, dated }
    };
    PreviewPage {
        page: Frame::own(app, NEW, member),
        form,
        kept: form.values().iter().filter(|(name, _)| !["on", "step", "ticked"].contains(&name.as_str())).collect(),
        title: wanted.draft.title.clone(),
        year: wareki::fiscal_year_label(wanted.draft.fiscal_year),
        rule: wanted.draft.words(),
        convener: wanted.draft.convener.clone(),
        fixes: wanted.fixes,
        groups: wanted.subject.groups.len(),
        without: wanted.draft.rule.months_without(&days),
        lines: dates.into_iter().map(line).collect(),
    }
}
