//! The page on which a source is changed, and what that means for what is read of it.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::draft::{Draft, host};
use super::form::{self, Reader};
use super::form_pages::{FormPage, Ground, came};
use super::kinds::State;
use super::settling::Tags;
use super::source::Source;
use super::{Desk, Fault, reading, refresh, rights, source_path, states, taking, trail};
use crate::app::App;
use crate::calendar::Sent;
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, html, see, unfit};

fn settings_page<'a>(
    app: &App,
    member: &Member,
    (ground, desk): (&'a Ground, &Desk<'a>),
    (source, form, conflict): (&'a Source, &'a Form, bool),
) -> FormPage<'a> {
    let action = format!("{}/settings", source_path(source.id));
    FormPage {
        page: Frame::own(app, &action, member),
        form,
        city: desk.city,
        heading: format!("「{}」の設定", source.name),
        action,
        back: source_path(source.id),
        is_staff: member.is_staff(),
        known: Some(source),
        groups: Vec::new(),
        items: &ground.items,
        conflict,
    }
}

/// `GET /sources/{id}/settings`.
pub async fn settings(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    query: Query,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    let ground = Ground::open(&app).await?;
    let desk = ground.room.desk(&app);
    let form = form::filled(&source, &ground.items);
    let page = settings_page(&app, &member, (&ground, &desk), (&source, &form, false));
    html(&FormPage { page: page.page.ignoring(query.into_ignored()), ..page })
}

/// `POST /sources/{id}/settings`: keeps the settings, and reads again what is known, so that they show at once.
pub async fn change(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    let ground = Ground::open(&app).await?;
    let desk = ground.room.desk(&app);
    let reader = Reader { city: desk.city, items: &ground.items, is_staff: member.is_staff(), known: Some(&source) };
    let draft = reader.read(&mut form, source.group_id);
    let new = match &draft {
        Some(draft) if draft.url != source.url => came(&app, &member, &desk, (&mut form, draft)).await?,
        _ => None,
    };
    let Some(draft) = draft.filter(|_| form.is_fine()) else {
        return unfit(&settings_page(&app, &member, (&ground, &desk), (&source, &form, false)));
    };
    match changed(&app, &member, &desk, (&source, &draft, &form), new).await? {
        Changed::Kept => Ok(see(&format!("{}?done=changed", source_path(source.id)))),
        Changed::Overtaken => {
            let page = settings_page(&app, &member, (&ground, &desk), (&source, &form, true));
            Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response())
        }
        Changed::Unreadable(sentence) => {
            form.fault("url", sentence);
            unfit(&settings_page(&app, &member, (&ground, &desk), (&source, &form, false)))
        }
    }
}

/// What became of changed settings.
enum Changed {
    Kept,
    Overtaken,
    Unreadable(String),
}

async fn changed(
    app: &App,
    member: &Member,
    desk: &Desk<'_>,
    (source, draft, form): (&Source, &Draft, &Form),
    new: Option<(Sent, Tags)>,
) -> Result<Changed, Error> {
    let transaction = db::begin(&app.db).await?;
    let version = form.get("version").parse().unwrap_or_default();
    if !draft.change(&transaction, (source.id, version), desk.now).await? {
        return Ok(Changed::Overtaken);
    }
    let current = rights::held(&transaction, member, &source.id.to_string()).await?;
    let told = |source: &Source| {
        json!({ "名前": source.name, "公開": source.shows().label(), "信頼度": source.trust().label(),
            "取り込むことば": source.takes, "除くことば": source.leaves, "町": desk.city.town_name(&source.town_key),
            "アドレス": if source.url == draft.url { "今のアドレス" } else { "前のアドレス" } })
    };
    let change = (told(source), told(&current));
    trail::record(&transaction, &member.actor(), (&current, "情報源の設定の変更"), change, ("", desk.now)).await?;
    match settle(&transaction, member, desk, (source, draft, &current), new).await {
        Ok(()) => transaction.commit().await?,
        Err(Fault::Refused(sentence)) => return Ok(Changed::Unreadable(sentence)),
        Err(fault) => return Err(fault.into()),
    }
    Ok(Changed::Kept)
}

/// What changed settings do to the calendar: at once, or once somebody has looked.
async fn settle(
    db: &DatabaseTransaction,
    member: &Member,
    desk: &Desk<'_>,
    (source, draft, current): (&Source, &Draft, &Source),
    new: Option<(Sent, Tags)>,
) -> Result<(), Fault> {
    let is_read = matches!(current.state(), State::Active | State::Paused);
    let Some((sent, tags)) = new else {
        return match is_read {
            true => states::take_again(db, desk, current).await.map(|_| ()),
            false => states::look_again(db, desk, current).await,
        };
    };
    let mut reading = reading::read(db, &desk.calendar(), current, &sent).await?;
    let is_other = host(&source.url) != host(&draft.url) && !member.is_staff();
    let suspicion = taking::suspicion(db, current, &mut reading, &desk.calendar()).await?;
    if current.state() == State::Active && !is_other && suspicion.is_none() {
        refresh::take(db, desk, current, reading, (&sent, &tags)).await?;
        return Ok(());
    }
    let why = suspicion.unwrap_or_else(|| "アドレスが変わりました。".to_owned());
    states::keep_waiting(db, desk, current.id, (&sent, &reading.report, &why)).await?;
    // A resting source is no way around the office either.
    if is_other && is_read {
        states::ask_again(db, desk, current, &member.actor()).await?;
    }
    Ok(())
}
