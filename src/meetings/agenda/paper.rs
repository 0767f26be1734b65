//! The 次第 on one A4 page: title, day, place, what is talked about, and what is handed out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::shown::{self, Agenda, Eye};
use crate::app::App;
use crate::city::facility;
use crate::error::Error;
use crate::meetings::calendar_entry;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::work_pages::when;
use crate::web::{Frame, html};

#[derive(Template)]
#[template(path = "meetings/agenda/print.html")]
struct PrintPage {
    page: Frame,
    meeting: Meeting,
    when: String,
    place: String,
    agenda: Agenda,
}

impl PrintPage {
    /// Whether the opening stands on the agenda already, so that it is not written twice.
    fn opens(&self) -> bool {
        self.agenda.lines.first().is_some_and(|line| line.item.title.starts_with("開会"))
    }

    /// The same of the end.
    fn closes(&self) -> bool {
        self.agenda.lines.last().is_some_and(|line| line.item.title.starts_with("閉会"))
    }
}

/// `GET /meetings/{id}/agenda/print`.
pub async fn print(State(app): State<App>, work: Work) -> Result<Response, Error> {
    let (meeting, zone) = (work.meeting, app.city().profile.zone);
    let facilities = facility::all(&app.db).await?;
    let hall = facilities.iter().find(|one| Some(one.id) == meeting.facility_id);
    html(&PrintPage {
        page: Frame::own(&app, &super::work_path(meeting.id), &work.member),
        when: when(&meeting, zone),
        place: calendar_entry::place(&meeting, hall),
        agenda: shown::read(&app.db, &meeting, Eye::Groups, zone).await?,
        meeting,
    })
}
