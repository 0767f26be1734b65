//! Saying what became of a task: by a member of the group that does it, or by whoever works on the meeting.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::decision::{self, Told};
use super::lists;
use super::{Kind, STAFF, State as Progress, group_path};
use crate::app::App;
use crate::audit::Actor;
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::convening::record;
use crate::meetings::rights::Work;
use crate::revision::{self, Scope};
use crate::web::{Form, Frame, Member, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/tasks/settle.html")]
struct SettlePage<'a> {
    page: Frame,
    told: &'a Told,
    form: &'a Form,
    action: String,
    back: String,
    stale: bool,
}

impl SettlePage<'_> {
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        [Progress::Done, Progress::Dropped, Progress::Open].into_iter().map(|one| (one.key(), one.label())).collect()
    }
}

/// Whoever says what became of a task.
struct Settling {
    actor: Actor,
    told: Told,
    action: String,
    back: String,
    page: Frame,
}

impl Settling {
    fn shown<'a>(&'a self, form: &'a Form) -> SettlePage<'a> {
        SettlePage {
            page: self.page.clone(),
            told: &self.told,
            form,
            action: self.action.clone(),
            back: self.back.clone(),
            stale: false,
        }
    }

    fn form(&self) -> Form {
        Form::filled([
            ("state", Progress::Done.key().to_owned()),
            ("outcome", self.told.decision.outcome.clone()),
            ("version", self.told.decision.version.to_string()),
        ])
    }
}

/// `GET /meetings/{id}/decisions/{decision}/outcome`.
pub async fn ask(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let settling = at_work(&app, work, decision).await?;
    html(&settling.shown(&settling.form()))
}

/// `POST /meetings/{id}/decisions/{decision}/outcome`.
pub async fn settle(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
    form: Form,
) -> Result<Response, Error> {
    let settling = at_work(&app, work, decision).await?;
    taken(&app, settling, form).await
}

async fn at_work(app: &App, work: Work, decision: Uuid) -> Result<Settling, Error> {
    let told = decision::find(&app.db, work.meeting.id, decision).await?.filter(is_task).ok_or(Error::NotFound)?;
    let action = format!("{}/decisions/{decision}/outcome", work.meeting.path());
    Ok(Settling {
        actor: work.member.actor(),
        page: Frame::own(app, &action, &work.member),
        back: if work.member.is_staff() { STAFF.to_owned() } else { work.meeting.work_path() },
        told,
        action,
    })
}

fn is_task(told: &Told) -> bool {
    told.decision.kind() != Kind::Decision
}

/// `GET /me/groups/{group}/tasks/{decision}`.
pub async fn own(
    State(app): State<App>,
    Path((group, decision)): Path<(Uuid, Uuid)>,
    member: Member,
) -> Result<Response, Error> {
    let settling = of_group(&app, member, group, decision).await?;
    html(&settling.shown(&settling.form()))
}

/// `POST /me/groups/{group}/tasks/{decision}`.
pub async fn own_settle(
    State(app): State<App>,
    Path((group, decision)): Path<(Uuid, Uuid)>,
    member: Member,
    form: Form,
) -> Result<Response, Error> {
    let settling = of_group(&app, member, group, decision).await?;
    taken(&app, settling, form).await
}

async fn of_group(app: &App, member: Member, group: Uuid, decision: Uuid) -> Result<Settling, Error> {
    member::of(&app.db, member.account.id, group).await?.ok_or(Error::NotFound)?;
    let tasks = lists::of_group(&app.db, group, u64::MAX).await?;
    let told = tasks.into_iter().filter(is_task).find(|one| one.decision.id == decision).ok_or(Error::NotFound)?;
    let action = format!("{}/{decision}", group_path(group));
    Ok(Settling {
        actor: member.actor(),
        page: Frame::own(app, &action, &member),
        back: group_path(group),
        told,
        action,
    })
}

async fn taken(app: &App, settling: Settling, mut form: Form) -> Result<Response, Error> {
    let state = form.choice("state", "どうなったか", Progress::from_key);
    let outcome = form.block("outcome", "結果", 2_000);
    let Some(state) = state.filter(|_| form.is_fine()) else {
        return unfit(&settling.shown(&form));
    };
    let (now, told) = (app.clock.now(), &settling.told);
    let seen = form.get("version").parse().unwrap_or_default();
    let by = (settling.actor.name.as_str(), now);
    let transaction = db::begin(&app.db).await?;
    if !decision::settle(&transaction, (told.decision.id, seen), (state, &outcome), by).await? {
        drop(transaction);
        let current = decision::find(&app.db, told.decision.meeting_id, told.decision.id).await?;
        let told = current.ok_or(Error::NotFound)?;
        form.set("version", told.decision.version.to_string());
        let settling = Settling { told, ..settling };
        return unfit(&SettlePage { stale: true, ..settling.shown(&form) });
    }
    revision::bump(&transaction, Scope::Calendar, now).await?;
    let decision = &told.decision;
    let about = (decision.meeting_id, decision.meeting_title.as_str(), decision.owner_group);
    let before = json!({ "宿題": decision.words, "状態": decision.state().label(), "結果": decision.outcome });
    let after = json!({ "宿題": decision.words, "状態": state.label(), "結果": outcome });
    record(&transaction, &settling.actor, about, "会議の宿題の報告", (before, after), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=settled", settling.back)))
}
