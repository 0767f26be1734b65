//! Deciding claims: who claims which group, what the office knows about it, and the answer by letter.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{Claim, Standing};
use crate::accounts::account;
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::contact::ContactKind;
use crate::groups::draft::Draft;
use crate::groups::history;
use crate::groups::member::{self, Duty, Membership};
use crate::groups::people::code::{self, Code};
use crate::groups::people::duty::{self, By};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, term};
use crate::text::fold::fold;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

const DONE: [(&str, &str); 2] =
    [("confirmed", "受取りを認め、ご本人に手紙で知らせました。"), ("refused", "お断りの手紙を送りました。")];
/// Claims shown in the list.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "groups/people/claims.html")]
struct ClaimsPage {
    page: Frame,
    claims: Vec<(Claim, String)>,
    unclaimed: usize,
}

/// `GET /staff/claims`: the claims that wait, and the way to the letters.
pub async fn list(State(app): State<App>, staff: Staff) -> Result<Response, Error> {
    let city = app.city();
    let claims = super::undecided(&app.db, MOST).await?.into_iter().map(|claim| {
        let since = claim.verified_at.map(|at| term::day_of(&city, at)).unwrap_or_default();
        (claim, since)
    });
    html(&ClaimsPage {
        page: Frame::own(&app, people::CLAIMS, &staff.0),
        claims: claims.collect(),
        unclaimed: code::count_unclaimed(&app.db).await?,
    })
}

/// What the office knows that speaks for or against a claim.
struct Known {
    mail: Option<String>,
    is_same_mail: bool,
    names: Vec<(&'static str, String, bool)>,
    people: Vec<Membership>,
    elsewhere: Vec<Membership>,
    code: Option<(Code, String)>,
}

impl Known {
    async fn of(app: &App, claim: &Claim) -> Result<Self, Error> {
        let (db, city) = (&app.db, app.city());
        let draft = history::load(db, claim.group_id).await?.ok_or(Error::NotFound)?;
        let account = account::find_by_mail(db, &claim.mail).await?;
        let elsewhere = match account {
            Some(account) => member::of_account(db, account.id).await?,
            None => Vec::new(),
        };
        let mail = draft.contact(ContactKind::Mail).map(|contact| contact.value.clone());
        Ok(Self {
            is_same_mail: mail.as_deref().is_some_and(|mail| account::address_key(mail) == claim.mail),
            mail,
            names: names(&draft, &claim.name),
            people: member::of_group(db, claim.group_id).await?,
            elsewhere: elsewhere.into_iter().filter(|other| other.group_id != claim.group_id).collect(),
            code: code::of_id(db, claim.code_id).await?.map(|code| {
                let made = term::day_of(&city, code.made_at);
                (code, made)
            }),
        })
    }

    fn has_representative(&self) -> bool {
        duty::representative(&self.people).is_some()
    }
}

/// The names on file, each with whether it is the claimant's in any spelling.
fn names(draft: &Draft, name: &str) -> Vec<(&'static str, String, bool)> {
    let plain = |name: &str| fold(name).replace(' ', "");
    let on_file = [("届出の代表者", ContactKind::Representative), ("届出の担当者", ContactKind::Person)];
    let line = |(label, kind)| {
        let known = draft.contact(kind)?.value.clone();
        let is_same = plain(&known) == plain(name);
        Some((label, known, is_same))
    };
    on_file.into_iter().filter_map(line).collect()
}

#[derive(Template)]
#[template(path = "groups/people/claim.html")]
struct ClaimPage {
    page: Frame,
    claim: Claim,
    since: String,
    decided: String,
    known: Known,
    base: String,
    form: Form,
}

async fn page(app: &App, staff: &Staff, claim: Claim, form: Form) -> Result<ClaimPage, Error> {
    let city = app.city();
    let base = claim.path();
    Ok(ClaimPage {
        page: Frame::own(app, &base, &staff.0),
        known: Known::of(app, &claim).await?,
        since: claim.verified_at.map(|at| term::day_of(&city, at)).unwrap_or_default(),
        decided: claim.decided_at.map(|at| term::day_of(&city, at)).unwrap_or_default(),
        claim,
        base,
        form,
    })
}

async fn find(app: &App, id: &str) -> Result<Claim, Error> {
    super::verified(&app.db, people::id(id)?).await?.ok_or(Error::NotFound)
}

/// `GET /staff/claims/{id}`: who claims which group.
pub async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let claim = find(&app, &id).await?;
    let mut shown = page(&app, &staff, claim, Form::new()).await?;
    shown.page = shown.page.saying(&mut query, &DONE);
    html(&shown)
}

/// `POST /staff/claims/{id}/confirm`: the claimant becomes one of the people of the group.
pub async fn confirm(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let claim = find(&app, &id).await?;
    let duty = form.choice("duty", "役割", |key| {
        [Duty::Representative, Duty::Member].into_iter().find(|duty| duty.key() == key)
    });
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, claim.group_id).await?;
    let people = member::of_group(&transaction, claim.group_id).await?;
    if duty == Some(Duty::Representative) && duty::representative(&people).is_some() {
        form.fault("duty", "この団体には、すでに代表者がいます。担当者を選んでください。");
    }
    let (Some(duty), true) = (duty, form.is_fine()) else {
        transaction.rollback().await?;
        return unfit(&page(&app, &staff, claim, form).await?);
    };
    let actor = staff.actor();
    // Somebody else may have decided first; their decision stands and the page tells it.
    if !super::decide(&transaction, claim.id, ("confirmed", &actor.name, ""), app.clock.now()).await? {
        transaction.rollback().await?;
        return Ok(see(&claim.path()));
    }
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let joined = people.iter().any(|person| person.mail == claim.mail);
    take_in(&transaction, &app, (&claim, joined), duty, by).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=confirmed", claim.path())))
}

/// Makes the claimant a member and tells them, and whoever reads the address on file.
async fn take_in(
    db: &impl ConnectionTrait,
    app: &App,
    (claim, joined): (&Claim, bool),
    duty: Duty,
    by: By<'_>,
) -> Result<(), Error> {
    let (city, now) = (app.city(), app.clock.now());
    let account = account::ensure(db, &claim.mail, &claim.name, now).await?;
    if !joined || duty == Duty::Representative {
        member::join(db, (claim.group_id, account.id), duty, &by.actor.name, now).await?;
    }
    noted(db, claim, ("受取りの承認", duty.label()), by, now).await?;
    let desk = desk(app, &city, claim);
    let to = (claim.mail.as_str(), claim.name.as_str());
    let mut letters = vec![desk.welcome(&letters::CLAIM_CONFIRMED, to, &[("役割", duty.label())])?];
    let draft = history::load(db, claim.group_id).await?.ok_or(Error::NotFound)?;
    let on_file = draft.contact(ContactKind::Mail).map(|contact| account::address_key(&contact.value));
    if let Some(mail) = on_file.filter(|mail| *mail != claim.mail) {
        let values = [("受け取った方", claim.name.as_str()), ("役割", duty.label())];
        letters.push(desk.write(&letters::CLAIM_TOLD, (&mail, ""), &values)?);
    }
    people::post_letters(db, app, &letters).await
}

fn desk<'a>(app: &'a App, city: &'a crate::city::City, claim: &'a Claim) -> Desk<'a> {
    Desk { city, base_url: &app.config.base_url, group: (claim.group_id, &claim.group_name) }
}

async fn noted(
    db: &impl ConnectionTrait,
    claim: &Claim,
    (action, duty): (&str, &str),
    by: By<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let change = (json!({ "状態": "確認待ち" }), json!({ "申し込んだ方": claim.mail, "役割": duty }));
    let group = (claim.group_id, claim.group_name.as_str());
    Ok(duty::note(db, group, (action, "claim", claim.id), change, by, now).await?)
}

/// `POST /staff/claims/{id}/refuse`: says no, with a reason that the claimant reads.
pub async fn refuse(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let claim = find(&app, &id).await?;
    let reason = form.needed_block("reason", "理由", 500);
    if !form.is_fine() {
        return unfit(&page(&app, &staff, claim, form).await?);
    }
    let (city, now, actor) = (app.city(), app.clock.now(), staff.actor());
    let transaction = db::begin(&app.db).await?;
    if !super::decide(&transaction, claim.id, ("refused", &actor.name, &reason), now).await? {
        transaction.rollback().await?;
        return Ok(see(&claim.path()));
    }
    let by = By { actor: &actor, channel: Channel::Screen, reason: &reason };
    noted(&transaction, &claim, ("受取りのお断り", ""), by, now).await?;
    let to = (claim.mail.as_str(), claim.name.as_str());
    let letter = desk(&app, &city, &claim).write(&letters::CLAIM_REFUSED, to, &[("理由", &reason)])?;
    people::post_letters(&transaction, &app, &[letter]).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=refused", claim.path())))
}
