//! One round for staff: its progress, the list of its groups, the same as a file, and what one group answered.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{desk, local_day};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::db::{self, placeholders, statement};
use crate::error::Error;
use crate::groups::renewal::answer::Answer;
use crate::groups::renewal::asked::{self, Asked, Narrowed};
use crate::groups::renewal::round::{self, Progress, Round};
use crate::groups::renewal::turning::{self, Turning};
use crate::groups::renewal::{answering, roll, round_group_path, round_path};
use crate::groups::{self, State as Life};
use crate::table::{self, Format};
use crate::text::day;
use crate::web::query::link;
use crate::web::{Form, Frame, Pager, Query, Staff, html, see};

/// Groups on one page of the list.
const PAGE: usize = 50;
/// Most groups of a round.
const ALL: u64 = 1_000_000;
/// What is said after something was done.
const DONE: [(&str, &str); 8] = [
    ("started", "更新確認を始めました。手紙は保留されています。「メール」で見本を確かめてから送り出してください。"),
    ("reminded", "まだ答えていない団体への手紙を作りました。「メール」で確かめてから送り出してください。"),
    ("reminded-before", "この画面を開いたあとに、すでにお知らせの手紙が作られています。"),
    ("nobody", "メールで知らせる相手がいません。電話か、用紙の郵送でお知らせください。"),
    ("held", "先に作った手紙がまだ保留されています。「メール」で送り出すか取り消してから、お知らせを作ってください。"),
    ("too-early", "回答期限がすぎるか、全団体の回答がそろうまで、締め切れません。"),
    ("closed", "更新確認を締め切りました。未回答の団体は、下の一覧に残っています。"),
    ("settled", "対応済みにしました。"),
];

/// A group of the list.
struct Line {
    asked: Asked,
    phone: String,
    last: String,
    answered: String,
}

#[derive(Template)]
#[template(path = "groups/renewal/round.html")]
struct RoundPage {
    page: Frame,
    round: Round,
    due: String,
    started: String,
    closed: Option<String>,
    is_past: bool,
    is_held: bool,
    progress: Progress,
    narrowed: Narrowed,
    lines: Vec<Line>,
    list: Pager,
}

/// `GET /staff/rounds/{id}`: how far a round is, and who has not answered.
pub(in crate::groups::renewal) async fn round(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let answer = query.choice("answer", "回答", Answer::from_key);
    let on_paper = query.choice("way", "案内の方法", |key| (key == "paper").then_some(())).is_some();
    let (narrowed, page) = (Narrowed { answer, on_paper }, query.page());
    let count = asked::count(&app.db, id, narrowed).await?;
    let skip = (page - 1).saturating_mul(PAGE);
    let found = asked::list(&app.db, id, narrowed, (skip as u64, PAGE as u64)).await?;
    let frame = Frame::own(&app, &round.path(), &staff.0).saying(&mut query, &DONE);
    html(&RoundPage {
        page: frame.ignoring(query.into_ignored()),
        due: day::long(round.due_on),
        started: local_day(&app, round.started_at),
        closed: round.closed_at.map(|at| local_day(&app, at)),
        is_past: round.due_on < app.today(),
        is_held: round::has_held_letters(&app.db, id).await?,
        progress: round::progress(&app.db, id).await?,
        lines: lines(&app, &round, found).await?,
        list: Pager::new(count, page, PAGE, |page| address(id, narrowed, page)),
        narrowed,
        round,
    })
}

fn address(id: Uuid, narrowed: Narrowed, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    let way = if narrowed.on_paper { "paper" } else { "" };
    link(&round_path(id), &[("answer", narrowed.answer.map_or("", Answer::key)), ("way", way), ("page", &page)])
}

async fn lines(app: &App, round: &Round, found: Vec<Asked>) -> Result<Vec<Line>, Error> {
    let ids: Vec<Uuid> = found.iter().map(|asked| asked.group_id).collect();
    let mut phones = phones(&app.db, &ids).await?;
    let line = |asked: Asked| Line {
        phone: phones.remove(&asked.group_id).unwrap_or_default(),
        last: roll::last_contact(&asked, round, |at| local_day(app, at)),
        answered: asked.answered_at.map_or_else(String::new, |at| local_day(app, at)),
        asked,
    };
    Ok(found.into_iter().map(line).collect())
}

/// Telephones of groups, published or not.
async fn phones(db: &impl ConnectionTrait, groups: &[Uuid]) -> Result<HashMap<Uuid, String>, DbErr> {
    if groups.is_empty() {
        return Ok(HashMap::new());
    }
    let marks = placeholders(groups.len());
    let sql = format!("SELECT group_id, value FROM group_contacts WHERE kind = 'phone' AND group_id IN ({marks})");
    let values = groups.iter().map(|id| (*id).into()).collect();
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "group_id")?, row.try_get("", "value")?))).collect()
}

/// `GET /staff/rounds/{id}/list.csv`: the list as a file that Excel opens.
pub(in crate::groups::renewal) async fn csv(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    query: Query,
) -> Result<Response, Error> {
    file(&app, &staff, (id, query), Format::CsvUtf8Bom).await
}

/// `GET /staff/rounds/{id}/list.xlsx`: the list as a workbook.
pub(in crate::groups::renewal) async fn workbook(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    query: Query,
) -> Result<Response, Error> {
    file(&app, &staff, (id, query), Format::Xlsx).await
}

async fn file(app: &App, _: &Staff, (id, mut query): (Uuid, Query), format: Format) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let answer = query.choice("answer", "回答", Answer::from_key);
    let found = asked::list(&app.db, id, Narrowed { answer, on_paper: false }, (0, ALL)).await?;
    let lines = roll::table(&app.db, &round, &found, |at| local_day(app, at)).await?;
    let written = table::write(format, "更新確認", &roll::HEADINGS, lines.into_iter())
        .map_err(|fault| Error::Template(fault.to_string()))?;
    let name = format!("attachment; filename=\"rounds_{}_{}.{}\"", round.fiscal_year, round.number, format.extension());
    let mut response = written.bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "groups/renewal/asked.html")]
struct AskedPage {
    page: Frame,
    round: Round,
    asked: Asked,
    answered: String,
    phone: String,
}

/// `GET /staff/rounds/{id}/groups/{group}`: what a group answered, and what staff can do about it.
pub(in crate::groups::renewal) async fn asked(
    State(app): State<App>,
    staff: Staff,
    Path((id, group)): Path<(Uuid, Uuid)>,
    mut query: Query,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let asked = asked::find(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    html(&AskedPage {
        page: Frame::own(&app, &round.path(), &staff.0).saying(&mut query, &DONE),
        phone: phones(&app.db, &[group]).await?.remove(&group).unwrap_or_default(),
        answered: asked.answered_at.map_or_else(String::new, |at| local_day(&app, at)),
        round,
        asked,
    })
}

/// `POST /staff/rounds/{id}/groups/{group}`: staff have dealt with an answer.
pub(in crate::groups::renewal) async fn settle(
    State(app): State<App>,
    staff: Staff,
    Path((id, group)): Path<(Uuid, Uuid)>,
    form: Form,
) -> Result<Response, Error> {
    let asked = asked::find(&app.db, id, group).await?.ok_or(Error::NotFound)?;
    let actor = staff.actor();
    let transaction = db::begin(&app.db).await?;
    match (form.get("action"), asked.answer()) {
        ("corrected", Answer::Told) => {
            let by = (&actor, asked.channel());
            if !answering::answered_by_edit(&transaction, group, by, app.today(), app.clock.now()).await? {
                answering::settle(&transaction, &asked, &actor, app.clock.now()).await?;
            }
        }
        ("dissolve", Answer::Dissolved) => decide(&app, &transaction, &asked, (Life::Dissolved, &actor)).await?,
        ("rest", Answer::Resting | Answer::Undeliverable) => {
            decide(&app, &transaction, &asked, (Life::Dormant, &actor)).await?;
        }
        _ => {
            answering::settle(&transaction, &asked, &actor, app.clock.now()).await?;
        }
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=settled", round_group_path(id, group))))
}

async fn decide(
    app: &App,
    transaction: &impl ConnectionTrait,
    asked: &Asked,
    (to, actor): (groups::State, &Actor),
) -> Result<(), Error> {
    if !answering::settle(transaction, asked, actor, app.clock.now()).await? {
        return Ok(());
    }
    let (city, host) = (app.city(), app.config.host());
    let action = if to == Life::Dissolved { "解散" } else { "休止" };
    let reason = format!("更新確認の回答: {} {}", asked.answer().label(), asked.words);
    let turning = Turning { to, action, reason: reason.trim() };
    let channel = if asked.is_keyed_in() { asked.channel() } else { Channel::Screen };
    turning::turn(transaction, &desk(app, &city, &host), (asked.group_id, turning), (actor, channel)).await?;
    Ok(())
}
