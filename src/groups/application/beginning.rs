//! The page that explains registration, its beginning, and the way back for those who lost their personal link.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::ConnectionTrait;

use super::application::{self, Application};
use super::letters::{self, About};
use super::link;
use super::requirement::{self, Requirement};
use super::step::Step;
use crate::accounts::checked_address;
use crate::app::App;
use crate::audit::Channel;
use crate::city::{City, Office, settings};
use crate::db;
use crate::error::Error;
use crate::mail;
use crate::web::{Form, Frame, Network, html, see, unfit};

#[derive(Template)]
#[template(path = "groups/application/new.html")]
struct NewPage<'a> {
    page: Frame,
    city: &'a City,
    office: &'a Office,
    requirements: Vec<Requirement>,
    days: i32,
    answer_days: i32,
    form: Form,
}

fn new_page(app: &App, city: &City, form: Form) -> Result<Response, Error> {
    let is_fine = form.is_fine();
    let page = NewPage {
        page: Frame::new(app, super::NEW),
        city,
        office: &city.profile.office,
        requirements: requirement::all(city),
        days: city.settings.number(settings::APPLICATION_DAYS),
        answer_days: city.settings.number(settings::ANSWER_DAYS),
        form,
    };
    if is_fine { html(&page) } else { unfit(&page) }
}

/// `GET /groups/new`: who can register, what one needs, and the button.
pub async fn new(State(app): State<App>) -> Result<Response, Error> {
    new_page(&app, &app.city(), Form::new())
}

/// `GET /groups/applications`: nothing stands here; the beginning is one page on.
pub(super) async fn back() -> Response {
    Redirect::to(super::NEW).into_response()
}

/// `POST /groups/applications`: begins an application and sends the letter with its personal link.
pub(super) async fn begin(
    State(app): State<App>,
    Network(network): Network,
    mut form: Form,
) -> Result<Response, Error> {
    let city = app.city();
    let Some(mail) = address(&mut form) else { return new_page(&app, &city, form) };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if !link::may_be_sent(&transaction, (&mail, &network), now).await? {
        return Err(Error::TooMany);
    }
    let id = application::begin(&transaction, &mail, (Channel::Screen, ""), now).await?;
    let application = application::find(&transaction, id).await?.ok_or(Error::NotFound)?;
    post_link(&transaction, &app, &application, &network).await?;
    let token = link::make(&transaction, id, ("", &network), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}/{}?done=begun", super::path(&token), Step::Name.key())))
}

/// The address of the form, or a fault beside it.
pub(super) fn address(form: &mut Form) -> Option<String> {
    let mail = checked_address(form.get("mail"));
    if mail.is_none() {
        form.fault("mail", "メールアドレスを、「mihon@example.jp」のように書いてください。");
    }
    mail
}

/// Puts a letter with a new personal link into the outbox.
pub(super) async fn post_link(
    db: &impl ConnectionTrait,
    app: &App,
    application: &Application,
    network: &str,
) -> Result<(), Error> {
    let now = app.clock.now();
    let token = link::make(db, application.id, (&application.mail, network), now).await?;
    let city = app.city();
    // The name is typed by whoever began; a stranger's address must not carry a message of theirs.
    let name = if application.is_verified() { application.name.as_str() } else { "" };
    let link = format!("{}{}", app.config.base_url, super::path(&token));
    let about = About { city: &city, mail: &application.mail, applicant: "", name, link: &link };
    mail::post(db, &about.letter(&letters::ADDRESS, &[])?, &app.config.host(), now).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "groups/application/links.html")]
struct LinksPage {
    page: Frame,
    form: Form,
    sent: bool,
}

/// `GET /groups/applications/links`: the form for a lost link.
pub(super) async fn lost(State(app): State<App>, mut query: crate::web::Query) -> Result<Response, Error> {
    let sent = query.choice("done", "お知らせ", |key| (key == "sent").then_some(true)).is_some();
    html(&LinksPage { page: Frame::new(&app, super::LINKS), form: Form::new(), sent })
}

/// `POST /groups/applications/links`: sends the links of an address again; whether there are any is told by the letter alone.
pub(super) async fn send_links(
    State(app): State<App>,
    Network(network): Network,
    mut form: Form,
) -> Result<Response, Error> {
    let Some(mail) = address(&mut form) else {
        return unfit(&LinksPage { page: Frame::new(&app, super::LINKS), form, sent: false });
    };
    let transaction = db::begin(&app.db).await?;
    if link::may_be_sent(&transaction, (&mail, &network), app.clock.now()).await? {
        for application in application::undecided_of(&transaction, &mail).await? {
            post_link(&transaction, &app, &application, &network).await?;
        }
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", super::LINKS)))
}
