//! The pages on which a source is added, changed, and sent a new file.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::draft::{Asked, Draft};
use super::form::{INTERVALS, Reader};
use super::kinds::{Shows, Trust, Vanished, Way};
use super::settling::Tags;
use super::source::{self, Source};
use super::{Desk, NEW, Room, group_path, rights, source_path, states, trying};
use crate::accounts::limit::{self, SOURCES_OF_ACCOUNT};
use crate::app::App;
use crate::calendar::Sent;
use crate::city::City;
use crate::db;
use crate::error::Error;
use crate::groups::{self, Named, member};
use crate::plan::{self, Item};
use crate::web::{Form, Frame, Member, Staff, html, see, unfit};

#[derive(Template)]
#[template(path = "aggregation/form.html")]
pub(super) struct FormPage<'a> {
    pub(super) page: Frame,
    pub(super) form: &'a Form,
    pub(super) city: &'a City,
    pub(super) heading: String,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) is_staff: bool,
    /// The source that is changed.
    pub(super) known: Option<&'a Source>,
    pub(super) groups: Vec<Named>,
    pub(super) items: &'a [Item],
    pub(super) conflict: bool,
}

impl FormPage<'_> {
    fn towns(&self) -> Vec<(String, &str)> {
        self.city.towns.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    fn categories(&self) -> Vec<(String, &str)> {
        self.city.categories.iter().map(|term| (term.key.clone(), term.name.as_str())).collect()
    }

    fn group_options(&self) -> Vec<(String, &str)> {
        self.groups.iter().map(|group| (group.id.to_string(), group.name.as_str())).collect()
    }

    fn item_options(&self) -> Vec<(String, String)> {
        self.items.iter().map(|item| (item.code.clone(), format!("{} {}", item.code, item.title))).collect()
    }

    fn shows(&self) -> Vec<(String, &str)> {
        Shows::ALL.iter().map(|one| (one.key().to_owned(), one.label())).collect()
    }

    fn trusts(&self) -> Vec<(String, String)> {
        Trust::ALL.iter().map(|one| (one.level().to_string(), format!("{} … {}", one.label(), one.hint()))).collect()
    }

    fn vanished(&self) -> Vec<(String, &str)> {
        Vanished::ALL.iter().map(|one| (one.key().to_owned(), one.label())).collect()
    }

    fn intervals(&self) -> Vec<(String, &str)> {
        INTERVALS.iter().map(|(minutes, words)| (minutes.to_string(), *words)).collect()
    }

    fn asks_way(&self) -> bool {
        self.known.is_none()
    }

    fn asks_url(&self) -> bool {
        self.known.is_none_or(|known| known.way() == Way::Address)
    }

    fn asks_institution(&self) -> bool {
        self.is_staff && self.known.is_none_or(|known| known.group_id.is_none())
    }
}

/// What all forms of sources stand on.
pub(super) struct Ground {
    pub(super) room: Room,
    pub(super) items: Vec<Item>,
}

impl Ground {
    pub(super) async fn open(app: &App) -> Result<Self, Error> {
        let items = plan::current(app).await?.map(|whole| whole.items.clone()).unwrap_or_default();
        Ok(Self { room: Room::open(app), items })
    }
}

async fn new_page(
    app: &App,
    member: &Member,
    ground: &Ground,
    (form, group): (&Form, Option<(Uuid, &str)>),
) -> Result<Response, Error> {
    let (desk, is_staff) = (ground.room.desk(app), group.is_none());
    let action = group.map_or_else(|| NEW.to_owned(), |(id, _)| format!("{}/new", group_path(id)));
    let page = FormPage {
        page: Frame::own(app, &action, member),
        form,
        city: desk.city,
        heading: group
            .map_or_else(|| "情報源を加える".to_owned(), |(_, name)| format!("{name}のカレンダーの取り込みを申し込む")),
        back: group.map_or_else(|| super::STAFF.to_owned(), |(id, _)| group_path(id)),
        action,
        is_staff,
        known: None,
        groups: if is_staff { groups::listed_names(&app.db).await? } else { Vec::new() },
        items: &ground.items,
        conflict: false,
    };
    if form.is_fine() { html(&page) } else { unfit(&page) }
}

fn fresh() -> Form {
    Form::filled([
        ("way", Way::Address.key().to_owned()),
        ("vanished", Vanished::Cancel.key().to_owned()),
        ("shows", Shows::Review.key().to_owned()),
        ("trust", Trust::Usual.level().to_string()),
        ("every", "0".to_owned()),
    ])
}

/// `GET /staff/sources/new`.
pub async fn new_for_staff(Extracted(app): Extracted<App>, Staff(member): Staff) -> Result<Response, Error> {
    new_page(&app, &member, &Ground::open(&app).await?, (&fresh(), None)).await
}

/// `GET /me/groups/{id}/sources/new`.
pub async fn new_for_group(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response, Error> {
    let (id, name) = own_group(&app, &member, &id).await?;
    new_page(&app, &member, &Ground::open(&app).await?, (&fresh(), Some((id, &name)))).await
}

async fn own_group(app: &App, member: &Member, id: &str) -> Result<(Uuid, String), Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    let membership = member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    Ok((id, membership.group_name))
}

/// `POST /staff/sources/new`: reads it and shows what would come in.
pub async fn try_for_staff(
    Extracted(app): Extracted<App>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let ground = Ground::open(&app).await?;
    let typed = form.get("group").to_owned();
    let group = groups::listed_names(&app.db).await?.into_iter().find(|group| group.id.to_string() == typed);
    if group.is_none() && !typed.is_empty() {
        form.fault("group", "団体を一覧から選んでください。");
    }
    match tried(&app, &member, &ground, &mut form, (group.map(|group| group.id), true)).await? {
        Some(id) => Ok(see(&source_path(id))),
        None => new_page(&app, &member, &ground, (&form, None)).await,
    }
}

/// `POST /me/groups/{id}/sources/new`: reads it and shows what would come in.
pub async fn try_for_group(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let (id, name) = own_group(&app, &member, &id).await?;
    let ground = Ground::open(&app).await?;
    match tried(&app, &member, &ground, &mut form, (Some(id), false)).await? {
        Some(id) => Ok(see(&source_path(id))),
        None => new_page(&app, &member, &ground, (&form, Some((id, &name)))).await,
    }
}

/// Reads what the form names and keeps it as a source that is being tried; nothing while something is wrong.
async fn tried(
    app: &App,
    member: &Member,
    ground: &Ground,
    form: &mut Form,
    (group, is_staff): (Option<Uuid>, bool),
) -> Result<Option<Uuid>, Error> {
    let desk = ground.room.desk(app);
    let reader = Reader { city: desk.city, items: &ground.items, is_staff, known: None };
    let Some(draft) = reader.read(form, group) else { return Ok(None) };
    let Some((sent, _)) = came(app, member, &desk, (form, &draft)).await? else { return Ok(None) };
    let asked = Asked { account_id: Some(member.account.id), name: member.account.shown_name(), now: desk.now };
    let transaction = db::begin(&app.db).await?;
    match trying::keep(&transaction, &desk, &draft, (&asked, &sent)).await? {
        Ok(id) => {
            transaction.commit().await?;
            Ok(Some(id))
        }
        Err(sentence) => {
            form.fault(if draft.way == Way::Upload { "file" } else { "url" }, sentence);
            Ok(None)
        }
    }
}

/// What the draft's address, or the form's file, holds; a fault beside the field where it cannot be had.
pub(super) async fn came(
    app: &App,
    member: &Member,
    desk: &Desk<'_>,
    (form, draft): (&mut Form, &Draft),
) -> Result<Option<(Sent, Tags)>, Error> {
    let field = if draft.way == Way::Upload { "file" } else { "url" };
    if !counted(app, member, desk.now).await? {
        form.fault(field, OFTEN);
        return Ok(None);
    }
    if let Some(other) = source::at(&app.db, &draft.url).await?.filter(|_| draft.way == Way::Address) {
        let is_own = member.is_staff() || other.group_id.is_some() && other.group_id == draft.group_id;
        form.fault(
            "url",
            match is_own {
                true => format!("このアドレスは、もう「{}」として登録しています。", other.name),
                false => "このアドレスは、もう登録されています。くわしくは、事務局へお問い合わせください。".to_owned(),
            },
        );
        return Ok(None);
    }
    if draft.way == Way::Upload {
        return Ok(trying::file(form).map(|sent| (sent, Tags::default())));
    }
    Ok(trying::fetched(desk, &draft.url).await.map_err(|refused| form.fault("url", refused.to_string())).ok())
}

/// What is said to somebody who tries too often.
pub(super) const OFTEN: &str = "1時間に試せる回数を超えました。しばらくしてから、もう一度お試しください。";

/// Counts that somebody has a calendar read, and says whether that is still within measure.
pub(super) async fn counted(app: &App, member: &Member, now: DateTime<Utc>) -> Result<bool, Error> {
    Ok(limit::count(&app.db, SOURCES_OF_ACCOUNT, &member.account.id.to_string(), now).await?)
}

/// `POST /sources/{id}/file`: a new file in place of the last one; it waits until somebody has looked at what would change.
pub async fn send_file(
    Extracted(app): Extracted<App>,
    Path(id): Path<String>,
    member: Member,
    mut form: Form,
) -> Result<Response, Error> {
    let source = rights::found(&app.db, &member, &id).await?;
    if !states::takes_files(&source) {
        return Err(Error::NotFound);
    }
    let room = Room::open(&app);
    let desk = room.desk(&app);
    if !member.is_staff() && !counted(&app, &member, desk.now).await? {
        form.fault("file", OFTEN);
        return super::source_page::unfit_file(&app, &member, &source, &form).await;
    }
    let sent = trying::file(&mut form);
    let transaction = db::begin(&app.db).await?;
    let current = rights::held(&transaction, &member, &id).await?;
    let read = match &sent {
        Some(sent) => {
            trying::send_file(&transaction, &desk, &current, sent).await?.map_err(|fault| form.fault("file", fault))
        }
        None => Err(()),
    };
    if read.is_err() {
        drop(transaction);
        return super::source_page::unfit_file(&app, &member, &source, &form).await;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=came#waiting", source_path(source.id))))
}
