//! The pages that change the later meetings of a series together, and that end it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::later::{self, Split};
use super::plan_pages::when_or_wish;
use super::record::{self, Series};
use super::{PLAN, numbering};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::Room;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::{Subject, form, group_path, items, rights, seat};
use crate::web::{Form, Frame, Member, html, see, unfit};

/// A series in the hands of somebody who may work on it.
struct Work {
    member: Member,
    series: Series,
    split: Split,
}

impl Work {
    async fn open(app: &App, member: Member, id: &str) -> Result<Self, Error> {
        let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
        let series = record::find(&app.db, id).await?.ok_or(Error::NotFound)?;
        if !rights::may_convene_for(&app.db, &member, series.convener_group).await? {
            return Err(Error::NotFound);
        }
        let split = later::split(&app.db, &series, (app.today(), app.city().profile.zone)).await?;
        Ok(Self { member, series, split })
    }

    /// Address of the plan that it stands in.
    fn plan_path(&self) -> String {
        let place = match (self.member.is_staff(), self.series.convener_group) {
            (false, Some(group)) => format!("{}/plan", group_path(group)),
            _ => PLAN.to_owned(),
        };
        format!("{place}?year={}", self.series.fiscal_year)
    }
}

#[derive(Template)]
#[template(path = "meetings/series/later.html")]
struct LaterPage<'a> {
    page: Frame,
    form: &'a Form,
    room: &'a Room,
    work: &'a Work,
    zone: chrono_tz::Tz,
    stale: bool,
}

impl LaterPage<'_> {
    fn groups(&self) -> Vec<(String, &str)> {
        self.room.groups.iter().map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    fn halls(&self) -> Vec<(String, &str)> {
        self.room.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }

    fn when(&self, meeting: &Meeting) -> String {
        when_or_wish(meeting, self.zone)
    }
}

fn later_page<'a>(app: &App, form: &'a Form, room: &'a Room, work: &'a Work) -> LaterPage<'a> {
    let page = Frame::own(app, &work.series.later_path(), &work.member);
    LaterPage { page, form, room, work, zone: room.city.profile.zone, stale: false }
}

/// `GET /meetings/series/{id}/later`: title, hours, place and groups, filled in from the next meeting.
pub async fn ask(State(app): State<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let work = Work::open(&app, member, &id).await?;
    let room = Room::open(&app, &work.member).await?;
    let form = match work.split.open.first() {
        Some(first) => {
            let seats = seat::of_meeting(&app.db, first.id).await?;
            let mut form = form::filled(first, &seats, &[], &room.choices());
            form.set("title", numbering::bare(&first.title));
            form
        }
        None => Form::new(),
    };
    html(&later_page(&app, &form, &room, &work))
}

/// `POST /meetings/series/{id}/later`: all of them, or none while somebody else is at one of them.
pub async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let work = Work::open(&app, member, &id).await?;
    let room = Room::open(&app, &work.member).await?;
    let Some(first) = work.split.open.first() else { return Ok(see(&work.plan_path())) };
    let items = items::of_meeting(&app.db, first.id).await?;
    let Some(subject) = read(&mut form, (first, &items), &room) else {
        return unfit(&later_page(&app, &form, &room, &work));
    };
    let seen: Vec<(Uuid, i32)> = form.all("seen").iter().filter_map(|text| seen(text)).collect();
    let host = app.config.host();
    let desk = Desk::open(&app, &room.city, &host);
    let transaction = db::begin(&app.db).await?;
    let split = later::split(&transaction, &work.series, (desk.today, room.city.profile.zone)).await?;
    let about = (&work.series, split.open.as_slice(), seen.as_slice());
    if !later::change(&transaction, &desk, about, &subject, &work.member.actor()).await? {
        drop(transaction);
        let work = Work { split, ..work };
        return unfit(&LaterPage { stale: true, ..later_page(&app, &form, &room, &work) });
    }
    transaction.commit().await?;
    Ok(see(&format!("{}&done=changed", work.plan_path())))
}

/// Reads the few fields of this form; the others are those of the next meeting.
fn read(form: &mut Form, (first, items): (&Meeting, &[Uuid]), room: &Room) -> Option<Subject> {
    let own = form::filled(first, &[], items, &room.choices());
    for name in ["purpose", "convener", "chair_group", "chair", "first_day", "last_day"] {
        form.set(name, own.get(name));
    }
    form.set("weekday", "1");
    form.set("least", "");
    form::read(form, &room.choices())
}

fn seen(text: &str) -> Option<(Uuid, i32)> {
    let (id, version) = text.split_once(' ')?;
    Some((Uuid::parse_str(id).ok()?, version.parse().ok()?))
}

#[derive(Template)]
#[template(path = "meetings/series/end.html")]
struct EndPage<'a> {
    page: Frame,
    work: &'a Work,
    zone: chrono_tz::Tz,
}

impl EndPage<'_> {
    fn when(&self, meeting: &Meeting) -> String {
        when_or_wish(meeting, self.zone)
    }
}

/// `GET /meetings/series/{id}/end`.
pub async fn ask_end(State(app): State<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let work = Work::open(&app, member, &id).await?;
    let page = Frame::own(&app, &work.series.end_path(), &work.member);
    html(&EndPage { page, zone: app.city().profile.zone, work: &work })
}

/// `POST /meetings/series/{id}/end`.
pub async fn end(State(app): State<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let work = Work::open(&app, member, &id).await?;
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if later::end(&transaction, &desk, &work.series, &work.member.actor()).await? {
        transaction.commit().await?;
    }
    Ok(see(&format!("{}&done=ended", work.plan_path())))
}
