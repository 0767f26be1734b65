//! The meetings of one group, for its members: what it convenes, what it is invited to, and what is asked of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::group_path;
use super::meeting::{self, Meeting};
use super::tasks::{self, lists};
use super::waiting;
use super::work_pages::when;
use crate::app::App;
use crate::error::Error;
use crate::groups::member;
use crate::waiting::Waiting;
use crate::web::{Frame, Member, html};

/// Most meetings on the page.
const MOST: u64 = 200;

#[derive(Template)]
#[template(path = "meetings/group.html")]
struct GroupPage {
    page: Frame,
    group_id: Uuid,
    group_name: String,
    meetings: Vec<(Meeting, String)>,
    /// How many tasks the group still has.
    tasks: usize,
    /// What there is to do about the meetings that the group convenes.
    waiting: Vec<Waiting>,
    /// Its meetings whose letters staff have not released yet.
    held: Vec<String>,
}

/// `GET /me/groups/{id}/meetings`: the meetings that a group convenes or is invited to.
pub async fn of_group(State(app): State<App>, Path(id): Path<String>, member: Member) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let membership = member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    let zone = app.city().profile.zone;
    let told = |meeting: Meeting| {
        let when = when(&meeting, zone);
        (meeting, when)
    };
    let meetings = meeting::of_group(&app.db, id, MOST).await?;
    let tasks = lists::of_group(&app.db, id, MOST).await?;
    html(&GroupPage {
        page: Frame::own(&app, &group_path(id), &member),
        group_id: id,
        group_name: membership.group_name,
        meetings: meetings.into_iter().map(told).collect(),
        waiting: waiting::of_group(&app.db, id, app.clock.now()).await?,
        held: waiting::held_letters(&app.db, id).await?,
        tasks: tasks.iter().filter(|told| told.decision.state() == tasks::State::Open).count(),
    })
}
