//! One entry for staff, with everything known about it, and the decision about one that waits.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use super::super::clash::{self, Hints, Sight};
use super::super::entry::{Entry, Status};
use super::super::family::{Family, Instance};
use super::super::letters;
use super::super::origin::{self, Origin};
use super::super::repeat;
use super::super::review::{self, Review, ReviewState};
use super::super::{path, union, when};
use super::fields;
use super::form;
use super::form_page::Room;
use super::group_pages::DONE;
use super::original_pages::Differing;
use super::submission::{self, Submission};
use super::write::{self, Told};
use super::{NEW, cancel_path, edit_path, staff_path};
use crate::accounts::account;
use crate::app::App;
use crate::audit::Channel;
use crate::error::Error;
use crate::mail;
use crate::web::query::link;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};
use crate::{db, groups};

#[derive(Template)]
#[template(path = "calendar/desk/look.html")]
struct LookPage<'a> {
    page: Frame,
    form: &'a Form,
    family: &'a Family,
    zone: chrono_tz::Tz,
    facts: Vec<(&'static str, String)>,
    review: Option<Review>,
    instances: Vec<Instance>,
    changes: Vec<(String, String)>,
    hints: Hints,
    /// Who asked for it without an account.
    submission: Option<Submission>,
    /// The calendar elsewhere that it follows, and what was changed here.
    source: Option<Origin>,
    edits: Vec<Differing>,
    version: String,
    trusted: bool,
    /// The page of the union it belongs to, and whether another entry is seen in its place.
    union: Option<(String, bool)>,
    /// Whether the group changed it while staff were looking.
    stale: bool,
}

/// Where an entry is looked at, changed and cancelled.
struct Paths {
    public: String,
    staff: String,
    edit: String,
    cancel: String,
}

impl LookPage<'_> {
    fn paths(&self) -> Paths {
        let id = self.entry().id;
        Paths { public: path(id), staff: staff_path(id), edit: edit_path(id), cancel: cancel_path(id) }
    }

    fn entry(&self) -> &Entry {
        &self.family.master
    }

    fn is_waiting(&self) -> bool {
        self.review.as_ref().is_some_and(Review::is_waiting)
    }

    fn is_cancelled(&self) -> bool {
        self.entry().status() == Status::Cancelled
    }

    fn origin(&self) -> &str {
        if let Some(source) = &self.source {
            return &source.name;
        }
        self.entry().source.strip_prefix("import:").unwrap_or(&self.entry().source)
    }

    /// Who hears why it is not published.
    fn told_to(&self) -> &'static str {
        match (&self.submission, self.review.as_ref().and_then(|review| review.account_id)) {
            (Some(asked), _) if asked.mail.is_empty() => "記録に残ります。申し込んだ方へは、電話などで伝えてください。",
            (Some(_), _) => "申し込んだ方へメールで届きます。",
            (None, Some(_)) => "担当者へメールで届きます。",
            (None, None) => "記録に残ります。取り込み元には届きません。",
        }
    }

    /// Since when it waits, in words.
    fn since(&self) -> String {
        let at = self.review.as_ref().map(|review| review.asked_at.with_timezone(&self.zone).date_naive());
        at.map(crate::text::day::long).unwrap_or_default()
    }

    fn copy_url(&self) -> String {
        link(NEW, &[("copy", &self.entry().id.to_string())])
    }
}

/// `GET /staff/events/{id}`: everything about an entry, also of one that nobody else sees yet.
pub async fn look(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    staff: Staff,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let family = Family::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let form = Form::new();
    let page = looked(&app, &staff, &family, &form).await?;
    let frame = page.page.saying(&mut query, &DONE);
    html(&LookPage { page: frame.ignoring(query.into_ignored()), ..page })
}

async fn looked<'a>(app: &App, staff: &Staff, family: &'a Family, form: &'a Form) -> Result<LookPage<'a>, Error> {
    let room = Room::open(app).await?;
    let vocabulary = room.vocabulary();
    let zone = app.city().profile.zone;
    let draft = family.draft(&family.master);
    let now = form::filled(&draft, &vocabulary);
    let mut facts: Vec<(&'static str, String)> = fields::FIELDS
        .iter()
        .filter(|(name, _)| !["title", "repeat", "repeat_until", "repeat_count"].contains(name))
        .map(|(name, label)| (*label, fields::said(&now, name, &vocabulary)))
        .collect();
    if !family.master.rrule.is_empty() {
        facts.insert(0, ("くり返し", repeat::words(&family.master.rrule, family.master.starts_on, zone)));
    }
    facts.push(("計画の項目", fields::said(&now, "items", &vocabulary)));
    facts.retain(|(_, text)| !text.is_empty());
    let master = &family.master;
    let review = review::find(&app.db, master.id).await?;
    let waits = review.as_ref().is_some_and(Review::is_waiting);
    let hints = match waits {
        true => clash::hints(&app.db, &vocabulary.desk, &draft, Some(&master.uid), Sight::All).await?,
        false => Hints::default(),
    };
    let changes = family.changes.iter().map(|change| {
        let was = when(&change.recurrence_id, zone).map(|when| crate::text::day::long(when.local(zone).date()));
        let word = if change.status() == Status::Cancelled { "中止" } else { "変更" };
        (format!("{}の回: {word}", was.unwrap_or_default()), edit_path(change.id))
    });
    Ok(LookPage {
        page: Frame::own(app, &staff_path(master.id), &staff.0),
        source: origin::of_entry(&app.db, master).await?,
        submission: submission::of_entry(&app.db, master.id).await?,
        edits: Differing::of(&app.db, family, &app.city()).await?,
        instances: if master.is_recurring() { family.instances(&app.db, app.today(), 10).await? } else { Vec::new() },
        trusted: match master.group_id {
            Some(group) => groups::is_trusted(&app.db, group).await?,
            None => false,
        },
        union: union::of_entry(&app.db, master.id).await?.map(|one| (union::path(one.id), one.lead_id != master.id)),
        changes: changes.collect(),
        version: fields::version(&now),
        stale: false,
        zone,
        facts,
        review,
        hints,
        form,
        family,
    })
}

/// `POST /staff/events/{id}/approval`: lets everybody see it, and trusts the group from now on if staff say so.
pub async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let now = vocabulary.desk.now;
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    let family = Family::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    let shown = fields::version(&form::filled(&family.draft(&family.master), &vocabulary));
    let review = review::find(&transaction, family.master.id).await?.ok_or(Error::NotFound)?;
    if !review.is_waiting() || shown != form.get("version") {
        return stale(&app, &staff, &family, &form).await;
    }
    let actor = staff.actor();
    let told = Told { actor: &actor, channel: Channel::Screen, action: "予定の承認", reason: "", now };
    review::decide(&transaction, family.master.id, ReviewState::Approved, (&actor.name, ""), now).await?;
    write::publish(&transaction, &vocabulary.desk, &family, &told).await?;
    let group = review.group_id.filter(|_| family.is_own());
    if let Some(group) = group.filter(|_| form.has("trust", "1"))
        && groups::trust(&transaction, group, true).await?
    {
        let told = Told { action: "団体の予定をすぐに公開する設定", ..told };
        let draft = family.draft(&family.master);
        write::state(&transaction, &told, (family.master.id, &draft), "確認してから公開", "すぐに公開").await?;
    }
    let trusted = match group {
        Some(group) => groups::is_trusted(&transaction, group).await?,
        None => false,
    };
    post(&app, &transaction, &family, &review, letters::Decision::Approved { trusted }).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=approved", staff_path(family.master.id))))
}

/// `POST /staff/events/{id}/refusal`: does not publish it, and says why.
pub async fn refuse(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    let family = Family::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    let review = review::find(&transaction, family.master.id).await?.ok_or(Error::NotFound)?;
    let reason = form.needed_block("reason", "見送りの理由", 1000);
    if !form.is_fine() {
        return unfit(&looked(&app, &staff, &family, &form).await?);
    }
    let actor = staff.actor();
    let decided = (actor.name.as_str(), reason.as_str());
    if !review::decide(&transaction, family.master.id, ReviewState::Refused, decided, now).await? {
        return stale(&app, &staff, &family, &form).await;
    }
    let told = Told { actor: &actor, channel: Channel::Screen, action: "予定の見送り", reason: &reason, now };
    let draft = family.draft(&family.master);
    write::state(&transaction, &told, (family.master.id, &draft), "確認待ち", "見送り").await?;
    post(&app, &transaction, &family, &review, letters::Decision::Refused { reason: &reason }).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=refused", staff_path(family.master.id))))
}

/// The page again, as it is now: the group or a colleague was faster.
async fn stale(app: &App, staff: &Staff, family: &Family, form: &Form) -> Result<Response, Error> {
    let page = LookPage { stale: true, ..looked(app, staff, family, form).await? };
    Ok((StatusCode::CONFLICT, Html(askama::Template::render(&page)?)).into_response())
}

/// The letter to whoever asked, in the transaction of the decision.
async fn post(
    app: &App,
    db: &sea_orm::DatabaseTransaction,
    family: &Family,
    review: &Review,
    decision: letters::Decision<'_>,
) -> Result<(), Error> {
    if let Some(submission) = submission::of_entry(db, family.master.id).await? {
        return submission::letters::post_decision(db, app, (&submission, &family.master), decision).await;
    }
    let Some(asked) = review.account_id else { return Ok(()) };
    let Some(account) = account::find(db, asked).await? else { return Ok(()) };
    let letter = letters::decided(&app.city(), &app.config.base_url, &account, &family.master, decision)?;
    let Some(group) = review.group_id else { return Ok(()) };
    Ok(mail::post(db, &letter.about(group), &app.config.host(), app.clock.now()).await?)
}
