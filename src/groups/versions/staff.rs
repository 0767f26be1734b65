//! The history of a group for the office.

use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::pages::{ListPage, VersionPage, find, from};
use super::{restoring, shown, staff_path};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::profile::edit::{self, Editing, Present};
use crate::groups::profile::field::Audience;
use crate::groups::profile::pages::refused;
use crate::groups::profile::staff::REASON;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// What the list says after a redirect.
const SENTENCES: [(&str, &str); 1] = [("restored", "以前の版に戻しました。公開のページに反映しています。")];

/// `GET /staff/groups/{id}/history`: what changed when, by whom, on which way and why.
pub(super) async fn history(
    State(app): State<App>,
    who: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let present = Present::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let (lines, next) = shown::lines(&app.db, id, from(&mut query), Audience::Life, &app.city()).await?;
    html(&ListPage {
        page: Frame::own(&app, &staff_path(id), &who.0).saying(&mut query, &SENTENCES),
        name: present.draft.name,
        back: (format!("/staff/groups/{id}"), "団体の管理"),
        path: staff_path(id),
        lines,
        next,
        current: history::version(&app.db, id).await?,
    })
}

/// `GET /staff/groups/{id}/history/{number}`: one version in full.
pub(super) async fn version(
    State(app): State<App>,
    who: Staff,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let (present, version) = find(&app, id, &number).await?;
    html(&page(&app, &who, (&present, &version), Form::new())?)
}

fn page(
    app: &App,
    who: &Staff,
    (present, version): (&Present, &history::Version),
    form: Form,
) -> Result<VersionPage, Error> {
    let frame = Frame::own(app, &staff_path(present.group_id), &who.0);
    let page = VersionPage::new(app, frame, present, version, true).ok_or(Error::NotFound)?;
    Ok(VersionPage { form, ..page })
}

/// `POST /staff/groups/{id}/history/{number}`: brings a version back at once, with a reason.
pub(super) async fn restore(
    State(app): State<App>,
    who: Staff,
    Path((id, number)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let (city, now) = (app.city(), app.clock.now());
    let (present, version) = find(&app, id, &number).await?;
    let reason = form.needed_line("reason", "戻す理由", REASON);
    if !form.is_fine() {
        return unfit(&page(&app, &who, (&present, &version), form)?);
    }
    let old = version.draft().ok_or(Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let present = Present::hold(&transaction, id).await?.ok_or(Error::NotFound)?;
    let changes = restoring::changes(&old, &present.draft, Audience::Life);
    let reason = format!("第{}版に戻しました。{reason}", version.number);
    let editing = Editing {
        actor: &who.actor(),
        channel: Channel::Screen,
        action: "以前の版に戻す",
        reason: &reason,
        zone: city.profile.zone,
        now,
    };
    match edit::by_office(&transaction, &city, &present, &changes, editing).await {
        Ok(_) => {
            transaction.commit().await?;
            Ok(see(&format!("{}?done=restored", staff_path(id))))
        }
        Err(fault) => unfit(&page(&app, &who, (&present, &version), refused(form, fault)?)?),
    }
}
