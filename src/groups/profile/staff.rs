//! The office edits a profile for a group, and says on which way it was asked to.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::edit::{self, Editing, Present};
use super::field::{Audience, Field};
use super::pages::{done, refused, seen};
use super::rows::{self, Other, Part};
use super::{form as forms, merging, staff_path};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::proposal;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// What the page says after a redirect.
const SENTENCES: [(&str, &str); 2] =
    [("shown", "公開のページに反映しました。"), ("nothing", "変わったところはありませんでした。")];
/// Longest reason, in characters.
pub(in crate::groups) const REASON: usize = 300;

#[derive(Template)]
#[template(path = "groups/profile/staff.html")]
struct StaffPage {
    page: Frame,
    id: Uuid,
    name: String,
    form: Form,
    channels: Vec<(&'static str, &'static str)>,
    parts: Vec<Part>,
    conflicts: Vec<(&'static Field, Other)>,
    waiting: Option<String>,
}

impl StaffPage {
    fn new(app: &App, who: &Staff, present: &Present, form: Form, conflicts: Vec<(&'static Field, Other)>) -> Self {
        Self {
            page: Frame::own(app, &staff_path(present.group_id), &who.0),
            id: present.group_id,
            name: present.draft.name.clone(),
            form,
            channels: channels(),
            parts: rows::parts(&app.city(), present, Audience::Life, &conflicts),
            conflicts,
            waiting: present.open.as_ref().map(|open| proposal::path(open.id)),
        }
    }
}

/// The channels among which the office chooses.
pub(in crate::groups) fn channels() -> Vec<(&'static str, &'static str)> {
    Channel::ON_BEHALF.iter().map(|channel| (channel.key(), channel.label())).collect()
}

fn on_behalf(key: &str) -> Option<Channel> {
    Channel::from_key(key).filter(|channel| Channel::ON_BEHALF.contains(channel))
}

/// Reads on which way and why the office was asked; both must be said.
pub(in crate::groups) fn read_cause(form: &mut Form) -> (Option<Channel>, String) {
    (form.choice("channel", "受け付けた方法", on_behalf), form.needed_line("reason", "理由", REASON))
}

/// `GET /staff/groups/{id}/profile`: every field of a group's record.
pub(super) async fn edit(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let present = Present::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut form = forms::filled(&present.texts(Audience::Life), Audience::Life);
    if let Some(channel) = query.choice("channel", "受け付けた方法", on_behalf) {
        form.set("channel", channel.key());
    }
    let mut page = StaffPage::new(&app, &who, &present, form, Vec::new());
    page.page = page.page.saying(&mut query, &SENTENCES);
    html(&page)
}

/// `POST /staff/groups/{id}/profile`: keeps the office's edit at once, with channel and reason.
pub(super) async fn save(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, id).await?.ok_or(Error::NotFound)?;
    let texts = present.texts(Audience::Life);
    let mine = forms::read(&mut form, &texts, &city, Audience::Life);
    let (channel, reason) = read_cause(&mut form);
    let merged = merging::merge(form.get(forms::BASE), &mine, &texts, Audience::Life);
    let conflicts = rows::others(&transaction, &city, &present, &merged.conflicts, Audience::Life).await?;
    let (Some(channel), true) = (channel, form.is_fine() && conflicts.is_empty()) else {
        return again(&app, &who, &present, form, conflicts);
    };
    let editing =
        Editing {
            actor: &who.actor(), channel, action: "代理の変更", reason: &reason, zone: city.profile.zone, now
        };
    match edit::by_office(&transaction, &city, &present, &merged.changes, editing).await {
        Ok(outcome) => {
            transaction.commit().await?;
            Ok(see(&format!("{}?done={}", staff_path(id), done(outcome))))
        }
        Err(fault) => again(&app, &who, &present, refused(form, fault)?, conflicts),
    }
}

fn again(
    app: &App,
    who: &Staff,
    present: &Present,
    mut form: Form,
    conflicts: Vec<(&'static Field, Other)>,
) -> Result<Response, Error> {
    if conflicts.is_empty() {
        return unfit(&StaffPage::new(app, who, present, form, conflicts));
    }
    let texts = present.texts(Audience::Life);
    form.set(forms::BASE, seen(form.get(forms::BASE), &conflicts, &merging::base(&texts)));
    let status = if form.is_fine() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&StaffPage::new(app, who, present, form, conflicts))?).into_response())
}
