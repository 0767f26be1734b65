//! Who may work on a meeting: staff, and the members of the group that convenes it or whose person chairs it. For everybody
//! else there is no such page.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::link::{self, Opened};
use super::meeting::{self, Meeting};
use crate::app::App;
use crate::error::Error;
use crate::groups::{self, member};
use crate::web::Member;

/// A meeting in the hands of somebody who may work on it.
#[derive(Clone, Debug)]
pub struct Work {
    /// Who it is.
    pub member: Member,
    /// The meeting.
    pub meeting: Meeting,
}

impl FromRequestParts<App> for Work {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let member = Member::from_request_parts(parts, app).await?;
        let id = path_id(parts, app, "id").await?;
        work(app, member, id).await
    }
}

/// The identifier under this name in the address of a page; absence where it is none.
pub(super) async fn path_id(parts: &mut Parts, app: &App, name: &str) -> Result<Uuid, Error> {
    let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    let part = path.iter().find(|(known, _)| *known == name).ok_or(Error::NotFound)?;
    Uuid::parse_str(part.1).map_err(|_| Error::NotFound)
}

/// The meeting under this identifier for somebody who may work on it; absence for everybody else.
pub async fn work(app: &App, member: Member, id: Uuid) -> Result<Work, Error> {
    let meeting = meeting::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    match may_work(&app.db, &member, &meeting).await? {
        true => Ok(Work { member, meeting }),
        false => Err(Error::NotFound),
    }
}

async fn may_work(db: &impl ConnectionTrait, member: &Member, meeting: &Meeting) -> Result<bool, Error> {
    if member.is_staff() {
        return Ok(true);
    }
    for group in [meeting.convener_group, meeting.chair_group].into_iter().flatten() {
        if member::of(db, member.account.id, group).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this person may convene in the name of a group, or of the city where no group is given.
pub async fn may_convene_for(db: &impl ConnectionTrait, member: &Member, group: Option<Uuid>) -> Result<bool, Error> {
    match group {
        _ if member.is_staff() => Ok(true),
        Some(group) => Ok(member::of(db, member.account.id, group).await?.is_some()),
        None => Ok(false),
    }
}

/// Said where a link is no longer that of somebody who looks after the group.
const REVOKED: &str = "このリンクの持ち主は、いまは団体の担当者ではありません。いまの担当者の方にお尋ねください。";

/// Where a personal link leads, for its owner; a link that was taken back says so, and whoever was meant is asked.
pub async fn holder(app: &App, token: &str) -> Result<Opened, Error> {
    let opened = link::open(&app.db, token).await?.ok_or(Error::LinkGone)?;
    if opened.is_revoked { Err(Error::LinkOver(REVOKED)) } else { Ok(opened) }
}

/// Somebody in whose name a meeting is convened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convener {
    /// The group; nothing for the city.
    pub group_id: Option<Uuid>,
    /// Its name.
    pub name: String,
}

impl Convener {
    /// Value of the form's choice.
    pub fn key(&self) -> String {
        self.group_id.map_or_else(|| "city".to_owned(), |id| id.to_string())
    }
}

/// In whose name this person may convene: for staff the city first and every group, for members their groups in the directory.
pub async fn conveners(db: &impl ConnectionTrait, member: &Member, city: &str) -> Result<Vec<Convener>, Error> {
    let listed = groups::listed_names(db).await?;
    if member.is_staff() {
        let city = Convener { group_id: None, name: city.to_owned() };
        let groups = listed.into_iter().map(|group| Convener { group_id: Some(group.id), name: group.name });
        return Ok(std::iter::once(city).chain(groups).collect());
    }
    let own = member::of_account(db, member.account.id).await?;
    let is_own = |id: Uuid| own.iter().any(|membership| membership.group_id == id);
    Ok(listed
        .into_iter()
        .filter(|group| is_own(group.id))
        .map(|group| Convener { group_id: Some(group.id), name: group.name })
        .collect())
}
