//! Changing, ordering and taking out items of an agenda, and taking up what is carried over.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::carried;
use super::form;
use super::item::{self, Item};
use super::pages::{find_carried, note, overtaken, told, told_of};
use super::stage::Stage;
use super::work_path;
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::{Work, path_id};
use crate::web::{Form, Frame, html, see, unfit};

#[derive(Template)]
#[template(path = "meetings/agenda/item.html")]
struct ItemPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    item: &'a Item,
    form: &'a Form,
    /// Whether somebody else changed it meanwhile.
    stale: bool,
}

/// A meeting in the right hands, and one item of its agenda.
pub(super) struct OnItem {
    pub(super) work: Work,
    pub(super) item: Item,
}

impl FromRequestParts<App> for OnItem {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let work = Work::from_request_parts(parts, app).await?;
        let item = path_id(parts, app, "item").await?;
        let item = item::find(&app.db, work.meeting.id, item).await?.ok_or(Error::NotFound)?;
        Ok(Self { work, item })
    }
}

fn item_page<'a>(app: &App, (work, item): (&'a Work, &'a Item), form: &'a Form, stale: bool) -> ItemPage<'a> {
    let page = Frame::own(app, &work_path(work.meeting.id), &work.member);
    ItemPage { page, meeting: &work.meeting, item, form, stale }
}

/// `GET /meetings/{id}/agenda/items/{item}`.
pub async fn edit(State(app): State<App>, OnItem { work, item }: OnItem) -> Result<Response, Error> {
    html(&item_page(&app, (&work, &item), &form::filled(&item), false))
}

/// `POST /meetings/{id}/agenda/items/{item}`: a form made from an older item is shown the newer one first.
pub async fn change(State(app): State<App>, OnItem { work, item }: OnItem, mut form: Form) -> Result<Response, Error> {
    let Some(draft) = form::read(&mut form) else {
        return unfit(&item_page(&app, (&work, &item), &form, false));
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_open = item::hold(&transaction, work.meeting.id).await?;
    if !is_open || !item::change(&transaction, (item.id, form::version(&form), Stage::Listed), &draft, now).await? {
        let current = item::find(&transaction, work.meeting.id, item.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&item_page(&app, (&work, &current), &form, true));
    }
    note(&transaction, &work, "議題の変更", (told_of(&item), told(&draft)), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=changed", work_path(work.meeting.id))))
}

/// `POST /meetings/{id}/agenda/items/{item}/move`: one place up or down.
pub async fn shift(State(app): State<App>, OnItem { work, item }: OnItem, form: Form) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_open = item::hold(&transaction, work.meeting.id).await?;
    let mut items: Vec<Item> = item::listed(&transaction, work.meeting.id).await?;
    let at = items.iter().position(|one| one.id == item.id);
    // Who stands next to it is part of what the page showed.
    let other = at.and_then(|at| if form.has("way", "up") { at.checked_sub(1) } else { Some(at + 1) });
    let beside = other.and_then(|other| items.get(other)).map(|one| one.id.to_string());
    if !is_open || beside.as_deref() != Some(form.get("beside")) {
        return overtaken(&app, &work).await;
    }
    let before = titles(&items);
    if let (Some(at), Some(other)) = (at, other) {
        items.swap(at, other);
    }
    if !item::touch(&transaction, (item.id, form::version(&form)), now).await? {
        return overtaken(&app, &work).await;
    }
    item::order(&transaction, &items.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    let told = (json!({ "議題の順番": before }), json!({ "議題の順番": titles(&items) }));
    note(&transaction, &work, "議題の順番の変更", told, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=moved#items", work_path(work.meeting.id))))
}

fn titles(items: &[Item]) -> String {
    items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>().join("、")
}

/// `POST /meetings/{id}/agenda/items/{item}/removal`: takes an item out; it can be put back.
pub async fn remove(State(app): State<App>, OnItem { work, item }: OnItem, form: Form) -> Result<Response, Error> {
    pass(&app, (&work, &item, &form), (Stage::Listed, Stage::Removed), ("議題を外す", "removed")).await
}

/// `POST /meetings/{id}/agenda/items/{item}/return`: puts an item back that was taken out.
pub async fn put_back(State(app): State<App>, OnItem { work, item }: OnItem, form: Form) -> Result<Response, Error> {
    pass(&app, (&work, &item, &form), (Stage::Removed, Stage::Listed), ("議題を戻す", "returned")).await
}

async fn pass(
    app: &App,
    (work, item, form): (&Work, &Item, &Form),
    (from, to): (Stage, Stage),
    (action, done): (&str, &str),
) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_open = item::hold(&transaction, work.meeting.id).await?;
    if !is_open || !item::pass(&transaction, (item.id, form::version(form)), (from, to), now).await? {
        return overtaken(app, work).await;
    }
    if to == Stage::Listed {
        let mut items = item::listed(&transaction, work.meeting.id).await?;
        items.sort_by_key(|one| one.id == item.id);
        item::order(&transaction, &items.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    }
    let told = json!({ "議題": item.title });
    let told = if to == Stage::Removed { (told, json!(null)) } else { (json!(null), told) };
    note(&transaction, work, action, told, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={done}", work_path(work.meeting.id))))
}

/// `POST /meetings/{id}/agenda/carried/{decision}`: makes an item of what is carried over, or leaves it out this time.
pub async fn take_up(
    State(app): State<App>,
    Path((_, decision)): Path<(String, Uuid)>,
    work: Work,
    form: Form,
) -> Result<Response, Error> {
    let Some(carried) = find_carried(&app, &work, decision).await? else { return overtaken(&app, &work).await };
    let (stage, action, done) = match form.has("do", "leave") {
        true => (Stage::Removed, "持ち越しを取り上げない", "left"),
        false => (Stage::Listed, "持ち越しを議題にする", "taken"),
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let is_open = item::hold(&transaction, work.meeting.id).await?;
    if !is_open || !carried::take_up(&transaction, work.meeting.id, (&carried, stage), now).await? {
        return overtaken(&app, &work).await;
    }
    let told = json!({ "議題": carried.words, "前の会議": carried.meeting_title });
    note(&transaction, &work, action, (json!(null), told), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={done}", work_path(work.meeting.id))))
}
