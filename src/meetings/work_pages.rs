//! The page on which those who convene a meeting work on it, and fixing, moving and cancelling it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use super::calendar_entry;
use super::convening::{self, Room};
use super::desk::Desk;
use super::form;
use super::meeting::{self, Meeting};
use super::poll::date;
use super::rights::Work;
use super::seat::{self, Seat};
use super::subject::Venue;
use super::tasks::decision::{self, Told};
use super::work_path;
use crate::app::App;
use crate::city::facility;
use crate::db;
use crate::error::Error;
use crate::text::day;
use crate::web::{Form, Frame, Query, html, see, unfit};

/// What was just done.
const DONE: [(&str, &str); 7] = [
    ("convened", "会議を招集する準備ができました。次は日程です。"),
    ("changed", "会議の内容を保存しました。"),
    ("fixed", "日時を決め、予定のカレンダーに載せました。"),
    ("moved", "日時と場所を変え、予定のカレンダーも直しました。"),
    ("held", "会議を「開催済み」にしました。次は議事録です。"),
    ("published", "議事録を公開しました。招いた団体への手紙は、送り出すまで届きません。"),
    ("cancelled", "会議を中止にしました。予定のカレンダーに【中止】と出ています。"),
];

/// A meeting's day in words, such as 令和8年12月3日(木) 10:00〜11:30; empty while none is fixed.
pub(super) fn when(meeting: &Meeting, zone: Tz) -> String {
    let (Some(starts), Some(ends)) = (meeting.starts_at, meeting.ends_at) else { return String::new() };
    let (starts, ends) = (starts.with_timezone(&zone), ends.with_timezone(&zone));
    format!("{} {}〜{}", day::long(starts.date_naive()), starts.format("%-H:%M"), ends.format("%-H:%M"))
}

#[derive(Template)]
#[template(path = "meetings/work.html")]
struct WorkPage {
    page: Frame,
    meeting: Meeting,
    when: String,
    place: String,
    wish: String,
    seats: Vec<Seat>,
    /// What was decided and given to do.
    tasks: Vec<Told>,
    /// Which step comes next: notice, day or minutes; nothing before there is a day.
    next: &'static str,
    is_staff: bool,
}

impl WorkPage {
    fn is_next(&self, step: &str) -> bool {
        self.next == step
    }
}

/// The step that comes next once there is a day.
fn next_step(meeting: &Meeting, today: NaiveDate, zone: Tz) -> &'static str {
    match (meeting.starts_at, meeting.held_at, meeting.published_at) {
        (None, ..) | (.., Some(_)) => "",
        (_, Some(_), None) => "minutes",
        (Some(at), None, None) if at.with_timezone(&zone).date_naive() <= today => "day",
        (Some(_), None, None) => "notice",
    }
}

/// `GET /meetings/{id}/work`.
pub async fn show(State(app): State<App>, mut query: Query, Work { member, meeting }: Work) -> Result<Response, Error> {
    let facilities = facility::all(&app.db).await?;
    let hall = facilities.iter().find(|one| Some(one.id) == meeting.facility_id);
    let page = Frame::own(&app, &meeting.work_path(), &member).saying(&mut query, &DONE);
    html(&WorkPage {
        page: page.ignoring(query.into_ignored()),
        when: when(&meeting, app.city().profile.zone),
        place: calendar_entry::place(&meeting, hall),
        wish: format!(
            "{}のあいだの {}〜{}",
            day::span(meeting.first_day, meeting.last_day),
            meeting.opens,
            meeting.closes
        ),
        seats: seat::of_meeting(&app.db, meeting.id).await?,
        tasks: decision::of_meeting(&app.db, meeting.id).await?,
        next: next_step(&meeting, app.today(), app.city().profile.zone),
        is_staff: member.is_staff(),
        meeting,
    })
}

#[derive(Template)]
#[template(path = "meetings/day.html")]
struct DayPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    room: &'a Room,
    stale: bool,
}

impl DayPage<'_> {
    fn halls(&self) -> Vec<(String, &str)> {
        self.room.facilities.iter().map(|hall| (hall.key.clone(), hall.name.as_str())).collect()
    }

    fn towns(&self) -> Vec<(String, &str)> {
        self.room.city.towns.iter().map(|town| (town.key.clone(), town.name.as_str())).collect()
    }
}

/// `GET /meetings/{id}/day`: asks for the day, or for another one; a candidate of the poll fills the form in.
pub async fn ask_day(State(app): State<App>, mut query: Query, work: Work) -> Result<Response, Error> {
    let room = Room::open(&app, &work.member).await?;
    let mut meeting = work.meeting.clone();
    let chosen = query.choice("date", "候補日", |typed| Uuid::parse_str(typed).ok());
    let dates = date::of_meeting(&app.db, meeting.id).await?;
    if let Some(one) = dates.into_iter().find(|one| Some(one.id) == chosen) {
        (meeting.starts_at, meeting.ends_at) = (Some(one.starts_at), Some(one.ends_at));
        if !one.venue().is_open() {
            (meeting.facility_id, meeting.town_key, meeting.place) = (one.facility_id, one.town_key, one.place);
        }
    }
    let form = day_form(&meeting, &room);
    let page = Frame::own(&app, &format!("{}/day", meeting.path()), &work.member).ignoring(query.into_ignored());
    html(&DayPage { page, meeting: &work.meeting, form: &form, room: &room, stale: false })
}

fn day_form(meeting: &Meeting, room: &Room) -> Form {
    let mut form = form::filled(meeting, &[], &[], &room.choices());
    if let (Some(starts), Some(ends)) = (meeting.starts_at, meeting.ends_at) {
        let zone = room.city.profile.zone;
        let (starts, ends) = (starts.with_timezone(&zone), ends.with_timezone(&zone));
        form.set("on", starts.date_naive().to_string());
        form.set("begins", starts.format("%H:%M").to_string());
        form.set("ends", ends.format("%H:%M").to_string());
    }
    form
}

/// `POST /meetings/{id}/day`: fixes the day, or moves it, in the calendar as well.
pub async fn fix_day(
    State(app): State<App>,
    Work { member, meeting }: Work,
    mut form: Form,
) -> Result<Response, Error> {
    let room = Room::open(&app, &member).await?;
    let page = || Frame::own(&app, &format!("{}/day", meeting.path()), &member);
    let Some((span, venue)) = read_day(&mut form, &room) else {
        return unfit(&DayPage { page: page(), meeting: &meeting, form: &form, room: &room, stale: false });
    };
    let version = form.get("version").parse().unwrap_or_default();
    let host = app.config.host();
    let desk = Desk::open(&app, &room.city, &host);
    let transaction = db::begin(&app.db).await?;
    if !meeting::fix(&transaction, (meeting.id, version), span, &venue, (member.account.shown_name(), desk.now)).await?
    {
        let current = meeting::find(&transaction, meeting.id).await?.ok_or(Error::NotFound)?;
        form.set("version", current.version.to_string());
        return unfit(&DayPage { page: page(), meeting: &current, form: &form, room: &room, stale: true });
    }
    calendar_entry::keep(&transaction, &desk, meeting.id).await?;
    let moved = meeting::find(&transaction, meeting.id).await?.ok_or(Error::NotFound)?;
    let zone = room.city.profile.zone;
    let told = (json!({ "日時": when(&meeting, zone) }), json!({ "日時": when(&moved, zone) }));
    let (done, action) = if meeting.fixed_at.is_some() {
        ("moved", "会議の日時の変更")
    } else {
        ("fixed", "会議の日時の決定")
    };
    let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
    convening::record(&transaction, &member.actor(), about, action, told, desk.now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done={done}", work_path(meeting.id))))
}

/// Start and end.
type Span = (DateTime<Utc>, DateTime<Utc>);

fn read_day(form: &mut Form, room: &Room) -> Option<(Span, Venue)> {
    let on = form.day("on", "日にち");
    if on.is_none() {
        form.fault("on", "日にちを書いてください。");
    }
    let (begins, ends) = (form::clock(form, "begins"), form::clock(form, "ends"));
    if let (Some(begins), Some(ends)) = (begins, ends)
        && ends <= begins
    {
        form.fault("ends", "終わりの時刻は、始まりよりあとにしてください。");
    }
    let venue = form::read_venue(form, &room.choices());
    if venue.facility_id.is_none() && venue.place.is_empty() {
        form.fault("place", "場所を書くか、会場を一覧から選んでください。");
    }
    let zone = room.city.profile.zone;
    let (on, begins, ends) = (on?, begins?, ends?);
    form.is_fine().then(|| ((moment(on, begins, zone), moment(on, ends, zone)), venue))
}

/// A time of day on a day, where the city is.
pub(super) fn moment(on: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let at = on.and_time(time);
    zone.from_local_datetime(&at).earliest().map_or_else(|| at.and_utc(), |moment| moment.to_utc())
}

#[derive(Template)]
#[template(path = "meetings/cancel.html")]
struct CancelPage<'a> {
    page: Frame,
    meeting: &'a Meeting,
    form: &'a Form,
    when: String,
}

/// `GET /meetings/{id}/cancellation`: asks why.
pub async fn ask_cancel(State(app): State<App>, work: Work) -> Result<Response, Error> {
    html(&cancel_page(&app, &work, &Form::new()))
}

fn cancel_page<'a>(app: &App, work: &'a Work, form: &'a Form) -> CancelPage<'a> {
    let page = Frame::own(app, &format!("{}/cancellation", work.meeting.path()), &work.member);
    CancelPage { page, meeting: &work.meeting, form, when: when(&work.meeting, app.city().profile.zone) }
}

/// `POST /meetings/{id}/cancellation`.
pub async fn cancel(State(app): State<App>, work: Work, mut form: Form) -> Result<Response, Error> {
    let reason = form.needed_line("reason", "中止の理由", 300);
    if !form.is_fine() {
        return unfit(&cancel_page(&app, &work, &form));
    }
    let (city, host, meeting) = (app.city(), app.config.host(), &work.meeting);
    let desk = Desk::open(&app, &city, &host);
    let transaction = db::begin(&app.db).await?;
    if meeting::cancel(&transaction, meeting.id, &reason, (work.member.account.shown_name(), desk.now)).await? {
        calendar_entry::keep(&transaction, &desk, meeting.id).await?;
        let told = (json!(null), json!({ "中止の理由": reason }));
        let about = (meeting.id, meeting.title.as_str(), meeting.convener_group);
        convening::record(&transaction, &work.member.actor(), about, "会議の中止", told, desk.now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=cancelled", work_path(meeting.id))))
}
