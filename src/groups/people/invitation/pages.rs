//! Inviting somebody to look after a group, and the page on which the invited person answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Invitation, Invited, MOST_OPEN};
use crate::accounts::{account, checked_address, limit};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::city::settings;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::member::{self, Duty, Membership};
use crate::groups::people::duty::{self, By};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, pages, term};
use crate::mail::Letter;
use crate::web::{Form, Frame, Member, Visitor, html, see, unfit};

const MAIL_FAULT: &str = "メールアドレスの書き方が正しくありません。「hanako@example.jp」のように書いてください。";

const OVER: Error = Error::LinkOver(
    "この招待は、期限が切れたか、取り消されたか、すでに返事が済んでいます。担当者になった方は、サインインへお進みください。もう一度招待が要るときは、招待した方にお知らせください。",
);

/// `POST /me/groups/{id}/people/invitations`: invites an address.
pub async fn invite(
    State(app): State<App>,
    member: Member,
    Path(group): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let own = people::own(&app, &member, &group).await?;
    let name = form.line("name", "お名前", 60);
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", MAIL_FAULT);
    }
    if let Some(fault) = unwanted(&app, &own, mail.as_deref().unwrap_or_default()).await? {
        form.fault("mail", fault);
    }
    let Some(mail) = mail.filter(|_| form.is_fine()) else {
        return unfit(&pages::page(&app, &member, own, form).await?);
    };
    if !may_invite(&app, own.group_id, &mail).await? {
        return Err(Error::TooMany);
    }
    send(&app, &member, &own, (&mail, &name)).await?;
    Ok(see(&format!("{}?done=invited", people::path(own.group_id))))
}

/// Why an address is not invited.
async fn unwanted(app: &App, own: &Membership, mail: &str) -> Result<Option<&'static str>, Error> {
    if member::of_group(&app.db, own.group_id).await?.iter().any(|person| person.mail == mail) {
        return Ok(Some("この方は、すでにこの団体を担当しています。"));
    }
    let open = super::open_of(&app.db, own.group_id).await?;
    if open.iter().any(|invitation| invitation.mail == mail) {
        return Ok(Some(
            "この方には、すでに招待を送っています。届いていないときは、下の一覧の「もう一度送る」を押してください。",
        ));
    }
    let full = open.len() >= MOST_OPEN;
    Ok(full.then_some("返事を待っている招待が20件あります。いらない招待を取り消してから、送ってください。"))
}

async fn may_invite(app: &App, group_id: Uuid, mail: &str) -> Result<bool, Error> {
    let now = app.clock.now();
    Ok(limit::count(&app.db, limit::INVITATIONS_OF_GROUP, &group_id.to_string(), now).await?
        & limit::count(&app.db, limit::INVITATIONS_TO_ADDRESS, mail, now).await?)
}

async fn send(app: &App, member: &Member, own: &Membership, (mail, name): (&str, &str)) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    let expires_at = term::after(&city, city.settings.number(settings::INVITATION_DAYS), now);
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, own.group_id).await?;
    member::of(&transaction, member.account.id, own.group_id).await?.ok_or(Error::NotFound)?;
    let invited = Invited { mail, name, expires_at };
    // Sent twice at once, the second finds the first.
    let Some((id, token)) = super::make(&transaction, (own.group_id, member.account.id), invited, now).await? else {
        return Ok(());
    };
    let invitation = super::open(&transaction, own.group_id, id).await?.ok_or(Error::NotFound)?;
    let actor = member.actor();
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let change = (Json::Null, json!({ "招待した方": mail }));
    duty::note(&transaction, (own.group_id, &own.group_name), ("担当者の招待", "invitation", id), change, by, now)
        .await?;
    people::post_letters(&transaction, app, &[letter(app, &invitation, &token)?]).await?;
    transaction.commit().await?;
    Ok(())
}

fn letter(app: &App, invitation: &Invitation, token: &str) -> Result<Letter, Error> {
    let city = app.city();
    let desk = desk(app, &city, invitation);
    let until = term::last_day(&city, invitation.expires_at);
    let values = [("招待した方", invitation.inviter()), ("期限", until.as_str())];
    let letter = desk.write(&letters::INVITATION, (&invitation.mail, &invitation.name), &values)?;
    Ok(letter.with_secret("リンク", desk.url(&people::invitation_path(token))))
}

fn desk<'a>(app: &'a App, city: &'a crate::city::City, invitation: &'a Invitation) -> Desk<'a> {
    Desk { city, base_url: &app.config.base_url, group: (invitation.group_id, &invitation.group_name) }
}

/// `POST …/invitations/{invitation}/again`: a new link for an unanswered invitation.
pub async fn again(
    State(app): State<App>,
    member: Member,
    Path((group, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let own = people::own(&app, &member, &group).await?;
    let invitation = super::open(&app.db, own.group_id, people::id(&id)?).await?.ok_or(Error::NotFound)?;
    if !may_invite(&app, own.group_id, &invitation.mail).await? {
        return Err(Error::TooMany);
    }
    let (city, now) = (app.city(), app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let expires_at = term::after(&city, city.settings.number(settings::INVITATION_DAYS), now);
    let token = super::renew(&transaction, invitation.id, expires_at).await?.ok_or(Error::TooMany)?;
    let invitation = Invitation { expires_at, ..invitation };
    let actor = member.actor();
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let what = ("招待の再送", "invitation", invitation.id);
    let change = (Json::Null, json!({ "招待した方": invitation.mail }));
    duty::note(&transaction, (own.group_id, &own.group_name), what, change, by, now).await?;
    people::post_letters(&transaction, &app, &[letter(&app, &invitation, &token)?]).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=again", people::path(own.group_id))))
}

/// `POST …/invitations/{invitation}/withdraw`: takes an unanswered invitation back.
pub async fn withdraw(
    State(app): State<App>,
    member: Member,
    Path((group, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let own = people::own(&app, &member, &group).await?;
    let actor = member.actor();
    take_back(&app, own.group_id, people::id(&id)?, By { actor: &actor, channel: Channel::Screen, reason: "" }).await?;
    Ok(see(&format!("{}?done=withdrawn", people::path(own.group_id))))
}

/// Takes an unanswered invitation of a group back.
pub async fn take_back(app: &App, group_id: Uuid, id: Uuid, by: By<'_>) -> Result<(), Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let invitation = super::open(&transaction, group_id, id).await?.ok_or(Error::NotFound)?;
    if super::close(&transaction, id, "withdrawn", now).await? {
        let change = (json!({ "招待した方": invitation.mail }), Json::Null);
        let what = ("招待の取消し", "invitation", id);
        duty::note(&transaction, (group_id, &invitation.group_name), what, change, by, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "groups/people/invitation.html")]
struct InvitationPage {
    page: Frame,
    invitation: Invitation,
    until: String,
    base: String,
}

/// `GET /invitations/{token}`: who invites to which group, with a button to accept and one to decline.
pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let invitation = good(&app, &token).await?;
    let base = people::invitation_path(&token);
    let until = term::last_day(&app.city(), invitation.expires_at);
    html(&InvitationPage { page: Frame::new(&app, "/invitations"), invitation, until, base })
}

/// The invitation of a link that can still be answered: a link that never was is 404, one that is over is 410.
async fn good(app: &App, token: &str) -> Result<Invitation, Error> {
    let invitation = super::of_token(&app.db, token).await?.ok_or(Error::NotFound)?;
    if invitation.is_open(app.clock.now()) { Ok(invitation) } else { Err(OVER) }
}

/// `POST /invitations/{token}/accept`: the invited address becomes one of the people of the group.
pub async fn accept(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let invitation = good(&app, &token).await?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, invitation.group_id).await?;
    if !super::close(&transaction, invitation.id, "accepted", now).await? {
        return Err(OVER);
    }
    let account = account::ensure(&transaction, &invitation.mail, &invitation.name, now).await?;
    if member::of(&transaction, account.id, invitation.group_id).await?.is_none() {
        let pair = (invitation.group_id, account.id);
        member::join(&transaction, pair, Duty::Member, invitation.inviter(), now).await?;
    }
    answered(&transaction, &app, &invitation, ("招待の引受け", &letters::ACCEPTED)).await?;
    transaction.commit().await?;
    if visitor.0.is_some_and(|member| member.account.id == account.id) {
        return Ok(see(&format!("{}?done=joined", people::path(invitation.group_id))));
    }
    Ok(see(people::INVITATION_ACCEPTED))
}

/// `POST /invitations/{token}/decline`: the invited person says no.
pub async fn decline(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let invitation = good(&app, &token).await?;
    let transaction = db::begin(&app.db).await?;
    if !super::close(&transaction, invitation.id, "declined", app.clock.now()).await? {
        return Err(OVER);
    }
    answered(&transaction, &app, &invitation, ("招待の辞退", &letters::DECLINED)).await?;
    transaction.commit().await?;
    Ok(see(people::INVITATION_DECLINED))
}

/// Writes an answer into the trail and tells who invited.
async fn answered(
    db: &impl sea_orm::ConnectionTrait,
    app: &App,
    invitation: &Invitation,
    (action, wording): (&str, &crate::mail::Wording),
) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    let actor = Actor::named(&invitation.mail);
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let group = (invitation.group_id, invitation.group_name.as_str());
    let change = (Json::Null, json!({ "招待された方": invitation.mail }));
    duty::note(db, group, (action, "invitation", invitation.id), change, by, now).await?;
    let to = (invitation.inviter_mail.as_str(), invitation.inviter_name.as_str());
    let values = [("招待された方", invitation.shown_name())];
    people::post_letters(db, app, &[desk(app, &city, invitation).about_people(wording, to, &values)?]).await
}
