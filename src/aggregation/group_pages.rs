//! The calendars of a group that are read, for the people who look after it.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::Response;
use uuid::Uuid;

use super::health::Health;
use super::kinds::State;
use super::source::{self, Source};
use super::{group_path, source_path};
use crate::app::App;
use crate::city::settings::sources::EVERY_MINUTES;
use crate::error::Error;
use crate::groups::member;
use crate::web::{Frame, Member, Query, html};

struct Line {
    source: Source,
    health: Health,
    good: String,
}

impl Line {
    /// Whether its health says anything: only what was approved is read.
    fn is_read(&self) -> bool {
        matches!(self.source.state(), State::Active | State::Paused)
    }

    fn path(&self) -> String {
        source_path(self.source.id)
    }
}

#[derive(Template)]
#[template(path = "aggregation/group.html")]
struct GroupPage {
    page: Frame,
    name: String,
    path: String,
    lines: Vec<Line>,
}

/// `GET /me/groups/{id}/sources`.
pub async fn index(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    query: Query,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let membership = member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    let (city, now) = (app.city(), app.clock.now());
    let minutes = city.settings.number(EVERY_MINUTES);
    let lines = source::of_group(&app.db, id).await?.into_iter().map(|source| Line {
        health: Health::of(&source, minutes, now),
        good: source.good_at.map(|at| super::source_page::said(at, &city)).unwrap_or_default(),
        source,
    });
    html(&GroupPage {
        page: Frame::own(&app, &group_path(id), &member).ignoring(query.into_ignored()),
        name: membership.group_name,
        path: group_path(id),
        lines: lines.collect(),
    })
}
