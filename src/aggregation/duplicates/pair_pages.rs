//! Two entries side by side, and what staff decide about them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use super::candidate::{self, Candidate, State as Stands};
use super::comparing::{Folder, Likeness, compared};
use super::{deciding, reading, searching};
use crate::app::App;
use crate::calendar::Desk;
use crate::calendar::union::{self, DESK, MergeFault, Side};
use crate::db;
use crate::error::Error;
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// Two entries side by side; the one that is to be seen unless somebody chooses stands first.
pub(super) struct Compared {
    pub sides: [Side; 2],
    /// Where it stands: whoever decides has seen this.
    pub stands: Stands,
    pub likeness: Likeness,
}

impl Compared {
    /// A candidate with both sides; nothing where one of them is gone.
    pub(super) async fn of_candidate(
        app: &App,
        one: &Candidate,
        sides: &HashMap<Uuid, Side>,
    ) -> Result<Option<Self>, Error> {
        let Some((first, second)) = sides.get(&one.first_id).zip(sides.get(&one.second_id)) else { return Ok(None) };
        Self::of(app, [first.clone(), second.clone()], (one.state(), one.likeness())).await
    }

    async fn of(app: &App, sides: [Side; 2], (stands, likeness): (Stands, Likeness)) -> Result<Option<Self>, Error> {
        let order = union::candidates_for_lead(&app.db, &[sides[0].id, sides[1].id]).await?;
        let Some(lead) = order.first().copied() else { return Ok(None) };
        let [one, other] = sides;
        let sides = if one.id == lead { [one, other] } else { [other, one] };
        Ok(Some(Self { sides, stands, likeness }))
    }

    /// Name of the part of the page.
    pub(super) fn key(&self) -> String {
        format!("{}-{}", self.sides[0].id.simple(), self.sides[1].id.simple())
    }

    /// How alike they are, in words.
    pub(super) fn words(&self) -> &'static str {
        match self.likeness.score {
            85.. => "同じ予定と思われます",
            70.. => "同じ予定かもしれません",
            60.. => "似ています",
            _ => "あまり似ていません",
        }
    }
}

#[derive(Template)]
#[template(path = "aggregation/duplicates/pair.html")]
struct PairPage<'a> {
    page: Frame,
    form: &'a Form,
    pair: Compared,
    /// What was decided about it, and by whom.
    decided: Option<(Stands, String)>,
    /// The union that both are in.
    union_url: Option<String>,
    overtaken: bool,
}

#[derive(Template)]
#[template(path = "aggregation/duplicates/choose.html")]
struct ChoosePage<'a> {
    page: Frame,
    form: &'a Form,
}

/// An entry's identifier, typed as it is or as the address of one of its pages.
fn typed(text: &str) -> Option<Uuid> {
    let parts = text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
    parts.filter(|part| part.len() == 36).find_map(|part| Uuid::parse_str(part).ok())
}

/// `GET /staff/duplicates/pair?first=&second=`: two entries, as they are given by their addresses.
pub async fn look(State(app): State<App>, mut query: Query, staff: Staff) -> Result<Response, Error> {
    let (first, second) = (query.text("first", "1つめの予定"), query.text("second", "2つめの予定"));
    let mut form = Form::filled([("first", first.clone()), ("second", second.clone())]);
    let Some((one, other)) = chosen(&app, &mut form).await? else {
        let page = Frame::own(&app, DESK, &staff.0);
        let page = ChoosePage { page: page.ignoring(query.into_ignored()), form: &form };
        return if first.is_empty() && second.is_empty() { html(&page) } else { unfit(&page) };
    };
    let page = pair_page(&app, &staff, (one, other), &form).await?.ok_or(Error::NotFound)?;
    html(&PairPage { page: page.page.ignoring(query.into_ignored()), ..page })
}

/// The two entries that were typed, if both are there.
async fn chosen(app: &App, form: &mut Form) -> Result<Option<(Uuid, Uuid)>, Error> {
    let mut found = Vec::new();
    for name in ["first", "second"] {
        let id = typed(form.get(name));
        let entries = crate::calendar::find_all(&app.db, id.as_slice()).await?;
        match entries.first() {
            Some(entry) => found.push(entry.master_id.unwrap_or(entry.id)),
            None => form.fault(name, "予定のページのアドレスを写して入れてください。例: https://…/events/0198…"),
        }
    }
    match found[..] {
        [one, other] if one == other => {
            form.fault("second", "2つとも同じ予定です。別の予定のアドレスを入れてください。");
            Ok(None)
        }
        [one, other] => Ok(Some((one, other))),
        _ => Ok(None),
    }
}

async fn pair_page<'a>(
    app: &App,
    staff: &Staff,
    (one, other): (Uuid, Uuid),
    form: &'a Form,
) -> Result<Option<PairPage<'a>>, Error> {
    let city = app.city();
    let sides = union::sides(&app.db, &city, &[one, other], app.today()).await?;
    let Some((first, second)) = sides.get(&one).zip(sides.get(&other)) else { return Ok(None) };
    let known = candidate::find(&app.db, one, other).await?;
    let stands = known.as_ref().map_or(Stands::Open, Candidate::state);
    let compared = (stands, compare(app, one, other).await?);
    let Some(pair) = Compared::of(app, [first.clone(), second.clone()], compared).await? else { return Ok(None) };
    let unions = (union::of_entry(&app.db, one).await?, union::of_entry(&app.db, other).await?);
    let together = unions.0.zip(unions.1).filter(|(one, other)| one.id == other.id);
    Ok(Some(PairPage {
        page: Frame::own(app, DESK, &staff.0),
        decided: known.filter(|one| one.state() == Stands::Distinct).map(|one| (one.state(), one.decided_by)),
        union_url: together.map(|(union, _)| union::path(union.id)),
        overtaken: false,
        form,
        pair,
    }))
}

/// How alike two entries are today.
async fn compare(app: &App, one: Uuid, other: Uuid) -> Result<Likeness, Error> {
    let read = reading::read_two(&app.db, [one, other], app.today()).await?;
    let words = searching::vocabulary(&app.city());
    let mut folder = Folder::new(&words);
    let folded: Vec<_> = read.into_iter().map(|one| folder.fold(one.listed)).collect();
    let likeness = if let [one, other] = &folded[..] { compared(one, other) } else { None };
    let none = || Likeness {
        against: vec!["これから同じ日に行われることはありません。".to_owned()],
        ..Likeness::default()
    };
    Ok(likeness.unwrap_or_else(none))
}

/// `POST /staff/duplicates/pair`: one event or two.
pub async fn decide(State(app): State<App>, staff: Staff, mut form: Form) -> Result<Response, Error> {
    let Some((one, other)) = chosen(&app, &mut form).await? else {
        return unfit(&ChoosePage { page: Frame::own(&app, DESK, &staff.0), form: &form });
    };
    let (city, host, actor) = (app.city(), app.config.host(), staff.actor());
    let desk = Desk { city: &city, host: &host, now: app.clock.now(), today: app.today() };
    let merges =
        form.choice("do", "どちらにするか", |key| ["merge", "distinct"].contains(&key).then(|| key == "merge"));
    let Some(merges) = merges else { return again(&app, &staff, (one, other), &form).await };
    let seen = Stands::from_key(form.get("stands"));
    let transaction = db::begin(&app.db).await?;
    if !merges {
        let done = deciding::distinguish(&transaction, &desk, (one, other, seen), &actor).await?;
        return finish(&app, &staff, transaction, (one, other), (done, "distinct")).await;
    }
    let leads = |key: &str| [one, other].into_iter().find(|id| id.to_string() == key);
    let Some(lead) = form.choice("lead", "表示する予定", leads) else {
        return again(&app, &staff, (one, other), &form).await;
    };
    let second = if lead == one { other } else { one };
    match deciding::merge(&transaction, &desk, (lead, second, seen), &actor).await {
        Ok(union) => finish(&app, &staff, transaction, (one, other), (union.is_some(), "merged")).await,
        Err(MergeFault::Database(fault)) => Err(fault.into()),
        Err(fault) => {
            transaction.rollback().await?;
            form.fault("lead", fault.to_string());
            again(&app, &staff, (one, other), &form).await
        }
    }
}

/// The same page with what is wrong.
async fn again(app: &App, staff: &Staff, pair: (Uuid, Uuid), form: &Form) -> Result<Response, Error> {
    unfit(&pair_page(app, staff, pair, form).await?.ok_or(Error::NotFound)?)
}

/// Back to the desk, or the page as it is now where somebody else was faster.
async fn finish(
    app: &App,
    staff: &Staff,
    transaction: sea_orm::DatabaseTransaction,
    pair: (Uuid, Uuid),
    (done, word): (bool, &str),
) -> Result<Response, Error> {
    if done {
        transaction.commit().await?;
        return Ok(see(&format!("{DESK}?done={word}")));
    }
    transaction.rollback().await?;
    let form = Form::new();
    let page = pair_page(app, staff, pair, &form).await?.ok_or(Error::NotFound)?;
    let page = PairPage { overtaken: true, ..page };
    Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response())
}
