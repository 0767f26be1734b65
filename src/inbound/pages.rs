//! The mails that came in, for staff: what became of each and why, and marking it as dealt with.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::stored::{self, InboundMail};
use super::{STAFF, staff_path};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::error::Error;
use crate::text::day;
use crate::web::{Form, Frame, Pager, Query, Staff, html, query, see};
use crate::{db, mail};

/// Mails of one page of the list.
const LISTED: usize = 100;
/// What a redirect to a mail may say.
const DONE: [(&str, &str); 1] = [("settled", "処理済みにしました。")];

fn moment(at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day::long(local.date_naive()), local.format("%H:%M"))
}

#[derive(Template)]
#[template(path = "inbound/list.html")]
struct ListPage {
    page: Frame,
    zone: chrono_tz::Tz,
    mails: Vec<InboundMail>,
    list: Pager,
}

impl ListPage {
    fn came(&self, mail: &InboundMail) -> String {
        moment(mail.received_at, self.zone)
    }
}

/// `GET /staff/inbound`: what came in, newest first.
pub async fn index(State(app): State<App>, mut query: Query, staff: Staff) -> Result<Response, Error> {
    let address = |page: usize| query::link(STAFF, &[("page", &page.to_string())]);
    let list = Pager::new(stored::count(&app.db).await?, query.page(), LISTED, address);
    let (skip, most) = (list.first.saturating_sub(1) as i64, LISTED as i64);
    html(&ListPage {
        page: Frame::own(&app, STAFF, &staff.0).ignoring(query.into_ignored()),
        zone: app.city().profile.zone,
        mails: stored::list(&app.db, skip, most).await?,
        list,
    })
}

#[derive(Template)]
#[template(path = "inbound/look.html")]
struct LookPage {
    page: Frame,
    came: String,
    settled: String,
    letter: String,
    stale: bool,
    mail: InboundMail,
}

fn looked(app: &App, staff: &Staff, mail: InboundMail) -> LookPage {
    let zone = app.city().profile.zone;
    LookPage {
        page: Frame::own(app, &mail.path(), &staff.0),
        came: moment(mail.received_at, zone),
        settled: mail.done_at.map(|at| moment(at, zone)).unwrap_or_default(),
        letter: mail.letter_id.map(mail::letter_path).unwrap_or_default(),
        stale: false,
        mail,
    }
}

async fn found(db: &impl sea_orm::ConnectionTrait, id: &str) -> Result<InboundMail, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    stored::find(db, id).await?.ok_or(Error::NotFound)
}

/// `GET /staff/inbound/{id}`: one mail, its head and its text.
pub async fn look(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    staff: Staff,
) -> Result<Response, Error> {
    let page = looked(&app, &staff, found(&app.db, &id).await?);
    let frame = page.page.saying(&mut query, &DONE);
    html(&LookPage { page: frame.ignoring(query.into_ignored()), ..page })
}

/// `POST /staff/inbound/{id}`: marks a mail as dealt with.
pub async fn settle(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    _form: Form,
) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    let mail = found(&transaction, &id).await?;
    let actor = staff.actor();
    if !stored::settle(&transaction, mail.id, &actor.name, now).await? {
        let page = LookPage { stale: true, ..looked(&app, &staff, mail) };
        return Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response());
    }
    let event = Event {
        actor: &actor,
        channel: Channel::Screen,
        action: "届いたメールへの対応",
        noun: "inbound_mail",
        noun_id: mail.id.to_string(),
        group_id: None,
        title: mail.title(),
        before: serde_json::json!({ "状態": "対応待ち" }),
        after: serde_json::json!({ "状態": "処理済み" }),
        reason: "",
    };
    audit::record(&transaction, event, now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=settled", staff_path(mail.id))))
}
