//! The question as a group sees it: by a personal link, by a code from paper, or signed in.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::answer::Answer;
use super::answering::{self, Said};
use super::link::{self, Opened};
use super::on_file::{self, Line};
use super::{confirmation, question};
use crate::accounts::limit::{self, SHEETS_FROM_NETWORK};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::db;
use crate::error::Error;
use crate::groups::{history, member};
use crate::text::day;
use crate::web::{Form, Frame, Member, Network, Query, html, see, unfit};

/// Longest text to the office, in characters.
const WORDS: usize = 1_000;
/// What is said after an answer.
const DONE: [(&str, &str); 4] = [
    ("unchanged", "「内容に変更ありません」とのお答えを受け取りました。ご協力ありがとうございました。"),
    ("told", "直すところの連絡を受け取りました。担当課が名簿を直します。ご協力ありがとうございました。"),
    ("ending", "お知らせを受け取りました。担当課から確かめのご連絡をすることがあります。"),
    ("already", "すでにお答えをいただいています。もう一度お答えいただく必要はありません。"),
];

#[derive(Template)]
#[template(path = "groups/renewal/enter.html")]
struct EnterPage {
    page: Frame,
    form: Form,
}

/// `GET /confirm`: where the code of a sheet is typed in; a QR code brings it along.
pub(super) async fn enter(State(app): State<App>, from: Network, mut query: Query) -> Result<Response, Error> {
    let code = query.text("code", "番号");
    let form = Form::filled([("code", code.clone())]);
    if code.is_empty() {
        return html(&EnterPage { page: Frame::new(&app, super::CONFIRM), form });
    }
    lead_on(&app, &from, form).await
}

/// `POST /confirm`: leads to the question that the code belongs to.
pub(super) async fn entered(State(app): State<App>, from: Network, mut form: Form) -> Result<Response, Error> {
    form.needed_line("code", "番号", 100);
    lead_on(&app, &from, form).await
}

async fn lead_on(app: &App, from: &Network, mut form: Form) -> Result<Response, Error> {
    if form.is_fine() {
        if !limit::count(&app.db, SHEETS_FROM_NETWORK, &from.0, app.clock.now()).await? {
            return Err(Error::TooMany);
        }
        let code = form.get("code").to_owned();
        if link::of_code(&app.db, &code).await?.is_some() {
            limit::uncount(&app.db, SHEETS_FROM_NETWORK, &from.0, app.clock.now()).await?;
            return Ok(see(&super::confirm_path(&crate::chance::typed_paper_code(&code))));
        }
        form.fault(
            "code",
            "この番号は見つかりません。用紙の番号をもう一度お確かめください。新しい用紙が届いているときは、新しいほうの番号をお使いください。",
        );
    }
    unfit(&EnterPage { page: Frame::new(app, super::CONFIRM), form })
}

/// An answer that was given before.
struct Given {
    label: &'static str,
    when: String,
}

#[derive(Template)]
#[template(path = "groups/renewal/confirm.html")]
struct ConfirmPage {
    page: Frame,
    form: Form,
    action: String,
    name: String,
    due: Option<String>,
    confirmed: Option<String>,
    lines: Vec<Line>,
    given: Option<Given>,
    closed: Option<String>,
    edit_path: Option<String>,
    back: Option<String>,
}

/// `GET /confirm/{key}`: everything on file, and the ways to answer.
pub(super) async fn show(State(app): State<App>, Path(key): Path<String>, mut query: Query) -> Result<Response, Error> {
    let opened = link::open(&app.db, &key).await?.ok_or(Error::NotFound)?;
    let mut page = by_link(&app, &key, &opened, Form::new()).await?;
    page.page = page.page.saying(&mut query, &DONE);
    if opened.round.is_open() { html(&page) } else { Ok((StatusCode::GONE, html(&page)?).into_response()) }
}

/// `POST /confirm/{key}`: takes the answer.
pub(super) async fn answer(State(app): State<App>, Path(key): Path<String>, mut form: Form) -> Result<Response, Error> {
    let opened = link::open(&app.db, &key).await?.ok_or(Error::NotFound)?;
    if !opened.round.is_open() {
        return Ok((StatusCode::GONE, html(&by_link(&app, &key, &opened, form).await?)?).into_response());
    }
    let Some((answer, words)) = read(&mut form) else {
        return unfit(&by_link(&app, &key, &opened, form).await?);
    };
    let done = take(&app, opened.asked.group_id, (answer, &words), &opened.actor()).await?;
    Ok(see(&format!("{}?done={done}", super::confirm_path(&key))))
}

/// The answer of a form with what was written to the office; nothing when there are faults.
fn read(form: &mut Form) -> Option<(Answer, String)> {
    let answer = form.choice("answer", "お答え", |key| match Answer::from_key(key)? {
        answer @ (Answer::Unchanged | Answer::Told | Answer::Dissolved | Answer::Resting) => Some(answer),
        _ => None,
    })?;
    let words = match answer {
        Answer::Told => form.needed_block("told_words", "直すところ", WORDS),
        Answer::Dissolved | Answer::Resting => form.block("ending_words", "担当課へのひとこと", WORDS),
        _ => String::new(),
    };
    form.is_fine().then_some((answer, words))
}

async fn take(
    app: &App,
    group_id: Uuid,
    (answer, words): (Answer, &str),
    actor: &Actor,
) -> Result<&'static str, Error> {
    let transaction = db::begin(&app.db).await?;
    let said = Said { answer, words, actor, channel: Channel::Screen };
    let taken = answering::take(&transaction, group_id, said, app.today(), app.clock.now()).await?;
    transaction.commit().await?;
    Ok(match (taken, answer) {
        (false, _) => "already",
        (true, Answer::Unchanged) => "unchanged",
        (true, Answer::Told) => "told",
        (true, _) => "ending",
    })
}

async fn by_link(app: &App, key: &str, opened: &Opened, form: Form) -> Result<ConfirmPage, Error> {
    let group_id = opened.asked.group_id;
    let mut page = on_page(app, group_id, Frame::new(app, super::CONFIRM), form).await?;
    page.action = super::confirm_path(key);
    page.due = Some(day::long(opened.round.due_on));
    page.closed = opened.round.closed_at.map(|at| local_day(app, at));
    page.given =
        opened.asked.answered_at.map(|at| Given { label: opened.asked.answer().label(), when: local_day(app, at) });
    let has_members = !member::of_group(&app.db, group_id).await?.is_empty();
    page.edit_path = has_members.then(|| super::own_profile_path(group_id));
    Ok(page)
}

async fn on_page(app: &App, group_id: Uuid, frame: Frame, form: Form) -> Result<ConfirmPage, Error> {
    let draft = history::load(&app.db, group_id).await?.ok_or(Error::NotFound)?;
    Ok(ConfirmPage {
        page: frame,
        form,
        action: String::new(),
        due: None,
        confirmed: draft.confirmed_on.map(day::long),
        lines: on_file::lines(&draft, &app.city()),
        name: draft.name,
        given: None,
        closed: None,
        edit_path: None,
        back: None,
    })
}

fn local_day(app: &App, at: DateTime<Utc>) -> String {
    day::long(at.with_timezone(&app.city().profile.zone).date_naive())
}

/// `GET /me/groups/{id}/confirm`: the same question for a member.
pub(super) async fn own_question(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let mut page = for_member(&app, &member, id, Form::new()).await?;
    page.page = page.page.saying(&mut query, &DONE);
    html(&page)
}

/// `POST /me/groups/{id}/confirm`: takes a member's answer; without an open round it still confirms an old record.
pub(super) async fn own_answer(
    State(app): State<App>,
    member: Member,
    Path(id): Path<Uuid>,
    mut form: Form,
) -> Result<Response, Error> {
    member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    if !form.sent("answer") {
        form.set("answer", Answer::Unchanged.key());
    }
    let Some((answer, words)) = read(&mut form) else {
        return unfit(&for_member(&app, &member, id, form).await?);
    };
    let mut done = take(&app, id, (answer, &words), &member.actor()).await?;
    if done == "already" && answer == Answer::Unchanged && question::open_question(&app.db, id).await?.is_some() {
        let transaction = db::begin(&app.db).await?;
        let by = (&member.actor(), Channel::Screen);
        confirmation::confirm(&transaction, id, app.today(), by, app.clock.now()).await?;
        transaction.commit().await?;
        done = "unchanged";
    }
    Ok(see(&format!("{}?done={done}", super::own_confirm_path(id))))
}

async fn for_member(app: &App, member: &Member, id: Uuid, form: Form) -> Result<ConfirmPage, Error> {
    member::of(&app.db, member.account.id, id).await?.ok_or(Error::NotFound)?;
    let path = super::own_confirm_path(id);
    let mut page = on_page(app, id, Frame::own(app, &path, member), form).await?;
    let open = question::open_question(&app.db, id).await?;
    page.due = open.as_ref().and_then(|question| question.due_on).map(day::long);
    if open.is_none() {
        page.given = page.confirmed.clone().map(|when| Given { label: "確認済み", when });
    }
    page.edit_path = Some(super::own_profile_path(id));
    page.back = Some(super::own_path(id));
    page.action = path;
    Ok(page)
}
