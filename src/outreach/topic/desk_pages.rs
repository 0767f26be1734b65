//! The menu as staff keep it: `/staff/outreach/topics`, year by year, with the days on which no sessions are held.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;
use validator::Validate;

use super::topic::{self, Draft, Topic};
use crate::app::App;
use crate::audit::{self, Actor, Channel, Event};
use crate::clock::new_id;
use crate::db;
use crate::error::Error;
use crate::outreach::availability::person;
use crate::outreach::rules;
use crate::text::{day, wareki};
use crate::web::{Form, Frame, Member, Query, Staff, html, see, unfit};

/// Where the menu is kept.
pub const TOPICS: &str = "/staff/outreach/topics";

const DONE: [(&str, &str); 5] = [
    ("kept", "メニューを保存しました。市民のページにも出ています。"),
    ("copied", "前の年度のメニューを写しました。内容を確かめてください。"),
    ("retired", "メニューから外しました。受け付けた申込は、そのまま進められます。"),
    ("back", "メニューに戻しました。"),
    ("closed", "休みの日を保存しました。"),
];

#[derive(Template)]
#[template(path = "outreach/topic/list.html")]
struct ListPage {
    page: Frame,
    year: i32,
    label: String,
    years: Vec<(i32, String)>,
    topics: Vec<(Topic, String)>,
    closures: Vec<(chrono::NaiveDate, String, String)>,
    form: Form,
    can_copy: bool,
}

async fn list_page(app: &App, member: &Member, (year, form): (i32, Form)) -> Result<ListPage, Error> {
    let this_year = wareki::fiscal_year(app.today());
    let people = person::all(&app.db).await?;
    let mut topics = Vec::new();
    for topic in topic::of_year(&app.db, year).await? {
        let speakers = topic::speakers(&app.db, topic.id).await?;
        let names = people.iter().filter(|one| speakers.contains(&one.account_id)).map(|one| one.shown_name());
        let names: Vec<&str> = names.collect();
        let words = if names.is_empty() { "だれでも".to_owned() } else { names.join("、") };
        topics.push((topic, words));
    }
    let mut years = topic::years(&app.db).await?;
    years.extend([this_year, this_year + 1]);
    years.sort_unstable_by(|one, other| other.cmp(one));
    years.dedup();
    let closures = rules::closures(&app.db).await?.into_iter().filter(|(on, _)| *on >= app.today());
    Ok(ListPage {
        page: Frame::own(app, TOPICS, member),
        can_copy: topics.is_empty() && !topic::offered(&app.db, year - 1).await?.is_empty(),
        label: wareki::fiscal_year_label(year),
        years: years.into_iter().map(|year| (year, wareki::fiscal_year_label(year))).collect(),
        closures: closures.map(|(on, words)| (on, day::long(on), words)).collect(),
        topics,
        year,
        form,
    })
}

/// `GET /staff/outreach/topics?year=`.
pub async fn list(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let year = query.choice("year", "年度", |key| key.parse().ok().filter(|year| (2000..2200).contains(year)));
    let year = year.unwrap_or_else(|| wareki::fiscal_year(app.today()));
    let mut shown = list_page(&app, &member, (year, Form::new())).await?;
    shown.page = shown.page.saying(&mut query, &DONE).ignoring(query.into_ignored());
    html(&shown)
}

/// `POST /staff/outreach/topics/copy`: the menu of a year starts as that of the year before.
pub async fn copy(State(app): State<App>, Staff(member): Staff, form: Form) -> Result<Response, Error> {
    let year: i32 = form.get("year").parse().map_err(|_| Error::NotFound)?;
    let actor = member.actor();
    let transaction = db::begin(&app.db).await?;
    let count = topic::copy_year(&transaction, (year - 1, year), (&actor.name, app.clock.now())).await?;
    let label = wareki::fiscal_year_label(year);
    tell(&transaction, &app, (&actor, &year.to_string(), &label), ("出前のメニューを写す", json!({ "件数": count })))
        .await?;
    transaction.commit().await?;
    Ok(see(&format!("{TOPICS}?year={year}&done=copied")))
}

/// `POST /staff/outreach/closures`: closes a day, or opens it again.
pub async fn close(State(app): State<App>, Staff(member): Staff, mut form: Form) -> Result<Response, Error> {
    let words = form.line("words", "休む理由", 100);
    let Some(on) = form.day("day", "休みの日") else {
        form.fault("day", "休みの日を書いてください。");
        let year = wareki::fiscal_year(app.today());
        return unfit(&list_page(&app, &member, (year, form)).await?);
    };
    let opens = form.has("open", "1");
    let actor = member.actor();
    let transaction = db::begin(&app.db).await?;
    let why = (!opens).then_some(words.as_str());
    rules::close(&transaction, on, why, (&actor.name, app.clock.now())).await?;
    let action = if opens { "出前の休みの日を取り消す" } else { "出前の休みの日" };
    tell(&transaction, &app, (&actor, &on.to_string(), &day::long(on)), (action, json!({ "理由": words }))).await?;
    transaction.commit().await?;
    Ok(see(&format!("{TOPICS}?done=closed")))
}

#[derive(Template)]
#[template(path = "outreach/topic/form.html")]
struct FormPage {
    page: Frame,
    form: Form,
    topic: Option<Topic>,
    people: Vec<(String, String)>,
    label: String,
    most: i32,
    stale: bool,
}

async fn form_page(app: &App, member: &Member, (topic, form): (Option<Topic>, Form)) -> Result<FormPage, Error> {
    let year = topic.as_ref().map_or_else(|| form.get("year").parse().unwrap_or_default(), |topic| topic.fiscal_year);
    let people = person::all(&app.db).await?;
    Ok(FormPage {
        page: Frame::own(app, TOPICS, member),
        people: people.iter().map(|one| (one.account_id.to_string(), one.shown_name().to_owned())).collect(),
        label: wareki::fiscal_year_label(year),
        most: rules::Rules::of(&app.city()).most_minutes,
        stale: false,
        topic,
        form,
    })
}

/// `GET /staff/outreach/topics/new?year=`.
pub async fn new(State(app): State<App>, Staff(member): Staff, mut query: Query) -> Result<Response, Error> {
    let year = query.choice("year", "年度", |key| key.parse::<i32>().ok().filter(|year| (2000..2200).contains(year)));
    let year = year.unwrap_or_else(|| wareki::fiscal_year(app.today()));
    let form = Form::filled([
        ("id", new_id().to_string()),
        ("year", year.to_string()),
        ("length", "60".to_owned()),
        ("people", "1".to_owned()),
        ("section", app.city().profile.office.section.clone()),
    ]);
    html(&form_page(&app, &member, (None, form)).await?)
}

fn read(form: &mut Form, (year, most): (i32, i32)) -> Option<Draft> {
    let length = form.number("length", "時間の長さ", 15, most);
    let people = form.number("people", "伺う職員の数", 1, 6);
    for (name, value, label) in [("length", length, "時間の長さ"), ("people", people, "伺う職員の数")] {
        if value.is_none() {
            form.fault(name, format!("{label}を数字で書いてください。"));
        }
    }
    let draft = Draft {
        fiscal_year: year,
        title: form.needed_line("title", "題", 100),
        summary: form.block("summary", "内容", 2_000),
        section: form.needed_line("section", "担当課", 100),
        length_minutes: length.unwrap_or_default(),
        people_needed: people.unwrap_or_default(),
        brings: form.line("brings", "職員が持っていく物", 500),
        asks: form.line("asks", "用意してもらう物", 500),
        speakers: form.all("speaker").iter().filter_map(|id| Uuid::parse_str(id).ok()).collect(),
    };
    (form.is_fine() && draft.validate().is_ok()).then_some(draft)
}

/// `POST /staff/outreach/topics/new`.
pub async fn add(State(app): State<App>, Staff(member): Staff, mut form: Form) -> Result<Response, Error> {
    let year: i32 = form.get("year").parse().map_err(|_| Error::NotFound)?;
    let most = rules::Rules::of(&app.city()).most_minutes;
    let Some(draft) = read(&mut form, (year, most)) else {
        return unfit(&form_page(&app, &member, (None, form)).await?);
    };
    let id = Uuid::parse_str(form.get("id")).unwrap_or_else(|_| new_id());
    let (actor, now) = (member.actor(), app.clock.now());
    let speakers = known(&app, &draft).await?;
    let draft = Draft { speakers, ..draft };
    let transaction = db::begin(&app.db).await?;
    if topic::insert(&transaction, (id, None), &draft, (&actor.name, now)).await? {
        tell(&transaction, &app, (&actor, &id.to_string(), &draft.title), ("出前のメニューに加える", words(&draft)))
            .await?;
        transaction.commit().await?;
    }
    Ok(see(&format!("{TOPICS}?year={year}&done=kept")))
}

/// Only people of the office can be speakers.
async fn known(app: &App, draft: &Draft) -> Result<Vec<Uuid>, Error> {
    let people = person::all(&app.db).await?;
    Ok(draft.speakers.iter().copied().filter(|id| people.iter().any(|one| one.account_id == *id)).collect())
}

/// `GET /staff/outreach/topics/{id}`.
pub async fn edit(State(app): State<App>, Path(id): Path<Uuid>, Staff(member): Staff) -> Result<Response, Error> {
    let topic = topic::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut form = Form::filled([
        ("version", topic.version.to_string()),
        ("title", topic.title.clone()),
        ("summary", topic.summary.clone()),
        ("section", topic.section.clone()),
        ("length", topic.length_minutes.to_string()),
        ("people", topic.people_needed.to_string()),
        ("brings", topic.brings.clone()),
        ("asks", topic.asks.clone()),
    ]);
    for speaker in topic::speakers(&app.db, id).await? {
        form.add("speaker", speaker.to_string());
    }
    html(&form_page(&app, &member, (Some(topic), form)).await?)
}

/// `POST /staff/outreach/topics/{id}`.
pub async fn change(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    mut form: Form,
) -> Result<Response, Error> {
    let topic = topic::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let most = rules::Rules::of(&app.city()).most_minutes;
    let Some(draft) = read(&mut form, (topic.fiscal_year, most)) else {
        return unfit(&form_page(&app, &member, (Some(topic), form)).await?);
    };
    let draft = Draft { speakers: known(&app, &draft).await?, ..draft };
    let (actor, version) = (member.actor(), form.get("version").parse().unwrap_or_default());
    let transaction = db::begin(&app.db).await?;
    if !topic::update(&transaction, (id, version), &draft, app.clock.now()).await? {
        form.set("version", topic.version.to_string());
        let mut shown = form_page(&app, &member, (Some(topic), form)).await?;
        shown.stale = true;
        return unfit(&shown);
    }
    tell(&transaction, &app, (&actor, &id.to_string(), &draft.title), ("出前のメニューの変更", words(&draft))).await?;
    transaction.commit().await?;
    Ok(see(&format!("{TOPICS}?year={}&done=kept", topic.fiscal_year)))
}

/// `POST /staff/outreach/topics/{id}/retirement`: takes a topic off the menu, or puts it back.
pub async fn retire(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Staff(member): Staff,
    form: Form,
) -> Result<Response, Error> {
    let topic = topic::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let back = form.has("back", "1");
    let actor = member.actor();
    let transaction = db::begin(&app.db).await?;
    if topic::retire(&transaction, id, !back, app.clock.now()).await? {
        let action = if back { "出前のメニューに戻す" } else { "出前のメニューから外す" };
        tell(&transaction, &app, (&actor, &id.to_string(), &topic.title), (action, json!(null))).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{TOPICS}?year={}&done={}", topic.fiscal_year, if back { "back" } else { "retired" })))
}

/// Leads back from the address of an act.
pub async fn to_list() -> Response {
    Redirect::to(TOPICS).into_response()
}

fn words(draft: &Draft) -> serde_json::Value {
    json!({
        "題": draft.title,
        "担当課": draft.section,
        "長さ(分)": draft.length_minutes,
        "職員の数": draft.people_needed,
    })
}

async fn tell(
    db: &impl ConnectionTrait,
    app: &App,
    (actor, id, title): (&Actor, &str, &str),
    (action, after): (&str, serde_json::Value),
) -> Result<(), sea_orm::DbErr> {
    let event = Event {
        actor,
        channel: Channel::Screen,
        action,
        noun: "outreach",
        noun_id: id.to_owned(),
        group_id: None,
        title,
        before: json!(null),
        after,
        reason: "",
    };
    audit::record(db, event, app.clock.now()).await
}
