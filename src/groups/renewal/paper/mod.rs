//! The round on paper: one sheet for each group to correct by hand, and labels for its envelope.

mod label;
mod sheet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use self::label::Label;
use self::sheet::Sheet;
use super::answer::Answer;
use super::asked::{self, Asked, Narrowed};
use super::link;
use super::round::{self, Round};
use crate::app::App;
use crate::audit::{self, Channel, Event};
use crate::city::Office;
use crate::db;
use crate::error::Error;
use crate::groups::record;
use crate::text::{day, postal};
use crate::web::{Form, Frame, Query, Staff, html, see, unfit};

/// Most sheets of one print.
const MOST: u64 = 5_000;

/// For which groups something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that cannot be reached by mail and have not answered.
    Paper,
    /// Those that have not answered.
    Open,
    /// All of the round.
    All,
}

impl Which {
    const ALL: [Self; 3] = [Self::Paper, Self::Open, Self::All];

    fn key(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Open => "open",
            Self::All => "all",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.key() == key)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Paper => "メールのない、未回答の団体",
            Self::Open => "未回答の団体すべて",
            Self::All => "すべての団体",
        }
    }

    fn narrowed(self) -> Narrowed {
        let answer = (self != Self::All).then_some(Answer::Open);
        Narrowed { answer, on_paper: self == Self::Paper }
    }
}

#[derive(Template)]
#[template(path = "groups/renewal/sheets_form.html")]
struct ChoicePage {
    page: Frame,
    form: Form,
    round: Round,
    choices: Vec<(Which, usize)>,
}

async fn choice_page(app: &App, staff: &Staff, round: Round, form: Form) -> Result<ChoicePage, Error> {
    let mut choices = Vec::new();
    for which in Which::ALL {
        choices.push((which, asked::count(&app.db, round.id, which.narrowed()).await?));
    }
    Ok(ChoicePage { page: Frame::own(app, &format!("{}/sheets", round.path()), &staff.0), form, round, choices })
}

/// `GET /staff/rounds/{id}/sheets`: for which groups sheets are printed.
pub(super) async fn choose_sheets(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    if !round.is_open() {
        return Ok(see(&round.path()));
    }
    let form = Form::filled([("which", Which::Paper.key().to_owned())]);
    html(&choice_page(&app, &staff, round, form).await?)
}

#[derive(Template)]
#[template(path = "groups/renewal/sheets.html")]
struct SheetsPage {
    page: Frame,
    round: Round,
    due: String,
    city: String,
    office: Office,
    postal: String,
    confirm_url: String,
    sheets: Vec<Sheet>,
}

/// `POST /staff/rounds/{id}/sheets`: makes new codes and shows the sheets, the only time that the codes are known.
pub(super) async fn sheets(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut form: Form,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    if !round.is_open() {
        return Ok(see(&round.path()));
    }
    let Some(which) = form.choice("which", "印刷する団体", Which::from_key) else {
        return unfit(&choice_page(&app, &staff, round, form).await?);
    };
    let found = asked::list(&app.db, id, which.narrowed(), (0, MOST)).await?;
    if found.is_empty() {
        form.fault("which", "あてはまる団体がありません。ほかを選んでください。");
        return unfit(&choice_page(&app, &staff, round, form).await?);
    }
    let sheets = write(&app, &staff, &round, &found).await?;
    let profile = &app.city().profile;
    html(&SheetsPage {
        page: Frame::own(&app, &format!("{}/sheets", round.path()), &staff.0),
        due: day::long(round.due_on),
        city: profile.name.clone(),
        office: profile.office.clone(),
        postal: postal::display(&profile.office.postal),
        confirm_url: confirm_url(&app),
        round,
        sheets,
    })
}

fn confirm_url(app: &App) -> String {
    format!("{}{}", app.config.base_url.trim_end_matches('/'), super::CONFIRM)
}

async fn write(app: &App, staff: &Staff, round: &Round, found: &[Asked]) -> Result<Vec<Sheet>, Error> {
    let ids: Vec<Uuid> = found.iter().map(|asked| asked.group_id).collect();
    let (actor, now, city) = (staff.actor(), app.clock.now(), app.city());
    let transaction = db::begin(&app.db).await?;
    let codes = link::make_codes(&transaction, round.id, &ids, now).await?;
    let mut sheets = Vec::with_capacity(found.len());
    for (ids, codes) in ids.chunks(500).zip(codes.chunks(500)) {
        let records = record::load(&transaction, ids).await?;
        let known = ids.iter().zip(codes).filter_map(|(id, code)| Some((records.get(id)?, code)));
        sheets.extend(known.map(|(draft, code)| Sheet::new(draft, &city, code, &confirm_url(app))));
    }
    let event = Event {
        actor: &actor,
        channel: Channel::Screen,
        action: "更新確認の用紙の印刷",
        noun: "round",
        noun_id: round.id.to_string(),
        group_id: None,
        title: &round.title,
        before: serde_json::json!(null),
        after: serde_json::json!({ "sheets": sheets.len() }),
        reason: "",
    };
    audit::record(&transaction, event, now).await?;
    transaction.commit().await?;
    Ok(sheets)
}

#[derive(Template)]
#[template(path = "groups/renewal/labels.html")]
struct LabelsPage {
    page: Frame,
    round: Round,
    which: Which,
    count: usize,
    pages: Vec<Vec<Label>>,
    without: Vec<String>,
}

/// `GET /staff/rounds/{id}/labels`: postal labels, twelve on a sheet of A4.
pub(super) async fn labels(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    mut query: Query,
) -> Result<Response, Error> {
    let round = round::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let which = query.choice("which", "印刷する団体", Which::from_key).unwrap_or(Which::Paper);
    let found = asked::list(&app.db, id, which.narrowed(), (0, MOST)).await?;
    let ids: Vec<Uuid> = found.iter().map(|asked| asked.group_id).collect();
    let (mut labels, mut without) = (Vec::new(), Vec::new());
    for ids in ids.chunks(500) {
        let records = record::load(&app.db, ids).await?;
        for draft in ids.iter().filter_map(|id| records.get(id)) {
            match Label::new(draft) {
                Some(label) => labels.push(label),
                None => without.push(draft.name.clone()),
            }
        }
    }
    let page = Frame::own(&app, &format!("{}/labels", round.path()), &staff.0).ignoring(query.into_ignored());
    let count = labels.len();
    let pages = labels.chunks(label::ON_A_SHEET).map(<[Label]>::to_vec).collect();
    html(&LabelsPage { page, round, which, count, pages, without })
}
