//! What everybody may read about meetings: the list, and one meeting.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono_tz::Tz;
use uuid::Uuid;

use super::agenda::{self, Agenda, Eye};
use super::meeting::{self, Meeting};
use super::minutes::{self, Document, Version};
use super::work_pages::when;
use super::{INDEX, calendar_entry};
use crate::app::App;
use crate::city::facility;
use crate::error::Error;
use crate::text::day;
use crate::web::{Frame, html};

/// Most meetings in each of the two lists.
const MOST: u64 = 200;

#[derive(Template)]
#[template(path = "meetings/index.html")]
struct IndexPage {
    page: Frame,
    ahead: Vec<(Meeting, String)>,
    over: Vec<(Meeting, String)>,
}

/// `GET /meetings`.
pub async fn index(State(app): State<App>) -> Result<Response, Error> {
    let zone = app.city().profile.zone;
    let (ahead, over) = meeting::all_public(&app.db, app.clock.now(), MOST).await?;
    let told = |meetings: Vec<Meeting>| {
        meetings
            .into_iter()
            .map(|one| {
                let when = when(&one, zone);
                (one, when)
            })
            .collect()
    };
    html(&IndexPage { page: Frame::new(&app, INDEX), ahead: told(ahead), over: told(over) })
}

#[derive(Template)]
#[template(path = "meetings/meeting.html")]
struct MeetingPage {
    page: Frame,
    zone: Tz,
    meeting: Meeting,
    when: String,
    place: String,
    agenda: Agenda,
    /// The minutes, once they are out.
    document: Option<Document>,
    /// Every version that was published; one that was withdrawn says why.
    versions: Vec<Version>,
}

impl MeetingPage {
    fn on(&self, version: &Version) -> String {
        day::long(version.published_at.with_timezone(&self.zone).date_naive())
    }

    fn material_path(&self, id: &Uuid) -> String {
        format!("{}/materials/{id}", self.meeting.path())
    }
}

/// `GET /meetings/{id}`.
pub async fn meeting(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let meeting = meeting::find_public(&app.db, id).await?.ok_or(Error::NotFound)?;
    let facilities = facility::all(&app.db).await?;
    let hall = facilities.iter().find(|one| Some(one.id) == meeting.facility_id);
    let city = app.city();
    let document = match meeting.published_at {
        Some(_) => Some(minutes::document(&app.db, &city, &meeting).await?),
        None => None,
    };
    html(&MeetingPage {
        page: Frame::new(&app, &meeting.path()),
        zone: city.profile.zone,
        when: when(&meeting, city.profile.zone),
        document,
        versions: minutes::versions(&app.db, meeting.id).await?,
        place: calendar_entry::place(&meeting, hall),
        agenda: read_agenda(&app, &meeting, city.profile.zone).await?,
        meeting,
    })
}

/// The agenda for everybody; once the minutes are out they tell it point by point, and its materials alone stand beside them.
async fn read_agenda(app: &App, meeting: &Meeting, zone: Tz) -> Result<Agenda, Error> {
    let agenda = agenda::read(&app.db, meeting, Eye::Public, zone).await?;
    Ok(if meeting.published_at.is_some() {
        Agenda { materials: agenda.materials, ..Agenda::default() }
    } else {
        agenda
    })
}
