//! Whoever speaks for a group that is invited: by a personal link without an account, or signed in. Both find the same pages, under
//! `/poll/{token}` and under `/me/groups/{group}/meetings/{id}/poll`.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use uuid::Uuid;

use super::meeting::{self, Meeting};
use super::rights::{self, path_id};
use super::seat::{self, Seat};
use super::{agenda, group_path, poll_path, reply_path};
use crate::app::App;
use crate::audit::Actor;
use crate::error::Error;
use crate::groups::member;
use crate::web::{Frame, Member, Query};

/// Somebody who speaks for a group in a meeting.
pub(in crate::meetings) struct Voice {
    /// The meeting.
    pub meeting: Meeting,
    /// The seat of the group.
    pub seat: Seat,
    /// As whom it is written down.
    pub actor: Actor,
    /// The secret of the link; nothing for a member.
    token: Option<String>,
    frame: Frame,
}

impl Voice {
    async fn by_link(app: &App, token: &str) -> Result<Self, Error> {
        let opened = rights::holder(app, token).await?;
        let (actor, frame) = (opened.actor(), Frame::new(app, &poll_path(token)));
        Ok(Self { meeting: opened.meeting, seat: opened.seat, actor, token: Some(token.to_owned()), frame })
    }

    async fn of_member(app: &App, (group, id): (Uuid, Uuid), member: &Member) -> Result<Self, Error> {
        member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
        // Before its members are told of it there is no such meeting.
        let is_told = |one: &Meeting| one.poll_opened_at.is_some() || one.fixed_at.is_some();
        let meeting = meeting::find(&app.db, id).await?.filter(is_told).ok_or(Error::NotFound)?;
        let seat = seat::of_group(&app.db, id, group).await?.ok_or(Error::NotFound)?;
        Ok(Self {
            meeting,
            seat,
            actor: member.actor(),
            token: None,
            frame: Frame::own(app, &group_path(group), member),
        })
    }

    /// Whether it speaks by a link, without an account.
    pub fn is_by_link(&self) -> bool {
        self.token.is_some()
    }

    /// Address of the poll.
    pub fn poll(&self) -> String {
        self.own("poll", poll_path)
    }

    /// Address of the reply.
    pub fn reply(&self) -> String {
        self.own("reply", reply_path)
    }

    /// Address of the agenda.
    pub fn agenda(&self) -> String {
        self.own("agenda", agenda::path)
    }

    /// Address of the minutes.
    pub fn minutes(&self) -> String {
        self.own("minutes", super::minutes::reading_path)
    }

    /// Under which address materials are read.
    pub fn materials(&self) -> String {
        format!("{}/materials", self.token.as_deref().map_or_else(|| self.meeting.path(), agenda::path))
    }

    fn own(&self, page: &str, by_link: impl Fn(&str) -> String) -> String {
        let signed_in = || format!("{}/{}/{page}", group_path(self.seat.group_id), self.meeting.id);
        self.token.as_deref().map_or_else(signed_in, by_link)
    }

    /// The frame of its pages.
    pub fn frame(&self) -> Frame {
        self.frame.clone()
    }

    /// The frame of a page that says what was just done.
    pub fn frame_saying(&self, mut query: Query, sentences: &[(&str, &'static str)]) -> Frame {
        self.frame().saying(&mut query, sentences).ignoring(query.into_ignored())
    }
}

impl FromRequestParts<App> for Voice {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        if let Some((_, token)) = path.iter().find(|(name, _)| *name == "token") {
            return Self::by_link(app, token).await;
        }
        let member = Member::from_request_parts(parts, app).await?;
        let (group, id) = (path_id(parts, app, "group").await?, path_id(parts, app, "id").await?);
        Self::of_member(app, (group, id), &member).await
    }
}
