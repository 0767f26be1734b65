//! The page on which staff set up and give their one-time password.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::accounts::limit::{self, PASSWORDS_OF_ACCOUNT};
use crate::accounts::{
    Account, KEPT, RECOVERY_CODES, STAFF, Session, account, kept_form, second_factor, session, sign_in,
};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Member, Query, Staff, html, qr, see, unfit, who};

/// What is said of a password that is wrong or used.
const WRONG: &str = "数字が違うか、すでに使われています。アプリに新しい数字が出るのを待って、入れてください。";

#[derive(Template)]
#[template(path = "accounts/totp.html")]
struct TotpPage {
    page: Frame,
    form: Form,
    next: String,
    hint: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/totp_setup.html")]
struct SetUpPage {
    page: Frame,
    form: Form,
    next: String,
    hint: Option<String>,
    secret: String,
    qr: String,
}

impl SetUpPage {
    /// The secret as a person reads it out and types it.
    fn groups_of_four(&self) -> Vec<&str> {
        let letters = self.secret.as_str();
        (0..letters.len()).step_by(4).map(|at| &letters[at..letters.len().min(at + 4)]).collect()
    }
}

#[derive(Template)]
#[template(path = "accounts/recovery_renewal.html")]
struct RenewalPage {
    page: Frame,
    form: Form,
    codes_left: i64,
}

#[derive(Template)]
#[template(path = "accounts/recovery_codes.html")]
struct CodesPage {
    page: Frame,
    next: String,
    mail: String,
    codes: Vec<String>,
}

/// Staff whose one-time password is still to come; everybody else is led to where they belong.
async fn waiting(app: &App, headers: &HeaderMap, next: &str) -> Result<Result<(Session, Account), Response>, Error> {
    let Some((session, account)) = who::session_of(app, headers).await? else {
        return Ok(Err(Error::SignIn(next.to_owned()).into_response()));
    };
    if !account.role().is_staff() || session.second_factor_at.is_some() {
        return Ok(Err(onward(&account, next)));
    }
    if !account.totp_secret.is_empty() {
        return Ok(Ok((session, account)));
    }
    second_factor::prepare(&app.db, account.id).await?;
    let account = account::find(&app.db, account.id).await?.ok_or(Error::NotFound)?;
    Ok(Ok((session, account)))
}

fn onward(account: &Account, next: &str) -> Response {
    let home = if account.role().is_staff() { STAFF } else { crate::accounts::ME };
    see(if next.is_empty() { home } else { next })
}

fn page(app: &App, account: &Account, form: Form, next: &str) -> Result<Response, Error> {
    let (page, next) = (Frame::new(app, crate::accounts::SECOND_FACTOR), next.to_owned());
    let hint = app.config.demo.then(|| second_factor::hint(account, app.clock.now())).flatten();
    if account.totp_since.is_some() {
        let show: fn(&_) -> _ = if form.is_fine() { html } else { unfit };
        return show(&TotpPage { page, form, next, hint });
    }
    let issuer = format!("{} 協働", app.city().profile.name);
    let qr = qr(
        &second_factor::address(account, &issuer).unwrap_or_default(),
        "qr qr-secret",
        "認証アプリで読み取るQRコード",
    );
    let show: fn(&_) -> _ = if form.is_fine() { html } else { unfit };
    show(&SetUpPage { page, form, next, hint, secret: account.totp_secret.clone(), qr })
}

/// `GET /sign-in/totp`.
pub async fn show(State(app): State<App>, headers: HeaderMap, mut query: Query) -> Result<Response, Error> {
    let next = query.choice("next", "行き先", |next| Some(sign_in::local_path(next).to_owned()));
    let is_kept = who::cookie(&app, &headers, kept_form::pages::COOKIE).is_some();
    let next = if is_kept { KEPT.to_owned() } else { next.unwrap_or_default() };
    match waiting(&app, &headers, &next).await? {
        Err(elsewhere) => Ok(elsewhere),
        Ok((_, account)) => page(&app, &account, Form::new(), &next),
    }
}

/// `POST /sign-in/totp`: a one-time password, or a recovery code in its place.
pub async fn give(State(app): State<App>, headers: HeaderMap, mut form: Form) -> Result<Response, Error> {
    let next = sign_in::local_path(form.get("next")).to_owned();
    let (session, account) = match waiting(&app, &headers, &next).await? {
        Err(elsewhere) => return Ok(elsewhere),
        Ok(found) => found,
    };
    let (now, whose) = (app.clock.now(), account.id.to_string());
    if !limit::count(&app.db, PASSWORDS_OF_ACCOUNT, &whose, now).await? {
        return Err(Error::TooMany);
    }
    let transaction = db::begin(&app.db).await?;
    let taken = take(&transaction, &account, &mut form, now).await?;
    let Some(codes) = taken else {
        transaction.rollback().await?;
        return page(&app, &account, form, &next);
    };
    session::pass_second_factor(&transaction, session.id, now).await?;
    limit::uncount(&transaction, PASSWORDS_OF_ACCOUNT, &whose, now).await?;
    transaction.commit().await?;
    match codes.is_empty() {
        true => Ok(onward(&account, &next)),
        false => show_codes(&app, &account, codes, next),
    }
}

/// Takes what was typed: nothing when it was wrong, and then a fault says so; new recovery codes after the set-up.
async fn take(
    tx: &impl ConnectionTrait,
    account: &Account,
    form: &mut Form,
    now: DateTime<Utc>,
) -> Result<Option<Vec<String>>, Error> {
    let actor = Actor::account(account.id, account.shown_name());
    if account.totp_since.is_none() {
        if second_factor::confirm(tx, account, form.get("code"), now).await? {
            record(tx, account, &actor, "ワンタイムパスワードの設定", now).await?;
            return Ok(Some(second_factor::make_codes(tx, account.id).await?));
        }
    } else if form.sent("recovery") {
        if second_factor::take_code(tx, account.id, form.get("recovery"), now).await? {
            record(tx, account, &actor, "回復コードの使用", now).await?;
            return Ok(Some(Vec::new()));
        }
        form.fault("recovery", "この回復コードは使えません。使っていないコードを、印刷した紙から書き写してください。");
        return Ok(None);
    } else if second_factor::pass(tx, account, form.get("code"), now).await? {
        return Ok(Some(Vec::new()));
    }
    form.set("code", "");
    form.fault("code", WRONG);
    Ok(None)
}

async fn record(
    tx: &impl ConnectionTrait,
    account: &Account,
    actor: &Actor,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "account",
        noun_id: account.id.to_string(),
        group_id: None,
        title: account.shown_name(),
        before: serde_json::Value::Null,
        after: serde_json::Value::Null,
        reason: "",
    };
    Ok(audit::record(tx, event, now).await?)
}

fn show_codes(app: &App, account: &Account, codes: Vec<String>, next: String) -> Result<Response, Error> {
    let page = Frame::new(app, crate::accounts::SECOND_FACTOR);
    html(&CodesPage { page, next, mail: account.mail.clone(), codes })
}

/// `POST /sign-in/totp/noted`: the recovery codes are written down; on to where they were going.
pub async fn noted(member: Member, form: Form) -> Response {
    onward(&member.account, sign_in::local_path(form.get("next")))
}

/// `GET /me/recovery-codes`: how many are left, and new ones for a one-time password.
pub async fn renewal(State(app): State<App>, Staff(member): Staff) -> Result<Response, Error> {
    let codes_left = second_factor::codes_left(&app.db, member.account.id).await?;
    html(&RenewalPage { page: Frame::own(&app, RECOVERY_CODES, &member), form: Form::new(), codes_left })
}

/// `POST /me/recovery-codes`: ten new codes in place of the old ones.
pub async fn renew(State(app): State<App>, Staff(member): Staff, mut form: Form) -> Result<Response, Error> {
    let (account, now, whose) = (&member.account, app.clock.now(), member.account.id.to_string());
    if !limit::count(&app.db, PASSWORDS_OF_ACCOUNT, &whose, now).await? {
        return Err(Error::TooMany);
    }
    let transaction = db::begin(&app.db).await?;
    if !second_factor::pass(&transaction, account, form.get("code"), now).await? {
        transaction.rollback().await?;
        form.set("code", "");
        form.fault("code", WRONG);
        let codes_left = second_factor::codes_left(&app.db, account.id).await?;
        return unfit(&RenewalPage { page: Frame::own(&app, RECOVERY_CODES, &member), form, codes_left });
    }
    let codes = second_factor::make_codes(&transaction, account.id).await?;
    record(&transaction, account, &member.actor(), "回復コードの作り直し", now).await?;
    limit::uncount(&transaction, PASSWORDS_OF_ACCOUNT, &whose, now).await?;
    transaction.commit().await?;
    show_codes(&app, account, codes, crate::accounts::ME.to_owned())
}
