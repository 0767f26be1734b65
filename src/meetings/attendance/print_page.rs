//! The attendance sheet on paper: one line for each group with room for a signature, and empty lines for whoever else comes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::roll::{self, Roll};
use crate::app::App;
use crate::city::facility;
use crate::error::Error;
use crate::meetings::calendar_entry::place;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::work_pages::when;
use crate::web::{Frame, html};

/// Empty lines at the end of the sheet.
const EMPTY: usize = 5;

#[derive(Template)]
#[template(path = "meetings/attendance/sheet.html")]
struct SheetPage {
    page: Frame,
    meeting: Meeting,
    when: String,
    place: String,
    roll: Roll,
}

impl SheetPage {
    fn empty(&self) -> std::ops::Range<usize> {
        0..EMPTY
    }
}

/// `GET /meetings/{id}/attendance/print`.
pub async fn show(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let halls = facility::all(&app.db).await?;
    let hall = halls.iter().find(|hall| Some(hall.id) == work.meeting.facility_id);
    html(&SheetPage {
        page: Frame::own(&app, &format!("{}/attendance/print", work.meeting.path()), &work.member),
        when: when(&work.meeting, app.city().profile.zone),
        place: place(&work.meeting, hall),
        roll: roll::call(&app.db, &work.meeting).await?,
        meeting: work.meeting,
    })
}
