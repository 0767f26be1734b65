//! `/staff`: what waits, since when, and the quick ways of a busy clerk.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::collected::{self, Pile};
use super::numbers::{self, Letters};
use crate::app::App;
use crate::error::Error;
use crate::groups;
use crate::office::ago;
use crate::text::{day, wareki};
use crate::web::{Frame, Query, Staff, html, see};

/// Things of one kind on the page.
const SOME: u64 = 10;
/// Things of one kind when only they are shown.
const MANY: u64 = 500;

#[derive(Template)]
#[template(path = "office/desk.html")]
struct DeskPage {
    page: Frame,
    today: String,
    now: DateTime<Utc>,
    zone: Tz,
    kind: Option<&'static str>,
    piles: Vec<Pile>,
    groups: Vec<(groups::State, i64)>,
    letters: Vec<Letters>,
}

impl DeskPage {
    fn total(&self) -> i64 {
        self.piles.iter().map(|pile| pile.count).sum()
    }

    fn hidden(&self, pile: &Pile) -> i64 {
        pile.count - i64::try_from(pile.oldest.len()).unwrap_or_default()
    }

    fn ago(&self, since: &DateTime<Utc>) -> String {
        ago::words(*since, self.now, self.zone)
    }

    fn is_long(&self, since: &DateTime<Utc>) -> bool {
        ago::is_long(*since, self.now)
    }

    fn on(&self, since: &DateTime<Utc>) -> String {
        wareki::date_with_weekday(since.with_timezone(&self.zone).date_naive())
    }
}

/// `GET /staff`: what waits for the office, the oldest first.
pub(super) async fn desk(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let kind = query.choice("kind", "種類", collected::kind);
    let most = if kind.is_some() { MANY } else { SOME };
    let mut piles = collected::piles(&app.db, app.clock.now(), most).await?;
    for pile in &mut piles {
        pile.oldest.truncate(most as usize);
    }
    piles.retain(|pile| kind.is_none_or(|kind| pile.kind == kind));
    html(&DeskPage {
        page: Frame::own(&app, crate::office::DESK, &staff.0).ignoring(query.into_ignored()),
        today: day::long(app.today()),
        now: app.clock.now(),
        zone: app.city().profile.zone,
        kind,
        piles,
        groups: numbers::groups(&app.db).await?,
        letters: numbers::letters(&app.db).await?,
    })
}

/// `GET /staff/next?after=PATH`: leads to what has waited longest of the same work, or back to everything that waits.
pub(super) async fn next(State(app): State<App>, _staff: Staff, mut query: Query) -> Result<Response, Error> {
    let after = query.text("after", "前のページ");
    let place: Vec<&str> = after.split('/').take(3).collect();
    let piles = collected::piles(&app.db, app.clock.now(), SOME).await?;
    let alike = piles.iter().flat_map(|pile| &pile.oldest).filter(|one| one.path.split('/').take(3).eq(place.clone()));
    let oldest = alike.min_by_key(|one| one.since);
    Ok(see(oldest.map_or(crate::office::DESK, |one| &one.path)))
}
