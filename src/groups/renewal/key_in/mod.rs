//! Keying in answers that came on paper: find the group, press Enter, on to the next; all by keyboard, without a script.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::answer::Answer;
use super::answering::{self, Said};
use super::asked::{self, Asked};
use super::round::{self, Round};
use super::{link, round_path};
use crate::app::App;
use crate::audit::Channel;
use crate::db;
use crate::error::Error;
use crate::groups::{ContactKind, Draft, history};
use crate::text::day;
use crate::web::query::link as address;
use crate::web::{Form, Frame, Query, Staff, html, see};

/// Groups offered for what was typed.
const OFFERED: u64 = 20;
/// Answers listed for taking back.
const LATEST: u64 = 10;
/// What can be keyed in.
const ANSWERS: [(Answer, &str); 5] = [
    (Answer::Unchanged, "変更なし"),
    (Answer::Told, "変更あり(内容を直す)"),
    (Answer::Dissolved, "解散"),
    (Answer::Resting, "休止"),
    (Answer::Undeliverable, "宛先不明"),
];
const DONE: [(&str, &str); 4] = [
    ("taken", "入力しました。続けて次の回答を入力できます。"),
    ("already", "この団体の回答は、すでに入っています。変えるときは、下の一覧で取り消してから入力してください。"),
    ("undone", "取り消しました。未回答に戻っています。"),
    ("stood", "取り消せませんでした。すでに取り消されたか、ほかの方法で答えが変わっています。"),
];

/// What was found for what was typed.
enum Found {
    Nothing,
    One(Box<Shown>),
    Some(Vec<Asked>),
}

/// The group that the answer is for.
struct Shown {
    asked: Asked,
    answered: String,
    representative: String,
    phone: String,
    address: String,
}

#[derive(Template)]
#[template(path = "groups/renewal/key_in.html")]
struct KeyInPage {
    page: Frame,
    round: Round,
    due: String,
    left: i64,
    channel: Channel,
    typed: String,
    found: Option<Found>,
    latest: Vec<Asked>,
}

/// `GET /staff/rounds/{id}/key-in`: one box for a code, a number or a few letters, and what it finds.
pub(super) async fn desk(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    if !round.is_open() {
        return Ok(see(&round.path()));
    }
    let channel = query.choice("channel", "届いた方法", on_behalf).unwrap_or(Channel::Fax);
    let typed = query.text("q", "番号か名前");
    let group = query.choice("group", "団体", |id| id.parse::<Uuid>().ok());
    let found = match (group, typed.is_empty()) {
        (Some(group), _) => Some(found(&app, asked::find(&app.db, id, group).await?.into_iter().collect()).await?),
        (None, false) => Some(found(&app, search(&app, id, &typed).await?).await?),
        (None, true) => None,
    };
    let path = format!("{}/key-in", round.path());
    html(&KeyInPage {
        page: Frame::own(&app, &path, &staff.0).saying(&mut query, &DONE).ignoring(query.into_ignored()),
        due: day::long(round.due_on),
        left: round::progress(&app.db, id).await?.count(Answer::Open),
        latest: asked::keyed_in(&app.db, id, &staff.actor().name, LATEST).await?,
        round,
        channel,
        typed,
        found,
    })
}

fn on_behalf(key: &str) -> Option<Channel> {
    Channel::ON_BEHALF.into_iter().find(|channel| channel.key() == key)
}

async fn search(app: &App, round_id: Uuid, typed: &str) -> Result<Vec<Asked>, Error> {
    match link::of_code(&app.db, typed).await?.filter(|asked| asked.round_id == round_id) {
        Some(asked) => Ok(vec![asked]),
        None => Ok(asked::search(&app.db, round_id, typed, OFFERED).await?),
    }
}

async fn found(app: &App, mut groups: Vec<Asked>) -> Result<Found, Error> {
    let only = if groups.len() == 1 { groups.pop() } else { None };
    let Some(asked) = only else {
        return Ok(if groups.is_empty() { Found::Nothing } else { Found::Some(groups) });
    };
    let draft = history::load(&app.db, asked.group_id).await?.unwrap_or_default();
    let contact = |draft: &Draft, kind| draft.contact(kind).map_or_else(String::new, |found| found.value.clone());
    Ok(Found::One(Box::new(Shown {
        representative: contact(&draft, ContactKind::Representative),
        phone: contact(&draft, ContactKind::Phone),
        address: contact(&draft, ContactKind::Address),
        answered: asked.answered_at.map_or_else(String::new, |at| super::staff::local_day(app, at)),
        asked,
    })))
}

/// `POST /staff/rounds/{id}/key-in`: takes the answer and leads back to the box, or on to the record that is to be put right.
pub(super) async fn take(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    form: Form,
) -> Result<Response, Error> {
    let group: Uuid = form.get("group").parse().map_err(|_| Error::NotFound)?;
    let channel = on_behalf(form.get("channel")).unwrap_or(Channel::Fax);
    let answer = Answer::from_key(form.get("answer")).filter(|answer| ANSWERS.iter().any(|(known, _)| known == answer));
    let answer = answer.ok_or(Error::NotFound)?;
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    asked::find(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    if !round.is_open() {
        return Ok(see(&round.path()));
    }
    let actor = staff.actor();
    let said = Said { answer, words: "", actor: &actor, channel };
    let transaction = db::begin(&app.db).await?;
    let taken = answering::take(&transaction, group, said, app.today(), app.clock.now()).await?;
    transaction.commit().await?;
    if taken && answer == Answer::Told {
        return Ok(see(&address(&format!("/staff/groups/{group}/profile"), &[("channel", channel.key())])));
    }
    Ok(back(id, channel, if taken { "taken" } else { "already" }))
}

/// `POST /staff/rounds/{id}/key-in/undo`: takes a keyed-in answer back.
pub(super) async fn undo(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    form: Form,
) -> Result<Response, Error> {
    let group: Uuid = form.get("group").parse().map_err(|_| Error::NotFound)?;
    let channel = on_behalf(form.get("channel")).unwrap_or(Channel::Fax);
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    if !round.is_open() {
        return Ok(see(&round.path()));
    }
    let transaction = db::begin(&app.db).await?;
    let asked = asked::find(&transaction, id, group).await?.ok_or(Error::NotFound)?;
    let undone = answering::undo(&transaction, &asked, &staff.actor(), app.today(), app.clock.now()).await?;
    transaction.commit().await?;
    Ok(back(id, channel, if undone { "undone" } else { "stood" }))
}

fn back(id: Uuid, channel: Channel, done: &str) -> Response {
    see(&address(&format!("{}/key-in", round_path(id)), &[("channel", channel.key()), ("done", done)]))
}
