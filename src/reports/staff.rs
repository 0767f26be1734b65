//! Reports for staff: what waits, one report with its page, and settling it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use super::report::{self, ANSWER, Report};
use super::{STAFF, letters, staff_path};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::error::Error;
use crate::text::day;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};
use crate::{db, groups, mail};

/// Reports listed of each kind.
const LISTED: i64 = 100;
/// What a redirect to a report may say.
const DONE: [(&str, &str); 2] =
    [("settled", "対応を記録しました。"), ("answered", "対応を記録し、返事をメールで送ります。")];

#[derive(Template)]
#[template(path = "reports/list.html")]
struct ListPage {
    page: Frame,
    zone: chrono_tz::Tz,
    waiting: Vec<Report>,
    settled: Vec<Report>,
}

impl ListPage {
    fn day(&self, report: &Report) -> String {
        day::long(report.created_at.with_timezone(&self.zone).date_naive())
    }
}

/// `GET /staff/reports`: what waits and what was settled lately.
pub async fn index(State(app): State<App>, query: Query, staff: Staff) -> Result<Response, Error> {
    html(&ListPage {
        page: Frame::own(&app, STAFF, &staff.0).ignoring(query.into_ignored()),
        zone: app.city().profile.zone,
        waiting: report::list(&app.db, true, LISTED).await?,
        settled: report::list(&app.db, false, LISTED).await?,
    })
}

#[derive(Template)]
#[template(path = "reports/look.html")]
struct LookPage<'a> {
    page: Frame,
    form: &'a Form,
    report: &'a Report,
    group: String,
    came: String,
    settled: String,
    stale: bool,
}

async fn looked<'a>(app: &App, staff: &Staff, report: &'a Report, form: &'a Form) -> Result<LookPage<'a>, Error> {
    let zone = app.city().profile.zone;
    let local = |moment: chrono::DateTime<chrono::Utc>| moment.with_timezone(&zone);
    let group = match report.group_id {
        Some(group) => groups::find_listed(&app.db, group).await?.map(|group| group.name).unwrap_or_default(),
        None => String::new(),
    };
    Ok(LookPage {
        page: Frame::own(app, &report.path(), &staff.0),
        came: format!(
            "{} {}",
            day::long(local(report.created_at).date_naive()),
            local(report.created_at).format("%H:%M")
        ),
        settled: report.done_at.map(|at| day::long(local(at).date_naive())).unwrap_or_default(),
        stale: false,
        group,
        form,
        report,
    })
}

/// `GET /staff/reports/{id}`: what was said about which page.
pub async fn look(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    staff: Staff,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let report = report::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let form = Form::new();
    let page = looked(&app, &staff, &report, &form).await?;
    let frame = page.page.saying(&mut query, &DONE);
    html(&LookPage { page: frame.ignoring(query.into_ignored()), ..page })
}

/// `POST /staff/reports/{id}`: writes down what was done, and answers by mail where an address was left.
pub async fn settle(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let report = report::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    let note = form.needed_block("note", "対応の記録", ANSWER);
    let mut answer = form.block("answer", "返事", ANSWER);
    if report.mail.is_empty() {
        answer.clear();
    }
    if !form.is_fine() {
        return unfit(&looked(&app, &staff, &report, &form).await?);
    }
    let actor = staff.actor();
    if !report::settle(&transaction, id, &actor.name, (&note, &answer), now).await? {
        let page = LookPage { stale: true, ..looked(&app, &staff, &report, &form).await? };
        return Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response());
    }
    let event = Event {
        actor: &actor,
        channel: Channel::Screen,
        action: "報告への対応",
        noun: "report",
        noun_id: id.to_string(),
        group_id: report.group_id,
        title: &report.title,
        before: serde_json::json!({ "状態": "対応待ち" }),
        after: serde_json::json!({ "状態": "対応済み", "対応の記録": note, "返事": answer }),
        reason: "",
    };
    audit::record(&transaction, event, now).await?;
    if !answer.is_empty() {
        let letter = letters::answer(&app.city(), &app.config.base_url, &report, &answer)?;
        mail::post(&transaction, &letter, &app.config.host(), now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done={}", staff_path(id), if answer.is_empty() { "settled" } else { "answered" })))
}
