//! Convening a meeting, and changing what it is about.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::desk::{Desk, Fault};
use super::form::{self, Choices};
use super::items;
use super::meeting::{self, Meeting};
use super::rights::{self, Convener, Work};
use super::seat::{self, Seat};
use super::subject::Subject;
use super::{NEW, calendar_entry, copying, work_path};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::city::{City, Facility, facility};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::groups::{self, Named};
use crate::plan::{self, Item};
use crate::text::wareki;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

/// What all pages of the form need, read once.
pub(super) struct Room {
    pub(super) city: Arc<City>,
    pub(super) facilities: Vec<Facility>,
    pub(super) items: Vec<Item>,
    pub(super) groups: Vec<Named>,
    pub(super) conveners: Vec<Convener>,
}

impl Room {
    pub(super) async fn open(app: &App, member: &Member) -> Result<Self, Error> {
        let city = app.city();
        Ok(Self {
            facilities: facility::all(&app.db).await?,
            items: plan::current(app).await?.map(|whole| whole.items.clone()).unwrap_or_default(),
            groups: groups::listed_names(&app.db).await?,
            conveners: rights::conveners(&app.db, member, &city.profile.name).await?,
            city,
        })
    }

    pub(super) fn choices(&self) -> Choices<'_> {
        Choices {
            city: &self.city,
            facilities: &self.facilities,
            items: &self.items,
            groups: &self.groups,
            conveners: &self.conveners,
        }
    }
}

#[derive(Template)]
#[template(path = "meetings/form.html")]
struct FormPage<'a> {
    page: Frame,
    form: &'a Form,
    room: &'a Room,
    /// The meeting that is changed; nothing while it is convened.
    meeting: Option<&'a Meeting>,
    /// Whether somebody else changed it meanwhile.
    stale: bool,
}

impl FormPage<'_> {
    fn action(&self) -> String {
        self.meeting.map_or_else(|| NEW.to_owned(), |meeting| format!("{}/edit", meeting.path()))
    }

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

    fn weekdays(&self) -> Vec<(String, &'static str)> {
        ["月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜"]
            .into_iter()
            .zip(1..)
            .map(|(name, day)| (day.to_string(), name))
            .collect()
    }

    fn items(&self) -> Vec<(String, String)> {
        self.room.items.iter().map(|item| (item.code.clone(), format!("{} {}", item.code, item.title))).collect()
    }
}

fn page<'a>(app: &App, member: &Member, form: &'a Form, room: &'a Room, meeting: Option<&'a Meeting>) -> FormPage<'a> {
    let path = meeting.map_or_else(|| NEW.to_owned(), |meeting| format!("{}/edit", meeting.path()));
    FormPage { page: Frame::own(app, &path, member), form, room, meeting, stale: false }
}

/// `GET /meetings/new`.
pub async fn new(State(app): State<App>, mut query: Query, member: Member) -> Result<Response, Error> {
    let room = Room::open(&app, &member).await?;
    if room.conveners.is_empty() {
        return Err(Error::NotFound);
    }
    let copied = query.choice("copy", "もとにする会議", |typed| Some(typed.to_owned()));
    let mut form = match &copied {
        Some(id) => copying::filled(&app, &copying::source(&app, &member, id).await?, &room, app.today()).await?,
        None => form::empty(&room.choices(), app.today()),
    };
    form.set("id", new_id().to_string());
    let group = query.choice("group", "団体", |typed| room.conveners.iter().find(|one| one.key() == typed));
    let only = room.conveners.iter().find(|one| room.conveners.len() == 1 || one.group_id.is_none());
    if let Some(convener) = group.or(only).filter(|_| copied.is_none()) {
        form.set("convener", convener.key());
    }
    let shown = page(&app, &member, &form, &room, None);
    html(&FormPage { page: shown.page.ignoring(query.into_ignored()), ..shown })
}

/// `POST /meetings/new`: the same form sent twice convenes one meeting.
pub async fn convene(State(app): State<App>, member: Member, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app, &member).await?;
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let Some(subject) = form::read(&mut form, &room.choices()) else {
        return unfit(&page(&app, &member, &form, &room, None));
    };
    let source = match form.get("copied_from") {
        "" => None,
        id => Some(copying::source(&app, &member, id).await?.id),
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if meeting::insert(&transaction, id, &subject, (member.account.shown_name(), now)).await? {
        seat::give(&transaction, id, &subject.groups, now).await?;
        items::set(&transaction, id, &subject.items).await?;
        if let Some(source) = source {
            copying::keep(&transaction, (id, source), now).await?;
        }
        let after = words(&subject, &room);
        record(
            &transaction,
            &member.actor(),
            (id, &subject.title, subject.convener_group),
            "会議の招集",
            (json!(null), after),
            now,
        )
        .await?;
        transaction.commit().await?;
    } else {
        // Somebody else's meeting is not shown to whoever knows its identifier.
        rights::work(&app, member, id).await?;
    }
    Ok(see(&format!("{}?done=convened", work_path(id))))
}

/// `GET /meetings/{id}/edit`.
pub async fn edit(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let room = Room::open(&app, &work.member).await?;
    let (seats, items) =
        (seat::of_meeting(&app.db, work.meeting.id).await?, items::of_meeting(&app.db, work.meeting.id).await?);
    let form = form::filled(&work.meeting, &seats, &items, &room.choices());
    html(&page(&app, &work.member, &form, &room, Some(&work.meeting)))
}

/// `POST /meetings/{id}/edit`.
pub async fn change(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let room = Room::open(&app, &work.member).await?;
    let meeting = &work.meeting;
    let Some(subject) = form::read(&mut form, &room.choices()) else {
        return unfit(&page(&app, &work.member, &form, &room, Some(meeting)));
    };
    let version = form.get("version").parse().unwrap_or_default();
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if !write(&transaction, &desk, (meeting, version), &subject, &work.member.actor(), &room).await? {
        let current = meeting::find(&transaction, meeting.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&FormPage { stale: true, ..page(&app, &work.member, &form, &room, Some(&current)) });
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=changed", work_path(meeting.id))))
}

async fn write(
    db: &impl ConnectionTrait,
    desk: &Desk<'_>,
    (meeting, version): (&Meeting, i32),
    subject: &Subject,
    actor: &Actor,
    room: &Room,
) -> Result<bool, Fault> {
    if !meeting::update(db, (meeting.id, version), subject, desk.now).await? {
        return Ok(false);
    }
    let seats = seat::of_meeting(db, meeting.id).await?;
    let before = json!({ "会議の名前": meeting.title, "招く団体": names(&seats) });
    seat::give(db, meeting.id, &subject.groups, desk.now).await?;
    for seat in seats.iter().filter(|seat| subject.groups.iter().all(|(group, _)| *group != seat.group_id)) {
        seat::take_out(db, (meeting.id, seat.id), (&actor.name, ""), desk.now).await?;
    }
    items::set(db, meeting.id, &subject.items).await?;
    calendar_entry::keep(db, desk, meeting.id).await?;
    let about = (meeting.id, subject.title.as_str(), subject.convener_group);
    record(db, actor, about, "会議の変更", (before, words(subject, room)), desk.now).await?;
    Ok(true)
}

fn names(seats: &[Seat]) -> String {
    seats.iter().map(|seat| seat.name.as_str()).collect::<Vec<_>>().join("、")
}

/// What is written down of a meeting, in words.
fn words(subject: &Subject, room: &Room) -> serde_json::Value {
    let invited = room.groups.iter().filter(|group| subject.groups.iter().any(|(id, _)| *id == group.id));
    json!({
        "会議の名前": subject.title,
        "招集": subject.convener,
        "長さ(分)": subject.length_minutes,
        "いつから": wareki::date_with_weekday(subject.first_day),
        "いつまで": wareki::date_with_weekday(subject.last_day),
        "招く団体": invited.map(|group| group.name.as_str()).collect::<Vec<_>>().join("、"),
    })
}

/// Writes a line about a meeting into the trail.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    actor: &Actor,
    (id, title, group_id): (Uuid, &str, Option<Uuid>),
    action: &str,
    (before, after): (serde_json::Value, serde_json::Value),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), sea_orm::DbErr> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "meeting",
        noun_id: id.to_string(),
        group_id,
        title,
        before,
        after,
        reason: "",
    };
    audit::record(db, event, now).await
}
