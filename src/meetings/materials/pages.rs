//! The materials as those who convene look after them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::keeping::{self, Checked};
use super::material::{self, About, Material, New};
use super::{LARGEST_BYTES, Unusable, work_path};
use crate::app::App;
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::meetings::agenda::item::{self, Item};
use crate::meetings::convening::record;
use crate::meetings::meeting::Meeting;
use crate::meetings::rights::Work;
use crate::revision::{self, Scope};
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 4] = [
    ("added", "資料を入れました。"),
    ("changed", "資料の題名や見せ方を直しました。"),
    ("removed", "資料を外しました。"),
    ("gone", "その資料は、ほかの人がもう外していました。"),
];

#[derive(Template)]
#[template(path = "meetings/materials/materials.html")]
struct MaterialsPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    /// Each with the title of its item.
    materials: Vec<(Material, String)>,
    items: Vec<Item>,
}

impl MaterialsPage<'_> {
    fn items(&self) -> Vec<(String, &str)> {
        self.items.iter().map(|item| (item.id.to_string(), item.title.as_str())).collect()
    }
}

async fn materials_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> Result<MaterialsPage<'a>, Error> {
    let items = item::listed(&app.db, work.meeting.id).await?;
    let title = |id: Option<Uuid>| items.iter().find(|item| Some(item.id) == id).map(|item| item.title.clone());
    let materials = material::of_meeting(&app.db, work.meeting.id).await?;
    let told = |one: Material| {
        let item = title(one.agenda_item_id).unwrap_or_default();
        (one, item)
    };
    Ok(MaterialsPage {
        page: Frame::own(app, &work_path(work.meeting.id), &work.member),
        materials: materials.into_iter().map(told).collect(),
        meeting: &work.meeting,
        items,
        form,
    })
}

/// `GET /meetings/{id}/materials`.
pub(super) async fn show(
    State(app): State<App>,
    Path(_id): Path<String>,
    mut query: Query,
    work: Work,
) -> Result<Response, Error> {
    let mut form = Form::filled([("id", new_id().to_string())]);
    if work.meeting.public {
        form.set("public", "1");
    }
    let shown = materials_page(&app, &work, &form).await?;
    let page = shown.page.clone().saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&MaterialsPage { page, ..shown })
}

/// What a form says of a material; nothing while something is wrong.
async fn read(app: &App, work: &Work, form: &mut Form) -> Result<Option<About>, Error> {
    let title = form.line("title", "資料の題名", 200);
    let typed = form.get("item").to_owned();
    let items = item::listed(&app.db, work.meeting.id).await?;
    let item = items.iter().find(|item| item.id.to_string() == typed);
    if item.is_none() && !typed.is_empty() {
        form.fault("item", "議題を一覧から選んでください。");
    }
    let about = About { title, agenda_item_id: item.map(|item| item.id), public: form.has("public", "1") };
    Ok(form.is_fine().then_some(about))
}

/// `POST /meetings/{id}/materials`: adds a file; the same form sent twice adds one.
pub(super) async fn add(
    State(app): State<App>,
    Path(_id): Path<String>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let about = read(&app, &work, &mut form).await?;
    let file = checked(&mut form).await;
    let (Some(mut about), Some((sent, file)), true) = (about, file, form.is_fine()) else {
        let status = status(&form);
        return Ok((status, unfit(&materials_page(&app, &work, &form).await?)?).into_response());
    };
    let name = keeping::file_name(&sent, file.kind);
    if about.title.is_empty() {
        about.title = name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned());
    }
    // The file first: a row never names a file that is not there. Files without a row are swept later.
    let key = keeping::put(&app.materials, &file).await?;
    let (id, now) = (Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id()), app.clock.now());
    let new = New { key: &key, name: &name, kind: file.kind, bytes: file.bytes.len() };
    let by = (work.member.account.shown_name(), now);
    let transaction = db::begin(&app.db).await?;
    if !item::hold(&transaction, work.meeting.id).await? && work.meeting.published_at.is_none() {
        form.fault("file", "この会議は中止になったため、資料を入れられません。");
        return unfit(&materials_page(&app, &work, &form).await?);
    }
    if material::insert(&transaction, (id, work.meeting.id), (&about, &new), by).await? {
        let mut after = told(&about);
        after["ファイル"] = json!(name);
        note(&transaction, &work, "資料の追加", (json!(null), after), now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=added", work_path(work.meeting.id))))
}

/// The file of a form with the name it had, looked through; a fault beside its field where it cannot be taken.
async fn checked(form: &mut Form) -> Option<(String, Checked)> {
    let Some(file) = form.file("file").cloned() else {
        form.fault("file", "資料のファイルを選んでください。");
        return None;
    };
    if file.bytes.len() > LARGEST_BYTES {
        form.fault("file", Unusable::Bytes.to_string());
        return None;
    }
    match keeping::check(file.bytes).await {
        Ok(checked) => Some((file.name, checked)),
        Err(fault) => {
            form.fault("file", fault.to_string());
            None
        }
    }
}

/// 413 for a file that is too large, 422 for anything else.
fn status(form: &Form) -> StatusCode {
    let large = form.fault_of("file") == Some(Unusable::Bytes.to_string().as_str());
    if large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY }
}

#[derive(Template)]
#[template(path = "meetings/materials/edit.html")]
struct EditPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    material: &'a Material,
    form: &'a Form,
    items: Vec<Item>,
    /// Whether somebody else changed it meanwhile.
    stale: bool,
}

impl EditPage<'_> {
    fn items(&self) -> Vec<(String, &str)> {
        self.items.iter().map(|item| (item.id.to_string(), item.title.as_str())).collect()
    }
}

async fn edit_page<'a>(
    app: &App,
    (work, material): (&'a Work, &'a Material),
    form: &'a Form,
    stale: bool,
) -> Result<EditPage<'a>, Error> {
    let page = Frame::own(app, &work_path(work.meeting.id), &work.member);
    let items = item::listed(&app.db, work.meeting.id).await?;
    Ok(EditPage { page, meeting: &work.meeting, material, form, items, stale })
}

/// What the form was made from, so that a second editor does not write over the first.
fn was(material: &Material) -> String {
    format!("{} {}", u8::from(material.public), material.title)
}

/// `GET /meetings/{id}/materials/{material}/edit`.
pub(super) async fn edit(
    State(app): State<App>,
    Path((_, material)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let material = material::find(&app.db, work.meeting.id, material).await?.ok_or(Error::NotFound)?;
    let item = material.agenda_item_id.map(|id| id.to_string()).unwrap_or_default();
    let mut form = Form::filled([("title", material.title.clone()), ("item", item), ("was", was(&material))]);
    if material.public {
        form.set("public", "1");
    }
    html(&edit_page(&app, (&work, &material), &form, false).await?)
}

/// `POST /meetings/{id}/materials/{material}/edit`.
pub(super) async fn change(
    State(app): State<App>,
    Path((_, material)): Path<(String, Uuid)>,
    work: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let material = material::find(&app.db, work.meeting.id, material).await?.ok_or(Error::NotFound)?;
    form.needed_line("title", "資料の題名", 200);
    let Some(about) = read(&app, &work, &mut form).await? else {
        return unfit(&edit_page(&app, (&work, &material), &form, false).await?);
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if form.get("was") != was(&material) || !material::change(&transaction, &material, &about).await? {
        form.set("was", was(&material));
        return unfit(&edit_page(&app, (&work, &material), &form, true).await?);
    }
    let before =
        About { title: material.title.clone(), agenda_item_id: material.agenda_item_id, public: material.public };
    note(&transaction, &work, "資料の変更", (told(&before), told(&about)), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=changed", work_path(work.meeting.id))))
}

/// `POST /meetings/{id}/materials/{material}/removal`.
pub(super) async fn remove(
    State(app): State<App>,
    Path((_, material)): Path<(String, Uuid)>,
    work: Work,
) -> Result<Response, Error> {
    let path = work_path(work.meeting.id);
    let Some(material) = material::find(&app.db, work.meeting.id, material).await? else {
        return Ok(see(&format!("{path}?done=gone")));
    };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if material::remove(&transaction, material.id, (work.member.account.shown_name(), now)).await? {
        let told = json!({ "資料": material.title, "ファイル": material.file_name });
        note(&transaction, &work, "資料を外す", (told, json!(null)), now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{path}?done=removed")))
}

fn told(about: &About) -> Json {
    json!({ "資料": about.title, "公開": about.public })
}

async fn note(
    db: &impl ConnectionTrait,
    work: &Work,
    action: &str,
    told: (Json, Json),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), sea_orm::DbErr> {
    let about = (work.meeting.id, work.meeting.title.as_str(), work.meeting.convener_group);
    record(db, &work.member.actor(), about, action, told, now).await?;
    revision::bump(db, Scope::Calendar, now).await
}
