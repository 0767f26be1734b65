//! `/staff/audit`: the trail, one line of it, and the narrowed trail as a file.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::fields::{Field, Reader};
use super::query::Asked;
use super::words;
use crate::app::App;
use crate::audit::trail::{self, Line};
use crate::audit::{self, Channel, Event};
use crate::city::City;
use crate::db::statement;
use crate::error::Error;
use crate::office::download;
use crate::plan;
use crate::table::Cell;
use crate::text::day;
use crate::web::{Form, Frame, Query, Staff, html, query::link};

/// Lines of a page.
const PAGE: usize = 50;
/// Lines of a file, a little under what a sheet of a workbook can hold.
const FILE: u64 = 1_000_000;

#[derive(Template)]
#[template(path = "office/trail.html")]
struct TrailPage<'a> {
    page: Frame,
    city: &'a City,
    asked: Asked,
    staff: Vec<(Uuid, String)>,
    group: Option<String>,
    is_later: bool,
    lines: Vec<Line>,
    older: Option<String>,
}

impl TrailPage<'_> {
    fn nouns(&self) -> &'static [(&'static str, &'static str)] {
        &words::NOUNS
    }

    fn noun<'l>(&self, line: &'l Line) -> &'l str {
        words::noun(&line.noun)
    }

    fn channels(&self) -> Vec<Channel> {
        [Channel::Screen].into_iter().chain(Channel::ON_BEHALF).chain([Channel::Command, Channel::System]).collect()
    }

    fn moment(&self, line: &Line) -> String {
        moment(self.city, line.at)
    }
}

fn moment(city: &City, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&city.profile.zone);
    format!("{} {}", day::long(local.date_naive()), local.format("%-H:%M"))
}

/// `GET /staff/audit`: the newest lines first, narrowed.
pub(super) async fn trail(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let city = app.city();
    let asked = Asked::read(&mut query);
    let after = query.choice("after", "続き", |typed| typed.parse::<Uuid>().ok());
    let mut lines = trail::find(&app.db, &asked.filter(city.profile.zone), after, PAGE as u64 + 1).await?;
    let is_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let older = lines.last().filter(|_| is_more).map(|last| {
        let last = last.id.to_string();
        let pairs = asked.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str())).chain([("after", last.as_str())]);
        link(super::TRAIL, &pairs.collect::<Vec<_>>())
    });
    let group = match asked.group {
        Some(id) => crate::groups::history::load(&app.db, id).await?.map(|group| group.name),
        None => None,
    };
    html(&TrailPage {
        page: Frame::own(&app, super::TRAIL, &staff.0).ignoring(query.into_ignored()),
        city: &city,
        staff: people(&app.db).await?,
        group,
        is_later: after.is_some(),
        asked,
        lines,
        older,
    })
}

/// The people of the office, who make most of the trail.
async fn people(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, String)>, DbErr> {
    let sql = "SELECT id, name, mail FROM accounts WHERE role IN ('staff', 'admin') ORDER BY name, mail LIMIT 300";
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    let named = rows.iter().map(|row| {
        let (name, mail): (String, String) = (row.try_get("", "name")?, row.try_get("", "mail")?);
        Ok((row.try_get("", "id")?, if name.is_empty() { mail } else { name }))
    });
    named.collect()
}

#[derive(Template)]
#[template(path = "office/trail_line.html")]
struct LinePage {
    page: Frame,
    line: Line,
    moment: String,
    noun: String,
    group: Option<String>,
    fields: Vec<Field>,
}

/// `GET /staff/audit/{id}`: one line with everything that changed, field by field.
pub(super) async fn line(State(app): State<App>, staff: Staff, Path(typed): Path<String>) -> Result<Response, Error> {
    let id: Uuid = typed.parse().map_err(|_| Error::NotFound)?;
    let line = trail::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let city = app.city();
    let group = match line.group_id {
        Some(id) => crate::groups::history::load(&app.db, id).await?.map(|group| group.name),
        None => None,
    };
    html(&LinePage {
        page: Frame::own(&app, &format!("{}/{id}", super::TRAIL), &staff.0),
        moment: moment(&city, line.at),
        noun: words::noun(&line.noun).to_owned(),
        fields: reader(&app, &city).await?.differences(&line.before, &line.after),
        group,
        line,
    })
}

async fn reader<'a>(app: &App, city: &'a City) -> Result<Reader<'a>, Error> {
    let codes = plan::by_codes(&app.db).await?;
    let items: HashMap<String, String> = codes.into_iter().map(|((_, code), id)| (id.to_string(), code)).collect();
    Ok(Reader { city, items })
}

const HEADINGS: [&str; 10] =
    ["日時", "だれが", "方法", "したこと", "種類", "対象", "変わった欄", "変更前", "変更後", "理由"];

/// `POST /staff/audit/export`: the narrowed trail as a file, a line for every field that changed.
pub(super) async fn export(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Error> {
    let city = app.city();
    let pairs: Vec<(&str, &str)> = form.values().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = Asked::read(&mut Query::parse(link("", &pairs).trim_start_matches('?')));
    let format = download::format(form.get("format")).ok_or(Error::NotFound)?;
    let lines = trail::find(&app.db, &asked.filter(city.profile.zone), None, FILE).await?;
    let reader = reader(&app, &city).await?;
    let rows: Vec<Vec<Cell>> = lines.iter().flat_map(|line| rows(line, &reader)).collect();
    let event = Event {
        actor: &staff.actor(),
        channel: Channel::Screen,
        action: "記録の書き出し",
        noun: "audit",
        noun_id: String::new(),
        group_id: asked.group,
        title: "操作の記録",
        before: serde_json::Value::Null,
        after: serde_json::json!({ "lines": lines.len(), "format": format.extension() }),
        reason: "",
    };
    audit::record(&app.db, event, app.clock.now()).await?;
    download::file(format, ("kyodo-audit", "操作の記録"), &HEADINGS, rows)
}

fn rows(line: &Line, reader: &Reader) -> Vec<Vec<Cell>> {
    let local = line.at.with_timezone(&reader.city.profile.zone);
    let mut fields = reader.differences(&line.before, &line.after);
    if fields.is_empty() {
        fields.push(Field { label: String::new(), before: String::new(), after: String::new() });
    }
    let row = |field: Field| {
        [
            local.format("%Y-%m-%d %H:%M:%S").to_string(),
            line.actor.clone(),
            line.channel().label().to_owned(),
            line.action.clone(),
            words::noun(&line.noun).to_owned(),
            line.title.clone(),
            field.label,
            field.before,
            field.after,
            line.reason.clone(),
        ]
        .into_iter()
        .map(Cell::Text)
        .collect()
    };
    fields.into_iter().map(row).collect()
}
