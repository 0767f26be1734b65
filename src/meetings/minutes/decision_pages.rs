//! Writing down what a meeting decided and gave somebody to do.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::decision_form;
use super::minute;
use super::point::{self, Point};
use super::writing_pages::path;
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::convening::{Room, record};
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::seat;
use crate::meetings::tasks::Kind;
use crate::meetings::tasks::decision::{self, Draft, Told};
use crate::text::day;
use crate::web::{Form, Frame, Query, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/minutes/decision.html")]
struct DecisionPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    /// The decision that is changed; nothing while it is written.
    told: Option<&'a Told>,
    points: &'a [Point],
    room: &'a Room,
    owners: &'a [(Uuid, String)],
    form: &'a Form,
    stale: bool,
}

impl DecisionPage<'_> {
    fn action(&self) -> String {
        match self.told {
            Some(told) => format!("{}/decisions/{}", self.meeting.path(), told.decision.id),
            None => format!("{}/decisions", path(self.meeting)),
        }
    }

    fn kinds(&self) -> Vec<(String, &'static str)> {
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), kind.hint())).collect()
    }

    fn points(&self) -> Vec<(String, &str)> {
        self.points.iter().map(|point| (point.id.to_string(), point.title.as_str())).collect()
    }

    fn groups(&self) -> Vec<(String, &str)> {
        self.owners.iter().map(|(id, name)| (id.to_string(), name.as_str())).collect()
    }

    fn items(&self) -> Vec<(String, String)> {
        self.room.items.iter().map(|item| (item.code.clone(), format!("{} {}", item.code, item.title))).collect()
    }
}

/// What the pages of a decision need.
struct Desk {
    work: Work,
    room: Room,
    points: Vec<Point>,
    /// Who may have a task: the groups of the meeting first, then all of the directory.
    owners: Vec<(Uuid, String)>,
}

impl Desk {
    async fn open(app: &App, work: Work) -> Result<Self, Error> {
        if !work.meeting.state().has_day() || work.meeting.published_at.is_some() {
            return Err(Error::NotFound);
        }
        let room = Room::open(app, &work.member).await?;
        let points = point::of_meeting(&app.db, work.meeting.id).await?;
        let seats = seat::of_meeting(&app.db, work.meeting.id).await?;
        let listed = room.groups.iter().filter(|group| seats.iter().all(|seat| seat.group_id != group.id));
        let listed = listed.map(|group| (group.id, group.name.clone()));
        let owners = seats.iter().map(|seat| (seat.group_id, seat.name.clone())).chain(listed).collect();
        Ok(Self { work, room, points, owners })
    }

    async fn told(&self, app: &App, id: Uuid) -> Result<Told, Error> {
        decision::find(&app.db, self.work.meeting.id, id).await?.ok_or(Error::NotFound)
    }

    fn page<'a>(&'a self, app: &App, told: Option<&'a Told>, form: &'a Form) -> DecisionPage<'a> {
        DecisionPage {
            page: Frame::own(app, &path(&self.work.meeting), &self.work.member),
            meeting: &self.work.meeting,
            told,
            points: &self.points,
            room: &self.room,
            owners: &self.owners,
            form,
            stale: false,
        }
    }

    fn words(&self, draft: &Draft) -> serde_json::Value {
        let group = self.owners.iter().find(|(id, _)| Some(*id) == draft.owner_group);
        let items = self.room.items.iter().filter(|item| draft.items.contains(&item.id));
        json!({
            "種類": draft.kind.label(),
            "内容": draft.words,
            "担当": group.map_or(draft.owner.as_str(), |(_, name)| name.as_str()),
            "期限": draft.due_on.map(day::long).unwrap_or_default(),
            "計画の項目": items.map(|item| item.code.as_str()).collect::<Vec<_>>().join("、"),
        })
    }
}

fn words_of(told: &Told) -> serde_json::Value {
    json!({
        "種類": told.decision.kind().label(),
        "内容": told.decision.words,
        "担当": told.owner(),
        "期限": told.due(),
        "計画の項目": told.items.iter().map(|item| item.code.as_str()).collect::<Vec<_>>().join("、"),
    })
}

/// `GET /meetings/{id}/minutes/decisions`: a new one, at a point of the agenda.
pub async fn new(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let desk = Desk::open(&app, work).await?;
    let point = query.choice("point", "議題", |typed| desk.points.iter().find(|point| point.id.to_string() == typed));
    let mut form = Form::filled([("id", new_id().to_string()), ("kind", Kind::Decision.key().to_owned())]);
    if let Some(point) = point {
        form.set("point", point.id.to_string());
    }
    let page = desk.page(&app, None, &form);
    html(&DecisionPage { page: page.page.ignoring(query.into_ignored()), ..page })
}

/// `POST /meetings/{id}/minutes/decisions`: the same form sent twice writes one decision.
pub async fn add(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let desk = Desk::open(&app, work).await?;
    let Some(draft) = decision_form::read(&mut form, &desk.points, (&desk.room, &desk.owners)) else {
        return unfit(&desk.page(&app, None, &form));
    };
    let decision = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let (meeting, now) = (&desk.work.meeting, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if minute::open(&transaction, meeting.id, now).await?
        && decision::insert(&transaction, (meeting.id, decision), &draft, now).await?
    {
        minute::touch(&transaction, meeting.id, now).await?;
        let about = (meeting.id, meeting.title.as_str(), draft.owner_group.or(meeting.convener_group));
        let told = (json!(null), desk.words(&draft));
        record(&transaction, &desk.work.member.actor(), about, "会議で決まったことの記入", told, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=decided{}", path(meeting), anchor(&draft))))
}

fn anchor(draft: &Draft) -> String {
    draft.agenda_item_id.map_or_else(|| "#others".to_owned(), |point| format!("#part-{point}"))
}

/// `GET /meetings/{id}/decisions/{decision}`.
pub async fn edit(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let desk = Desk::open(&app, work).await?;
    let told = desk.told(&app, decision).await?;
    let form = decision_form::filled(&told);
    html(&desk.page(&app, Some(&told), &form))
}

/// `POST /meetings/{id}/decisions/{decision}`.
pub async fn change(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let desk = Desk::open(&app, work).await?;
    let told = desk.told(&app, decision).await?;
    let Some(draft) = decision_form::read(&mut form, &desk.points, (&desk.room, &desk.owners)) else {
        return unfit(&desk.page(&app, Some(&told), &form));
    };
    let seen = form.get("version").parse().unwrap_or_default();
    let (meeting, now) = (&desk.work.meeting, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let is_open = minute::open(&transaction, meeting.id, now).await?;
    if is_open && decision::update(&transaction, (meeting.id, decision, seen), &draft, now).await? {
        minute::touch(&transaction, meeting.id, now).await?;
        let about = (meeting.id, meeting.title.as_str(), draft.owner_group.or(meeting.convener_group));
        let told = (words_of(&told), desk.words(&draft));
        record(&transaction, &desk.work.member.actor(), about, "会議で決まったことの訂正", told, now).await?;
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=changed{}", path(meeting), anchor(&draft))));
    }
    drop(transaction);
    let told = desk.told(&app, decision).await?;
    form.set("version", told.decision.version.to_string());
    unfit(&DecisionPage { stale: true, ..desk.page(&app, Some(&told), &form) })
}

/// `POST /meetings/{id}/decisions/{decision}/removal`.
pub async fn remove(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let desk = Desk::open(&app, work).await?;
    let (meeting, now) = (&desk.work.meeting, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let told = decision::find(&transaction, meeting.id, decision).await?;
    if let Some(told) = told
        && minute::open(&transaction, meeting.id, now).await?
        && decision::remove(&transaction, meeting.id, decision).await?
    {
        minute::touch(&transaction, meeting.id, now).await?;
        let about = (meeting.id, meeting.title.as_str(), told.decision.owner_group.or(meeting.convener_group));
        let change = (words_of(&told), json!(null));
        record(&transaction, &desk.work.member.actor(), about, "会議で決まったことの削除", change, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=removed", path(meeting))))
}
