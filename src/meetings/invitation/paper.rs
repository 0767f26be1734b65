//! The notice on paper: one A4 letter for each group, with a slip to send back and a QR code that leads to the reply.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::inviting::{self, Words};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::groups::{self, Person};
use crate::mail::Topic;
use crate::meetings::desk::Desk;
use crate::meetings::link;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::meetings::seat::{self, Seat};
use crate::web::{Form, Frame, html, qr};

/// One letter.
struct Sheet {
    name: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "meetings/invitation/sheets.html")]
struct SheetsPage {
    page: Frame,
    meeting: Meeting,
    values: Vec<(&'static str, String)>,
    sheets: Vec<Sheet>,
    fax: String,
    phone: String,
    section: String,
}

impl SheetsPage {
    fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(place, _)| *place == name).map_or("", |(_, value)| value)
    }
}

/// `POST /meetings/{id}/notice/sheets`: the letters for all groups, or for those that get no mail. Each code is made anew and shown once.
pub async fn sheets(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let meeting = work.meeting;
    if !meeting.state().has_day() {
        return Err(Error::NotFound);
    }
    let (number, words) = (form.line("number", "文書番号", 100), form.block("words", "その他", 2_000));
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk::open(&app, &city, &host);
    let seats = chosen(&app, &meeting, form.has("which", "all")).await?;
    let nobody = Person { mail: String::new(), name: String::new(), account_id: None };
    let lines: Vec<_> = seats.iter().map(|seat| (seat.id, &nobody)).collect();
    let transaction = db::begin(&app.db).await?;
    let tokens = link::make(&transaction, meeting.id, &lines, desk.now).await?;
    transaction.commit().await?;
    let sheet = |(seat, token): (Seat, String)| Sheet {
        name: seat.name,
        qr: qr(&desk.url(&crate::meetings::reply_path(&token)), "qr", "返事のページを開くQRコード"),
    };
    let said = Words { number: &number, words: &words, ..Words::default() };
    let office = &city.profile.office;
    html(&SheetsPage {
        page: Frame::own(&app, &format!("{}/notice", meeting.path()), &work.member),
        values: inviting::values(&app.db, &desk, &meeting, &said).await?,
        sheets: seats.into_iter().zip(tokens).map(sheet).collect(),
        fax: office.fax.clone(),
        phone: office.phone.clone(),
        section: format!("{} {}", city.profile.name, office.section),
        meeting,
    })
}

async fn chosen(app: &App, meeting: &Meeting, all: bool) -> Result<Vec<Seat>, Error> {
    let mut seats = seat::of_meeting(&app.db, meeting.id).await?;
    if !all {
        let ids: Vec<_> = seats.iter().map(|seat| seat.group_id).collect();
        let reached = groups::addressees(&app.db, &ids, Topic::Meetings).await?;
        seats.retain(|seat| !reached.contains_key(&seat.group_id));
    }
    Ok(seats)
}
