//! One union: everything that is shown as one, and how it is parted again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::desk_pages::{DONE, moment};
use super::{deciding, waiting};
use crate::app::App;
use crate::calendar::Desk;
use crate::calendar::union::{self, DESK, Member, Side, Union};
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// A member with what it says.
struct Line {
    side: Side,
    leads: bool,
    /// Whether it could be the one that is seen.
    can_lead: bool,
    /// What it says otherwise than the one that is seen.
    differs: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "aggregation/duplicates/union.html")]
struct UnionPage<'a> {
    page: Frame,
    form: &'a Form,
    title: String,
    url: String,
    made: String,
    by_itself: bool,
    lines: Vec<Line>,
    public_url: String,
}

impl UnionPage<'_> {
    fn differs(&self) -> bool {
        self.lines.iter().any(|line| line.differs.is_some())
    }
}

async fn found(app: &App, id: &str) -> Result<Union, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    union::find(&app.db, id).await?.ok_or(Error::NotFound)
}

async fn page<'a>(app: &App, staff: &Staff, union: &Union, form: &'a Form) -> Result<UnionPage<'a>, Error> {
    let city = app.city();
    let members = union::members(&app.db, union.id).await?;
    let ids: Vec<Uuid> = members.iter().map(|member| member.entry_id).collect();
    let mut sides = union::sides(&app.db, &city, &ids, app.today()).await?;
    let differences = union::differences(&app.db, app.today()).await?;
    let line = |member: &Member| {
        let differs = differences.iter().find(|one| one.union_id == union.id && one.entry_id == member.entry_id);
        let leads = member.entry_id == union.lead_id;
        let side = sides.remove(&member.entry_id)?;
        Some(Line { side, leads, can_lead: !leads && member.shown, differs: differs.map(waiting::sentence) })
    };
    let mut lines: Vec<Line> = members.iter().filter_map(line).collect();
    lines.sort_by_key(|line| !line.leads);
    Ok(UnionPage {
        page: Frame::own(app, DESK, &staff.0),
        title: lines.first().map(|line| line.side.title.clone()).unwrap_or_default(),
        url: union::path(union.id),
        made: format!("{}、{}", moment(union.made_at, city.profile.zone), union.made_by),
        by_itself: union.by_itself,
        public_url: crate::calendar::path(union.lead_id),
        lines,
        form,
    })
}

/// `GET /staff/duplicates/unions/{id}`: every entry that is shown as one.
pub async fn look(
    State(app): State<App>,
    Path(id): Path<String>,
    mut query: Query,
    staff: Staff,
) -> Result<Response, Error> {
    let union = found(&app, &id).await?;
    let form = Form::new();
    let page = page(&app, &staff, &union, &form).await?;
    let frame = page.page.saying(&mut query, &DONE);
    html(&UnionPage { page: frame.ignoring(query.into_ignored()), ..page })
}

/// `POST /staff/duplicates/unions/{id}/lead`: another entry is seen from now on.
pub async fn lead(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let union = found(&app, &id).await?;
    let Some(entry) = form.choice("entry", "表示する予定", |key| Uuid::parse_str(key).ok()) else {
        return unfit(&page(&app, &staff, &union, &form).await?);
    };
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk { city: &city, host: &host, now: app.clock.now(), today: app.today() };
    let transaction = db::begin(&app.db).await?;
    if !union::lead(&transaction, &desk, &union, entry, &staff.actor()).await? {
        transaction.rollback().await?;
        form.fault("entry", "その予定は、表示する予定にできません。今の内容を確かめて、もう一度選んでください。");
        return unfit(&page(&app, &staff, &found(&app, &id).await?, &form).await?);
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=lead", union::path(union.id))))
}

/// `POST /staff/duplicates/unions/{id}/parting`: all of it, or one entry, is by itself again.
pub async fn part(State(app): State<App>, Path(id): Path<String>, staff: Staff, form: Form) -> Result<Response, Error> {
    let union = found(&app, &id).await?;
    let one = Uuid::parse_str(form.get("entry")).ok();
    let (city, host) = (app.city(), app.config.host());
    let desk = Desk { city: &city, host: &host, now: app.clock.now(), today: app.today() };
    let transaction = db::begin(&app.db).await?;
    let parted = deciding::part(&transaction, &desk, (&union, one), &staff.actor()).await?;
    let goes_on = union::find(&transaction, union.id).await?.is_some();
    transaction.commit().await?;
    Ok(see(&match (parted, goes_on) {
        (true, true) => format!("{}?done=one", union::path(union.id)),
        (true, false) => format!("{DESK}?done=parted"),
        _ => DESK.to_owned(),
    }))
}

/// `POST /staff/duplicates/unions/{id}/acceptance`: what differs stays as it is.
pub async fn accept(State(app): State<App>, Path(id): Path<String>, _staff: Staff) -> Result<Response, Error> {
    let union = found(&app, &id).await?;
    let transaction = db::begin(&app.db).await?;
    union::accept(&transaction, union.id).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=accepted", union::path(union.id))))
}
