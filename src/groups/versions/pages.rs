//! The history of a group for its members.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::shown::{self, Changed, Line};
use super::{path, restoring};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::history::{self, Version};
use crate::groups::profile::edit::{self, Editing, Present};
use crate::groups::profile::field::Audience;
use crate::groups::profile::pages::membership;
use crate::groups::profile::{hub_path, pages, words};
use crate::web::{Form, Frame, Member, Query, html, see};

/// The list of versions, for members and for the office.
#[derive(Template)]
#[template(path = "groups/versions/list.html")]
pub(super) struct ListPage {
    pub page: Frame,
    pub name: String,
    /// Where the reader comes from, with its name.
    pub back: (String, &'static str),
    pub path: String,
    pub lines: Vec<Line>,
    pub next: Option<i32>,
    pub current: i32,
}

/// One version, for members and for the office.
#[derive(Template)]
#[template(path = "groups/versions/version.html")]
pub(super) struct VersionPage {
    pub page: Frame,
    pub name: String,
    pub path: String,
    pub number: i32,
    pub when: String,
    pub by: String,
    pub channel: &'static str,
    pub reason: String,
    pub facts: Vec<(&'static str, String)>,
    /// What would change if it were brought back.
    pub coming: Vec<Changed>,
    /// For the office, which says why; members are told what waits.
    pub office: bool,
    pub form: Form,
}

impl VersionPage {
    /// The page of a version; nothing if it cannot be read.
    pub fn new(app: &App, page: Frame, present: &Present, version: &Version, office: bool) -> Option<Self> {
        let (city, draft) = (app.city(), version.draft()?);
        let (audience, back) = match office {
            true => (Audience::Life, super::staff_path(present.group_id)),
            false => (Audience::Member, path(present.group_id)),
        };
        let coming = restoring::changes(&draft, &present.draft, audience);
        Some(Self {
            page,
            name: present.draft.name.clone(),
            path: back,
            number: version.number,
            when: words::moment(version.at, city.profile.zone),
            by: version.actor.clone(),
            channel: version.channel().label(),
            reason: version.reason.clone(),
            facts: shown::in_full(&draft, audience, &city),
            coming: coming
                .iter()
                .map(|(field, text)| shown::changed(field, &field.of(&present.draft), text, &city))
                .collect(),
            office,
            form: Form::new(),
        })
    }
}

/// Where a page of the list begins.
pub(super) fn from(query: &mut Query) -> i32 {
    query.choice("from", "版の番号", |typed| typed.parse().ok().filter(|number| *number > 0)).unwrap_or(i32::MAX)
}

/// `GET /me/groups/{id}/history`: what changed when, by whom.
pub(super) async fn history(
    State(app): State<App>,
    who: Member,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let group = membership(&app.db, &who, &id).await?;
    let id = group.group_id;
    let (lines, next) = shown::lines(&app.db, id, from(&mut query), Audience::Member, &app.city()).await?;
    html(&ListPage {
        page: Frame::own(&app, &path(id), &who),
        name: group.group_name,
        back: (hub_path(id), "団体のページ"),
        path: path(id),
        lines,
        next,
        current: history::version(&app.db, id).await?,
    })
}

/// `GET /me/groups/{id}/history/{number}`: one version in full.
pub(super) async fn version(
    State(app): State<App>,
    who: Member,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    let (present, version) = find(&app, id, &number).await?;
    let frame = Frame::own(&app, &path(id), &who);
    html(&VersionPage::new(&app, frame, &present, &version, false).ok_or(Error::NotFound)?)
}

/// A version of a group and what is there now.
pub(super) async fn find(app: &App, id: Uuid, number: &str) -> Result<(Present, Version), Error> {
    let number = number.parse().map_err(|_| Error::NotFound)?;
    let present = Present::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let version = history::find(&app.db, id, number).await?.ok_or(Error::NotFound)?;
    Ok((present, version))
}

/// `POST /me/groups/{id}/history/{number}`: brings a version back, field by field as any edit of a member.
pub(super) async fn restore(
    State(app): State<App>,
    who: Member,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id = membership(&app.db, &who, &id).await?.group_id;
    let (city, now) = (app.city(), app.clock.now());
    let (_, version) = find(&app, id, &number).await?;
    let old = version.draft().ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, id).await?.ok_or(Error::NotFound)?;
    let changes = restoring::changes(&old, &present.draft, Audience::Member);
    let reason = format!("第{}版に戻しました。", version.number);
    let editing = Editing {
        actor: &who.actor(),
        channel: Channel::Screen,
        action: "以前の版に戻す",
        reason: &reason,
        zone: city.profile.zone,
        now,
    };
    let outcome = edit::by_member(&transaction, &city, &present, &changes, editing).await;
    let outcome = outcome.map_err(|fault| Error::Database(fault.to_string()))?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", hub_path(id), pages::done(outcome))))
}
