//! The meetings as staff see them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::STAFF;
use super::meeting::{self, Meeting};
use super::work_pages::when;
use crate::app::App;
use crate::error::Error;
use crate::web::{Frame, Staff, html};

/// Most meetings on the page.
const MOST: u64 = 300;

#[derive(Template)]
#[template(path = "meetings/staff.html")]
struct IndexPage {
    page: Frame,
    meetings: Vec<(Meeting, String)>,
}

/// `GET /staff/meetings`.
pub async fn index(State(app): State<App>, Staff(member): Staff) -> Result<Response, Error> {
    let zone = app.city().profile.zone;
    let meetings = meeting::newest(&app.db, MOST).await?;
    html(&IndexPage {
        page: Frame::own(&app, STAFF, &member),
        meetings: meetings
            .into_iter()
            .map(|meeting| {
                let when = when(&meeting, zone);
                (meeting, when)
            })
            .collect(),
    })
}
