//! The yearly plan (年間計画): every meeting of a fiscal year, series by series, on the screen and on A4.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use uuid::Uuid;

use super::record::{self, Series};
use super::{NEW, PLAN, rule};
use crate::app::App;
use crate::city::facility;
use crate::error::Error;
use crate::groups::member;
use crate::meetings::meeting::Meeting;
use crate::meetings::work_pages::when;
use crate::meetings::{calendar_entry, group_path};
use crate::text::{day, wareki};
use crate::web::{Frame, Member, Query, Staff, html};

/// What was just done.
const DONE: [(&str, &str); 3] = [
    ("made", "会議を作りました。まだ、どの団体にもお知らせは届いていません。"),
    ("changed", "この先の会議をまとめて直しました。"),
    ("ended", "この会議の年間計画を終えました。終わった会議と、日時の決まった会議は残っています。"),
];

/// One meeting of the plan.
struct Line {
    meeting: Meeting,
    month: String,
    when: String,
    place: String,
}

/// A series with its meetings of the year; without a series, the meetings that stand alone.
struct Part {
    series: Option<Series>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "meetings/series/plan.html")]
struct PlanPage {
    page: Frame,
    year: i32,
    label: String,
    /// The group whose plan it is; nothing for the plan of all.
    group: Option<(Uuid, String)>,
    /// Address of the plan, without a year.
    place: String,
    new: String,
    parts: Vec<Part>,
    /// How many meetings there are in each month.
    months: Vec<(u32, usize)>,
}

impl PlanPage {
    fn year_label(&self, years: i32) -> String {
        wareki::fiscal_year_label(self.year + years)
    }

    fn year_path(&self, years: i32) -> String {
        format!("{}?year={}", self.place, self.year + years)
    }

    fn count(&self) -> usize {
        self.parts.iter().map(|part| part.lines.len()).sum()
    }
}

/// `GET /staff/meetings/plan?year=2026`.
pub async fn of_all(State(app): State<App>, query: Query, Staff(member): Staff) -> Result<Response, Error> {
    shown(&app, &member, query, None).await
}

/// `GET /me/groups/{id}/meetings/plan?year=2026`: what a group convenes.
pub async fn of_group(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Query,
    member: Member,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let membership = member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    shown(&app, &member, query, Some((id, membership.group_name))).await
}

async fn shown(app: &App, member: &Member, mut query: Query, group: Option<(Uuid, String)>) -> Result<Response, Error> {
    let known = |typed: &str| typed.parse().ok().filter(|year| (2000..2100).contains(year));
    let year = query.choice("year", "年度", known).unwrap_or_else(|| wareki::fiscal_year(app.today()));
    let of = group.as_ref().map(|(id, _)| *id);
    let (place, new) = match of {
        Some(id) => (format!("{}/plan", group_path(id)), format!("{NEW}?group={id}")),
        None => (PLAN.to_owned(), format!("{PLAN}/new")),
    };
    let parts = parts(app, year, of).await?;
    let page = Frame::own(app, &place, member).saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&PlanPage {
        months: months(&parts, app.city().profile.zone),
        label: wareki::fiscal_year_label(year),
        page,
        year,
        group,
        place,
        new,
        parts,
    })
}

async fn parts(app: &App, year: i32, group: Option<Uuid>) -> Result<Vec<Part>, Error> {
    let zone = app.city().profile.zone;
    let halls = facility::all(&app.db).await?;
    let series = record::of_year(&app.db, year, group).await?;
    let mut meetings = record::meetings_of_year(&app.db, year, group).await?;
    meetings.retain(|one| wareki::fiscal_year(day_of(one, zone)) == year);
    let line = |meeting: Meeting| Line {
        month: wareki_month(day_of(&meeting, zone)),
        when: when_or_wish(&meeting, zone),
        place: calendar_entry::place(&meeting, halls.iter().find(|hall| Some(hall.id) == meeting.facility_id)),
        meeting,
    };
    let mut parts = Vec::with_capacity(series.len() + 1);
    for one in series {
        let (own, rest): (Vec<Meeting>, Vec<Meeting>) =
            meetings.into_iter().partition(|meeting| meeting.series_id == Some(one.id));
        meetings = rest;
        parts.push(Part { series: Some(one), lines: own.into_iter().map(line).collect() });
    }
    if !meetings.is_empty() {
        parts.push(Part { series: None, lines: meetings.into_iter().map(line).collect() });
    }
    Ok(parts)
}

fn wareki_month(on: NaiveDate) -> String {
    format!("{}月", on.month())
}

/// The day of a meeting where the city is: the fixed one, or else the first that is wished for.
pub(super) fn day_of(meeting: &Meeting, zone: Tz) -> NaiveDate {
    meeting.starts_at.map_or(meeting.first_day, |at| at.with_timezone(&zone).date_naive())
}

/// The day in words; while none is fixed, the one that is planned or the days that are wished for.
pub(super) fn when_or_wish(meeting: &Meeting, zone: Tz) -> String {
    if meeting.starts_at.is_some() {
        return when(meeting, zone);
    }
    if meeting.first_day == meeting.last_day {
        return format!("{}(時刻は未定)", day::long(meeting.first_day));
    }
    format!("{}(日にちは未定)", day::span(meeting.first_day, meeting.last_day))
}

fn months(parts: &[Part], zone: Tz) -> Vec<(u32, usize)> {
    let stands = |line: &&Line| line.meeting.cancelled_at.is_none();
    let of = |month: u32| {
        let lines = parts.iter().flat_map(|part| &part.lines).filter(stands);
        lines.filter(|line| day_of(&line.meeting, zone).month() == month).count()
    };
    rule::months_of_year().map(|month| (month, of(month))).collect()
}
