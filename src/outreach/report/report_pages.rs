//! `/staff/outreach/sessions/{id}/report`: writing the report, on a phone on the way home.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value as Json};

use super::form::{self, HELD, QUESTIONS, TASKS};
use super::report::{self, Draft, Report, Saved};
use super::task;
use super::visit::{Visit, record};
use super::{AtVisit, path};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::outreach::session::crew::{self, Going};
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 1] = [("saved", "報告を保存しました。")];
/// Questions for which there is room at first sight.
const AT_FIRST: usize = 3;

/// The fields of one question, or of one follow-up.
struct Place {
    number: usize,
    first: String,
    second: String,
    third: String,
    id: String,
}

/// A part in which two reports differ.
struct Difference {
    label: &'static str,
    stands: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "outreach/report/form.html")]
struct ReportPage<'a> {
    page: Frame,
    visit: &'a Visit,
    when: String,
    town: String,
    going: Vec<Going>,
    report: Option<Report>,
    form: &'a Form,
    has_begun: bool,
    differences: Vec<Difference>,
}

impl ReportPage<'_> {
    fn held(&self) -> Vec<(&'static str, &'static str)> {
        HELD.to_vec()
    }

    fn question(at: usize) -> Place {
        Place {
            number: at + 1,
            first: format!("q-{at}"),
            second: format!("a-{at}"),
            third: format!("p-{at}"),
            id: String::new(),
        }
    }

    /// How many questions stand open: those that are written, and one more.
    fn open(&self) -> usize {
        let last = (0..QUESTIONS)
            .rev()
            .find(|at| !self.form.get(&format!("q-{at}")).is_empty() || !self.form.get(&format!("a-{at}")).is_empty());
        last.map_or(AT_FIRST, |at| (at + 2).clamp(AT_FIRST, QUESTIONS))
    }

    fn questions(&self) -> Vec<Place> {
        (0..self.open()).map(Self::question).collect()
    }

    fn further_questions(&self) -> Vec<Place> {
        (self.open()..QUESTIONS).map(Self::question).collect()
    }

    fn tasks(&self) -> Vec<Place> {
        let place = |at: usize| Place {
            number: at + 1,
            first: format!("task-{at}"),
            second: format!("owner-{at}"),
            third: format!("due-{at}"),
            id: format!("task-id-{at}"),
        };
        (0..TASKS).map(place).collect()
    }
}

async fn report_page<'a>(app: &App, at: &'a AtVisit, form: &'a Form) -> Result<ReportPage<'a>, Error> {
    let (city, session) = (app.city(), &at.visit.session);
    Ok(ReportPage {
        page: Frame::own(app, &path(session.id), &at.member),
        visit: &at.visit,
        when: at.visit.when(city.profile.zone),
        town: city.town_name(&session.town_key).to_owned(),
        going: crew::of_session(&app.db, session.id).await?,
        report: report::find(&app.db, session.id).await?,
        form,
        has_begun: at.visit.has_begun(app.clock.now()),
        differences: Vec::new(),
    })
}

/// `GET /staff/outreach/sessions/{id}/report`.
pub(super) async fn show(State(app): State<App>, mut query: Query, at: AtVisit) -> Result<Response, Error> {
    let id = at.visit.session.id;
    let tasks = task::drafts(&task::of_session(&app.db, id).await?);
    let report = report::find(&app.db, id).await?;
    let draft = report.as_ref().map(|report| report.draft(tasks));
    let form = form::filled(draft.as_ref(), report.as_ref().map_or(0, |report| report.version));
    let shown = report_page(&app, &at, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&ReportPage { page, ..shown })
}

/// `POST /staff/outreach/sessions/{id}/report`: a report that somebody else changed meanwhile comes back with both texts.
pub(super) async fn keep(State(app): State<App>, at: AtVisit, mut form: Form) -> Result<Response, Error> {
    let (visit, now) = (&at.visit, app.clock.now());
    let id = visit.session.id;
    if !visit.has_begun(now) {
        return unfit(&report_page(&app, &at, &form).await?);
    }
    let Some(draft) = form::read(&mut form, visit.is_public()) else {
        return unfit(&report_page(&app, &at, &form).await?);
    };
    let seen = form.get("version").parse().unwrap_or_default();
    let by = at.member.account.shown_name();
    let transaction = db::begin(&app.db).await?;
    match report::save(&transaction, (id, seen), (&draft, visit.is_public()), (by, now)).await? {
        Saved::Same => {}
        Saved::Done(before) => {
            let told = (before.as_ref().map_or(Json::Null, json), json(&draft));
            record(&transaction, &at.member.actor(), (id, &visit.title()), "出前説明会の報告", told, now).await?;
            transaction.commit().await?;
        }
        Saved::Stale(standing, stands) => {
            drop(transaction);
            return overtaken(&app, &at, (form, draft), (&standing, stands)).await;
        }
    }
    Ok(see(&format!("{}?done=saved", path(id))))
}

/// Both reports side by side; the next time the form is sent it counts as made from the newer one.
async fn overtaken(
    app: &App,
    at: &AtVisit,
    (mut form, draft): (Form, Draft),
    (standing, stands): (&Report, Draft),
) -> Result<Response, Error> {
    form.set("version", standing.version.to_string());
    let pairs = stands.told().into_iter().zip(draft.told());
    let differences = pairs.filter(|((_, stands), (_, typed))| stands != typed).map(|((label, stands), (_, typed))| {
        let words = |text: String| if text.is_empty() { "(空です)".to_owned() } else { text };
        Difference { label, stands: words(stands), typed: words(typed) }
    });
    let differences = differences.collect();
    let page = report_page(app, at, &form).await?;
    unfit(&ReportPage { differences, ..page })
}

fn json(draft: &Draft) -> Json {
    let fields = draft.told().into_iter().map(|(label, text)| (label.to_owned(), Json::String(text)));
    Json::Object(fields.collect::<Map<_, _>>())
}
