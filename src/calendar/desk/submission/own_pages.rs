//! The page of whoever asked, by personal link: where the submission stands, confirming it and taking it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::super::entry::{self, Status};
use super::super::super::family::Family;
use super::super::super::path as public_path;
use super::super::super::review::{self, Review, ReviewState};
use super::super::fields::{self, Vocabulary};
use super::super::form_page::Room;
use super::super::write::{self, Told};
use super::asking_pages;
use super::link::{self, Opened};
use super::{SUBMIT, letters, own_path};
use crate::app::App;
use crate::audit::{Actor, Channel};
use crate::db;
use crate::error::Error;
use crate::web::query::link as address;
use crate::web::{Form, Frame, Network, Query, html, see};

const DONE: [(&str, &str); 3] = [
    (
        "sent",
        "確認のメールを送りました。届いたメールのリンクを開き、「この内容で申し込む」を押すと、申込みが届きます。",
    ),
    ("received", "申込みを受け取りました。事務局が確かめて、結果をメールでお知らせします。"),
    ("withdrawn", "申込みを取り下げました。"),
];

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Unconfirmed,
    Decided(ReviewState),
}

impl Stage {
    fn of(review: Option<&Review>) -> Self {
        review.map_or(Self::Unconfirmed, |review| Self::Decided(review.state()))
    }

    fn label(self) -> &'static str {
        match self {
            Self::Unconfirmed => "メールの確認待ち",
            Self::Decided(ReviewState::Waiting) => "事務局で確認中",
            Self::Decided(ReviewState::Approved) => "予定表に掲載",
            Self::Decided(ReviewState::Refused) => "掲載の見送り",
            Self::Decided(ReviewState::Withdrawn) => "取り下げ",
        }
    }
}

#[derive(Template)]
#[template(path = "calendar/submission/state.html")]
struct StatePage<'a> {
    page: Frame,
    opened: &'a Opened,
    stage: Stage,
    facts: Vec<(&'static str, String)>,
    /// Why it was refused.
    note: String,
    /// The public page, while it is seen, and whether it says that the event is cancelled.
    public: Option<(String, bool)>,
    /// What makes the event as it was typed impossible meanwhile.
    faults: Vec<String>,
    phone: String,
}

impl StatePage<'_> {
    fn is(&self, key: &str) -> bool {
        matches!(self.stage, Stage::Decided(state) if state.key() == key)
    }

    fn report_url(&self) -> String {
        let page = self.public.as_ref().map(|(path, _)| path.as_str()).unwrap_or_default();
        address("/report", &[("page", page)])
    }
}

async fn opened(app: &App, token: &str) -> Result<Opened, Error> {
    link::open(&app.db, token).await?.ok_or(Error::LinkGone)
}

/// What was typed about the event, in words.
fn facts(form: &Form, vocabulary: &Vocabulary<'_>) -> Vec<(&'static str, String)> {
    let said = fields::FIELDS.iter().filter(|(name, _)| *name != "title");
    let said = said.map(|(name, label)| (*label, fields::said(form, name, vocabulary)));
    let all = std::iter::once(("主催", form.get("organiser").to_owned())).chain(said);
    all.filter(|(_, text)| !text.is_empty()).collect()
}

/// `GET /events/submissions/{token}`.
pub async fn state(State(app): State<App>, Path(token): Path<String>, mut query: Query) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let submission = &opened.submission;
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let mut form = submission.form();
    let facts = facts(&form, &vocabulary);
    let (review, entry) = match submission.entry_id {
        Some(id) => (review::find(&app.db, id).await?, entry::find_public(&app.db, id).await?),
        None => (None, None),
    };
    let stage = Stage::of(review.as_ref());
    if stage == Stage::Unconfirmed {
        asking_pages::read_event(&mut form, submission.id, &vocabulary);
    }
    let page = Frame::new(&app, SUBMIT).saying(&mut query, &DONE);
    html(&StatePage {
        page: page.ignoring(query.into_ignored()),
        public: entry.map(|entry| (public_path(entry.id), entry.status() == Status::Cancelled)),
        note: review.map(|review| review.note).unwrap_or_default(),
        faults: form.faults().iter().map(|(_, sentence)| sentence.clone()).collect(),
        phone: app.city().profile.office.phone.clone(),
        opened: &opened,
        facts,
        stage,
    })
}

/// Leads back from the address of an act to the page.
pub async fn back(Path(token): Path<String>) -> Response {
    Redirect::to(&own_path(&token)).into_response()
}

/// `GET …/again`: the form with what was typed, to ask once more.
pub async fn again(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    asking_pages::again(&app, &opened.submission, !opened.must_verify()).await
}

/// `POST …/verification`: the owner of the address hands it in; only the link of a letter can.
pub async fn verify(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if !opened.by_letter {
        return Err(Error::LinkGone);
    }
    let submission = &opened.submission;
    let room = Room::open(&app).await?;
    let vocabulary = room.vocabulary();
    let Some(draft) = asking_pages::read_event(&mut submission.form(), submission.id, &vocabulary) else {
        // The page says why: its day is over, or a hall is no longer there.
        return Ok(see(&opened.path()));
    };
    let actor = Actor::named(&submission.name);
    let transaction = db::begin(&app.db).await?;
    let named = (submission.id, submission.name.as_str());
    if !asking_pages::take(&transaction, &vocabulary, named, &draft, (&actor, Channel::Screen)).await? {
        return Ok(see(&opened.path()));
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=received", opened.path())))
}

/// `POST …/letter`: sends the letter that confirms it again.
pub async fn send_again(
    State(app): State<App>,
    Path(token): Path<String>,
    Network(network): Network,
) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    if opened.submission.is_confirmed() {
        return Ok(see(&opened.path()));
    }
    if !asking_pages::may_be_sent(&app, &opened.submission.mail, &network).await? {
        return Err(Error::TooMany);
    }
    let transaction = db::begin(&app.db).await?;
    letters::post_link(&transaction, &app, &opened.submission).await?;
    transaction.commit().await?;
    Ok(see(&format!("{}?done=sent", opened.path())))
}

/// `POST …/withdrawal`: takes back what the office has not decided about.
pub async fn withdraw(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Error> {
    let opened = opened(&app, &token).await?;
    let Some(id) = opened.submission.entry_id else { return Ok(see(&opened.path())) };
    let now = app.clock.now();
    let transaction = db::begin(&app.db).await?;
    Family::hold(&transaction, id).await?;
    if !review::withdraw(&transaction, id, &opened.submission.name, now).await? {
        return Ok(see(&opened.path()));
    }
    if let Some(family) = Family::find(&transaction, id).await? {
        let actor = Actor::named(&opened.submission.name);
        let told = Told { actor: &actor, channel: Channel::Screen, action: "予定の取り下げ", reason: "", now };
        let draft = family.draft(&family.master);
        write::state(&transaction, &told, (id, &draft), "確認待ち", "取り下げ").await?;
    }
    transaction.commit().await?;
    Ok(see(&format!("{}?done=withdrawn", opened.path())))
}
