//! Printing claim letters: for one group, or for many listed groups that nobody looks after yet.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Code, Unclaimed};
use crate::app::App;
use crate::audit::Channel;
use crate::city::settings;
use crate::db;
use crate::error::Error;
use crate::groups::history;
use crate::groups::people::claim_letter::{Addressee, Letter, Sender};
use crate::groups::people::duty::{self, By};
use crate::groups::people::{self, term};
use crate::web::{Form, Frame, Pager, Query, Staff, html, query, see, unfit};

/// Groups on one page of the list, and letters printed at once at most.
const PAGE: usize = 50;
const DONE: [(&str, &str); 1] = [("ended", "手紙の番号を使えなくしました。")];

#[derive(Template)]
#[template(path = "groups/people/claim_plan.html")]
struct PlanPage {
    page: Frame,
    group: String,
    base: String,
    people: String,
    is_unclaimed: bool,
    is_listed: bool,
    to: Addressee,
    open: Option<(Code, String, String)>,
    known: String,
    days: i32,
}

/// `GET /staff/groups/{id}/claim`: what the letter is, to whom it goes, and whether there is one already.
pub async fn plan(
    State(app): State<App>,
    staff: Staff,
    Path(group): Path<String>,
    mut query: Query,
) -> Result<Response, Error> {
    let (id, city) = (people::id(&group)?, app.city());
    let draft = history::load(&app.db, id).await?.ok_or(Error::NotFound)?;
    let open = super::open_of(&app.db, id).await?;
    let base = people::letter_path(id);
    html(&PlanPage {
        page: Frame::own(&app, &base, &staff.0).saying(&mut query, &DONE),
        group: draft.name.clone(),
        base,
        people: people::staff_path(id),
        is_unclaimed: super::is_unclaimed(&app.db, id).await?,
        is_listed: draft.state.is_listed(),
        to: Addressee::of(&draft),
        known: open.as_ref().map(|code| code.id.to_string()).unwrap_or_default(),
        open: open.map(|code| {
            let (made, until) = (term::day_of(&city, code.made_at), term::last_day(&city, code.expires_at));
            (code, made, until)
        }),
        days: city.settings.number(settings::CLAIM_DAYS),
    })
}

#[derive(Template)]
#[template(path = "groups/people/claim_letters.html")]
struct LettersPage {
    page: Frame,
    sender: Sender,
    letters: Vec<Letter>,
    back: String,
}

/// The letters as they are printed. The codes are kept nowhere, so this answer is the only place where they stand.
fn letters_page(app: &App, letters: Vec<Letter>, back: String) -> Result<Response, Error> {
    let sender = Sender::of(&app.city().profile, app.today());
    html(&LettersPage { page: Frame::new(app, &back), sender, letters, back })
}

/// `POST /staff/groups/{id}/claim`: makes a new code and shows its letter once.
pub async fn print(
    State(app): State<App>,
    staff: Staff,
    Path(group): Path<String>,
    form: Form,
) -> Result<Response, Error> {
    let id = people::id(&group)?;
    let transaction = db::begin(&app.db).await?;
    let letter = make(&transaction, &app, &staff, id, form.get("known")).await?;
    transaction.commit().await?;
    match letter {
        Some(letter) => letters_page(&app, vec![letter], people::letter_path(id)),
        None => Ok(see(&people::letter_path(id))),
    }
}

/// Makes the letter of one group; nothing where somebody looks after it by now, or where a button was pressed twice.
async fn make(
    db: &impl ConnectionTrait,
    app: &App,
    staff: &Staff,
    id: Uuid,
    known: &str,
) -> Result<Option<Letter>, Error> {
    let (city, now) = (app.city(), app.clock.now());
    history::hold(db, id).await?;
    let open = super::open_of(db, id).await?.map(|code| code.id.to_string()).unwrap_or_default();
    if open != known || !super::is_unclaimed(db, id).await? {
        return Ok(None);
    }
    let Some(draft) = history::load(db, id).await? else { return Ok(None) };
    let expires_at = term::after(&city, city.settings.number(settings::CLAIM_DAYS), now);
    let actor = staff.actor();
    let (code_id, number, code) = super::make(db, id, (app.today(), expires_at), &actor.name, now).await?;
    let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
    let what = ("受取りの手紙の作成", "claim_code", code_id);
    duty::note(db, (id, &draft.name), what, (Json::Null, json!({ "手紙の番号": number })), by, now).await?;
    Ok(Some(Letter::new(&draft, &app.config.base_url, (number, code), term::last_day(&city, expires_at))))
}

/// `POST /staff/groups/{id}/claim/end`: makes the code of a letter useless, as when the letter was lost.
pub async fn end(State(app): State<App>, staff: Staff, Path(group): Path<String>) -> Result<Response, Error> {
    let (id, now) = (people::id(&group)?, app.clock.now());
    let transaction = db::begin(&app.db).await?;
    let code = super::open_of(&transaction, id).await?.ok_or(Error::NotFound)?;
    if super::close(&transaction, id, "ended", now).await? {
        let actor = staff.actor();
        let by = By { actor: &actor, channel: Channel::Screen, reason: "" };
        let what = ("受取りの手紙の取消し", "claim_code", code.id);
        let change = (json!({ "手紙の番号": code.number }), Json::Null);
        duty::note(&transaction, (id, &code.group_name), what, change, by, now).await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=ended", people::letter_path(id))))
}

/// A group as a line of the list to choose from.
struct Line {
    group: Unclaimed,
    made: String,
    until: String,
}

#[derive(Template)]
#[template(path = "groups/people/claim_choose.html")]
struct ChoosePage {
    page: Frame,
    lines: Vec<Line>,
    count: usize,
    list: Pager,
    form: Form,
}

impl ChoosePage {
    /// Groups on this page that have no letter yet.
    fn without_letter(&self) -> usize {
        self.lines.iter().filter(|line| line.group.code_id.is_none()).count()
    }
}

async fn choose_page(app: &App, staff: &Staff, page: usize, form: Form) -> Result<ChoosePage, Error> {
    let city = app.city();
    let path = format!("{}/letters", people::CLAIMS);
    let count = super::count_unclaimed(&app.db).await?;
    let list = Pager::new(count, page, PAGE, |page| query::link(&path, &[("page", &page.to_string())]));
    let skipped = i64::try_from((page - 1) * PAGE).unwrap_or_default();
    let groups = super::unclaimed(&app.db, (i64::try_from(PAGE).unwrap_or_default(), skipped)).await?;
    let line = |group: Unclaimed| Line {
        made: group.made_at.map(|at| term::day_of(&city, at)).unwrap_or_default(),
        until: group.expires_at.map(|at| term::last_day(&city, at)).unwrap_or_default(),
        group,
    };
    let lines = groups.into_iter().map(line).collect();
    Ok(ChoosePage { page: Frame::own(app, &path, &staff.0), lines, count, list, form })
}

/// `GET /staff/claims/letters`: the listed groups that nobody looks after, to tick.
pub async fn choose(State(app): State<App>, staff: Staff, mut query: Query) -> Result<Response, Error> {
    let number = query.page();
    let mut shown = choose_page(&app, &staff, number, Form::new()).await?;
    shown.page = shown.page.ignoring(query.into_ignored());
    html(&shown)
}

/// `POST /staff/claims/letters`: makes a new code for each ticked group and shows the letters once.
pub async fn print_many(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    // The second button stands for every group on the page without a letter, so that nobody ticks fifty boxes.
    let chosen = if form.has("all", "1") { "fresh" } else { "group" };
    let ticked: Vec<Uuid> = form.all(chosen).into_iter().filter_map(|id| id.parse().ok()).take(PAGE).collect();
    if ticked.is_empty() {
        form.fault("group", "手紙を作る団体に印を付けてください。");
        return unfit(&choose_page(&app, &staff, 1, form).await?);
    }
    let transaction = db::begin(&app.db).await?;
    // In one order for everybody, so that two people who print at once wait for each other and not forever.
    let mut in_order = ticked.clone();
    in_order.sort();
    for id in in_order {
        history::hold(&transaction, id).await?;
    }
    let mut letters = Vec::new();
    for id in ticked {
        let known = form.get(&format!("known-{id}")).to_owned();
        letters.extend(make(&transaction, &app, &staff, id, &known).await?);
    }
    transaction.commit().await?;
    let back = format!("{}/letters", people::CLAIMS);
    if letters.is_empty() { Ok(see(&back)) } else { letters_page(&app, letters, back) }
}
