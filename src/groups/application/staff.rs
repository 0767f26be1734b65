//! An application on the desk of the office: everything of it, and the three decisions.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::application::{self, Application, Stage};
use super::decision::{self, Desk, Undecided};
use super::letters::{self, About};
use super::reading::{self, Manner, Read};
use super::requirement::{self, Check};
use super::step::Step;
use super::story::{self, Done};
use super::summary::{self, Part};
use super::{keeping, link, moment, pages};
use crate::accounts;
use crate::app::App;
use crate::audit::Channel;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::duplicates::{self, Audience, Duplicate};
use crate::mail::{self, Wording};
use crate::web::{Form, Frame, Query, Staff, html, see};

/// What was typed into the forms of the decisions, and why nothing was decided.
#[derive(Default)]
struct Attempt {
    form: Form,
    late: bool,
    refused: Vec<String>,
}

#[derive(Template)]
#[template(path = "groups/application/desk/detail.html")]
struct DetailPage<'a> {
    page: Frame,
    city: &'a City,
    application: Application,
    handed_in: String,
    decided: String,
    parts: Vec<Part>,
    faults: Vec<(Step, String)>,
    corrections: Vec<(&'static str, String, String)>,
    checks: Vec<Check>,
    duplicates: Vec<(Duplicate, bool)>,
    namesakes: Vec<Application>,
    story: Vec<(String, Done)>,
    attempt: Attempt,
}

/// `GET /staff/applications/{id}`: everything as it will stand, what is asked of a group, and what looks the same.
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let page = Frame::own(&app, super::DESK, &staff.0).saying(&mut query, &DONE);
    detail(&app, page, &id, Attempt::default()).await
}

const DONE: [(&str, &str); 6] = [
    ("approved", "承認し、団体を名簿に登録しました。"),
    ("returned", "質問を付けて差し戻しました。"),
    ("refused", "不承認にしました。"),
    ("corrected", "直した内容を保存しました。承認すると、申請した方に直したところが伝わります。"),
    ("entered", "申請を書き写しました。内容を確かめて、承認してください。"),
    ("withdrawn", "取り下げにしました。"),
];

/// Leads back from the address of a decision to the application.
pub(super) async fn back(Path(id): Path<String>) -> Response {
    Redirect::to(&format!("{}/{id}", super::DESK)).into_response()
}

/// The application that the office may see under this identifier.
pub(super) async fn seen(db: &impl ConnectionTrait, id: &str) -> Result<Application, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    application::find_seen(db, id).await?.ok_or(Error::NotFound)
}

async fn detail(app: &App, page: Frame, id: &str, attempt: Attempt) -> Result<Response, Error> {
    let application = seen(&app.db, id).await?;
    let city = app.city();
    let words = super::words(app, &city).await?;
    let read = reading::all(&application.typed(), &words, Manner::of(&application));
    let parts = summary::of(&read, &words);
    let told = |at: Option<DateTime<Utc>>| at.map_or_else(String::new, |at| moment(at, city.profile.zone));
    let acknowledged = application.acknowledged();
    let mut alike = match application.stage() {
        Stage::Draft => Vec::new(),
        _ => duplicates::find(&app.db, &read.draft, Audience::Office).await?,
    };
    alike.retain(|duplicate| Some(duplicate.group_id) != application.group_id);
    let story = story::of(&app.db, application.id).await?;
    let status = match (attempt.late, attempt.form.is_fine() && attempt.refused.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = DetailPage {
        page,
        city: &city,
        handed_in: told(application.submitted_at),
        decided: told(application.decided_at),
        faults: read.faults(),
        corrections: pages::sent_otherwise(&application, &words, &parts),
        checks: requirement::check(&city, &read.draft, &application.typed().form(Step::Requirements)),
        duplicates: alike
            .into_iter()
            .map(|one| (acknowledged.contains(&one.group_id), one))
            .map(|(a, b)| (b, a))
            .collect(),
        namesakes: application::namesakes(&app.db, application.id, &application.name).await?,
        story: story.into_iter().map(|done| (moment(done.at, city.profile.zone), done)).collect(),
        parts,
        application,
        attempt,
    };
    Ok((status, html(&page)?).into_response())
}

/// An application as the member of staff saw it when they pressed a button.
struct Case {
    application: Application,
    read: Read,
}

async fn case(app: &App, id: &str, form: &Form) -> Result<Case, Error> {
    let mut application = seen(&app.db, id).await?;
    let city = app.city();
    let words = super::words(app, &city).await?;
    let read = reading::all(&application.typed(), &words, Manner::of(&application));
    // What changed since the page was opened must not be decided unseen.
    application.version = form.get("version").parse().unwrap_or_default();
    Ok(Case { application, read })
}

/// `POST …/approval`.
pub(super) async fn approve(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Error> {
    let (case, actor, city, now) = (case(&app, &id, &form).await?, staff.actor(), app.city(), app.clock.now());
    let desk = Desk { city: &city, actor: &actor, now };
    let transaction = db::begin(&app.db).await?;
    let record = (&case.read.draft, case.read.applicant.as_str());
    let approved = decision::approve(&transaction, desk, &case.application, record).await;
    let (group_id, number) = match approved {
        Ok(approved) => approved,
        Err(undecided) => {
            drop(transaction);
            return answer(&app, &staff, &id, form, undecided).await;
        }
    };
    let words = super::words(&app, &city).await?;
    let corrections = pages::sent_otherwise(&case.application, &words, &summary::of(&case.read, &words));
    let corrected = corrected(&corrections);
    let base = &app.config.base_url;
    let page = format!("{base}{}", crate::groups::path(group_id));
    let sign_in = format!("{base}{}", accounts::SIGN_IN);
    let more =
        [("登録番号", &*number), ("団体のページ", &page), ("サインイン", &sign_in), ("直したところ", &corrected)];
    post(&transaction, &app, &case, (&letters::APPROVED, &more), Some(group_id)).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/{id}?done=approved", super::DESK)))
}

/// What the office corrected, for the letter; nothing where nothing was.
fn corrected(corrections: &[(&'static str, String, String)]) -> String {
    if corrections.is_empty() {
        return String::new();
    }
    let lines: Vec<String> =
        corrections.iter().map(|(label, before, after)| format!("・{label}: {before} → {after}")).collect();
    format!("\n登録にあたり、事務局で次のところを整えました。\n{}\n", lines.join("\n"))
}

/// `POST …/return`.
pub(super) async fn send_back(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let question = form.needed_block("question", "質問", 4_000);
    let case = case(&app, &id, &form).await?;
    if !form.is_fine() {
        return unfit(&app, &staff, &id, form).await;
    }
    let (actor, city, now) = (staff.actor(), app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let desk = Desk { city: &city, actor: &actor, now };
    if let Err(undecided) = decision::send_back(&transaction, desk, &case.application, &question).await {
        drop(transaction);
        return answer(&app, &staff, &id, form, undecided).await;
    }
    post(&transaction, &app, &case, (&letters::RETURNED, &[("質問", &question)]), None).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/{id}?done=returned", super::DESK)))
}

/// `POST …/refusal`.
pub(super) async fn refuse(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let reason = form.needed_block("reason", "理由", 4_000);
    let case = case(&app, &id, &form).await?;
    if !form.is_fine() {
        return unfit(&app, &staff, &id, form).await;
    }
    let (actor, city, now) = (staff.actor(), app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let desk = Desk { city: &city, actor: &actor, now };
    if let Err(undecided) = decision::refuse(&transaction, desk, &case.application, &reason).await {
        drop(transaction);
        return answer(&app, &staff, &id, form, undecided).await;
    }
    post(&transaction, &app, &case, (&letters::REFUSED, &[("理由", &reason)]), None).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/{id}?done=refused", super::DESK)))
}

/// `POST …/withdrawal`: the group told the office that it gives up.
pub(super) async fn withdraw(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Error> {
    let (case, now) = (case(&app, &id, &form).await?, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if !keeping::withdraw(&transaction, &case.application, now).await? {
        drop(transaction);
        return answer(&app, &staff, &id, form, Undecided::Late).await;
    }
    let change = (json!({ "state": case.application.stage().label() }), json!({ "state": Stage::Withdrawn.label() }));
    let told = (&staff.actor(), Channel::Screen, "申請の取り下げ(団体の連絡による)", "");
    story::tell(&transaction, &case.application, told, change, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/{id}?done=withdrawn", super::DESK)))
}

async fn unfit(app: &App, staff: &Staff, id: &str, form: Form) -> Result<Response, Error> {
    let page = Frame::own(app, super::DESK, &staff.0);
    detail(app, page, id, Attempt { form, ..Attempt::default() }).await
}

async fn answer(app: &App, staff: &Staff, id: &str, form: Form, undecided: Undecided) -> Result<Response, Error> {
    let page = Frame::own(app, super::DESK, &staff.0);
    let attempt = match undecided {
        Undecided::Late => Attempt { form, late: true, refused: Vec::new() },
        Undecided::Unfit(refused) => Attempt { form, late: false, refused },
        Undecided::Database(fault) => return Err(fault.into()),
    };
    detail(app, page, id, attempt).await
}

/// Posts the letter of a decision; a group without an address gets none.
async fn post(
    db: &impl ConnectionTrait,
    app: &App,
    case: &Case,
    (wording, more): (&Wording, &[(&str, &str)]),
    group_id: Option<Uuid>,
) -> Result<(), Error> {
    let (application, now, city) = (&case.application, app.clock.now(), app.city());
    if application.mail.is_empty() {
        return Ok(());
    }
    let token = link::make(db, application.id, (&application.mail, ""), now).await?;
    let link = format!("{}{}", app.config.base_url, super::path(&token));
    let about = About {
        city: &city,
        mail: &application.mail,
        applicant: &case.read.applicant,
        name: application.title(),
        link: &link,
    };
    let mut letter = about.letter(wording, more)?;
    letter.group_id = group_id;
    Ok(mail::post(db, &letter, &app.config.host(), now).await?)
}
