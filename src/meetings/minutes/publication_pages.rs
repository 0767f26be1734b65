//! Publishing the minutes: what is still missing, what they will look like, and withdrawing them to be corrected.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::document::{self, Document};
use super::minute::{self, Minutes};
use super::publishing;
use super::review_pages;
use super::version::{self, Version};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::desk::Desk;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::{self, Work};
use crate::meetings::work_path;
use crate::text::day;
use crate::web::{Form, Frame, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/minutes/publication.html")]
struct PublicationPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    minutes: Minutes,
    document: Document,
    versions: Vec<Version>,
    form: &'a Form,
    stale: bool,
}

impl PublicationPage<'_> {
    fn on(&self, version: &Version) -> String {
        day::short(version.published_at.date_naive())
    }
}

async fn publication_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<PublicationPage<'a>, Error> {
    let meeting = &work.meeting;
    Ok(PublicationPage {
        page: Frame::own(app, &format!("{}/publication", meeting.path()), &work.member),
        minutes: minute::of_meeting(&app.db, meeting.id).await?,
        document: document::of_meeting(&app.db, &app.city(), meeting).await?,
        versions: version::of_meeting(&app.db, meeting.id).await?,
        form,
        stale: false,
        meeting,
    })
}

/// `GET /meetings/{id}/publication`.
pub async fn ask(State(app): State<App>, work: Work) -> Result<Response, Error> {
    html(&publication_page(&app, &work, &Form::new()).await?)
}

/// `POST /meetings/{id}/publication`.
pub async fn publish(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let words = form.block("words", "ひとこと", 2_000);
    if !form.is_fine() {
        return unfit(&publication_page(&app, &work, &form).await?);
    }
    let (city, host, meeting) = (app.city(), app.config.host(), &work.meeting);
    let desk = Desk::open(&app, &city, &host);
    let seen = form.get("version").parse().unwrap_or_default();
    let transaction = db::begin(&app.db).await?;
    if publishing::publish(&transaction, &desk, (meeting, seen), &words, &work.member.actor()).await? {
        transaction.commit().await?;
        return Ok(see(&format!("{}?done=published", work_path(meeting.id))));
    }
    drop(transaction);
    let work = rights::work(&app, work.member, work.meeting.id).await?;
    if work.meeting.published_at.is_some() {
        return Ok(see(&format!("{}?done=published", work_path(work.meeting.id))));
    }
    let page = publication_page(&app, &work, &form).await?;
    unfit(&PublicationPage { stale: true, ..page })
}

/// `POST /meetings/{id}/publication/correction`: takes the minutes back with a reason that everybody reads.
pub async fn withdraw(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let reason = form.needed_line("reason", "取り下げる理由", 300);
    if !form.is_fine() {
        return unfit(&publication_page(&app, &work, &form).await?);
    }
    let (city, host, meeting) = (app.city(), app.config.host(), &work.meeting);
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if publishing::withdraw(&transaction, &desk, meeting, &reason, &work.member.actor()).await? {
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=withdrawn", review_pages::path(meeting))))
}
