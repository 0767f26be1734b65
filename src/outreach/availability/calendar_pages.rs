//! The page with somebody's own calendar. Only they and administrators see it, and not even they see the whole address again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde_json::Value as Json;

use super::calendar::{self, Calendar, Came};
use super::checking::{self, Unread};
use super::hours::clock;
use super::person::Person;
use super::{Desk, busy, calendar_path, found, person_path, trail};
use crate::accounts::Role;
use crate::accounts::limit::{self, CALENDARS_OF_ACCOUNT};
use crate::app::App;
use crate::db;
use crate::error::Error;
use crate::fetching::{Ask, Guard, checked_url};
use crate::outreach::request::wish::moment;
use crate::text::day;
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

/// Days for which busy times are shown.
const SHOWN: u64 = 14;
/// What was just done.
const DONE: [(&str, &str); 2] = [
    ("read", "カレンダーを読みました。手がふさがっている時間を、下で確かめてください。"),
    ("removed", "カレンダーの登録をやめました。アドレスと、読んだ時間は消しました。"),
];

#[derive(Template)]
#[template(path = "outreach/availability/calendar.html")]
struct CalendarPage<'a> {
    page: Frame,
    person: &'a Person,
    form: &'a Form,
    calendar: Option<Calendar>,
    days: Vec<(String, Vec<String>)>,
    checked: String,
    good: String,
    is_own: bool,
}

impl CalendarPage<'_> {
    fn action(&self) -> String {
        calendar_path(self.person.account_id)
    }

    fn back(&self) -> String {
        person_path(self.person.account_id)
    }
}

/// Whether somebody may see and set the calendar of a person: their own, or as an administrator.
pub(super) fn may_see(member: &Member, person: &Person) -> bool {
    member.account.id == person.account_id || member.account.role() == Role::Admin
}

async fn opened(app: &App, member: &Member, account: &str) -> Result<Person, Error> {
    let person = found(app, account).await?;
    if may_see(member, &person) { Ok(person) } else { Err(Error::NotFound) }
}

async fn calendar_page<'a>(
    app: &App,
    member: &Member,
    (person, form): (&'a Person, &'a Form),
) -> Result<CalendarPage<'a>, Error> {
    let zone = app.city().profile.zone;
    let on = |at: Option<DateTime<Utc>>| {
        let at = at.map(|at| at.with_timezone(&zone));
        at.map(|at| format!("{} {}", day::long(at.date_naive()), clock(at.time()))).unwrap_or_default()
    };
    let calendar = calendar::find(&app.db, person.account_id).await?;
    Ok(CalendarPage {
        page: Frame::own(app, &calendar_path(person.account_id), member),
        checked: on(calendar.as_ref().and_then(|calendar| calendar.checked_at)),
        good: on(calendar.as_ref().and_then(|calendar| calendar.good_at)),
        days: if calendar.is_some() { days(app, person).await? } else { Vec::new() },
        calendar,
        is_own: member.account.id == person.account_id,
        person,
        form,
    })
}

/// The busy times of the next days, day by day.
async fn days(app: &App, person: &Person) -> Result<Vec<(String, Vec<String>)>, Error> {
    let (zone, today) = (app.city().profile.zone, app.today());
    let midnight = |day: NaiveDate| moment(day, NaiveTime::MIN, zone);
    let behind = today.checked_add_days(Days::new(SHOWN)).unwrap_or(today);
    let busy = busy::of(&app.db, person.account_id, (midnight(today), midnight(behind))).await?;
    let mut days = Vec::new();
    for day in today.iter_days().take_while(|day| *day < behind) {
        let (from, until) = (midnight(day), midnight(day.succ_opt().unwrap_or(day)));
        let words = |busy: &busy::Busy| {
            let time = |at: DateTime<Utc>| clock(at.with_timezone(&zone).time());
            match (busy.starts_at <= from, busy.ends_at >= until) {
                (true, true) => "一日中".to_owned(),
                (true, false) => format!("{}まで", time(busy.ends_at)),
                (false, true) => format!("{}から", time(busy.starts_at)),
                (false, false) => format!("{}から{}", time(busy.starts_at), time(busy.ends_at)),
            }
        };
        let times: Vec<String> =
            busy.iter().filter(|busy| busy.starts_at < until && busy.ends_at > from).map(words).collect();
        if !times.is_empty() {
            days.push((day::long(day), times));
        }
    }
    Ok(days)
}

/// `GET /staff/outreach/people/{account}/calendar`.
pub async fn show(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut query: Query,
) -> Result<Response, Error> {
    let person = opened(&app, &member, &account).await?;
    let form = Form::new();
    let shown = calendar_page(&app, &member, (&person, &form)).await?;
    let page = shown.page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&CalendarPage { page, ..shown })
}

/// `POST /staff/outreach/people/{account}/calendar`: reads the calendar at once and keeps its address if that went well.
pub async fn set(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let (person, now) = (opened(&app, &member, &account).await?, app.clock.now());
    if form.get("url").trim().is_empty() {
        form.fault("url", "カレンダーのアドレスを書いてください。");
    } else if !counted(&app, &member, now).await? {
        form.fault("url", "1時間に試せる回数を超えました。しばらくしてから、もう一度お試しください。");
    }
    let came = match form.is_fine() {
        true => came(&app, &person, form.get("url")).await.map_err(|fault| form.fault("url", fault.to_string())),
        false => Err(()),
    };
    let Ok((url, came)) = came else { return unfit(&calendar_page(&app, &member, (&person, &form)).await?) };
    let transaction = db::begin(&app.db).await?;
    calendar::put(&transaction, (person.account_id, &url), &came, now).await?;
    let action = (&person, "自分のカレンダーの登録");
    trail::record(&transaction, &member.actor(), action, (Json::Null, Json::Null), now).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=read", calendar_path(person.account_id))))
}

async fn counted(app: &App, member: &Member, now: DateTime<Utc>) -> Result<bool, Error> {
    let transaction = db::begin(&app.db).await?;
    let fine = limit::count(&transaction, CALENDARS_OF_ACCOUNT, &member.account.id.to_string(), now).await?;
    transaction.commit().await?;
    Ok(fine)
}

/// The address in the form in which it is kept, and what came from there.
async fn came(app: &App, person: &Person, typed: &str) -> Result<(String, Came), Unread> {
    let url = checked_url(typed)?.to_string();
    let (guard, city, host) = (Guard::new(&app.config), app.city(), app.config.host());
    let desk = Desk::open(app, (&guard, &city, &host));
    let ask = Ask { url: url.clone(), ..Ask::default() };
    let came = checking::look(&desk, &person.mail, &ask).await?;
    Ok((url, came.ok_or(Unread::Empty)?))
}

/// `POST /staff/outreach/people/{account}/calendar/removal`.
pub async fn remove(
    State(app): State<App>,
    Path(account): Path<String>,
    Staff(member): Staff,
) -> Result<Response, Error> {
    let (person, now) = (opened(&app, &member, &account).await?, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    if calendar::remove(&transaction, person.account_id).await? {
        let action = (&person, "自分のカレンダーの登録の取りやめ");
        trail::record(&transaction, &member.actor(), action, (Json::Null, Json::Null), now).await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{}?done=removed", calendar_path(person.account_id))))
}
