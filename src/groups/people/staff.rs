//! The people of a group as staff see them: adding and removing on behalf of somebody who asked by telephone or on paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::duty::{self, By};
use super::handover::{self, Handover};
use super::letters::{self, Desk};
use super::pages::{self, Line, Open};
use super::{code, invitation, leaving, term};
use crate::accounts::{account, checked_address};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::member::{self, Duty, Membership};
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// What the page says after something was done.
const DONE: [(&str, &str); 5] = [
    ("added", "担当者を加え、ご本人に手紙で知らせました。"),
    ("removed", "担当から外し、ご本人に手紙で知らせました。"),
    ("represents", "代表者を変更し、前の代表者と新しい代表者に手紙で知らせました。"),
    ("handover-withdrawn", "引継ぎを取りやめました。手紙のリンクは使えなくなりました。"),
    ("withdrawn", "招待を取り消しました。手紙のリンクは使えなくなりました。"),
];

/// The ways on which something reaches the office, to choose from.
pub(super) fn channels() -> Vec<(&'static str, &'static str)> {
    Channel::ON_BEHALF.map(|channel| (channel.key(), channel.label())).to_vec()
}

/// The chosen way; what staff type in always came on one.
pub(super) fn channel(form: &mut Form) -> Option<Channel> {
    form.choice("channel", "受けた方法", |key| Channel::ON_BEHALF.into_iter().find(|channel| channel.key() == key))
}

/// The name of a group, whatever its state; absence is 404.
pub(super) async fn group_name(db: &impl ConnectionTrait, id: Uuid) -> Result<String, Error> {
    Ok(history::load(db, id).await?.ok_or(Error::NotFound)?.name)
}

#[derive(Template)]
#[template(path = "groups/people/staff.html")]
struct PeoplePage {
    page: Frame,
    group: (Uuid, String),
    base: String,
    lines: Vec<Line>,
    open: Vec<Open>,
    handover: Option<(Handover, String, String)>,
    letter: Option<String>,
    channels: Vec<(&'static str, &'static str)>,
    form: Form,
}

async fn page(app: &App, staff: &Staff, id: Uuid, form: Form) -> Result<PeoplePage, Error> {
    let city = app.city();
    let handover = handover::open_of(&app.db, id).await?;
    Ok(PeoplePage {
        page: Frame::own(app, &super::staff_path(id), &staff.0),
        group: (id, group_name(&app.db, id).await?),
        base: super::staff_path(id),
        lines: pages::lines(app, member::of_group(&app.db, id).await?, None),
        open: pages::open_lines(app, id).await?,
        handover: handover.map(|handover| {
            let since = term::day_of(&city, handover.created_at);
            let until = term::last_day(&city, handover.expires_at);
            (handover, since, until)
        }),
        letter: code::is_unclaimed(&app.db, id).await?.then(|| super::letter_path(id)),
        channels: channels(),
        form,
    })
}

impl PeoplePage {
    fn has_representative(&self) -> bool {
        self.lines.iter().any(|line| line.person.duty() == Duty::Representative)
    }
}

/// `GET /staff/groups/{id}/people`: who looks after a group, and what is under way.
pub(super) async fn people(
    State(app): State<App>,
    staff: Staff,
    Path(group): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let mut shown = page(&app, &staff, super::id(&group)?, Form::new()).await?;
    shown.page = shown.page.saying(&mut query, &DONE);
    html(&shown)
}

/// `POST /staff/groups/{id}/people/add`: makes an address one of the people of a group.
pub(super) async fn add(
    State(app): State<App>,
    staff: Staff,
    Path(group): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = super::id(&group)?;
    let name = form.needed_line("name", "お名前", 60);
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", "メールアドレスの書き方が正しくありません。「hanako@example.jp」のように書いてください。");
    }
    let channel = channel(&mut form);
    let reason = form.line("reason", "備考", 300);
    if member::of_group(&app.db, id).await?.iter().any(|person| Some(&person.mail) == mail.as_ref()) {
        form.fault("mail", "この方は、すでにこの団体を担当しています。");
    }
    let (Some(mail), Some(channel), true) = (mail, channel, form.is_fine()) else {
        return unfit(&page(&app, &staff, id, form).await?);
    };
    let actor = staff.actor();
    put_in(&app, id, (&mail, &name), By { actor: &actor, channel, reason: &reason }).await?;
    Ok(see(&format!("{}?done=added", super::staff_path(id))))
}

async fn put_in(app: &App, id: Uuid, (mail, name): (&str, &str), by: By<'_>) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, id).await?;
    let group = group_name(&transaction, id).await?;
    let account = account::ensure(&transaction, mail, name, now).await?;
    if member::of(&transaction, account.id, id).await?.is_none() {
        member::join(&transaction, (id, account.id), Duty::Member, &by.actor.name, now).await?;
        let person = member::of(&transaction, account.id, id).await?.ok_or(Error::NotFound)?;
        let what = ("担当者の追加", "membership", person.id);
        duty::note(&transaction, (id, &group), what, (Json::Null, json!({ "担当する人": mail })), by, now).await?;
        let desk = Desk { city: &city, base_url: &app.config.base_url, group: (id, &group) };
        let values = [("受けた方法", by.channel.label()), ("役割", Duty::Member.label())];
        super::post_letters(&transaction, app, &[desk.welcome(&letters::ADDED, (mail, name), &values)?]).await?;
    }
    transaction.commit().await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "groups/people/staff_remove.html")]
struct RemovePage {
    page: Frame,
    person: Membership,
    base: String,
    channels: Vec<(&'static str, &'static str)>,
    form: Form,
}

async fn person(db: &impl ConnectionTrait, (group, person): (&str, &str)) -> Result<Membership, Error> {
    let id = super::id(person)?;
    let people = member::of_group(db, super::id(group)?).await?;
    people.into_iter().find(|person| person.id == id).ok_or(Error::NotFound)
}

fn remove_page(app: &App, staff: &Staff, person: Membership, form: Form) -> RemovePage {
    let base = super::staff_path(person.group_id);
    RemovePage { page: Frame::own(app, &format!("{base}/remove"), &staff.0), person, base, channels: channels(), form }
}

/// `GET /staff/groups/{id}/people/{person}/remove`: asks for the reason.
pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff,
    Path((group, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let person = person(&app.db, (&group, &id)).await?;
    html(&remove_page(&app, &staff, person, Form::new()))
}

/// `POST /staff/groups/{id}/people/{person}/remove`: takes somebody out, with a reason that they are told.
pub(super) async fn removed(
    State(app): State<App>,
    staff: Staff,
    Path((group, id)): Path<(String, String)>,
    mut form: Form,
) -> Result<Response, Error> {
    let channel = channel(&mut form);
    let reason = form.needed_block("reason", "理由", 500);
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, super::id(&group)?).await?;
    let person = person(&transaction, (&group, &id)).await?;
    let others = member::of_group(&transaction, person.group_id).await?.len() > 1;
    if person.duty() == Duty::Representative && others {
        form.fault("reason", "代表者は外せません。先に、新しい代表者を決めてください。");
    }
    let (Some(channel), true) = (channel, form.is_fine()) else {
        transaction.rollback().await?;
        return unfit(&remove_page(&app, &staff, person, form));
    };
    let actor = staff.actor();
    let by = By { actor: &actor, channel, reason: &reason };
    leaving::pages::take_out(&transaction, &app, (&person, "事務局"), by).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=removed", super::staff_path(person.group_id))))
}

/// `POST /staff/groups/{id}/people/invitations/{invitation}/withdraw`: takes an unanswered invitation back.
pub(super) async fn withdraw(
    State(app): State<App>,
    staff: Staff,
    Path((group, invitation)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (id, actor) = (super::id(&group)?, staff.actor());
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    invitation::pages::take_back(&app, id, super::id(&invitation)?, by).await?;
    Ok(see(&format!("{}?done=withdrawn", super::staff_path(id))))
}
