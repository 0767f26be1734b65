//! The calendar by mail for the office: how many get which feed; administrators end the letters of one address on request.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::reader::{self, Reader};
use super::subscription::{self, Count};
use super::{STAFF, choices, star};
use crate::accounts::{Role, checked_address};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::error::Error;
use crate::text::day;
use crate::web::query::link;
use crate::web::{Admin, Form, Frame, Query, Staff, html, see, unfit};
use crate::{db, mail};

/// What a redirect to the page may say.
const DONE: [(&str, &str); 2] = [
    ("ended", "お知らせメールをすべて終え、アドレスを消しました。操作の記録に残しました。"),
    ("gone", "そのアドレスの登録は、すでに終わっています。"),
];

/// A feed and how many get it.
struct Line {
    title: String,
    count: Count,
}

/// The reader of an address that an administrator looked for.
struct Found {
    reader: Reader,
    since: String,
    wants: Vec<String>,
}

#[derive(Template)]
#[template(path = "digest/staff.html")]
struct StaffPage {
    page: Frame,
    form: Form,
    is_admin: bool,
    lines: Vec<Line>,
    stars: i64,
    found: Option<Found>,
}

impl StaffPage {
    fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.count.daily + line.count.weekly).sum()
    }

    fn channels(&self) -> Vec<(String, &'static str)> {
        Channel::ON_BEHALF.into_iter().map(|channel| (channel.key().to_owned(), channel.label())).collect()
    }
}

async fn page(app: &App, page: Frame, is_admin: bool, form: Form) -> Result<StaffPage, Error> {
    let mut lines = Vec::new();
    for count in subscription::counts(&app.db).await? {
        let title = choices::title(app, &count.feed).await?;
        lines.push(Line { title: title.unwrap_or_else(|| format!("(ない配信: {})", count.feed)), count });
    }
    Ok(StaffPage { page, form, is_admin, lines, stars: star::count(&app.db).await?, found: None })
}

/// `GET /staff/digests`.
pub async fn index(State(app): State<App>, mut query: Query, staff: Staff) -> Result<Response, Error> {
    let frame = Frame::own(&app, STAFF, &staff.0).saying(&mut query, &DONE).ignoring(query.into_ignored());
    let is_admin = staff.0.account.role() == Role::Admin;
    html(&page(&app, frame, is_admin, Form::new()).await?)
}

/// `POST /staff/digests`: finds an address; it stands in no address of a page and in no log.
pub async fn find(State(app): State<App>, admin: Admin, mut form: Form) -> Result<Response, Error> {
    let frame = Frame::own(&app, STAFF, &admin.0);
    let Some(mail) = checked_address(form.get("mail")) else {
        form.fault("mail", "メールアドレスを「namae@example.jp」のように、半角で書いてください。");
        return unfit(&page(&app, frame, true, form).await?);
    };
    let Some(reader) = reader::find_by_mail(&app.db, &mail).await? else {
        form.fault("mail", "このアドレスには、お知らせメールの登録がありません。");
        return unfit(&page(&app, frame, true, form).await?);
    };
    let found = found(&app, reader).await?;
    html(&StaffPage { found: Some(found), ..page(&app, frame, true, form).await? })
}

async fn found(app: &App, reader: Reader) -> Result<Found, Error> {
    let mut wants = Vec::new();
    for one in subscription::of_reader(&app.db, reader.id).await? {
        let title = choices::title(app, &one.feed).await?.unwrap_or(one.feed.clone());
        let rests = if one.paused_at.is_some() { "(お休み中)" } else { "" };
        wants.push(format!("{title} {}{rests}", one.cadence().label()));
    }
    for star in star::of_reader(&app.db, reader.id).await? {
        wants.push(format!("{} 中止・変更のお知らせ", star.title));
    }
    let since = day::long(reader.created_at.with_timezone(&app.city().profile.zone).date_naive());
    Ok(Found { reader, since, wants })
}

/// `POST /staff/digests/{id}/ending`: ends everything for an address whose owner asked for it, and forgets it.
pub async fn end(
    State(app): State<App>,
    Path(id): Path<String>,
    admin: Admin,
    mut form: Form,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let transaction = db::begin(&app.db).await?;
    let Some(reader) = reader::find(&transaction, id).await? else {
        return Ok(see(&link(STAFF, &[("done", "gone")])));
    };
    let channel = form.choice("channel", "きっかけ", |key| {
        Channel::from_key(key).filter(|channel| Channel::ON_BEHALF.contains(channel))
    });
    let reason = form.line("reason", "理由", 200);
    let (Some(channel), true) = (channel, form.is_fine()) else {
        transaction.rollback().await?;
        let found = found(&app, reader).await?;
        let frame = Frame::own(&app, STAFF, &admin.0);
        return unfit(&StaffPage { found: Some(found), ..page(&app, frame, true, form).await? });
    };
    note(&transaction, &admin, &reader, (channel, &reason), app.clock.now()).await?;
    reader::forget(&transaction, &reader).await?;
    transaction.commit().await?;
    Ok(see(&link(STAFF, &[("done", "ended")])))
}

/// Writes into the trail that an address was ended; the address itself does not stand there.
async fn note(
    db: &impl ConnectionTrait,
    admin: &Admin,
    reader: &Reader,
    (channel, reason): (Channel, &str),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let hinted = mail::hinted(&reader.mail);
    let event = Event {
        actor: &admin.0.actor(),
        channel,
        action: "お知らせメールの終了",
        noun: "digest",
        noun_id: reader.id.to_string(),
        group_id: None,
        title: &hinted,
        before: serde_json::json!({ "状態": "送っている" }),
        after: serde_json::json!({ "状態": "すべて終え、アドレスを消した" }),
        reason,
    };
    audit::record(db, event, now).await
}
