//! `/staff/accounts`: the accounts of the office, for administrators.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::office::{self, Change, Refused};
use super::shown::{self, ShownSession};
use super::{ACCOUNTS, Account, Role, account, account_path, checked_address, letters, second_factor, session};
use crate::app::App;
use crate::audit::Channel;
use crate::error::Error;
use crate::web::{Admin, Form, Frame, Query, html, see, unfit};
use crate::{db, mail};

/// What was just done.
const DONE: [(&str, &str); 5] = [
    ("added", "アカウントを登録し、本人にメールを送りました。"),
    ("changed", "変更を保存し、本人にメールを送りました。"),
    ("same", "変わったところはありません。"),
    ("reset", "ワンタイムパスワードの設定を消しました。本人は、次のサインインで設定し直します。"),
    ("ended", "この人のサインインを、すべての端末で終えました。"),
];

#[derive(Template)]
#[template(path = "accounts/staff_index.html")]
struct IndexPage {
    page: Frame,
    form: Form,
    text: String,
    accounts: Vec<Account>,
    roles: [(&'static str, &'static str); 2],
}

#[derive(Template)]
#[template(path = "accounts/staff_account.html")]
struct AccountPage {
    page: Frame,
    form: Form,
    account: Account,
    signed_in: String,
    sessions: Vec<ShownSession>,
    codes_left: i64,
    roles: [(&'static str, &'static str); 3],
}

fn choice(role: Role) -> (&'static str, &'static str) {
    (role.key(), role.label())
}

async fn index_page(app: &App, frame: Frame, text: String, form: Form) -> Result<IndexPage, Error> {
    let accounts = office::list(&app.db, &text).await?;
    Ok(IndexPage { page: frame, form, text, accounts, roles: [choice(Role::Staff), choice(Role::Admin)] })
}

/// `GET /staff/accounts?q=`: the office, or a search over every account.
pub async fn index(State(app): State<App>, Admin(admin): Admin, mut query: Query) -> Result<Response, Error> {
    let text = query.text("q", "ことば");
    let frame = Frame::own(&app, ACCOUNTS, &admin).saying(&mut query, &DONE);
    let frame = frame.ignoring(query.into_ignored());
    html(&index_page(&app, frame, text, Form::new()).await?)
}

/// `POST /staff/accounts`: adds a member of staff.
pub async fn add(State(app): State<App>, Admin(admin): Admin, mut form: Form) -> Result<Response, Error> {
    let name = form.needed_line("name", "氏名", 100);
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", "メールアドレスを「namae@example.jp」のように、半角で書いてください。");
    }
    let role = form.choice("role", "役割", |key| Role::from_key(key).filter(|role| role.is_staff()));
    let (now, city) = (app.clock.now(), app.city());
    if let (Some(mail), Some(role), true) = (mail, role, form.is_fine()) {
        let transaction = db::begin(&app.db).await?;
        if account::insert(&transaction, &mail, &name, role, now).await? {
            let account = account::find_by_mail(&transaction, &mail).await?.ok_or(Error::NotFound)?;
            let made = Change { name, role, active: true };
            let what = ("アカウントの登録", None, Some(&made));
            office::record(&transaction, &account, what, (&admin.actor(), Channel::Screen), now).await?;
            let letter = letters::added(&city, &app.config.base_url, &account)?;
            mail::post(&transaction, &letter, &app.config.host(), now).await?;
            transaction.commit().await?;
            return Ok(see(&format!("{}?done=added", account_path(account.id))));
        }
        form.fault("mail", "このアドレスには、もうアカウントがあります。上の欄で探して、役割を変えてください。");
    }
    unfit(&index_page(&app, Frame::own(&app, ACCOUNTS, &admin), String::new(), form).await?)
}

async fn account_page(app: &App, frame: Frame, account: Account, form: Form) -> Result<AccountPage, Error> {
    let (now, zone) = (app.clock.now(), app.city().profile.zone);
    Ok(AccountPage {
        page: frame,
        form,
        signed_in: account.signed_in_at.map(|at| shown::moment(at, zone)).unwrap_or_default(),
        sessions: shown::sessions(session::of_account(&app.db, &account, now).await?, None, zone),
        codes_left: second_factor::codes_left(&app.db, account.id).await?,
        roles: Role::ALL.map(choice),
        account,
    })
}

async fn found(app: &App, id: &str) -> Result<Account, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    account::find(&app.db, id).await?.ok_or(Error::NotFound)
}

/// `GET /staff/accounts/{id}`.
pub async fn show(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let account = found(&app, &id).await?;
    let frame = Frame::own(&app, ACCOUNTS, &admin).saying(&mut query, &DONE);
    let active = if account.active { "1" } else { "" };
    let form =
        [("name", account.name.clone()), ("role", account.role().key().to_owned()), ("active", active.to_owned())];
    html(&account_page(&app, frame, account, Form::filled(form)).await?)
}

/// `POST /staff/accounts/{id}`: name, role, and whether the account may sign in.
pub async fn change(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Error> {
    let (account, now, city) = (found(&app, &id).await?, app.clock.now(), app.city());
    let name = form.line("name", "氏名", 100);
    let role = form.choice("role", "役割", Role::from_key);
    if name.is_empty() && role.is_some_and(Role::is_staff) {
        form.fault("name", "職員と管理者は、氏名を書いてください。");
    }
    if let (Some(role), true) = (role, form.is_fine()) {
        let change = Change { name, role, active: form.has("active", "1") };
        let transaction = db::begin(&app.db).await?;
        let by = (&admin.actor(), Channel::Screen);
        match office::change(&transaction, &account, &change, by, now).await? {
            Ok(told) if told.is_empty() => return Ok(see(&format!("{}?done=same", account_path(account.id)))),
            Ok(told) => {
                let letter = letters::changed(&city, &account, &told.join("\n  "))?;
                mail::post(&transaction, &letter, &app.config.host(), now).await?;
                transaction.commit().await?;
                return Ok(see(&format!("{}?done=changed", account_path(account.id))));
            }
            Err(Refused::LastAdmin) => {
                let sentence = "管理者がいなくなってしまいます。先に、ほかの人を管理者にしてください。";
                form.fault("role", sentence);
            }
        }
    }
    unfit(&account_page(&app, Frame::own(&app, ACCOUNTS, &admin), account, form).await?)
}

/// `POST /staff/accounts/{id}/totp`: takes the second factor away, for somebody who lost the device.
pub async fn reset(State(app): State<App>, Admin(admin): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    let (account, now, city) = (found(&app, &id).await?, app.clock.now(), app.city());
    let transaction = db::begin(&app.db).await?;
    second_factor::reset(&transaction, account.id).await?;
    session::end_all(&transaction, account.id, now).await?;
    let what = ("ワンタイムパスワードの取消し", None, None);
    office::record(&transaction, &account, what, (&admin.actor(), Channel::Screen), now).await?;
    let told = "ワンタイムパスワードの設定を消しました。次のサインインで設定し直してください。";
    mail::post(&transaction, &letters::changed(&city, &account, told)?, &app.config.host(), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=reset", account_path(account.id))))
}

/// `POST /staff/accounts/{id}/sessions`: ends every session of somebody.
pub async fn end(State(app): State<App>, Admin(admin): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    let (account, now) = (found(&app, &id).await?, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    session::end_all(&transaction, account.id, now).await?;
    let what = ("すべての端末のサインインの終了", None, None);
    office::record(&transaction, &account, what, (&admin.actor(), Channel::Screen), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=ended", account_path(account.id))))
}
