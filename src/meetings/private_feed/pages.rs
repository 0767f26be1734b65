//! The pages on which somebody makes, lists and revokes their private feeds: signed in, or by the personal link of an invitation.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::Datelike;
use serde_json::json;

use super::record::{self, Feed, MOST, Owner};
use super::{OWN, path};
use crate::accounts::limit::{self, FEEDS_OF_ADDRESS};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::db;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::{reply_path, rights};
use crate::text::day;
use crate::web::query::link as address;
use crate::web::{Form, Frame, Member, Query, html, qr, see};

/// What was just done.
const DONE: [(&str, &str); 1] =
    [("revoked", "そのカレンダーを止めました。登録した端末では、次の更新から読めなくなります。")];

/// Somebody with feeds of their own.
struct Holder {
    owner: Owner,
    actor: Actor,
    frame: Frame,
    /// Address of the page.
    place: String,
    /// Whose meetings the feed carries, in words.
    whose: String,
    /// Where the page leads back to.
    back: (String, &'static str),
}

/// The address of a feed that was just made, in every form in which it is needed.
struct Address {
    https: String,
    webcal: String,
    google: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "meetings/private_feed/feeds.html")]
struct FeedsPage {
    page: Frame,
    place: String,
    whose: String,
    back: (String, &'static str),
    feeds: Vec<Feed>,
    made: Option<Address>,
    is_full: bool,
}

impl FeedsPage {
    fn made_on(&self, feed: &Feed) -> String {
        day::long(feed.created_at.date_naive())
    }

    fn fetched_on(&self, feed: &Feed) -> String {
        match feed.fetched_on {
            Some(on) => format!("{}月{}日に読み込み", on.month(), on.day()),
            None => "まだ読み込まれていません".to_owned(),
        }
    }
}

async fn signed_in(app: &App, member: &Member) -> Result<Holder, Error> {
    let groups = member::of_account(&app.db, member.account.id).await?;
    let mut names: Vec<&str> = groups.iter().map(|one| one.group_name.as_str()).collect();
    if member.is_staff() {
        names.insert(0, "市が招集する会議");
    }
    Ok(Holder {
        owner: Owner::Account(member.account.id, member.account.mail.clone()),
        actor: member.actor(),
        frame: Frame::own(app, OWN, member),
        place: OWN.to_owned(),
        whose: names.join("、"),
        back: (crate::accounts::ME.to_owned(), "マイページ"),
    })
}

async fn by_link(app: &App, token: &str) -> Result<Holder, Error> {
    let opened = rights::holder(app, token).await?;
    let place = format!("{}/feeds", reply_path(token));
    Ok(Holder {
        owner: Owner::Seat(opened.seat.id, opened.mail.clone()),
        actor: opened.actor(),
        frame: Frame::new(app, &place),
        place,
        whose: opened.seat.name.clone(),
        back: (reply_path(token), "出欠の返事"),
    })
}

/// `GET /me/feeds`.
pub async fn own(State(app): State<App>, query: Query, member: Member) -> Result<Response, Error> {
    shown(&app, signed_in(&app, &member).await?, query).await
}

/// `GET /rsvp/{token}/feeds`.
pub async fn of_link(State(app): State<App>, Path(token): Path<String>, query: Query) -> Result<Response, Error> {
    shown(&app, by_link(&app, &token).await?, query).await
}

async fn shown(app: &App, mut holder: Holder, mut query: Query) -> Result<Response, Error> {
    holder.frame = holder.frame.saying(&mut query, &DONE).ignoring(query.into_ignored());
    listed(app, holder, None).await
}

async fn listed(app: &App, holder: Holder, made: Option<Address>) -> Result<Response, Error> {
    let feeds = record::of_owner(&app.db, &holder.owner).await?;
    html(&FeedsPage {
        page: holder.frame,
        place: holder.place,
        whose: holder.whose,
        back: holder.back,
        is_full: feeds.len() >= MOST,
        feeds,
        made,
    })
}

/// `POST /me/feeds`: shows the address of the new feed, this once.
pub async fn make_own(State(app): State<App>, member: Member) -> Result<Response, Error> {
    made(&app, signed_in(&app, &member).await?).await
}

/// `POST /rsvp/{token}/feeds`.
pub async fn make_by_link(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    made(&app, by_link(&app, &token).await?).await
}

async fn made(app: &App, holder: Holder) -> Result<Response, Error> {
    let now = app.clock.now();
    if holder.whose.is_empty() {
        return Err(Error::NotFound);
    }
    let transaction = db::begin(&app.db).await?;
    if !limit::count(&transaction, FEEDS_OF_ADDRESS, holder.owner.mail(), now).await? {
        return Err(Error::TooMany);
    }
    let Some(token) = record::make(&transaction, &holder.owner, now).await? else {
        drop(transaction);
        return listed(app, holder, None).await;
    };
    record_act(&transaction, &holder, "自分の会議のカレンダーの作成", now).await?;
    transaction.commit().await?;
    let https = format!("{}{}", app.config.base_url, path(&token));
    let webcal = https.split_once("://").map_or(https.clone(), |(_, rest)| format!("webcal://{rest}"));
    let google = address("https://calendar.google.com/calendar/r", &[("cid", webcal.as_str())]);
    let qr = qr(&https, "qr", "自分の会議のカレンダーのQRコード");
    listed(app, holder, Some(Address { https, webcal, google, qr })).await
}

/// `POST /me/feeds/revocation`.
pub async fn revoke_own(State(app): State<App>, member: Member, form: Form) -> Result<Response, Error> {
    revoked(&app, signed_in(&app, &member).await?, form).await
}

/// `POST /rsvp/{token}/feeds/revocation`.
pub async fn revoke_by_link(State(app): State<App>, Path(token): Path<String>, form: Form) -> Result<Response, Error> {
    revoked(&app, by_link(&app, &token).await?, form).await
}

async fn revoked(app: &App, holder: Holder, form: Form) -> Result<Response, Error> {
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    if record::revoke(&transaction, &holder.owner, form.get("feed"), now).await? {
        record_act(&transaction, &holder, "自分の会議のカレンダーの停止", now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=revoked", holder.place)))
}

async fn record_act(
    db: &impl sea_orm::ConnectionTrait,
    holder: &Holder,
    action: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), sea_orm::DbErr> {
    let (noun, id) = match &holder.owner {
        Owner::Account(id, _) => ("account", id),
        Owner::Seat(id, _) => ("meeting_seat", id),
    };
    let event = Event {
        actor: &holder.actor,
        channel: Channel::Screen,
        action,
        noun,
        noun_id: id.to_string(),
        group_id: None,
        title: &holder.whose,
        before: json!(null),
        after: json!(null),
        reason: "",
    };
    audit::record(db, event, now).await
}
