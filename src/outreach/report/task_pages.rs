//! `/staff/outreach/tasks`: what is still to be done after all sessions, ticked off one by one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::task::{self, Task};
use super::visit::record;
use super::{TASKS, path};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::text::day;
use crate::web::{Form, Frame, Query, Staff, html, see};

/// Most follow-ups on a page.
const MOST: u64 = 500;
/// Finished ones that are shown, so that one can be taken back.
const LATEST: u64 = 20;
/// What was just done.
const DONE: [(&str, &str); 2] = [("done", "「済んだ」にしました。"), ("undone", "「まだ」に戻しました。")];

#[derive(Template)]
#[template(path = "outreach/report/tasks.html")]
struct TasksPage {
    page: Frame,
    open: Vec<Task>,
    done: Vec<Task>,
    today: NaiveDate,
    zone: chrono_tz::Tz,
}

impl TasksPage {
    fn report_path(&self, task: &Task) -> String {
        path(task.session_id)
    }

    fn day(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        day::long(at.with_timezone(&self.zone).date_naive())
    }

    fn done_on(&self, task: &Task) -> String {
        task.done_at.map(|at| self.day(&at)).unwrap_or_default()
    }
}

/// `GET /staff/outreach/tasks`.
pub(super) async fn list(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let page = Frame::own(&app, TASKS, &member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&TasksPage {
        page,
        open: task::open(&app.db, MOST).await?,
        done: task::done(&app.db, LATEST).await?,
        today: app.today(),
        zone: app.city().profile.zone,
    })
}

/// `POST /staff/outreach/tasks/{task}`: done, or not after all.
pub(super) async fn tick(
    State(app): State<App>,
    Path(id): Path<String>,
    Staff(member): Staff,
    form: Form,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let is_done = form.get("do") != "undo";
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let task = task::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    if task::tick(&transaction, (id, is_done), (member.account.shown_name(), now)).await? {
        let words = |done: bool| json!({ "宿題": task.words, "済んだ": done });
        let title = format!("{}(出前説明会・{})", task.topic, task.body_name);
        let about = (task.session_id, title.as_str());
        let told = (words(!is_done), words(is_done));
        record(&transaction, &member.actor(), about, "出前説明会の宿題", told, now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{TASKS}?done={}", if is_done { "done" } else { "undone" })))
}
