//! `/staff/groups/{id}`: all that the office knows of one group, and the ways to everything that can be done for it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::notes::{self, Note};
use super::standing::{self, Row};
use super::{contact_label, id, path};
use crate::app::App;
use crate::audit::trail::{self, Filter, Line};
use crate::city::City;
use crate::db::statement;
use crate::error::Error;
use crate::groups::{Contact, ContactKind, Draft, Membership, history, member};
use crate::mail;
use crate::office::ago;
use crate::office::desk::collected;
use crate::text::{day, kana, postal, wareki};
use crate::waiting::Waiting;
use crate::web::{Frame, Query, Staff, html};

/// Letters and lines of the trail on the page.
const SOME: u64 = 8;

/// A letter to or about the group.
#[derive(Clone, Debug, FromQueryResult)]
struct Letter {
    id: Uuid,
    subject: String,
    to_mail: String,
    state: String,
    created_at: DateTime<Utc>,
}

impl Letter {
    fn stands(&self) -> &'static str {
        mail::State::from_key(&self.state).map_or("", mail::State::label)
    }

    fn title(&self) -> String {
        mail::masked(&self.subject)
    }
}

#[derive(Template)]
#[template(path = "office/group.html")]
struct GroupPage<'a> {
    page: Frame,
    city: &'a City,
    id: Uuid,
    path: String,
    group: Draft,
    row: Row,
    contacts: Vec<Contact>,
    people: Vec<Membership>,
    waiting: Vec<Waiting>,
    notes: Vec<Note>,
    note_count: i64,
    trail: Vec<Line>,
    letters: Vec<Letter>,
    now: DateTime<Utc>,
    zone: Tz,
}

impl GroupPage<'_> {
    fn reading(&self) -> String {
        kana::hiragana(&self.group.kana)
    }

    fn label(&self, contact: &Contact) -> &'static str {
        contact_label(contact.kind)
    }

    fn value(&self, contact: &Contact) -> String {
        if contact.kind == ContactKind::Postal { postal::display(&contact.value) } else { contact.value.clone() }
    }

    fn ago(&self, since: &DateTime<Utc>) -> String {
        ago::words(*since, self.now, self.zone)
    }

    fn on(&self, moment: &DateTime<Utc>) -> String {
        wareki::date_with_weekday(moment.with_timezone(&self.zone).date_naive())
    }

    fn kind(&self) -> &str {
        self.city.group_kinds.iter().find(|kind| kind.key == self.group.kind).map_or("", |kind| &kind.name)
    }
}

/// `GET /staff/groups/{id}`.
pub(super) async fn group(
    State(app): State<App>,
    staff: Staff,
    Path(typed): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let (id, db, city) = (id(&typed)?, &app.db, app.city());
    let group = history::load(db, id).await?.ok_or(Error::NotFound)?;
    let row = standing::find(db, id).await?.ok_or(Error::NotFound)?;
    let page = Frame::own(&app, &path(id), &staff.0).saying(
        &mut query,
        &[
            ("noted", "連絡を記録しました。"),
            ("state", "状態を変えました。"),
            ("trust", "予定の承認のしかたを変えました。"),
        ],
    );
    let contact = |kind| group.contact(kind).cloned();
    html(&GroupPage {
        page: page.ignoring(query.into_ignored()),
        path: path(id),
        contacts: ContactKind::ALL.into_iter().filter_map(contact).collect(),
        people: member::of_group(db, id).await?,
        waiting: collected::of_group(db, id, app.clock.now()).await?,
        notes: notes::of_group(db, id, 5).await?,
        note_count: notes::count(db, id).await?,
        trail: trail::find(db, &Filter { group_id: Some(id), ..Filter::default() }, None, SOME).await?,
        letters: letters(db, id).await?,
        now: app.clock.now(),
        zone: city.profile.zone,
        city: &city,
        id,
        group,
        row,
    })
}

async fn letters(db: &impl ConnectionTrait, group_id: Uuid) -> Result<Vec<Letter>, DbErr> {
    let sql = "SELECT id, subject, to_mail, state, created_at FROM letters WHERE group_id = ?
        ORDER BY created_at DESC LIMIT ?";
    let values = vec![group_id.into(), (SOME as i64).into()];
    Letter::find_by_statement(statement(db.get_database_backend(), sql, values)).all(db).await
}
