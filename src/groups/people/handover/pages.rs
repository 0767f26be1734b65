//! Handing a group over: the representative names the next one, who confirms it at a personal link.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::{Handover, Successor};
use crate::accounts::{account, checked_address, limit};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::city::settings;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::member::{self, Duty, Membership};
use crate::groups::people::duty::{self, By, Naming};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, term};
use crate::groups::store::Refused;
use crate::web::{Form, Frame, Member, Visitor, html, see, unfit};

const UNDER_WAY: &str = "引継ぎの途中です。別の方にするときは、前のページで今の引継ぎを取りやめてください。";

const OVER: Error = Error::LinkOver(
    "この引継ぎは、期限が切れたか、取りやめられたか、すでに確認が済んでいます。もう一度手紙が要るときは、いまの代表者にお知らせください。",
);

#[derive(Template)]
#[template(path = "groups/people/handover.html")]
struct PlanPage {
    page: Frame,
    own: Membership,
    base: String,
    others: Vec<Membership>,
    form: Form,
}

/// The membership of the representative, who alone hands over.
async fn head(app: &App, member: &Member, group: &str) -> Result<Membership, Error> {
    let own = people::own(app, member, group).await?;
    if own.duty() == Duty::Representative { Ok(own) } else { Err(Error::NotFound) }
}

async fn plan_page(app: &App, member: &Member, own: Membership, form: Form) -> Result<PlanPage, Error> {
    let mut others = member::of_group(&app.db, own.group_id).await?;
    others.retain(|person| person.id != own.id);
    let base = people::path(own.group_id);
    Ok(PlanPage { page: Frame::own(app, &format!("{base}/hand-over"), member), own, base, others, form })
}

/// `GET /me/groups/{id}/people/hand-over`: whom to hand over to.
pub async fn plan(State(app): State<App>, member: Member, Path(group): Path<String>) -> Result<Response, Error> {
    let own = head(&app, &member, &group).await?;
    let mut form = Form::new();
    form.set("stay", "stays");
    html(&plan_page(&app, &member, own, form).await?)
}

/// `POST /me/groups/{id}/people/hand-over`: asks the next representative by letter.
pub async fn begin(
    State(app): State<App>,
    member: Member,
    Path(group): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let own = head(&app, &member, &group).await?;
    let people = member::of_group(&app.db, own.group_id).await?;
    let next = next(&mut form, &people, Some(&own));
    let leaves = form.choice("stay", "引継ぎのあと", |key| match key {
        "stays" => Some(false),
        "leaves" => Some(true),
        _ => None,
    });
    if super::open_of(&app.db, own.group_id).await?.is_some() {
        form.fault("who", UNDER_WAY);
    }
    let (Some((mail, name)), Some(leaves), true) = (next, leaves, form.is_fine()) else {
        return unfit(&plan_page(&app, &member, own, form).await?);
    };
    if !limit::count(&app.db, limit::INVITATIONS_TO_ADDRESS, &mail, app.clock.now()).await? {
        return Err(Error::TooMany);
    }
    if !ask(&app, &member, &own, (&mail, &name, leaves)).await? {
        form.fault("who", UNDER_WAY);
        return unfit(&plan_page(&app, &member, own, form).await?);
    }
    Ok(see(&format!("{}?done=handover", people::path(own.group_id))))
}

/// Address and name of the chosen person: one of the group's people, or somebody new.
pub fn next(form: &mut Form, people: &[Membership], head: Option<&Membership>) -> Option<(String, String)> {
    let is_head = |mail: &str| head.is_some_and(|head| head.mail == mail);
    if form.get("who") != "new" {
        let chosen = form.choice("who", "新しい代表者", |key| {
            people.iter().find(|person| !is_head(&person.mail) && person.id.to_string() == key)
        });
        return chosen.map(|person| (person.mail.clone(), person.name.clone()));
    }
    let name = form.needed_line("name", "新しい方のお名前", 60);
    let mail = checked_address(form.get("mail"));
    match &mail {
        None => form
            .fault("mail", "メールアドレスの書き方が正しくありません。「hanako@example.jp」のように書いてください。"),
        Some(mail) if is_head(mail) => {
            form.fault("mail", "いまの代表者のメールアドレスです。新しい方のメールアドレスを書いてください。");
        }
        Some(_) => {}
    }
    mail.map(|mail| (mail, name))
}

/// Begins the hand-over; says whether none was under way.
async fn ask(
    app: &App,
    member: &Member,
    own: &Membership,
    (mail, name, leaves): (&str, &str, bool),
) -> Result<bool, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, own.group_id).await?;
    let head = member::of(&transaction, member.account.id, own.group_id).await?;
    head.filter(|own| own.duty() == Duty::Representative).ok_or(Error::NotFound)?;
    let expires_at = term::after(&city, city.settings.number(settings::INVITATION_DAYS), now);
    let successor = Successor { mail, name, leaves, expires_at };
    let begun = super::begin(&transaction, (own.group_id, member.account.id), successor, now).await?;
    let Some((id, token)) = begun else { return Ok(false) };
    let actor = member.actor();
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let group = (own.group_id, own.group_name.as_str());
    let change = (Json::Null, json!({ "新しい代表者": mail }));
    duty::note(&transaction, group, ("引継ぎの申し出", "handover", id), change, by, now).await?;
    let until = term::last_day(&city, expires_at);
    let desk = Desk { city: &city, base_url: &app.config.base_url, group };
    let values = [("いまの代表者", actor.name.as_str()), ("期限", until.as_str())];
    let letter = desk.write(&letters::HANDOVER, (mail, name), &values)?;
    let letter = letter.with_secret("リンク", desk.url(&people::handover_path(&token)));
    people::post_letters(&transaction, app, &[letter]).await?;
    transaction.commit().await?;
    Ok(true)
}

/// `POST /me/groups/{id}/people/hand-over/withdraw`: takes the hand-over back.
pub async fn withdraw(State(app): State<App>, member: Member, Path(group): Path<String>) -> Result<Response, Error> {
    let own = head(&app, &member, &group).await?;
    let actor = member.actor();
    take_back(&app, own.group_id, By { actor: &actor, channel: Channel::Screen, reason: "" }).await?;
    Ok(see(&format!("{}?done=handover-withdrawn", people::path(own.group_id))))
}

/// Ends the hand-over of a group that is under way.
pub async fn take_back(app: &App, group_id: uuid::Uuid, by: By<'_>) -> Result<(), Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let open = super::open_of(&transaction, group_id).await?.ok_or(Error::NotFound)?;
    if super::close(&transaction, open.id, "withdrawn", now).await? {
        let change = (json!({ "新しい代表者": open.mail }), Json::Null);
        let what = ("引継ぎの取りやめ", "handover", open.id);
        duty::note(&transaction, (group_id, &open.group_name), what, change, by, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "groups/people/handover_confirm.html")]
struct ConfirmPage {
    page: Frame,
    handover: Handover,
    until: String,
    base: String,
    form: Form,
}

async fn good(app: &App, token: &str) -> Result<Handover, Error> {
    let handover = super::of_token(&app.db, token).await?.ok_or(Error::NotFound)?;
    if handover.is_open(app.clock.now()) { Ok(handover) } else { Err(OVER) }
}

fn confirm_page(app: &App, token: &str, handover: Handover, form: Form) -> ConfirmPage {
    let until = term::last_day(&app.city(), handover.expires_at);
    ConfirmPage { page: Frame::new(app, "/handovers"), until, base: people::handover_path(token), handover, form }
}

/// `GET /handovers/{token}`: what the next representative takes over.
pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let handover = good(&app, &token).await?;
    let draft = history::load(&app.db, handover.group_id).await?.ok_or(Error::NotFound)?;
    let form = Form::filled([("name", handover.name.clone()), ("title", draft.representative_title)]);
    html(&confirm_page(&app, &token, handover, form))
}

/// `POST /handovers/{token}`: the representative changes, in the memberships and in the record.
pub async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let handover = good(&app, &token).await?;
    let naming = naming(&mut form);
    if !form.is_fine() {
        return unfit(&confirm_page(&app, &token, handover, form));
    }
    match change(&app, &handover, &naming).await? {
        Ok(account_id) if visitor.0.is_some_and(|member| member.account.id == account_id) => {
            Ok(see(&format!("{}?done=represents", people::path(handover.group_id))))
        }
        Ok(_) => Ok(see(people::HANDOVER_CONFIRMED)),
        Err(sentences) => {
            form.fault("name", sentences.join(" "));
            unfit(&confirm_page(&app, &token, handover, form))
        }
    }
}

/// How the new representative is to stand in the record.
pub fn naming(form: &mut Form) -> Naming {
    Naming {
        name: form.needed_line("name", "お名前", 100),
        title: form.line("title", "役職", 100),
        published: form.has("publish", "1"),
    }
}

/// Changes the representative; the sentences say why the record cannot be kept.
async fn change(app: &App, handover: &Handover, naming: &Naming) -> Result<Result<uuid::Uuid, Vec<String>>, Error> {
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, handover.group_id).await?;
    if !super::close(&transaction, handover.id, "confirmed", now).await? {
        return Err(OVER);
    }
    let account = account::ensure(&transaction, &handover.mail, &naming.name, now).await?;
    let actor = Actor::account(account.id, account.shown_name());
    let by = By { actor: &actor, channel: Channel::Screen, reason: "引継ぎ" };
    let pair = (handover.group_id, account.id);
    let old = match duty::appoint(&transaction, &city, pair, naming, by, now).await {
        Ok(old) => old,
        Err(Refused::Invalid(sentences)) => return Ok(Err(sentences)),
        Err(Refused::Database(fault)) => return Err(fault.into()),
    };
    if let Some(old) = old {
        tell_old(&transaction, app, (handover, &old), naming, by).await?;
    }
    transaction.commit().await?;
    Ok(Ok(account.id))
}

/// The old representative leaves if that was the wish, and is told in any case.
async fn tell_old(
    db: &impl sea_orm::ConnectionTrait,
    app: &App,
    (handover, old): (&Handover, &Membership),
    naming: &Naming,
    by: By<'_>,
) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    let next = if handover.leaves {
        people::leaving::end(db, old, now).await?;
        people::leaving::pages::noted(db, old, "担当から抜ける", by, now).await?;
        "お申し出のとおり、あなたは団体の担当から抜けました。"
    } else {
        "あなたは、これからは担当者として、団体のページを直せます。"
    };
    let group = (handover.group_id, handover.group_name.as_str());
    let desk = Desk { city: &city, base_url: &app.config.base_url, group };
    let values = [("新しい代表者", naming.name.as_str()), ("これから", next)];
    people::post_letters(db, app, &[desk.write(&letters::HANDOVER_DONE, (&old.mail, &old.name), &values)?]).await
}

/// `POST /handovers/{token}/decline`: the named person says no.
pub async fn decline(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let handover = good(&app, &token).await?;
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if !super::close(&transaction, handover.id, "declined", now).await? {
        return Err(OVER);
    }
    let actor = Actor::named(&handover.mail);
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let group = (handover.group_id, handover.group_name.as_str());
    let change = (Json::Null, json!({ "指名された方": handover.mail }));
    duty::note(&transaction, group, ("引継ぎの辞退", "handover", handover.id), change, by, now).await?;
    let desk = Desk { city: &city, base_url: &app.config.base_url, group };
    let values = [("指名された方", handover.shown_name())];
    let to = (handover.from_mail.as_str(), handover.from_name.as_str());
    let letter = desk.about_people(&letters::HANDOVER_DECLINED, to, &values)?;
    people::post_letters(&transaction, &app, &[letter]).await?;
    transaction.commit().await?;
    Ok(see(people::HANDOVER_DECLINED))
}
