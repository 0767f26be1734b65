//! `/staff/groups/{id}/state` and `/staff/groups/{id}/trust`: both ask for a reason.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::row::{self, Row};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::groups::{self, Change, Draft, Refused, State, history};
use crate::office::register::{channels, id, path};
use crate::web::{Form, Frame, Staff, html, see, unfit};

/// Longest reason, in characters.
const REASON: usize = 500;

#[derive(Template)]
#[template(path = "office/state.html")]
struct StatePage {
    page: Frame,
    group: Draft,
    back: String,
    form: Form,
    ways: Vec<(&'static str, &'static str)>,
    channels: Vec<(&'static str, &'static str)>,
}

/// The group as it is, and the frame of a page about it.
async fn find(app: &App, id: Uuid) -> Result<(Draft, Row), Error> {
    let group = history::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    Ok((group, row::find(&app.db, id).await?.ok_or(Error::NotFound)?))
}

async fn state_page(app: &App, staff: &Staff, id: Uuid, form: Form) -> Result<StatePage, Error> {
    let (group, row) = find(app, id).await?;
    let mut form = form;
    // After a clash the form goes on from what is there now.
    form.set("version", row.version.to_string());
    let words = |state: &State| {
        let words = match state {
            State::Listed => "公開に戻す(名簿に載せる)",
            State::Dormant => "休止にする(名簿から外す。記録は残る)",
            _ => "解散にする(紹介と連絡先の掲載を終える。記録は残る)",
        };
        (state.key(), words)
    };
    Ok(StatePage {
        page: Frame::own(app, &format!("{}/state", path(id)), &staff.0),
        back: path(id),
        ways: row::ways(group.state).iter().map(words).collect(),
        channels: with_own(channels()),
        group,
        form,
    })
}

/// The ways of contact, and the office deciding by itself.
fn with_own(channels: Vec<(&'static str, &'static str)>) -> Vec<(&'static str, &'static str)> {
    std::iter::once((Channel::Screen.key(), "職員の判断")).chain(channels).collect()
}

/// `GET /staff/groups/{id}/state`.
pub(in crate::office::register) async fn state(
    Shared(app): Shared<App>,
    staff: Staff,
    Path(typed): Path<String>,
) -> Result<Response, Error> {
    html(&state_page(&app, &staff, id(&typed)?, Form::filled([("channel", Channel::Screen.key().to_owned())])).await?)
}

/// `POST /staff/groups/{id}/state`: puts the group into another state, with a reason.
pub(in crate::office::register) async fn change_state(
    Shared(app): Shared<App>,
    staff: Staff,
    Path(typed): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = id(&typed)?;
    let (mut group, row) = find(&app, id).await?;
    let to =
        form.choice("to", "新しい状態", |key| row::ways(group.state).iter().find(|to| to.key() == key).copied());
    let channel = form.choice("channel", "きっかけ", Channel::from_key);
    let reason = form.needed_block("reason", "理由", REASON);
    if form.get("version") != row.version.to_string() {
        form.fault("to", "ほかの人が、先にこの団体を変更しました。いまの状態を見て、もう一度選んでください。");
    }
    let (Some(to), Some(channel), true) = (to, channel, form.is_fine()) else {
        return unfit(&state_page(&app, &staff, id, form).await?);
    };
    group.state = to;
    if form.has("confirmed", "1") && to == State::Listed {
        group.confirmed_on = Some(app.today());
    }
    if !keep(&app, &staff, (id, row.version), &group, (channel, &reason)).await? {
        form.fault("to", "ほかの人が、先にこの団体を変更しました。いまの状態を見て、もう一度選んでください。");
        return unfit(&state_page(&app, &staff, id, form).await?);
    }
    Ok(see(&format!("{}?done=state", path(id))))
}

/// Keeps the record in its new state unless somebody was faster.
async fn keep(
    app: &App,
    staff: &Staff,
    (id, version): (Uuid, i32),
    group: &Draft,
    (channel, reason): (Channel, &str),
) -> Result<bool, Error> {
    let (city, actor) = (app.city(), staff.actor());
    let action = match group.state {
        State::Listed => "公開に戻す",
        State::Dormant => "休止にする",
        _ => "解散にする",
    };
    let transaction = db::begin(&app.db).await?;
    if !row::take(&transaction, id, version).await? {
        return Ok(false);
    }
    let change = Change { group_id: Some(id), draft: group, actor: &actor, channel, action, reason };
    groups::keep(&transaction, &city, change, app.clock.now()).await.map_err(refused)?;
    transaction.commit().await?;
    Ok(true)
}

fn refused(fault: Refused) -> Error {
    Error::Database(fault.to_string())
}

#[derive(Template)]
#[template(path = "office/trust.html")]
struct TrustPage {
    page: Frame,
    group: Draft,
    trusted: bool,
    back: String,
    form: Form,
}

async fn trust_page(app: &App, staff: &Staff, id: Uuid, form: Form) -> Result<TrustPage, Error> {
    let (group, row) = find(app, id).await?;
    let page = Frame::own(app, &format!("{}/trust", path(id)), &staff.0);
    Ok(TrustPage { page, group, trusted: row.trusted, back: path(id), form })
}

/// `GET /staff/groups/{id}/trust`.
pub(in crate::office::register) async fn trust(
    Shared(app): Shared<App>,
    staff: Staff,
    Path(typed): Path<String>,
) -> Result<Response, Error> {
    html(&trust_page(&app, &staff, id(&typed)?, Form::new()).await?)
}

/// `POST /staff/groups/{id}/trust`: lets the group's events appear at once, or no longer.
pub(in crate::office::register) async fn change_trust(
    Shared(app): Shared<App>,
    staff: Staff,
    Path(typed): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = id(&typed)?;
    let (group, _) = find(&app, id).await?;
    let reason = form.needed_block("reason", "理由", REASON);
    let wanted = form.choice("trusted", "新しい扱い", |key| match key {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let (Some(trusted), true) = (wanted, form.is_fine()) else {
        return unfit(&trust_page(&app, &staff, id, form).await?);
    };
    let transaction = db::begin(&app.db).await?;
    if groups::trust(&transaction, id, trusted).await? {
        let event = Event {
            actor: &staff.actor(),
            channel: Channel::Screen,
            action: if trusted {
                "予定をすぐ公開する団体にする"
            } else {
                "予定を承認してから公開する団体にする"
            },
            noun: "group",
            noun_id: id.to_string(),
            group_id: Some(id),
            title: &group.name,
            before: json!({ "trusted": !trusted }),
            after: json!({ "trusted": trusted }),
            reason: &reason,
        };
        audit::record(&transaction, event, app.clock.now()).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=trust", path(id))))
}
