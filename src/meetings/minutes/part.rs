//! A part of the minutes: the overview, who was there for the office, or one point of the agenda; each counts its own changes.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::minute::{self, Minutes};
use super::point::{self, Point};

/// What became of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It stands.
    Done {
        /// Its version now.
        version: i32,
        /// Its name and what stood there before, where that was something else.
        change: Option<(String, String)>,
    },
    /// Somebody else changed it since the version that was written on; this stands there now.
    Clash(String),
    /// The minutes are out, or there is no such part.
    Closed,
}

/// A part as it stands.
struct Standing {
    name: String,
    text: String,
    observers: Option<i32>,
    version: i32,
}

impl Standing {
    fn of(part: &str, minutes: Minutes, point: Option<&Point>) -> Option<Self> {
        let (name, text, observers, version) = match (part, point) {
            ("overview", _) => ("概要".to_owned(), minutes.overview, None, minutes.overview_version),
            ("facts", _) => {
                ("事務局と傍聴".to_owned(), minutes.office_staff, Some(minutes.observers), minutes.facts_version)
            }
            (_, Some(point)) => (point.title.clone(), point.summary.clone(), None, point.summary_version),
            (_, None) => return None,
        };
        Some(Self { name, text, observers, version })
    }
}

/// Saves a part that was written on the version `seen`, within the caller's transaction.
pub async fn save(
    db: &impl ConnectionTrait,
    (meeting_id, part, seen): (Uuid, &str, i32),
    (typed, observers): (&str, i32),
    (by, now): (&str, DateTime<Utc>),
) -> Result<Saved, DbErr> {
    if !minute::open(db, meeting_id, now).await? {
        return Ok(Saved::Closed);
    }
    let points = point::of_meeting(db, meeting_id).await?;
    let point = points.iter().find(|point| point.id.to_string() == part);
    let minutes = minute::of_meeting(db, meeting_id).await?;
    let Some(stands) = Standing::of(part, minutes, point) else { return Ok(Saved::Closed) };
    if stands.text == typed && stands.observers.is_none_or(|known| known == observers) {
        return Ok(Saved::Done { version: stands.version, change: None });
    }
    let is_written = match point {
        Some(point) => point::write(db, (meeting_id, point.id, seen), typed, (by, now)).await?,
        None if part == "overview" => minute::write_overview(db, (meeting_id, seen), typed).await?,
        None => minute::write_facts(db, (meeting_id, seen), (observers, typed)).await?,
    };
    if !is_written {
        return Ok(Saved::Clash(stands.text));
    }
    minute::touch(db, meeting_id, now).await?;
    Ok(Saved::Done { version: seen + 1, change: Some((stands.name, stands.text)) })
}

/// Writes a part over whatever stands there.
pub async fn write(
    db: &impl ConnectionTrait,
    (meeting_id, part): (Uuid, &str),
    text: &str,
    by: (&str, DateTime<Utc>),
) -> Result<Saved, DbErr> {
    let points = point::of_meeting(db, meeting_id).await?;
    let point = points.iter().find(|point| point.id.to_string() == part);
    let minutes = minute::of_meeting(db, meeting_id).await?;
    let Some(stands) = Standing::of(part, minutes, point) else { return Ok(Saved::Closed) };
    save(db, (meeting_id, part, stands.version), (text, stands.observers.unwrap_or_default()), by).await
}
