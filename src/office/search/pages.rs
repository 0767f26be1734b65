//! `/staff/search`: one box over everything.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::words::Words;
use super::{applications, entries, groups, letters, people, requests, sources, submissions};
use crate::aggregation::{self, Source};
use crate::app::App;
use crate::calendar::Submission;
use crate::city::City;
use crate::error::Error;
use crate::office::desk::collected;
use crate::outreach::Request;
use crate::text::wareki;
use crate::waiting::Waiting;
use crate::web::{Frame, Query, Staff, html};

#[derive(Template)]
#[template(path = "office/search.html")]
struct SearchPage<'a> {
    page: Frame,
    city: &'a City,
    words: Words,
    groups: (Vec<groups::Hit>, i64, bool),
    people: (Vec<people::Person>, bool),
    applications: (Vec<applications::Hit>, bool),
    requests: (Vec<Request>, bool),
    submissions: (Vec<Submission>, bool),
    entries: (Vec<entries::Hit>, bool),
    sources: (Vec<Source>, bool),
    letters: (Vec<letters::Hit>, bool),
    waiting: Vec<Waiting>,
}

impl SearchPage<'_> {
    fn is_nothing(&self) -> bool {
        self.groups.0.is_empty()
            && self.people.0.is_empty()
            && self.applications.0.is_empty()
            && self.requests.0.is_empty()
            && self.submissions.0.is_empty()
            && self.entries.0.is_empty()
            && self.sources.0.is_empty()
            && self.letters.0.is_empty()
            && self.waiting.is_empty()
    }

    fn source_path(&self, source: &Source) -> String {
        aggregation::source_path(source.id)
    }

    fn on(&self, moment: &DateTime<Utc>) -> String {
        wareki::date_with_weekday(moment.with_timezone(&self.city.profile.zone).date_naive())
    }
}

/// `GET /staff/search`: everything that holds the words, shelf by shelf.
pub(super) async fn search(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let city = app.city();
    let words = Words::read(query.text("q", "ことば"), &city);
    let db = &app.db;
    let mut page = SearchPage {
        page: Frame::own(&app, super::SEARCH, &staff.0).ignoring(query.into_ignored()),
        city: &city,
        groups: Default::default(),
        people: Default::default(),
        applications: Default::default(),
        requests: Default::default(),
        submissions: Default::default(),
        entries: Default::default(),
        sources: Default::default(),
        letters: Default::default(),
        waiting: Vec::new(),
        words,
    };
    if !page.words.is_empty() {
        page.groups = groups::find(db, &page.words).await?;
        page.people = people::find(db, &page.words).await?;
        page.applications = applications::find(db, &page.words).await?;
        page.requests = requests::find(db, &page.words).await?;
        page.submissions = submissions::find(db, &page.words).await?;
        page.entries = entries::find(db, &page.words).await?;
        page.sources = sources::find(db, &page.words).await?;
        page.letters = letters::find(db, &page.words).await?;
        let open = collected::without_shelf(db, 500).await?;
        page.waiting = open.into_iter().filter(|one| page.words.fits(&one.title)).take(10).collect();
    }
    html(&page)
}
