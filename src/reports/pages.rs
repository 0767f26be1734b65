//! The form in which anybody reports an error.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::report::{self, BODY};
use super::subject::{self, Subject};
use super::{Draft, REPORT};
use crate::accounts::checked_address;
use crate::accounts::limit::{self, REPORTS_FROM_NETWORK};
use crate::app::App;
use crate::error::Error;
use crate::web::query::link;
use crate::web::{Form, Frame, Network, Query, html, see, unfit};
use crate::{db, text};

#[derive(Template)]
#[template(path = "reports/form.html")]
struct ReportPage<'a> {
    page: Frame,
    form: &'a Form,
    subject: &'a Subject,
    sent: bool,
}

/// `GET /report?page=…`: asks what is wrong on a page of this site.
pub async fn form(State(app): State<App>, mut query: Query) -> Result<Response, Error> {
    let typed = query.text("page", "ページ");
    let subject = subject::find(&app.db, &typed).await?.ok_or(Error::NotFound)?;
    let sent = query.choice("done", "お知らせ", |key| (key == "sent").then_some(true)).unwrap_or(false);
    let page = Frame::new(&app, REPORT).ignoring(query.into_ignored());
    html(&ReportPage { page, form: &Form::new(), subject: &subject, sent })
}

/// `POST /report`: takes the report in for the office.
pub async fn send(State(app): State<App>, network: Network, mut form: Form) -> Result<Response, Error> {
    let subject = subject::find(&app.db, form.get("page")).await?.ok_or(Error::NotFound)?;
    let body = form.needed_block("body", "まちがいの内容", BODY);
    let typed = form.line("mail", "メールアドレス", 254);
    let mail = match typed.as_str() {
        "" => String::new(),
        typed => checked_address(typed).unwrap_or_else(|| {
            form.fault("mail", "メールアドレスの形を確かめてください。返事がいらないときは、空のままにします。");
            String::new()
        }),
    };
    if !form.is_fine() {
        let page = Frame::new(&app, REPORT);
        return unfit(&ReportPage { page, form: &form, subject: &subject, sent: false });
    }
    let thanks = link(REPORT, &[("page", subject.path.as_str()), ("done", "sent")]);
    // A field that no person sees: whatever fills it is a machine, and is thanked like everybody else.
    if !text::clean::line(form.get("website"), 1000).unwrap_or_default().is_empty() {
        return Ok(see(&thanks));
    }
    let now = app.clock.now();
    if !limit::count(&app.db, REPORTS_FROM_NETWORK, &network.0, now).await? {
        return Err(Error::TooMany);
    }
    let transaction = db::begin(&app.db).await?;
    report::insert(&transaction, &Draft { subject, body, mail, network: network.0 }, now).await?;
    transaction.commit().await?;
    Ok(see(&thanks))
}
