//! The pages on which somebody with a claim letter types its code and asks to look after the group.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::{Claim, Claimant, Standing};
use crate::accounts::{checked_address, limit};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::city::settings;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::people::code::{self, Code};
use crate::groups::people::duty::{self, By};
use crate::groups::people::letters::{self, Desk};
use crate::groups::people::{self, CLAIM, term};
use crate::web::{Form, Frame, Network, Query, html, see, unfit};

/// The one sentence for a code that was used, has expired or never was: guessing learns nothing from it.
const WRONG: &str = "この番号は使えません。手紙の番号(英字と数字の12文字)を、もう一度お確かめください。番号は1回だけ使え、期限があります。合っているのに進めないときは、下の連絡先へお電話ください。";

const OVER: Error = Error::LinkOver(
    "この申込みは、期限が切れたか、手紙の番号がすでに使われています。新しい手紙が要るときは、下の連絡先へお電話ください。",
);

#[derive(Template)]
#[template(path = "groups/people/claim_start.html")]
struct StartPage {
    page: Frame,
    form: Form,
}

/// `GET /claim`: asks for the code; one that comes with the QR code is filled in and nothing more.
pub async fn start(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let form = Form::filled([("code", query.text("code", "番号"))]);
    html(&StartPage { page: Frame::new(&app, CLAIM), form })
}

#[derive(Template)]
#[template(path = "groups/people/claim_apply.html")]
struct ApplyPage {
    page: Frame,
    code: Code,
    form: Form,
}

/// The code of a form. Tries are counted before the code is looked at, so that many at once are counted as well.
async fn typed(app: &App, network: &str, form: &Form) -> Result<Option<Code>, Error> {
    let now = app.clock.now();
    let within = limit::count(&app.db, limit::CLAIM_CODES_FROM_NETWORK, network, now).await?
        & limit::count(&app.db, limit::CLAIM_CODES, "", now).await?;
    if !within {
        return Err(Error::TooMany);
    }
    let code = code::of_typed(&app.db, form.get("code"), now).await?;
    if code.is_some() {
        limit::uncount(&app.db, limit::CLAIM_CODES_FROM_NETWORK, network, now).await?;
        limit::uncount(&app.db, limit::CLAIM_CODES, "", now).await?;
    }
    Ok(code)
}

fn wrong(app: &App, mut form: Form) -> Result<Response, Error> {
    form.fault("code", WRONG);
    unfit(&StartPage { page: Frame::new(app, CLAIM), form })
}

/// `POST /claim`: shows the name of the group that a code is for, and asks who claims it. Nothing changes yet.
pub async fn look_up(State(app): State<App>, Network(network): Network, form: Form) -> Result<Response, Error> {
    match typed(&app, &network, &form).await? {
        Some(code) => html(&ApplyPage { page: Frame::new(&app, CLAIM), code, form }),
        None => wrong(&app, form),
    }
}

/// `POST /claim/apply`: takes the claim down and sends a link that verifies the address.
pub async fn apply(State(app): State<App>, Network(network): Network, mut form: Form) -> Result<Response, Error> {
    let Some(code) = typed(&app, &network, &form).await? else { return wrong(&app, form) };
    let (city, now) = (app.city(), app.clock.now());
    let name = form.needed_line("name", "お名前", 60);
    let part = form.needed_line("part", "団体での役割", 60);
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", "メールアドレスの書き方が正しくありません。「hanako@example.jp」のように書いてください。");
    }
    let (Some(mail), true) = (mail, form.is_fine()) else {
        return unfit(&ApplyPage { page: Frame::new(&app, CLAIM), code, form });
    };
    let within = limit::count(&app.db, limit::INVITATIONS_TO_ADDRESS, &mail, now).await?
        & limit::count(&app.db, limit::CLAIM_LETTERS_OF_CODE, &code.id.to_string(), now).await?;
    if !within {
        return Err(Error::TooMany);
    }
    let expires_at = term::after(&city, city.settings.number(settings::INVITATION_DAYS), now).min(code.expires_at);
    let claimant = Claimant { mail, name, part, expires_at };
    let transaction = db::begin(&app.db).await?;
    let token = super::take(&transaction, &code, &claimant, now).await?;
    let desk = Desk { city: &city, base_url: &app.config.base_url, group: (code.group_id, &code.group_name) };
    let until = term::last_day(&city, expires_at);
    let letter = desk.write(&letters::CLAIM_VERIFY, (&claimant.mail, &claimant.name), &[("期限", &until)])?;
    let letter = letter.with_secret("リンク", desk.url(&people::claim_link(&token)));
    people::post_letters(&transaction, &app, &[letter]).await?;
    transaction.commit().await?;
    Ok(see("/claim/sent"))
}

#[derive(Template)]
#[template(path = "groups/people/claim_sent.html")]
struct SentPage {
    page: Frame,
}

/// `GET /claim/sent`: look into your mail.
pub async fn sent(State(app): State<App>) -> Result<Response, Error> {
    html(&SentPage { page: Frame::new(&app, CLAIM) })
}

#[derive(Template)]
#[template(path = "groups/people/claim_state.html")]
struct StatePage {
    page: Frame,
    claim: Claim,
    base: String,
}

/// `GET /claim/{token}`: a button that verifies the address, and afterwards where the claim stands.
pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let claim = super::of_token(&app.db, &token).await?.ok_or(Error::NotFound)?;
    if claim.standing() == Standing::Unverified && !still_good(&app, &claim).await? {
        return Err(OVER);
    }
    html(&StatePage { page: Frame::new(&app, CLAIM), claim, base: people::claim_link(&token) })
}

async fn still_good(app: &App, claim: &Claim) -> Result<bool, Error> {
    let now = app.clock.now();
    let open = code::open_of(&app.db, claim.group_id).await?;
    let same = open.is_some_and(|code| code.id == claim.code_id && code.expires_at > now);
    Ok(same && claim.expires_at > now && code::is_unclaimed(&app.db, claim.group_id).await?)
}

/// `POST /claim/{token}`: the address is verified, the code is used up, and the claim waits for staff.
pub async fn verify(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let claim = super::of_token(&app.db, &token).await?.ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    history::hold(&transaction, claim.group_id).await?;
    let good = code::is_unclaimed(&transaction, claim.group_id).await?;
    if !good || !super::verify(&transaction, &claim, now).await? {
        return Err(OVER);
    }
    let actor = Actor::named(&claim.mail);
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let group = (claim.group_id, claim.group_name.as_str());
    let change = (Json::Null, json!({ "お名前": claim.name, "メール": claim.mail, "団体での役割": claim.part }));
    duty::note(&transaction, group, ("受取りの申込み", "claim", claim.id), change, by, now).await?;
    transaction.commit().await?;
    Ok(see(&people::claim_link(&token)))
}
